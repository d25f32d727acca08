"""Projects, tasks and times of a tenant, as a client of the platform API writes them."""

from typing import Any

from tests.factories.tenants import Tenant

from contor.projects.bill import BillTimes, bill_times
from contor.projects.projects import PROJECTS, TASKS
from contor.projects.times import TIMES
from contor.projects.types import BillTimesBody
from contor.runtime.resource import Written

CUSTOMER = "muster-handel"
"""Of the demo's master data, which a `furnished` tenant has."""


def a_project(tenant: Tenant, ident: str = "p-1", **more: Any) -> Any:
    body = {"ident": ident, "name": "Website", "customer_ident": CUSTOMER, "hour_price": "90", "vat_rate": "19", **more}
    return tenant.execute(PROJECTS.create, Written((), body))


def a_task(tenant: Tenant, ident: str = "t-1", project: str = "p-1", **more: Any) -> Any:
    return tenant.execute(TASKS.create, Written((project,), {"ident": ident, "name": "Design", **more}))


def a_time(tenant: Tenant, ident: str, worked: int | None = 60, project: str = "p-1", **more: Any) -> Any:
    said = {} if worked is None else {"minutes": worked}
    return tenant.execute(TIMES.create, Written((), {"ident": ident, "project_ident": project, **said, **more}))


def billed(tenant: Tenant, project: str = "p-1", **more: Any) -> Any:
    return tenant.execute(bill_times, BillTimes(project, BillTimesBody(**more)))
