"""Write entries into the journal: gapless journal numbers per fiscal year, drawn at the end of the transaction (GoBD no. 82)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.bookkeeping import tables
from contor.bookkeeping.entries.entries import why_not_balanced
from contor.bookkeeping.types import Entry, EntryKind, Line, Side
from contor.runtime.integrity import add_links, linked
from contor.runtime.rows import columns
from contor.runtime.transaction import begin_again
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings


@dataclass(slots=True)
class Posting:
    """An entry on its way into the journal."""

    entry: Entry
    document_id: int | None = None
    number_of: Callable[[], str] | None = None
    """The document's number, where it is drawn later in the same transaction."""
    reversal_of: int | None = None
    """Id of the entry that this one takes back."""
    closes: bool = False
    """A closing entry of its month, which takes nothing else any more."""
    id: int = 0


ENTRY = "JOURNAL_ENTRY"
"""The kind of an entry's link in the chain."""
_LINE_COLUMNS = ("entry_id", "position", *("tax_rate" if name == "rate" else name for name in Line._fields))
_ENTRY_COLUMNS = (
    "id",
    "fiscal_year",
    "journal_number",
    "posted_at",
    "posting_date",
    "document_date",
    "tax_date",
    "kind",
    "text",
    "document_id",
    "document_ident",
    "reference",
    "actor",
    "request_id",
    "reversal_of",
)


def post(uow: Uow, postings: Sequence[Posting]) -> None:
    """Write the lines now and the numbered entries at the end of the transaction. An unbalanced entry is a bug and stops it."""
    if not postings:
        return
    if problems := why_not_balanced(posting.entry for posting in postings):
        raise AssertionError(f"unbalanced entries: {problems}")
    for posting, number in zip(postings, uow.next_ids(len(postings)), strict=True):
        posting.id = number
        for key in (posting.entry.reference, posting.reversal_of):
            if key is not None:
                uow.posted.setdefault(key, []).append(posting)
    uow.later(
        tables.journal_line,
        _LINE_COLUMNS,
        [(posting.id, position, *line) for posting in postings for position, line in enumerate(posting.entry.lines)],
    )
    uow.finish(lambda: _number(uow, postings))


def _number(uow: Uow, postings: Sequence[Posting]) -> None:
    by_year: dict[int, list[tuple[dt.date, Posting]]] = defaultdict(list)
    # shared until the commit: no period is closed between this look at it and the entry that relies on it
    first_open = tenant_settings(uow, share=True).first_open_day
    for posting in postings:
        # a locked period takes nothing any more; the tax date stays the true one
        date = posting.entry.posting_date if posting.closes else max(posting.entry.posting_date, first_open)
        by_year[date.year].append((date, posting))
    rows: list[tuple[object, ...]] = []
    if any(date > posting.entry.posting_date for of in by_year.values() for date, posting in of):
        _begin_behind_the_closing(uow)
    for year in sorted(by_year):  # one order for all who draw, so that two never wait for each other in a circle
        number = uow.draw(tables.journal_counter, (year,), low=1, count=len(by_year[year]))
        for offset, (date, posting) in enumerate(by_year[year]):
            rows.append(_row(uow, posting, date, number + offset))
    uow.later(tables.journal_entry, _ENTRY_COLUMNS, rows)
    add_links(uow, ENTRY, [(year, posting.id) for year in sorted(by_year) for _, posting in by_year[year]])


def _begin_behind_the_closing(uow: Uow) -> None:
    """Who had begun when a month was closed, and posts for it only now, begins again: his rows count as late by their ids."""
    mark = uow.scalar(int, "SELECT coalesce(max(closing_mark), 0) FROM posting_period")
    if uow.began < (mark or 0):
        begin_again("a month was closed meanwhile")


def _row(uow: Uow, posting: Posting, date: dt.date, number: int) -> tuple[object, ...]:
    entry, ctx = posting.entry, uow.ctx
    ident = posting.number_of() if posting.number_of else entry.document_ident
    # the text was made before the number was drawn, and ends with a blank for it
    text = f"{entry.text}{ident}" if posting.number_of and not entry.document_ident else entry.text
    return (
        posting.id,
        date.year,
        number,
        ctx.now(),
        date,
        entry.document_date,
        entry.tax_date,
        entry.kind.value,
        text.strip(),
        posting.document_id,
        ident,
        entry.reference,
        ctx.actor,
        ctx.caller.request_id,
        posting.reversal_of,
    )


# The hashes of its header and of its lines.
# LATERAL: an entry's lines by their key, however few entries the database believes that there are
linked(
    ENTRY,
    "SELECT e.id, e.row_hash || l.hashes AS hashes FROM journal_entry e CROSS JOIN LATERAL (SELECT"
    " string_agg(row_hash, ''::bytea ORDER BY position) AS hashes FROM journal_line"
    " WHERE tenant_id = e.tenant_id AND entry_id = e.id) l"
    " WHERE e.id = ANY (%(ids)s) AND e.row_hash || l.hashes IS NOT NULL",
)


class _EntryRow(NamedTuple):
    id: int
    document_id: int | None
    kind: str
    text: str
    posting_date: dt.date
    document_date: dt.date
    tax_date: dt.date | None
    document_ident: str | None
    reference: str | None


class _LineRow(NamedTuple):
    """A stored line: its entry, then the fields of `Line` in their order."""

    entry_id: int
    account: int
    side: Side
    amount: Decimal
    currency: str
    tax_key: str | None
    tax_base: Decimal | None
    tax_rate: Decimal | None
    party: str | None
    cost_centre: str | None
    country: str | None
    foreign_amount: Decimal | None
    foreign_currency: str | None
    tax_date: dt.date | None


Booked = tuple[int, int | None, Entry]
"""An entry with its id and its document's."""


def entries_of(uow: Uow, reference: str) -> list[Booked]:
    """What was posted under `reference` and not taken back, in order; also in this transaction, whose entries have no number yet."""
    return entries_under(uow, [reference]).get(reference, [])


def entries_under(uow: Uow, references: Sequence[str]) -> dict[str, list[Booked]]:
    """As `entries_of`, of many."""
    found: dict[str, list[Booked]] = defaultdict(list)
    for booked in (*_stored_under(uow, references), *_posted_under(uow, references)):
        if booked[0] not in uow.posted:  # else it was taken back in this transaction
            found[booked[2].reference or ""].append(booked)
    return found


def _posted_under(uow: Uow, references: Sequence[str]) -> Iterator[Booked]:
    for reference in dict.fromkeys(references):
        for posting in uow.posted.get(reference, ()):
            if posting.reversal_of is None:
                yield posting.id, posting.document_id, posting.entry


def _stored_under(uow: Uow, references: Sequence[str]) -> list[Booked]:
    rows = uow.all(
        _EntryRow,
        f"SELECT {columns(_EntryRow)} FROM journal_entry e WHERE reference = ANY (%s) AND reversal_of IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.tenant_id = e.tenant_id AND r.reversal_of = e.id) ORDER BY id",
        (list(references),),
    )
    posted = {posting.id for reference in references for posting in uow.posted.get(reference, ())}
    rows = [row for row in rows if row.id not in posted]  # its end has begun: they are stored by now
    lines: dict[int, list[Line]] = defaultdict(list)
    sql = f"SELECT {columns(_LineRow)} FROM journal_line WHERE entry_id = ANY (%s) ORDER BY entry_id, position"
    for line in uow.all(_LineRow, sql, ([row.id for row in rows],)):
        lines[line.entry_id].append(Line(*line[1:]))
    return [(row.id, row.document_id, _entry(row, lines[row.id])) for row in rows]


def _entry(row: _EntryRow, lines: Sequence[Line]) -> Entry:
    return Entry(
        EntryKind(row.kind),
        row.text,
        row.posting_date,
        row.document_date,
        row.tax_date,
        row.document_ident,
        tuple(lines),
        row.reference,
    )
