"""Record usages, up to ten thousand at once. The usage's ident makes it happen once: the same again is known, another is refused."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.catalogue.queries import options_by_ident
from contor.catalogue.types import CatalogueProperty, Plan
from contor.contracts.calendar import period_at
from contor.contracts.queries import contracts_by_ident_unlocked, plans_of
from contor.contracts.types import Contract
from contor.documents.types import Location
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import shape
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings.groups import Days, LateUsages
from contor.settings.queries import days_of_groups, late_usages
from contor.usage import tables
from contor.usage.events import UsagesCameLate, UsagesRecorded
from contor.usage.offers import Offered, offered_by
from contor.usage.read import usage_by_ident
from contor.usage.types import BatchResult, UsageBatch, UsageBody, UsageResult, UsageView

MOST_FINDINGS = 1000
DAY = dt.timedelta(days=1)
New = tuple[
    int,
    str,
    int,
    str,
    Decimal,
    dt.datetime,
    dt.datetime | None,
    dt.date,
    str | None,
    Location | None,
    Location | None,
    tuple[CatalogueProperty, ...] | None,
    dt.datetime,
]
"""A usage to be stored, in the order of `_COLUMNS`."""
_COLUMNS = (
    "usage_id",
    "usage_ident",
    "contract_id",
    "option_ident",
    "quantity",
    "started_at",
    "ended_at",
    "used_on",
    "description",
    "tax_location",
    "performance_location",
    "properties",
    "created_at",
)


@shape
class RecordUsage:
    body: UsageBody


@shape
class RecordUsages:
    body: UsageBatch


REFERS = (
    Reference("contractIdent", "contract_unknown", contracts_by_ident_unlocked),
    Reference("optionIdent", "option_unknown", options_by_ident),
)


@operation("usage.record", permission="contracts.write", refers=REFERS)
def record_usage(uow: Uow, command: RecordUsage) -> UsageView:
    """One usage; it may be repeated."""
    _record(uow, (command.body,), one=True)
    return usage_by_ident(uow, command.body.usage_ident)


@operation(
    "usage.record_batch", permission="contracts.write", refers=tuple(one._replace(field=f"usages.{one.field}") for one in REFERS)
)
def record_usages(uow: Uow, command: RecordUsages) -> BatchResult:
    """Many usages, all or none."""
    known = _record(uow, command.body.usages, one=False)
    results = tuple(
        UsageResult(usage_ident=body.usage_ident, status="KNOWN" if body.usage_ident in known else "CREATED")
        for body in command.body.usages
    )
    return BatchResult(created=len(results) - len(known), known=len(known), results=results)


def _record(uow: Uow, bodies: Sequence[UsageBody], *, one: bool) -> set[str]:
    """Store what is new; the idents that were known."""
    contracts = contracts_by_ident_unlocked(uow, {body.contract_ident for body in bodies})
    plans = plans_of(uow, contracts.values())
    offered, rules = offered_by(uow, contracts, plans), late_usages(uow)
    days, zone = days_of_groups(uow), uow.ctx.zone
    first_days = {
        group: rule.oldest(days.today(group)) for group, rule in rules.items()
    }  # once for a group, not for each of ten thousand
    zones = {ident: days.zone(contract.billing_group_ident) for ident, contract in contracts.items()}
    oldest = {ident: first_days[contract.billing_group_ident] for ident, contract in contracts.items()}
    problems: list[Problem] = []
    rows: list[New] = []
    seen: dict[str, int] = {}
    now = uow.ctx.now()
    for index, (body, number) in enumerate(zip(bodies, uow.next_ids(len(bodies)), strict=True)):
        contract = contracts.get(body.contract_ident)
        used_on = body.start_date.astimezone(zones.get(body.contract_ident, zone)).date()
        if seen.setdefault(body.usage_ident, index) != index or not _is_fine(body, contract, offered, used_on, oldest):
            path = "" if one else f"usages[{index}]."
            problems += _findings(body, contract, offered, used_on, oldest, path, seen[body.usage_ident] != index)
            continue
        assert contract is not None
        rows.append(
            (
                number,
                body.usage_ident,
                contract.contract_id,
                body.option_ident,
                body.unit_quantity,
                body.start_date,
                body.end_date,
                used_on,
                body.description,
                body.tax_location,
                body.performance_location,
                body.properties or None,
                now,
            )
        )
    if problems:
        raise Refused(Kind.INVALID, *problems[:MOST_FINDINGS])
    known = _known(uow, rows, one)
    new = [row for row in rows if row[1] not in known] if known else rows
    uow.copy(tables.usage, _COLUMNS, new)
    if new:
        uow.emit(UsagesRecorded(contract_ids=tuple(sorted({row[2] for row in new})), counted=False))
    uow.audit("usage", bodies[0].usage_ident, {"recorded": len(rows) - len(known)})  # one entry for a batch
    late = _late(rows, contracts, plans, rules, days)
    if late:
        uow.emit(UsagesCameLate(contract_ids=tuple(sorted(late))))
    return known


def _late(
    rows: Sequence[New],
    contracts: Mapping[str, Contract],
    plans: Mapping[int, Plan],
    rules: Mapping[str, LateUsages],
    days: Days,
) -> set[int]:
    """Contracts with a usage of a period that is over, unless the next period of theirs takes it anyway."""
    watched = {
        contract.contract_id: contract
        for contract in contracts.values()
        if rules[contract.billing_group_ident].behaviour == "CORRECTIVE" or _may_end(contract, plans[contract.contract_id])
    }
    if not watched:
        return set()
    found = set()
    for number, used_on in {(row[2], row[7]) for row in rows if row[2] in watched}:  # many usages, few days
        contract = watched[number]
        assert contract.start_on is not None
        period = period_at(plans[contract.contract_id].content, contract.start_on, contract.end_on, used_on, contract.life)
        if period is None or period.end <= days.today(contract.billing_group_ident) or contract.end_on is not None:
            found.add(number)
    return found


def _may_end(contract: Contract, plan: Plan) -> bool:
    """Whether a period may be the last one of an option: the contract ends, or other phases follow."""
    phases = plan.content.phases
    endless = phases[0].term_duration is None or phases[0].transition.type == "AUTO_RENEWAL"
    return contract.end_on is not None or len(phases) > 1 or not endless


def _is_fine(
    body: UsageBody,
    contract: Contract | None,
    offered: Offered,
    used_on: dt.date,
    oldest: Mapping[str, dt.date],
) -> bool:
    """The quick look at what is nearly always fine."""
    if contract is None or contract.start_on is None or used_on < contract.start_on or used_on < oldest[body.contract_ident]:
        return False
    if contract.end_on is not None and used_on >= contract.end_on:  # the first day that it does not run any more
        return False
    if contract.life is not None and not contract.life.runs_on(used_on):
        return False
    offer = offered[body.contract_ident].get(body.option_ident)
    if offer is None or (offer.type == "TIME_BASED_USAGE" and body.end_date is None) or contract.end_kind == "CANCELLED":
        return False
    if offer.period_without(contract, used_on) is not None:
        return False
    return body.end_date is None or body.end_date >= body.start_date


def _findings(
    body: UsageBody,
    contract: Contract | None,
    offered: Offered,
    used_on: dt.date,
    oldest: Mapping[str, dt.date],
    path: str,
    repeated: bool,
) -> list[Problem]:
    """Everything that is wrong with a usage."""
    problems: list[Problem] = []
    if repeated:
        problems.append(Problem("usage_repeated", "occurs twice in the batch", f"{path}usageIdent", body.usage_ident))
    if body.end_date is not None and body.end_date < body.start_date:
        problems.append(Problem("usage_ends_before_it_starts", "is before the start", f"{path}endDate", body.end_date))
    if contract is None:
        problems.append(Problem("contract_unknown", "does not exist", f"{path}contractIdent", body.contract_ident))
        return problems
    since = oldest[body.contract_ident]
    if used_on < since:
        message = f"is late: usages before {since} are not taken any more"
        problems.append(Problem("usage_too_late", message, f"{path}startDate", body.start_date))
    offer = offered[body.contract_ident].get(body.option_ident)
    if offer is None:
        message = "is no usage option that the contract has"
        problems.append(Problem("option_unknown", message, f"{path}optionIdent", body.option_ident))
    elif offer.type == "TIME_BASED_USAGE" and body.end_date is None:
        problems.append(Problem("usage_end_missing", "a usage by the clock has an end", f"{path}endDate"))
    outside = (
        contract.start_on is None or used_on < contract.start_on or (contract.end_on is not None and used_on >= contract.end_on)
    )
    outside = outside or (contract.life is not None and not contract.life.runs_on(used_on))
    if outside or contract.end_kind == "CANCELLED":
        message = "lies outside the contract"
        problems.append(Problem("usage_outside_contract", message, f"{path}startDate", body.start_date))
    elif offer is not None and (period := offer.period_without(contract, used_on)) is not None:
        message = f"the contract does not have the option from {period.start} to {period.end - DAY}"
        problems.append(Problem("usage_outside_option", message, f"{path}startDate", body.start_date))
    return problems


class _Recorded(NamedTuple):
    """What must be the same where a usage comes twice."""

    usage_ident: str
    contract_id: int
    option_ident: str
    quantity: Decimal
    started_at: dt.datetime
    ended_at: dt.datetime | None
    deleted_at: dt.datetime | None


def _known(uow: Uow, rows: Sequence[New], one: bool) -> set[str]:
    """Idents recorded before with the very same content; another content under a known ident is refused by name, and so is the ident of
    one that was deleted."""
    sql = f"SELECT {columns(_Recorded)} FROM usage WHERE usage_ident = ANY (%s)"
    found = uow.all(_Recorded, sql, ([row[1] for row in rows],))
    if not found:
        return set()
    given = {row[1]: (index, row) for index, row in enumerate(rows)}
    problems = []
    for row in found:
        index, wanted = given[row.usage_ident]
        path = "usageIdent" if one else f"usages[{index}].usageIdent"
        if row.deleted_at is not None:
            message = "was deleted; what is recorded in its place has another ident"
            problems.append(Problem("usage_deleted", message, path, row.usage_ident))
        elif row[1:-1] != wanted[2:7]:  # the fields of `_Recorded` behind the ident
            message = "was recorded before with another content"
            problems.append(Problem("usage_exists", message, path, row.usage_ident))
    if problems:
        raise Refused(Kind.CONFLICT, *problems)
    return {row.usage_ident for row in found}
