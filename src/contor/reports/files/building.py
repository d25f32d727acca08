"""What waits is built: each report of one moment of the data, streamed onto the disk, by workers that slow down nobody else."""

import datetime as dt
import logging
from decimal import Decimal
from typing import Final, NamedTuple

from contor.bookkeeping.periods import is_closed
from contor.kernel.context import Caller
from contor.kernel.errors import Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, shape
from contor.kernel.work import Elsewhere, Work, work
from contor.reports.events import ReportsCreated
from contor.reports.files.csv_file import write_csv
from contor.reports.files.reports import BUILDING, ReportRow
from contor.reports.files.table import Table
from contor.reports.files.xlsx_file import write_xlsx
from contor.reports.kinds import KINDS, Month
from contor.runtime.db import ENCODER
from contor.runtime.execute import Runtime, is_passing
from contor.runtime.rows import columns
from contor.runtime.schema import lock_if_free
from contor.runtime.uow import Ending, Uow
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller

log = logging.getLogger("contor.reports")
_WRITERS: Final = {"CSV": write_csv, "XLSX": write_xlsx}


class Built(NamedTuple):
    """A file that is kept."""

    sha256: str
    size: int
    rows: int
    sums: dict[str, Decimal]
    period_closed: bool


@shape
class KeepReport:
    report_ident: str
    sha256: str | None = None
    size: int | None = None
    rows: int | None = None
    sums: Fields | None = None
    period_closed: bool = False
    reason: str | None = None
    """Why there is none."""


@operation("report.keep", permission="bookkeeping.write")
def keep_report(uow: Uow, command: KeepReport) -> None:
    """The file is there, or it could not be built; nothing where the report was deleted meanwhile."""
    status = "DONE" if command.reason is None else "FAILED"
    kept = uow.run(
        "UPDATE report SET status = %s, reason = %s, period_closed = %s, rows = %s, size = %s, sha256 = %s, sums = %s::jsonb,"
        " completed_at = %s WHERE report_ident = %s AND status = 'WAITING'",
        (
            status,
            command.reason,
            command.period_closed,
            command.rows,
            command.size,
            command.sha256,
            None if command.sums is None else ENCODER.encode(command.sums).decode(),
            uow.ctx.now(),
            command.report_ident,
        ),
    )
    if kept:
        uow.audit("report", command.report_ident, {"status": status, "sha256": command.sha256})
        if command.reason is None:
            uow.emit(ReportsCreated(report_idents=(command.report_ident,)))


def build(runtime: Runtime, who: Caller, row: ReportRow) -> Built:
    """Write a report's file, over one moment of the data."""
    kind = KINDS[row.type]
    with runtime.transaction(who, reads=True, snapshot=True) as uow:
        month = Month(row.period, row.language)
        closed = is_closed(uow, row.period)
        table = Table(month.said((kind.de, kind.en)), kind.columns, month, uow.ctx.zone)
        with runtime.blobs.writing(uow.ctx.tenant_id) as target:
            written = _WRITERS[row.format](table, kind.rows(uow, month), target, runtime.go_on)
            return Built(target.keep(), target.size, written.rows, written.sums, closed)


def look(runtime: Runtime, tenant_id: int) -> dt.datetime | Elsewhere | None:
    """Build all that waits, the oldest first; one worker at a time."""
    who = caller("reports", tenant_id)
    with runtime.transaction(who, reads=True) as guard:
        if not guard.scalar(bool, f"SELECT {lock_if_free('reports', repr('building'))}", {"tenant": tenant_id}):
            return Elsewhere.BUSY
        last = 0
        while (found := _next(runtime, who, last)) is not None:
            runtime.go_on()
            last, row = found
            runtime.execute(keep_report, _made(runtime, who, row), who)
    return None


def _made(runtime: Runtime, who: Caller, row: ReportRow) -> KeepReport:
    """What is kept of a report. What fails for a while raises, and is tried again with the tenant's other work."""
    try:
        built = build(runtime, who, row)
    except Ending:
        raise
    except Exception as error:
        if is_passing(error):
            raise
        log.exception("report %s of tenant %s could not be built", row.report_ident, who.tenant_id)
        return KeepReport(report_ident=row.report_ident, reason=_said(error))
    return KeepReport(
        report_ident=row.report_ident,
        sha256=built.sha256,
        size=built.size,
        rows=built.rows,
        sums={name: str(value) for name, value in built.sums.items()},
        period_closed=built.period_closed,
    )


def _said(error: Exception) -> str:
    """Why there is no file, as far as it concerns who asked for it."""
    if isinstance(error, Refused):
        return " ".join(problem.message for problem in error.problems)[:1000]
    return "A fault of the program; the log of the server says which. Delete the report and ask for it again once it is mended."


class _Waiting(NamedTuple):
    id: int
    report_ident: str


def _next(runtime: Runtime, who: Caller, last: int) -> tuple[int, ReportRow] | None:
    with runtime.transaction(who, reads=True) as uow:
        sql = "SELECT id, report_ident FROM report WHERE status = 'WAITING' AND id > %s ORDER BY id LIMIT 1"
        waiting = uow.first(_Waiting, sql, (last,))
        if waiting is None:
            return None
        row = uow.first(ReportRow, f"SELECT {columns(ReportRow)} FROM report WHERE report_ident = %s", (waiting.report_ident,))
        assert row is not None, "the same transaction has just read it"
        return waiting.id, row


every_tenant(work(Work(name=BUILDING, look=look, place="files")), every=dt.timedelta(hours=1))
