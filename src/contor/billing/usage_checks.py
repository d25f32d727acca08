"""What must hold of billed usages: each period costs what its usages do, and no usage waits for an item that never comes."""

from collections.abc import Iterable
from typing import NamedTuple

from contor.billing.checks import BATCH
from contor.billing.items import PeriodKey, items_where, with_successors
from contor.billing.proposal import Terms, differences, families_of
from contor.catalogue.queries import options_by_ident, plans_by_id
from contor.contracts.queries import contracts_by_id
from contor.kernel.checks import check
from contor.kernel.money import ZERO, round_amount
from contor.rated_usage.aggregate import members_of_items
from contor.runtime.uow import Uow
from contor.settings.groups import USUAL
from contor.settings.queries import group_terms


class _Forgotten(NamedTuple):
    usage_ident: str
    contract_ident: str


@check("billing.periods_cost_what_their_usages_do")
def amounts(uow: Uow) -> Iterable[str]:
    """Rated again from the usages and the versions of the option: nothing differs from what stands for the period, unless a correction
    of it waits. A cancelled contract costs nothing."""
    last, groups = 0, group_terms(uow)
    while keys := _billed_periods(uow, last):
        last = keys[-1][0]
        contracts = contracts_by_id(uow, {key[0] for key in keys})
        plans = plans_by_id(uow, {contract.plan_id for contract in contracts.values()})
        options = options_by_ident(uow, {key[1] for key in keys})
        families = families_of(uow, keys)
        for key in keys:
            contract = contracts[key[0]]
            if contract.end_kind == "CANCELLED":
                continue
            group = groups.get(contract.billing_group_ident, USUAL)
            terms = Terms(contract, plans[contract.plan_id], options[key[1]], uow.ctx.zone, group)
            found = differences(families[key], key[2], (), terms)
            where = f"contract {contract.contract_ident}, option {key[1]}, usages from {key[2]}"
            if isinstance(found, str):
                yield f"{where}: {found}"
                continue
            for one in found:
                if one.amount:
                    items = ", ".join(f"i-{item.row.item_id}" for item in one.items)
                    yield f"{where}: {one.amount} is missing on top of {items or 'nothing'}"


def _billed_periods(uow: Uow, last: int) -> list[PeriodKey]:
    """Of the next contracts behind a number: periods whose usages were billed, and of which nothing waits."""
    return uow.all(
        PeriodKey,
        "SELECT contract_id, origin_ident, period_start FROM billable_item WHERE kind IN ('USAGE', 'USAGE_CORRECTION') AND contract_id > %s"
        " AND contract_id <= (SELECT max(contract_id) FROM (SELECT DISTINCT contract_id FROM billable_item WHERE kind = 'USAGE'"
        " AND contract_id > %s ORDER BY contract_id LIMIT %s) c)"
        " GROUP BY 1, 2, 3 HAVING bool_or(processing_status = 'COMPLETED')"
        " AND NOT bool_or(processing_status NOT IN ('COMPLETED', 'TERMINATED')) ORDER BY 1, 2, 3",
        (last, last, BATCH),
    )


@check("billing.no_usage_waits_for_ever")
def waiting(uow: Uow) -> Iterable[str]:
    """A usage that is not billed has an item that will take it: of its period or a later one, or one that is still to be proposed."""
    for row in uow.all(
        _Forgotten,
        "SELECT u.usage_ident, c.contract_ident FROM usage u JOIN contract c ON c.tenant_id = u.tenant_id AND c.contract_id = u.contract_id"
        " WHERE u.status = 'OPEN' AND c.next_proposal_at IS NULL AND c.end_kind IS DISTINCT FROM 'CANCELLED'"
        " AND (c.end_on IS NULL OR u.used_on < c.end_on) AND NOT EXISTS (SELECT 1 FROM billable_item i WHERE i.tenant_id = u.tenant_id"
        " AND i.contract_id = u.contract_id AND i.origin_ident = u.option_ident AND i.kind IN ('USAGE', 'USAGE_CORRECTION')"
        " AND i.period_end > u.used_on"
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
