"""Count a period again whose events came late, and let the difference be billed (accounting reference 9, "late usage")."""

import datetime as dt

from contor.catalogue.queries import options_by_ident
from contor.contracts.calendar import period_at
from contor.contracts.queries import contracts_by_id, plans_of
from contor.kernel.events import after
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups
from contor.usage.events import EventsCameLate, UsagesCameLate, UsagesTakenBack
from contor.usage.measured.collecting import Period, collect, measured_by
from contor.usage.measured.remembered import counted_at


@shape
class CountAgain:
    """A period of an option of a contract."""

    contract_id: int
    option_ident: str
    period_start: dt.date


def _again(fact: EventsCameLate) -> list[CountAgain]:
    return [CountAgain(contract_id=fact.contract_id, option_ident=fact.option_ident, period_start=fact.period_start)]


@after(EventsCameLate, _again)
@operation("usage_event.count_again", permission="contracts.write")
def count_again(uow: Uow, command: CountAgain) -> None:
    """Make usages of what more there is than was counted; where it is less, what was billed is given back and billed anew. Of what is
    counted already nothing changes."""
    contract = contracts_by_id(uow, [command.contract_id])[command.contract_id]
    uow.lock("billing", [contract.customer_ident])
    contract = contracts_by_id(uow, [command.contract_id])[command.contract_id]
    counted = counted_at(uow, [(command.contract_id, command.option_ident, command.period_start)])
    if not counted or contract.start_on is None or contract.end_kind == "CANCELLED":
        return
    plan = plans_of(uow, [contract])[contract.contract_id]
    period = period_at(plan.content, contract.start_on, contract.end_on, command.period_start, contract.life)
    if period is None or period.start != command.period_start:
        return  # the contract has no such period any more
    options = options_by_ident(uow, [command.option_ident])
    zone = days_of_groups(uow).zone(contract.billing_group_ident)
    asked = Period(contract, options[command.option_ident], period.start, period.end, zone)
    found = collect(uow, [asked], measured_by(uow, options.values()))
    uow.audit("contract", contract.contract_ident, {"events_counted_again": period.start})
    if found.withdrawn:
        uow.emit(UsagesTakenBack(usage_ids=found.withdrawn))
    if found.more:
        uow.emit(UsagesCameLate(contract_ids=tuple(sorted(found.more))))
