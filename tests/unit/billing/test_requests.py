"""What the billing engine asks for: one document of its rows, as any caller would ask for it."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.billing_items import a_reduction, an_item, days_on, taxed

from contor.billing.items import Item
from contor.billing.papers.requests import paper_of
from contor.billing.papers.types import TaxedItem
from contor.documents.types import (
    PAID_BEFORE,
    CashDiscount,
    DocumentRequest,
    DocumentType,
    ItemExtra,
    PaymentCollection,
    PaymentInformation,
    PaymentTerm,
    PostTaxItem,
    Property,
    Sides,
    Tax,
)

D = Decimal
TODAY, OPEN = dt.date(2026, 2, 10), dt.date(2026, 1, 1)
DAYS = days_on(TODAY)


def asked(*items: Item, paying: tuple[Item, ...] = (), first_open: dt.date = OPEN) -> DocumentRequest:
    rows: list[TaxedItem] = [taxed(item) for item in items]
    return paper_of(rows, [taxed(item) for item in paying], DAYS, first_open).request


@pytest.mark.parametrize(
    ("header", "field", "value"),
    [
        ({}, "payment_collection", PaymentCollection()),
        ({"collect": True}, "payment_collection", PaymentCollection(collect=True)),
        ({}, "payment_information", PaymentInformation()),
        ({"payment_type": "SEPA_DIRECT_DEBIT"}, "payment_information", PaymentInformation(payment_type="SEPA_DIRECT_DEBIT")),
        ({"payment_reference": "ref"}, "payment_information", PaymentInformation(payment_reference="ref")),
        (
            {"payment_type": "SEPA_DIRECT_DEBIT", "payment_reference": "ref", "customer_payment_account_ident": "acc"},
            "payment_information",
            PaymentInformation(payment_type="SEPA_DIRECT_DEBIT", payment_reference="ref", customer_payment_account_ident="acc"),
        ),
        ({}, "payment_term", None),
        ({"payment_term": PaymentTerm(period_in_days=0)}, "payment_term", PaymentTerm(period_in_days=0)),
        (
            {"payment_term": PaymentTerm(period_in_days=30, cash_discount=(CashDiscount(days=10, percentage=Decimal(2)),))},
            "payment_term",
            PaymentTerm(period_in_days=30, cash_discount=(CashDiscount(days=10, percentage=Decimal(2)),)),
        ),
        ({"currency": "CHF"}, "currency", "CHF"),
        ({"language": "de"}, "language", "de"),
        ({"operating_site_ident": "elbe"}, "operating_site_ident", "elbe"),
    ],
)
def test_the_header_says_how_it_is_paid(header: dict[str, Any], field: str, value: object) -> None:
    assert getattr(asked(an_item(header=header)), field) == value


@pytest.mark.parametrize(("first_open", "date"), [(OPEN, TODAY), (dt.date(2026, 2, 11), dt.date(2026, 2, 11))])
def test_the_date_is_that_of_the_run(first_open: dt.date, date: dt.date) -> None:
    late = an_item(processing_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert asked(late, first_open=first_open).document_date == date


def test_a_row_says_what_was_agreed() -> None:
    extras = (ItemExtra(ident="d", name="Discount", total=Sides(net=D(-2))),)
    row = {
        "quantity": D(4),
        "unit_price": D("2.50"),
        "extras": extras,
        "article_number": "A-1",
        "item_group": "g",
        "description": "of May",
    }
    (item,) = asked(an_item("8", row=row)).items
    assert (item.quantity, item.prices.unit.net, item.prices.original_total.net, item.prices.total.net) == (4, D("2.5"), 10, 8)
    assert (item.article_number, item.item_group, item.description, item.extras) == ("A-1", "g", "of May", extras)
    assert item.tax_detail.taxes == (Tax(rate=D(19), category_code="S"),)
    own = (Tax(rate=D(7), category_code="S"),)
    assert asked(an_item(row={"taxes": own})).items[0].tax_detail.taxes == own


@pytest.mark.parametrize("basis", ["NET", "GROSS"])
def test_a_row_is_agreed_on_one_side(basis: str) -> None:
    extra = ItemExtra(ident="d", name="Discount", total=Sides(net=D(-2)) if basis == "NET" else Sides(gross=D(-2)))
    (item,) = asked(an_item("8", row={"basis": basis, "extras": (extra,)})).items
    agreed, other = ("net", "gross") if basis == "NET" else ("gross", "net")
    assert getattr(item.prices.original_total, agreed) == D(10)
    assert [getattr(sides, other) for sides in (item.prices.unit, item.prices.original_total, item.prices.total)] == [None] * 3
    assert item.tax_detail.calculation_basis == basis


def test_what_reduces_is_a_credit_and_on_a_credit_memo_a_debit() -> None:
    bought, reduction = an_item("10"), a_reduction("4")
    assert [row.debit_credit_indicator for row in asked(bought, reduction).items] == ["DEBIT", "CREDIT"]
    credit = an_item("10", type="CREDIT", kind="CREDIT", business_case="CANCELLATION", credited_document="R-1")
    again = an_item("2", type="DEBIT", kind="CREDIT", business_case="CANCELLATION", credited_document="R-1")
    request = asked(credit, again)
    assert [row.debit_credit_indicator for row in request.items] == ["DEBIT", "CREDIT"]
    assert request.related_document_ident == "R-1"


def test_what_pays_stands_behind_the_sums() -> None:
    voucher = an_item("5", row={"pays": True, "name": "Voucher"})
    other = PostTaxItem(ident="own", name="Grant", amount=D(-3))
    rows = [taxed(an_item("100", row={"post_tax": (other,)}))]
    paper = paper_of(rows, [taxed(voucher)], DAYS, OPEN)
    assert paper.request.post_tax_items == (PostTaxItem(ident=f"i-{voucher.item_id}", name="Voucher", amount=D(-5)), other)
    assert [item.item_id for item in paper.items] == [rows[0].item.item_id, voucher.item_id]
    credit = an_item("10", type="CREDIT", kind="CREDIT", business_case="CANCELLATION", credited_document="R-1")
    taken_back = paper_of([taxed(credit)], [taxed(voucher)], DAYS, OPEN)
    assert taken_back.request.post_tax_items == ()  # a credit memo is not paid
    assert (taken_back.document_type, len(taken_back.items)) == (DocumentType.CREDIT_MEMO, 1)


ORDERED = {"of_order": True, "contract_ident": "o-1", "ordered_on": dt.date(2026, 1, 5)}
OTHER = {"contract_ident": "v-2"}
OWN = (Property(key="contractReference", value="FM-7"), Property(key="purchaseOrderReference", value="PO-9"))


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([{}], {"contractReference": "v-1"}),
        ([{}, {}], {"contractReference": "v-1"}),
        ([{}, OTHER], {}),
        ([ORDERED], {"salesOrderReference": "o-1"}),
        ([{"header": {"references": OWN}}], {"contractReference": "FM-7", "purchaseOrderReference": "PO-9"}),
        ([{"header": {"references": (PAID_BEFORE,)}, **ORDERED}], {"paymentStatus": "PAID", "salesOrderReference": "o-1"}),
    ],
)
def test_a_document_names_the_contract_or_order_that_it_bills(items: list[dict[str, Any]], said: dict[str, str]) -> None:
    made = asked(*[an_item(**item) for item in items])
    assert {entry.key: entry.value for entry in made.properties} == said
    assert made.order_date == (dt.date(2026, 1, 5) if items[0].get("of_order") else None)


def test_the_rows_of_a_document_of_several_contracts_name_theirs() -> None:
    made = asked(an_item(), an_item(row={"description": "All of it"}, **OTHER))
    assert [row.description for row in made.items] == ["Contract v-1", "Contract v-2\nAll of it"]
    german = asked(
        an_item(header={"language": "de"}, **ORDERED), an_item(header={"language": "de"}, of_order=True, contract_ident="o-2")
    )
    assert [row.description for row in german.items] == ["Auftrag o-1", "Auftrag o-2"]
    assert german.order_date is None
