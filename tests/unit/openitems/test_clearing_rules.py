"""Which debts are cleared with which credits."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contor.openitems.clearing.rules import LeftOut, Open, Pair, pairs, why_left_out

D = Decimal
DAY = dt.date(2026, 11, 30)


def item(number: int, balance: str, due: int = 0, **more: object) -> Open:
    fields: dict[str, object] = {
        "document_id": number,
        "due_date": DAY + dt.timedelta(days=due),
        "balance": D(balance),
        "doubtful": False,
        "prebooked": D(0),
        "dunning_block": False,
        "dunning_block_until": None,
        "is_deposit": False,
        "is_refund": False,
    }
    return Open(**fields | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        # M25: the 50 are due first
        ([item(1, "100", 5), item(2, "50", 1), item(3, "-120")], [Pair(2, 3, D(50)), Pair(1, 3, D(70))]),
        # the oldest credit first
        ([item(1, "100"), item(2, "-30", 9), item(3, "-30", 1)], [Pair(1, 3, D(30)), Pair(1, 2, D(30))]),
        # on one day by the order in which they were issued
        ([item(2, "1"), item(1, "1"), item(3, "-1")], [Pair(1, 3, D(1))]),
        ([item(1, "100"), item(2, "50")], []),
        ([item(1, "-100")], []),
        ([], []),
    ],
)
def test_the_oldest_first(items: list[Open], expected: list[Pair]) -> None:
    assert pairs(items) == expected


BALANCES = st.lists(st.integers(-(10**6), 10**6).filter(bool).map(lambda cents: D(cents) / 100), max_size=30)


@given(BALANCES, st.randoms(use_true_random=False))
def test_what_is_cleared_is_the_smaller_side_and_never_more_than_an_item_has(balances: list[Decimal], random: object) -> None:
    items = [item(number, str(balance), due=number % 7) for number, balance in enumerate(balances)]
    found = pairs(items)
    owed = sum((it.balance for it in items if it.balance > 0), D(0))
    there = -sum((it.balance for it in items if it.balance < 0), D(0))
    assert sum((pair.amount for pair in found), D(0)) == min(owed, there)
    used = {it.document_id: it.balance for it in items}
    for pair in found:
        assert pair.amount > 0
        used[pair.debit_id] -= pair.amount
        used[pair.credit_id] += pair.amount
    assert all(abs(left) <= abs(it.balance) and left * it.balance >= 0 for it, left in zip(items, used.values(), strict=True))
    # no one waits who was due before another that was paid
    waiting = [it for it in items if used[it.document_id] > 0]
    paid = [it for it in items if it.balance > 0 and not used[it.document_id]]
    assert all((one.due_date, one.document_id) < (other.due_date, other.document_id) for one in paid for other in waiting)
    assert len(found) < max(len(items), 1)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"doubtful": True}, LeftOut.DOUBTFUL),
        ({"prebooked": D(1)}, LeftOut.PREBOOKED),
        ({"dunning_block": True}, LeftOut.BLOCKED),
        ({"dunning_block": True, "dunning_block_until": DAY}, LeftOut.BLOCKED),
        ({"dunning_block": True, "dunning_block_until": DAY - dt.timedelta(days=1)}, None),
        ({"is_deposit": True}, LeftOut.DEPOSIT),
        ({"is_refund": True}, LeftOut.REFUND),
        ({}, None),
    ],
)
def test_what_is_left_out_says_why(more: dict[str, object], reason: LeftOut | None) -> None:
    assert why_left_out(item(1, "1", **more), DAY) == reason
