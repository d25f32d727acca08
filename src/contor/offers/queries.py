"""Offers as they are stored: listed, read, or locked for whoever changes them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from contor.documents.queries import frozen
from contor.documents.types import Document
from contor.kernel.partial import Content
from contor.offers import tables
from contor.offers.types import OfferListed, Status
from contor.runtime.query import searchable
from contor.runtime.query.numbered import Numbered
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

NUMBERED: Final = Numbered("offer", tables.offer, "ident", "offer_id")
OFFERS: Final = searchable(
    tables.offer,
    OfferListed,
    (
        "ident",
        "offer_id",
        "number",
        "status",
        "customer_ident",
        "currency",
        "offer_date",
        "valid_until",
        "created_at",
        "last_modified_at",
    ),
    default_sort="created_at,desc",
    places={"offer_ident": "ident"},
)


class Listed(NamedTuple):
    """An offer without what it says."""

    ident: str
    offer_id: int
    number: str
    status: Status
    version: int
    customer_ident: str
    currency: str
    offer_date: dt.date
    valid_until: dt.date | None
    net: Decimal
    gross: Decimal
    sent_at: dt.datetime | None
    decided_at: dt.datetime | None
    created_at: dt.datetime
    last_modified_at: dt.datetime


class Offer(NamedTuple):
    """An offer as it is stored."""

    ident: str
    offer_id: int
    number: str
    status: Status
    version: int
    customer_ident: str
    currency: str
    offer_date: dt.date
    valid_until: dt.date | None
    content: Content
    introduction: Sequence[str]
    snapshot: bytes
    reason: str | None
    sent_at: dt.datetime | None
    decided_at: dt.datetime | None
    created_at: dt.datetime
    last_modified_at: dt.datetime

    @property
    def document(self) -> Document:
        """The invoice that it would be, under the offer's number."""
        return frozen(self.number, self.snapshot)


class _Made(NamedTuple):
    offer_id: int
    draft_ident: str


SELECT: Final = f"SELECT {columns(Offer)} FROM offer"


def offer_named(uow: Uow, ident: str, *, lock: bool = False) -> Offer:
    """Raises NOT_FOUND."""
    found = uow.first(Offer, f"{SELECT} WHERE ident = %s{' FOR UPDATE' if lock else ''}", (ident,))
    if found is None:
        raise not_found("offer", ident)
    return found


def offers_by_id(uow: Uow, ids: Collection[int]) -> dict[int, Offer]:
    """Those that exist, by their numbers."""
    return {row.offer_id: row for row in uow.all(Offer, f"{SELECT} WHERE offer_id = ANY (%s) ORDER BY offer_id", (sorted(ids),))}


def drafts_of(uow: Uow, ids: Collection[int]) -> Mapping[int, list[str]]:
    """The drafts that were made of offers, in their order, by the offers' numbers."""
    found: dict[int, list[str]] = defaultdict(list)
    sql = f"SELECT {columns(_Made)} FROM offer_draft WHERE offer_id = ANY (%s) ORDER BY offer_id, draft_id"
    for row in uow.all(_Made, sql, (sorted(ids),)):
        found[row.offer_id].append(row.draft_ident)
    return found
