"""Income of later months is deferred and released when a month is closed, each row exactly once (posting table row 30).

Documents are read in batches, as many as were booked since the last closing that deferred; what is deferred is kept row by row, booked as
one entry with a line for each account and cost centre.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.bookkeeping import tables
from contor.bookkeeping.chart import chart_of
from contor.bookkeeping.deferral.deferring import (
    Deferral,
    OnAccount,
    Place,
    Reduction,
    Row,
    Standing,
    by_account,
    defer_rows,
    deferral_entry,
    release_entry,
)
from contor.bookkeeping.deferral.rows import billed_rows
from contor.bookkeeping.entries import Posting
from contor.bookkeeping.periods import last_day
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import Chart, EntryKind
from contor.documents.issue import credited_places, supplied_after
from contor.documents.types import Document
from contor.kernel.money import ZERO
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings

BATCH = 500
OF_ROWS = (EntryKind.INVOICE.value, EntryKind.REVERSING_CREDIT.value, EntryKind.PRICE_REDUCTION.value)
"""Entries by which rows of documents are revenue or take it back."""
_ROW_COLUMNS = (
    "document_id",
    "position",
    "document_ident",
    "customer_ident",
    "account",
    "cost_centre",
    "currency",
    "net",
    "period_start",
    "period_end",
    "deferred_in",
    "deferred",
    "released_through",
    "credited_document_id",
    "credited_position",
)


class Before(NamedTuple):
    """What closings before have deferred."""

    standing: Callable[[Collection[Place]], dict[Place, Standing]]
    """Those of the rows that were deferred, with what credits that were seen have left of them."""
    kept: Callable[[Sequence[int]], Collection[Place]]
    """The rows of these documents that were deferred, or taken back what was."""


class _Sum(NamedTuple):
    account: int
    cost_centre: str | None
    amount: Decimal


class _Place(NamedTuple):
    document_id: int
    position: int


class _Standing(NamedTuple):
    document_id: int
    position: int
    account: int
    net: Decimal
    period_start: dt.date
    period_end: dt.date


class _Crediting(NamedTuple):
    credited_document_id: int
    credited_position: int
    document_id: int
    position: int
    account: int
    cost_centre: str | None
    net: Decimal


def release(uow: Uow, month: str) -> list[Posting]:
    """What of the rows deferred before belongs to `month`."""
    sums: dict[OnAccount, Decimal] = {
        (row.account, row.cost_centre): row.amount
        for row in uow.all(
            _Sum,
            "SELECT r.account, r.cost_centre, sum(p.amount) AS amount FROM deferred_part p JOIN deferred_row r"
            " ON r.tenant_id = p.tenant_id AND r.document_id = p.document_id AND r.position = p.position WHERE p.month = %s GROUP BY 1, 2",
            (month,),
        )
    }
    number, currency = chart_of(uow)[Role.DEFERRED_INCOME].number, tenant_settings(uow).ledger_currency
    entry = release_entry(sums, month, last_day(month), number, currency)
    return [] if entry is None else [Posting(entry, closes=True)]


def defer(uow: Uow, month: str, since: dt.date | None) -> list[Posting]:
    """What of the rows booked after `since` (None: ever), up to the end of `month`, belongs to later months. Kept row by row."""
    return _defer(uow, month, since, anew=True)


def take_back(uow: Uow, month: str, since: dt.date | None) -> list[Posting]:
    """Of a month that defers nothing new: what credits booked after `since` take back of rows that were deferred before."""
    if not uow.scalar(bool, "SELECT EXISTS (SELECT 1 FROM deferred_row WHERE period_end > %s)", (last_day(month),)):
        return []
    return _defer(uow, month, since, anew=False)


def _defer(uow: Uow, month: str, since: dt.date | None, *, anew: bool) -> list[Posting]:
    before = Before(lambda places: _standing(uow, places), lambda ids: _kept(uow, ids))
    chart, currency = chart_of(uow), tenant_settings(uow).ledger_currency
    sums: dict[OnAccount, Decimal] = {}
    for batch in batches(booked_documents(uow, since, last_day(month))):
        uow.runtime.go_on()
        deferrals = deferrals_of(uow, batch, month, chart, before, anew=anew)
        keep(uow, deferrals, month, currency)
        for key, amount in by_account(deferrals).items():
            sums[key] = sums.get(key, ZERO) + amount
    entry = deferral_entry(sums, month, last_day(month), chart[Role.DEFERRED_INCOME].number, currency)
    return [] if entry is None else [Posting(entry, closes=True)]


def booked_documents(uow: Uow, since: dt.date | None, until: dt.date) -> list[int]:
    """The documents whose rows were first booked after one day and up to another, in their order."""
    return uow.column(
        int,
        "SELECT DISTINCT e.document_id FROM journal_entry e WHERE e.posting_date > %(since)s AND e.posting_date <= %(until)s"
        " AND e.kind = ANY (%(kinds)s) AND e.document_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM journal_entry b"
        " WHERE b.tenant_id = e.tenant_id AND b.document_id = e.document_id AND b.kind = e.kind AND b.posting_date <= %(since)s)"
        " ORDER BY e.document_id",
        {"since": since or dt.date.min, "until": until, "kinds": list(OF_ROWS)},
    )


def deferrals_of(
    uow: Uow, ids: Sequence[int], month: str, chart: Chart, before: Before, *, anew: bool, on_each_account: bool = True
) -> list[Deferral]:
    """What the closing of `month` defers of these documents, whose numbers rise. `anew`: rows as well that take nothing back of what was
    deferred before. `on_each_account`: see `defer_rows`."""
    places = {(it.document_id, it.position): (it.credited_document_id, it.credited_position) for it in credited_places(uow, ids)}
    standing = before.standing(set(places.values()))
    if not anew:  # what is earned already stays as it is
        standing = {place: it for place, it in standing.items() if it.end > last_day(month)}
    crediting = {number for (number, _), of in places.items() if of in standing}
    documents = supplied_after(uow, ids if anew else sorted(crediting), last_day(month), besides=crediting)
    # a credit that comes with what it takes back follows that one's period, whatever it says itself
    more = {number for (number, _), (of, _) in places.items() if of in documents} - documents.keys() if anew else set()
    if more:
        documents |= supplied_after(uow, sorted(more), last_day(month), besides=more)
    currency, kept = tenant_settings(uow).ledger_currency, set(before.kept(sorted(documents)))
    rows = (row for number in sorted(documents) for row in _rows(number, documents[number], places, chart, currency))
    due = (row for row in rows if row.place not in kept and (anew or row.credits in standing))
    return defer_rows(due, standing, month, currency, on_each_account=on_each_account)


def _rows(number: int, document: Document, places: dict[Place, Place], chart: Chart, currency: str) -> Iterator[Row]:
    for it in billed_rows(document, chart, currency):
        place = (number, it.position)
        yield Row(
            place,
            document.ident,
            document.customer_ident,
            it.account,
            it.cost_centre,
            it.net,
            it.start,
            it.end,
            places.get(place),
            max(item.position for item in document.items),
        )


def _standing(uow: Uow, places: Collection[Place]) -> dict[Place, Standing]:
    """Those of the rows that were deferred, with what credits that were seen have left of them."""
    if not places:
        return {}
    ordered = sorted(places)
    wanted = ([number for number, _ in ordered], [position for _, position in ordered])
    rows = uow.all(
        _Standing,
        "SELECT r.document_id, r.position, r.account, r.net, r.period_start, r.period_end FROM unnest(%s::bigint[], %s::int[])"
        " k(document_id, position) JOIN deferred_row r ON r.document_id = k.document_id AND r.position = k.position",
        wanted,
    )
    found = {(row.document_id, row.position): Standing(row.account, row.net, row.period_start, row.period_end) for row in rows}
    for it in uow.all(
        _Crediting,
        "SELECT c.credited_document_id, c.credited_position, c.document_id, c.position, c.account, c.cost_centre, c.net + coalesce("
        "(SELECT sum(b.net) FROM deferred_row b WHERE b.tenant_id = c.tenant_id AND b.credited_document_id = c.document_id"
        " AND b.credited_position = c.position), 0) AS net FROM unnest(%s::bigint[], %s::int[]) k(document_id, position)"
        " JOIN deferred_row c ON c.credited_document_id = k.document_id AND c.credited_position = k.position"
        " ORDER BY c.deferred_in, c.document_id, c.position",
        wanted,
    ):
        place = (it.credited_document_id, it.credited_position)
        if place in found:
            found[place] = _after(found[place], it)
    return found


def _after(standing: Standing, credit: _Crediting) -> Standing:
    if credit.account == standing.account:
        return standing._replace(full=standing.full + credit.net)
    more = Reduction((credit.document_id, credit.position), credit.account, credit.cost_centre, credit.net)
    return standing._replace(reductions=(*standing.reductions, more))


def _kept(uow: Uow, ids: Sequence[int]) -> list[Place]:
    rows = uow.all(_Place, "SELECT document_id, position FROM deferred_row WHERE document_id = ANY (%s)", (list(ids),))
    return [(row.document_id, row.position) for row in rows]


def keep(uow: Uow, deferrals: Sequence[Deferral], month: str, currency: str) -> None:
    """Store what is deferred, and when it is released."""
    rows: list[tuple[object, ...]] = []
    parts: list[tuple[object, ...]] = []
    for it in deferrals:
        row, (credited, position) = it.row, it.credits or (None, None)
        last = max(it.parts, default=month)
        said = (row.document_ident, row.customer_ident, row.account, row.cost_centre, currency, row.net, it.start, it.end)
        rows.append((*row.place, *said, month, it.amount, last, credited, position))
        parts += [(*row.place, of, amount) for of, amount in it.parts.items()]
    uow.copy(tables.deferred_row, _ROW_COLUMNS, rows)
    uow.copy(tables.deferred_part, ("document_id", "position", "month", "amount"), parts)


def batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """So many documents at a time."""
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
