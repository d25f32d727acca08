"""On which day a debit is collected and a transfer is made (SEPA rulebooks; TARGET calendar). Pure."""

import datetime as dt
import zoneinfo
from typing import Literal, NamedTuple

from contor.kernel.days import is_target_day, next_target_day
from contor.kernel.money import counted
from contor.payments.sepa.settings import SepaSettings

MOST_AHEAD = dt.timedelta(days=14)
"""Calendar days from the file to the collection (EPC016-06, 4.3.4)."""
Moved = Literal["LEAD_TIME", "ANNOUNCED", "PRE_NOTIFICATION", "CLOSED_DAY"]


class Collection(NamedTuple):
    """When something is collected, and why not when it is due."""

    on: dt.date
    moved: Moved | None
    """What moved it last; None: it is collected when it is due."""
    send_from: dt.date
    """The first day on which a file may say it: today, or it waits."""
    rules: tuple[Moved, ...] = ()
    """All that moved it, in the order in which they did."""

    def waits(self, today: dt.date) -> bool:
        """Whether it is too far ahead for a file of today."""
        return self.send_from > today


class Notice(NamedTuple):
    """That the customer was told of a collection."""

    given_on: dt.date
    days: int
    """That must lie between it and the collection."""

    @property
    def until(self) -> dt.date:
        """The first day on which may be collected."""
        return self.given_on + dt.timedelta(days=self.days)


class Terms(NamedTuple):
    """What decides on which day is collected from an account, for who announces it."""

    days_after_due_date: int = 0
    settings: SepaSettings | None = None
    """None: it is collected by a payment provider, on any day."""
    agreed_days: int | None = None
    """Of the notice, as the mandate says."""

    def announced(self, due: dt.date, told_on: dt.date) -> "Announced":
        """The day that who is told on `told_on` is told of: one on which it can be collected, by the file of the next morning at the
        latest."""
        agreed = due + dt.timedelta(days=self.days_after_due_date)
        if self.settings is None:
            return Announced(max(agreed, told_on), None)
        notice = notice_of(told_on, self.agreed_days, self.settings)
        next_file = next_target_day(told_on + dt.timedelta(days=1))
        found = _moved(max(agreed, told_on), next_target_day(next_file, self.settings.lead_days), notice, None)
        return Announced(found.on, why_moved(agreed, found, self.settings, notice))


class Announced(NamedTuple):
    """A day of collection that a customer is told of."""

    on: dt.date
    because: str | None
    """Why it is later than agreed; None: it is not."""


def notice_of(given_on: dt.date, agreed_days: int | None, settings: SepaSettings) -> Notice:
    """`agreed_days`: what the mandate says."""
    return Notice(given_on, settings.pre_notification_days if agreed_days is None else agreed_days)


def bank_day(now: dt.datetime, settings: SepaSettings) -> dt.date:
    """On which day the bank takes a file that reaches it now: today until the cut-off, if TARGET is open, else the next open day."""
    local = now.astimezone(zoneinfo.ZoneInfo(settings.time_zone))
    day = local.date()
    if is_target_day(day) and local.hour < settings.cut_off_hour:
        return day
    return next_target_day(day + dt.timedelta(days=1))


def collection_date(
    due: dt.date, now: dt.datetime, settings: SepaSettings, notice: Notice | None = None, announced_on: dt.date | None = None
) -> Collection:
    """The due date, or the first later day that lead time and pre-notification allow, moved forward to a day on which TARGET is open.
    `announced_on`: the day that the customer was told of, who relies on it; with it his notice was long enough."""
    earliest = next_target_day(bank_day(now, settings), settings.lead_days)
    return _moved(due, earliest, notice if announced_on is None else None, announced_on)


def _moved(due: dt.date, earliest: dt.date, notice: Notice | None, announced_on: dt.date | None) -> Collection:
    bounds: tuple[tuple[dt.date | None, Moved], ...] = (
        (announced_on, "ANNOUNCED"),
        (earliest, "LEAD_TIME"),
        (notice.until if notice is not None else None, "PRE_NOTIFICATION"),
    )
    on, rules = due, list[Moved]()
    for bound, rule in bounds:
        if bound is not None and bound > on:
            on = bound
            rules.append(rule)
    if (opened := next_target_day(on)) > on:
        on = opened
        rules.append("CLOSED_DAY")
    return Collection(on, rules[-1] if rules else None, on - MOST_AHEAD, tuple(rules))


def why_moved(due: dt.date, day: Collection, settings: SepaSettings, notice: Notice | None = None) -> str | None:
    """Why it is collected on another day than when it is due, by every rule that moved it; None: it is not."""
    if day.on == due:
        return None
    words = {
        "ANNOUNCED": "the customer was told of a later day",
        "LEAD_TIME": f"the bank takes the files of a day until {settings.cut_off_hour}:00 (cut-off),"
        f" {counted(settings.lead_days, 'day')} of TARGET before the collection (lead time)",
        "PRE_NOTIFICATION": f"{counted(notice.days, 'day lies', 'days lie')} between telling the customer, on {notice.given_on},"
        " and the collection (pre-notification)"
        if notice is not None
        else "",
        "CLOSED_DAY": "TARGET is closed before that day (weekend or holiday)",
    }
    said = "; ".join(words[rule] for rule in day.rules)
    return f"It is due on {due} and collected on {day.on}{f': {said}' if said else ''}."


def given_by(on: dt.date, lead_days: int) -> dt.date:
    """The last day on which the bank takes a file that says `on`, with so much lead."""
    day = on
    while next_target_day(day, lead_days) > on or not is_target_day(day):
        day -= dt.timedelta(days=1)
    return day


def execution_date(due: dt.date, now: dt.datetime, settings: SepaSettings) -> dt.date:
    """When a transfer is made: an instant one on any day, others on the first day on which the bank takes it and TARGET is open."""
    if settings.instant:
        return max(due, now.astimezone(zoneinfo.ZoneInfo(settings.time_zone)).date())
    return next_target_day(max(due, bank_day(now, settings)))
