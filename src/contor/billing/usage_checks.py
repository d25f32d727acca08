"""What must hold of billed usages: each period costs what its usages do, and no usage waits for an item that never comes."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from contor.billing.checks import BATCH
from contor.billing.items import PeriodKey, items_where, with_successors
from contor.billing.proposal import Terms, differences, families_of
from contor.catalogue.queries import options_by_ident
from contor.catalogue.types import Plan
from contor.contracts.calendar import period_at
from contor.contracts.queries import contracts_by_id, plans_of
from contor.contracts.types import Contract
from contor.kernel.checks import check
from contor.kernel.money import ZERO, round_amount
from contor.rated_usage.aggregate import members_of_items
from contor.runtime.uow import Uow
from contor.settings.groups import USUAL
from contor.settings.queries import days_of_groups, default_site, group_terms


class _Forgotten(NamedTuple):
    usage_ident: str
    contract_ident: str


@check("billing.periods_cost_what_their_usages_do")
def amounts(uow: Uow) -> Iterable[str]:
    """Rated again from the usages and the versions of the option: nothing differs from what stands for the period, unless a correction
    of it waits. A cancelled contract costs nothing."""
    last, groups, days, usual = 0, group_terms(uow), days_of_groups(uow), default_site(uow)
    while states := _states(uow, last):
        last = states[-1].contract_id
        contracts = contracts_by_id(uow, {state.contract_id for state in states})
        plans = plans_of(uow, contracts.values())
        options = options_by_ident(uow, {state.origin_ident for state in states})
        ends = _billed(uow, states, contracts, plans)
        families = families_of(uow, ends)
        for key in ends:
            contract = contracts[key.contract_id]
            group = groups.get(contract.billing_group_ident, USUAL)
            zone = days.zone(contract.billing_group_ident)
            site = contract.content.operating_site_ident or usual
            terms = Terms(contract, plans[contract.contract_id], options[key[1]], zone, group, site)
            found = differences(families[key], key[2], (), terms)
            where = f"contract {contract.contract_ident}, option {key[1]}, usages from {key[2]}"
            if isinstance(found, str):
                yield f"{where}: {found}"
                continue
            for one in found:
                if one.amount:
                    items = ", ".join(f"i-{item.row.item_id}" for item in one.items)
                    yield f"{where}: {one.amount} is missing on top of {items or 'nothing'}"


class _State(NamedTuple):
    """What there is of the usages of an option."""

    contract_id: int
    origin_ident: str
    billed: Sequence[dt.date]
    """Days of the periods of which something is billed, also by rows of later ones into which it was carried over."""
    waiting: Sequence[dt.date]
    """... of which something is not billed yet."""


def _states(uow: Uow, last: int) -> list[_State]:
    """Of the next contracts behind a number."""
    return uow.all(
        _State,
        "SELECT contract_id, origin_ident,"
        " coalesce(array_agg(DISTINCT day) FILTER (WHERE processing_status = 'COMPLETED'), '{}') AS billed,"
        " coalesce(array_agg(DISTINCT day) FILTER (WHERE processing_status NOT IN ('COMPLETED', 'TERMINATED')), '{}') AS waiting"
        # what was carried over says an earlier day
        " FROM (SELECT contract_id, origin_ident, processing_status, least((content ->> 'service_start')::date, period_start) AS day"
        " FROM billable_item WHERE kind IN ('USAGE', 'USAGE_CORRECTION') AND contract_id > %s"
        " AND contract_id <= (SELECT max(contract_id) FROM (SELECT DISTINCT contract_id FROM billable_item WHERE kind = 'USAGE'"
        " AND contract_id > %s ORDER BY contract_id LIMIT %s) c)) i GROUP BY 1, 2 ORDER BY 1, 2",
        (last, last, BATCH),
    )


def _billed(
    uow: Uow, states: Sequence[_State], contracts: Mapping[int, Contract], plans: Mapping[int, Plan]
) -> dict[PeriodKey, dt.date]:
    """The ends (exclusive) of periods whose usages were billed, by their own items or by later ones, and of which nothing waits. Those of
    cancelled contracts are left out."""
    found: dict[PeriodKey, dt.date] = {}
    for state in states:
        contract = contracts[state.contract_id]
        if contract.end_kind == "CANCELLED" or contract.start_on is None:
            continue
        content = plans[contract.contract_id].content
        periods = {day: period_at(content, contract.start_on, None, day, contract.life) for day in (*state.billed, *state.waiting)}
        waiting = {periods[day] for day in state.waiting}
        for day in state.billed:
            period = periods[day]
            assert period is not None  # something was billed of it
            if period not in waiting:
                found[PeriodKey(state.contract_id, state.origin_ident, period.start)] = period.end
    return found


@check("billing.no_usage_waits_for_ever")
def waiting(uow: Uow) -> Iterable[str]:
    """A usage that is not billed has an item that will take it: of its period or a regular one of a later period, or one that is still to
    be proposed."""
    for row in uow.all(
        _Forgotten,
        "SELECT u.usage_ident, c.contract_ident FROM usage u JOIN contract c ON c.tenant_id = u.tenant_id AND c.contract_id = u.contract_id"
        " WHERE u.status = 'OPEN' AND c.next_proposal_at IS NULL AND c.end_kind IS DISTINCT FROM 'CANCELLED'"
        " AND (c.end_on IS NULL OR u.used_on < c.end_on)"
        # until someone resumes the contract
        " AND NOT (c.end_on IS NULL AND c.content #>> '{life,pauses,-1,usages}' = 'WITHHELD'"
        " AND c.content #>> '{life,pauses,-1,until}' IS NULL) AND NOT EXISTS (SELECT 1 FROM billable_item i WHERE i.tenant_id = u.tenant_id"
        " AND i.contract_id = u.contract_id AND i.origin_ident = u.option_ident AND i.period_end > u.used_on"
        " AND (i.kind, i.business_case) IN (('USAGE', 'PURCHASE'), ('USAGE_CORRECTION', 'CORRECTION_CREATION'))"
        " AND (i.kind = 'USAGE' OR i.period_start <= u.used_on)"
        " AND i.processing_status NOT IN ('COMPLETED', 'TERMINATED'))",
    ):
        yield f"usage {row.usage_ident} of contract {row.contract_ident} is not billed, and nothing will bill it"


@check("billing.items_cost_what_their_rated_usages_do")
def rated(uow: Uow) -> Iterable[str]:
    """What stands of an item, and of those that took its place, is the sum of the rated usages that name it, rounded once; credits that
    someone gave by hand may lower it further."""
    last, groups = 0, group_terms(uow)
    where = (
        "kind = 'RATED_USAGE' AND processing_status <> 'TERMINATED' AND item_id > %s AND item_id <= (SELECT max(item_id) FROM"
        " (SELECT item_id FROM billable_item WHERE kind = 'RATED_USAGE' AND item_id > %s ORDER BY item_id LIMIT %s) i)"
    )
    batch = (
        "SELECT max(item_id) FROM (SELECT item_id FROM billable_item WHERE kind = 'RATED_USAGE' AND item_id > %s"
        " ORDER BY item_id LIMIT %s) i"
    )
    while reached := uow.scalar(int, batch, (last, BATCH)):
        numbers = {item.row.item_id for item in items_where(uow, where, (last, last, BATCH)) if item.row.related_item_id is None}
        members = members_of_items(uow, numbers)
        for number, items in with_successors(uow, numbers).items():
            row = items[0].row
            unit = groups.get(row.billing_group_ident, USUAL).units.get(row.currency)
            cost = round_amount(sum((one.net_price for one in members.get(number, ())), ZERO), row.currency, unit)
            stand, granted = (sum((getattr(item, name) for item in items), ZERO) for name in ("left", "granted"))
            if not cost - granted <= stand <= cost:
                yield f"item i-{number} stands with {stand}, its rated usages cost {cost}"
        last = reached
