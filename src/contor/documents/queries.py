"""Read issued documents."""

import zlib
from collections.abc import Collection

import msgspec

from contor.documents.freeze import with_number
from contor.documents.types import Document
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow

READ = msgspec.json.Decoder(Document).decode
"""A frozen document from its stored JSON; decimals digit for digit."""


def documents_by_id(uow: Uow, ids: Collection[int]) -> dict[int, Document]:
    """The frozen documents, complete with their numbers."""
    rows = uow.rows(
        "SELECT d.id, d.ident, c.snapshot FROM document d"
        " JOIN document_content c ON c.tenant_id = d.tenant_id AND c.document_id = d.id WHERE d.id = ANY (%s)",
        (list(ids),),
    )
    return {row.id: frozen(row.ident, row.snapshot) for row in rows}


def packed(document: Document) -> bytes:
    """A frozen document as it is stored: JSON, compressed here because the database would compress it at twice the cost."""
    return zlib.compress(ENCODER.encode(document), 1)


def frozen(ident: str, snapshot: bytes) -> Document:
    """A stored document with the number that stands in its header."""
    return with_number(READ(zlib.decompress(snapshot)), ident)
