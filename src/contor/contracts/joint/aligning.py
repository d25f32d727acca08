"""Give contracts of one customer one billing day: what lies between the interval that is proposed and that day is charged by its days."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from contor.contracts.calendar import Alignment, Life, performance
from contor.contracts.change import locked_contracts
from contor.contracts.course import next_period
from contor.contracts.create import stored_content
from contor.contracts.events import ContractsChanged
from contor.contracts.life import Living, living_contract, refuse, store, view
from contor.contracts.types import Contract, ContractView
from contor.kernel.context import add_months
from contor.kernel.errors import Problem
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, replace, shape
from contor.runtime.uow import Uow

MOST = 1000
MOST_MONTHS = 1200
"""How far away a billing day may lie: intervals are counted from it."""


@shape
class Aligning:
    contract_idents: Annotated[tuple[Ident, ...], Field(min_length=1, max_length=MOST)]
    """All of one customer."""
    billing_date: dt.date | None = None
    """A day on which an interval of each begins; default: the first day of the next interval of the one that is billed next."""


@shape
class AlignContracts:
    body: Aligning


@operation("contract.align", permission="contracts.write")
def align(uow: Uow, command: AlignContracts) -> tuple[ContractView, ...]:
    """Bill contracts of one customer on one day, all or none: intervals that a run has looked at stay, the next one of each is a part that
    ends with the day's interval, and is charged by its days."""
    body = command.body
    contracts = locked_contracts(uow, body.contract_idents)
    problems = _of_several(contracts)
    ones = [living_contract(uow, contract.contract_ident) for contract in contracts]
    for index, one in enumerate(ones):
        problems += [
            Problem(found.code, found.message, f"contractIdents[{index}]", one.contract.contract_ident)
            for found in why_not_aligned(one)
        ]
    day = body.billing_date or first_opening(ones)
    if day is None and not problems:
        problems.append(Problem("billing_date_unknown", "none of the contracts has a next interval: say a day", "billingDate"))
    if day is not None:
        problems += too_far(uow, day, "billingDate")
    refuse(problems)
    assert day is not None
    return tuple([aligned(uow, one, day) for one in ones])


def why_not_aligned(one: Living) -> list[Problem]:
    """A contract has intervals to come, which no calendar fixes."""
    contract = one.contract
    if contract.end_kind == "CANCELLED":
        return [Problem("contract_cancelled", "The contract was cancelled.")]
    if performance(contract.start_on, contract.end_on, one.today) == "ENDED":
        return [Problem("contract_ended", "The contract has ended.")]
    if any(phase.billing_config.sync_billing_to_billing_interval_unit for phase in one.plan.content.phases):
        return [Problem("billing_anchor_of_calendar", "The intervals of its plan begin with those of the calendar.")]
    return []


def too_far(uow: Uow, day: dt.date, field: str) -> list[Problem]:
    today = uow.ctx.today()
    if add_months(today, -MOST_MONTHS) <= day <= add_months(today, MOST_MONTHS):
        return []
    return [Problem("billing_date_too_far", f"is more than {MOST_MONTHS} months from today ({today})", field, day)]


def first_opening(ones: Sequence[Living]) -> dt.date | None:
    """The first day of the next interval of the one that is billed next; None: none has one."""
    days = []
    for one in ones:
        if one.reached is not None and (period := next_period(one.plan, one.contract, one.reached)) is not None:
            days.append(period.start)
    return min(days, default=None)


def aligned(uow: Uow, one: Living, day: dt.date) -> ContractView:
    """The contract with intervals that are counted from a day; one that has not begun will be."""
    contract = one.contract
    if contract.start_on is None or one.reached is None:
        return _agreed(uow, one, day)
    return store(uow, one, with_alignment(one, day), "ALIGNED")


def with_alignment(one: Living, day: dt.date) -> Life:
    """The life with intervals that are counted from a day, from the first on that no run has looked at."""
    since, life = one.reached, one.life
    assert since is not None
    kept = tuple(known for known in life.alignments if known.since < since)
    return replace(life, alignments=(*kept, Alignment(since=since, anchor_on=day)))


# helpers in calling order


def _of_several(contracts: Sequence[Contract]) -> list[Problem]:
    owner = contracts[0].customer_ident
    message = f"is a contract of another customer than {contracts[0].contract_ident}"
    return [
        Problem("customer_differs", message, f"contractIdents[{index}]", contract.contract_ident)
        for index, contract in enumerate(contracts)
        if contract.customer_ident != owner
    ]


def _agreed(uow: Uow, one: Living, day: dt.date) -> ContractView:
    contract = one.contract
    content = replace(contract.content, agreed_anchor=day)
    uow.run(
        "UPDATE contract SET content = %s, last_modified_at = %s WHERE contract_id = %s",
        (stored_content(content), uow.ctx.now(), contract.contract_id),
    )
    uow.audit("contract", contract.contract_ident, {"billing_anchor": {"before": contract.content.agreed_anchor, "after": day}})
    uow.emit(ContractsChanged(contract_ids=(contract.contract_id,), before=(contract,)))
    return view(uow, contract.contract_ident)
