"""time.*."""

from contor.api.fastbill.ids import CUSTOMER, ident_of, number_of, numbers_of, unknown
from contor.api.fastbill.papers.known import NOBODY, PROJECT, TIME, between, customer_meant, customer_named, found, idents
from contor.api.fastbill.papers.types import ChangedTime, NewTime, OneTimeData, TimeFields, TimeFilter
from contor.api.fastbill.refusals import said_as
from contor.api.fastbill.writing import NO_TIME, Fields, done, flagged, identifier, listed, moment, words
from contor.kernel.operations import operation
from contor.projects.projects import PROJECTS
from contor.projects.queries import task_numbers, tasks_numbered
from contor.projects.times import TIMES
from contor.runtime.execute import validated
from contor.runtime.resource import Keyed, Written
from contor.runtime.uow import Uow

CORE = {
    "project_ident": "PROJECT_ID",
    "task_ident": "TASK_ID",
    "started_at": "START_TIME",
    "ended_at": "END_TIME",
}
"""Field of the core -> tag."""


@operation("fastbill.time_get", permission="contracts.read", reads=True)
def get(uow: Uow, where: TimeFilter) -> Fields:
    """The times that the filter means, the oldest first."""
    task = tasks_numbered(uow, [where.task_id]).get(where.task_id) if where.task_id is not None else None
    terms = [
        ("time_id", "==", where.time_id),
        ("customer_ident", "==", customer_meant(uow, where.customer_id)),
        ("project_ident", "==", _project_meant(uow, where.project_id)),
        ("date", "==", where.date),
        *between("date", where.start_date, where.end_date),
    ]
    if where.task_id is not None:
        terms += [
            ("task_ident", "==", NOBODY if task is None else task.ident),
            ("project_ident", "==", NOBODY if task is None else task.project_ident),
        ]
    rows = found(uow, TIMES, where, terms, "time_id")
    customers = numbers_of(uow, CUSTOMER, idents(rows, "customer_ident"))
    projects = numbers_of(uow, PROJECT, idents(rows, "project_ident"))
    tasks = task_numbers(uow, [(row["project_ident"], row["task_ident"]) for row in rows if row["task_ident"] is not None])
    return listed(
        "times",
        [
            {
                "time_id": identifier(row["time_id"]),
                "task_id": identifier(tasks.get((row["project_ident"], row["task_ident"]))),
                "customer_id": identifier(customers[row["customer_ident"]]),
                "project_id": identifier(projects[row["project_ident"]]),
                "invoice_id": identifier(row["draft_id"]),
                "date": moment(row["date"]),
                "start_time": moment(row["started_at"], NO_TIME),
                "end_time": moment(row["ended_at"], NO_TIME),
                "minutes": str(row["minutes"]),
                "billable_minutes": str(row["billable_minutes"]),
                "comment": words(row["comment"]),
                "is_calculated": flagged(row["is_calculated"]),
                "article_number": words(row["article_number"]),
            }
            for row in rows
        ],
    )


@operation("fastbill.time_create", permission="contracts.write")
def create(uow: Uow, data: NewTime) -> Fields:
    """A time that was worked on a project of the customer."""
    project = ident_of(uow, PROJECT, data.project_id, "PROJECT_ID")
    _require_customer(uow, project, data.customer_id)
    with said_as(CORE, {project: data.project_id}):
        body = {"project_ident": project, "started_at": data.start_time, **_fields(uow, data, project)}
        made = TIMES.create(uow, Written((), validated(TIMES.creation, body)))
    return done(time_id=made["time_id"])


@operation("fastbill.time_update", permission="contracts.write")
def update(uow: Uow, data: ChangedTime) -> Fields:
    """What is said of a time changes, and what follows from it; the rest stays."""
    ident = ident_of(uow, TIME, data.time_id, "TIME_ID")
    before = TIMES.get(uow, Keyed((ident,)))
    project = before["project_ident"]
    if data.project_id is not None and ident_of(uow, PROJECT, data.project_id, "PROJECT_ID") != project:
        raise unknown("PROJECT_ID", data.project_id)
    if data.customer_id is not None:
        _require_customer(uow, project, data.customer_id)
    said = {**({} if data.start_time is None else {"started_at": data.start_time}), **_fields(uow, data, project)}
    names = ("task_ident", "date", "started_at", "ended_at", "minutes", "billable_minutes", "comment", "article_number")
    kept = {name: before[name] for name in names}
    if said.keys() & {"started_at", "ended_at"}:
        kept["minutes"] = None
    if said.keys() & {"started_at", "ended_at", "minutes"} and before["billable_minutes"] == before["minutes"]:
        kept["billable_minutes"] = None
    number = data.project_id or number_of(uow, PROJECT, project)
    with said_as(CORE, {ident: data.time_id, project: number}):
        TIMES.update(uow, Written((ident,), validated(TIMES.update_body, {**kept, **said})))
    return done(time_id=str(data.time_id))


@operation("fastbill.time_delete", permission="contracts.write")
def delete(uow: Uow, data: OneTimeData) -> Fields:
    """A time that is not calculated goes."""
    ident = ident_of(uow, TIME, data.time_id, "TIME_ID")
    with said_as(CORE, {ident: data.time_id}):
        TIMES.delete(uow, Keyed((ident,)))
    return done()


# helpers in calling order


def _project_meant(uow: Uow, number: int | None) -> str | None:
    return None if number is None else PROJECT.find(uow, [str(number)]).get(str(number), NOBODY)


def _require_customer(uow: Uow, project: str, customer: int) -> None:
    """A time is of its project's customer."""
    if PROJECTS.require(uow, (project,))["customer_ident"] != customer_named(uow, customer):
        raise unknown("CUSTOMER_ID", customer)


def _fields(uow: Uow, data: TimeFields, project: str) -> dict[str, object]:
    """Those that are said, in the core's words."""
    said = {
        "task_ident": _task(uow, data.task_id, project),
        "date": data.date,
        "ended_at": data.end_time,
        "minutes": data.minutes,
        "billable_minutes": data.billable_minutes,
        "comment": data.comment,
        "article_number": data.article_number,
    }
    return {name: value for name, value in said.items() if value is not None}


def _task(uow: Uow, number: int | None, project: str) -> str | None:
    if number is None:
        return None
    task = tasks_numbered(uow, [number]).get(number)
    if task is None or task.project_ident != project:
        raise unknown("TASK_ID", number)
    return task.ident
