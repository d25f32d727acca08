"""Reports are asked for, listed, downloaded and deleted."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from contor.bookkeeping.periods import month_of
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.reports import tables
from contor.reports.files.types import (
    MEDIA_TYPES,
    ColumnSum,
    ReportBody,
    ReportFormat,
    ReportLanguage,
    ReportStatus,
    ReportType,
    ReportView,
)
from contor.reports.kinds import KINDS
from contor.runtime.blobs import BlobMissing
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

BUILDING: Final = "reports"
"""The work that builds what waits."""
REPORTS = searchable(tables.report, ReportView, default_sort="created_at,desc")
_MONTH: Final = re.compile(r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])")


class ReportRow(NamedTuple):
    report_ident: str
    type: ReportType
    period: str
    format: ReportFormat
    language: ReportLanguage
    status: ReportStatus
    reason: str | None
    period_closed: bool
    rows: int | None
    size: int | None
    sha256: str | None
    sums: Mapping[str, str] | None
    created_by: str
    created_at: dt.datetime
    completed_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class ListReports:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class ListReportsOfPeriod:
    period: str
    query: ListQuery


@dataclass(frozen=True, slots=True)
class ReportsOfPeriod:
    period: str


@dataclass(frozen=True, slots=True)
class OneReport:
    report_ident: str


@dataclass(frozen=True, slots=True)
class RequestReport:
    body: ReportBody


@operation("report.request", permission="bookkeeping.write")
def request_report(uow: Uow, command: RequestReport) -> ReportView:
    """Ask for a report of a month that is over, or of the one that runs, as it stands. A worker builds it."""
    body = command.body
    if body.period > (now := month_of(uow.ctx.today())):
        message = f"{body.period} has not begun: a report is of {now} or of a month before it."
        raise Refused(Kind.INVALID, Problem("period_not_begun", message, "period", body.period))
    ident = body.report_ident or uow.new_ident()
    if uow.scalar(str, "SELECT report_ident FROM report WHERE report_ident = %s", (ident,)):
        raise Refused(Kind.CONFLICT, Problem("report_exists", f"There is a report {ident!r} already.", "reportIdent", ident))
    return store(uow, body.period, [(ident, body.type, body.format, body.language)])[0]


def store(uow: Uow, period: str, wanted: Sequence[tuple[str, ReportType, ReportFormat, ReportLanguage]]) -> list[ReportView]:
    """Let workers build reports of a month: (ident, type, format, language) of each."""
    rows = [
        ReportRow(
            report_ident=ident,
            type=kind,
            period=period,
            format=form,
            language=language,
            status="WAITING",
            reason=None,
            period_closed=False,
            rows=None,
            size=None,
            sha256=None,
            sums=None,
            created_by=uow.ctx.actor,
            created_at=uow.ctx.now(),
            completed_at=None,
        )
        for ident, kind, form, language in wanted
    ]
    ids = uow.next_ids(len(rows))
    uow.insert(tables.report, [{**row._asdict(), "id": number} for row, number in zip(rows, ids, strict=True)])
    for row in rows:
        uow.audit("report", row.report_ident, {"requested": row.type, "period": period})
    uow.mark(BUILDING)
    return [report_view(row) for row in rows]


@operation("report.list", permission="bookkeeping.read", reads=True)
def list_reports(uow: Uow, command: ListReports) -> Page:
    """The reports, the newest first."""
    return listed(uow, tables.report, command.query, REPORTS, ReportRow, lambda rows: map(report_view, rows))


@operation("report.list_of_period", permission="bookkeeping.read", reads=True)
def list_reports_of_period(uow: Uow, command: ListReportsOfPeriod) -> Page:
    """The reports of one month, the newest first."""
    scope = {"period": _month(command.period)}
    return listed(uow, tables.report, command.query, REPORTS, ReportRow, lambda rows: map(report_view, rows), scope)


@operation("report.get", permission="bookkeeping.read", reads=True)
def get_report(uow: Uow, command: OneReport) -> ReportView:
    """One report, and how far it is."""
    return report_view(require_report(uow, command.report_ident))


@operation("report.file", permission="bookkeeping.read", reads=True)
def report_file(uow: Uow, command: OneReport) -> FileContent:
    """The file, piece by piece."""
    row = require_report(uow, command.report_ident)
    if row.status == "WAITING":
        raise Refused(Kind.NOT_READY, Problem("file_not_made_yet", f"The report {row.report_ident} is being built."))
    if row.sha256 is None:
        message = f"The report could not be built: {row.reason}"
        raise Refused(Kind.ILLEGAL_STATE, Problem("report_failed", message))
    try:
        source = uow.runtime.blobs.reading(uow.ctx.tenant_id, row.sha256)
    except BlobMissing as error:
        message = f"The file of {row.report_ident} is not there any more: delete the report and ask for it again."
        raise Refused(Kind.DAMAGED, Problem("file_damaged", message)) from error
    return FileContent(b"", MEDIA_TYPES[row.format], file_name(row), source, row.size)


def file_name(row: ReportRow) -> str:
    """What it is saved as, e.g. `2026-10_offene-posten.csv`."""
    kind = KINDS[row.type]
    said = kind.de if row.language == "de" else kind.en
    plain = said.lower()
    for letter, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        plain = plain.replace(letter, written)
    return f"{row.period}_{re.sub(r'[^a-z0-9]+', '-', plain)}.{row.format.lower()}"


@operation("report.delete", permission="bookkeeping.write")
def delete_report(uow: Uow, command: OneReport) -> None:
    """Delete one report; it can be asked for again."""
    row = require_report(uow, command.report_ident)
    uow.run("DELETE FROM report WHERE report_ident = %s", (row.report_ident,))
    uow.audit("report", row.report_ident, {"deleted": row.type, "period": row.period, "sha256": row.sha256})


@operation("report.delete_of_period", permission="bookkeeping.write")
def delete_reports_of_period(uow: Uow, command: ReportsOfPeriod) -> None:
    """Delete all reports of a month, so that they can be built anew."""
    sql = "DELETE FROM report WHERE period = %s RETURNING report_ident"
    for ident in uow.column(str, sql, (_month(command.period),)):
        uow.audit("report", ident, {"deleted": True, "period": command.period})


def require_report(uow: Uow, ident: str) -> ReportRow:
    """Raises NOT_FOUND."""
    row = uow.first(ReportRow, f"SELECT {columns(ReportRow)} FROM report WHERE report_ident = %s", (ident,))
    if row is None:
        raise not_found("report", ident)
    return row


def report_view(row: ReportRow) -> ReportView:
    sums = tuple(ColumnSum(column=name, amount=Decimal(said)) for name, said in sorted((row.sums or {}).items()))
    return ReportView(**{**row._asdict(), "sums": sums})


def _month(period: str) -> str:
    if _MONTH.fullmatch(period) is None:
        message = "A period is a month, written as 2026-11."
        raise Refused(Kind.INVALID, Problem("period_malformed", message, "period", period[:100]))
    return period
