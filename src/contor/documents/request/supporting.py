"""Keep what came with an imported e-invoice: its files as blobs, its references as they are written (BG-24)."""

from collections.abc import Sequence

from contor.documents.tables import request_attachment
from contor.documents.types import SupportingDocument
from contor.kernel.errors import Refused
from contor.runtime.uow import Uow


def keep_supporting(uow: Uow, request_id: str, given: Sequence[SupportingDocument], known: Refused) -> None:
    """In the transaction that accepts the request; `known`: raised where it was accepted before."""
    files = [entry.file for entry in given]
    names = iter(uow.runtime.blobs.put_many(uow.ctx.tenant_id, [file.content for file in files if file]))
    rows: list[dict[str, object]] = [
        {
            "request_id": request_id,
            "position": position,
            "reference": entry.reference,
            "description": entry.description,
            "location": entry.location,
            "name": file.name if file else None,
            "media_type": file.media_type if file else None,
            "size": len(file.content) if file else None,
            "sha256": next(names) if file else None,
        }
        for position, (entry, file) in enumerate(zip(given, files, strict=True), 1)
    ]
    uow.leave(request_attachment, rows, known)
