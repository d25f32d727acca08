"""How the tests write entries: one line per entry, `INVOICE: D 10001 119.00, C 8400 100.00, C 1776 19.00`; and what they share."""

import datetime as dt
from decimal import Decimal
from typing import Any

from tests.factories.documents import a_customer, a_document, an_item

from contor.bookkeeping.chart.chart import SKR03
from contor.bookkeeping.types import Accounts, Chart, Payment
from contor.documents.types import Address, Document
from contor.kernel.shapes import replace
from contor.openitems.rules import open_case
from contor.openitems.types import Case

DEBTOR, CREDITOR = 10001, 70001
DAY = dt.date(2026, 11, 30)


def accounts(chart: Chart = SKR03, **overrides: Any) -> Accounts:
    fields: dict[str, Any] = {"chart": chart, "party": "c-1", "debtor": DEBTOR, "creditor": CREDITOR}
    return Accounts(**fields | overrides)


def in_country(document: Document, country: str) -> Document:
    """Taxed in another country."""
    return replace(document, taxes=tuple(replace(group, country=country) for group in document.taxes))


def a_sale(category: str, rate: str = "0", country: str = "DE", vat_id: str | None = None, **overrides: Any) -> Document:
    item = an_item(rate=rate, category_code=category, category=overrides.pop("item_category", "SERVICE"))
    address = Address(street="Weg", street_no="1", zip="1000", city="Ort", country=country)
    return a_document(items=(item,), customer=a_customer(address=address, vat_id=vat_id), **overrides)


def case_of(document: Document, **options: Any) -> Case:
    case = open_case(document, **options)
    assert case is not None
    return case


def money(amount: str, ledger: str | None = None, **overrides: Any) -> Payment:
    return Payment(ident="p-1", booked_on=DAY, amount=Decimal(amount), ledger_amount=Decimal(ledger or amount), **overrides)
