"""Make the files of exports: one after the other in a tenant, over one moment of its data. Whoever dies leaves it to the next one."""

import contextlib
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from contor.kernel.context import Caller
from contor.kernel.errors import Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.kernel.work import Elsewhere, Work, work
from contor.reports.exports import tables
from contor.reports.exports.kinds import KINDS
from contor.reports.exports.output import Output
from contor.reports.exports.request import EXPORTING
from contor.reports.exports.stored import OneExport, export_view, require_export
from contor.reports.exports.types import ExportFile, ExportReason, ExportTask, ExportView, NotExported
from contor.runtime.execute import Runtime, adapter
from contor.runtime.schema import lock_if_free
from contor.runtime.uow import Ending, Uow
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller

MOST_ATTEMPTS: Final = 3
"""Tries that a fault of ours may spoil, after which a person has to look."""
Told = Callable[[int, int | None], None]
"""How many rows are done, of how many where that is known."""
_ALONE = f"SELECT {lock_if_free('exports', repr('making'))}"
_NEXT = "SELECT ident FROM export WHERE status IN ('QUEUED', 'RUNNING') ORDER BY id LIMIT 1"
_PATIENT = "SELECT set_config('idle_in_transaction_session_timeout', '0', true)"
"""Who holds the lock does nothing else on its connection, for as long as the files take."""


@shape
class KeepProgress:
    export_ident: str
    done: int
    total: int | None


@shape
class KeepMade:
    export_ident: str
    files: tuple[ExportFile, ...]
    left_out: tuple[NotExported, ...]
    rows: int
    sha256: str


@shape
class KeepFailed:
    export_ident: str
    reasons: tuple[ExportReason, ...]


@operation("export.begin", permission="bookkeeping.write")
def begin_export(uow: Uow, command: OneExport) -> ExportView:
    """Say that its files are being made. One that failed by our own fault again and again is given up."""
    row = require_export(uow, command.export_ident, lock=True)
    if row.attempts >= MOST_ATTEMPTS:
        message = f"Making the files failed {row.attempts} times by a fault that is not the data's; the log of the server says why."
        _end(uow, row.ident, "FAILED", [ExportReason(code="export_given_up", message=message)])
    else:
        uow.run(
            "UPDATE export SET status = 'RUNNING', attempts = attempts + 1, started_at = %s, done = 0 WHERE ident = %s",
            (uow.ctx.now(), row.ident),
        )
        uow.audit("export", row.ident, {"status": "RUNNING"})
    return export_view(uow, row.ident)


@operation("export.put_back", permission="bookkeeping.write")
def put_back(uow: Uow, command: OneExport) -> None:
    """Let it wait again: who made its files was asked to end, which is nobody's fault."""
    sql = "UPDATE export SET status = 'QUEUED', attempts = attempts - 1 WHERE ident = %s AND status = 'RUNNING'"
    if uow.run(sql, (command.export_ident,)):
        uow.audit("export", command.export_ident, {"status": "QUEUED"})
        uow.mark(EXPORTING)


@operation("export.keep_progress", permission="bookkeeping.write")
def keep_progress(uow: Uow, command: KeepProgress) -> None:
    """Say how far it is."""
    sql = "UPDATE export SET done = %s, total = %s WHERE ident = %s AND status = 'RUNNING'"
    if uow.run(sql, (command.done, command.total, command.export_ident)):
        uow.audit("export", command.export_ident, {"done": command.done})


@operation("export.keep_made", permission="bookkeeping.write")
def keep_made(uow: Uow, command: KeepMade) -> None:
    """Keep the files of an export; of one that is made again only whether they are the same. One that was deleted meanwhile stays so."""
    if not uow.scalar(str, "SELECT ident FROM export WHERE ident = %s FOR UPDATE", (command.export_ident,)):
        return
    row = require_export(uow, command.export_ident)
    if row.sha256 is not None:
        _compare(uow, row.ident, command)
        return
    files = [{"export_ident": row.ident, "position": position, **_plain(file)} for position, file in enumerate(command.files)]
    uow.insert(tables.export_file, files)
    sql = "UPDATE export SET rows = %s, sha256 = %s, left_out = %s::jsonb, done = %s, total = %s WHERE ident = %s"
    # what was expected was reckoned before its files were made
    uow.run(sql, (command.rows, command.sha256, _json(command.left_out), command.rows, command.rows, row.ident))
    _end(uow, row.ident, "DONE", [])


def _compare(uow: Uow, ident: str, made: KeepMade) -> None:
    view = export_view(uow, ident)
    before, after = ({file.name: file.sha256 for file in files} for files in (view.files, made.files))
    differing = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    message = "differs: what it is made of was changed since, or its program."
    reasons = [ExportReason(code="export_file_differs", message=f"{name} {message}") for name in differing]
    uow.run("UPDATE export SET repeated_at = %s WHERE ident = %s", (uow.ctx.now(), ident))
    _end(uow, ident, "DONE", reasons)


@operation("export.keep_failed", permission="bookkeeping.write")
def keep_failed(uow: Uow, command: KeepFailed) -> None:
    """Say why its files cannot be made."""
    if uow.scalar(str, "SELECT ident FROM export WHERE ident = %s FOR UPDATE", (command.export_ident,)):
        _end(uow, command.export_ident, "FAILED", command.reasons)


def _end(uow: Uow, ident: str, status: str, reasons: Sequence[ExportReason]) -> None:
    sql = "UPDATE export SET status = %s, reasons = %s::jsonb, completed_at = %s WHERE ident = %s"
    uow.run(sql, (status, _json(reasons), uow.ctx.now(), ident))
    uow.audit("export", ident, {"status": status, "reasons": [reason.code for reason in reasons]})


def _plain(file: ExportFile) -> dict[str, object]:
    return {"name": file.name, "media_type": file.media_type, "size": file.size, "sha256": file.sha256, "rows": file.rows}


def _json(values: Sequence[object]) -> str:
    return msgspec.json.encode(list(values)).decode()


# --- outside of a transaction


def make_export(runtime: Runtime, who: Caller, ident: str, told: Told = lambda done, total: None) -> None:
    """Make the files of one export, by who is alone (`alone`). What is refused fails it; a fault of ours is raised, and it stays to be
    tried again."""
    one = OneExport(export_ident=ident)
    if runtime.execute(begin_export, one, who).status != "RUNNING":
        return

    def progress(done: int, total: int | None) -> None:
        runtime.execute(keep_progress, KeepProgress(export_ident=ident, done=done, total=total), who)
        told(done, total)

    try:
        with runtime.transaction(who, reads=True, snapshot=True) as uow:
            out = Output(uow.runtime.blobs, uow.ctx.tenant_id, progress, runtime.go_on)
            task = task_of(uow, ident)
            KINDS[task.kind].write(uow, task, out)
            out.finish()
    except Ending:
        runtime.execute(put_back, one, who)
        raise
    except Refused as refused:
        reasons = tuple(_reason(problem) for problem in refused.problems)
        runtime.execute(keep_failed, KeepFailed(export_ident=ident, reasons=reasons), who)
        return
    command = KeepMade(
        export_ident=ident,
        files=tuple(ExportFile(**file._asdict()) for file in out.files),
        left_out=tuple(out.left_out()),
        rows=out.rows(),
        sha256=out.sha256(),
    )
    runtime.execute(keep_made, command, who)


def _reason(problem: Problem) -> ExportReason:
    return ExportReason(code=problem.code, message=problem.of(problem.field or "It"))


def task_of(uow: Uow, ident: str) -> ExportTask:
    """What the writer of an export is told."""
    row = require_export(uow, ident)
    return ExportTask(
        ident=row.ident,
        kind=row.kind,
        first_day=row.first_day,
        last_day=row.last_day,
        options=adapter(KINDS[row.kind].options).validate_python(row.options, by_alias=True, by_name=True),
        journal={int(year): int(number) for year, number in row.snapshot["journal"]},
        frozen=row.snapshot["frozen"],
        requested_at=row.created_at,
        requested_by=row.requested_by,
    )


def make_waiting(runtime: Runtime, who: Caller, told: Told = lambda done, total: None) -> bool:
    """Make all exports of a tenant that wait, the oldest first; False where another process does so just now."""
    with runtime.transaction(who, reads=True) as guard:
        if not guard.scalar(bool, _ALONE, {"tenant": guard.ctx.tenant_id}):
            return False
        guard.run(_PATIENT)
        while (ident := guard.scalar(str, _NEXT)) is not None:
            runtime.go_on()
            with contextlib.suppress(Refused):  # it was deleted meanwhile
                make_export(runtime, who, ident, told)
    return True


def look(runtime: Runtime, tenant_id: int) -> dt.datetime | Elsewhere | None:
    """One process at a time makes a tenant's exports."""
    return None if make_waiting(runtime, caller("exports", tenant_id)) else Elsewhere.BUSY


EXPORT_WORK = work(Work(name=EXPORTING, look=look, place="files"))
every_tenant(EXPORT_WORK, every=dt.timedelta(hours=1))
