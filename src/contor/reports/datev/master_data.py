"""Debtors and creditors (category 16, format version 5): the personal accounts with who stands behind them."""

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Final

from contor.customers.account_holders import AccountHolder, account_holders
from contor.expenses.queries import SupplierRow, all_suppliers
from contor.kernel.places import EU_COUNTRIES
from contor.reports.datev.accounts import datev_account
from contor.reports.datev.format import MASTER_DATA, Fields, Header, header
from contor.reports.datev.frozen import Frozen
from contor.reports.datev.text import ENCODING, quoted
from contor.reports.datev.types import MASTER_VERSION, MOST_ROWS
from contor.reports.exports import ExportTask, FileWriter, Output
from contor.runtime.uow import Uow

_COMPANY, _PERSON = "2", "1"
"""Adressatentyp."""
_LENGTHS: Final = {
    "Name (Adressatentyp Unternehmen)": 50,
    "Name (Adressatentyp natürl. Person)": 30,
    "Vorname (Adressatentyp natürl. Person)": 30,
    "Name (Adressatentyp keine Angabe)": 50,
    "Kurzbezeichnung": 15,
    "EU-Land": 2,
    "EU-USt-IdNr.": 13,
    "Titel/Akad. Grad": 25,
    "Adressart": 3,
    "Straße": 36,
    "Postfach": 10,
    "Postleitzahl": 10,
    "Ort": 30,
    "Land": 2,
    "Adresszusatz": 36,
    "Telefon": 60,
    "E-Mail": 60,
    "IBAN 1": 34,
    "SWIFT-Code 1": 11,
    "Abw. Kontoinhaber 1": 70,
    "Kennz. Haupt-Bankverb. 1": 1,
    "Kundennummer": 15,
    "Steuernummer": 20,
    "Nummer Fremdsystem": 15,
}
"""Characters of the fields that are filled."""
_NUMBERS: Final = {label: MASTER_DATA.number(label) for label in (*_LENGTHS, "Konto", "Adressatentyp")}


def write_master_data(uow: Uow, task: ExportTask, frozen: Frozen, last: dt.date, out: Output) -> None:
    """Whoever has a personal account, as he is known when the files are made."""
    part, target, stack = 0, None, ExitStack()
    length = frozen.configuration.account_length
    with stack:
        for fields in _parties(uow, frozen, length):
            if target is None or target.rows == MOST_ROWS:
                stack.close()
                part += 1
                target = stack.enter_context(out.file(f"EXTF_DebitorenKreditoren_{part}.csv", "text/csv"))
                _begin(target, task, frozen, last)
            target.write(MASTER_DATA.line(fields).encode(ENCODING))
            target.rows += 1
            out.advance()


def _parties(uow: Uow, frozen: Frozen, length: int) -> Iterator[Fields]:
    """Customers with their accounts, then suppliers."""
    for holder in account_holders(uow, frozen.last_customer):
        for number, is_debtor in ((holder.debtor_account, True), (holder.creditor_account, False)):
            if number is not None:
                yield _fields(holder, datev_account(number, length), is_debtor=is_debtor)
    for supplier in all_suppliers(uow, frozen.last_supplier):
        yield _supplier_fields(supplier, datev_account(supplier.account, length))


def _begin(target: FileWriter, task: ExportTask, frozen: Frozen, last: dt.date) -> None:
    said = header(
        Header(
            category=16,
            name="Debitoren/Kreditoren",
            version=MASTER_VERSION,
            made_at=frozen.made_at,
            consultant=frozen.configuration.consultant_number,
            client=frozen.configuration.client_number,
            fiscal_year=frozen.fiscal_year(max(task.first_day, min(last, task.last_day))),
            account_length=frozen.configuration.account_length,
            first=None,
            last=None,
            title="Debitoren und Kreditoren",
            initials=frozen.configuration.initials or "",
            is_locked=None,
            currency=frozen.books.currency,
            chart=frozen.chart,
        )
    )
    target.write((said + MASTER_DATA.head()).encode(ENCODING))


def _fields(holder: AccountHolder, account: int, *, is_debtor: bool) -> Fields:
    person = not holder.company
    name = holder.company or " ".join(filter(None, (holder.first_name, holder.last_name))) or holder.customer_ident
    street = " ".join(filter(None, (holder.street, holder.street_no)))
    vat_country, vat_number = _vat_id(holder.vat_id)
    accounts = holder.bank_accounts or ()
    said: dict[str, str | None] = {
        "Name (Adressatentyp Unternehmen)": None if person and holder.last_name else name,
        "Name (Adressatentyp natürl. Person)": holder.last_name if person else None,
        "Vorname (Adressatentyp natürl. Person)": holder.first_name if person and holder.last_name else None,
        "Kurzbezeichnung": name,
        "EU-Land": vat_country,
        "EU-USt-IdNr.": vat_number,
        "Titel/Akad. Grad": holder.academic_title if person else None,
        "Adressart": "PF" if holder.post_office_box and not street else "STR" if street else None,
        "Straße": street,
        "Postfach": holder.post_office_box,
        "Postleitzahl": holder.zip,
        "Ort": holder.city,
        "Land": holder.country,
        "Adresszusatz": holder.address_addition,
        "Telefon": holder.phone,
        "E-Mail": holder.email,
        "IBAN 1": accounts[0].get("iban") if accounts else None,
        "SWIFT-Code 1": accounts[0].get("bic") if accounts else None,
        "Abw. Kontoinhaber 1": accounts[0].get("holder") if accounts else None,
        "Kennz. Haupt-Bankverb. 1": "1" if accounts else None,
        "Kundennummer": holder.customer_ident if is_debtor else None,
        "Steuernummer": holder.tax_number,
        "Nummer Fremdsystem": holder.customer_ident,
    }
    fields: Fields = {_NUMBERS[label]: quoted(value, _LENGTHS[label]) for label, value in said.items() if value}
    fields[_NUMBERS["Konto"]] = str(account)
    fields[_NUMBERS["Adressatentyp"]] = f'"{_PERSON if person and holder.last_name else _COMPANY}"'
    return fields


def _supplier_fields(supplier: SupplierRow, account: int) -> Fields:
    vat_country, vat_number = _vat_id(supplier.vat_id)
    said = {
        "Name (Adressatentyp Unternehmen)": supplier.name,
        "Kurzbezeichnung": supplier.name,
        "EU-Land": vat_country,
        "EU-USt-IdNr.": vat_number,
        "Nummer Fremdsystem": str(supplier.supplier_id),
    }
    fields: Fields = {_NUMBERS[label]: quoted(value, _LENGTHS[label]) for label, value in said.items() if value}
    return {**fields, _NUMBERS["Konto"]: str(account), _NUMBERS["Adressatentyp"]: f'"{_COMPANY}"'}


def _vat_id(vat_id: str | None) -> tuple[str | None, str | None]:
    """Country and number, as DATEV has them in two fields; Greece is EL there, Northern Ireland XI."""
    if not vat_id or len(vat_id) < 3 or (vat_id[:2] not in EU_COUNTRIES and vat_id[:2] not in ("EL", "XI")):
        return None, None
    return vat_id[:2], vat_id[2:]
