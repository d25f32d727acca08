"""Once a day every contract is looked at, some at a time; a worker that dies goes on where it was."""

import datetime as dt
from typing import NamedTuple

from contor.contracts.queries import contracts_after, contracts_by_id, plans_of
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.kernel.work import Work, work
from contor.notifications.events import ContractsExpired, ContractsRenewed, TrialsEnd, TrialsExpired
from contor.notifications.terms.passed import has_expired, has_renewed, has_tried, tells_of_trial
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller
from contor.settings.queries import tenant_settings

AT_ONCE = 1_000


@shape
class TellTerms:
    limit: int = AT_ONCE


class _Told(NamedTuple):
    through: dt.date
    until: dt.date | None
    reached: int


@operation("notification.tell_terms", permission="notifications.write")
def tell_terms(uow: Uow, command: TellTerms) -> bool:
    """Tell of the next contracts what the days since the last time have brought; whether there are more. Nothing where the tenant has no
    notifications."""
    told = uow.first(_Told, "SELECT through, until, reached FROM notification_term FOR UPDATE")
    if told is None:
        return False
    until = told.until or uow.ctx.today()
    if until <= told.through:
        return False
    numbers = contracts_after(uow, told.reached if told.until else 0, command.limit)
    contracts = contracts_by_id(uow, numbers)
    plans = plans_of(uow, contracts.values())
    dated = [(contract, plans[contract.contract_id].content) for contract in contracts.values()]
    renewed = tuple(one.contract_id for one, plan in dated if has_renewed(one, plan, told.through, until))
    expired = tuple(one.contract_id for one, plan in dated if has_expired(one, plan, told.through, until))
    notice_days = tenant_settings(uow).trial_notice_days
    trials = tuple(one.contract_id for one, _ in dated if tells_of_trial(one, notice_days, told.through, until))
    if trials:
        uow.emit(TrialsEnd(contract_ids=trials))
    tried = tuple(one.contract_id for one, _ in dated if has_tried(one, told.through, until))
    if tried:
        uow.emit(TrialsExpired(contract_ids=tried))
    if renewed:
        uow.emit(ContractsRenewed(contract_ids=renewed))
    if expired:
        uow.emit(ContractsExpired(contract_ids=expired))
    is_more = len(numbers) == command.limit
    if is_more:
        uow.run("UPDATE notification_term SET until = %s, reached = %s", (until, numbers[-1]))
    else:
        uow.run("UPDATE notification_term SET through = %s, until = NULL, reached = 0", (until,))
    return is_more


def look(runtime: Runtime, tenant_id: int) -> None:
    """All contracts, once a day of the tenant's clock."""
    while runtime.execute(tell_terms, TellTerms(), caller("notification_terms", tenant_id)):
        runtime.go_on()


every_tenant(work(Work(name="notification_terms", look=look, by_clock=True, place="files")), every=dt.timedelta(hours=1))
