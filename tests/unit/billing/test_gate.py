"""Whether someone is billed: what was previewed, and nothing that cannot be right (accounting reference 9)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.billing_items import a_reduction, an_item, days_on, taxed

from contor.billing.items import Item
from contor.billing.papers import Paper, Switches, split
from contor.billing.runs.gate import NOTHING_YET, Bounds, Draft, Last, beyond, drafts_of, lines_of
from contor.billing.runs.outcome import Sum, TaxSum, added, added_taxes

D = Decimal


def paper(*items: Item, rate: str = "19", day: dt.date = dt.date(2026, 2, 10)) -> list[Paper]:
    return split([taxed(item, rate) for item in items], {"group": Switches()}, days_on(day), dt.date(2020, 1, 1))[0]


def test_drafts_count_what_costs_nothing_too() -> None:
    ours, nothing, theirs = an_item("10"), an_item("0"), an_item("4", header={"customer_ident": "c-2"})
    credit = a_reduction("3")
    made = drafts_of([*paper(ours, credit), *paper(theirs)], [ours, nothing, credit, theirs])
    assert {customer: (draft.documents, draft.items) for customer, draft in made.items()} == {
        "c-1": (1, (ours, nothing, credit)),
        "c-2": (1, (theirs,)),
    }
    assert made["c-1"].totals == {"EUR": D(7)}
    assert drafts_of([], [nothing])["c-1"] == Draft(0, (nothing,))


def test_lines_are_what_each_option_comes_to() -> None:
    items = [an_item("10"), an_item("10"), an_item("3", type="CREDIT", kind="ALLOWANCE"), an_item("1", header={"currency": "CHF"})]
    assert [(line.kind, line.currency, line.total, line.periods, line.share) for line in lines_of(items, [])] == [
        ("ALLOWANCE", "EUR", D(-3), 1, 1),
        ("RECURRING", "CHF", D(1), 1, 1),
        ("RECURRING", "EUR", D(20), 1, 1),
    ]
    assert lines_of([], []) == ()


@pytest.mark.parametrize(("documents", "is_parked"), [(2, False), (3, True)])
def test_more_documents_than_expected(documents: int, is_parked: bool) -> None:
    draft = Draft(documents, (an_item(),))
    assert (beyond(draft, Bounds(most_documents=2), NOTHING_YET) is not None) is is_parked
    assert beyond(draft, Bounds(), NOTHING_YET) is None


@pytest.mark.parametrize(
    ("total", "before", "is_parked"),
    [("30", "10", False), ("30.01", "10", True), ("30.01", "0", False), ("30.01", "-5", False), ("30.01", None, False)],
)
def test_many_times_what_was_billed_last(total: str, before: str | None, is_parked: bool) -> None:
    """The first bill has nothing to be compared with."""
    last = Last({} if before is None else {"EUR": D(before), "CHF": D(1)}, frozenset())
    reason = beyond(Draft(1, (an_item(total),)), Bounds(most_times_last=D(3)), last)
    assert (reason is not None) is is_parked
    if reason:
        assert reason == f"{total} EUR are more than 3 times the 10.00 EUR billed last"


@pytest.mark.parametrize(
    ("item", "is_parked"),
    [
        ({"total": "0"}, True),
        ({"total": "1"}, False),
        ({"total": "0", "kind": "ONETIME"}, False),
        ({"total": "0", "origin_ident": "other"}, False),
        ({"total": "0", "contract_id": 2}, False),
    ],
)
def test_nothing_after_a_price(item: dict[str, Any], is_parked: bool) -> None:
    given = an_item(item.pop("total"), **item)
    last = Last({}, frozenset({(1, "fee")}))
    assert (beyond(Draft(1, (given,)), Bounds(refuses_zero_after_price=True), last) is not None) is is_parked
    assert beyond(Draft(1, (given,)), Bounds(), last) is None


def test_sums_are_added_by_currency_and_by_tax_group() -> None:
    def one(currency: str, net: str) -> Sum:
        return Sum(currency=currency, documents=1, net=D(net), tax=D(1), gross=D(net) + 1)

    assert added([one("EUR", "10"), one("CHF", "5"), one("EUR", "-4")]) == (
        Sum(currency="CHF", documents=1, net=D(5), tax=D(1), gross=D(6)),
        Sum(currency="EUR", documents=2, net=D(6), tax=D(2), gross=D(8)),
    )

    def group(rate: str, net: str) -> TaxSum:
        return TaxSum(currency="EUR", category_code="S", rate=D(rate), net=D(net), tax=D(2))

    assert added_taxes([group("19", "10"), group("7", "1"), group("19", "5")]) == (
        TaxSum(currency="EUR", category_code="S", rate=D(7), net=D(1), tax=D(2)),
        TaxSum(currency="EUR", category_code="S", rate=D(19), net=D(15), tax=D(4)),
    )
