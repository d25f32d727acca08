"""Settlement reports that were fetched are processed when their account's schedule says."""

import datetime as dt
from typing import Final

from contor.kernel.events import on
from contor.kernel.work import Work, work
from contor.payments.events import SettlementsPlanned
from contor.payments.schedule import next_time
from contor.payments.settlements.uploads.taking import ReadUpload, read_upload
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller

PROCESSING: Final = "settlement_processing"


@on(SettlementsPlanned)
def plan_anew(uow: Uow, fact: SettlementsPlanned) -> None:
    """What waits of an account waits for its new schedule; without one, for nothing."""
    due_at = uow.ctx.now() if fact.schedule is None else next_time(fact.schedule, uow.ctx.now(), uow.ctx.zone)
    sql = (
        "UPDATE settlement_upload SET due_at = %s WHERE account_ident = %s AND state = 'RECEIVED' AND due_at IS NOT NULL"
        " RETURNING ident"
    )
    for ident in uow.column(str, sql, (due_at, fact.account_ident)):
        uow.audit("settlement_upload", ident, {"due_at": due_at})
        uow.mark(PROCESSING)


def process_due(runtime: Runtime, tenant_id: int) -> dt.datetime | None:
    """Read every file whose time has come, the oldest first, each in a transaction of its own; when to look again."""
    who = caller("settlements", tenant_id)
    waiting = "FROM settlement_upload WHERE state = 'RECEIVED' AND due_at"
    with runtime.transaction(who, reads=True) as uow:
        due = uow.column(str, f"SELECT ident {waiting} <= %s ORDER BY id", (uow.ctx.now(),))
    for ident in due:
        runtime.go_on()
        runtime.execute(read_upload, ReadUpload(upload_ident=ident), who)
    with runtime.transaction(who, reads=True) as uow:
        at = uow.scalar(dt.datetime, f"SELECT min(due_at) {waiting} > %s", (uow.ctx.now(),))
        return None if uow.ctx.is_test_clock else at  # a clock that stands still comes to nothing by itself


every_tenant(work(Work(name=PROCESSING, look=process_due, by_clock=True, place="files")), every=dt.timedelta(minutes=15))
