"""The booking batch (category 21): a file for each month, in parts where it has more rows than DATEV reads, streamed from the journal."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from decimal import Decimal
from itertools import groupby, islice
from typing import Final

from contor.bookkeeping.entries import JournalRow, count_between, journal_between
from contor.documents.queries import documents_by_id
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import round_amount, worded
from contor.reports.datev.accounts import datev_account
from contor.reports.datev.format import BATCH, Fields, Header, amount, day, header, short_day
from contor.reports.datev.frozen import KINDS_WITH_IMAGE, Frozen
from contor.reports.datev.images import image_guid
from contor.reports.datev.rows import WITH_VAT_ID, Reading
from contor.reports.datev.text import ENCODING, number_field, quoted
from contor.reports.datev.types import BATCH_FIELDS, MOST_ROWS, BatchRow, DatevOptions
from contor.reports.exports import ExportTask, FileWriter, Output
from contor.runtime.uow import Uow

AT_ONCE: Final = 1_000
"""Entries whose documents are read together."""
_LARGEST: Final = Decimal(10) ** 10
_TEXT, _COST_CENTRE, _EU = 60, 36, 15
_LEAST_RATE, _MOST_RATE = Decimal(1), Decimal(10_000)
"""Kurs: a foreign currency of which a unit is worth more cannot be said, see `_money`."""


class _File:
    """The file that is being written of one month: its parts follow each other."""

    def __init__(self, out: Output, task: ExportTask, frozen: Frozen, options: DatevOptions, month: dt.date) -> None:
        self._out, self._task, self._frozen, self._options, self._month = out, task, frozen, options, month
        self._stack = ExitStack()
        self._target: FileWriter | None = None
        self._part = 0

    def write(self, lines: Sequence[str]) -> None:
        """The rows of an entry, which stay together."""
        if self._target is None or self._target.rows + len(lines) > MOST_ROWS:
            self.close()
            self._open()
        assert self._target is not None
        self._target.write("".join(lines).encode(ENCODING))
        self._target.rows += len(lines)

    def close(self) -> None:
        self._stack.close()
        self._target = None

    def drop(self, error: BaseException) -> None:
        """Keep nothing of what is open."""
        self._stack.__exit__(type(error), error, error.__traceback__)

    def _open(self) -> None:
        self._part += 1
        frozen, count = self._frozen, BATCH_FIELDS[self._options.format_version]
        name = f"EXTF_Buchungsstapel_{self._month:%Y-%m}_{self._part}.csv"
        self._target = self._stack.enter_context(self._out.file(name, "text/csv"))
        last = min(_last_of(self._month), self._task.last_day)
        first_line = header(
            Header(
                category=21,
                name="Buchungsstapel",
                version=self._options.format_version,
                made_at=frozen.made_at,
                consultant=frozen.configuration.consultant_number,
                client=frozen.configuration.client_number,
                fiscal_year=frozen.fiscal_year(self._month),
                account_length=frozen.configuration.account_length,
                first=max(self._month, self._task.first_day),
                last=last,
                title=f"Buchungen {self._month:%m/%Y} {self._part}",
                initials=frozen.configuration.initials or "",
                is_locked=frozen.is_closed(last),
                currency=frozen.books.currency,
                chart=frozen.chart,
            )
        )
        self._target.write((first_line + BATCH.head(count)).encode(ENCODING))


def write_batch(uow: Uow, task: ExportTask, options: DatevOptions, frozen: Frozen, last: dt.date, out: Output) -> None:
    """Every entry of the days up to the `last` one, or the reason why it has no row."""
    if last < task.first_day:
        return
    out.expect(count_between(uow, task.first_day, last, task.journal))
    entries = journal_between(uow, task.first_day, last, task.journal)
    for month, of_month in groupby(entries, lambda lines: lines[0].posting_date.replace(day=1)):
        file = _File(out, task, frozen, options, month)
        try:
            for lines, rows in _with_rows(uow, of_month, frozen):
                if rows:
                    file.write([_line(row, lines[0], frozen, options, uow.ctx.tenant_id, out) for row in rows])
                else:
                    message = "The entry moves no account: DATEV has no row for what is even on each account."
                    out.leave_out("NO_EFFECT", message, _named(lines[0]))
                out.advance()
        except BaseException as error:
            file.drop(error)
            raise
        file.close()


def last_day(uow: Uow, task: ExportTask, options: DatevOptions, frozen: Frozen, out: Output) -> dt.date:
    """Of what is exported; what lies behind it, because its period is open, is named month by month."""
    if options.periods == "ALL" or frozen.is_closed(task.last_day):
        return task.last_day
    last = frozen.closed_through or dt.date.min
    month = max(task.first_day, last + dt.timedelta(days=1) if last > dt.date.min else task.first_day)
    while month <= task.last_day:
        end = min(_last_of(month), task.last_day)
        if count := count_between(uow, month, end, task.journal):
            out.leave_out("PERIOD_OPEN", "The period is not closed.", f"{month:%Y-%m}: {count} entries")
        month = end + dt.timedelta(days=1)
    return last


def _last_of(day_of: dt.date) -> dt.date:
    following = (day_of.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return following - dt.timedelta(days=1)


def _named(entry: JournalRow) -> str:
    return f"{entry.fiscal_year}/{entry.journal_number} {entry.kind} {entry.document_ident or entry.reference or ''}".strip()


def _with_rows(uow: Uow, entries: Iterable[list[JournalRow]], frozen: Frozen) -> Iterator[tuple[list[JournalRow], list[BatchRow]]]:
    """Entries with their rows. Where the recapitulative statement needs the customer's VAT id, it is that of the document."""
    wanting = {number for number, key in frozen.books.automatic.items() if key in WITH_VAT_ID}
    stream, reading = iter(entries), Reading(frozen.books)
    while some := list(islice(stream, AT_ONCE)):
        ids = {
            lines[0].document_id
            for lines in some
            if lines[0].document_id is not None and any(line.account in wanting for line in lines)
        }
        documents = documents_by_id(uow, ids) if ids else {}
        for lines in some:
            found = documents.get(lines[0].document_id or 0)
            yield lines, reading.rows_of(lines, None if found is None else found.customer.vat_id)


def _line(row: BatchRow, entry: JournalRow, frozen: Frozen, options: DatevOptions, tenant_id: int, out: Output) -> str:
    length, posted = frozen.configuration.account_length, entry.posting_date
    said: Fields = {
        **_money(row, entry, frozen.books.currency),
        2: '"S"' if row.side == "S" else '"H"',
        7: str(datev_account(row.account, length)),
        8: str(datev_account(row.contra, length)),
        10: short_day(posted),
        14: quoted(entry.text, _TEXT),
        21: '"Journal"',
        22: f'"{entry.fiscal_year}/{entry.journal_number}"',
        114: "1" if frozen.is_closed(posted) else "0",
    }
    if row.bu_key:
        said[9] = f'"{row.bu_key}"'
    if entry.document_ident is not None:
        said[11] = f'"{number_field(entry.document_ident)}"'
    if entry.document_date != posted:
        said |= {23: '"Belegdatum"', 24: f'"{entry.document_date:%d.%m.%Y}"'}
    if entry.reference is not None:
        said |= {25: '"Referenz"', 26: quoted(entry.reference, 210)}
    if "IMAGES" in options.contents and entry.document_id is not None and entry.kind in KINDS_WITH_IMAGE:
        said[20] = f'"BEDI ""{image_guid(tenant_id, entry.document_id)}"""'
    if row.cost_centre is not None:
        said[37] = quoted(row.cost_centre, _COST_CENTRE)
        if len(row.cost_centre) > _COST_CENTRE:
            out.leave_out("COST_CENTRE_CUT", "A cost centre has 36 characters in DATEV.", row.cost_centre)
    if row.eu is not None:
        said[40] = quoted(row.eu, _EU)
    if row.eu_rate is not None:
        said[41] = amount(row.eu_rate)
    if row.tax_date is not None and (row.tax_date.year, row.tax_date.month) != (posted.year, posted.month):
        said |= {115: day(row.tax_date), 116: day(row.tax_date)}
    if row.general_reversal:
        said[118] = '"1"'
    return BATCH.line(said, BATCH_FIELDS[options.format_version])


def _money(row: BatchRow, entry: JournalRow, currency: str) -> Fields:
    """Amount and currency. In a foreign currency with the rate, which DATEV takes from 1 to 9999: what it cannot say stands beside."""
    if row.amount >= _LARGEST:
        message = f"Entry {_named(entry)}: DATEV has no amount as large as {worded(row.amount, currency)}."
        raise Refused(Kind.ILLEGAL_STATE, Problem("datev_amount_too_large", message))
    if row.foreign is None:
        return {1: amount(row.amount), 3: f'"{currency}"'}
    abroad, name = row.foreign
    rate = abroad / row.amount
    if not _LEAST_RATE <= rate < _MOST_RATE or abroad >= _LARGEST or round_amount(abroad, "EUR") != abroad:
        return {1: amount(row.amount), 3: f'"{currency}"', 27: '"Fremdwährung"', 28: f'"{name} {abroad.normalize():f}"'}
    return {1: amount(abroad), 3: f'"{name}"', 4: amount(rate, 6), 5: amount(row.amount), 6: f'"{currency}"'}
