"""Projects and their tasks."""

from contor.customers.queries import known_customers
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference
from contor.kernel.shapes import Fields
from contor.projects import tables
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow


def _checked(uow: Uow, row: Fields) -> None:
    problems = []
    if not known_customers(uow, [row["customer_ident"]]):
        problems.append(Problem("customer_unknown", "does not exist", "customerIdent", row["customer_ident"]))
    if row.get("start_date") and row.get("end_date") and row["end_date"] < row["start_date"]:
        message = f"is before the start ({row['start_date']})"
        problems.append(Problem("end_before_start", message, "endDate", row["end_date"]))
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _new(uow: Uow, row: Fields) -> None:
    _checked(uow, row)
    row["project_id"] = uow.next_id()


def _changed(uow: Uow, row: Fields) -> None:
    """What was worked was worked for its customer, at its currency."""
    _checked(uow, row)
    before = PROJECTS.require(uow, (row["ident"],))
    fixed = [(name, field) for name, field in (("customer_ident", "customerIdent"), ("currency", "currency"))]
    changed = [
        Problem("project_has_times", f"stays {before[name]}: times were worked", field, row[name])
        for name, field in fixed
        if row[name] != before[name]
    ]
    if changed and has_times(uow, row["ident"]):
        raise Refused(Kind.CONFLICT, *changed)


def _gone(uow: Uow, row: Fields) -> None:
    """Tasks go with their project; nothing goes for which times were worked."""
    if has_times(uow, row["ident"]):
        message = f"Times were worked on the project {row['ident']}: it is kept with them."
        raise Refused(Kind.CONFLICT, Problem("project_in_use", message))
    uow.run("DELETE FROM project_task WHERE project_ident = %s", (row["ident"],))


def has_times(uow: Uow, project_ident: str, task_ident: str | None = None) -> bool:
    """Whether times were worked on the project, or on one task of it."""
    sql = (
        "SELECT 1 FROM project_time WHERE project_ident = %(project)s AND (%(task)s::text IS NULL OR task_ident = %(task)s) LIMIT 1"
    )
    return bool(uow.scalar(int, sql, {"project": project_ident, "task": task_ident}))


PROJECTS = Resource(
    "project",
    tables.project,
    permission="contracts",
    writable=(
        "number",
        "name",
        "customer_ident",
        "cost_center",
        "hour_price",
        "currency",
        "vat_rate",
        "start_date",
        "end_date",
    ),
    filterable=("ident", "project_id", "number", "name", "customer_ident", "cost_center", "start_date", "end_date", "created_at"),
    refers=(Reference("customerIdent", "customer_unknown", known_customers),),
    before_create=_new,
    before_update=_changed,
    before_delete=_gone,
)


def _new_task(uow: Uow, row: Fields) -> None:
    row["task_id"] = uow.next_id()


def _task_gone(uow: Uow, row: Fields) -> None:
    if has_times(uow, row["project_ident"], row["ident"]):
        message = f"Times were worked on the task {row['ident']}: it is kept with them."
        raise Refused(Kind.CONFLICT, Problem("task_in_use", message))


TASKS = Resource(
    "project_task",
    tables.project_task,
    permission="contracts",
    keys=("project_ident", "ident"),
    parent=PROJECTS,
    writable=("number", "name", "description", "status", "priority", "hour_price", "vat_rate"),
    filterable=("ident", "task_id", "number", "name", "status", "priority", "created_at"),
    before_create=_new_task,
    before_delete=_task_gone,
)
