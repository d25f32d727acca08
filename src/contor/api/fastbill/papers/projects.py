"""project.* and task.get."""

from contor.api.fastbill.ids import CUSTOMER, ident_of, numbers_of
from contor.api.fastbill.papers.known import PROJECT, customer_meant, customer_named, found, idents
from contor.api.fastbill.papers.types import (
    ChangedProject,
    NewProject,
    OneProjectData,
    ProjectFields,
    ProjectFilter,
    TaskFilter,
)
from contor.api.fastbill.refusals import said_as
from contor.api.fastbill.writing import Fields, day, decimals, done, exact, identifier, listed, plain, words
from contor.kernel.operations import operation
from contor.projects.projects import PROJECTS
from contor.projects.queries import Task, tasks_found, tasks_numbered, tasks_of
from contor.runtime.execute import validated
from contor.runtime.resource import Keyed, Written
from contor.runtime.uow import Uow

CORE = {
    "name": "PROJECT_NAME",
    "number": "PROJECT_NUMBER",
    "customer_ident": "CUSTOMER_ID",
    "cost_center": "CUSTOMER_COSTCENTER_ID",
    "currency": "CURRENCY_CODE",
    "vat_rate": "VAT_PERCENT",
}
"""Field of the core -> tag."""


@operation("fastbill.project_get", permission="contracts.read", reads=True)
def get(uow: Uow, where: ProjectFilter) -> Fields:
    """The projects that the filter means, with their tasks, the oldest first."""
    terms = [
        ("project_id", "==", where.project_id),
        ("number", "==", where.project_number),
        ("customer_ident", "==", customer_meant(uow, where.customer_id)),
    ]
    rows = found(uow, PROJECTS, where, terms, "project_id")
    tasks, customers = tasks_of(uow, idents(rows, "ident")), numbers_of(uow, CUSTOMER, idents(rows, "customer_ident"))
    return listed(
        "projects",
        [
            {
                "project_id": identifier(row["project_id"]),
                "project_number": words(row["number"]),
                "project_name": row["name"],
                "customer_id": identifier(customers[row["customer_ident"]]),
                "customer_costcenter_id": words(row["cost_center"]),
                "hour_price": exact(row["hour_price"]),
                "currency_code": row["currency"],
                "vat_percent": decimals(row["vat_rate"], 2),
                "start_date": day(row["start_date"]),
                "end_date": day(row["end_date"]),
                "tasks": [_task(task) for task in tasks.get(row["ident"], ())],
            }
            for row in rows
        ],
    )


@operation("fastbill.project_create", permission="contracts.write")
def create(uow: Uow, data: NewProject) -> Fields:
    """A new project of a customer."""
    with said_as(CORE):
        body = {
            "name": data.project_name,
            "customer_ident": customer_named(uow, data.customer_id),
            **{name: value for name, value in _fields(data).items() if value is not None},
        }
        made = PROJECTS.create(uow, Written((), validated(PROJECTS.creation, body)))
    return done(project_id=made["project_id"])


@operation("fastbill.project_update", permission="contracts.write")
def update(uow: Uow, data: ChangedProject) -> Fields:
    """What is said of a project changes; the rest stays."""
    ident = ident_of(uow, PROJECT, data.project_id, "PROJECT_ID")
    with said_as(CORE, {ident: data.project_id}):
        before = PROJECTS.get(uow, Keyed((ident,)))
        said = {"name": data.project_name, "customer_ident": customer_named(uow, data.customer_id), **_fields(data)}
        kept = {name: before[name] for name in said}
        body = {**kept, **{name: value for name, value in said.items() if value is not None}}
        PROJECTS.update(uow, Written((ident,), validated(PROJECTS.update_body, body)))
    return done(project_id=str(data.project_id))


@operation("fastbill.project_delete", permission="contracts.write")
def delete(uow: Uow, data: OneProjectData) -> Fields:
    """A project on which nobody worked goes, with its tasks."""
    ident = ident_of(uow, PROJECT, data.project_id, "PROJECT_ID")
    with said_as(CORE, {ident: data.project_id}):
        PROJECTS.delete(uow, Keyed((ident,)))
    return done()


@operation("fastbill.task_get", permission="contracts.read", reads=True)
def get_tasks(uow: Uow, where: TaskFilter) -> Fields:
    """The tasks of a project, or of all, the oldest first."""
    projects = None if where.project_id is None else list(PROJECT.find(uow, [str(where.project_id)]).values())
    found_tasks = tasks_found(uow, projects, where.limit, where.offset)
    if where.task_id is not None:
        task = tasks_numbered(uow, [where.task_id]).get(where.task_id)
        found_tasks = [task] if task is not None and (projects is None or task.project_ident in projects) else []
    return listed("tasks", [{**_task(task), "project_id": identifier(task.project_id)} for task in found_tasks])


# helpers in calling order


def _fields(data: ProjectFields) -> dict[str, object]:
    return {
        "number": data.project_number,
        "cost_center": data.customer_costcenter_id,
        "hour_price": data.hour_price,
        "currency": data.currency_code,
        "vat_rate": data.vat_percent,
        "start_date": data.start_date,
        "end_date": data.end_date,
    }


def _task(task: Task) -> Fields:
    return {
        "task_id": identifier(task.task_id),
        "task_number": words(task.number),
        "task_name": task.name,
        "description": words(task.description),
        "status": task.status.lower(),
        "priority": task.priority.lower(),
        "hour_price": exact(task.hour_price),
        "currency_code": task.currency,
        "vat_percent": plain(task.vat_rate),
    }
