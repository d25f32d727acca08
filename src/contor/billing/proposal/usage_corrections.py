"""Usages of periods that were billed before. A correction rates the period again: the difference is billed as a further row of it. What
is carried over into a later period costs what it adds to its own, whose tiers, blocks, free units and caps go on where they stood. Where
all of a period becomes cheaper, that is given back of what was billed, on a document that names the first one (accounting reference 9,
"late usage")."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.billing.items import BillableRow, Item, PeriodKey, Stored, credited_documents, credited_row
from contor.billing.proposal.rerate import Difference, Family, Terms, differences, families_of, key_of
from contor.billing.proposal.usage_rows import (
    Again,
    Found,
    Row,
    added_basis,
    basis_of,
    of_quantity,
    rated_again,
    row_of,
    with_amount,
    without_amount,
)
from contor.catalogue.rules import version_at
from contor.catalogue.types import OptionContent
from contor.contracts.calendar import BillingPeriod, period_at
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow
from contor.usage.rate import RatedUsages
from contor.usage.types import Usage


class Corrections:
    """The corrections among the items that are due; the first one of a period does the work of all."""

    def __init__(self, uow: Uow, due: Sequence[Item], usages: Mapping[tuple[int, str], Sequence[Usage]]) -> None:
        """`due`: in the order of their keys and sequences; `usages`: open ones by contract and option."""
        items = [item for item in due if item.kind == "USAGE_CORRECTION"]
        self._leads: dict[PeriodKey, int] = {}
        for item in items:
            self._leads.setdefault(key_of(item), item.item_id)
        self._take_late = {key_of(item) for item in items if item.business_case == "CORRECTION_CREATION"}
        self._families = families_of(uow, {key_of(item): item.period_end for item in items})
        billed = [item.row.item_id for family in self._families.values() for item in family.items]
        self._documents = credited_documents(uow, billed)
        late = {
            item.contract_id
            for item in due
            if any(usage.used_on < item.period_start for usage in usages.get((item.contract_id, item.origin_ident), ()))
        }
        self._held = _held(uow, sorted(late)) if late else {}

    def leaves(self, item: Item, usage: Usage) -> bool:
        """Whether an open usage, used before the end of an item's period, is the item's: a correction takes those of its own period, a
        regular item all but those for which there is a correction."""
        if item.kind == "USAGE_CORRECTION":
            return usage.used_on >= item.period_start and key_of(item) in self._take_late
        spans = self._held.get((item.contract_id, item.origin_ident), ())
        return usage.used_on >= item.period_start or not any(start <= usage.used_on < end for start, end in spans)

    def of(self, item: Item, members: Sequence[Usage], terms: Terms, next_id: Callable[[], int]) -> Found | str:
        """What a correction comes to."""
        if self._leads[key_of(item)] != item.item_id:
            return Found([], [])  # the first one of the period has done it: it is billed by being worth nothing
        family = self._families[key_of(item)]
        item, found = _performed(item, terms.of(family)), differences(family, item.period_start, members, terms)
        if isinstance(found, str):
            return found
        by_usage = terms.content_of(item.period_start).usage_tax_date == "USAGE_DATE"
        rows = [
            Row(_debit(item, one, by_usage, terms.unit), one.new, one.root) for one in found if one.amount > 0 or _is_first(one)
        ]
        rows.sort(key=lambda row: row.related_item_id is not None)
        if not rows or rows[0].related_item_id is not None:
            rows.insert(0, Row(without_amount(item.row)))
        # usages that cost nothing more stand on no row of their own; they are billed with the first one
        free = tuple([usage for one in found if one.amount <= 0 and one.items for usage in one.new])
        rows[0] = rows[0]._replace(usages=(*rows[0].usages, *free))
        credits: list[Item] = []
        for one in found:
            if one.amount < 0:
                made = _given_back(item, one.items, -one.amount, self._documents, next_id)
                credits += _saying(made, _again(one, terms), item, terms)
        return Found(rows, credits)


def period_of(terms: Terms, usage: Usage) -> BillingPeriod:
    """The period in which something was used."""
    assert terms.contract.start_on is not None
    period = period_at(terms.plan.content, terms.contract.start_on, None, usage.used_on, terms.contract.life)
    assert period is not None
    return period


def _performed(item: Item, terms: Terms) -> Item:
    """Where its period was performed, as that was billed."""
    return item._replace(row=replace(item.row, performance_location=terms.places.performance_location))


class Carried:
    """What was billed before of the periods from which something is carried over."""

    def __init__(
        self, uow: Uow, due: Sequence[Item], terms: Mapping[int, Terms], usages: Mapping[tuple[int, str], Sequence[Usage]]
    ) -> None:
        """`terms`: by item; `usages`: open ones by contract and option. Nothing is read where nothing came late."""
        periods = {
            PeriodKey(item.contract_id, item.origin_ident, period.start): period.end
            for item in due
            if item.kind == "USAGE"
            for usage in usages.get((item.contract_id, item.origin_ident), ())
            if usage.used_on < item.period_start
            for period in [period_of(terms[item.item_id], usage)]
        }
        self._families: dict[PeriodKey, Family] = families_of(uow, periods)
        billed = [stored.row.item_id for family in self._families.values() for stored in family.items]
        self._documents = credited_documents(uow, billed) if billed else {}

    def alone(self, item: Item, begin: dt.date, late: Sequence[Usage], terms: Terms) -> list[RatedUsages] | str:
        """What usages of an earlier period cost that are rated one by one: no more than its cap has left."""
        found = differences(self._families[PeriodKey(item.contract_id, item.origin_ident, begin)], begin, late, terms)
        return found if isinstance(found, str) else [one.rated for one in found if one.new and one.rated is not None]

    def of(self, item: Item, begin: dt.date, late: Sequence[Usage], terms: Terms, next_id: Callable[[], int]) -> Found | str:
        """The rows by which an item bills usages of an earlier period that begins on `begin`."""
        family = self._families[PeriodKey(item.contract_id, item.origin_ident, begin)]
        terms, content = terms.of(family), version_at(terms.option, begin).content
        item = _performed(item, terms)
        earlier = [
            usage
            for stored in family.items
            for usage, is_cancelled in family.usages.get(stored.row.item_id, ())
            if not is_cancelled
        ]
        # of a period that was never billed nothing stands, not even what it costs at least
        before = terms.rated(content, earlier, begin, is_whole=bool(family.items))
        after = terms.rated(content, sorted([*earlier, *late], key=lambda usage: (usage.started_at, usage.usage_id)), begin)
        if isinstance(before, str):
            return before
        if isinstance(after, str):
            return after
        stood = {one.place: one for one in before}
        came = {usage.usage_id for usage in late}
        found = Found([], [])
        for one in after:
            new = tuple([usage for usage in one.usages if usage.usage_id in came])
            was = stood.get(one.place)
            amount = terms.cost(one) - (terms.cost(was) if was is not None else ZERO)
            if amount < ZERO:  # where the cap of all places leaves it less, one to which nothing came gives back, too
                assert was is not None  # what was not there cost nothing
                again = Again(one, new, terms.cost(was), terms.cost(one))
                place = [stored for stored in family.items if _is_there(stored, one, content, terms)]
                made = _given_back(item, place, -amount, self._documents, next_id)
                found.credits.extend(_saying(made, again, item, terms))
            if not new:
                continue
            row = row_of(item, one._replace(usages=new), content.usage_tax_date == "USAGE_DATE", begin, terms.unit)
            if was is not None:  # one piece: no price times this quantity comes to what it adds
                quantity = sum((usage.quantity for usage in new), ZERO)
                added = of_quantity(row, quantity, item.row.quantity_type, max(amount, ZERO))
                row = replace(added, price_calculation_basis=added_basis(one.rated, was.rated, quantity, item))
            if amount < ZERO and was is not None:
                row = rated_again(row, Again(one, new, terms.cost(was), terms.cost(one)), item)
            found.rows.append(Row(row, new))
        return found


def _given_back(
    item: Item, billed: Sequence[Stored], amount: Decimal, documents: Mapping[int, str], next_id: Callable[[], int]
) -> list[Item]:
    """Credits of items that stand for usages, the latest first, none of more than what stands. `documents`: of the items."""
    left, made = amount, []
    for stored in reversed(billed):
        part = min(left, stored.left)
        if part > ZERO and stored.row.item_id in documents:
            credit = item._replace(
                item_id=next_id(),
                kind="CREDIT",
                sequence=stored.next_credit,
                type="CREDIT",
                business_case="CANCELLATION",
                period_start=stored.row.period_start,
                period_end=stored.row.period_end,
                row=credited_row(stored, part, stored.content.service_start),
                credited_document=documents[stored.row.item_id],
                related_item_id=stored.row.item_id,
                is_new=True,
            )
            made.append(credit)
            left -= part
    return made


def _saying(credits: Sequence[Item], again: Again, item: Item, terms: Terms) -> list[Item]:
    """Credits that say what changed, and how what is left came about: a piece of so much says nothing."""
    basis = basis_of(again.rated.rated, item, terms.unit) if again.rated is not None else None
    return [credit._replace(row=replace(rated_again(credit.row, again, item), price_calculation_basis=basis)) for credit in credits]


def _again(one: Difference, terms: Terms) -> Again:
    now = terms.cost(one.rated) if one.rated is not None else ZERO
    return Again(one.rated, one.new, now - one.amount, now)


def _is_there(stored: Stored, one: RatedUsages, content: OptionContent, terms: Terms) -> bool:
    return terms.place_of(stored, content) == one.place


def _is_first(one: Difference) -> bool:
    """Usages that nothing was billed with before: they have a row of their own, even if they are free of charge."""
    return bool(one.new and not one.items)


def _debit(item: Item, one: Difference, by_usage: bool, unit: Decimal | None) -> BillableRow:
    """What is billed further: usages that stand for themselves as always, else the difference as one piece."""
    if one.root is not None:
        return with_amount(one.items[0].content, one.amount)
    assert one.rated is not None
    if not one.items:
        return row_of(item, one.rated, by_usage, item.period_start, unit)
    return with_amount(row_of(item, one.rated, by_usage, item.period_start, unit), one.amount)


class Span(NamedTuple):
    """A period of an option, end exclusive."""

    contract_id: int
    origin_ident: str
    period_start: dt.date
    period_end: dt.date


def _held(uow: Uow, contract_ids: Sequence[int]) -> dict[tuple[int, str], list[tuple[dt.date, dt.date]]]:
    """Periods of which an open correction takes the usages that came late."""
    found: dict[tuple[int, str], list[tuple[dt.date, dt.date]]] = defaultdict(list)
    for row in uow.all(
        Span,
        "SELECT contract_id, origin_ident, period_start, period_end FROM billable_item WHERE contract_id = ANY (%s)"
        " AND kind = 'USAGE_CORRECTION'"
        " AND business_case = 'CORRECTION_CREATION' AND processing_status NOT IN ('COMPLETED', 'TERMINATED')",
        (contract_ids,),
    ):
        found[row.contract_id, row.origin_ident].append((row.period_start, row.period_end))
    return found
