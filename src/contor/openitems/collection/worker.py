"""Collect, tenant by tenant: every quarter of an hour, and at once where somebody enabled or changed something."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.context import Caller
from contor.kernel.work import Elsewhere, Work, work
from contor.openitems.collection.carrying import CarryOut, carry_out, retry_due
from contor.openitems.collection.planning import PlanTasks, plan_tasks
from contor.openitems.collection.tasks import COLLECTING
from contor.runtime.execute import Runtime
from contor.runtime.schema import lock_if_free
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller


class Collected(NamedTuple):
    """What a run did."""

    planned: int
    """Documents that got their task."""
    intents: int
    """Tasks that became intents."""
    amount: Decimal
    retried: int
    """Failed intents that are tried again."""


def collect(runtime: Runtime, who: Caller) -> Collected:
    """Plan, carry out, try again: batch by batch, so that a stop leaves what is done."""
    planned, intents, retried, amount = 0, 0, 0, Decimal(0)
    plan = PlanTasks()
    while True:
        runtime.go_on()
        made = runtime.execute(plan_tasks, plan, who)
        planned += made.made
        if made.is_last:
            break
        plan = PlanTasks(after_date=made.after_date, after_document=made.after_document)
    command = CarryOut()
    while True:
        runtime.go_on()
        done = runtime.execute(carry_out, command, who)
        intents, amount = intents + done.made, amount + done.amount
        if done.is_last:
            break
        command = CarryOut(after_date=done.after_date, after=done.after)
    while True:
        runtime.go_on()
        again = runtime.execute(retry_due, CarryOut(), who)
        retried += again.made
        if again.is_last:
            return Collected(planned, intents, amount, retried)


def look(runtime: Runtime, tenant_id: int) -> dt.datetime | Elsewhere | None:
    """One worker at a time collects in a tenant."""
    who = caller("collection", tenant_id)
    with runtime.transaction(who, reads=True) as guard:
        if not guard.scalar(bool, f"SELECT {lock_if_free('collection', repr('run'))}", {"tenant": tenant_id}):
            return Elsewhere.BUSY
        collect(runtime, who)
    return None


COLLECTION = work(Work(name=COLLECTING, look=look))
every_tenant(COLLECTION, every=dt.timedelta(minutes=15))
