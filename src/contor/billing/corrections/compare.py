"""Bring the items of contracts to what the contracts say now: each is compared with what it would be. What waits becomes that, what was
billed beyond it is given back, what it costs beyond what was billed is charged.

There is one way for whatever changed the contract: its terms, its end, its pauses, its trial. What is owed for an item is what its days
cost now, and what former changes kept of it: a change that gives no credit for days that are not used (`creditType` NONE, or LAST_INVOICED
on another document than the last) keeps what was billed for them, and no later change gives that back; one that gives more than them (FULL)
keeps less than nothing, and no later change charges that again. What someone credited by hand, beside what was ordered, stays given too.
Only a cancelled contract gives back all.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from contor.billing.corrections.changes import Change, correct
from contor.billing.corrections.changes import part_of as row_part
from contor.billing.corrections.further import propose_further
from contor.billing.items import (
    CORRECTIONS,
    CREDITS,
    UNTOUCHED,
    BillableRow,
    Item,
    ItemKind,
    OriginType,
    Stored,
    bill_anew,
    drop,
    reshape,
    set_amounts,
    shorten,
    stored_items,
)
from contor.contracts.calendar import instant
from contor.contracts.terms import CreditType
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class Key(NamedTuple):
    """What is billed once: an item of a period, whatever took its place since."""

    contract_id: int
    origin_type: OriginType
    origin_ident: str
    period_start: dt.date
    kind: ItemKind
    sequence: int


def key_of(item: Item) -> Key:
    return Key(item.contract_id, item.origin_type, item.origin_ident, item.period_start, item.kind, item.sequence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What is compared, and how."""

    contracts: Sequence[int]
    wanted: Mapping[Key, Item]
    """What the contracts say now."""
    why: str
    """Why an item that waited is dropped."""
    credit_types: Mapping[int, CreditType] | None = None
    """Of contracts whose terms were changed, by which their credits stand beside what is charged instead."""
    only: Collection[Key] | None = None
    """These, and nothing else: what a change leaves as it was is not touched, whatever was decided about it by hand. None: all."""
    before: Mapping[Key, Item] = field(default_factory=dict)
    """What the contracts said before, where other days are billed now."""


class _Found(NamedTuple):
    """What there is of each thing."""

    billed: Mapping[Key, Sequence[Stored]]
    rebilled: Mapping[Key, Decimal]
    """What waited in the place of what was taken back with its whole document."""
    granted: Mapping[Key, Decimal]
    """What was credited by hand of what waited beside what was billed."""
    known: Collection[Key]
    forgotten: Mapping[int, Decimal]
    """What of items, by their numbers, waited to be given back beside what is charged instead: what is due of it now still does."""


def compare(uow: Uow, comparison: Comparison) -> None:
    """Bring the items of all periods that were proposed to what the contracts say now."""
    found = _look(uow, comparison)
    _charge(uow, found, comparison)
    _give_back(uow, found, comparison)
    propose_further(uow, [item for key, item in comparison.wanted.items() if key not in found.known and _is_meant(key, comparison)])


def due_of(stored: Sequence[Stored], wanted: Item | None) -> Decimal:
    """What shall stand of what was billed of one thing: what it costs, and what former changes kept of it."""
    kept = sum((one.content.kept for one in stored), ZERO)
    return max((wanted.row.total if wanted is not None else ZERO) + kept, ZERO)


# helpers in calling order


def _is_meant(key: Key, comparison: Comparison) -> bool:
    return comparison.only is None or key in comparison.only


def _look(uow: Uow, comparison: Comparison) -> _Found:
    """What is billed; what waits becomes what it is now, or is dropped where it is no more or is owed anew behind what was billed."""
    wanted = comparison.wanted
    forgotten = _forget_waiting(uow, comparison.contracts) if comparison.only is None else dict[int, Decimal]()
    today = instant(uow.ctx.today(), uow.ctx.zone)
    billed: dict[Key, list[Stored]] = defaultdict(list)
    rebilled: dict[Key, Decimal] = defaultdict(Decimal)
    granted: dict[Key, Decimal] = defaultdict(Decimal)
    known: set[Key] = set()
    for stored in stored_items(uow, "i.contract_id = ANY (%s) AND i.kind <> 'LINE_ITEM'", list(comparison.contracts)):
        row = stored.row
        if row.kind in ("RATED_USAGE", "USAGE_CORRECTION") or (row.kind in UNTOUCHED and row.related_item_id is not None):
            continue  # they have their amount already
        key = Key(row.contract_id, row.origin_type, row.origin_ident, row.period_start, row.kind, row.sequence % CREDITS)
        if not _is_meant(key, comparison):
            continue
        known.add(key)
        if stored.is_billed:
            if row.kind not in UNTOUCHED:
                billed[key].append(stored)
            elif comparison.credit_types is not None and row.total:
                _refuse_to_cut(stored, wanted.get(key))
        elif key not in wanted:
            drop(uow, [row.item_id], comparison.why)
        elif billed[key]:
            # what is owed beyond what was billed is known anew
            if row.business_case in CORRECTIONS:
                rebilled[key] += stored.left
            else:
                granted[key] += stored.granted
            drop(uow, [row.item_id], "the contract was changed again")
        elif comparison.only is not None:
            reshape(uow, stored, wanted[key])  # other days may be due later, too
        else:
            # what had begun before is due today, as what is proposed now is
            shorten(uow, stored, wanted[key]._replace(processing_at=max(wanted[key].processing_at, today)))
    return _Found(billed, rebilled, granted, known, forgotten)


def _refuse_to_cut(stored: Stored, wanted: Item | None) -> None:
    """What happened in a period is billed with it: another period cannot take a part of that."""
    row = stored.row
    if wanted is None or wanted.period_end < row.period_end:
        message = (
            f"{row.origin_ident} of contract {row.holder_ident} is billed for what happened until"
            f" {row.period_end - dt.timedelta(days=1)}: other periods can begin from the day after on"
        )
        raise Refused(Kind.CONFLICT, Problem("usages_billed", message, "effectiveDate", row.period_end))


class _Waiting(NamedTuple):
    """A credit on no document yet."""

    item_id: int
    related_item_id: int
    total: Decimal


def _forget_waiting(uow: Uow, ids: Sequence[int]) -> dict[int, Decimal]:
    """What former changes give back and no document shows yet is computed anew: of several changes only what is due behind the last one
    comes on paper. How much it was, by the numbers of the items."""
    rows = uow.all(
        _Waiting,
        f"SELECT {columns(_Waiting)} FROM billable_item WHERE contract_id = ANY (%s) AND kind = 'CREDIT' AND processing_status <> ALL (%s)"
        " AND content ->> 'stands_beside' = 'true'",
        (list(ids), ["COMPLETED", "TERMINATED"]),
    )
    drop(uow, [row.item_id for row in rows], "the contract was changed again")
    waited: dict[int, Decimal] = defaultdict(Decimal)
    for row in rows:
        waited[row.related_item_id] += row.total
    return waited


def _charge(uow: Uow, found: _Found, comparison: Comparison) -> None:
    """What something costs beyond what was billed of it: all of it where nothing stands any more, else the difference. What a change
    gave back beyond what was not used (FULL) stays given."""
    for key, several in found.billed.items():
        item = comparison.wanted.get(key)
        if not several or item is None:
            continue
        left = sum((one.left for one in several), ZERO)
        granted = sum((one.granted for one in several), ZERO)
        back = min(found.rebilled.get(key, ZERO), sum((one.content.total for one in several), ZERO) - granted - left)
        due = due_of(several, item)
        granted += found.granted.get(key, ZERO)
        # what was credited by hand, beside what was ordered, is not charged again; of what is rebilled it was taken off before
        more = max(min(due, left + back), due - granted) - left
        if more > ZERO:
            more -= _without_waiting_credits(uow, several, more)
        if more > ZERO:
            row = _row_of_more(item, more, comparison.before.get(key))
            if comparison.credit_types is not None and several[-1].row.type == "CREDIT":
                row = replace(row, stands_beside=True)  # a reduction gives back, too
            bill_anew(uow, several[-1], row, case="CORRECTION_CREATION" if back else "PURCHASE")


def _row_of_more(item: Item, more: Decimal, before: Item | None) -> BillableRow:
    """The row of what is owed, for the days that come in addition, where some do."""
    if more == item.row.total:
        return item.row
    row, since, end = row_part(item.row, more), before.row.service_end if before is not None else None, item.row.service_end
    return replace(row, service_start=since) if since is not None and end is not None and since < end else row


def _without_waiting_credits(uow: Uow, found: Sequence[Stored], most: Decimal) -> Decimal:
    """Credits of these items that are not issued and together come to no more than `most` are dropped; what they came to. Those of a whole
    document that is taken back are no difference of its rows."""
    dropped, numbers = ZERO, []
    for row in uow.all(
        _Waiting,
        f"SELECT {columns(_Waiting)} FROM billable_item WHERE related_item_id = ANY (%s) AND kind = 'CREDIT' AND processing_status NOT IN"
        " ('COMPLETED', 'TERMINATED') AND content ->> 'granted' IS DISTINCT FROM 'true' AND business_case <> ALL (%s)"
        " ORDER BY item_id DESC",
        ([one.row.item_id for one in found], list(CORRECTIONS)),
    ):
        if dropped + row.total <= most:
            dropped += row.total
            numbers.append(row.item_id)
    if numbers:
        drop(uow, numbers, "what it credited is charged after all")
    return dropped


def _give_back(uow: Uow, found: _Found, comparison: Comparison) -> None:
    """What was billed beyond what it costs; never more than what stands, for credits by hand may have lowered it. What was charged once
    stays with what reduced it: a change that takes the contract to another plan from its first day on does not undo it."""
    wanted, credit_types = comparison.wanted, comparison.credit_types
    once = {
        _place(stored)
        for key, several in found.billed.items()
        for stored in several
        if credit_types is not None and stored.row.kind == "ONETIME" and key not in wanted
    }
    over: dict[int, list[tuple[Stored, Decimal, Item | None]]] = defaultdict(list)
    for key, several in found.billed.items():
        less = sum((one.left for one in several), ZERO) - due_of(several, wanted.get(key))
        for stored in reversed(several):  # the latest first: what was billed first stands longest
            taken = min(less, stored.left)
            if taken > ZERO:
                over[key.contract_id].append((stored, taken, wanted.get(key)))
                less -= taken
    changes: list[Change] = []
    kept: dict[int, Decimal] = {}
    for contract_id, parts in over.items():
        kind = (credit_types or {}).get(contract_id, "PRO_RATA")
        last = max((stored.row.document_id or 0) for stored, _, _ in parts)
        for stored, taken, item in parts:
            stays = item is None and _place(stored) in once
            # what a former change gave back stays given, whatever the later one gives
            waited = min(taken, found.forgotten.get(stored.row.item_id, ZERO))
            given = ZERO if stays else max(waited, _given(kind, stored, taken, is_last=stored.row.document_id == last))
            if given != taken:
                kept[stored.row.item_id] = stored.content.kept + taken - given
            if given > ZERO:
                since = item.row.service_end if item is not None and given <= taken else stored.content.service_start
                beside = credit_types is not None or stored.row.item_id in found.forgotten
                changes.append(Change(stored, stored.left - given, since, stands_beside=beside))
    correct(uow, changes)
    rows = {stored.row.item_id: stored.content for parts in over.values() for stored, _, _ in parts}
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
