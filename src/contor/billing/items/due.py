"""Stored items that are due, with what their contract or order says today."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from contor.billing.items.stored import content_of
from contor.billing.items.types import Holder, Item
from contor.documents.queries import idents_by_id
from contor.runtime.uow import Uow

BLOCK = 1000


def open_items(uow: Uow, customers: Sequence[str], cutoff: dt.datetime) -> list[Any]:
    """Stored items that are due."""
    return uow.rows(
        "SELECT *, content::text AS row FROM billable_item WHERE customer_ident = ANY (%s)"
        " AND processing_status IN ('NOT_STARTED', 'PENDING_RETRY') AND processing_at < %s ORDER BY item_id",
        (list(customers), cutoff),
    )


def documents_of(uow: Uow, items: Collection[int]) -> dict[int, int]:
    """The documents of those items that are billed."""
    sql = "SELECT item_id, document_id FROM billable_item WHERE item_id = ANY (%s) AND document_id IS NOT NULL"
    return dict(uow.rows(sql, (sorted(items),))) if items else {}


def credited_documents(uow: Uow, items: Collection[int]) -> dict[int, str]:
    """The numbers of the documents on which items were billed."""
    billed = documents_of(uow, items)
    idents = idents_by_id(uow, set(billed.values()))
    return {item: idents[document] for item, document in billed.items()}


def item_of(row: Any, holder: Holder, credited: str | None) -> Item:
    """A stored item with what its contract or order says today."""
    content, header = content_of(row.row), holder.header
    if content.operating_site_ident is not None:
        header = header._replace(operating_site_ident=content.operating_site_ident)
    return Item(
        row.item_id,
        row.contract_id,
        holder.ident,
        holder.segment_ident,
        header,
        row.origin_type,
        row.origin_ident,
        row.kind,
        row.period_start,
        row.period_end,
        row.sequence,
        row.type,
        row.business_case,
        row.processing_at,
        content,
        credited,
        row.related_item_id,
        False,
        row.of_order,
    )


Reader = Callable[[Uow, Collection[int]], Mapping[int, Holder]]

READERS: list[Reader] = []
"""Who else than contracts holds items: packages above register how to read them."""


def holders(uow: Uow, numbers: Collection[int]) -> dict[int, Holder]:
    """The orders among these numbers."""
    return {number: holder for reader in READERS for number, holder in reader(uow, numbers).items()} if numbers else {}


def number_source(uow: Uow) -> Iterator[int]:
    """Internal ids, fetched in blocks."""
    while True:
        yield from uow.next_ids(BLOCK)
