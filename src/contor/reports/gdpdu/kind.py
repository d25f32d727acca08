"""The kind GDPDU: every table of a period, in constant memory, and its description."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager

from contor.bookkeeping.entries import balances_between, chart_rows, count_between, journal_between
from contor.bookkeeping.periods import last_day, periods
from contor.customers.every import all_customers
from contor.documents.period import PeriodDocument, count_documents, documents_between
from contor.expenses.queries import all_suppliers
from contor.kernel.shapes import Fields, shape
from contor.openitems.reporting import Closing
from contor.openitems.standing import cases_as_of, movements_between
from contor.reports.exports import Asked, ExportKind, ExportTask, Output, export_kind
from contor.reports.gdpdu import books, documents
from contor.reports.gdpdu.described import AuditTable, Seen, line
from contor.reports.gdpdu.index import DTD, DTD_NAME, Supplier, index_xml
from contor.runtime.integrity import trail_between
from contor.runtime.uow import Uow
from contor.settings.queries import sites

_BEGINNING = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)
_PIECE = 1 << 16
Written = list[tuple[AuditTable, Seen]]
Put = Callable[[object], None]


@shape
class GdpduOptions:
    trail: bool = True
    """Whether the audit trail of the period goes along; the history of settings always does."""


def _prepare(uow: Uow, asked: Asked) -> Fields:
    """What is written from now on does not belong to the export."""
    return {"mark": uow.next_id()}


def _write(uow: Uow, task: ExportTask, out: Output) -> None:
    first, last, mark = task.first_day, task.last_day, int(task.frozen["mark"])
    out.expect(count_documents(uow, first, last, mark) + count_between(uow, first, last, task.journal))
    written: Written = []
    _customers_and_chart(uow, task, out, written)
    named = _journal(uow, task, out, written) | _open_items(uow, task, out, written)
    _documents(uow, task, out, written, named)
    _trail(uow, task, out, written)
    with out.file("index.xml", "application/xml") as index:
        index.write(index_xml(_supplier(uow), first, last, written))
    with out.file(DTD_NAME, "application/xml-dtd") as dtd:
        dtd.write(DTD.encode("utf-8"))


@contextmanager
def _table(out: Output, table: AuditTable, written: Written) -> Iterator[Put]:
    """A table that takes its rows. It has no line of names: an importer takes those from the description."""
    seen = Seen()
    with out.file(table.file, "text/csv") as target:
        held: list[str] = []
        size = 0

        def put(row: object) -> None:
            nonlocal size
            held.append(line(table, row, seen))
            size += len(held[-1])
            if size > _PIECE:
                flush()

        def flush() -> None:
            nonlocal size
            target.write("".join(held).encode("utf-8"))
            held.clear()
            size = 0

        yield put
        flush()
        target.rows = seen.rows
    written.append((table, seen))


def _all(out: Output, table: AuditTable, written: Written, rows: Iterable[object]) -> None:
    with _table(out, table, written) as put:
        for row in rows:
            put(row)


def _customers_and_chart(uow: Uow, task: ExportTask, out: Output, written: Written) -> None:
    balances = balances_between(uow, task.first_day, task.last_day, task.journal)
    booked = {(balance.account, balance.currency) for balance in balances}
    with _table(out, books.CUSTOMERS, written) as customer, _table(out, books.CHART, written) as account:
        known = set()
        for row in chart_rows(uow):
            known.add((row.account_number, row.currency))
            account(
                books.Account(
                    row.account_number,
                    row.currency,
                    row.account_type,
                    row.account_group,
                    row.name,
                    row.tax_key,
                    row.automatic,
                    None,
                )
            )
        currencies = sorted({currency for _, currency in booked})
        for one in all_customers(uow):
            customer(one)
            for number, kind in ((one.debtor_account, "DEBTOR"), (one.creditor_account, "CREDITOR")):
                for currency in currencies:
                    if number is not None and (number, currency) in booked and (number, currency) not in known:
                        known.add((number, currency))
                        account(books.Account(number, currency, kind, "PERSONAL", one.name, None, False, one.customer_ident))
        for supplier in all_suppliers(uow):
            for currency in currencies:
                if (supplier.account, currency) in booked - known:
                    known.add((supplier.account, currency))
                    account(books.Account(supplier.account, currency, "CREDITOR", "PERSONAL", supplier.name, None, False, None))
        for number, currency in sorted(booked - known):  # of an account that left the chart
            account(books.Account(number, currency, "", "", "", None, False, None))
    _all(out, books.SUPPLIERS, written, all_suppliers(uow))
    _all(
        out,
        books.BALANCES,
        written,
        (books.Balance(it.account, it.currency, it.opening, it.debit, it.credit, it.closing) for it in balances),
    )


def _journal(uow: Uow, task: ExportTask, out: Output, written: Written) -> set[int]:
    """The documents that entries name."""
    named = set()
    with _table(out, books.JOURNAL, written) as put:
        for lines in journal_between(uow, task.first_day, task.last_day, task.journal):
            for row in lines:
                put(row)
                if row.document_id is not None:
                    named.add(row.document_id)
            out.advance()
    return named


def _open_items(uow: Uow, task: ExportTask, out: Output, written: Written) -> set[int]:
    """The documents that are or were open."""
    named, mark = set(), int(task.frozen["mark"])
    # a month that was closed after the export was asked for changes nothing: what is below the mark came before
    closings = [Closing(one.closing_mark, last_day(one.month)) for one in periods(uow)]
    with _table(out, books.CASES, written) as put:
        for case in cases_as_of(uow, task.first_day, task.last_day, mark, closings):
            put(case)
            named.add(case.document_id)
    _all(out, books.MOVEMENTS, written, movements_between(uow, task.first_day, task.last_day, mark, closings))
    return named


def _documents(uow: Uow, task: ExportTask, out: Output, written: Written, named: set[int]) -> None:
    mark = int(task.frozen["mark"])
    tables = (documents.DOCUMENTS, documents.ROWS, documents.TAXES, documents.ALLOWANCES, documents.REFERENCES)
    with ExitStack() as opened:
        puts = [opened.enter_context(_table(out, table, written)) for table in tables]
        for found in documents_between(uow, task.first_day, task.last_day, mark, named=named):
            _document(found, puts)
            out.advance()


def _document(found: PeriodDocument, puts: list[Put]) -> None:
    head, row, tax, allowance, reference = puts
    document = found.document
    head(documents.Head(found.id, document))
    for item in document.items:
        row(documents.Item(found.id, item))
    booked = document.ledger.groups if document.ledger is not None else ()
    for position, group in enumerate(document.taxes, 1):
        ledger_tax = booked[position - 1].tax if len(booked) == len(document.taxes) else None
        tax(documents.Group(found.id, position, group, ledger_tax))
    for position, part in enumerate(document.allowances_charges, 1):
        allowance(documents.Allowance(found.id, position, part))
    for position, related in enumerate(document.related, 1):
        reference(documents.Reference(found.id, position, related))


def _trail(uow: Uow, task: ExportTask, out: Output, written: Written) -> None:
    first, until = (
        dt.datetime.combine(day, dt.time(), uow.ctx.zone) for day in (task.first_day, task.last_day + dt.timedelta(days=1))
    )
    mark = int(task.frozen["mark"])
    _all(out, books.SETTINGS, written, trail_between(uow, _BEGINNING, until, mark, books.SETTING_KINDS))
    options = task.options
    assert isinstance(options, GdpduOptions)
    if options.trail:
        _all(out, books.TRAIL, written, trail_between(uow, first, until, mark))
    else:
        out.leave_out("TRAIL_NOT_WANTED", "The audit trail of the period was not asked for.", "protokoll.csv")


def _supplier(uow: Uow) -> Supplier:
    known = sites(uow)
    site = next((one for one in known.values() if one.default), None)
    if site is None:
        return Supplier("Contor", "-", "-")
    at = site.address
    town = " ".join(part for part in (at.get("zip"), at.get("city")) if part)
    return Supplier(site.company_name, f"{town} {at['country']}".strip(), "Contor: Datenträgerüberlassung nach § 147 Abs. 6 AO")


GDPDU = export_kind(ExportKind(name="GDPDU", options=GdpduOptions, prepare=_prepare, write=_write))
