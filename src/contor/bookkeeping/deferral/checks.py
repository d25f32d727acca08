"""What must hold of deferred income: it is what documents bill of later months, it is booked once, and released to the cent."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from contor.bookkeeping.chart import chart_of
from contor.bookkeeping.deferral.at_closing import Before, batches, booked_documents, deferrals_of
from contor.bookkeeping.deferral.deferring import Deferral, Place, Standing
from contor.bookkeeping.periods import closed_through, last_day, month_of, periods
from contor.bookkeeping.roles import Role
from contor.kernel.checks import check
from contor.runtime.uow import Uow


class _Uneven(NamedTuple):
    document_ident: str
    position: int
    deferred: Decimal
    parts: Decimal


class _Booked(NamedTuple):
    month: str
    account: int
    cost_centre: str | None
    booked: Decimal
    kept: Decimal


class _Part(NamedTuple):
    document_id: int
    position: int
    month: str
    amount: Decimal


class _Kept(NamedTuple):
    document_id: int
    position: int
    account: int
    cost_centre: str | None
    net: Decimal


_AGREES = (
    "SELECT coalesce(b.month, k.month) AS month, coalesce(b.account, k.account) AS account,"
    " coalesce(b.cost_centre, k.cost_centre) AS cost_centre, coalesce(b.amount, 0) AS booked, coalesce(k.amount, 0) AS kept FROM ("
    "SELECT split_part(e.reference, ':', 2) AS month, l.account, l.cost_centre, sum(CASE WHEN l.side = %(side)s THEN l.amount"
    " ELSE -l.amount END) AS amount FROM journal_entry e JOIN journal_line l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id"
    " WHERE e.kind = %(kind)s AND l.account <> %(deferred)s GROUP BY 1, 2, 3) b FULL JOIN ({kept}) k ON k.month = b.month"
    " AND k.account = b.account AND coalesce(k.cost_centre, '') = coalesce(b.cost_centre, '')"
    " WHERE coalesce(b.amount, 0) <> coalesce(k.amount, 0) ORDER BY 1, 2, 3"
)
_DEFERRED = (
    "SELECT r.deferred_in AS month, r.account, r.cost_centre, sum(r.deferred) AS amount FROM deferred_row r GROUP BY 1, 2, 3"
)
_RELEASED = (
    "SELECT p.month, r.account, r.cost_centre, sum(p.amount) AS amount FROM deferred_part p JOIN deferred_row r"
    " ON r.tenant_id = p.tenant_id AND r.document_id = p.document_id AND r.position = p.position WHERE p.month <= %(through)s"
    " GROUP BY 1, 2, 3"
)


@check("bookkeeping.deferred_income_is_released_to_the_cent")
def conserved(uow: Uow) -> Iterable[str]:
    """What is released of a row, over all months, is what was deferred of it."""
    for row in uow.all(
        _Uneven,
        "SELECT r.document_ident, r.position, r.deferred, coalesce(p.parts, 0) AS parts FROM deferred_row r LEFT JOIN"
        " (SELECT document_id, position, sum(amount) AS parts FROM deferred_part GROUP BY 1, 2) p"
        " ON p.document_id = r.document_id AND p.position = r.position WHERE r.deferred <> coalesce(p.parts, 0) ORDER BY 1, 2",
    ):
        yield f"row {row.position} of {row.document_ident}: {row.deferred} deferred, {row.parts} released over all months"


@check("bookkeeping.deferred_income_is_booked_as_it_is_kept")
def booked(uow: Uow) -> Iterable[str]:
    """Each closing booked what its rows say, deferred and released, on each account; the rest stands on the account of deferred income."""
    through = closed_through(uow)
    month = "" if through is None else month_of(through)
    account = chart_of(uow)[Role.DEFERRED_INCOME].number
    for side, kind, kept, what in (
        ("D", "DEFERRED_INCOME", _DEFERRED, "deferred"),
        ("C", "DEFERRED_INCOME_RELEASED", _RELEASED, "released"),
    ):
        values = {"side": side, "kind": kind, "deferred": account, "through": month}
        for row in uow.all(_Booked, _AGREES.format(kept=kept), values):
            yield f"{row.month}, account {row.account}: {row.booked} {what} in the books, {row.kept} by its rows"
    stands = uow.scalar(
        Decimal,
        "SELECT coalesce(sum(CASE side WHEN 'C' THEN amount ELSE -amount END), 0) FROM journal_line WHERE account = %s",
        (account,),
    )
    left = uow.scalar(Decimal, "SELECT coalesce(sum(amount), 0) FROM deferred_part WHERE month > %s", (month,))
    if stands != left:
        yield f"account {account}: {stands} deferred in the books, {left} by its rows"


@check("bookkeeping.deferred_income_is_that_of_the_documents")
def recomputed(uow: Uow) -> Iterable[str]:
    """Each closing deferred what the documents booked by then say of later months, and nothing else. Closings of older releases are judged
    by what they looked at."""
    chart = chart_of(uow)
    deferred_through: dt.date | None = None
    credited_through: dt.date | None = None
    standing: dict[Place, Standing] = {}
    kept: set[Place] = set()
    before = Before(partial(_known, standing), lambda ids: kept)
    for period in periods(uow):
        anew = period.deferring
        if period.status != "CLOSED":
            continue
        day, seen = last_day(period.month), set[Place]()
        after = deferred_through if anew else credited_through
        looked = anew or (period.looked_at_credits and bool(standing))
        for batch in batches(booked_documents(uow, after, day) if looked else ()):
            found = deferrals_of(uow, batch, period.month, chart, before, anew=anew, on_each_account=period.took_back)
            standing |= {it.of: it.left for it in found}  # each as the last one leaves it
            yield from _unlike(uow, batch, period.month, found)
            seen |= {it.row.place for it in found}
        kept |= seen
        count = uow.scalar(int, "SELECT count(*) FROM deferred_row WHERE deferred_in = %s", (period.month,))
        if count != len(seen):
            yield f"{period.month}: {count} rows were deferred, by the documents {len(seen)}"
        deferred_through = day if anew else deferred_through
        credited_through = day if period.looked_at_credits else credited_through


def _known(standing: dict[Place, Standing], places: Collection[Place]) -> dict[Place, Standing]:
    return {place: standing[place] for place in places if place in standing}


def _unlike(uow: Uow, batch: Sequence[int], month: str, found: Sequence[Deferral]) -> Iterator[str]:
    rows = uow.all(
        _Kept,
        "SELECT document_id, position, account, cost_centre, net FROM deferred_row WHERE document_id = ANY (%s) AND deferred_in = %s",
        (list(batch), month),
    )
    sql = (
        "SELECT p.document_id, p.position, p.month, p.amount FROM deferred_part p JOIN deferred_row r ON r.tenant_id = p.tenant_id"
        " AND r.document_id = p.document_id AND r.position = p.position WHERE p.document_id = ANY (%s) AND r.deferred_in = %s"
    )
    parts: dict[Place, dict[str, Decimal]] = {(row.document_id, row.position): {} for row in rows}
    for part in uow.all(_Part, sql, (list(batch), month)):
        parts[part.document_id, part.position][part.month] = part.amount
    kept = {(r.document_id, r.position): (r.account, r.cost_centre, r.net, parts[r.document_id, r.position]) for r in rows}
    expected = {it.row.place: (it.row.account, it.row.cost_centre, it.row.net, it.parts) for it in found}
    for place in sorted({*kept, *expected}):
        if kept.get(place) != expected.get(place):
            yield f"row {place[1]} of document {place[0]}: what the closing of {month} deferred is not what the document says"
