"""What is said of an offer, and what has become of it. Pure."""

import datetime as dt
from typing import Annotated, Final, Literal

from pydantic import Field

from contor.documents.types import DocumentRequest, TaxView, TotalsView
from contor.kernel.partial import Partial, partial
from contor.kernel.shapes import Ident, Money, Text, Text255, Until, shape

Status = Literal["CREATED", "SENT", "NEGOTIATION", "ACCEPTED", "REJECTED", "INVOICED"]
OPEN: Final = ("CREATED", "SENT", "NEGOTIATION")
"""In which it can still be changed."""
NEXT: Final[dict[str, tuple[Status, ...]]] = {
    "CREATED": ("SENT", "NEGOTIATION", "ACCEPTED", "REJECTED"),
    "SENT": ("NEGOTIATION", "ACCEPTED", "REJECTED"),
    "NEGOTIATION": ("SENT", "ACCEPTED", "REJECTED"),
    "ACCEPTED": ("NEGOTIATION", "REJECTED"),
    "REJECTED": ("NEGOTIATION",),
    "INVOICED": (),
}
"""What somebody may say it is next. INVOICED it is by the draft that is made of it, and no longer when that is deleted."""
Paragraphs = Annotated[tuple[Text, ...], Field(max_length=10)]
OWN: Final = ("offer_ident", "version", "valid_until", "introduction")
"""Fields of a body that are the offer's own, and not the request's."""
NOT_OFFERED: Final = ("request_id", "ident")
"""Fields of the request that only a document has: each draft of the offer is to become one of its own."""

_SAID: dict[str, tuple[object, object]] = {
    "offer_ident": (Ident | None, None),
    "valid_until": (Until, None),
    "introduction": (Paragraphs | None, None),
}
OfferCreation: Partial = partial(DocumentRequest, "OfferCreation", **_SAID)
OfferUpdate: Partial = partial(DocumentRequest, "OfferUpdate", version=(Annotated[int, Field(ge=1)] | None, None), **_SAID)
OfferView: Partial = partial(
    DocumentRequest,
    "Offer",
    offer_ident=(Ident, ...),
    offer_id=(int, ...),
    number=(str, ...),
    status=(Status, ...),
    version=(int, ...),
    valid_until=(dt.date | None, None),
    introduction=(Paragraphs, ()),
    totals=(TotalsView, ...),
    taxes=(tuple[TaxView, ...], ...),
    draft_idents=(tuple[str, ...], ()),
    reason=(str | None, None),
    sent_at=(dt.datetime | None, None),
    decided_at=(dt.datetime | None, None),
    created_at=(dt.datetime, ...),
    last_modified_at=(dt.datetime, ...),
)
"""An offer as it is shown. `draft_idents`: the drafts that were made of it."""


@shape
class OfferListed:
    """An offer in the list."""

    offer_ident: str
    offer_id: int
    number: str
    status: Status
    version: int
    customer_ident: str
    currency: str
    offer_date: dt.date
    valid_until: dt.date | None
    net: Money
    gross: Money
    sent_at: dt.datetime | None
    decided_at: dt.datetime | None
    created_at: dt.datetime
    last_modified_at: dt.datetime


@shape
class OfferMark:
    """What somebody says of an offer."""

    status: Literal["SENT", "NEGOTIATION", "ACCEPTED", "REJECTED"]
    reason: Text255 | None = None


@shape
class OfferConfiguration:
    """How offers are numbered (as counters of documents are), and for how long they hold."""

    prefix: str = "AN-##YEAR##-"
    mask: str = "000000"
    suffix: str = ""
    reset: Literal["NEW_YEAR", "NEVER"] = "NEW_YEAR"
    """NEW_YEAR: the numbers begin again at 1 with each year of the offer's date."""
    valid_days: Annotated[int, Field(ge=0, le=366)] = 30
    """Days from its date on, where an offer does not say until when it holds; 0: without end."""


@shape
class InvoicedOffer:
    """The draft that was made of an offer."""

    offer_ident: str
    draft_ident: str
    draft_id: int
