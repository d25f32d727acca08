"""Frozen documents built by hand, for tests of what is made from them: picture, e-invoice, entries.

`a_document()` is a complete German B2B invoice; whatever a test is about, it overrides. Tax groups and totals are computed
from the items that are given (NET or GROSS basis by `contor.kernel.money`), unless they are overridden too.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from contor.documents.types import (
    Address,
    AmountSides,
    BankAccount,
    Contact,
    Document,
    DocumentItem,
    DocumentType,
    ElectronicAddress,
    Party,
    Period,
    Tax,
    TaxGroup,
    Totals,
    UnitPriceSides,
)
from contor.kernel.money import HUNDRED, ZERO, round_amount, tax_in_gross


def a_seller(**overrides: Any) -> Party:
    fields: dict[str, Any] = {
        "ident": "site-1",
        "name": "Hanseatische Musterwerke GmbH",
        "address": Address(street="Speicherstraße", street_no="12a", zip="20457", city="Hamburg"),
        "vat_id": "DE136695976",
        "tax_number": "22/815/08154",
        "register_number": "HRB 123456",
        "register_court": "Amtsgericht Hamburg",
        "managing_directors": ("Dr. Anja Petersen", "Jörg Weiß"),
        "contact": Contact(name="Buchhaltung", phone="+49 40 1234567", email="rechnung@musterwerke.example"),
        "electronic_address": ElectronicAddress(scheme="EM", identifier="rechnung@musterwerke.example"),
        "bank_accounts": (BankAccount(iban="DE89370400440532013000", bic="COBADEFFXXX", bank_name="Commerzbank Köln"),),
    }
    return Party(**fields | overrides)


def a_customer(**overrides: Any) -> Party:
    fields: dict[str, Any] = {
        "ident": "c-1",
        "name": "Käsehaus Süd GmbH & Co. KG",
        "person": "Frau Özlem Yıldız",
        "address": Address(street="Lindwurmstraße", street_no="95", zip="80337", city="München"),
        "vat_id": "DE811907980",
        "electronic_address": ElectronicAddress(scheme="EM", identifier="einkauf@kaesehaus.example"),
        "customer_type": "B2B",
    }
    return Party(**fields | overrides)


def an_item(
    net: str | Decimal = "100.00",
    rate: str | Decimal = "19",
    position: int = 1,
    quantity: str | Decimal = "1",
    category_code: str = "S",
    **overrides: Any,
) -> DocumentItem:
    """A row on NET basis with the total `net`; negative amounts make it a credit row with a positive price."""
    total, percent, count = Decimal(net), Decimal(rate), Decimal(quantity)
    tax = round_amount(total * percent / HUNDRED, "EUR")
    sides = AmountSides(net=total, tax=tax, gross=total + tax)
    return _item(position, count, sides, percent, category_code, "NET", overrides)


def a_gross_item(gross: str = "119.00", rate: str = "19", position: int = 1, quantity: str = "1", **overrides: Any) -> DocumentItem:
    """A row on GROSS basis, as private customers get it."""
    tax = tax_in_gross(Decimal(gross), Decimal(rate), "EUR")
    sides = AmountSides(net=Decimal(gross) - tax, tax=tax, gross=Decimal(gross))
    return _item(position, Decimal(quantity), sides, Decimal(rate), "S", "GROSS", overrides)


def _item(
    position: int, quantity: Decimal, sides: AmountSides, rate: Decimal, category_code: str, basis: str, overrides: dict[str, Any]
) -> DocumentItem:
    count = quantity or Decimal(1)
    fields: dict[str, Any] = {
        "position": position,
        "ident": f"i-{position}",
        "category": "SERVICE",
        "name": f"Hosting Paket {position}",
        "quantity": quantity,
        "quantity_type": "PC",
        "unit_code": "H87",
        "unit": UnitPriceSides(net=_each(sides.net, count), gross=_each(sides.gross, count)),
        "original_total": sides,
        "total": sides,
        "taxes": (Tax(rate=rate, category_code=category_code),),
        "basis": basis,
        "is_credit": sides.net < ZERO,
        "service_period": Period(start=dt.date(2026, 10, 1), end=dt.date(2026, 10, 31)),
    }
    return DocumentItem(**fields | overrides)


def _each(total: Decimal, count: Decimal) -> Decimal:
    """The unit price, with the ten decimals that the database keeps."""
    return (abs(total) / count).quantize(Decimal("1e-10"))


def groups_of(items: tuple[DocumentItem, ...]) -> tuple[TaxGroup, ...]:
    """One group per (category, rate), computed on the basis of its rows (accounting reference 1.2 and 1.3)."""
    rows: dict[tuple[str, Decimal], list[DocumentItem]] = {}
    for item in items:
        rows.setdefault((item.category_code, item.rate), []).append(item)
    groups = []
    for (category, rate), same in rows.items():
        if same[0].basis == "GROSS":
            gross = sum((item.total.gross for item in same), ZERO)
            amount = tax_in_gross(gross, rate, "EUR")
            base = gross - amount
        else:
            base = sum((item.total.net for item in same), ZERO)
            amount = round_amount(base * rate / HUNDRED, "EUR")
        groups.append(
            TaxGroup(category_code=category, rate=rate, basis=same[0].basis, base=base, amount=amount, gross=base + amount)
        )
    return tuple(groups)


def totals_of(items: tuple[DocumentItem, ...], prepaid: str | Decimal = "0", rounding: str | Decimal = "0") -> Totals:
    groups = groups_of(items)
    net = sum((group.base for group in groups), ZERO)
    tax = sum((group.amount for group in groups), ZERO)
    paid, rounded = Decimal(prepaid), Decimal(rounding)
    return Totals(
        lines=net,
        allowances=ZERO,
        charges=ZERO,
        net=net,
        tax=tax,
        gross=net + tax,
        prepaid=paid,
        rounding=rounded,
        payable=net + tax - paid + rounded,
    )


def a_document(**overrides: Any) -> Document:
    """An issued invoice of one row, 100.00 net and 19 % VAT, LIVE, in German, due in 14 days."""
    items = overrides.get("items", (an_item(),))
    fields: dict[str, Any] = {
        "ident": "RE-2026-000123",
        "document_type": DocumentType.INVOICE,
        "request_id": "r-1",
        "environment": "LIVE",
        "billing_group_ident": "external",
        "currency": "EUR",
        "language": "de",
        "document_date": dt.date(2026, 11, 20),
        "due_date": dt.date(2026, 12, 4),
        "tax_date": dt.date(2026, 10, 31),
        "created_at": dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC),
        "seller": a_seller(),
        "customer": a_customer(),
        "operating_site_ident": "site-1",
        "customer_ident": "c-1",
        "items": items,
        "taxes": groups_of(items),
        "totals": totals_of(items),
    }
    return Document(**fields | overrides)
