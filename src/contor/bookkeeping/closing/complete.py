"""The closing entries of a month whose closing began, in one transaction with which it is closed: all of them, or none yet."""

import datetime as dt
from typing import NamedTuple

from contor.bookkeeping.closing.revalue import revalue
from contor.bookkeeping.deferral import defer, release, take_back
from contor.bookkeeping.entries import post
from contor.bookkeeping.periods import ClosingBegan, PeriodClosed, last_day
from contor.kernel.events import after
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow


@shape
class CompleteClosing:
    month: str


class _Closing(NamedTuple):
    month: str
    deferring: bool
    revaluing: bool


@after(ClosingBegan, batches=lambda fact: [CompleteClosing(month=fact.month)])
@operation("posting_period.complete", permission="bookkeeping.write")
def complete_closing(uow: Uow, command: CompleteClosing) -> bool:
    """Post what the closing of a month posts, and close it; false: that is done already."""
    uow.lock("posting_period", ["complete"])
    row = uow.first(
        _Closing,
        "SELECT month, deferring, revaluing FROM posting_period WHERE month = %s AND status = 'CLOSING'",
        (command.month,),
    )
    if row is None:
        return False
    postings = release(uow, row.month)
    if row.deferring:
        postings += defer(uow, row.month, _deferred_through(uow, row.month))
    else:
        postings += take_back(uow, row.month, _credited_through(uow, row.month))
    post(uow, postings)
    if row.revaluing:
        revalue(uow, row.month)
    # behind the step that numbers what was posted
    uow.finish(lambda: _close(uow, row.month))
    return True


def _close(uow: Uow, month: str) -> None:
    day = last_day(month)
    last = uow.scalar(
        int,
        "UPDATE posting_period SET status = 'CLOSED', took_back = true, closed_at = %s, last_journal_number ="
        # nobody else draws a number for the month; of its year others may, for later months
        " (SELECT max(journal_number) FROM journal_entry WHERE fiscal_year = %s) WHERE month = %s"
        " RETURNING last_journal_number",
        (uow.ctx.now(), day.year, month),
    )
    uow.audit("posting_period", month, {"closed": True, "last_journal_number": last})
    uow.emit(PeriodClosed(month=month, last_day=day))


def _deferred_through(uow: Uow, month: str) -> dt.date | None:
    """The last day of the last closing that deferred: what was booked up to there was looked into."""
    found = uow.scalar(str, "SELECT max(month) FROM posting_period WHERE deferring AND month < %s", (month,))
    return None if found is None else last_day(found)


def _credited_through(uow: Uow, month: str) -> dt.date | None:
    """The last day of the last closing that looked at credits of deferred rows; those of older releases passed them over while nothing new
    was deferred."""
    found = uow.scalar(str, "SELECT max(month) FROM posting_period WHERE (deferring OR took_back) AND month < %s", (month,))
    return None if found is None else last_day(found)
