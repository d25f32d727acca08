"""Documents that are smaller than their billing group wants wait, but never longer than they may."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.agreements import a_contract
from tests.factories.billing_items import an_item, days_on, taxed

from contor.billing.items import Item
from contor.billing.papers import Paper, Switches, as_proposed, hold_small, split
from contor.billing.papers.minimum import periods_later
from contor.billing.papers.types import Minimum

D = Decimal
SWITCHES = {"group": Switches(contract=True, minimums={"EUR": Minimum(D(50), 3)})}
Held = tuple[list[Paper], frozenset[int]]
FEBRUARY = dt.date(2026, 2, 10)


def held(
    *items: Item, today: dt.date = FEBRUARY, end_on: dt.date | None = None, switches: Any = None
) -> tuple[list[Paper], frozenset[int]]:
    switches = switches or SWITCHES
    papers, _ = split([taxed(one) for one in items], switches, days_on(today), dt.date(2020, 1, 1))
    issued, waiting = hold_small(papers, switches, {1: a_contract(end_on=end_on), 2: a_contract(contract_id=2)}, days_on(today))
    assert set(waiting.values()) <= {"BELOW_MINIMUM"}
    return issued, frozenset(waiting)


def test_without_a_minimum_nothing_waits() -> None:
    assert held(an_item("1"), switches={"group": Switches()})[1] == frozenset()
    assert held(an_item("1", header={"currency": "CHF"}))[1] == frozenset()


@pytest.mark.parametrize(("total", "waits"), [("49.99", True), ("50", False), ("50.01", False)])
def test_less_than_the_minimum_waits(total: str, waits: bool) -> None:
    item = an_item(total)
    papers, waiting = held(item)
    assert (waiting, len(papers)) == (({item.item_id}, 0) if waits else (frozenset(), 1))


def test_what_an_allowance_gives_counts() -> None:
    items = (an_item("60"), an_item("10.01", type="CREDIT", kind="ALLOWANCE", origin_type="ALLOWANCE"))
    assert held(*items)[1] == {item.item_id for item in items}


@pytest.mark.parametrize(
    "never",
    [
        {"of_order": True},
        {"kind": "CREDIT"},
        {"business_case": "CORRECTION_CREATION"},
        {"business_case": "CORRECTION_CANCELLATION"},
        {"row": {"tax_date": None}},
        {"business_case": "SELF_BILLED"},
        {"business_case": "DEPOSIT", "kind": "DEPOSIT"},
        {"type": "CREDIT", "credited_document": "R-1"},
        {"origin_type": "LINE_ITEM"},
    ],
)
def test_what_orders_corrects_or_takes_back_never_waits(never: dict[str, Any]) -> None:
    assert held(an_item("1", **never))[1] == frozenset()


@pytest.mark.parametrize(
    ("today", "waits"),
    [("2026-03-31", True), ("2026-04-01", False)],
)
def test_at_most_so_many_periods_of_the_oldest_item(today: str, waits: bool) -> None:
    """Due on 1 January, three months."""
    old, young = an_item("1"), an_item("1", period_start=dt.date(2026, 2, 1), processing_at=dt.datetime(2026, 2, 1, tzinfo=dt.UTC))
    assert bool(held(young, old, today=dt.date.fromisoformat(today))[1]) is waits


def test_the_day_is_that_of_the_tenants_zone() -> None:
    """23:30 UTC on 31 December is 1 January in Berlin."""
    item = an_item("1", processing_at=dt.datetime(2025, 12, 31, 23, 30, tzinfo=dt.UTC))
    assert held(item, today=dt.date(2026, 3, 31))[1]
    assert not held(item, today=dt.date(2026, 4, 1))[1]


@pytest.mark.parametrize(("today", "waits"), [("2026-01-30", True), ("2026-01-31", False)])
def test_six_months_after_the_supply_at_the_latest(today: str, waits: bool) -> None:
    """Section 14 (2) UStG; supplied on 31 July 2025, due on 20 January."""
    item = an_item("1", row={"tax_date": dt.date(2025, 7, 31)}, processing_at=dt.datetime(2026, 1, 20, tzinfo=dt.UTC))
    assert bool(held(item, today=dt.date.fromisoformat(today))[1]) is waits


@pytest.mark.parametrize(("end", "waits"), [("2026-02-11", True), ("2026-02-10", False)])
def test_not_beyond_the_end_of_the_contract(end: str, waits: bool) -> None:
    assert bool(held(an_item("1"), end_on=dt.date.fromisoformat(end))[1]) is waits


def test_rows_by_which_a_period_of_usages_was_rated_are_issued_together() -> None:
    """One document of the period is large enough: the other goes with it, and with that one what was rated with it."""
    large = an_item("60", kind="USAGE", origin_ident="a")
    small = an_item("1", kind="USAGE", origin_ident="a", row={"basis": "GROSS"})
    beside = an_item("1", kind="USAGE", origin_ident="b", row={"basis": "GROSS"})
    third = an_item("1", kind="USAGE", origin_ident="b", row={"tax_scheme": "OSS"})
    other = an_item("1", kind="USAGE", origin_ident="b", contract_id=2, contract_ident="v-2")
    assert held(large, small, beside, third)[1] == frozenset()
    assert held(large, small, beside, third, other)[1] == {other.item_id}
    assert held(small, beside)[1] == {small.item_id, beside.item_id}
    fixed = an_item("1", kind="RECURRING", origin_ident="a", row={"basis": "GROSS"})
    assert held(large, fixed)[1] == {fixed.item_id}  # of the same period, but rated with nothing


def test_what_waits_is_stored_as_it_was_proposed() -> None:
    proposed = [an_item("0"), an_item("0"), an_item("7")]
    rated = [item._replace(row=an_item("5").row) for item in proposed]
    extra = an_item("3")
    assert as_proposed([*rated, extra], proposed, frozenset()) == [*rated, extra]
    waiting = frozenset({proposed[0].item_id, extra.item_id})
    assert as_proposed([*rated, extra], proposed, waiting) == [proposed[0], rated[1], rated[2]]


@pytest.mark.parametrize(
    ("start", "end", "count", "expected"),
    [
        ("2026-01-31", "2026-02-28", 2, "2026-07-15"),
        ("2026-01-01", "2027-01-01", 1, "2027-05-15"),
        ("2026-01-01", "2026-01-15", 3, "2026-06-26"),
        ("2026-01-10", "2026-02-01", 1, "2026-06-06"),
        ("2026-01-10", "2026-01-10", 4, "2026-05-15"),
        ("2026-12-15", "2027-02-15", 1, "2026-07-15"),
        ("2026-12-15", "2027-02-15", 2, "2026-09-15"),
    ],
)
def test_so_many_periods_later(start: str, end: str, count: int, expected: str) -> None:
    """In months where the period is some, else in its days."""
    found = periods_later(dt.date(2026, 5, 15), dt.date.fromisoformat(start), dt.date.fromisoformat(end), count)
    assert found == dt.date.fromisoformat(expected)
