"""Items by which a period of usages is rated again: the difference is billed as a further row of the period, or given back of what was
billed, on a document that names the first one."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.billing.items import BillableRow, Item, PeriodKey, Stored, credited_documents, credited_row
from contor.billing.proposal.rerate import Difference, Terms, differences, families_of, key_of
from contor.billing.proposal.usage_rows import Found, Row, row_of, with_amount, without_amount
from contor.kernel.money import ZERO
from contor.runtime.uow import Uow
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
        self._families = families_of(uow, self._leads)
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
        found = differences(self._families[key_of(item)], item.period_start, members, terms)
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
        credits = [made for one in found if one.amount < 0 for made in self._given_back(item, one, next_id)]
        return Found(rows, credits)

    def _given_back(self, item: Item, one: Difference, next_id: Callable[[], int]) -> list[Item]:
        """Credits of the items that stand for these usages, the latest first, none of more than what stands."""
        left, made = -one.amount, []
        for stored in reversed(one.items):
            part = min(left, stored.left)
            if part > ZERO and stored.row.item_id in self._documents:
                made.append(self._credit(item, stored, part, next_id()))
                left -= part
        return made

    def _credit(self, item: Item, stored: Stored, amount: Decimal, number: int) -> Item:
        return item._replace(
            item_id=number,
            kind="CREDIT",
            sequence=stored.next_credit,
            type="CREDIT",
            business_case="CANCELLATION",
            period_start=stored.row.period_start,
            period_end=stored.row.period_end,
            row=credited_row(stored, amount, stored.content.service_start),
            credited_document=self._documents[stored.row.item_id],
            related_item_id=stored.row.item_id,
            is_new=True,
        )


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
    return with_amount(row_of(item, one.rated, False, item.period_start, unit), one.amount)


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
