"""The periods of contracts that are paused, on trial, postponed or begun again: worked examples, and laws over many lives."""

import datetime as dt
import itertools
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contor.catalogue.types import Plan, PlanContent
from contor.contracts.calendar import (
    FOREVER,
    Alignment,
    BillingPeriod,
    FormerEnd,
    Life,
    Pause,
    Postponement,
    Trial,
    billing_periods,
    ordinary_end,
    period_at,
    spans_without_charge,
)
from contor.runtime.execute import validated

DAY = dt.timedelta(days=1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def a_plan(number: int = 1, unit: str = "MONTH", value: int = 1, timing: str = "INTERVAL_START", **more: Any) -> Plan:
    config = {"billing_interval": {"value": value, "unit": unit}, "timing": timing, **more.pop("config", {})}
    phase = {"ident": "p-1", "name": "Phase", "billing_config": config, **more}
    return Plan(plan_id=number, plan_ident="plan", content=validated(PlanContent, {"name": "Plan", "phases": [phase]}))


MONTHLY = a_plan()


def spans(found: Sequence[BillingPeriod], *, charged: bool | None = None) -> list[tuple[str, str]]:
    wanted = [period for period in found if charged is None or period.is_charged == charged]
    return [(str(period.start), str(period.end)) for period in wanted]


def of(life: Life, start: str = "2027-01-01", until: str = "2027-08-01", plan: Plan = MONTHLY) -> tuple[BillingPeriod, ...]:
    return billing_periods(plan, day(start), None, None, day(start), day(until), life)


def a_pause(since: str, until: str | None = None, **more: Any) -> Pause:
    return Pause(since=day(since), counts_from=day(since), until=day(until) if until else None, **more)


@pytest.mark.parametrize(
    ("until", "left_out"),
    [
        ("2027-03-31", ["2027-02-01"]),  # 1 March holds the day
        ("2027-04-01", ["2027-02-01", "2027-03-01"]),  # 1 April begins on it
        ("2027-04-15", ["2027-02-01", "2027-03-01"]),
        ("2027-02-01", []),
        ("2027-01-31", []),
        ("2027-02-02", []),  # 1 February holds the day
    ],
)
def test_what_is_ignored_begins_while_paused_and_does_not_hold_the_day_of_the_resumption(until: str, left_out: list[str]) -> None:
    for usages in ("BILLED", "WITHHELD"):
        found = of(Life(pauses=(a_pause("2027-01-15", until, usages=usages),)))
        assert [str(period.start) for period in found if not period.is_charged] == left_out
        missed = of(Life(pauses=(a_pause("2027-01-15", until, usages=usages, missed="BILL_MISSED"),)))
        assert all(period.is_charged for period in missed)


def test_what_is_withheld_opens_when_the_contract_goes_on() -> None:
    known = of(Life(pauses=(a_pause("2027-01-15", "2027-04-15", usages="WITHHELD"),)))
    assert [str(period.opens) for period in known[:5]] == ["2027-01-01", "2027-04-15", "2027-04-15", "2027-04-15", "2027-05-01"]
    assert [str(period.usage_due_on) for period in known[:4]] == ["2027-02-01", "2027-04-15", "2027-04-15", "2027-05-01"]
    unknown = of(Life(pauses=(a_pause("2027-01-15", usages="WITHHELD"),)))
    assert [period.opens for period in unknown[1:]] == [FOREVER] * 6


@pytest.mark.parametrize(
    ("anchor", "free", "charged"),
    [
        ("END", [("2027-01-20", "2027-02-03")], [("2027-02-03", "2027-03-03"), ("2027-03-03", "2027-04-03")]),
        ("START", [("2027-01-20", "2027-02-03")], [("2027-02-03", "2027-02-20"), ("2027-02-20", "2027-03-20")]),
    ],
)
def test_a_trial_of_14_days(anchor: Any, free: Any, charged: Any) -> None:
    found = of(Life(trial=Trial(until=day("2027-02-03"), anchor=anchor)), "2027-01-20", "2027-03-20")
    assert (spans(found, charged=False), spans(found, charged=True)[:2]) == (free, charged)
    part = next(period for period in found if period.is_charged)
    used, whole = (part.end - part.start).days, (part.whole_end - part.whole_start).days
    assert (used, whole) == ((17, 31) if anchor == "START" else (28, 28))
    assert [period.begins_phase for period in found][:2] == [False, True]  # what is charged once comes with the first charge


def test_intervals_are_counted_from_the_billing_day_that_was_agreed() -> None:
    found = of(Life(anchor_on=day("2027-06-10")), "2027-01-20", "2027-04-01")
    assert spans(found) == [("2027-01-20", "2027-02-10"), ("2027-02-10", "2027-03-10"), ("2027-03-10", "2027-04-10")]
    assert (found[0].whole_start, found[0].is_whole, found[1].is_whole) == (day("2027-01-10"), False, True)
    ends = of(Life(anchor_on=day("2027-01-31")), "2027-02-10", "2027-06-01")
    assert [str(period.start) for period in ends] == ["2027-02-10", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]


def test_a_postponed_interval_begins_later_and_others_are_counted_from_it() -> None:
    found = of(Life(postponements=(Postponement(since=day("2027-03-01"), until=day("2027-06-15")),)), until="2027-08-20")
    assert spans(found, charged=True) == [
        ("2027-01-01", "2027-02-01"),
        ("2027-02-01", "2027-03-01"),
        ("2027-06-15", "2027-07-15"),
        ("2027-07-15", "2027-08-15"),
        ("2027-08-15", "2027-09-15"),
    ]
    assert spans(found, charged=False)[-1] == ("2027-06-01", "2027-06-15")


@pytest.mark.parametrize(
    ("plan", "start", "anchor", "expected"),
    [
        # billed through 9 May, then together with one of the first of a month: 22 of 31 days
        (MONTHLY, "2027-03-10", "2027-06-01", ("2027-05-10", "2027-06-01", 22, 31)),
        (MONTHLY, "2027-03-10", "2027-01-01", ("2027-05-10", "2027-06-01", 22, 31)),
        (MONTHLY, "2027-03-10", "2027-05-25", ("2027-05-10", "2027-05-25", 15, 30)),
        # it is billed on that day already
        (MONTHLY, "2027-03-10", "2027-05-10", ("2027-05-10", "2027-06-10", 31, 31)),
        # a year that was counted from 10 May 2026 on
        (a_plan(8, "YEAR"), "2026-05-10", "2027-07-01", ("2027-05-10", "2027-07-01", 52, 365)),
        (a_plan(9, "WEEK", 2), "2027-03-01", "2027-05-13", ("2027-05-10", "2027-05-13", 3, 14)),
    ],
)
def test_the_first_part_of_an_aligned_contract_is_pro_rata_to_the_day(plan: Plan, start: str, anchor: str, expected: Any) -> None:
    life = Life(alignments=(Alignment(since=day("2027-05-10"), anchor_on=day(anchor)),))
    until = day("2029-01-01")
    found = billing_periods(plan, day(start), None, None, day(start), until, life)
    before = billing_periods(plan, day(start), None, None, day(start), day("2027-05-10"))
    assert found[: len(before)] == before  # what was looked at stays
    part = found[len(before)]
    days, whole = (part.end - part.start).days, (part.whole_end - part.whole_start).days
    assert (str(part.start), str(part.end), days, whole) == expected
    assert all(period.is_whole for period in found[len(before) + 1 :])


def test_between_an_end_and_a_new_beginning_there_is_no_period() -> None:
    life = Life(former_ends=(FormerEnd(ended_on=day("2027-02-15"), restarts_on=day("2027-04-20"), phase_ident="p-1"),))
    found = of(life, until="2027-06-01")
    assert spans(found) == [
        ("2027-01-01", "2027-02-01"),
        ("2027-02-01", "2027-02-15"),
        ("2027-04-20", "2027-05-20"),
        ("2027-05-20", "2027-06-20"),
    ]
    assert [period.begins_phase for period in found] == [True, False, False, False]
    assert period_at(MONTHLY.content, day("2027-01-01"), None, day("2027-03-01"), life) is None


def test_who_gives_notice_in_a_trial_is_bound_to_no_term() -> None:
    plan = a_plan(2, term_duration={"value": 1, "unit": "YEAR"}, term_sync=False, transition={"type": "AUTO_RENEWAL"})
    life = Life(trial=Trial(until=day("2027-02-03")))
    assert ordinary_end(plan.content, day("2027-01-20"), day("2027-02-02"), life) == day("2027-02-03")
    # terms are counted from the end of the trial
    assert ordinary_end(plan.content, day("2027-01-20"), day("2027-02-03"), life) == day("2028-02-03")


PLANS = [
    MONTHLY,
    a_plan(3, "WEEK", 2, "INTERVAL_END"),
    a_plan(4, "YEAR", 1),
    a_plan(5, "QUARTER", 1, config={"sync_billing_to_billing_interval_unit": True}),
    a_plan(6, term_duration={"value": 5, "unit": "MONTH"}, term_sync=False, transition={"type": "AUTO_RENEWAL"}),
]
DAYS = st.integers(0, 900).map(lambda n: day("2027-01-01") + n * DAY)


@st.composite
def lives(draw: Any) -> tuple[Plan, dt.date, Life]:
    """Whatever the operations can make: days in order, pauses that do not overlap."""
    plan, start = draw(st.sampled_from(PLANS)), draw(DAYS)
    cuts = sorted(draw(st.sets(st.integers(1, 800), max_size=8)))
    at = [start + n * DAY for n in cuts]
    trial = postponements = None
    if at and draw(st.booleans()):
        trial = Trial(until=at.pop(0), anchor=draw(st.sampled_from(("END", "START"))))
    former: list[FormerEnd] = []
    pauses: list[Pause] = []
    moved: list[Postponement] = []
    aligned: list[Alignment] = []
    while len(at) >= 2:
        since, until = at.pop(0), at.pop(0)
        kind = draw(st.sampled_from(("pause", "pause", "end", "move", "align")))
        if kind == "end":
            former.append(FormerEnd(ended_on=since, restarts_on=until, phase_ident="p-1"))
        elif kind == "align":
            aligned.append(Alignment(since=since, anchor_on=draw(DAYS)))
        elif kind == "move":
            moved.append(Postponement(since=since, until=until))
        else:
            missed, usages = draw(st.sampled_from(("BILL_MISSED", "IGNORE"))), draw(st.sampled_from(("BILLED", "WITHHELD")))
            pauses.append(Pause(since=since, counts_from=since, until=until, missed=missed, usages=usages))
    anchor = draw(st.none() | DAYS)
    postponements = tuple(moved)
    return (
        plan,
        start,
        Life(
            trial=trial,
            anchor_on=anchor,
            pauses=tuple(pauses),
            postponements=postponements,
            alignments=tuple(aligned),
            former_ends=tuple(former),
        ),
    )


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from((0, 1, 2, 3)), DAYS), min_size=1, max_size=4), DAYS)
def test_parts_of_intervals_sum_to_the_days_of_the_contract(moves: Any, start: dt.date) -> None:
    """However often contracts are aligned: the shares of one whole interval that are charged are never more than the whole, those that
    partition it are the whole, and each day is in one part."""
    plan, aligned, since = MONTHLY, list[Alignment](), start
    for skipped, anchor in moves:
        life = Life(alignments=tuple(aligned))
        periods = billing_periods(plan, start, None, None, since, since + 400 * DAY, life)
        since = periods[skipped].end
        aligned.append(Alignment(since=since, anchor_on=anchor))
    until = start + 1100 * DAY
    found = billing_periods(plan, start, None, None, start, until, Life(alignments=tuple(aligned)))
    shares: dict[tuple[dt.date, dt.date], Fraction] = {}
    covered: dict[tuple[dt.date, dt.date], int] = {}
    for one in found:
        key = one.whole_start, one.whole_end
        whole = (one.whole_end - one.whole_start).days
        shares[key] = shares.get(key, Fraction(0)) + Fraction((one.end - one.start).days, whole)
        covered[key] = covered.get(key, 0) + (one.end - one.start).days
    for (whole_start, whole_end), share in shares.items():
        assert share <= 1
        assert (share == 1) == (covered[whole_start, whole_end] == (whole_end - whole_start).days)
    assert sum((one.end - one.start).days for one in found) == (found[-1].end - start).days


@settings(max_examples=300, deadline=None)
@given(lives())
def test_periods_never_overlap_and_leave_no_hole_but_where_the_contract_had_ended(given_life: Any) -> None:
    plan, start, life = given_life
    until = start + 1100 * DAY
    found = billing_periods(plan, start, None, None, start, until, life)
    holes = [(one.end, two.start) for one, two in itertools.pairwise(found) if one.end != two.start]
    assert holes == [(one.ended_on, one.restarts_on) for one in life.former_ends]
    assert all(period.start < period.end and period.whole_start <= period.start for period in found)
    assert all(period.end <= period.whole_end for period in found)
    # what can be proposed later is never proposed before what precedes it
    assert [period.opens for period in found] == sorted(period.opens for period in found)
    for period in found[:40]:
        for one in (period.start, period.end - DAY):
            assert period_at(plan.content, start, None, one, life) == period
    # found from anywhere as from the beginning
    middle = start + 500 * DAY
    assert billing_periods(plan, start, None, None, middle, until, life) == tuple(p for p in found if p.start >= middle)


@settings(max_examples=200, deadline=None)
@given(lives())
def test_billing_what_was_missed_leaves_nothing_out_and_ignoring_it_what_began_while_paused(given_life: Any) -> None:
    plan, start, life = given_life
    until = start + 1100 * DAY
    never = billing_periods(plan, start, None, None, start, until, Life(**{**_fields(life), "pauses": ()}))
    for missed in ("BILL_MISSED", "IGNORE"):
        pauses = tuple(Pause(**{**_fields(one), "missed": missed}) for one in life.pauses)
        found = billing_periods(plan, start, None, None, start, until, Life(**{**_fields(life), "pauses": pauses}))
        assert spans(found) == spans(never)
        out = {period.start for period in never if period.is_charged} - {period.start for period in found if period.is_charged}
        began = {
            period.start
            for period in never
            for pause in pauses
            if period.is_charged and pause.until is not None and pause.since <= period.start and period.end <= pause.until
        }
        assert out == (began if missed == "IGNORE" else set())


@settings(max_examples=100, deadline=None)
@given(lives())
def test_days_without_charge_are_those_of_no_charged_period(given_life: Any) -> None:
    plan, start, life = given_life
    until = start + 1100 * DAY
    free = spans_without_charge(plan, start, None, until, life)
    charged = [(p.start, p.end) for p in billing_periods(plan, start, None, None, start, until, life) if p.is_charged]
    assert all(two[0] > one[1] for one, two in itertools.pairwise(free))
    assert not any(since < end and begin < stop for since, stop in free for begin, end in charged)
    days = sum((min(end, until) - begin).days for begin, end in (*free, *charged))
    assert Fraction(days) == (until - start).days


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: str(plan.plan_id))
def test_without_a_life_of_its_own_everything_is_as_the_plan_says(plan: Plan) -> None:
    start, until = day("2027-01-31"), day("2030-01-01")
    plain = billing_periods(plan, start, None, None, start, until)
    assert billing_periods(plan, start, None, None, start, until, Life()) == plain
    for n in range(0, 900, 7):
        assert period_at(plan.content, start, None, start + n * DAY, Life()) == period_at(
            plan.content, start, None, start + n * DAY
        )


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__struct_fields__}


RENEWED = {
    "term_duration": {"value": 1, "unit": "MONTH"},
    "term_sync": False,
    "notice_period": {"value": 1, "unit": "DAY"},
    "transition": {"type": "AUTO_RENEWAL"},
}


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        pytest.param(
            Life(anchor_on=day("2027-01-15")),
            [
                ("2027-01-01", "2027-01-15"),
                ("2027-01-15", "2027-02-15"),
                ("2027-02-15", "2027-03-15"),
                ("2027-03-15", "2027-04-15"),
            ],
            id="counted from a day of their own",
        ),
        pytest.param(
            Life(postponements=(Postponement(since=day("2027-02-01"), until=day("2027-02-10")),)),
            [("2027-01-01", "2027-02-01"), ("2027-02-10", "2027-03-10"), ("2027-03-10", "2027-04-10")],
            id="postponed",
        ),
        pytest.param(
            Life(
                postponements=(Postponement(since=day("2027-02-01"), until=day("2027-02-10")),),
                former_ends=(FormerEnd(ended_on=day("2027-03-01"), restarts_on=day("2027-03-05"), phase_ident="p-1"),),
            ),
            [("2027-01-01", "2027-02-01"), ("2027-02-10", "2027-03-01"), ("2027-03-05", "2027-04-05")],
            id="an end cuts it all the same",
        ),
    ],
)
def test_a_renewed_term_does_not_cut_an_interval_in_two(life: Life, expected: list[tuple[str, str]]) -> None:
    plan = a_plan(7, **RENEWED)
    found = of(life, until="2027-04-01", plan=plan)
    assert spans(found, charged=True) == expected
    for period in found:
        assert period_at(plan.content, day("2027-01-01"), None, period.end - DAY, life) == period
    assert all(
        of(life, until=until, plan=plan) == found[: len(of(life, until=until, plan=plan))] for until in ("2027-02-11", "2027-03-11")
    )
