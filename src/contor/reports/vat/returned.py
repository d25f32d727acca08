"""VAT: the lines of the advance return of a month, from the journal; and what was posted late for months before."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from contor.bookkeeping.reporting import TaxSum, account_names, tax_sums, tax_turns
from contor.bookkeeping.roles import OF_ALL_KINDS, Role
from contor.documents.reporting import outlines
from contor.kernel.money import ZERO, shown
from contor.reports.kinds import Heading, Month, report_kind
from contor.reports.vat.batches import batches
from contor.reports.vat.lines import LINES, NET_KEYS, TAX_ROLES, declared, is_uncollectable, line_of, payable, tax_declared
from contor.runtime.uow import Uow
from contor.settings.queries import home, tenant_settings

SELF_BILLED: Final = "SELF_BILLING"
"""How kinds of entries begin by which a partner supplies us."""
_CREDITED = frozenset({"REVENUE", "REDUCTIONS", "LOSSES", "OTHER_INCOME"})
"""Groups of the chart on whose accounts supplies without tax stand, and what reduces them."""


_OF_ALL_KINDS: Final = OF_ALL_KINDS | {Role.ALLOWANCE}
"""Accounts of which some lines are of supplies without tax."""


class Returned(NamedTuple):
    """A line of the return of a month, exact as the books have it. Of input tax `tax` is what is deducted."""

    period: str
    key: str
    base: Decimal
    tax: Decimal


def vat_accounts(uow: Uow) -> list[int]:
    """The numbers of the accounts of VAT."""
    return sorted(number for number, account in account_names(uow).items() if account.role in TAX_ROLES)


def net_accounts(uow: Uow) -> list[int]:
    """The numbers of the accounts on which supplies stand that are declared by their net."""
    return sorted(
        number
        for number, account in account_names(uow).items()
        if account.role in _OF_ALL_KINDS
        # those of taxed supplies alone are many lines for nothing: their base stands with their tax
        or (account.group in _CREDITED and not account.tax_keys.isdisjoint({None, *NET_KEYS}))
    )


def returned_in(uow: Uow, first: dt.date, last: dt.date, *, late: bool = False) -> list[Returned]:
    """The lines of the days; `late`: of what was posted on them for days before, month by month."""
    return uow.readings.once((returned_in, first, last, late), lambda: _returned_in(uow, first, last, late=late))


def _returned_in(uow: Uow, first: dt.date, last: dt.date, *, late: bool) -> list[Returned]:
    ours = _country(uow)
    roles = {number: account.role for number, account in account_names(uow).items()}
    found: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
    for it in (*_taxed(uow, first, last, late=late), *tax_sums(uow, net_accounts(uow), first, last, late=late)):
        role = roles.get(it.account)
        is_tax = role in TAX_ROLES
        key = line_of(role, it.tax_key, it.country, ours)
        if key is None:
            continue
        base, tax = (it.base or ZERO, it.amount) if is_tax else (it.amount, ZERO)
        if LINES[key].of == "INPUT":
            base, tax = -base, -tax
        _add(found, (it.period, key), base, tax)
        if is_uncollectable(it.kind, key):
            _add(found, (it.period, "50"), -base, ZERO)
    order = list(LINES)
    rows = [Returned(period, key, base, tax) for (period, key), (base, tax) in found.items()]
    return sorted(rows, key=lambda row: (row.period, order.index(row.key)))


def _add(found: dict[tuple[str, str], tuple[Decimal, Decimal]], key: tuple[str, str], base: Decimal, tax: Decimal) -> None:
    bases, taxes = found.get(key, (ZERO, ZERO))
    found[key] = bases + base, taxes + tax


def _country(uow: Uow) -> str:
    ours = home(uow)
    return "DE" if ours is None else ours.country


def _taxed(uow: Uow, first: dt.date, last: dt.date, *, late: bool) -> Iterator[TaxSum]:
    """The lines on accounts of VAT. Of what we owe as recipient of a partner's supply the country is that of the partner."""
    names = account_names(uow)
    owed = [number for number, account in names.items() if account.role is Role.TAX_REVERSE_CHARGE]
    yield from tax_sums(uow, [number for number in vat_accounts(uow) if number not in owed], first, last, late=late)
    for batch in batches(tax_turns(uow, owed, None, first, last, late=late)):
        partners = {it.document_id for it in batch if it.kind.startswith(SELF_BILLED) and it.document_id is not None}
        countries = {number: it.customer_country for number, it in outlines(uow, partners).items()}
        for it in batch:
            yield TaxSum(*it[1:])._replace(country=countries.get(it.document_id or 0, it.country))


@report_kind(
    "VAT",
    "Umsatzsteuer-Voranmeldung",
    "VAT return",
    [
        Heading("period", "TEXT", "Voranmeldungszeitraum", "Return of"),
        Heading("section", "TEXT", "Abschnitt", "Section"),
        Heading("key", "TEXT", "Kz", "Number"),
        Heading("tax_number", "TEXT", "Kz Steuer", "Number of the tax"),
        Heading("name", "TEXT", "Bezeichnung", "Name"),
        Heading("base", "AMOUNT", "Bemessungsgrundlage laut Büchern", "Base by the books"),
        Heading("declared", "COUNT", "Bemessungsgrundlage anzumelden", "Base to declare"),
        Heading("tax", "AMOUNT", "Steuer laut Büchern", "Tax by the books"),
        Heading("tax_declared", "AMOUNT", "Steuer anzumelden", "Tax to declare"),
    ],
)
def vat_rows(uow: Uow, month: Month) -> Iterator[tuple[object, ...]]:
    """All lines of the form, also those of nothing; behind them number 83; and what was posted in the month for months before, whose
    returns are to be corrected."""
    ledger = tenant_settings(uow).ledger_currency
    found = {row.key: row for row in returned_in(uow, month.first, month.last)}
    taxes: dict[str, Decimal] = {}
    for key in LINES:
        row = found.get(key, Returned(month.period, key, ZERO, ZERO))
        taxes[key] = tax_declared(LINES[key], row.base, row.tax)
        yield _row(month, month.said(("Voranmeldung", "Return")), row, taxes[key], ledger)
    said = month.said(("Verbleibende Vorauszahlung", "Payable"))
    owed = shown(payable({row.key: row.tax for row in found.values()}), ledger)
    section = month.said(("Voranmeldung", "Return"))
    yield month.period, section, "83", "", said, None, None, owed, shown(payable(taxes), ledger)
    for row in returned_in(uow, month.first, month.last, late=True):
        section = month.said(("Nachtrag zu früherem Zeitraum", "Late, for an earlier return"))
        yield _row(month, section, row, row.tax, ledger)


def _row(month: Month, section: str, row: Returned, tax: Decimal, ledger: str) -> tuple[object, ...]:
    line = LINES[row.key]
    has_tax = line.of in ("OUTPUT", "INPUT") or row.tax != ZERO
    return (
        row.period,
        section,
        row.key,
        line.tax_key,
        month.said((line.de, line.en)),
        shown(row.base, ledger),
        int(declared(row.base)),
        shown(row.tax, ledger) if has_tax else None,
        shown(tax, ledger) if has_tax else None,
    )
