"""Projects and times of another account."""

from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from contor.api.fastbill.ids import ident_of
from contor.api.fastbill.names import is_given, said
from contor.api.fastbill.papers import projects, times
from contor.api.fastbill.papers.known import PROJECT as PROJECTS
from contor.api.fastbill.papers.types import NewProject, NewTime
from contor.api.fastbill.sent import sent
from contor.api.fastbill.taking.foreign import word
from contor.api.fastbill.taking.once import CUSTOMER, PROJECT, TASK, TIME, Take, given, meant, once
from contor.kernel.operations import operation
from contor.projects.projects import TASKS
from contor.runtime.resource import Written
from contor.runtime.uow import Uow
from contor.takeovers.taking import Taken, note


@operation("fastbill.take_project", permission="contracts.write")
def take_project(uow: Uow, take: Take) -> Taken:
    """A project of a customer, with its tasks."""

    def make() -> object:
        data = given(NewProject, take.content, customer_id=meant(uow, take, CUSTOMER, "CUSTOMER_ID"))
        number = projects.create(uow, data)["project_id"]
        ident = ident_of(uow, PROJECTS, int(str(number)), "PROJECT_ID")
        for task in _tasks(take.content):
            made = TASKS.create(uow, Written((ident,), sent(TASKS.creation, _task(task))))
            note(uow, take.source, TASK, word(task, "TASK_ID"), str(made["task_id"]))
        return number

    return once(uow, take, PROJECT, make)


@operation("fastbill.take_time", permission="contracts.write")
def take_time(uow: Uow, take: Take) -> Taken:
    """A time that was worked. What was calculated there is not billable here: it is billed already."""

    def make() -> object:
        data = given(
            NewTime,
            take.content,
            customer_id=meant(uow, take, CUSTOMER, "CUSTOMER_ID"),
            project_id=meant(uow, take, PROJECT, "PROJECT_ID"),
            task_id=meant(uow, take, TASK, "TASK_ID"),
            **({"billable_minutes": 0} if word(take.content, "IS_CALCULATED") in ("1", "True", "true") else {}),
        )
        return times.create(uow, data)["time_id"]

    return once(uow, take, TIME, make)


# helpers in calling order


def _tasks(content: Mapping[str, object]) -> list[Mapping[str, object]]:
    found = said(content, "TASKS")
    listed = [cast(Mapping[str, object], one) for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
    return [one for one in listed if word(one, "TASK_ID")]


def _task(task: Mapping[str, object]) -> dict[str, object]:
    status, priority, price, rate = (
        word(task, "STATUS").upper(),
        word(task, "PRIORITY").upper(),
        *(said(task, tag) for tag in ("HOUR_PRICE", "VAT_PERCENT")),
    )
    made: dict[str, object] = {"name": word(task, "TASK_NAME") or word(task, "TASK_ID")}
    if status in ("DONE", "CLOSED", "FINISHED"):
        made["status"] = "DONE"
    if priority in ("LOW", "HIGH"):
        made["priority"] = priority
    for name, value in (("number", word(task, "TASK_NUMBER")), ("description", word(task, "DESCRIPTION"))):
        if value:
            made[name] = value
    for name, amount in (("hour_price", price), ("vat_rate", rate)):
        if is_given(amount):
            made[name] = Decimal(str(amount))
    return made
