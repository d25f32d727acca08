"""Each thing that stands in the way of closing a month is said by its name; those that are only to be known may be acknowledged."""

import datetime as dt
from decimal import Decimal
from typing import Any, get_args

import pytest

from contor.bookkeeping.closing.findings import (
    EXAMPLES,
    Acknowledgement,
    FindingCode,
    Left,
    State,
    closing_findings,
    why_not_closed,
)

SOUND: dict[str, Any] = {
    "month": "2026-03",
    "today": dt.date(2026, 4, 1),
    "next_month": "2026-03",
    "difference": Decimal(0),
    "currency": "EUR",
}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"next_month": None}, "BOOKS_EMPTY"),
    ({"next_month": "2026-04"}, "PERIOD_CLOSED"),
    ({"next_month": "2026-02"}, "PERIOD_BEFORE_OPEN"),
    ({"unclosed": "2026-02"}, "PERIOD_BEFORE_CLOSING"),
    ({"today": dt.date(2026, 3, 31)}, "PERIOD_NOT_OVER"),
    ({"difference": Decimal("0.01")}, "TRIAL_BALANCE_UNEVEN"),
    ({"waiting": ("r-1",)}, "DOCUMENT_REQUESTS_WAITING"),
    ({"waiting_more": 5}, "DOCUMENT_REQUESTS_WAITING"),
    ({"rates_missing": ("USD",)}, "EXCHANGE_RATE_MISSING"),
    ({"runs": ("run-1",)}, "BILLING_RUN_OPEN"),
    ({"due": 3}, "ITEMS_UNBILLED"),
    ({"failed": 2}, "ITEMS_FAILED"),
    ({"parked": ("c-1", "c-2")}, "CUSTOMERS_PARKED"),
    ({"failing": ("r-2",)}, "DOCUMENT_REQUESTS_FAILING"),
    ({"held": ("r-3",)}, "DOCUMENT_REQUESTS_HELD"),
    ({"unassigned": (Left("EUR", 2, Decimal("7.50"), ("p-1", "p-2")),)}, "PAYMENTS_UNASSIGNED"),
]


def test_a_month_of_which_all_is_well_is_closed() -> None:
    assert closing_findings(State(**SOUND)) == []


@pytest.mark.parametrize(("changes", "code"), WRONG)
def test_what_is_wrong_is_said_alone(changes: dict[str, Any], code: str) -> None:
    (finding,) = closing_findings(State(**SOUND | changes))
    assert finding.code == code
    assert finding.acknowledgeable is (code in get_args(Acknowledgement))
    (problem,) = why_not_closed([finding], ())
    assert problem.code == code.lower()
    assert bool(why_not_closed([finding], {code})) is not finding.acknowledgeable


def test_every_code_can_be_found() -> None:
    assert {code for _, code in WRONG} == set(get_args(FindingCode))


def test_everything_is_said_at_once_what_is_to_be_mended_first() -> None:
    both = {"due": 3, "difference": Decimal("-1"), "today": dt.date(2026, 3, 1)}
    assert [it.code for it in closing_findings(State(**SOUND | both))] == [
        "PERIOD_NOT_OVER",
        "TRIAL_BALANCE_UNEVEN",
        "ITEMS_UNBILLED",
    ]


def test_many_are_counted_and_few_are_named() -> None:
    (finding,) = closing_findings(State(**SOUND | {"waiting": tuple(f"r-{n}" for n in range(100)), "waiting_more": 7}))
    assert (finding.count, len(finding.examples)) == (107, EXAMPLES)
    assert finding.message.startswith("107 document requests wait")
