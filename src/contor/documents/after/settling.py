"""What later steps move on an issued document: how much of it is settled, what was received on a deposit, what was decided off it."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.documents import tables
from contor.documents.amounts import discounts_left
from contor.documents.events import DocumentsSettled
from contor.documents.queries import documents_by_id
from contor.documents.request import discounts_of
from contor.documents.types import DepositGroup, Discount
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow


def settle(uow: Uow, settled: Mapping[int, Decimal]) -> None:
    """Set how much of each document's payable amount is settled, positive for every type; more than all when overpaid."""
    rows = [{"id": number, "settled": amount} for number, amount in settled.items()]
    uow.run(
        "UPDATE document d SET settled = x.settled FROM jsonb_to_recordset(%s) AS x(id bigint, settled numeric) WHERE d.id = x.id",
        (ENCODER.encode(rows).decode(),),
    )
    uow.emit(DocumentsSettled(document_ids=tuple(settled)))


def is_settled(uow: Uow, document_id: int) -> Decimal:
    """How much of a document's payable amount is settled by what is stored."""
    return uow.scalar(Decimal, "SELECT settled FROM document WHERE id = %s", (document_id,)) or Decimal(0)


def unsettled_among(uow: Uow, document_ids: Collection[int]) -> set[int]:
    """Those of these documents of which something is open."""
    sql = "SELECT id FROM document WHERE id = ANY (%s) AND settled < payable"
    return set(uow.column(int, sql, (sorted(document_ids),))) if document_ids else set()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was received on a deposit invoice by one payment, or taken back (negative)."""

    document_id: int
    received_on: dt.date
    parts: tuple[DepositGroup, ...]
    booked: tuple[DepositGroup, ...]
    """`parts` as they were booked, in the ledger's currency."""
    source: str


def record_receipts(uow: Uow, receipts: Sequence[Receipt]) -> None:
    """Keep what a final invoice may deduct."""
    rows = []
    for receipt, number in zip(receipts, uow.next_ids(len(receipts)), strict=True):
        for position, (part, booked) in enumerate(zip(receipt.parts, receipt.booked, strict=True)):
            rows.append(
                {
                    "id": number,
                    "document_id": receipt.document_id,
                    "position": position,
                    "received_on": receipt.received_on,
                    "category_code": part.category_code,
                    "tax_rate": part.rate,
                    "net": part.net,
                    "tax": part.tax,
                    "gross": part.gross,
                    "ledger_tax": booked.tax,
                    "ledger_gross": booked.gross,
                    "source": receipt.source,
                }
            )
    uow.insert(tables.deposit_receipt, rows)


@dataclass(frozen=True, slots=True)
class DecidedOff:
    """What was decided off a document by one decision, or by its counter decision (negative)."""

    document_id: int
    parts: tuple[Discount, ...]
    source: str


def record_discounts(uow: Uow, decided: Sequence[DecidedOff]) -> None:
    """Keep what a credit takes back. What is decided on a document that was reissued counts for the one in its place."""
    if not decided:
        return
    place = in_place_of(uow, {one.document_id for one in decided})
    rows = []
    for one, number in zip(decided, uow.next_ids(len(decided)), strict=True):
        for position, part in enumerate(one.parts):
            rows.append(
                {
                    "id": number,
                    "document_id": place.get(one.document_id, one.document_id),
                    "position": position,
                    "decision": part.decision,
                    "treatment": part.treatment,
                    "category_code": part.category_code,
                    "tax_rate": part.rate,
                    "country": part.country,
                    "net": part.net,
                    "tax": part.tax,
                    "gross": part.gross,
                    "ledger_tax": part.ledger_tax,
                    "ledger_gross": part.ledger_gross,
                    "source": one.source,
                }
            )
    uow.insert(tables.document_discount, rows)


class Reductions(NamedTuple):
    """Of a document, or of the one in its place."""

    standing: tuple[Discount, ...] = ()
    """What of those decided on it no credit has taken back."""
    credited: tuple[Discount, ...] = ()
    """What credits have taken back of them."""


def standing_discounts(uow: Uow, document_id: int) -> tuple[Discount, ...]:
    """What no credit has taken back of the reductions decided on the document, or on the one in its place."""
    return reductions_of(uow, document_id).standing


def reductions_of(uow: Uow, document_id: int) -> Reductions:
    """A credit may take back those of several documents: what is of another one counts for that."""
    number = in_place_of(uow, {document_id}).get(document_id, document_id)
    decided = discounts_of(uow, [number]).get(number)
    if not decided:
        return Reductions()
    memos = uow.column(int, "SELECT DISTINCT document_id FROM document_relation WHERE related_id = %s", (number,))
    documents = documents_by_id(uow, [number, *memos])
    ident = documents[number].ident
    credited = [it for memo in memos for it in documents[memo].discounts_on(ident)]
    return Reductions(discounts_left(decided, credited), discounts_left(credited))


class _Place(NamedTuple):
    document_id: int
    new_document_id: int


def in_place_of(uow: Uow, ids: Collection[int]) -> dict[int, int]:
    """The document that stands in the place of each reissued one; a new one may be reissued as well."""
    rows = uow.all(
        _Place,
        "WITH RECURSIVE chain AS (SELECT tenant_id, document_id, new_document_id FROM document_reissue WHERE document_id = ANY (%s)"
        " UNION ALL SELECT c.tenant_id, c.document_id, r.new_document_id FROM chain c JOIN document_reissue r"
        " ON r.tenant_id = c.tenant_id AND r.document_id = c.new_document_id)"
        " SELECT document_id, max(new_document_id) AS new_document_id FROM chain GROUP BY document_id",
        (sorted(ids),),
    )
    return dict(rows)


def stands_for(uow: Uow, ids: Collection[int]) -> dict[int, list[int]]:
    """Of each the documents in whose place it stands, in order, and itself."""
    rows = uow.all(
        _Place,
        "WITH RECURSIVE chain AS (SELECT tenant_id, document_id, new_document_id FROM document_reissue"
        " WHERE new_document_id = ANY (%s) UNION ALL SELECT r.tenant_id, r.document_id, c.new_document_id FROM chain c"
        " JOIN document_reissue r ON r.tenant_id = c.tenant_id AND r.new_document_id = c.document_id)"
        " SELECT document_id, new_document_id FROM chain ORDER BY document_id",
        (sorted(ids),),
    )
    found: dict[int, list[int]] = {number: [] for number in ids}
    for row in rows:
        found[row.new_document_id].append(row.document_id)
    return {number: [*before, number] for number, before in found.items()}
