"""The posting periods as callers see them: every month from the first posting to today."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from contor.bookkeeping.periods.months import Month, first_day, last_day, month_of, months_through, require_month
from contor.bookkeeping.periods.standing import Period, period_status, periods
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow


@shape
class PeriodView:
    """A month of the books."""

    period: str
    """YYYY-MM."""
    status: Literal["OPEN", "CLOSING", "CLOSED"]
    """CLOSING: nothing else is posted into it any more, its closing entries are on their way. CLOSED: for good."""
    first_day: dt.date
    last_day: dt.date
    closing_at: dt.datetime | None = None
    closing_by: str | None = None
    """Who closed it, as the trail names him."""
    closed_at: dt.datetime | None = None
    acknowledgements: tuple[str, ...] = ()
    """The findings with which it was closed."""
    deferred_income: bool = False
    """Whether income of later months was deferred by it."""
    revaluation: bool = False
    """Whether what is open in foreign currency was revalued by it."""
    last_journal_number: int | None = None
    """The last journal number of its year when it was closed; whatever has a higher one is posted in a later month."""


@dataclass(frozen=True, slots=True)
class ListPeriods:
    """No input: all of them."""


@dataclass(frozen=True, slots=True)
class OnePeriod:
    period: Month


@operation("posting_period.list", permission="bookkeeping.read", reads=True)
def list_periods(uow: Uow, command: ListPeriods) -> tuple[PeriodView, ...]:
    """Every month from the first posting to today, the latest first."""
    known = {row.month: row for row in periods(uow)}
    first = min([*known, first_posted(uow) or month_of(uow.ctx.today())])
    last = max([*known, month_of(uow.ctx.today())])
    return tuple(view_of(uow, month, known.get(month)) for month in reversed(list(months_through(first, last))))


@operation("posting_period.get", permission="bookkeeping.read", reads=True)
def get_period(uow: Uow, command: OnePeriod) -> PeriodView:
    """One month, whether or not anything is posted in it."""
    month = require_month(command.period)
    return view_of(uow, month, next(iter(periods(uow, month, month)), None))


def view_of(uow: Uow, month: str, row: Period | None) -> PeriodView:
    """How callers see a month whose closing began, or (None) did not."""
    first, last = first_day(month), last_day(month)
    if row is None:
        return PeriodView(period=month, status=period_status(uow, month), first_day=first, last_day=last)
    return PeriodView(
        period=month,
        status=row.status,
        first_day=first,
        last_day=last,
        closing_at=row.closing_at,
        closing_by=row.closing_by,
        closed_at=row.closed_at,
        acknowledgements=tuple(row.acknowledged),
        deferred_income=row.deferring,
        revaluation=row.revaluing,
        last_journal_number=row.last_journal_number,
    )


def first_posted(uow: Uow) -> str | None:
    """The month of the first posting."""
    day = uow.scalar(dt.date, "SELECT min(posting_date) FROM journal_entry")
    return None if day is None else month_of(day)
