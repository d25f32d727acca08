"""Phases, periods, parts of periods and ends: worked example 9, month ends, leap days, clocks of three zones."""

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contor.catalogue.types import Duration, PendingContractTerms, Plan, PlanContent
from contor.contracts.calendar import (
    BillingPeriod,
    add,
    billing_periods,
    extraordinary_end,
    instant,
    ordinary_end,
    part_of,
    pending_end,
    performance,
    period_at,
    phase_runs,
    why_not_adaptable,
    why_not_terminable,
)
from contor.contracts.calendar.periods import boundary, count_until
from contor.contracts.calendar.proration import credit_for_early_end, next_part, partial_supplies
from contor.runtime.execute import validated

D = Decimal
FAR = dt.date(2100, 1, 1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def every(value: int, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit}


def a_plan(*phases: dict[str, Any], interval: dict[str, Any] | None = None, **config: Any) -> Plan:
    billing = {"billing_interval": interval or every(1, "MONTH"), **config}
    made = [{"ident": f"p-{n}", "name": "Phase", "billing_config": billing, **phase} for n, phase in enumerate(phases or ({},), 1)]
    return Plan(plan_id=1, plan_ident="plan", content=validated(PlanContent, {"name": "Plan", "phases": made}))


def periods(plan: Plan, start: str, until: str, end: str | None = None, since: str | None = None, billing: str | None = None):
    return billing_periods(
        plan, day(start), day(billing) if billing else None, day(end) if end else None, day(since or start), day(until)
    )


def spans(found: tuple[BillingPeriod, ...]) -> list[tuple[str, str]]:
    return [(period.start.isoformat(), period.end.isoformat()) for period in found]


@pytest.mark.parametrize(
    ("anchor", "interval", "expected"),
    [
        ("2027-01-31", ("MONTH", 1), ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30"]),
        ("2028-02-29", ("YEAR", 1), ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]),
        ("2026-11-30", ("QUARTER", 1), ["2026-11-30", "2027-02-28", "2027-05-30"]),
        ("2026-02-15", ("WEEK", 2), ["2026-02-15", "2026-03-01", "2026-03-15"]),
    ],
)
def test_days_are_counted_from_the_original_one(anchor: str, interval: tuple[Any, int], expected: list[str]) -> None:
    duration = Duration(value=interval[1], unit=interval[0])
    assert [add(day(anchor), n, duration).isoformat() for n in range(len(expected))] == expected
    assert [count_until(day(anchor), day(text), duration) for text in expected] == list(range(len(expected)))


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("2026-02-15", "QUARTER", "2026-01-01"),
        ("2026-12-31", "HALF_YEAR", "2026-07-01"),
        ("2026-08-15", "YEAR", "2026-01-01"),
        ("2026-11-22", "WEEK", "2026-11-16"),
        ("2026-11-23", "WEEK", "2026-11-23"),
        ("2026-03-01", "MONTH", "2026-03-01"),
    ],
)
def test_calendar_boundaries(text: str, unit: Any, expected: str) -> None:
    assert boundary(day(text), Duration(value=1, unit=unit)) == day(expected)


@pytest.mark.parametrize(
    ("year", "day_count", "first", "used", "credit"),
    [
        (2026, "ACT_ACT", "45.00", "24.00", "21.00"),
        (2028, "ACT_ACT", "45.49", "24.73", "20.76"),
        (2026, "30E_360", "46.00", "26.00", "20.00"),
    ],
)
def test_9_a_quarter_on_the_calendar_that_ends_early(year: int, day_count: Any, first: str, used: str, credit: str) -> None:
    quarter = every(1, "QUARTER")
    plan = a_plan(interval=quarter, sync_billing_to_billing_interval_unit=True)
    (period,) = periods(plan, f"{year}-02-15", f"{year}-03-31")
    assert spans((period,)) == [(f"{year}-02-15", f"{year}-04-01")]
    interval = plan.content.phases[0].billing_config.billing_interval
    billed = part_of(D(90), period, interval, day_count, "EUR")
    assert billed == D(first)
    end = extraordinary_end(dt.date(year, 3, 10), FAR)
    assert part_of(D(90), period._replace(end=end), interval, day_count, "EUR") == D(used)
    assert credit_for_early_end(billed, D(90), period, end, interval, day_count, "EUR") == D(credit)


def test_act_365_counts_a_twelfth_of_the_year_for_a_month() -> None:
    (period,) = periods(a_plan(), "2026-02-01", "2026-02-02", end="2026-02-16")
    month = Duration(value=1, unit="MONTH")
    assert part_of(D("365.00"), period, month, "ACT_365", "EUR") == D("180.00")  # 15 days of 365/12


@pytest.mark.parametrize(
    ("price", "interval", "start", "end", "amount"),
    [
        ("600.00", every(1, "HALF_YEAR"), "2026-07-02", None, "600.00"),  # 183 days of 182.5
        ("1000.00", every(1, "HALF_YEAR"), "2026-07-02", None, "1000.00"),
        ("1000.00", every(1, "HALF_YEAR"), "2026-07-03", None, "997.26"),
        ("365.00", every(1, "QUARTER"), "2026-07-01", "2026-09-30", "364.00"),  # 91 days of 91.25
        ("99.99", every(1, "YEAR"), "2028-01-02", None, "99.99"),  # 365 days of a leap year
    ],
)
def test_a_part_never_costs_more_than_the_whole(price: str, interval: Any, start: str, end: str | None, amount: str) -> None:
    plan = a_plan(interval=interval, sync_billing_to_billing_interval_unit=True)
    (period,) = periods(plan, start, start[:4] + "-12-31" if end is None else start[:4] + "-09-15", end=end)[:1]
    found = part_of(D(price), period, plan.content.phases[0].billing_config.billing_interval, "ACT_365", "EUR")
    assert found == D(amount)
    for days in range(1, (period.end - period.start).days):  # what is given back when it ends early is never negative
        early = period.start + dt.timedelta(days=days)
        interval_of = plan.content.phases[0].billing_config.billing_interval
        assert 0 <= credit_for_early_end(found, D(price), period, early, interval_of, "ACT_365", "EUR") <= found


def test_parts_of_an_interval_add_up_to_its_price() -> None:
    first = next_part(D(100), [31], D(90), [], "EUR")
    second = next_part(D(100), [31, 28], D(90), [first], "EUR")
    third = next_part(D(100), [31, 28, 31], D(90), [first, second], "EUR")
    assert (first, second, third) == (D("34.44"), D("31.11"), D("34.45"))


def test_partial_supplies_of_a_quarter() -> None:
    parts = partial_supplies(D("100.00"), day("2027-01-01"), day("2027-04-01"), "EUR")
    assert [part for _, _, part in parts] == [D("33.34"), D("33.33"), D("33.33")]
    begun = partial_supplies(D("45.00"), day("2026-02-15"), day("2026-04-01"), "EUR")
    assert [(start.isoformat(), end.isoformat(), part) for start, end, part in begun] == [
        ("2026-02-15", "2026-03-01", D("15.00")),
        ("2026-03-01", "2026-04-01", D("30.00")),
    ]


def test_periods_of_a_contract_that_begins_on_the_last_day_of_a_month() -> None:
    found = periods(a_plan(), "2027-01-31", "2027-06-01")
    assert spans(found) == [
        ("2027-01-31", "2027-02-28"),
        ("2027-02-28", "2027-03-31"),
        ("2027-03-31", "2027-04-30"),
        ("2027-04-30", "2027-05-31"),
        ("2027-05-31", "2027-06-30"),
    ]
    assert all(period.is_whole for period in found)
    assert [period.begins_phase for period in found] == [True, False, False, False, False]


def test_periods_asked_for_piece_by_piece_are_the_same() -> None:
    plan = a_plan(interval=every(1, "QUARTER"), sync_billing_to_billing_interval_unit=True)
    whole = periods(plan, "2026-02-15", "2028-01-01", end="2027-08-10")
    pieces: tuple[BillingPeriod, ...] = ()
    since = day("2026-02-15")
    while since < day("2028-01-01"):
        later = since + dt.timedelta(days=17)
        pieces += billing_periods(plan, day("2026-02-15"), None, day("2027-08-10"), since, min(later, day("2028-01-01")))
        since = later
    assert pieces == whole
    assert spans(whole)[0] == ("2026-02-15", "2026-04-01")
    assert spans(whole)[-1] == ("2027-07-01", "2027-08-10")


@pytest.mark.parametrize(
    ("timing", "enforced", "dues"),
    [
        ("INTERVAL_START", False, ["2026-02-15", "2026-04-01", "2026-07-01"]),
        ("INTERVAL_START", True, ["2026-04-01", "2026-04-01", "2026-07-01"]),
        ("INTERVAL_END", False, ["2026-04-01", "2026-07-01", "2026-08-11"]),
        ("INTERVAL_END", True, ["2026-04-01", "2026-07-01", "2026-10-01"]),
    ],
)
def test_when_bills_are_due(timing: str, enforced: bool, dues: list[str]) -> None:
    plan = a_plan(
        interval=every(1, "QUARTER"),
        timing=timing,
        sync_billing_to_billing_interval_unit=True,
        enforce_billing_period_sync=enforced,
    )
    found = periods(plan, "2026-02-15", "2027-01-01", end="2026-08-11")
    assert [period.due_on.isoformat() for period in found] == dues


def test_take_over_begins_with_the_next_full_period() -> None:
    assert spans(periods(a_plan(), "2025-03-15", "2026-03-01", billing="2026-01-01")) == [
        ("2026-01-15", "2026-02-15"),
        ("2026-02-15", "2026-03-15"),
    ]


MONTH3, YEAR = every(3, "MONTH"), every(1, "YEAR")
TRIAL = {"term_duration": MONTH3, "term_sync": False, "transition": {"type": "NEXT_PHASE", "to_phase": "p-2"}}
RENEWED = {"term_duration": YEAR, "term_sync": False, "notice_period": every(1, "MONTH"), "transition": {"type": "AUTO_RENEWAL"}}
COUNTED = {
    "term_duration": every(1, "MONTH"),
    "term_sync": False,
    "transition": {"type": "NEXT_PHASE_AFTER_MULTIPLE_ITERATION", "counter": 2, "to_phase": "p-2"},
}


def runs(plan: Plan, start: str, count: int) -> list[tuple[str, int, str, str]]:
    found = zip(range(count), phase_runs(plan.content, day(start)), strict=False)
    return [(run.phase.ident, run.iteration, run.start.isoformat(), run.end.isoformat()) for _, run in found]


def test_phases_follow_each_other() -> None:
    assert runs(a_plan(TRIAL, RENEWED), "2026-01-31", 3) == [
        ("p-1", 1, "2026-01-31", "2026-04-30"),
        ("p-2", 1, "2026-04-30", "2027-04-30"),
        ("p-2", 2, "2027-04-30", "2028-04-30"),
    ]
    assert runs(a_plan(COUNTED, {}), "2026-01-31", 9) == [
        ("p-1", 1, "2026-01-31", "2026-02-28"),
        ("p-1", 2, "2026-02-28", "2026-03-31"),
        ("p-2", 1, "2026-03-31", "9999-12-31"),
    ]
    renews = {**RENEWED, "transition": {"type": "AUTO_RENEWAL", "to_phase": "p-2"}}
    assert [run[:2] for run in runs(a_plan(renews, {}), "2026-01-31", 3)] == [("p-1", 1), ("p-1", 2), ("p-1", 3)]
    nowhere = {**TRIAL, "transition": {"type": "NEXT_PHASE"}}
    assert [run[:2] for run in runs(a_plan(nowhere, {}), "2026-01-31", 3)] == [("p-1", 1), ("p-1", 2), ("p-1", 3)]
    ends = a_plan({"term_duration": YEAR})
    assert runs(ends, "2026-02-15", 5) == [("p-1", 1, "2026-02-15", "2027-01-01")]  # on the calendar, and then it ends
    assert spans(periods(ends, "2026-11-15", "2027-06-01")) == [("2026-11-15", "2026-12-15"), ("2026-12-15", "2027-01-01")]


@pytest.mark.parametrize(
    ("plan", "notice", "end"),
    [
        (a_plan(RENEWED), "2026-03-31", "2026-05-01"),  # one month before the end of the term, exactly
        (a_plan(RENEWED), "2026-04-02", "2027-05-01"),
        (a_plan(TRIAL, RENEWED), "2025-05-02", "2025-08-01"),
        (a_plan({"notice_period": every(14, "DAY")}), "2026-05-02", "2026-05-17"),
        (a_plan({"notice_period": every(1, "MONTH")}), "2026-12-15", "2027-01-16"),
        (a_plan({"notice_period": every(1, "MONTH")}), "2027-01-31", "2027-03-01"),
        (a_plan({"notice_period": every(2, "WEEK")}), "2028-02-15", "2028-03-01"),
        (a_plan({}), "2026-12-01", "2026-12-02"),
        (a_plan({"term_duration": YEAR, "term_sync": False}), "2027-01-01", "2026-05-01"),
    ],
)
def test_an_ordinary_termination_falls_on_the_end_of_a_term(plan: Plan, notice: str, end: str) -> None:
    assert ordinary_end(plan.content, day("2025-05-01"), day(notice)) == day(end)


def test_a_period_says_how_long_after_it_is_due_it_waits() -> None:
    (waits,) = periods(a_plan(delay_in_seconds=7200, timing="INTERVAL_END_WITH_DELAY"), "2026-01-01", "2026-01-31")
    (at_once,) = periods(a_plan(), "2026-01-01", "2026-01-31")
    assert (waits.delay_seconds, at_once.delay_seconds) == (7200, 0)


@pytest.mark.parametrize(("year", "last"), [(2023, 28), (2024, 29), (2100, 28), (2000, 29)])
def test_the_last_day_of_february(year: int, last: int) -> None:
    month = Duration(value=1, unit="MONTH")
    assert add(dt.date(year, 1, 31), 1, month) == dt.date(year, 2, last)


@pytest.mark.parametrize(
    ("start", "end", "today", "performing"),
    [
        (None, None, "2026-01-01", "PENDING_START"),
        ("2026-01-02", None, "2026-01-01", "PENDING_START"),
        ("2026-01-01", None, "2026-01-01", "RUNNING"),
        ("2026-01-01", "2026-01-02", "2026-01-01", "RUNNING"),
        ("2026-01-01", "2026-01-02", "2026-01-02", "ENDED"),
        ("2026-03-01", "2026-03-01", "2026-01-01", "ENDED"),
        ("2026-03-01", "2026-02-01", "2026-01-01", "ENDED"),
        ("2026-03-01", "2026-04-01", "2026-01-01", "PENDING_START"),
        (None, "2026-04-01", "2026-01-01", "PENDING_START"),
        (None, "2026-01-01", "2026-01-01", "ENDED"),
    ],
)
def test_what_a_contract_does_on_a_day(start: str | None, end: str | None, today: str, performing: str) -> None:
    """Ends are exclusive; what was cancelled before it began has ended on every day."""
    assert performance(day(start) if start else None, day(end) if end else None, day(today)) == performing


@pytest.mark.parametrize(
    ("notice", "end"),
    [
        ("2026-03-31", "2026-05-01"),
        ("2026-04-01", "2027-05-01"),
        ("2026-04-02", "2027-05-01"),
        ("2025-01-01", "2026-05-01"),
    ],
)
def test_a_notice_that_comes_just_in_time(notice: str, end: str) -> None:
    """One month before the end of a term, which is served in full (the end is exclusive)."""
    assert ordinary_end(a_plan(RENEWED).content, day("2025-05-01"), day(notice)) == day(end)


@pytest.mark.parametrize(
    ("months", "notice", "end"),
    [
        (3, "2026-09-30", "2027-01-01"),
        (3, "2026-10-01", "2028-01-01"),
        (6, "2026-06-30", "2027-01-01"),
        (6, "2026-07-01", "2028-01-01"),
    ],
)
def test_188_bgb_the_last_day_of_the_notice_period_is_the_last_of_the_term_at_the_latest(
    months: int, notice: str, end: str
) -> None:
    plan = a_plan({**RENEWED, "notice_period": every(months, "MONTH")}).content
    assert ordinary_end(plan, day("2026-01-01"), day(notice)) == day(end)


def test_a_term_without_notice_period_ends_behind_the_day_of_the_notice() -> None:
    renews = {"term_duration": every(1, "MONTH"), "term_sync": False, "transition": {"type": "AUTO_RENEWAL"}}
    plan = a_plan(renews).content
    found = [ordinary_end(plan, day("2026-01-01"), day(notice)) for notice in ("2026-01-31", "2026-02-01", "2026-02-02")]
    assert found == [day("2026-02-01"), day("2026-03-01"), day("2026-03-01")]


@pytest.mark.parametrize(
    ("kind", "end", "start", "wanted", "code"),
    [
        (None, "2026-05-01", "2026-01-01", "2026-04-01", "contract_not_terminated"),
        ("CANCELLED", "2026-05-01", "2026-01-01", "2026-04-01", "contract_not_terminated"),
        ("ORDINARY", None, "2026-01-01", "2026-04-01", "contract_not_terminated"),
        ("ORDINARY", "2026-05-01", "2026-01-01", "2026-05-01", None),
        ("ORDINARY", "2026-05-01", "2026-01-01", "2026-05-02", "end_not_earlier"),
        ("ORDINARY", "2026-05-01", "2026-01-01", "2026-01-01", None),
        ("ORDINARY", "2026-05-01", "2026-01-01", "2025-12-31", "end_before_start"),
        ("ORDINARY", "2026-05-01", None, "2025-12-31", None),
    ],
)
def test_an_end_moves_to_an_earlier_day_only(
    kind: str | None, end: str | None, start: str | None, wanted: str, code: str | None
) -> None:
    found = why_not_adaptable(kind, day(end) if end else None, day(start) if start else None, day(wanted))
    assert [problem.code for problem in found] == ([] if code is None else [code])
    if code in ("end_not_earlier", "end_before_start"):
        assert found[0].rejected_value == day(wanted) - dt.timedelta(days=1)  # the last day, as callers say it


@pytest.mark.parametrize(
    ("kind", "performing", "code"),
    [
        (None, "RUNNING", None),
        (None, "PENDING_START", None),
        (None, "ENDED", "contract_ended"),
        ("CANCELLED", "ENDED", "contract_cancelled"),
        ("ORDINARY", "RUNNING", "contract_already_terminated"),
    ],
)
def test_a_contract_is_terminated_once(kind: str | None, performing: Any, code: str | None) -> None:
    assert [problem.code for problem in why_not_terminable(kind, performing)] == ([] if code is None else [code])


def test_ends() -> None:
    assert pending_end(PendingContractTerms(notice_period=Duration(value=1, unit="MONTH")), day("2026-01-31")) == day("2026-03-01")
    assert extraordinary_end(None, day("2026-03-10")) == day("2026-03-11")
    assert performance(None, None, FAR) == "PENDING_START"
    assert performance(day("2026-01-01"), None, day("2026-01-01")) == "RUNNING"
    assert performance(day("2026-01-01"), day("2026-02-01"), day("2026-02-01")) == "ENDED"
    assert [p.code for p in why_not_terminable("ORDINARY", "RUNNING")] == ["contract_already_terminated"]
    assert [p.code for p in why_not_terminable(None, "ENDED")] == ["contract_ended"]
    assert why_not_terminable(None, "RUNNING") == []
    start, end = day("2026-01-01"), day("2026-07-01")
    assert [p.code for p in why_not_adaptable(None, None, start, end)] == ["contract_not_terminated"]
    assert [p.code for p in why_not_adaptable("ORDINARY", end, start, day("2026-07-02"))] == ["end_not_earlier"]
    assert [p.code for p in why_not_adaptable("ORDINARY", end, start, day("2025-12-31"))] == ["end_before_start"]
    assert why_not_adaptable("ORDINARY", end, start, day("2026-03-01")) == []


@pytest.mark.parametrize(
    ("zone", "text", "expected"),
    [
        ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00+00:00"),
        ("Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00+00:00"),
        ("Europe/Berlin", "2026-10-26", "2026-10-25T23:00:00+00:00"),
        ("America/New_York", "2026-03-09", "2026-03-09T04:00:00+00:00"),
        ("Pacific/Auckland", "2027-01-01", "2026-12-31T11:00:00+00:00"),
    ],
)
def test_a_day_begins_at_local_midnight(zone: str, text: str, expected: str) -> None:
    assert instant(day(text), ZoneInfo(zone)).isoformat() == expected


@pytest.mark.parametrize("config", [{}, {"sync_billing_to_billing_interval_unit": True}])
@pytest.mark.parametrize("interval", [every(1, "MONTH"), every(1, "QUARTER"), every(10, "DAY")])
def test_every_day_has_its_period(interval: dict[str, Any], config: dict[str, Any]) -> None:
    """The one among all periods that the day lies in; none before the start and after the end."""
    trial = {"term_duration": every(1, "MONTH"), "term_sync": False, "transition": {"type": "NEXT_PHASE", "to_phase": "p-2"}}
    plan = a_plan(trial, {}, interval=interval, **config)
    start, end = day("2026-01-31"), day("2026-12-10")
    found = periods(plan, "2026-01-31", "2027-01-01", "2026-12-10")
    for number in range((end - start).days):
        one = start + dt.timedelta(days=number)
        assert period_at(plan.content, start, end, one) == next(p for p in found if p.start <= one < p.end)
    assert period_at(plan.content, start, end, end) is None
    assert period_at(plan.content, start, None, start - dt.timedelta(days=1)) is None


def test_a_contract_that_ends_by_itself_has_no_later_period() -> None:
    plan = a_plan({"term_duration": every(1, "MONTH"), "term_sync": False})
    assert period_at(plan.content, day("2026-01-31"), None, day("2026-02-27")) is not None
    assert period_at(plan.content, day("2026-01-31"), None, day("2026-02-28")) is None
