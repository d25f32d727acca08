"""What dunning reads of issued documents, and moves on them: who issued them, and how far they are dunned."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import NamedTuple

from contor.documents import tables
from contor.runtime.db import ENCODER
from contor.runtime.query import FilterField, elsewhere
from contor.runtime.query.filterable import Expression
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

SITE_OF = "(SELECT d.operating_site_ident FROM document d WHERE d.tenant_id = {row}.tenant_id AND d.id = {row}.document_id)"
"""SQL: the operating site that issued the document of a row."""


class Issuer(NamedTuple):
    """Who issued a document."""

    id: int
    operating_site_ident: str
    legal_entity: str
    created_at: dt.datetime


class _Level(NamedTuple):
    id: int
    dunning_level: int


def issuers_of(uow: Uow, ids: Collection[int]) -> dict[int, Issuer]:
    """By the documents' ids."""
    rows = uow.all(Issuer, f"SELECT {columns(Issuer)} FROM document WHERE id = ANY (%s)", (list(ids),))
    return {row.id: row for row in rows}


def set_dunning_levels(uow: Uow, levels: Mapping[int, int]) -> None:
    """Say on the documents how far they are dunned."""
    rows = [{"id": number, "level": level} for number, level in levels.items()]
    uow.run(
        "UPDATE document d SET dunning_level = x.level FROM jsonb_to_recordset(%s) AS x(id bigint, level integer) WHERE d.id = x.id",
        (ENCODER.encode(rows).decode(),),
    )


def dunning_levels(uow: Uow, ids: Collection[int]) -> dict[int, int]:
    """How far these documents say that they are dunned; for who checks."""
    return dict(uow.all(_Level, "SELECT id, dunning_level FROM document WHERE id = ANY (%s)", (list(ids),)))


def site_field(document_id: Expression) -> FilterField:
    """The operating site of the document, where a list of another package has its id."""
    return elsewhere(document_id, tables.document, "id", tables.document.c.operating_site_ident, "operating_site_ident", str)
