"""Amounts off the unit price and off the sum (subscriptions, section 4, case S8), whatever the options cost."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.agreements import a_contract, an_agreed_plan, an_option
from tests.factories.proposing import proposed_items as priced

from contor.billing.proposal.reductions import shares_of
from contor.contracts.course import ending
from contor.contracts.types import Allowance
from contor.kernel.money import ZERO, round_amount

D = Decimal


def off(amount: str, option: str = "fee", on: str = "UNIT_PRICE", number: int | None = None) -> Allowance:
    ident = f"a-{option}"
    return Allowance(ident, option, "Off", D(amount), None, None, None, on, None, number)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("quantity", "price", "amount", "left"),
    [
        ("4", "3.00", "5.00", "0.00"),
        ("4", "8.00", "5.00", "12.00"),
        ("2.5", "8.00", "5.00", "7.50"),
        ("3", "0.333", "0.10", "0.70"),
    ],
)
def test_the_unit_price_is_never_below_nothing(quantity: str, price: str, amount: str, left: str) -> None:
    contract, plan = a_contract({"fee": quantity}), an_agreed_plan({"option_ident": "fee"})
    item, *reduced = priced(contract, plan, an_option(price=price), allowances=(off(amount),))
    assert item.row.total - sum((one.row.total for one in reduced), ZERO) == D(left)


@given(
    st.lists(st.integers(0, 100_000), min_size=1, max_size=5),
    st.integers(1, 300_000),
    st.sampled_from(["EUR", "JPY"]),
)
def test_the_parts_of_an_amount_off_the_sum_add_up_to_it_and_each_is_its_share_to_the_unit(
    cents: list[int], amount: int, currency: str
) -> None:
    prices = {f"o-{position}": D(value) / 100 for position, value in enumerate(cents)}
    allowances = [off(str(D(amount) / 100), ident, "SUM", 7) for ident in prices]
    shares = shares_of(allowances, prices, currency, None)
    whole = sum(prices.values(), ZERO)
    expected = round_amount(min(D(amount) / 100, whole), currency) if whole else ZERO
    assert sum(shares.values(), ZERO) == expected
    unit = D(1) if currency == "JPY" else D("0.01")
    for (_, ident), part in shares.items():
        exact = expected * prices[ident] / whole  # no more than its price, but for an amount that was rounded up to a whole unit
        assert part >= 0 and abs(part - exact) < unit


@given(st.integers(1, 20), st.integers(1, 200), st.integers(0, 30), st.booleans())
def test_a_number_of_intervals_is_that_number_of_billed_ones(intervals: int, day: int, since: int, takes_over: bool) -> None:
    start = dt.date(2026, 1, 1) + dt.timedelta(days=day)
    contract = a_contract({"fee": "1"}, start_on=start, billing_start_on=start + dt.timedelta(days=45) if takes_over else None)
    plan = an_agreed_plan({"option_ident": "fee"}, value=2, unit="WEEK")
    given_off = off("1")._replace(intervals=intervals, valid_from=start + dt.timedelta(days=since))
    allowance = ending(contract, plan, given_off)
    items = priced(contract, plan, an_option(price="10"), until="2028-06-01", allowances=(allowance,))
    reduced = [item.period_start for item in items if item.kind == "ALLOWANCE"]
    begins = [item.period_start for item in items if item.kind == "RECURRING"]
    assert reduced == [one for one in begins if one >= start + dt.timedelta(days=since)][:intervals]
