"""Ask for an export: what it covers is fixed then, and a worker makes its files."""

import calendar
import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from pydantic import ValidationError

from contor.bookkeeping.entries import journal_marks
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.reports.exports import tables
from contor.reports.exports.kinds import KINDS, Asked, ExportKind
from contor.reports.exports.stored import OneExport, export_view, require_export
from contor.reports.exports.types import ExportBody, ExportView
from contor.runtime.execute import adapter
from contor.runtime.refusals import problems_of
from contor.runtime.uow import Uow

EXPORTING: Final = "exports"
"""The work of making files."""
MOST_OPEN: Final = 20
"""Exports of a tenant that wait at the same time."""
_FIRST, _LAST = dt.date(1900, 1, 1), dt.date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class CreateExport:
    body: ExportBody


@operation("export.create", permission="bookkeeping.write")
def create_export(uow: Uow, command: CreateExport) -> ExportView:
    """Ask for the files of a kind and some days. They are of the journal as it stands at this moment, whenever they are made."""
    body = command.body
    kind = KINDS.get(body.kind)
    days, problems = _days(body)
    options: object = None
    if kind is None:
        known = ", ".join(sorted(KINDS))
        problems.append(Problem("export_kind_unknown", f"must be one of {known}", "kind", body.kind))
    else:
        options, found = _options(kind, body)
        problems += found
    waiting = uow.scalar(int, "SELECT count(*) FROM export WHERE status IN ('QUEUED', 'RUNNING')") or 0
    if waiting >= MOST_OPEN:
        problems.append(Problem("too_many_exports", f"{waiting} exports wait already: let them end, or delete some."))
    if problems or kind is None or days is None:
        raise Refused(Kind.INVALID, *problems)
    asked = Asked(*days, options)
    number = uow.next_id()
    ident = f"exp-{number}"
    snapshot = {"journal": [list(mark) for mark in journal_marks(uow)], "frozen": kind.prepare(uow, asked)}
    row = {
        "ident": ident,
        "id": number,
        "kind": kind.name,
        "first_day": days[0],
        "last_day": days[1],
        "options": adapter(kind.options).dump_python(options, by_alias=True, exclude_none=True),
        "snapshot": snapshot,
        "status": "QUEUED",
        "reasons": [],
        "left_out": [],
        "requested_by": uow.ctx.actor,
        "created_at": uow.ctx.now(),
    }
    uow.insert(tables.export, [row])
    uow.audit("export", ident, {"kind": kind.name, "from": days[0].isoformat(), "to": days[1].isoformat()})
    uow.mark(EXPORTING)
    return export_view(uow, ident)


@operation("export.repeat", permission="bookkeeping.write")
def repeat_export(uow: Uow, command: OneExport) -> ExportView:
    """Make the files of an export again from what it froze, and say whether they come out the same."""
    row = require_export(uow, command.export_ident, lock=True)
    if row.status not in ("DONE", "FAILED"):
        raise Refused(Kind.ILLEGAL_STATE, Problem("export_not_ended", f"The export is {row.status}: it ends by itself."))
    uow.run("UPDATE export SET status = 'QUEUED', attempts = 0, done = 0, reasons = '[]'::jsonb WHERE ident = %s", (row.ident,))
    uow.audit("export", row.ident, {"status": "QUEUED"})
    uow.mark(EXPORTING)
    return export_view(uow, row.ident)


@operation("export.delete", permission="bookkeeping.write")
def delete_export(uow: Uow, command: OneExport) -> None:
    """Take an export off the list. One that is being made comes to nothing."""
    row = require_export(uow, command.export_ident, lock=True)
    uow.run("DELETE FROM export WHERE ident = %s", (row.ident,))
    uow.audit("export", row.ident, {"deleted": row.kind, "sha256": row.sha256})


def _days(body: ExportBody) -> tuple[tuple[dt.date, dt.date] | None, list[Problem]]:
    """First and last day of what is asked for."""
    said = body.first_day is not None or body.last_day is not None
    if body.period is not None:
        if said:
            return None, [Problem("period_said_twice", "excludes from and to", "period", body.period)]
        year, month = int(body.period[:4]), int(body.period[5:])
        if year < _FIRST.year or year > _LAST.year:
            return None, [Problem("period_out_of_range", "must be of the years 1900 to 2999", "period", body.period)]
        return (dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])), []
    if body.first_day is None or body.last_day is None:
        missing = "period" if not said else "from" if body.first_day is None else "to"
        return None, [Problem("period_missing", "is missing: a month as period, or the days from and to", missing)]
    problems = [
        Problem("period_out_of_range", "must be of the years 1900 to 2999", name, day)
        for name, day in (("from", body.first_day), ("to", body.last_day))
        if not _FIRST <= day <= _LAST
    ]
    if body.last_day < body.first_day:
        problems.append(Problem("period_reversed", "is before from", "to", body.last_day))
    return (body.first_day, body.last_day), problems


def _options(kind: ExportKind, body: ExportBody) -> tuple[object, list[Problem]]:
    try:
        return adapter(kind.options).validate_python(body.options or {}, by_alias=True, by_name=True), []
    except ValidationError as error:
        found = problems_of(error)
        return None, [replace(one, field=f"options.{one.field}" if one.field else "options") for one in found]
