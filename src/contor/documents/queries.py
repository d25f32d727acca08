"""Read issued documents."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import NamedTuple

import msgspec
from isal import isal_zlib

from contor.documents import tables
from contor.documents.types import Document, DocumentRequest, ExchangeRate, read, with_number
from contor.kernel.money import ZERO
from contor.runtime.db import ENCODER
from contor.runtime.integrity import linked
from contor.runtime.query import Expression, FilterField, any_of, elsewhere
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

_READ_REQUEST = msgspec.json.Decoder(DocumentRequest).decode

DOCUMENT = "DOCUMENT"
"""The kind of a document's link in the chain."""


class Snapshot(NamedTuple):
    """A document's number and its frozen content (`packed`)."""

    id: int
    ident: str
    snapshot: bytes


class Numbered(NamedTuple):
    id: int
    ident: str


class HeaderRow(NamedTuple):
    id: int
    ident: str
    document_type: str


class OfOrder(NamedTuple):
    """A document of an order."""

    order_ident: str
    document_id: int


def document_ids_after(uow: Uow, last: int, limit: int) -> list[int]:
    """The next documents in the order of their ids; for who goes through all of them."""
    return uow.column(int, "SELECT id FROM document WHERE id > %s ORDER BY id LIMIT %s", (last, limit))


def documents_by_id(uow: Uow, ids: Collection[int]) -> dict[int, Document]:
    """The frozen documents, complete with their numbers."""
    rows = uow.all(
        Snapshot,
        # one by one: a planner without statistics would take so many for all, and read every content there is
        "SELECT d.id, d.ident, d.snapshot FROM unnest(%s::bigint[]) k(id) CROSS JOIN LATERAL (SELECT d.id, d.ident, c.snapshot"
        " FROM document d JOIN document_content c ON c.tenant_id = d.tenant_id AND c.document_id = d.id WHERE d.id = k.id LIMIT 1) d",
        (list(ids),),
    )
    return {row.id: frozen(row.ident, row.snapshot) for row in rows}


def exchange_rates_of(uow: Uow, idents: Collection[str]) -> dict[tuple[str, str | None], ExchangeRate]:
    """At which rate each of these documents was booked, by number and the site that issued it, and by the number alone (None); those in
    the ledger's currency have none."""
    if not idents:
        return {}
    ids = uow.column(int, "SELECT id FROM document WHERE ident = ANY (%s) ORDER BY id", (sorted(idents),))
    found: dict[tuple[str, str | None], ExchangeRate] = {}
    for document in documents_by_id(uow, ids).values():
        if document.ledger is not None:
            for site in (document.operating_site_ident, None):
                found[document.ident, site] = document.ledger.exchange_rate
    return found


def idents_by_id(uow: Uow, ids: Collection[int]) -> dict[int, str]:
    """The numbers of the documents."""
    return dict(uow.all(Numbered, "SELECT id, ident FROM document WHERE id = ANY (%s)", (sorted(ids),))) if ids else {}


class _Pair(NamedTuple):
    document_id: int
    other_id: int


def related_ids(uow: Uow, ids: Collection[int]) -> dict[int, list[int]]:
    """By document those of ours that it credits, corrects or deducts; without those that name none."""
    sql = "SELECT document_id, related_id AS other_id FROM document_relation WHERE document_id = ANY (%s) ORDER BY document_id, related_id"
    return _gathered(uow.all(_Pair, sql, (sorted(ids),)) if ids else ())


def credits_of(uow: Uow, ids: Collection[int]) -> dict[int, list[int]]:
    """By document the credits over it, in the order in which they were issued; without those that have none."""
    sql = (
        "SELECT DISTINCT credited_document_id AS document_id, document_id AS other_id FROM document_credit"
        " WHERE credited_document_id = ANY (%s) ORDER BY 1, 2"
    )
    return _gathered(uow.all(_Pair, sql, (sorted(ids),)) if ids else ())


def _gathered(pairs: Iterable[_Pair]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for pair in pairs:
        found[pair.document_id].append(pair.other_id)
    return dict(found)


def deducted_by_finals(uow: Uow, finals: Collection[int], idents: Collection[str]) -> list[int]:
    """The ids of those deposit invoices with these numbers that the final invoices deduct."""
    return uow.column(
        int,
        "SELECT d.id FROM document_relation r JOIN document d ON d.tenant_id = r.tenant_id AND d.id = r.related_id"
        " WHERE r.document_id = ANY (%s) AND d.ident = ANY (%s)",
        (sorted(finals), sorted(idents)),
    )


def documents_of_requests(uow: Uow, request_ids: Collection[str]) -> dict[int, Document]:
    """The documents that answer these requests, as they are frozen."""
    ids = uow.column(int, "SELECT id FROM document WHERE request_id = ANY (%s)", (sorted(request_ids),))
    return documents_by_id(uow, ids)


class Header(NamedTuple):
    """What a document is called, and what it is."""

    ident: str
    document_type: str


def headers_by_id(uow: Uow, ids: Collection[int]) -> dict[int, Header]:
    """Of the documents that exist."""
    if not ids:
        return {}
    rows = uow.all(HeaderRow, f"SELECT {columns(HeaderRow)} FROM document WHERE id = ANY (%s)", (sorted(ids),))
    return {row.id: Header(row.ident, row.document_type) for row in rows}


def final_invoices(uow: Uow, ids: Collection[int]) -> dict[int, str]:
    """The numbers of those documents that deducted deposits."""
    if not ids:
        return {}
    return dict(
        uow.all(
            Numbered,
            "SELECT DISTINCT d.id, d.ident FROM document d JOIN document_relation r ON r.tenant_id = d.tenant_id"
            # an invoice is related to documents of ours only where it deducts them
            " AND r.document_id = d.id WHERE d.id = ANY (%s) AND d.document_type = 'INVOICE' ORDER BY d.id",
            (sorted(ids),),
        )
    )


def without_files(uow: Uow, request_ids: Collection[str]) -> list[int]:
    """Those of the documents of these requests whose files are still to be made."""
    sql = "SELECT id FROM document WHERE request_id = ANY (%s) AND status = 'CREATED' ORDER BY id"
    return uow.column(int, sql, (list(request_ids),))


def documents_of_orders(uow: Uow, orders: Collection[str]) -> dict[str, list[int]]:
    """The ids of the documents that bill each order, in the order in which they were issued."""
    found: dict[str, list[int]] = defaultdict(list)
    for row in uow.all(
        OfOrder,
        "SELECT ident AS order_ident, document_id FROM document_origin WHERE type = 'ORDER' AND ident = ANY (%s) ORDER BY document_id",
        (sorted(set(orders)),),
    ):
        found[row.order_ident].append(row.document_id)
    return found


class Deducting(NamedTuple):
    """A final invoice that deducted what was received of a deposit."""

    id: int
    document_type: str
    ident: str


def deducted_by(uow: Uow, deposit_id: int, source: str | None = None) -> Deducting | None:
    """The final invoice that deducted what was received on a deposit invoice, or what `source` (e.g. `assignment:<ident>`) brought."""
    sql = (
        "SELECT d.id, d.document_type, d.ident FROM deposit_receipt r JOIN document d ON d.tenant_id = r.tenant_id"
        # a receipt has a row for each tax group, deducted together; nothing was, where all had gone back by then
        " AND d.id = r.final_document_id WHERE r.document_id = %s GROUP BY d.tenant_id, d.id"
        " HAVING sum(r.gross) <> 0 AND bool_or(r.source = coalesce(%s, r.source)) LIMIT 1"
    )
    return uow.first(Deducting, sql, (deposit_id, source))


def credited_documents(uow: Uow, ids: Collection[int]) -> dict[int, str]:
    """Those of these documents of which credits took something: their ids and types."""
    sql = "SELECT id, document_type FROM document d WHERE id = ANY (%s) AND EXISTS (SELECT 1 FROM document_credit c"
    return dict(uow.all(_OfType, f"{sql} WHERE c.tenant_id = d.tenant_id AND c.credited_document_id = d.id)", (sorted(ids),)))


class _OfType(NamedTuple):
    id: int
    document_type: str


class _Taken(NamedTuple):
    """What a credit takes of a row."""

    number: int
    position: int
    gross: Decimal


def rows_given_back(uow: Uow, ids: Collection[int]) -> dict[int, set[str]]:
    """The rows of which credits have taken everything, by the ids of their documents; what a row is worth is never nothing."""
    taken: dict[tuple[int, int], Decimal] = defaultdict(lambda: ZERO)
    sql = "SELECT credited_document_id AS number, credited_position AS position, gross FROM document_credit"
    for row in uow.all(_Taken, f"{sql} WHERE credited_document_id = ANY (%s)", (sorted(ids),)):
        taken[row.number, row.position] += row.gross
    found: dict[int, set[str]] = {}
    for number, document in documents_by_id(uow, {number for number, _ in taken}).items():
        found[number] = {it.ident for it in document.items if it.total.gross and taken[number, it.position] == it.total.gross}
    return found


def deposits_given_back(uow: Uow, ids: Collection[int]) -> dict[int, Decimal]:
    """What credits gave back of the deposits that final invoices deduct, gross and below zero, by the ids of the final invoices."""
    found: dict[int, Decimal] = {}
    rows = uow.all(
        _Taken,
        "SELECT credited_document_id AS number, credited_position AS position, gross FROM document_credit"
        " WHERE credited_document_id = ANY (%s)",
        (list(ids),),
    )
    documents = documents_by_id(uow, {row.number for row in rows})
    for row in rows:
        if documents[row.number].items[row.position - 1].deposit_ident is not None:
            found[row.number] = found.get(row.number, ZERO) + row.gross
    return found


# the hashes of its header and of its frozen content
linked(
    DOCUMENT,
    # each by itself: joined as a whole, a plan that is kept for any ids reads the contents of all documents of who was never counted
    "SELECT d.id, d.hashes FROM unnest(%(ids)s::bigint[]) k(id) CROSS JOIN LATERAL (SELECT d.id, d.row_hash || c.row_hash AS hashes"
    " FROM document d JOIN document_content c ON c.tenant_id = d.tenant_id AND c.document_id = d.id WHERE d.id = k.id LIMIT 1) d"
    " WHERE d.hashes IS NOT NULL",
)


def packed(content: Document | DocumentRequest) -> bytes:
    """A frozen document or a request as it is stored: JSON, compressed here because the database would compress it at ten
    times the cost (zlib's format, RFC 1950)."""
    return isal_zlib.compress(ENCODER.encode(content), 1)


def requested(payload: bytes) -> DocumentRequest:
    """A stored request."""
    return _READ_REQUEST(isal_zlib.decompress(payload))


def frozen(ident: str, snapshot: bytes) -> Document:
    """A stored document with the number that stands in its header."""
    return with_number(read(isal_zlib.decompress(snapshot)), ident)


def document_ident_of(document_id: Expression, types: Collection[str] | None = None) -> FilterField:
    """The number of the document, where a list of another package has its id; of documents of these types alone, where they are given."""
    provided = None if types is None else any_of(tables.document.c.document_type == kind for kind in types)
    return elsewhere(document_id, tables.document, "id", tables.document.c.ident, "document_ident", str, provided)
