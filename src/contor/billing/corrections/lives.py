"""What changes in the life of a contract does to its items: those that its periods lack are made, those that wait become what they are
now, and what is billed is given back or charged further, by as much as the change makes of it.

What a change leaves as it was is not touched, whatever was decided about it by hand. The difference of a period is what it costs now
less what stands of it (accounting reference 9, "credit for early end", "backdating").
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.billing.corrections.changes import Change, correct, part_of
from contor.billing.corrections.contract_changes import due_of
from contor.billing.corrections.late_usages import bill_late
from contor.billing.items import (
    CREDITS,
    UNTOUCHED,
    Item,
    ItemKind,
    OriginType,
    Stored,
    bill_anew,
    drop,
    number_source,
    reshape,
    store,
    stored_items,
)
from contor.billing.proposal import Unpriced, World, as_proposed_then, items_of, world_of
from contor.catalogue.types import Plan
from contor.contracts.course import proposed_periods
from contor.contracts.events import ContractsLifeChanged
from contor.contracts.queries import contracts_by_id, plans_of
from contor.contracts.types import Contract
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow


class Key(NamedTuple):
    """An item of a period, whatever took its place since."""

    contract_id: int
    origin_type: OriginType
    origin_ident: str
    period_start: dt.date
    kind: ItemKind
    sequence: int


@on(ContractsLifeChanged)
def agree(uow: Uow, fact: ContractsLifeChanged) -> None:
    """Let what was proposed of the contracts be what their periods are now."""
    now = contracts_by_id(uow, fact.contract_ids)
    plans = plans_of(uow, now.values())
    world = world_of(uow, list(now.values()), plans, number_source(uow).__next__)
    world = as_proposed_then(uow, world, now.values())
    was, wanted = _items(fact.before, plans, world), _items(now.values(), plans, world)
    differing = sorted(key for key in was.keys() | wanted.keys() if not _is_same(was.get(key), wanted.get(key)))
    if differing:
        _settle(uow, differing, was, wanted)
    bill_late(uow, list(now))


# helpers in calling order


def _items(contracts: Iterable[Contract], plans: Mapping[int, Plan], world: World) -> dict[Key, Item | Unpriced]:
    """The items of the periods that were proposed, as a contract has them."""
    found: dict[Key, Item | Unpriced] = {}
    for contract in contracts:
        plan = plans[contract.contract_id]
        for item in items_of(contract, plan, proposed_periods(contract, plan), world):
            if isinstance(item, Item):
                found[_key(item)] = item
            else:
                found[Key(contract.contract_id, "OPTION", item.option_ident, dt.date.min, "RECURRING", 0)] = item
    return found


def _key(item: Item) -> Key:
    return Key(item.contract_id, item.origin_type, item.origin_ident, item.period_start, item.kind, item.sequence)


def _is_same(was: Item | Unpriced | None, now: Item | Unpriced | None) -> bool:
    if isinstance(was, Item) and isinstance(now, Item):
        return (was.period_end, was.row, was.processing_at) == (now.period_end, now.row, now.processing_at)
    return isinstance(now, Unpriced) == isinstance(was, Unpriced) and (was is None) == (now is None)


def _settle(uow: Uow, keys: Sequence[Key], was: Mapping[Key, Item | Unpriced], wanted: Mapping[Key, Item | Unpriced]) -> None:
    stored = _stored(uow, {key.contract_id for key in keys})
    new: list[Item] = []
    changes: list[Change] = []
    for key in keys:
        found, item, before = stored.get(key, []), wanted.get(key), was.get(key)
        if isinstance(item, Unpriced):  # a document without it would be wrong
            raise Refused(Kind.CONFLICT, Problem("price_missing", item.reason))
        if item is None:
            drop(uow, [one.row.item_id for one in found if not one.is_billed], "the contract has no such interval any more")
            if key.kind not in UNTOUCHED:
                changes += [Change(one, ZERO, one.content.service_start) for one in found if one.is_billed]
        elif not found:
            new.append(item)
        elif len(found) == 1 and not found[0].is_billed:
            reshape(uow, found[0], item)
        elif key.kind not in UNTOUCHED:
            changes += _differences(uow, found, item, before if isinstance(before, Item) else None)
    correct(uow, [change for change in changes if change.keep < change.stored.left])
    store(uow, _with_free_sequences(uow, new), {})


def _stored(uow: Uow, contracts: Iterable[int]) -> dict[Key, list[Stored]]:
    found: dict[Key, list[Stored]] = defaultdict(list)
    for one in stored_items(uow, "i.contract_id = ANY (%s) AND i.kind <> 'LINE_ITEM'", sorted(contracts)):
        row = one.row
        if row.kind in ("RATED_USAGE", "USAGE_CORRECTION") or (row.kind in UNTOUCHED and row.related_item_id is not None):
            continue  # they have their amount already
        sequence = row.sequence % CREDITS
        found[Key(row.contract_id, row.origin_type, row.origin_ident, row.period_start, row.kind, sequence)].append(one)
    return found


def _differences(uow: Uow, found: Sequence[Stored], item: Item, before: Item | None) -> list[Change]:
    """By which what stands becomes what the period costs: credits that are not issued yet are not issued, what is missing then is billed
    further; what is too much is given back, the latest first."""
    more = due_of(found, item) - sum((one.left for one in found), ZERO)
    if more > ZERO:
        more -= _without_waiting_credits(uow, found, more)
    if more > ZERO:
        row = part_of(item.row, more) if more < item.row.total else item.row
        since, end = before.row.service_end if before is not None else None, item.row.service_end
        if more < item.row.total and since is not None and end is not None and since < end:
            row = replace(row, service_start=since)  # for the days that come in addition
        bill_anew(uow, found[-1], row)
    changes, less = [], -more
    for one in reversed(found):
        taken = min(less, one.left)
        if taken > ZERO:
            changes.append(Change(one, one.left - taken, item.row.service_end))
            less -= taken
    return changes


class _Waiting(NamedTuple):
    """A credit that no document bears yet."""

    item_id: int
    total: Decimal


def _without_waiting_credits(uow: Uow, found: Sequence[Stored], most: Decimal) -> Decimal:
    """Credits of these items that are not issued and together come to no more than `most` are dropped; what they came to."""
    dropped, numbers = ZERO, []
    for row in uow.all(
        _Waiting,
        "SELECT item_id, total FROM billable_item WHERE related_item_id = ANY (%s) AND kind = 'CREDIT' AND processing_status NOT IN"
        " ('COMPLETED', 'TERMINATED') AND content ->> 'granted' IS DISTINCT FROM 'true' ORDER BY item_id DESC",
        ([one.row.item_id for one in found],),
    ):
        if dropped + row.total <= most:
            dropped += row.total
            numbers.append(row.item_id)
    if numbers:
        drop(uow, numbers, "what it credited is charged after all")
    return dropped


class _Used(NamedTuple):
    """The highest sequence that was used for an item's place, also by what was dropped."""

    contract_id: int
    origin_type: OriginType
    origin_ident: str
    period_start: dt.date
    kind: ItemKind
    sequence: int


def _with_free_sequences(uow: Uow, new: Sequence[Item]) -> list[Item]:
    """The next thousand where the place was used, and in it the item's own among those of its period: once for the key of the table."""
    if not new:
        return []
    used = {
        row[:5]: row.sequence
        for row in uow.all(
            _Used,
            "SELECT i.contract_id, i.origin_type, i.origin_ident, i.period_start, i.kind, max(i.sequence) AS sequence FROM billable_item i"
            " JOIN unnest(%s::bigint[], %s::text[], %s::date[]) AS x(contract, origin, start)"
            " ON i.contract_id = x.contract AND i.origin_ident = x.origin AND i.period_start = x.start GROUP BY 1, 2, 3, 4, 5",
            (
                [item.contract_id for item in new],
                [item.origin_ident for item in new],
                [item.period_start for item in new],
            ),
        )
    }
    free: dict[object, int] = defaultdict(int)
    for item in new:
        if (last := used.get(_key(item)[:5])) is not None:
            free[_row_of(item)] = max(free[_row_of(item)], (last // CREDITS + 1) * CREDITS)
    return [item._replace(sequence=free[_row_of(item)] + item.sequence) for item in new]


def _row_of(item: Item) -> object:
    """A row and its allowances have one sequence."""
    return item.contract_id, item.period_start, item.row.option_order
