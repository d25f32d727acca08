"""Stored items that are due, with what their contract or order says today."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from contor.billing.items.stored import STORED_COLUMNS, StoredRow, content_of
from contor.billing.items.types import BillableRow, Holder, Item
from contor.contracts.types import Places
from contor.documents.judge import CREDITING
from contor.documents.naming import sites_of
from contor.documents.queries import documents_by_id, idents_by_id
from contor.documents.types import DocumentItem
from contor.kernel.shapes import replace
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

BLOCK = 1000


def open_items(uow: Uow, customers: Sequence[str], cutoff: dt.datetime) -> list[StoredRow]:
    """Stored items that are due. What a deposit is asked for waits until the deposit invoice is there: an invoice of the same run could
    not deduct it, and would bill it once more (section 14 (5) sentence 2 UStG)."""
    due = "processing_status IN ('NOT_STARTED', 'PENDING_RETRY') AND {0}.processing_at < %(cutoff)s"
    return uow.all(
        StoredRow,
        f"SELECT {STORED_COLUMNS} FROM billable_item i WHERE i.customer_ident = ANY (%(customers)s) AND i.{due.format('i')}"
        " AND NOT (i.kind = 'LINE_ITEM' AND EXISTS (SELECT 1 FROM billable_item d WHERE d.tenant_id = i.tenant_id"
        f" AND d.contract_id = i.contract_id AND d.kind = 'DEPOSIT' AND d.{due.format('d')})) ORDER BY i.item_id",
        {"customers": list(customers), "cutoff": cutoff},
    )


class OnDocument(NamedTuple):
    """A billed item and its document."""

    item_id: int
    document_id: int


def documents_of(uow: Uow, items: Collection[int]) -> dict[int, int]:
    """The documents of those items that are billed."""
    sql = f"SELECT {columns(OnDocument)} FROM billable_item WHERE item_id = ANY (%s) AND document_id IS NOT NULL"
    return dict(uow.all(OnDocument, sql, (sorted(items),))) if items else {}


def credited_documents(uow: Uow, items: Collection[int]) -> dict[int, str]:
    """The numbers of the documents on which items were billed."""
    billed = documents_of(uow, items)
    idents = idents_by_id(uow, set(billed.values()))
    return {item: idents[document] for item, document in billed.items()}


class Billed(NamedTuple):
    """How an item was billed; `row`: None where it paid, for then it is no row of its document."""

    document_ident: str
    document_date: dt.date
    takes_back: bool
    """It stands on what takes more back than it charges: no credit can name that as what it credits."""
    row: DocumentItem | None


def as_billed(uow: Uow, items: Collection[int]) -> dict[int, Billed]:
    """Of those items that are billed, by their numbers."""
    billed = documents_of(uow, items)
    documents = documents_by_id(uow, set(billed.values()))
    rows = {number: {row.ident: row for row in document.items} for number, document in documents.items()}
    found = {}
    for item, number in billed.items():
        paper = documents[number]
        takes_back = paper.document_type in CREDITING
        found[item] = Billed(paper.ident, paper.document_date, takes_back, rows[number].get(f"i-{item}"))
    return found


def at_origin(uow: Uow, items: Sequence[Item]) -> Sequence[Item]:
    """What takes back what was billed is of the company that billed it, whatever its contract or the tenant's default say by now."""
    taken = documents_of(uow, {it.related_item_id for it in items if (it.credited_document or it.beside) and it.related_item_id})
    if not taken:
        return items
    issued_by = sites_of(uow, set(taken.values()))
    return [
        item._replace(header=item.header._replace(operating_site_ident=site))
        if (item.credited_document or item.beside) is not None
        and (site := issued_by.get(taken.get(item.related_item_id or 0, 0))) is not None
        and site != item.header.operating_site_ident
        else item
        for item in items
    ]


def item_of(row: StoredRow, holder: Holder, origin: Billed | None) -> Item:
    """A stored item with what its contract or order says today. `origin`: how the item was billed that it takes back or corrects."""
    content, header = content_of(row.content), holder.header
    assert row.processing_at is not None  # it is due
    # header and places from today's contract, row as proposed: a new address holds for what is billed from now on, a new price does not
    content = _placed(content, holder.places, origin.row if origin is not None else None)
    taken_back = origin if row.kind == "CREDIT" else None
    if taken_back is not None and taken_back.row is not None:
        content = _as_billed(content, taken_back.row)
    if content.operating_site_ident is not None:
        header = header._replace(operating_site_ident=content.operating_site_ident)
    named = taken_back.document_ident if taken_back is not None else None
    is_apart = taken_back is not None and taken_back.takes_back
    # a change of its contract reduces further what stands on that document (BG-3)
    reduced = origin.document_ident if origin is not None and content.stands_beside and row.kind != "CREDIT" else None
    if is_apart:
        content = replace(content, credited_row=None)
    return Item(
        item_id=row.item_id,
        contract_id=row.contract_id,
        contract_ident=holder.ident,
        segment_ident=holder.segment_ident,
        header=header,
        origin_type=row.origin_type,
        origin_ident=row.origin_ident,
        kind=row.kind,
        period_start=row.period_start,
        period_end=row.period_end,
        sequence=row.sequence,
        type=row.type,
        business_case=row.business_case,
        processing_at=row.processing_at,
        row=content,
        credited_document=None if is_apart else named,
        credited_on=origin.document_date if origin is not None and (taken_back is not None or reduced is not None) else None,
        beside=named if is_apart else reduced,
        related_item_id=row.related_item_id,
        is_new=False,
        of_order=row.of_order,
        ordered_on=holder.ordered_on,
    )


def _placed(row: BillableRow, places: Places, origin: DocumentItem | None) -> BillableRow:
    """With the places that count now, where it states none; what corrects keeps those of what it corrects."""
    if not row.follows:
        return row
    here = {name: getattr(places, name) for name in row.follows}
    if origin is not None:
        here = {name: getattr(origin, name) or place for name, place in here.items()}
    return replace(row, **here)


def _as_billed(row: BillableRow, origin: DocumentItem) -> BillableRow:
    """What takes back bears the tax of what it takes back, whatever its customer and the rates are by now (accounting reference 6.5)."""
    place = origin.tax_location or row.tax_location
    return replace(row, taxes=origin.taxes, tax_location=place, performance_location=origin.performance_location or place)


Reader = Callable[[Uow, Collection[int]], Mapping[int, Holder]]

READERS: list[Reader] = []
"""Who else than contracts holds items: packages above register how to read them."""


def holders(uow: Uow, numbers: Collection[int]) -> dict[int, Holder]:
    """The orders among these numbers."""
    return {number: holder for reader in READERS for number, holder in reader(uow, numbers).items()} if numbers else {}


def number_source(uow: Uow) -> Iterator[int]:
    """Internal ids, fetched in blocks."""
    while True:  # one round trip for a block; what is left of the last one is lost, for ids may have gaps
        yield from uow.next_ids(BLOCK)
