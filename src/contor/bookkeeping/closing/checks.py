"""What must hold of closed months (GoBD, Festschreibung)."""

import datetime as dt
import itertools
from collections.abc import Iterable
from typing import NamedTuple

from contor.bookkeeping.periods import last_day, month_after, periods
from contor.kernel.checks import check
from contor.runtime.integrity import changes_that_say
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings


class _Late(NamedTuple):
    id: int
    fiscal_year: int
    journal_number: int
    posting_date: dt.date
    month: str


@check("bookkeeping.closed_months_take_nothing")
def closed(uow: Uow) -> Iterable[str]:
    """No entry of a closed month has a journal number that was drawn after its closing; none is before the first month that was closed."""
    for row in uow.all(
        _Late,
        "SELECT e.id, e.fiscal_year, e.journal_number, e.posting_date, p.month FROM posting_period p JOIN journal_entry e"
        " ON e.posting_date >= to_date(p.month, 'YYYY-MM') AND e.posting_date < to_date(p.month, 'YYYY-MM') + interval '1 month'"
        " AND e.journal_number > coalesce(p.last_journal_number, 0) WHERE p.status = 'CLOSED' UNION ALL"
        " SELECT e.id, e.fiscal_year, e.journal_number, e.posting_date, p.month FROM (SELECT min(month) AS month FROM posting_period) p"
        " JOIN journal_entry e ON e.posting_date < to_date(p.month, 'YYYY-MM') ORDER BY 1",
    ):
        number = f"{row.journal_number} of {row.fiscal_year}"
        yield f"entry {row.id} (journal number {number}) is of {row.posting_date}, and was posted after {row.month} was closed"


@check("bookkeeping.closed_months_are_as_the_trail_says")
def told(uow: Uow) -> Iterable[str]:
    """Each month whose closing the trail tells is closed, with the last journal number by then and at that instant; no other one is."""
    closings = {it.subject_ident: it for it in changes_that_say(uow, "posting_period", "closed")}
    kept = {it.month: it for it in periods(uow) if it.status == "CLOSED"}
    for month in sorted({*closings, *kept}):
        said, stands = closings.get(month), kept.get(month)
        if said is None:
            yield f"{month} is closed, and the trail tells of no closing"
        elif stands is None:
            yield f"{month} was closed on {said.at}, and is not closed any more"
        elif stands.last_journal_number != (last := said.change.get("last_journal_number", stands.last_journal_number)):
            yield f"{month} was closed behind journal number {last}, and says {stands.last_journal_number}"
        elif stands.closed_at != said.at:
            yield f"{month} was closed on {said.at}, and says {stands.closed_at}"


@check("bookkeeping.months_are_closed_in_order")
def in_order(uow: Uow) -> Iterable[str]:
    """Closed months follow each other without a gap, the last of them is where the books are closed through."""
    found = periods(uow)
    for before, after in itertools.pairwise(found):
        if after.month != month_after(before.month):
            yield f"{after.month} is closed, {month_after(before.month)} before it is not"
        if before.status != "CLOSED":
            yield f"{after.month} is closed, {before.month} is still {before.status}"
    through = tenant_settings(uow).closed_through
    if through != (last_day(found[-1].month) if found else None):
        yield f"the books are closed through {through}, by their months through {found[-1].month if found else 'none'}"
