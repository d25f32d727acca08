"""On which day a debit is collected and a transfer is made (SEPA rulebooks; TARGET calendar). Pure."""

import datetime as dt
import zoneinfo
from typing import Literal, NamedTuple

from contor.kernel.days import is_target_day, next_target_day
from contor.payments.sepa.settings import SepaSettings

MOST_AHEAD = dt.timedelta(days=14)
"""Calendar days from the file to the collection (EPC016-06, 4.3.4)."""
Moved = Literal["LEAD_TIME", "PRE_NOTIFICATION", "CLOSED_DAY"]


class Collection(NamedTuple):
    """When something is collected, and why not when it is due."""

    on: dt.date
    moved: Moved | None
    """What moved it last; None: it is collected when it is due."""
    send_from: dt.date
    """The first day on which a file may say it: today, or it waits."""

    def waits(self, today: dt.date) -> bool:
        """Whether it is too far ahead for a file of today."""
        return self.send_from > today


class Notice(NamedTuple):
    """That the customer was told of a collection."""

    given_on: dt.date
    days: int
    """That must lie between it and the collection."""


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


def collection_date(due: dt.date, now: dt.datetime, settings: SepaSettings, notice: Notice | None = None) -> Collection:
    """The due date, or the first later day that lead time and pre-notification allow, moved forward to a day on which TARGET is open."""
    earliest = next_target_day(bank_day(now, settings), settings.lead_days)
    wanted: tuple[dt.date, Moved | None] = (due, None)
    if earliest > wanted[0]:
        wanted = (earliest, "LEAD_TIME")
    if notice is not None and (told := notice.given_on + dt.timedelta(days=notice.days)) > wanted[0]:
        wanted = (told, "PRE_NOTIFICATION")
    on = next_target_day(wanted[0])
    return Collection(on, "CLOSED_DAY" if on > wanted[0] else wanted[1], on - MOST_AHEAD)


def execution_date(due: dt.date, now: dt.datetime, settings: SepaSettings) -> dt.date:
    """When a transfer is made: an instant one on any day, others on the first day on which the bank takes it and TARGET is open."""
    if settings.instant:
        return max(due, now.astimezone(zoneinfo.ZoneInfo(settings.time_zone)).date())
    return next_target_day(max(due, bank_day(now, settings)))
