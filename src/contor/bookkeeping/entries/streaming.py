"""The journal entry by entry, for exports: in the order of its days, in constant memory."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from contor.bookkeeping.entries.joined import JOURNAL_ROWS, JournalRow
from contor.runtime.query.reading import streamed
from contor.runtime.uow import Uow


class JournalMark(NamedTuple):
    """The last entry of a fiscal year."""

    fiscal_year: int
    journal_number: int


_ROWS = (
    f"{JOURNAL_ROWS} WHERE e.posting_date BETWEEN %s AND %s AND e.fiscal_year = %s AND e.journal_number <= %s"
    " ORDER BY e.posting_date, e.id, l.position"
)
_COUNT = "SELECT count(*) FROM journal_entry WHERE posting_date BETWEEN %s AND %s AND fiscal_year = %s AND journal_number <= %s"


_DOCUMENTS = (
    "SELECT DISTINCT document_id FROM journal_entry WHERE posting_date BETWEEN %s AND %s AND fiscal_year = %s AND journal_number <= %s"
    " AND kind = ANY (%s) AND document_id IS NOT NULL"
)
_UNFIT = "document_ident IS NOT NULL AND (document_ident ~ %(unfit)s OR length(document_ident) > %(length)s)"


def journal_marks(uow: Uow) -> list[JournalMark]:
    """Up to where the journal of each fiscal year goes at this moment. Numbers are drawn one transaction after the other: what has a lower
    one is there."""
    sql = "SELECT fiscal_year, next_number - 1 AS journal_number FROM journal_counter ORDER BY fiscal_year"
    return uow.all(JournalMark, sql)


def journal_between(
    uow: Uow, first: dt.date, last: dt.date, journal: Mapping[int, int], *, name: str = "journal"
) -> Iterator[list[JournalRow]]:
    """The entries of these posting dates, both included, each as its lines. `journal`: by fiscal year the last number that counts."""
    for year in _years(first, last, journal):
        rows = streamed(uow, JournalRow, _ROWS, (first, last, year, journal[year]), name=name)
        for _, lines in groupby(rows, itemgetter(0)):
            yield list(lines)


def count_between(uow: Uow, first: dt.date, last: dt.date, journal: Mapping[int, int]) -> int:
    """How many entries `journal_between` has."""
    years = _years(first, last, journal)
    return sum(uow.scalar(int, _COUNT, (first, last, year, journal[year])) or 0 for year in years)


class _Number(NamedTuple):
    document_id: int


class _Meeting(NamedTuple):
    field: str
    idents: list[str]


def documents_booked_between(
    uow: Uow, first: dt.date, last: dt.date, journal: Mapping[int, int], kinds: Sequence[str]
) -> Iterator[int]:
    """The documents that these kinds of entries of these days book, each once, in the order of their ids."""
    for year in _years(first, last, journal):
        sql = f"{_DOCUMENTS} ORDER BY document_id"
        for row in streamed(uow, _Number, sql, (first, last, year, journal[year], list(kinds)), name="documents"):
            yield row.document_id


def numbers_that_meet(uow: Uow, unfit: str, length: int) -> list[tuple[str, list[str]]]:
    """The first document numbers of the journal that would be the same in a field of `length` characters in which a hyphen stands for
    each that `unfit`, a regular expression, matches: the field, and the numbers. All of them are compared only where one is changed."""
    if not uow.scalar(bool, f"SELECT EXISTS (SELECT 1 FROM journal_entry WHERE {_UNFIT})", {"unfit": unfit, "length": length}):
        return []
    sql = (
        'SELECT field, (array_agg(document_ident ORDER BY document_ident COLLATE "C"))[:3] AS idents FROM (SELECT DISTINCT document_ident,'
        " left(regexp_replace(document_ident, %(unfit)s, '-', 'g'), %(length)s) AS field FROM journal_entry"
        # numbers of suppliers are theirs: several may have the same
        " WHERE document_ident IS NOT NULL AND document_id IS NOT NULL) x"
        ' GROUP BY field HAVING count(*) > 1 ORDER BY field COLLATE "C" LIMIT 20'
    )
    return [(row.field, row.idents) for row in uow.all(_Meeting, sql, {"unfit": unfit, "length": length})]


def numbers_of_several(uow: Uow, kinds: Sequence[str]) -> list[str]:
    """The numbers under which these kinds of entries book more than one document: of companies that are one tenant, but number by
    themselves."""
    sql = (
        "SELECT document_ident FROM journal_entry WHERE kind = ANY (%s) AND document_id IS NOT NULL AND document_ident IS NOT NULL"
        " GROUP BY document_ident HAVING min(document_id) <> max(document_id) ORDER BY document_ident"
    )
    return uow.column(str, sql, (list(kinds),))


def _years(first: dt.date, last: dt.date, journal: Mapping[int, int]) -> list[int]:
    return [year for year in sorted(journal) if first.year <= year <= last.year]
