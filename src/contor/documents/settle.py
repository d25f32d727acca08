"""What later steps move on an issued document: how much of it is settled, and what was received on a deposit."""

from collections.abc import Mapping
from decimal import Decimal

from contor.documents.events import DocumentsSettled
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
