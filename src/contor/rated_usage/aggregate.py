"""Close aggregations: by themselves when their period and its delay are over, or early. What they collected is billed then."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.contracts.calendar import period_at
from contor.contracts.events import ContractsAmended, ContractsCancelled, ContractsEnded, ContractsLifeChanged
from contor.contracts.queries import WITH_CONTRACT, contracts_by_id, plans_of
from contor.contracts.types import Contract
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.rated_usage.attribute import lock_contracts, terms_of, times_of
from contor.rated_usage.events import AggregationsClosed
from contor.rated_usage.read import AGGREGATION, RATED_USAGE, OneAggregation, detail_by_ident
from contor.rated_usage.record import place
from contor.rated_usage.types import AggregationDetail, AggregationRow, Member, RatedUsageRow
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

AT_ONCE = 500


class _Due(NamedTuple):
    aggregation_ident: str
    contract_id: int


class _MemberOfItem(NamedTuple):
    """A `Member` behind the item that bills it."""

    item_id: int
    rated_usage_id: int
    aggregation_ident: str
    used_on: dt.date
    quantity: Decimal
    unit_price: Decimal | None
    net_price: Decimal
    tax_location: Mapping[str, str] | None
    performance_location: Mapping[str, str] | None
    description: str | None


@shape
class CloseDue:
    cutoff: dt.datetime
    """Aggregations that close on or before this instant."""
    customer_ident: str | None = None
    """Only those of this customer."""


@operation("rated_usage_aggregation.close", permission="contracts.write")
def close_aggregation(uow: Uow, command: OneAggregation) -> AggregationDetail:
    """Close an aggregation before its time. It is billed when its period and the billing delay are over; what comes later is late."""
    ident = command.aggregation_ident
    found = detail_by_ident(uow, ident)
    lock_contracts(uow, uow.column(int, "SELECT contract_id FROM rated_usage_aggregation WHERE aggregation_ident = %s", (ident,)))
    if not _close(uow, [ident]):
        # read before the lock: whoever had it has closed the aggregation
        message = f"The aggregation {ident!r} is {found.status if found.status != 'OPEN' else 'CLOSED'}."
        raise Refused(Kind.ILLEGAL_STATE, Problem("aggregation_closed", message))
    uow.audit("rated_usage_aggregation", ident, {"closed": True})
    return detail_by_ident(uow, ident)


@operation("rated_usage_aggregation.close_due", permission="contracts.write")
def close_due(uow: Uow, command: CloseDue) -> int:
    """Close the next aggregations whose time has come; how many, 0 when none is left."""
    rows = uow.all(
        _Due,
        f"SELECT aggregation_ident, contract_id FROM rated_usage_aggregation {WITH_CONTRACT}"
        # the cast: of a bare parameter PostgreSQL cannot tell the type
        " WHERE status = 'OPEN' AND closes_at <= %s AND (%s::text IS NULL OR customer_ident = %s)"
        " ORDER BY closes_at, aggregation_id LIMIT %s",
        (command.cutoff, command.customer_ident, command.customer_ident, AT_ONCE),
    )
    if not rows:
        return 0
    lock_contracts(uow, {row.contract_id for row in rows})
    _close(uow, [row.aggregation_ident for row in rows])
    uow.audit("rated_usage_aggregation", rows[0].aggregation_ident, {"closed": len(rows)})
    return len(rows)  # whoever closed them: the caller asks until none is left


def aggregations_by_ident(uow: Uow, idents: Collection[str]) -> list[AggregationRow]:
    """In the order in which they were opened."""
    return uow.all(AggregationRow, f"{AGGREGATION}aggregation_ident = ANY (%s) ORDER BY aggregation_id", (list(idents),))


def next_closing(uow: Uow, since: dt.datetime) -> dt.datetime | None:
    """When the next aggregation closes by itself, at `since` or later."""
    sql = "SELECT min(closes_at) FROM rated_usage_aggregation WHERE status = 'OPEN' AND closes_at >= %s"
    return uow.scalar(dt.datetime, sql, (since,))


def collected(uow: Uow, contract_ids: Collection[int], most: int) -> list[AggregationRow]:
    """What open aggregations have collected so far, the earliest to be billed first."""
    sql = (
        AGGREGATION + "contract_id = ANY (%s) AND status = 'OPEN' AND (quantity <> 0 OR net_total <> 0) ORDER BY bills_at LIMIT %s"
    )
    return uow.all(AggregationRow, sql, (sorted(contract_ids), most))


def unplaced(uow: Uow, contract_ids: Collection[int], most: int) -> list[RatedUsageRow]:
    """Rated usages that no period takes, the earliest first."""
    sql = RATED_USAGE + "contract_id = ANY (%s) AND status = 'ERROR' ORDER BY used_on, rated_usage_id LIMIT %s"
    return uow.all(RatedUsageRow, sql, (sorted(contract_ids), most))


def members_of(uow: Uow, aggregation_idents: Collection[str]) -> dict[str, list[Member]]:
    """What closed aggregations have collected, by aggregation, in the order of use."""
    found: dict[str, list[Member]] = defaultdict(list)
    for member in uow.all(
        Member,
        f"SELECT {columns(Member)} FROM rated_usage"
        " WHERE aggregation_ident = ANY (%s) AND status = 'AGGREGATED' ORDER BY used_on, rated_usage_id",
        (sorted(aggregation_idents),),
    ):
        found[member.aggregation_ident].append(member)
    return found


def members_of_items(uow: Uow, item_ids: Collection[int]) -> dict[int, list[Member]]:
    """What items bill, by item, without what is cancelled."""
    found: dict[int, list[Member]] = defaultdict(list)
    for row in uow.all(
        _MemberOfItem,
        f"SELECT {columns(_MemberOfItem)} FROM rated_usage"
        " WHERE item_id = ANY (%s) AND status IN ('AGGREGATED', 'BILLED') ORDER BY used_on, rated_usage_id",
        (sorted(item_ids),),
    ):
        found[row.item_id].append(Member._make(row[1:]))
    return found


def name_items(uow: Uow, items: Sequence[tuple[int, int]]) -> None:
    """(rated usage, item) of everything that an item will bill."""
    if items:
        uow.run(
            "UPDATE rated_usage u SET item_id = x.item FROM unnest(%s::bigint[], %s::bigint[]) AS x(id, item)"
            " WHERE u.rated_usage_id = x.id",
            ([usage for usage, _ in items], [item for _, item in items]),
        )


def mark_rated_billed(uow: Uow, item_ids: Collection[int]) -> None:
    """What these items bill stands on documents now; an aggregation is billed when all its items are."""
    if not item_ids:
        return
    now = uow.ctx.now()
    uow.run(
        "UPDATE rated_usage SET status = 'BILLED', last_modified_at = %s WHERE item_id = ANY (%s) AND status = 'AGGREGATED'",
        (now, sorted(item_ids)),
    )
    uow.run(
        "UPDATE rated_usage_aggregation a SET status = 'BILLED' WHERE a.status = 'CLOSED' AND a.aggregation_ident IN"
        " (SELECT aggregation_ident FROM rated_usage WHERE item_id = ANY (%s)) AND NOT EXISTS (SELECT 1 FROM rated_usage u"
        " WHERE u.tenant_id = a.tenant_id AND u.aggregation_ident = a.aggregation_ident AND u.status = 'AGGREGATED')",
        (sorted(item_ids),),
    )


@on(ContractsEnded)
def end_aggregations(uow: Uow, fact: ContractsEnded) -> None:
    """Open aggregations end with their contract; usages beyond the end, or of a period that is no more, are attributed again."""
    _move(uow, fact.contract_ids)


@on(ContractsAmended)
def cut_aggregations(uow: Uow, fact: ContractsAmended) -> None:
    """Open aggregations end where another plan begins periods of its own."""
    _move(uow, fact.contract_ids)


@on(ContractsLifeChanged)
def move_aggregations(uow: Uow, fact: ContractsLifeChanged) -> None:
    """Open aggregations have the periods that their contract has now; usages that lie outside are attributed again."""
    _move(uow, fact.contract_ids)


def _move(uow: Uow, contract_ids: Sequence[int]) -> None:
    """Open aggregations as the periods of their contracts are now."""
    contracts = contracts_by_id(uow, contract_ids)
    _lock(uow, contracts.values())
    plans = plans_of(uow, contracts.values())
    for row in _open(uow, contract_ids):
        contract = contracts[row.contract_id]
        if contract.start_on is None:
            continue
        content, life = plans[contract.contract_id].content, contract.life
        period = period_at(content, contract.start_on, contract.end_on, row.period_start, life)
        if period is None or period.start != row.period_start:
            _release(uow, contract, row.aggregation_ident, dt.date.min)  # all of them
            _drop(uow, [row.aggregation_ident])
            continue
        if contract.end_on is None and period.end == row.period_end:
            continue
        closes_at, bills_at = row.closes_at, row.bills_at
        if not row.sequence:  # corrections are due at once, whenever their period ends
            closes_at, bills_at = times_of(uow, terms_of(uow, contract, row.option_ident), period)
        uow.run(
            "UPDATE rated_usage_aggregation SET period_end = %s, closes_at = %s, bills_at = %s WHERE aggregation_ident = %s",
            (period.end, closes_at, bills_at, row.aggregation_ident),
        )
        _release(uow, contract, row.aggregation_ident, period.end)


@on(ContractsCancelled)
def cancel_rated_usages(uow: Uow, fact: ContractsCancelled) -> None:
    """Nothing of these contracts counts; what was billed is credited with their other items."""
    contracts = contracts_by_id(uow, fact.contract_ids)
    _lock(uow, contracts.values())
    ids = list(fact.contract_ids)
    uow.run(
        "UPDATE rated_usage SET status = 'CANCELLED', error = NULL, last_modified_at = %s WHERE contract_id = ANY (%s)"
        " AND status <> 'CANCELLED'",
        (uow.ctx.now(), ids),
    )
    uow.run("UPDATE rated_usage_aggregation SET quantity = 0, net_total = 0 WHERE contract_id = ANY (%s)", (ids,))
    _drop(uow, [row.aggregation_ident for row in _open(uow, ids)])


# helpers in calling order


def _close(uow: Uow, idents: Sequence[str]) -> int:
    """Close those that are open. The contracts are locked."""
    now = uow.ctx.now()
    closed = uow.column(
        str,
        "UPDATE rated_usage_aggregation SET status = 'CLOSED', closed_at = %s WHERE aggregation_ident = ANY (%s) AND status = 'OPEN'"
        " RETURNING aggregation_ident",
        (now, list(idents)),
    )
    names = tuple(sorted(closed))
    if names:
        uow.run(
            "UPDATE rated_usage SET status = 'AGGREGATED', last_modified_at = %s WHERE aggregation_ident = ANY (%s)"
            " AND status = 'OPEN'",
            (now, list(names)),
        )
        uow.emit(AggregationsClosed(aggregation_idents=names))
    return len(names)


def _lock(uow: Uow, contracts: Collection[Contract]) -> None:
    """First those who bill, as everywhere."""
    uow.lock("billing", {contract.customer_ident for contract in contracts})
    lock_contracts(uow, [contract.contract_id for contract in contracts])


def _open(uow: Uow, contract_ids: Sequence[int]) -> list[AggregationRow]:
    return uow.all(
        AggregationRow,
        AGGREGATION + "contract_id = ANY (%s) AND status = 'OPEN' ORDER BY contract_id, option_ident, period_start DESC, sequence",
        (list(contract_ids),),
    )


def _release(uow: Uow, contract: Contract, aggregation_ident: str, since: dt.date) -> None:
    """Attribute again what an open aggregation has of usages on or after a day."""
    rows = uow.all(
        RatedUsageRow,
        RATED_USAGE + "aggregation_ident = %s AND status = 'OPEN' AND used_on >= %s ORDER BY rated_usage_id",
        (aggregation_ident, since),
    )
    if not rows:
        return
    uow.run(
        "UPDATE rated_usage_aggregation a SET quantity = a.quantity - x.quantity, net_total = a.net_total - x.net FROM"
        " (SELECT sum(quantity) AS quantity, sum(net_price) AS net FROM rated_usage WHERE rated_usage_ident = ANY (%s)) x"
        " WHERE a.aggregation_ident = %s",
        ([row.rated_usage_ident for row in rows], aggregation_ident),
    )
    for row in rows:
        place(uow, row, contract)


def _drop(uow: Uow, idents: Sequence[str]) -> None:
    """Close what has collected nothing that counts."""
    uow.run(
        "UPDATE rated_usage_aggregation SET status = 'CLOSED', closed_at = %s WHERE aggregation_ident = ANY (%s)",
        (uow.ctx.now(), list(idents)),
    )
