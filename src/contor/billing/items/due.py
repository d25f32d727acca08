"""Stored items that are due, with what their contract or order says today."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from contor.billing.items.stored import STORED_COLUMNS, StoredRow
from contor.billing.items.types import Holder
from contor.documents.judge import CREDITING
from contor.documents.queries import documents_by_id, idents_by_id
from contor.documents.types import DocumentItem
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


READERS: list[Reader] = []
"""Who else than contracts holds items: packages above register how to read them."""


def holders(uow: Uow, numbers: Collection[int]) -> dict[int, Holder]:
    """The orders among these numbers."""
    return {number: holder for reader in READERS for number, holder in reader(uow, numbers).items()} if numbers else {}


def number_source(uow: Uow) -> Iterator[int]:
    """Internal ids, fetched in blocks."""
    while True:  # one round trip for a block; what is left of the last one is lost, for ids may have gaps
        yield from uow.next_ids(BLOCK)
