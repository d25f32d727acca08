"""What the run takes back: no more than what credits by hand have left of a document, whether they came before or after a credit of ours
was decided. What they took is accounted for, and says so; nothing of it is an error."""

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.billing.items import BillableRow, Item, documents_of, items_where
from contor.documents.amounts import GroupKey, creditable, group_key
from contor.documents.matters import lock_matters
from contor.documents.queries import headers_by_id
from contor.documents.request import credit_rows_of, related_documents
from contor.documents.types import DocumentType
from contor.kernel.money import ZERO, worded
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow


class Within(NamedTuple):
    """Credits that take back less than they were to, by number; and what other documents took back, as items of its own, which are
    settled: so all of it is accounted for."""

    of: Mapping[int, Item]
    beside: Sequence[Item]


def within_rests(uow: Uow, due: Sequence[Item], next_id: Callable[[], int]) -> Within:
    """The credits among items that are due, within what credits by hand have left of the rows that they take back. In the order in which
    they were given."""
    credits = {item.item_id: item for item in due if item.kind == "CREDIT" and item.credited_document is not None}
    if not credits:
        return Within({}, ())
    on = documents_of(uow, {item.related_item_id for item in credits.values() if item.related_item_id is not None})
    lock_matters(uow, set(on.values()))  # who credits one of them by hand now commits first
    by_hand = _credited_by_hand(uow, set(on.values()))
    if not by_hand:
        return Within({}, ())
    rests = _Rests(uow, by_hand)
    kept = {
        number: rests.take(item, document)
        for number, item in sorted(credits.items())
        if (document := on.get(item.related_item_id or 0)) in by_hand and document is not None
    }
    of: dict[int, Item] = {}
    parts: list[tuple[Item, Decimal]] = []
    for number, amount in kept.items():
        item = credits[number]
        over = item.row.total - amount
        if over <= ZERO:
            continue
        currency, memos = item.header.currency, rests.credited_by(item, on[item.related_item_id or 0])
        reason = f"{worded(over, currency)} of it were taken back by {', '.join(memos)} already"
        if amount:
            of[number] = item._replace(row=_of_amount(item, amount), reason=reason)
            parts.append((of[number], over))
        else:
            of[number] = item._replace(reason=reason, is_settled=True)
    return Within(of, _beside(uow, parts, [item for item in credits.values() if item.is_new], next_id))


def _beside(uow: Uow, parts: Sequence[tuple[Item, Decimal]], new: Sequence[Item], next_id: Callable[[], int]) -> list[Item]:
    """What other documents took back of credits: further credits of the same items, settled. `new`: credits that are not stored yet."""
    if not parts:
        return []
    taken = sorted({item.related_item_id for item, _ in parts if item.related_item_id is not None})
    free = {stored.row.item_id: stored.next_credit for stored in items_where(uow, "i.item_id = ANY (%s)", (taken,))}
    for item in new:
        if item.related_item_id in free:
            free[item.related_item_id] += 1
    made = []
    for item, over in parts:
        number = item.related_item_id or 0
        made.append(
            item._replace(item_id=next_id(), sequence=free[number], row=_of_amount(item, over), is_new=True, is_settled=True)
        )
        free[number] += 1
    return made


def _of_amount(item: Item, amount: Decimal) -> BillableRow:
    return replace(item.row, unit_price=amount, total=amount)


def _credited_by_hand(uow: Uow, documents: Collection[int]) -> dict[int, dict[int, list[str]]]:
    """Of those of these documents of which other credits than ours took something back: the numbers of these credits, by the position of
    the row."""
    rows = credit_rows_of(uow, documents)
    ids = {row.document_id for row in rows}
    if not ids:
        return {}
    ours = set(uow.column(int, "SELECT DISTINCT document_id FROM billable_item WHERE document_id = ANY (%s)", (sorted(ids),)))
    names = {number: header.ident for number, header in headers_by_id(uow, ids - ours).items()}
    found: dict[int, dict[int, list[str]]] = {}
    for row in rows:
        if row.document_id in names:
            found.setdefault(row.credited, {}).setdefault(row.position, []).append(names[row.document_id])
    return found


class _Rests:
    """What is left of rows, and of deposits of tax groups; it becomes less as credits take it."""

    def __init__(self, uow: Uow, by_hand: Mapping[int, Mapping[int, list[str]]]) -> None:
        of_type = {number: header.document_type for number, header in headers_by_id(uow, by_hand).items()}
        self._by_hand = by_hand
        self._lefts = {number: related.left for number, related in related_documents(uow, of_type).items()}
        self._rows: dict[tuple[int, str], Decimal] = {}
        self._groups: dict[tuple[int, GroupKey], Decimal] = {}
        # of a deposit the rest of a group counts, whatever row it stands on
        self._deposits = {number for number, kind in of_type.items() if kind == DocumentType.DEPOSIT_INVOICE}

    def take(self, item: Item, document: int) -> Decimal:
        """As much of a credit as is left."""
        left, ident = self._lefts[document], item.row.credited_row or ""
        row = left.rows.get(ident)
        if row is None:
            return item.row.total  # it pays: no row of its document
        if document in self._deposits:
            key = group_key(row.item.category_code, row.item.rate, None, None, False)  # a deposit bears one tax per row
            rest = self._groups.setdefault((document, key), left.groups[key].agreed)
            amount = min(item.row.total, max(rest, ZERO))
            self._groups[document, key] -= amount
            return amount
        amount = min(item.row.total, self._rows.setdefault((document, ident), abs(creditable(row))))
        self._rows[document, ident] -= amount
        return amount

    def credited_by(self, item: Item, document: int) -> list[str]:
        """The numbers of what took something of the row of a credit by hand."""
        memos, row = self._by_hand[document], self._lefts[document].rows.get(item.row.credited_row or "")
        if document in self._deposits or row is None:
            return sorted({ident for idents in memos.values() for ident in idents})
        return memos.get(row.item.position, [])
