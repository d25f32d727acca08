"""Projects and times as others read them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import NamedTuple

from contor.projects import tables
from contor.runtime.query.numbered import Numbered
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

NUMBERED = Numbered("project", tables.project, "ident", "project_id")
TIMES_NUMBERED = Numbered("project_time", tables.project_time, "ident", "time_id")


class _Billed(NamedTuple):
    document_id: int
    row_ident: str


def billed_in(uow: Uow, ids: Collection[int]) -> dict[int, set[str]]:
    """Of these documents the rows that bill times, by the documents' ids."""
    found: dict[int, set[str]] = defaultdict(set)
    sql = f"SELECT DISTINCT {columns(_Billed)} FROM project_time WHERE document_id = ANY (%s)"
    for row in uow.all(_Billed, sql, (sorted(ids),)):
        found[row.document_id].add(row.row_ident)
    return found


def known_projects(uow: Uow, idents: Iterable[str]) -> frozenset[str]:
    """Those of the idents that are projects."""
    return frozenset(uow.column(str, "SELECT ident FROM project WHERE ident = ANY (%s)", (sorted(set(idents)),)))


class Task(NamedTuple):
    """A task with what its project says for it."""

    project_ident: str
    project_id: int
    ident: str
    task_id: int
    number: str | None
    name: str
    description: str | None
    status: str
    priority: str
    hour_price: Decimal | None
    currency: str
    vat_rate: Decimal | None


_TASKS = (
    "SELECT t.project_ident, p.project_id, t.ident, t.task_id, t.number, t.name, t.description, t.status, t.priority, t.hour_price,"
    " p.currency, coalesce(t.vat_rate, p.vat_rate) AS vat_rate FROM project_task t"
    " JOIN project p ON p.tenant_id = t.tenant_id AND p.ident = t.project_ident"
)


def tasks_of(uow: Uow, projects: Collection[str]) -> dict[str, list[Task]]:
    """The tasks of these projects in the order in which they were made, by the projects' idents."""
    found: dict[str, list[Task]] = defaultdict(list)
    for task in uow.all(
        Task, f"{_TASKS} WHERE t.project_ident = ANY (%s) ORDER BY t.project_ident, t.task_id", (sorted(projects),)
    ):
        found[task.project_ident].append(task)
    return found


def tasks_numbered(uow: Uow, ids: Collection[int]) -> dict[int, Task]:
    """Those that exist, by their numbers."""
    return {task.task_id: task for task in uow.all(Task, f"{_TASKS} WHERE t.task_id = ANY (%s)", (sorted(ids),))}


def tasks_found(uow: Uow, projects: Collection[str] | None, limit: int, offset: int) -> list[Task]:
    """The tasks of these projects, of all where None, in the order in which they were made."""
    of = "" if projects is None else " WHERE project_ident = ANY (%(projects)s)"
    values = {"projects": sorted(projects or ()), "limit": limit, "offset": offset}
    # their numbers first: what they say, and of which projects, is read of the page alone
    page = uow.column(int, f"SELECT task_id FROM project_task{of} ORDER BY task_id LIMIT %(limit)s OFFSET %(offset)s", values)
    tasks = tasks_numbered(uow, page)
    return [tasks[number] for number in page]


def task_numbers(uow: Uow, tasks: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The numbers of tasks, by project and task."""
    pairs = sorted(set(tasks))
    sql = (
        "SELECT t.project_ident, t.ident, t.task_id FROM project_task t JOIN unnest(%s::text[], %s::text[]) n(project, task)"
        " ON t.project_ident = n.project AND t.ident = n.task"
    )
    rows = uow.all(_Placed, sql, ([project for project, _ in pairs], [task for _, task in pairs])) if pairs else []
    return {(row.project_ident, row.ident): row.task_id for row in rows}


class _Placed(NamedTuple):
    project_ident: str
    ident: str
    task_id: int


def projects_numbered(uow: Uow, ids: Collection[int]) -> dict[int, str]:
    """The idents of projects, by their numbers; of those that exist."""
    return NUMBERED.idents(uow, ids)


def project_numbers(uow: Uow, idents: Collection[str]) -> dict[str, int]:
    """The numbers of projects, by their idents."""
    return NUMBERED.numbers(uow, idents)
