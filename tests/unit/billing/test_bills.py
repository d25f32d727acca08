"""What a held run shows of each customer, and what a document shows of usages."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.billing_items import an_item
from tests.factories.documents import a_document
from tests.factories.documents import an_item as a_document_row
from tests.factories.requests import facts

from contor.billing.items import End, Item
from contor.billing.proposal.usage_rows import row_of, with_amount, without_amount
from contor.billing.runs.bills import bills_of
from contor.billing.runs.outcome import Sum, TaxSum
from contor.billing.runs.stages import Gated
from contor.catalogue.pricing import Rated
from contor.catalogue.types import PriceTier, UsagePrice
from contor.documents.judge import IssuedDocument
from contor.documents.types import DocumentType, ItemExtra, Location, PriceCalculationBasis, Sides
from contor.usage.rate import RatedUsages
from contor.usage.types import Usage

D = Decimal


def an_issued(net: str = "100", customer: str = "c-1", document_type: DocumentType = DocumentType.INVOICE) -> IssuedDocument:
    document = a_document(items=(a_document_row(net),), customer_ident=customer, document_type=document_type)
    return IssuedDocument(1, document, facts(), None)


def of(*due: Item, errors: dict[int, str] | None = None, documents: Any = (), parked: Any = None, changed: Any = None) -> list[Any]:
    ends = {item.item_id: End(1, error=(errors or {}).get(item.item_id)) for item in due}
    out = frozenset({*(parked or {}), *(changed or {})})
    prints = {item.header.customer_ident: "print" for item in due}
    return list(bills_of(due, ends, documents, Gated([], [], [], parked or {}, changed or {}, out, fingerprints=prints)))


def test_what_was_billed_is_summed_by_customer() -> None:
    ours, again, theirs = an_item("60"), an_item("40"), an_item("5", header={"customer_ident": "c-0"})
    first, second = of(ours, again, theirs, documents=[an_issued("100"), an_issued("5", "c-0")])
    assert (first.customer_ident, second.customer_ident) == ("c-0", "c-1")
    assert (second.status, second.items, second.documents, second.fingerprint, second.reason) == ("BILLED", 2, 1, "print", None)
    assert second.sums == (Sum(currency="EUR", documents=1, net=D(100), tax=D(19), gross=D(119)),)
    assert second.taxes == (TaxSum(currency="EUR", category_code="S", rate=D(19), net=D(100), tax=D(19)),)
    (line,) = [one for one in second.lines if one.kind == "RECURRING"]
    assert (line.holder_ident, line.origin_ident, line.kind, line.total) == ("v-1", "fee", "RECURRING", D(100))


@pytest.mark.parametrize(
    ("document_type", "sign"),
    [
        (DocumentType.INVOICE, 1),
        (DocumentType.CREDIT_MEMO, -1),
        (DocumentType.SELF_BILLING_INVOICE, -1),
        (DocumentType.SELF_BILLING_INVOICE_CORRECTION, 1),
    ],
)
def test_what_is_taken_back_and_what_partners_earn_counts_negative(document_type: DocumentType, sign: int) -> None:
    (bill,) = of(an_item(), documents=[an_issued("100", document_type=document_type)])
    assert [(one.net, one.tax, one.gross) for one in bill.sums] == [(sign * D(100), sign * D(19), sign * D(119))]
    assert [(one.net, one.tax) for one in bill.taxes] == [(sign * D(100), sign * D(19))]


def test_who_is_parked_left_or_failed_is_said_with_the_reason() -> None:
    item = an_item()
    (failed,) = of(item, errors={item.item_id: "no address"})
    assert (failed.status, failed.reason, failed.fingerprint, len(failed.lines)) == ("FAILED", "no address", "print", 1)
    (parked,) = of(item, parked={"c-1": "too much"})
    assert (parked.status, parked.reason, parked.fingerprint, parked.lines) == ("PARKED", "too much", "", ())
    (changed,) = of(item, changed={"c-1": "another bill"})
    assert (changed.status, changed.reason, changed.fingerprint, changed.lines) == ("CHANGED", "another bill", "", ())
    alone, _ = of(item, parked={"c-0": "nothing known"})
    assert (alone.customer_ident, alone.items, alone.documents) == ("c-0", 0, 0)


# --- usages


USED = dt.date(2026, 1, 20)


def used(amount: str, quantity: str = "4", kind: Any = "TIER_SINGLE", prices: tuple[str, ...] = ("2.5",)) -> RatedUsages:
    usage = Usage(1, USED, D(quantity), dt.datetime(2026, 1, 20, tzinfo=dt.UTC), None, None)
    tiers = tuple(PriceTier(price=D(price)) for price in prices)
    price = UsagePrice(pricing_model="VOLUME_PRICE", price_tiers=tiers, tax_code="REDUCED")
    return RatedUsages(
        Rated(D(quantity), D(amount), PriceCalculationBasis(type=kind)), price, Location(country="AT"), (usage,), None
    )


@pytest.mark.parametrize(
    ("rated", "quantity", "price", "base", "total"),
    [
        (used("10"), "4", "2.5", None, "10"),
        (used("10.004"), "4", "2.5", None, "10.00"),
        (used("9"), "4", "9.00", "4", "9"),
        (used("10", kind="TIER_PROGRESSIVE"), "4", "10", "4", "10"),
        (used("50", "130", kind="BLOCK"), "130", "50", "130", "50"),
        (used("0.17", "1", kind="TIER_PROGRESSIVE"), "1", "0.17", None, "0.17"),
        (used("10", prices=("2.5", "2")), "4", "10", "4", "10"),
        (used("0", quantity="0"), "0", "0", None, "0"),
        (used("20", quantity="0", kind="BLOCK"), "1", "20", None, "20"),
        (used("4", quantity="120", kind="TIME_BASED_USAGE"), "120", "4", "120", "4"),
        (used("4", quantity="120.33333", kind="TIME_BASED_USAGE"), "1", "4", None, "4"),
    ],
)
def test_what_was_used_is_shown_at_a_price_whose_product_is_the_amount(
    rated: RatedUsages, quantity: str, price: str, base: str | None, total: str
) -> None:
    """PEPPOL-EN16931-R120: readers multiply, and divide by the base quantity (BT-149)."""
    row = row_of(an_item("0", row={"quantity_type": "KWH"}), rated, False, dt.date(2026, 1, 1), None)
    assert (row.quantity, row.unit_price, row.total) == (D(quantity), D(price), D(total))
    assert row.price_base == (D(base) if base else None)
    shown = "MINUTE" if rated.rated.basis.type == "TIME_BASED_USAGE" else "KWH"
    assert row.quantity_type == (shown if row.quantity == rated.rated.quantity else "PC")
    assert (row.tax_code, row.tax_location, row.performance_location) == (
        "REDUCED",
        Location(country="AT"),
        Location(country="DE"),
    )


@pytest.mark.parametrize(
    ("by_usage", "begin", "tax_date", "service"),
    [
        (False, "2026-01-01", "2026-01-31", ("2026-01-01", "2026-02-01")),
        (True, "2026-01-01", "2026-01-20", ("2026-01-20", "2026-01-21")),
        (False, "2025-12-01", "2026-01-20", ("2026-01-20", "2026-01-21")),
    ],
)
def test_late_usages_are_supplied_when_they_were_used(by_usage: bool, begin: str, tax_date: str, service: tuple[str, str]) -> None:
    row = row_of(an_item("0"), used("10"), by_usage, dt.date.fromisoformat(begin), None)
    assert row.tax_date == dt.date.fromisoformat(tax_date)
    assert (str(row.service_start), str(row.service_end)) == service


def test_usages_in_a_coarser_unit_show_what_rounding_took() -> None:
    row = row_of(an_item("0"), used("10.40", prices=("2.6",)), False, dt.date(2026, 1, 1), D(1))
    assert (row.total, row.extras) == (D(10), (ItemExtra(ident="rounding", name="Rounding", total=Sides(net=D("-0.40"))),))


def test_a_row_with_and_without_an_amount() -> None:
    row = an_item("7", row={"quantity_type": "KWH"}).row
    nothing, one = without_amount(row), with_amount(row, D(3))
    assert (nothing.quantity, nothing.unit_price, nothing.total) == (D(0), D(0), D(0))
    assert (one.quantity, one.quantity_type, one.unit_price, one.total) == (D(1), "PC", D(3), D(3))
