"""What contracts give changes by itself when a day has come: it is told then, and what comes next is looked for."""

import datetime as dt
from typing import NamedTuple

from contor.contracts.queries import contract_numbers
from contor.entitlements.events import EntitlementsChanged
from contor.entitlements.granting import TURNING, given_at, settle
from contor.entitlements.queries import spans_after
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.kernel.work import Work, work
from contor.runtime.execute import Runtime
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller

AT_ONCE = 500
MOMENT = dt.timedelta(microseconds=1)


@shape
class Turn:
    limit: int = AT_ONCE


class _Due(NamedTuple):
    contract_ident: str
    at: dt.datetime


@operation("entitlement.turn", permission="contracts.write")
def turn(uow: Uow, command: Turn) -> bool:
    """Tell of the next contracts whose time has come what they give otherwise since then; whether there are more."""
    sql = f"SELECT {columns(_Due)} FROM entitlement_turn WHERE at <= %s ORDER BY at LIMIT %s FOR UPDATE SKIP LOCKED"
    due = dict(uow.all(_Due, sql, (uow.ctx.now(), command.limit)))
    if not due:
        return False
    spans = spans_after(uow, due, min(due.values()) - MOMENT)
    now = given_at(spans, uow.ctx.now())
    differing = []
    for ident, at in due.items():
        own = [span for span in spans if span.contract_ident == ident]
        if given_at(own, at - MOMENT).get(ident) != now.get(ident):
            differing.append(ident)
    settle(uow, [(number, False) for number in contract_numbers(uow, due).values()])
    for ident, at in due.items():
        uow.audit("contract", ident, {"entitlements_turned": at, "changed": ident in differing})
    if differing:
        uow.emit(EntitlementsChanged(contract_idents=tuple(differing)))
    return len(due) == command.limit


def look(runtime: Runtime, tenant_id: int) -> dt.datetime | None:
    """Everything whose time has come; when to look again."""
    who = caller("entitlements", tenant_id)
    while runtime.execute(turn, Turn(), who):
        runtime.go_on()
    with runtime.transaction(who, reads=True) as uow:
        at = uow.scalar(dt.datetime, "SELECT min(at) FROM entitlement_turn")
        return None if uow.ctx.is_test_clock else at  # a clock that stands still comes to nothing by itself


every_tenant(work(Work(name=TURNING, look=look, by_clock=True, place="files")), every=dt.timedelta(hours=1))
