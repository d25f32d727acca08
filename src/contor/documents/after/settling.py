"""What later steps move on an issued document: how much of it is settled, and what was received on a deposit."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from contor.documents import tables
from contor.documents.events import DocumentsSettled
from contor.documents.types import DepositGroup
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


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was received on a deposit invoice by one payment, or taken back (negative)."""

    document_id: int
    received_on: dt.date
    parts: tuple[DepositGroup, ...]
    source: str


def record_receipts(uow: Uow, receipts: Sequence[Receipt]) -> None:
    """Keep what a final invoice may deduct."""
    rows = []
    for receipt, number in zip(receipts, uow.next_ids(len(receipts)), strict=True):
        for position, part in enumerate(receipt.parts):
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
                    "source": receipt.source,
                }
            )
    uow.insert(tables.deposit_receipt, rows)
