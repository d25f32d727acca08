"""Which documents bill what is supplied later, and which rows credits take back: for who spreads revenue over time."""

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple

import msgspec
from isal import isal_zlib

from contor.documents.queries import Snapshot, frozen
from contor.documents.types import Document
from contor.kernel.shapes import Fields
from contor.runtime.uow import Uow


class _Row(msgspec.Struct):
    service_period: Fields | None = None


class RowsOnly(msgspec.Struct):
    items: list[_Row]


_READ = msgspec.json.Decoder(RowsOnly).decode
"""A small part of a document, in a tenth of the time: of most nothing else is wanted."""


class CreditedPlace(NamedTuple):
    """A row of a credit, and the row that it takes back."""

    document_id: int
    position: int
    credited_document_id: int
    credited_position: int


def supplied_after(uow: Uow, ids: Collection[int], day: dt.date, besides: Collection[int] = ()) -> dict[int, Document]:
    """Those of the documents of which a row has a service period that ends after `day`, and those named by `besides`, in their order."""
    rows = uow.all(
        Snapshot,
        "SELECT d.id, d.ident, d.snapshot FROM unnest(%s::bigint[]) k(id) CROSS JOIN LATERAL (SELECT d.id, d.ident, c.snapshot"
        " FROM document d JOIN document_content c ON c.tenant_id = d.tenant_id AND c.document_id = d.id WHERE d.id = k.id LIMIT 1) d"
        " ORDER BY d.id",
        (list(ids),),
    )
    wanted, last = set(besides), day.isoformat()
    return {row.id: frozen(row.ident, row.snapshot) for row in rows if row.id in wanted or _ends_after(row.snapshot, last)}


def _ends_after(snapshot: bytes, day: str) -> bool:
    rows = _READ(isal_zlib.decompress(snapshot)).items
    return any(row.service_period is not None and row.service_period["end"] > day for row in rows)


def credited_places(uow: Uow, ids: Collection[int]) -> list[CreditedPlace]:
    """The rows that these credits take back."""
    return uow.all(
        CreditedPlace,
        "SELECT document_id, position, credited_document_id, credited_position FROM document_credit WHERE document_id = ANY (%s)"
        " ORDER BY document_id, position",
        (list(ids),),
    )
