"""On which day is collected (money reference 2.3): TARGET, lead time, cut-off, pre-notification, at most 14 days ahead."""

import datetime as dt
from typing import Any

import pytest
from tests.factories.sepa import NOW, our_account

from contor.kernel.days import is_target_day, next_target_day
from contor.payments.sepa import Notice, bank_day, collection_date, execution_date, notice_of

BERLIN = dt.timezone(dt.timedelta(hours=1))


def at(day: int, hour: int, month: int = 12) -> dt.datetime:
    """In Berlin, in winter."""
    return dt.datetime(2026, month, day, hour, tzinfo=BERLIN)


def test_m16_a_collection_due_on_christmas_is_made_on_the_monday_after() -> None:
    found = collection_date(dt.date(2026, 12, 25), at(14, 9), our_account().settings)
    assert (found.on, found.moved) == (dt.date(2026, 12, 28), "CLOSED_DAY")


@pytest.mark.parametrize(
    ("day", "opened"),
    [
        ("2026-01-01", False),
        ("2026-04-03", False),
        ("2026-04-06", False),
        ("2026-05-01", False),
        ("2026-05-14", True),
        ("2026-10-03", False),
        ("2025-10-03", True),
        ("2026-12-24", True),
        ("2026-12-25", False),
        ("2028-12-26", False),
        ("2026-12-31", True),
        ("2026-12-05", False),
        ("2026-12-06", False),
    ],
)
def test_target_is_open_but_for_weekends_and_six_days(day: str, opened: bool) -> None:
    assert is_target_day(dt.date.fromisoformat(day)) is opened


def test_so_many_open_days_later() -> None:
    thursday = dt.date(2026, 4, 2)  # before Good Friday
    assert [next_target_day(thursday, n) for n in range(3)] == [thursday, dt.date(2026, 4, 7), dt.date(2026, 4, 8)]


@pytest.mark.parametrize(
    ("now", "taken"),
    [
        (at(1, 11), dt.date(2026, 12, 1)),
        (at(1, 12), dt.date(2026, 12, 2)),
        (at(4, 13), dt.date(2026, 12, 7)),  # Friday after the cut-off
        (at(5, 9), dt.date(2026, 12, 7)),  # Saturday
        (dt.datetime(2026, 12, 1, 10, 59, tzinfo=dt.UTC), dt.date(2026, 12, 1)),
        (dt.datetime(2026, 12, 1, 11, 0, tzinfo=dt.UTC), dt.date(2026, 12, 2)),
        (dt.datetime(2026, 7, 1, 10, 0, tzinfo=dt.UTC), dt.date(2026, 7, 2)),  # 12:00 in summer
    ],
)
def test_the_cut_off_is_in_the_banks_zone_on_an_open_day(now: dt.datetime, taken: dt.date) -> None:
    assert bank_day(now, our_account().settings) == taken


@pytest.mark.parametrize(
    ("settings", "due", "on", "moved"),
    [
        ({}, dt.date(2026, 11, 1), dt.date(2026, 12, 2), "LEAD_TIME"),
        ({}, dt.date(2026, 12, 1), dt.date(2026, 12, 2), "LEAD_TIME"),
        ({}, dt.date(2026, 12, 2), dt.date(2026, 12, 2), None),
        ({"lead_days": 5}, dt.date(2026, 12, 1), dt.date(2026, 12, 8), "LEAD_TIME"),
        ({"lead_days": 0}, dt.date(2026, 12, 1), dt.date(2026, 12, 1), None),
        ({"cut_off_hour": 9}, dt.date(2026, 12, 1), dt.date(2026, 12, 3), "LEAD_TIME"),
        ({"time_zone": "Asia/Tokyo"}, dt.date(2026, 12, 1), dt.date(2026, 12, 3), "LEAD_TIME"),
        ({}, dt.date(2026, 12, 5), dt.date(2026, 12, 7), "CLOSED_DAY"),
    ],
)
def test_the_due_date_or_what_the_lead_time_allows(settings: dict[str, Any], due: dt.date, on: dt.date, moved: str | None) -> None:
    found = collection_date(due, NOW, our_account(**settings).settings)
    assert (found.on, found.moved, found.waits(NOW.date())) == (on, moved, False)


def test_a_notice_that_is_too_short_moves_the_day() -> None:
    settings = our_account().settings
    found = collection_date(dt.date(2026, 12, 2), NOW, settings, Notice(dt.date(2026, 11, 25), 14))
    assert (found.on, found.moved) == (dt.date(2026, 12, 9), "PRE_NOTIFICATION")
    found = collection_date(dt.date(2026, 12, 2), NOW, settings, Notice(dt.date(2026, 11, 25), 2))
    assert (found.on, found.moved) == (dt.date(2026, 12, 2), None)


def test_what_the_mandate_agrees_on_goes_before_what_the_account_says() -> None:
    settings = our_account(pre_notification_days=7).settings
    given = dt.date(2026, 12, 1)
    assert [notice_of(given, agreed, settings).days for agreed in (None, 0, 2)] == [7, 0, 2]


def test_what_lies_more_than_fourteen_days_ahead_waits() -> None:
    found = collection_date(dt.date(2026, 12, 16), NOW, our_account().settings)
    assert (found.on, found.send_from) == (dt.date(2026, 12, 16), dt.date(2026, 12, 2))
    assert [found.waits(dt.date(2026, 12, day)) for day in (1, 2)] == [True, False]


def test_transfers_go_when_the_bank_takes_them_instant_ones_on_any_day() -> None:
    saturday = at(5, 18)
    assert execution_date(dt.date(2026, 12, 1), saturday, our_account().settings) == dt.date(2026, 12, 7)
    assert execution_date(dt.date(2026, 12, 1), saturday, our_account(instant=True).settings) == dt.date(2026, 12, 5)
    assert execution_date(dt.date(2026, 12, 27), saturday, our_account().settings) == dt.date(2026, 12, 28)
