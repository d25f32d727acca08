"""The time line of a contract: what it is on which day, and which stretches a period has."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contor.catalogue.types import BillingConfig, Duration, LinkedOption, Phase, Plan, PlanContent, Price, Transition
from contor.contracts.calendar import BillingPeriod, billing_periods, period_at, phase_runs
from contor.contracts.course import plan_of, quantities_on, shown_quantities, stretches_of, terms_on, with_added, with_steps
from contor.contracts.terms import OptionPrices, PlanLeg, Step
from contor.contracts.types import Contract, ContractContent
from contor.kernel.shapes import replace

D = Decimal
APRIL = dt.date(2026, 4, 1)
MAY = dt.date(2026, 5, 1)
PERIOD = BillingPeriod("p-1", APRIL, MAY, APRIL, MAY, APRIL, MAY, 0, True)


def a_plan(number: int = 1, unit: Any = "MONTH", **config: Any) -> Plan:
    phase = Phase(
        ident="p-1",
        name="Phase",
        billing_config=BillingConfig(billing_interval=Duration(value=1, unit=unit), **config),
        linked_options=(LinkedOption(option_ident="fee"),),
    )
    return Plan(plan_id=number, plan_ident=f"plan-{number}", content=PlanContent(name="Plan", phases=(phase,)))


def a_contract(*steps: Step, plan_id: int = 1) -> Contract:
    content = ContractContent(invoice_address_ident="home", quantities={"p-1": {"fee": D(2)}}, language="de")
    return Contract(
        contract_id=1,
        contract_ident="v-1",
        customer_ident="c-1",
        plan_id=plan_id,
        business_segment_ident="segment",
        billing_group_ident="group",
        signed_on=APRIL,
        start_on=APRIL,
        billing_start_on=None,
        end_on=None,
        end_kind=None,
        notice_on=None,
        reason=None,
        price_adaptation_ident=None,
        proposed_through=MAY,
        country="DE",
        content=with_steps(content, 1, steps) if steps else content,
    )


def on(day: int, number: int = 1, **said: Any) -> Step:
    return Step(number=number, day=dt.date(2026, 4, day), **said)


def many(quantity: int, phase: str = "p-1") -> Any:
    return {phase: {"fee": D(quantity)}}


def a_price(amount: str) -> Any:
    return (OptionPrices(option_ident="fee", prices=(Price(price=D(amount)),)),)


def days(contract: Contract) -> list[tuple[int, Decimal, Decimal | None]]:
    """First day, quantity and own price of each stretch of April."""
    return [(it.start.day, it.quantity, it.own[0].price if it.own else None) for it in stretches_of(contract, "fee", PERIOD)]


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([on(11, quantities=many(5))], [(1, D(2), None), (11, D(5), None)]),
        ([on(11, quantities=many(2))], [(1, D(2), None)]),  # as before: no cut
        ([on(1, quantities=many(5))], [(1, D(5), None)]),
        ([on(11, quantities=many(0))], [(1, D(2), None)]),
        ([on(11, quantities=many(0)), on(21, 2, quantities=many(3))], [(1, D(2), None), (21, D(3), None)]),
        ([on(11, prices=a_price("60"))], [(1, D(2), None), (11, D(2), D(60))]),
        ([on(11, quantities=many(5)), on(11, 2, quantities=many(3))], [(1, D(2), None), (11, D(3), None)]),
        ([on(21, 1, quantities=many(5)), on(11, 2, prices=a_price("9"))], [(1, D(2), None), (11, D(2), D(9)), (21, D(5), D(9))]),
        ([on(11, quantities={"p-1": {"other": D(5)}})], [(1, D(2), None)]),  # nothing of this option
    ],
)
def test_the_stretches_of_a_period(steps: list[Step], found: Any) -> None:
    assert days(a_contract(*steps)) == found


def test_what_holds_behind_all_steps_is_what_the_contract_says() -> None:
    contract = a_contract(on(21, quantities=many(5)), on(11, 2, quantities=many(3)))
    assert contract.content.quantities == many(5)
    assert [terms_on(contract, dt.date(2026, 4, day)).content.quantities for day in (10, 11, 20, 21)] == [
        many(2),
        many(3),
        many(3),
        many(5),
    ]


def test_an_option_that_is_added_was_there_from_the_beginning() -> None:
    content = with_added(a_contract(on(11, quantities=many(5))).content, {"p-1": {"power": D(1)}})
    assert content.amended is not None
    assert quantities_on(content.amended, APRIL) == {"p-1": {"fee": D(2), "power": D(1)}}
    assert content.quantities == {"p-1": {"fee": D(5), "power": D(1)}}


def a_leg(day: int, number: int, plan: int, anchor: dt.date | None) -> Step:
    leg = PlanLeg(plan_id=plan, name=str(number), quantities={f"p-1#{number}": {"fee": D(1)}}, anchor=anchor)
    return on(day, number, leg=leg)


def periods(contract: Contract, plan: Plan, until: dt.date = dt.date(2026, 7, 1)) -> list[tuple[str, str, str]]:
    found = billing_periods(plan, APRIL, None, contract.end_on, APRIL, until)
    return [(it.phase_ident, str(it.start), str(it.end)) for it in found]


def test_a_plan_of_the_same_interval_goes_on_in_the_periods_of_the_one_before() -> None:
    contract = replace(a_contract(a_leg(16, 7, 2, APRIL)), plan_id=2)
    plan = plan_of(contract, {1: a_plan(1), 2: a_plan(2)})
    assert periods(contract, plan) == [
        ("p-1", "2026-04-01", "2026-04-16"),
        ("p-1#7", "2026-04-16", "2026-05-01"),
        ("p-1#7", "2026-05-01", "2026-06-01"),
        ("p-1#7", "2026-06-01", "2026-07-01"),
    ]
    part = period_at(plan.content, APRIL, None, dt.date(2026, 4, 20))
    assert part is not None and (part.whole_start, part.whole_end, part.is_whole) == (APRIL, MAY, False)
    assert shown_quantities(contract, dt.date.max) == {"p-1": {"fee": D(1)}}
    assert shown_quantities(contract, APRIL) == {"p-1": {"fee": D(2)}}
    assert plan_of(contract, {1: a_plan(1), 2: a_plan(2)}).phase("p-1#7").ident == "p-1#7"


def test_terms_of_a_plan_that_goes_on_end_with_a_period() -> None:
    """A month from 16 April on ends on 16 May: with the period that holds the day before it, so none is cut."""
    contract = replace(a_contract(a_leg(16, 7, 2, APRIL)), plan_id=2)
    month = Duration(value=1, unit="MONTH")
    second = a_plan(2)
    terms = {"term_duration": month, "term_sync": False, "transition": Transition(type="AUTO_RENEWAL")}
    phases = tuple(replace(phase, **terms) for phase in second.content.phases)
    plan = plan_of(contract, {1: a_plan(1), 2: replace(second, content=replace(second.content, phases=phases))})
    assert periods(contract, plan) == [
        ("p-1", "2026-04-01", "2026-04-16"),
        ("p-1#7", "2026-04-16", "2026-05-01"),
        ("p-1#7", "2026-05-01", "2026-06-01"),
        ("p-1#7", "2026-06-01", "2026-07-01"),
    ]
    assert [(str(run.start), str(run.end)) for run in itertools.islice(phase_runs(plan.content, APRIL), 4)] == [
        ("2026-04-01", "2026-04-16"),
        ("2026-04-16", "2026-06-01"),
        ("2026-06-01", "2026-07-01"),
        ("2026-07-01", "2026-08-01"),
    ]


def test_another_interval_begins_a_period_on_the_day() -> None:
    contract = replace(a_contract(a_leg(16, 7, 2, None)), plan_id=2)
    plan = plan_of(contract, {1: a_plan(1), 2: a_plan(2, "YEAR")})
    assert periods(contract, plan) == [("p-1", "2026-04-01", "2026-04-16"), ("p-1#7", "2026-04-16", "2027-04-16")]


def test_of_two_plans_for_one_day_the_later_follows() -> None:
    contract = replace(a_contract(a_leg(16, 7, 2, APRIL), a_leg(16, 8, 3, None)), plan_id=3)
    plan = plan_of(contract, {1: a_plan(1), 2: a_plan(2), 3: a_plan(3, "QUARTER")})
    assert periods(contract, plan) == [("p-1", "2026-04-01", "2026-04-16"), ("p-1#8", "2026-04-16", "2026-07-16")]


STEPS = st.lists(
    st.tuples(st.integers(1, 30), st.integers(0, 4), st.sampled_from([None, "7.77", "30.00", "49.90"])), min_size=1, max_size=6
)


@given(STEPS)
def test_stretches_fill_what_the_contract_has_of_a_period_and_never_overlap(said: list[tuple[int, int, str | None]]) -> None:
    """Day by day: the stretch in which a day lies has its quantity and price; no two neighbours are alike."""
    steps = [
        on(day, number, quantities=many(quantity), prices=a_price(price) if price else ())
        for number, (day, quantity, price) in enumerate(said, 1)
    ]
    contract = a_contract(*steps)
    found = stretches_of(contract, "fee", PERIOD)
    for before, after in itertools.pairwise(found):
        assert before.end <= after.start
        assert before.end < after.start or before[2:] != after[2:]
    for day in range(1, 31):
        date = dt.date(2026, 4, day)
        known = sorted((it for it in steps if it.day <= date), key=lambda it: (it.day, it.number))
        quantity = known[-1].quantities["p-1"]["fee"] if known else D(2)
        price = next((it.prices[0].prices[0].price for it in reversed(known) if it.prices), None)
        here = [it for it in found if it.start <= date < it.end]
        if not quantity:
            assert here == []
        else:
            assert [(it.quantity, it.own[0].price if it.own else None) for it in here] == [(quantity, price)]


@given(STEPS, st.randoms(use_true_random=False))
def test_in_which_order_days_are_agreed_does_not_matter(said: list[tuple[int, int, str | None]], chance: Any) -> None:
    steps = [
        on(day, number, quantities=many(quantity), prices=a_price(price) if price else ())
        for number, (day, quantity, price) in enumerate(said, 1)
    ]
    mixed = list(steps)
    chance.shuffle(mixed)
    content = a_contract().content
    for step in mixed:  # one after the other, each on what was there
        content = with_steps(content, 1, [step])
    assert content == a_contract(*steps).content
