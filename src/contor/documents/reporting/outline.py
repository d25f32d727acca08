"""Documents in outline: whose they are, and what their rows are about."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

import msgspec
from isal import isal_zlib

from contor.runtime.uow import Uow


class _Tax(msgspec.Struct):
    rate: Decimal
    category_code: str | None = None


class _Sides(msgspec.Struct, array_like=True):
    net: Decimal


class _Address(msgspec.Struct):
    country: str


class _Party(msgspec.Struct):
    address: _Address
    vat_id: str | None = None


class _Item(msgspec.Struct):
    name: str
    category: str
    total: _Sides
    taxes: list[_Tax]
    article_number: str | None = None
    cost_centre: str | None = None
    deposit_ident: str | None = None


class _Document(msgspec.Struct):
    customer: _Party
    seller: _Party
    tax_date: dt.date
    items: list[_Item]


_READ = msgspec.json.Decoder(type=_Document).decode


class OutlineRow(NamedTuple):
    """A row, with its own sign."""

    product: str
    """Number of the article, or nothing."""
    name: str
    category: str
    category_code: str
    rate: Decimal
    cost_centre: str | None
    net: Decimal
    is_deposit: bool
    """It deducts a received deposit, and is no supply."""


class Outline(NamedTuple):
    """A document."""

    document_id: int
    ident: str
    document_type: str
    customer_ident: str
    vat_id: str | None
    """The customer's, as it was printed."""
    customer_country: str
    seller_country: str
    tax_date: dt.date
    rows: tuple[OutlineRow, ...]
    contracts: tuple[str, ...]
    """Which it bills, in the order of their idents."""
    orders: tuple[str, ...]


class _Stored(NamedTuple):
    id: int
    ident: str
    document_type: str
    customer_ident: str
    snapshot: bytes


class _Origin(NamedTuple):
    document_id: int
    type: str
    ident: str


def outlines(uow: Uow, ids: Collection[int]) -> dict[int, Outline]:
    """The documents by their ids; a few thousand at a time."""
    wanted = sorted(set(ids))
    origins: dict[tuple[int, str], list[str]] = defaultdict(list)
    sql = "SELECT document_id, type, ident FROM document_origin WHERE document_id = ANY (%s) ORDER BY document_id, type, ident"
    for row in uow.all(_Origin, sql, (wanted,)):
        origins[row.document_id, row.type].append(row.ident)
    rows = uow.all(
        _Stored,
        "SELECT d.id, d.ident, d.document_type, d.customer_ident, d.snapshot FROM unnest(%s::bigint[]) k(id) CROSS JOIN LATERAL"
        " (SELECT d.id, d.ident, d.document_type, d.customer_ident, c.snapshot FROM document d JOIN document_content c"
        " ON c.tenant_id = d.tenant_id AND c.document_id = d.id WHERE d.id = k.id LIMIT 1) d",
        (wanted,),
    )
    found = {}
    for stored in rows:
        read = _READ(isal_zlib.decompress(stored.snapshot))
        found[stored.id] = Outline(
            stored.id,
            stored.ident,
            stored.document_type,
            stored.customer_ident,
            read.customer.vat_id,
            read.customer.address.country,
            read.seller.address.country,
            read.tax_date,
            tuple(map(_row, read.items)),
            tuple(origins[stored.id, "CONTRACT"]),
            tuple(origins[stored.id, "ORDER"]),
        )
    return found


def _row(item: _Item) -> OutlineRow:
    return OutlineRow(
        item.article_number or "",
        item.name,
        item.category,
        item.taxes[0].category_code or "S",
        sum((tax.rate for tax in item.taxes), Decimal(0)),
        item.cost_centre,
        item.total.net,
        item.deposit_ident is not None,
    )


class CreditedOn(NamedTuple):
    """A credit, and when the first of what it takes back was supplied."""

    document_id: int
    supplied_on: dt.date


def credited_days(uow: Uow, ids: Collection[int]) -> dict[int, dt.date]:
    """Of those of the documents that are credits: the day on which the oldest document that they credit was supplied."""
    sql = (
        "SELECT c.document_id, min(d.tax_date) AS supplied_on FROM document_credit c JOIN document d ON d.tenant_id = c.tenant_id"
        " AND d.id = c.credited_document_id WHERE c.document_id = ANY (%s) GROUP BY c.document_id"
    )
    return dict(uow.all(CreditedOn, sql, (sorted(set(ids)),)))
