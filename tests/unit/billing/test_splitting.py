"""From items to documents: what stands together, what waits, what is deducted (platform API 2.2 and 4.1; accounting reference 9)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.billing_items import a_reduction, an_item, days_on, taxed

from contor.billing.items import CREDITS, Item, ReceivedDeposit
from contor.billing.papers import Paper, Switches, split
from contor.billing.papers.deductions import affordable, gross
from contor.billing.papers.splitting import MOST_ROWS
from contor.billing.papers.types import TaxedItem
from contor.documents.types import DocumentType, Location, PaymentTerm, PostTaxItem, Tax

D = Decimal
DAY, OPEN = dt.date(2026, 2, 10), dt.date(2026, 1, 1)
AUSTRIA = Location(country="AT")


def papers(*items: Item | TaxedItem, deposits: Any = None, **switches: Any) -> tuple[list[Paper], frozenset[int]]:
    rows = [one if isinstance(one, TaxedItem) else taxed(one) for one in items]
    return split(rows, {"group": Switches(**switches)}, days_on(DAY), OPEN, deposits or {})


def idents(found: list[Paper]) -> list[list[int]]:
    return [[item.item_id for item in paper.items] for paper in found]


@pytest.mark.parametrize(
    ("other", "is_apart"),
    [
        ({}, False),
        ({"origin_ident": "other", "contract_id": 2, "contract_ident": "v-2", "segment_ident": "s-2"}, False),
        ({"header": {"customer_ident": "c-2"}}, True),
        ({"header": {"invoice_address_ident": "branch"}}, True),
        ({"header": {"currency": "CHF"}}, True),
        ({"header": {"payment_term": PaymentTerm(period_in_days=30)}}, True),
        ({"row": {"tax_location": AUSTRIA}}, True),
        ({"row": {"tax_scheme": "OSS"}}, True),
        ({"row": {"basis": "GROSS"}}, True),
        ({"row": {"performance_location": AUSTRIA}}, False),
        ({"business_case": "SELF_BILLED"}, True),
        ({"business_case": "DEPOSIT", "kind": "DEPOSIT"}, True),
        ({"credited_document": "R-1", "type": "CREDIT"}, True),
    ],
)
def test_what_a_document_says_once_is_the_same_for_all_its_rows(other: dict[str, Any], is_apart: bool) -> None:
    found, waiting = papers(an_item(), an_item(**other))
    assert (len(found) == 2, waiting) == (is_apart, frozenset())


def test_what_is_not_taxable_stands_beside_no_other_category() -> None:
    """BR-O-11 to BR-O-14 of EN 16931."""
    assert len(papers(an_item(), taxed(an_item(), "0", "O"))[0]) == 2
    assert len(papers(an_item(), taxed(an_item(), "7"))[0]) == 1


@pytest.mark.parametrize(
    ("switch", "other"),
    [
        ("business_case", {"business_case": "CORRECTION_CREATION"}),
        ("business_segment", {"segment_ident": "s-2"}),
        ("contract", {"contract_id": 2, "contract_ident": "v-2"}),
        ("performance_location", {"row": {"performance_location": Location(country="DE", city="Kiel")}}),
        ("service_billing_period", {"period_start": dt.date(2025, 12, 1)}),
    ],
)
def test_a_switch_splits_by_what_it_names(switch: str, other: dict[str, Any]) -> None:
    for is_on in (False, True):
        assert len(papers(an_item(), an_item(**other), **{switch: is_on})[0]) == 1 + is_on


def test_rows_stand_by_contract_option_period_and_an_allowance_behind_its_option() -> None:
    late = an_item(period_start=dt.date(2026, 2, 1), row={"option_order": 0})
    second = an_item(row={"option_order": 1})
    reduced = an_item("2", type="CREDIT", origin_type="ALLOWANCE", kind="ALLOWANCE", origin_ident="a")
    first = an_item()
    other = an_item(contract_id=2, contract_ident="v-2")
    taken_back = an_item("1", type="CREDIT", kind="CREDIT", sequence=CREDITS * 0 + 1)
    (paper,), _ = papers(other, taken_back, second, late, reduced, first)
    assert list(paper.items) == [first, taken_back, reduced, late, second, other]


def test_of_what_was_not_supplied_or_comes_to_what_was_billed_nothing_is_issued() -> None:
    nothing, unused = an_item("0"), an_item("0", row={"quantity": D(0)})
    assert papers(nothing) == ([], frozenset())
    assert papers(unused, issue_zero=True) == ([], frozenset())
    assert idents(papers(nothing, unused, issue_zero=True)[0]) == [[nothing.item_id, unused.item_id]]
    again = an_item("0", kind="USAGE_CORRECTION")
    assert papers(again, issue_zero=True) == ([], frozenset())
    owed = an_item("5")
    assert idents(papers(owed, nothing, an_item("0", kind="USAGE_CORRECTION"))[0]) == [[nothing.item_id, owed.item_id]]


def test_a_payment_waits_for_an_invoice_that_is_large_enough() -> None:
    """19 % on 10.00: 11.90 are payable."""
    bought = an_item("10")
    small, large = (an_item(total, row={"pays": True, "option_order": 1}) for total in ("11.90", "11.91"))
    (paper,), waiting = papers(bought, small)
    assert (waiting, paper.items) == (frozenset(), (bought, small))
    assert paper.request.post_tax_items == (PostTaxItem(ident=f"i-{small.item_id}", name="Fee", amount=D("-11.90")),)
    (paper,), waiting = papers(bought, large)
    assert (waiting, paper.items, paper.request.post_tax_items) == ({large.item_id}, (bought,), ())
    assert papers(small) == ([], {small.item_id})
    assert papers(an_item("0"), small, issue_zero=True)[1] == {small.item_id}


def test_payments_are_taken_in_their_order_as_long_as_the_rows_are_enough() -> None:
    rows = [taxed(an_item("100"))]
    paying = [taxed(an_item(total, row={"pays": True})) for total in ("100", "20", "19")]
    assert affordable(rows, paying) == [paying[0], paying[2]]
    assert affordable(rows, []) == []
    entry = PostTaxItem(ident="x", name="Voucher", amount=D(-19))
    paid = [taxed(an_item("100", row={"post_tax": (entry,)}))]
    assert affordable(paid, paying) == [paying[0]]


def test_gross_is_rounded_once_for_each_rate() -> None:
    """Three times 0.03 at 19 %: 0.09 + 0.0171, not three times 0.04."""
    rows = [taxed(an_item("0.03")) for _ in range(3)]
    assert gross(rows) == D("0.11")
    assert gross([*rows, taxed(an_item("0.03"), "7")]) == D("0.11") + D("0.03")
    assert gross([taxed(an_item("1.19", row={"basis": "GROSS"}))]) == D("1.19")
    assert gross([taxed(an_item("10")), taxed(a_reduction("4"))]) == D("7.14")


@pytest.mark.parametrize(
    ("bought", "reduced", "document_type", "nets"),
    [
        ("10", ("8",), DocumentType.INVOICE, [("DEBIT", D(10)), ("CREDIT", D(8))]),
        ("10", ("8", "5"), DocumentType.CREDIT_MEMO, [("CREDIT", D(10)), ("DEBIT", D(8)), ("DEBIT", D(5))]),
        (None, ("4",), DocumentType.CREDIT_MEMO, [("DEBIT", D(4))]),
        ("4", ("4",), DocumentType.INVOICE, [("DEBIT", D(4)), ("CREDIT", D(4))]),
    ],
)
def test_less_than_nothing_is_a_credit_memo(
    bought: str | None, reduced: tuple[str, ...], document_type: DocumentType, nets: list[tuple[str, D]]
) -> None:
    """Whatever reduces is issued at once; a memo shows what is given back as positive."""
    items = [*([an_item(bought)] if bought else []), *[a_reduction(total) for total in reduced]]
    (paper,), waiting = papers(*items)
    assert (paper.document_type, waiting, paper.request.related_document_ident) == (document_type, frozenset(), None)
    assert [(row.debit_credit_indicator, row.prices.total.net) for row in paper.request.items] == nets


def test_a_discount_of_an_order_waits_for_what_it_reduces() -> None:
    line = an_item("10", contract_ident="o-1", of_order=True, origin_type="LINE_ITEM", kind="LINE_ITEM")
    own, other = (
        an_item("14", contract_ident=holder, of_order=True, origin_type="ALLOWANCE", kind="ALLOWANCE", type="CREDIT")
        for holder in ("o-1", "o-2")
    )
    (paper,), waiting = papers(line, own, other)
    assert (paper.items, waiting) == ((line, own), {other.item_id})
    assert papers(other) == ([], {other.item_id})


def test_what_is_payable_decides_not_the_net() -> None:
    """10.00 at 7 % less 10.00 at 19 %: the net is nothing, 1.20 are owed to the customer."""
    (paper,), _ = papers(taxed(an_item("10"), "7"), taxed(a_reduction("10")))
    assert paper.document_type is DocumentType.CREDIT_MEMO


def test_what_takes_back_is_not_held_up() -> None:
    """A credit memo takes back what was billed: less than nothing is what it says, with positive amounts."""
    credit = an_item("10", type="CREDIT", kind="CREDIT", business_case="CANCELLATION", credited_document="R-1")
    (paper,), waiting = papers(credit)
    assert (paper.document_type, waiting) == (DocumentType.CREDIT_MEMO, frozenset())
    assert paper.request.related_document_ident == "R-1"
    assert [row.debit_credit_indicator for row in paper.request.items] == ["DEBIT"]


@pytest.mark.parametrize(
    ("case", "kind", "document_type", "taken_back"),
    [
        ("PURCHASE", "RECURRING", DocumentType.INVOICE, DocumentType.CREDIT_MEMO),
        ("DEPOSIT", "DEPOSIT", DocumentType.DEPOSIT_INVOICE, DocumentType.DEPOSIT_INVOICE_CORRECTION),
        ("SELF_BILLED", "COMMISSION", DocumentType.SELF_BILLING_INVOICE, DocumentType.SELF_BILLING_INVOICE_CORRECTION),
    ],
)
def test_the_family_of_its_items_decides_the_type(
    case: Any, kind: Any, document_type: DocumentType, taken_back: DocumentType
) -> None:
    assert [one.document_type for one in papers(an_item(business_case=case, kind=kind))[0]] == [document_type]
    credit = an_item(business_case=case, kind=kind, type="CREDIT", credited_document="R-1")
    assert [one.document_type for one in papers(credit)[0]] == [taken_back]
    more = an_item("10", business_case=case, kind=kind, credited_document="R-1")
    assert [one.document_type for one in papers(more)[0]] == [document_type]
    of_nothing = an_item("0", business_case=case, kind=kind, credited_document="R-1")
    assert [one.document_type for one in papers(of_nothing, issue_zero=True)[0]] == [taken_back]


SITES = frozenset({"site"})
DEPOSITS = {"o-1": (ReceivedDeposit("A-1", D("5"), SITES), ReceivedDeposit("A-2", D("6.90"), SITES))}


@pytest.mark.parametrize(("total", "deducted"), [("10", ("A-1", "A-2")), ("9.99", ())])
def test_the_first_invoice_that_is_large_enough_deducts_the_deposits_of_its_order(total: str, deducted: tuple[str, ...]) -> None:
    """11.90 were received."""
    header = {"deposits_of": "o-1"}
    found, _ = papers(an_item(total, header=header), deposits=DEPOSITS)
    assert [one.request.related_document_idents for one in found] == [deducted]
    twice, _ = papers(*[an_item("10", header=header, contract_ident=c) for c in ("v-1", "v-2")], deposits=DEPOSITS, contract=True)
    assert [one.request.related_document_idents for one in twice] == [("A-1", "A-2"), ()]
    assert list(DEPOSITS) == ["o-1"]
    row = {"pays": True, "option_order": 1}
    paid, _ = papers(an_item(total, header=header), an_item("0.01", header=header, row=row), deposits=DEPOSITS)
    assert [one.request.related_document_idents for one in paid] == [()]  # a payment leaves less to deduct from
    other, _ = papers(an_item("10", header={"deposits_of": "o-2"}), an_item("10"), deposits=DEPOSITS)
    assert {one.request.related_document_idents for one in other} == {()}


@pytest.mark.parametrize(
    ("open_day", "date"), [("2026-01-01", "2026-02-10"), ("2026-02-10", "2026-02-10"), ("2026-02-12", "2026-02-12")]
)
@pytest.mark.parametrize(
    ("start", "end"), [("2025-01-01", "2025-02-01"), ("2026-02-01", "2026-03-01"), ("2026-03-01", "2026-04-01")]
)
@pytest.mark.parametrize("due", ["2025-02-01", "2026-02-10"])
def test_a_document_is_of_the_day_on_which_it_is_made(start: str, end: str, due: str, open_day: str, date: str) -> None:
    """Whatever period it bills and however late; in a closed period of the books of the first open day (amendment h)."""
    item = an_item(
        period_start=dt.date.fromisoformat(start),
        period_end=dt.date.fromisoformat(end),
        processing_at=dt.datetime.fromisoformat(f"{due}T00:00:00+00:00"),
    )
    (paper,), _ = split([taxed(item)], {"group": Switches()}, days_on(DAY), dt.date.fromisoformat(open_day))
    assert paper.request.document_date == dt.date.fromisoformat(date)


def test_a_row_says_its_price_its_period_and_its_tax() -> None:
    item = an_item("20", row={"quantity": D(2), "unit_price": D(10), "quantity_type": "MONTH"})
    (paper,), _ = papers(item)
    (row,) = paper.request.items
    assert paper.request.request_id == f"billing~{item.item_id}"
    assert (row.ident, row.quantity, row.debit_credit_indicator) == (f"i-{item.item_id}", D(2), "DEBIT")
    assert row.prices is not None and row.prices.unit is not None and row.prices.total is not None
    assert (row.prices.unit.net, row.prices.total.net, row.prices.total.gross) == (D(10), D(20), None)
    assert row.tax_detail is not None and row.tax_detail.taxes == (Tax(rate=D(19), category_code="S"),)
    assert row.service_period is not None and row.service_period == row.billing_period
    assert (row.service_period.start, row.service_period.end) == (dt.date(2026, 1, 1), dt.date(2026, 1, 31))
    order = papers(an_item(origin_type="LINE_ITEM", row={"service_start": None, "service_end": None}))[0][0].request.items[0]
    assert (order.service_period, order.billing_period) == (None, None)


def test_at_most_so_many_rows_and_no_allowance_without_its_option() -> None:
    options = [an_item(period_start=dt.date(2026, 1, 1) + dt.timedelta(n)) for n in range(MOST_ROWS)]
    assert [len(paper.items) for paper in papers(*options)[0]] == [MOST_ROWS]
    allowance = an_item("1", type="CREDIT", origin_type="ALLOWANCE", kind="ALLOWANCE", period_start=options[-1].period_start)
    found, _ = papers(*options, allowance)
    assert [len(paper.items) for paper in found] == [MOST_ROWS - 1, 2]
    assert found[1].items == (options[-1], allowance)
    more = an_item(period_start=dt.date(2027, 1, 1))
    assert [len(paper.items) for paper in papers(*options, more)[0]] == [MOST_ROWS, 1]


ITEMS = st.lists(
    st.tuples(
        st.decimals(D("0.01"), 500, places=2),
        st.sampled_from(["DEBIT", "CREDIT"]),
        st.sampled_from(["o-1", "o-2"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


@given(ITEMS, st.booleans())
def test_every_item_is_billed_once_or_waits_and_no_invoice_is_below_nothing(drawn: list[Any], by_contract: bool) -> None:
    items = [
        a_reduction(str(total), contract_ident=holder)
        if direction == "CREDIT"
        else an_item(str(total), contract_ident=holder, of_order=True, origin_type="LINE_ITEM", row={"pays": pays})
        for total, direction, holder, pays in drawn
    ]
    found, waiting = papers(*items, contract=by_contract)
    assert sorted([number for paper in idents(found) for number in paper] + list(waiting)) == sorted(i.item_id for i in items)
    for paper in found:
        rows = [taxed(item) for item in paper.items if not item.row.pays]
        paid = sum((entry.amount for entry in paper.request.post_tax_items), D(0))
        assert paper.document_type is (DocumentType.INVOICE if gross(rows) >= 0 else DocumentType.CREDIT_MEMO)
        assert abs(gross(rows)) + paid >= 0
    assert waiting <= {item.item_id for item in items if item.row.pays}
    assert papers(*reversed(items), contract=by_contract) == (found, waiting)
