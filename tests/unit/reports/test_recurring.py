"""What a contract earns by the month, against the same told period by period."""

import datetime as dt
import itertools
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.agreements import a_contract, an_agreed_plan, an_option

from contor.catalogue.types import Duration, Option, OptionContent, OptionVersion
from contor.contracts.calendar import FormerEnd, Life, Pause, Postponement, Trial, billing_periods
from contor.contracts.recurring import Terms, months_of, stretches
from contor.contracts.types import Allowance
from contor.kernel.shapes import replace
from contor.runtime.execute import validated

F, D = Fraction, Decimal
UNTIL = dt.date(2028, 1, 1)
LINKED = {"option_ident": "fee"}


def terms(*allowances: Allowance, option: Option | None = None) -> Terms:
    return Terms({"fee": option or an_option()}, {}, allowances, ("DE", None, None))


def levels(found: Any) -> dict[str, Fraction]:
    """The amount from each day on, where it changes."""
    said: dict[str, Fraction] = {}
    for it in found:
        if not said or list(said.values())[-1] != it.amount:
            said[it.start.isoformat()] = it.amount
    return said


def paused(since: dt.date, until: dt.date | None, **more: Any) -> Life:
    return Life(pauses=(Pause(since=since, counts_from=since, until=until, **more),))


@pytest.mark.parametrize(
    ("value", "unit", "months"),
    [
        (1, "MONTH", F(1)),
        (1, "QUARTER", F(3)),
        (2, "YEAR", F(24)),
        (1, "HALF_YEAR", F(6)),
        (1, "WEEK", F(84, 365)),
        (30, "DAY", F(360, 365)),
    ],
)
def test_intervals_are_months(value: int, unit: Any, months: Fraction) -> None:
    assert months_of(Duration(value=value, unit=unit)) == months


def test_a_yearly_price_is_a_twelfth_each_month() -> None:
    plan = an_agreed_plan(LINKED, unit="YEAR")
    (found,) = stretches(a_contract({"fee": "1"}), plan, terms(option=an_option(price="100")), UNTIL)
    assert (found.start, found.end, found.amount) == (dt.date(2026, 1, 1), UNTIL, F(25, 3))


@pytest.mark.parametrize("kind", ["ONETIME", "USAGE", "COMMISSION"])
def test_what_does_not_recur_is_none(kind: str) -> None:
    option = an_option(kind=kind, **({"commission_percentage": "10"} if kind == "COMMISSION" else {}))
    assert levels(stretches(a_contract({"fee": "1"}), an_agreed_plan(LINKED), terms(option=option), UNTIL)) == {"2026-01-01": F(0)}


def test_a_pending_or_cancelled_contract_earns_nothing() -> None:
    plan = an_agreed_plan(LINKED)
    for values in ({"start_on": None}, {"end_kind": "CANCELLED", "end_on": dt.date(2026, 5, 1)}):
        assert list(stretches(a_contract({"fee": "1"}, **values), plan, terms(), UNTIL)) == []


def test_an_end_in_the_midst_of_a_period_ends_it_there() -> None:
    contract = a_contract({"fee": "3"}, end_on=dt.date(2026, 3, 16))
    (found,) = stretches(contract, an_agreed_plan(LINKED), terms(), UNTIL)
    assert (found.end, found.amount) == (dt.date(2026, 3, 16), F(30))


def test_an_allowance_never_takes_more_than_the_price() -> None:
    half = Allowance("a", "fee", "n", None, D(50), None, dt.date(2026, 2, 28))
    all_of_it = Allowance("b", "fee", "n", D(100), None, dt.date(2026, 4, 1), None)
    found = levels(stretches(a_contract({"fee": "2"}), an_agreed_plan(LINKED), terms(half, all_of_it), UNTIL))
    assert found == {"2026-01-01": F(10), "2026-03-01": F(20), "2026-04-01": F(0)}


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        (Life(trial=Trial(until=dt.date(2026, 1, 15))), {"2026-01-01": F(0), "2026-01-15": F(10)}),
        (Life(trial=Trial(until=dt.date(2026, 1, 15), anchor="START")), {"2026-01-01": F(0), "2026-01-15": F(10)}),
        # February and March are left out, April holds the day
        (paused(dt.date(2026, 1, 15), dt.date(2026, 4, 15)), {"2026-01-01": F(10), "2026-02-01": F(0), "2026-04-01": F(10)}),
        (paused(dt.date(2026, 1, 15), dt.date(2026, 4, 15), missed="BILL_MISSED"), {"2026-01-01": F(10)}),
        (paused(dt.date(2026, 1, 15), None), {"2026-01-01": F(10), "2026-02-01": F(0)}),
        (
            Life(postponements=(Postponement(since=dt.date(2026, 3, 1), until=dt.date(2026, 5, 10)),)),
            {"2026-01-01": F(10), "2026-03-01": F(0), "2026-05-10": F(10)},
        ),
        (
            Life(former_ends=(FormerEnd(ended_on=dt.date(2026, 2, 16), restarts_on=dt.date(2026, 7, 4), phase_ident="p-1"),)),
            {"2026-01-01": F(10), "2026-02-16": F(0), "2026-07-04": F(10)},
        ),
    ],
)
def test_a_contract_earns_nothing_in_a_trial_in_a_pause_and_between_an_end_and_a_new_beginning(life: Life, expected: Any) -> None:
    contract = a_contract({"fee": "1"}, content={"life": life})
    found = list(stretches(contract, an_agreed_plan(LINKED), terms(), UNTIL))
    assert levels(found) == expected
    assert (found[0].start, found[-1].end) == (dt.date(2026, 1, 1), UNTIL)
    assert all(one.end == two.start for one, two in itertools.pairwise(found))


def test_what_is_credited_each_period_lessens_it() -> None:
    option = an_option(debit_credit_indicator="CREDIT")
    assert levels(stretches(a_contract({"fee": "1"}), an_agreed_plan(LINKED), terms(option=option), UNTIL)) == {
        "2026-01-01": F(-10)
    }


DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))


@given(
    st.sampled_from([("MONTH", 1), ("QUARTER", 1), ("WEEK", 2), ("MONTH", 5)]),
    st.lists(st.tuples(DAYS, st.integers(1, 50)), max_size=3, unique_by=lambda it: it[0]),
    st.lists(st.tuples(DAYS, DAYS, st.integers(1, 20)), max_size=3),
    st.none() | DAYS,
    st.booleans(),
)
def test_it_is_what_each_period_says(
    interval: tuple[str, int],
    prices: list[tuple[dt.date, int]],
    given_off: list[tuple[dt.date, dt.date, int]],
    end: Any,
    synced: bool,
) -> None:
    """Looked at only where something can change, and period by period: the same on every day."""
    plan = an_agreed_plan(LINKED, unit=interval[0], value=interval[1], config={"sync_billing_to_billing_interval_unit": synced})
    base = an_option()
    versions = [
        OptionVersion(valid_from=day, content=validated(OptionContent, {"name": "fee", "prices": [{"price": price}]}))
        for day, price in sorted(prices)
    ]
    option = replace(base, versions=(*base.versions, *versions))
    allowances = [Allowance(str(n), "fee", "n", D(amount), None, *sorted((a, b))) for n, (a, b, amount) in enumerate(given_off)]
    contract = a_contract({"fee": "2"}, start_on=dt.date(2026, 1, 20), end_on=end if end and end > dt.date(2026, 1, 20) else None)
    found = list(stretches(contract, plan, terms(*allowances, option=option), UNTIL))
    assert contract.start_on is not None
    expected: dict[dt.date, Fraction] = {}
    for period in billing_periods(plan, contract.start_on, None, contract.end_on, contract.start_on, UNTIL):
        price = F(
            2
            * next(
                it.content.prices[0].price
                for it in reversed(option.versions)
                if it.valid_from is None or it.valid_from <= period.start
            )
        )
        for one in allowances:
            if one.holds("fee", period.start):
                price -= min(F(one.amount or 0), price)
        day = period.start
        while day < min(period.end, UNTIL):
            expected[day] = price / months_of(plan.phase("p-1").billing_config.billing_interval)
            day += dt.timedelta(days=1)
    said = {it.start + dt.timedelta(days=n): it.amount for it in found for n in range((it.end - it.start).days)}
    assert said == expected
