"""What a change of a contract does to its items: each is compared with what it would be for the contract as it is now. What waits becomes
that, what was billed in advance is given back as far as it is not used, what the new terms cost beyond it is billed.

The credit is what was billed less what the used part costs, and the parts of an interval are computed each from the whole, unsplit interval
(accounting reference 9, "proration on changes"); what a change gives back beside that is said by its credit type.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.billing.corrections.changes import Change, correct
from contor.billing.corrections.changes import part_of as row_part
from contor.billing.items import (
    CORRECTIONS,
    CREDITS,
    UNTOUCHED,
    Item,
    Stored,
    bill_anew,
    drop,
    number_source,
    set_amounts,
    shorten,
    store,
    stored_items,
)
from contor.billing.proposal import Unpriced, as_proposed_then, items_of, world_of
from contor.contracts.calendar import instant
from contor.contracts.course import proposed_periods
from contor.contracts.events import ContractsAmended
from contor.contracts.queries import contracts_by_id, plans_of
from contor.contracts.terms import CreditType
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow

Key = tuple[int, str, str, dt.date, str, int]
"""Contract, origin type and ident, first day, kind and place of the row: what is billed once."""


@on(ContractsAmended)
def amend_items(uow: Uow, fact: ContractsAmended) -> None:
    """What is charged and what is given back stand on one document."""
    compare_again(uow, fact.contract_ids, "the contract was changed before it was billed", dict(fact.credit_types))


def compare_again(uow: Uow, ids: Sequence[int], why: str, credit_types: Mapping[int, CreditType] | None = None) -> None:
    """Bring the items of all periods that were proposed to what the contracts say now. `why`: an item that waited is dropped;
    `credit_types`: of contracts that were changed, by which their credits stand beside what is charged instead."""
    wanted = _wanted(uow, ids, is_refused=credit_types is not None)
    _forget_waiting(uow, ids)
    today = instant(uow.ctx.today(), uow.ctx.zone)
    billed: dict[Key, list[Stored]] = defaultdict(list)
    rebilled: dict[Key, Decimal] = defaultdict(Decimal)
    known: set[Key] = set()
    for stored in stored_items(uow, "i.contract_id = ANY (%s) AND i.kind <> 'LINE_ITEM'", list(ids)):
        row = stored.row
        if row.kind in ("RATED_USAGE", "USAGE_CORRECTION") or (row.kind in UNTOUCHED and row.related_item_id is not None):
            continue  # they have their amount already
        key = (row.contract_id, row.origin_type, row.origin_ident, row.period_start, row.kind, row.sequence % CREDITS)
        known.add(key)
        if stored.is_billed:
            if row.kind not in UNTOUCHED:
                billed[key].append(stored)
            elif credit_types is not None and row.total:
                _refuse_to_cut(stored, wanted.get(key))
        elif key not in wanted:
            drop(uow, [row.item_id], why)
        elif billed[key]:
            # what is owed beyond what was billed is known anew
            if row.business_case in CORRECTIONS:
                rebilled[key] += stored.left
            drop(uow, [row.item_id], "the contract was changed again")
        else:
            # what had begun before is due today, as what is proposed now is
            shorten(uow, stored, wanted[key]._replace(processing_at=max(wanted[key].processing_at, today)))
    _charge(uow, billed, wanted, rebilled)
    _give_back(uow, billed, wanted, credit_types)
    _propose(uow, [item for key, item in wanted.items() if key not in known])


def due_of(stored: Sequence[Stored], wanted: Item | None) -> Decimal:
    """What shall stand of what was billed of one thing: what it costs, and what former changes gave back beside that."""
    kept = sum((one.content.kept for one in stored), ZERO)
    return max((wanted.row.total if wanted is not None else ZERO) + kept, ZERO)


# helpers in calling order


def _refuse_to_cut(stored: Stored, wanted: Item | None) -> None:
    """What happened in a period is billed with it: another period cannot take a part of that."""
    row = stored.row
    if wanted is None or wanted.period_end < row.period_end:
        message = (
            f"{row.origin_ident} of contract {row.holder_ident} is billed for what happened until"
            f" {row.period_end - dt.timedelta(days=1)}: other periods can begin from the day after on"
        )
        raise Refused(Kind.CONFLICT, Problem("usages_billed", message, "effectiveDate", row.period_end))


def _forget_waiting(uow: Uow, ids: Sequence[int]) -> None:
    """What former changes give back and no document shows yet is computed anew: of several changes only what is due behind the last one
    comes on paper."""
    sql = (
        "SELECT item_id FROM billable_item WHERE contract_id = ANY (%s) AND kind = 'CREDIT' AND processing_status <> ALL (%s)"
        " AND content ->> 'stands_beside' = 'true'"
    )
    drop(uow, uow.column(int, sql, (list(ids), ["COMPLETED", "TERMINATED"])), "the contract was changed again")


def _wanted(uow: Uow, ids: Sequence[int], *, is_refused: bool) -> dict[Key, Item]:
    """The items of the periods that were proposed, as the contracts say now. `is_refused`: where no price holds for one."""
    contracts = contracts_by_id(uow, ids)
    plans = plans_of(uow, contracts.values())
    world = world_of(uow, list(contracts.values()), plans, number_source(uow).__next__)
    world = as_proposed_then(uow, world, contracts.values())
    found: dict[Key, Item] = {}
    problems: list[Problem] = []
    for contract in contracts.values():
        plan = plans[contract.contract_id]
        for item in items_of(contract, plan, proposed_periods(contract, plan), world):
            if isinstance(item, Unpriced):
                problems.append(Problem("price_missing", f"contract {contract.contract_ident}: {item.reason}", "optionQuantities"))
                continue
            found[item.contract_id, item.origin_type, item.origin_ident, item.period_start, item.kind, item.sequence] = item
    if problems and is_refused:
        raise Refused(Kind.INVALID, *problems)
    return found


def _charge(uow: Uow, billed: Mapping[Key, Sequence[Stored]], wanted: Mapping[Key, Item], rebilled: Mapping[Key, Decimal]) -> None:
    """What something costs beyond what was billed of it: all of it where nothing stands any more, else the difference. What a change
    gave back beyond what was not used (FULL) stays given. `rebilled`: what waited in the place of what was taken back with its whole
    document."""
    for key, several in billed.items():
        if not several:
            continue
        item, last = wanted.get(key), several[-1]
        left = sum((one.left for one in several), ZERO)
        granted = sum((one.granted for one in several), ZERO)
        back = min(rebilled.get(key, ZERO), sum((one.content.total for one in several), ZERO) - granted - left)
        due = due_of(several, item)
        # what was credited by hand, beside what was ordered, is not charged again; of what is rebilled it was taken off before
        more = max(min(due, left + back), due - granted) - left
        if item is None or more <= ZERO:
            continue
        row = item.row if more == item.row.total else row_part(item.row, more)
        bill_anew(uow, last, row, case="CORRECTION_CREATION" if back else "PURCHASE")


def _give_back(
    uow: Uow, billed: Mapping[Key, Sequence[Stored]], wanted: Mapping[Key, Item], credit_types: Mapping[int, CreditType] | None
) -> None:
    """What was billed beyond what it costs; never more than what stands, for credits by hand may have lowered it. What was charged once
    stays with what reduced it: a change that takes the contract to another plan from its first day on does not undo it."""
    once = {
        _place(stored)
        for key, several in billed.items()
        for stored in several
        if credit_types is not None and stored.row.kind == "ONETIME" and key not in wanted
    }
    over: dict[int, list[tuple[Stored, Decimal, Item | None]]] = defaultdict(list)
    for key, several in billed.items():
        less = sum((one.left for one in several), ZERO) - due_of(several, wanted.get(key))
        for stored in reversed(several):  # the latest first: what was billed first stands longest
            taken = min(less, stored.left)
            if taken > ZERO:
                over[key[0]].append((stored, taken, wanted.get(key)))
                less -= taken
    changes: list[Change] = []
    kept: dict[int, Decimal] = {}
    for contract_id, found in over.items():
        kind = (credit_types or {}).get(contract_id, "PRO_RATA")
        last = max((stored.row.document_id or 0) for stored, _, _ in found)
        for stored, taken, item in found:
            stays = item is None and _place(stored) in once
            given = ZERO if stays else _given(kind, stored, taken, is_last=stored.row.document_id == last)
            if given != taken:
                kept[stored.row.item_id] = stored.content.kept + taken - given
            if given > ZERO:
                since = item.row.service_end if item is not None and given <= taken else stored.content.service_start
                changes.append(Change(stored, stored.left - given, since, stands_beside=credit_types is not None))
    correct(uow, changes)
    rows = {stored.row.item_id: stored.content for found in over.values() for stored, _, _ in found}
    set_amounts(uow, {number: replace(rows[number], kept=amount) for number, amount in kept.items()})


def _place(stored: Stored) -> object:
    """Of a row and of what reduces it, on one document."""
    return stored.row.contract_id, stored.row.period_start, stored.content.option_order, stored.row.document_id


def _given(kind: CreditType, stored: Stored, taken: Decimal, *, is_last: bool) -> Decimal:
    """What is given back of an item of which `taken` is not used."""
    if kind == "FULL":
        return stored.left
    if kind == "NONE" or (kind == "LAST_INVOICED" and not is_last):
        return ZERO
    return taken


class _Used(NamedTuple):
    """The highest sequence among the items of a thing that begin on a day."""

    contract_id: int
    period_start: dt.date
    origin_type: str
    origin_ident: str
    kind: str
    sequence: int


def _propose(uow: Uow, items: Sequence[Item]) -> None:
    """Further items; what had begun before today is due today."""
    if not items:
        return
    used = {
        row[:5]: row.sequence
        for row in uow.all(
            _Used,
            "SELECT contract_id, period_start, origin_type, origin_ident, kind, max(sequence) AS sequence FROM billable_item"
            " WHERE contract_id = ANY (%s) AND period_start = ANY (%s) AND kind <> 'CREDIT' GROUP BY 1, 2, 3, 4, 5",
            (sorted({item.contract_id for item in items}), sorted({item.period_start for item in items})),
        )
    }
    # what was dropped keeps its place, for the key of the table knows no states: the next thousand is free. A row and its allowances
    # have one sequence
    free: dict[object, int] = defaultdict(int)
    for item in items:
        at = item.contract_id, item.period_start, item.origin_type, item.origin_ident, item.kind
        free[_row_of(item)] = max(free[_row_of(item)], (used[at] // CREDITS + 1) * CREDITS if at in used else 0)
    today = instant(uow.ctx.today(), uow.ctx.zone)
    store(
        uow,
        [it._replace(sequence=free[_row_of(it)] + it.sequence, processing_at=max(it.processing_at, today)) for it in items],
        {},
    )


def _row_of(item: Item) -> object:
    return item.contract_id, item.period_start, item.row.option_order
