"""Which months are open, which are closed: what others ask."""

import datetime as dt
from typing import Literal, NamedTuple

from contor.bookkeeping.periods.months import last_day
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings


class Period(NamedTuple):
    """A month whose closing began."""

    month: str
    """YYYY-MM."""
    status: Literal["CLOSING", "CLOSED"]
    closing_at: dt.datetime
    closing_by: str
    acknowledged: list[str]
    deferring: bool
    """Income of later months is deferred by it."""
    revaluing: bool
    """What is open in foreign currency is revalued by it."""
    closed_at: dt.datetime | None
    last_journal_number: int | None
    """The last journal number of its fiscal year when it was closed."""
    closing_mark: int
    """Rows with a lower id were written before its closing began, the others came after it."""
    took_back: bool
    """Its closing entries take back what credits credit of deferred rows, on each account, also where nothing new is deferred; those of
    older releases did not."""

    @property
    def looked_at_credits(self) -> bool:
        return self.deferring or self.took_back


def periods(uow: Uow, first: str = "", last: str = "9999-12") -> list[Period]:
    """The months from `first` to `last` whose closing began, in order; every other month is open."""
    sql = f"SELECT {columns(Period)} FROM posting_period WHERE month BETWEEN %s AND %s ORDER BY month"
    return uow.all(Period, sql, (first, last))


def closed_through(uow: Uow) -> dt.date | None:
    """The last day of the last closed month; None: none is. Whatever is posted up to there is final."""
    month = uow.scalar(str, "SELECT max(month) FROM posting_period WHERE status = 'CLOSED'")
    return None if month is None else last_day(month)


def is_closed(uow: Uow, month: str) -> bool:
    """Whether a month is closed for good; those before the first that was closed are."""
    through = closed_through(uow)
    return through is not None and last_day(month) <= through


def period_status(uow: Uow, month: str) -> Literal["OPEN", "CLOSING", "CLOSED"]:
    """OPEN also where nothing was ever posted."""
    if is_closed(uow, month):
        return "CLOSED"
    through = tenant_settings(uow).closed_through
    return "CLOSING" if through is not None and last_day(month) <= through else "OPEN"
