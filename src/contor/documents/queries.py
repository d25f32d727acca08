"""Read issued documents."""

from collections.abc import Collection

import msgspec
from isal import isal_zlib

from contor.documents.freeze import with_number
from contor.documents.types import Document, DocumentRequest
from contor.documents.versions import read
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow

_READ_REQUEST = msgspec.json.Decoder(DocumentRequest).decode

REQUEST_ENDS = (
    "SELECT r.request_id, d.ident AS document_ident, f.errors, CASE WHEN d.id IS NOT NULL THEN 'COMPLETED'"
    " WHEN f.request_id IS NOT NULL THEN 'FAILED' ELSE 'RECEIVED' END AS status FROM document_request r"
    " LEFT JOIN document d ON d.tenant_id = r.tenant_id AND d.request_id = r.request_id"
    " LEFT JOIN document_refusal f ON f.tenant_id = r.tenant_id AND f.request_id = r.request_id"
)
"""What became of each request: its document, or the reasons against it."""


def documents_by_id(uow: Uow, ids: Collection[int]) -> dict[int, Document]:
    """The frozen documents, complete with their numbers."""
    rows = uow.rows(
        "SELECT d.id, d.ident, c.snapshot FROM document d"
        " JOIN document_content c ON c.tenant_id = d.tenant_id AND c.document_id = d.id WHERE d.id = ANY (%s)",
        (list(ids),),
    )
    return {row.id: frozen(row.ident, row.snapshot) for row in rows}


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
