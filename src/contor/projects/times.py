"""Times that were worked: said by their start and end, by minutes, or both."""

import datetime as dt
from typing import NamedTuple

from contor.documents.queries import document_ident_of, idents_by_id
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.projects import tables
from contor.projects.tables import LONGEST
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow

_MINUTE = dt.timedelta(minutes=1)


class _Customer(NamedTuple):
    customer_ident: str


def _new(uow: Uow, row: Fields) -> None:
    row["time_id"] = uow.next_id()
    row["draft_id"] = row["row_ident"] = row["document_id"] = None
    _checked(uow, row)


def _changed(uow: Uow, row: Fields) -> None:
    require_free(row)
    _checked(uow, row)


def _gone(_: Uow, row: Fields) -> None:
    require_free(row)


def require_free(row: Fields) -> None:
    """What is calculated stays as it is, for a row says it. Raises CONFLICT."""
    if row["draft_id"] is not None:
        message = (
            f"The time {row['ident']} is calculated in the draft {row['draft_id']}: it is free again when that is deleted, or its"
            " document cancelled."
        )
        raise Refused(Kind.CONFLICT, Problem("time_calculated", message))


def _checked(uow: Uow, row: Fields) -> None:
    """Its project and task exist; what start and end say is not contradicted; what is left out follows from what is said."""
    problems = []
    customer = uow.first(_Customer, "SELECT customer_ident FROM project WHERE ident = %s", (row["project_ident"],))
    if customer is None:
        problems.append(Problem("project_unknown", "does not exist", "projectIdent", row["project_ident"]))
    elif row.get("task_ident") is not None:
        sql = "SELECT status FROM project_task WHERE project_ident = %s AND ident = %s"
        status = uow.scalar(str, sql, (row["project_ident"], row["task_ident"]))
        if status is None:
            message = f"is no task of the project {row['project_ident']}"
            problems.append(Problem("task_unknown", message, "taskIdent", row["task_ident"]))
        elif status == "DONE":
            problems.append(Problem("task_done", "is done: nobody works on it any more", "taskIdent", row["task_ident"]))
    problems += _times(row)
    if problems:
        raise Refused(Kind.INVALID, *problems)
    assert customer is not None, "it was refused"
    row["customer_ident"] = customer.customer_ident
    if row.get("date") is None:
        row["date"] = row["started_at"].astimezone(uow.ctx.zone).date() if row.get("started_at") else uow.ctx.today()
    if row.get("billable_minutes") is None:
        row["billable_minutes"] = row["minutes"]


def _times(row: Fields) -> list[Problem]:
    """What is wrong with start, end and minutes; minutes that are left out are written into `row`. Breaks make them fewer than lie
    between start and end, nothing makes them more. One that began and has no end yet has worked nothing yet."""
    start, end, minutes = row.get("started_at"), row.get("ended_at"), row.get("minutes")
    if start is None and end is not None:
        return [Problem("start_missing", "is required where there is an end", "startedAt")]
    if start is None or end is None:
        if minutes is None and start is None:
            return [Problem("minutes_missing", "is required where there is no start", "minutes")]
        row["minutes"] = minutes or 0
        return []
    if end < start:
        return [Problem("end_before_start", f"is before the start ({start.isoformat()})", "endedAt", end.isoformat())]
    between = (end - start) // _MINUTE
    if between > LONGEST:
        return [Problem("time_too_long", f"is more than {LONGEST} minutes after the start", "endedAt", end.isoformat())]
    if minutes is not None and minutes > between:
        return [Problem("minutes_contradict", f"is more than lies between start and end ({between})", "minutes", minutes)]
    row["minutes"] = between if minutes is None else minutes
    return []


def _shown(uow: Uow, rows: list[Fields]) -> list[Fields]:
    """With the number of the document in which they are billed."""
    ids = {row["document_id"] for row in rows if row["document_id"] is not None}
    numbers = idents_by_id(uow, ids) if ids else {}
    return [
        {**row, "is_calculated": row["draft_id"] is not None, "document_ident": numbers.get(row["document_id"])} for row in rows
    ]


TIMES = Resource(
    "project_time",
    tables.project_time,
    permission="contracts",
    writable=(
        "project_ident",
        "task_ident",
        "date",
        "started_at",
        "ended_at",
        "minutes",
        "billable_minutes",
        "comment",
        "article_number",
    ),
    immutable=("project_ident",),
    filterable=(
        "ident",
        "time_id",
        "project_ident",
        "task_ident",
        "customer_ident",
        "date",
        "draft_id",
        "created_at",
    ),
    sort="time_id,desc",
    computed={"is_calculated": (bool, ...), "document_ident": (str | None, None)},
    found_by={"is_calculated": ("project_time.draft_id IS NOT NULL", bool)},
    before_create=_new,
    before_update=_changed,
    before_delete=_gone,
    shown=_shown,
)
TIMES.search.fields["document_ident"] = document_ident_of(tables.project_time.c.document_id)
