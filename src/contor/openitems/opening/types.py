"""What is said of an invoice that another system issued and that is not paid, or not all of it. Pure."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from contor.documents.types import ExchangeRate, Property
from contor.expenses.types import PaperRow
from contor.kernel.codes import TaxCategory
from contor.kernel.money import ZERO
from contor.kernel.shapes import SEEN, Amount, Currency, Ident, Language, Money, Text100, Text255, shape, written

MOST_ROWS = 100
_SHOWN = r"[^\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ufeff\ufffe\uffff]"
Number = Annotated[
    str,
    written(
        rf"^{_SHOWN}([^\x00-\x1f\x7f-\x9f\u2028-\u202e\ufffe\uffff]*{_SHOWN})?$",
        "one line of text that neither begins nor ends with a blank",
        max_length=64,
    ),
    SEEN,
]
"""It names files, stands in subjects of mails, and is what payers write: a blank that nobody sees would make another number of it."""


class ClaimRow(PaperRow, frozen=True, omit_defaults=True):
    """A row of it, or all that it bills at one rate."""

    tax_category: TaxCategory | None = None
    """Left out, it is S, or E where the rate is 0."""


@shape
class OpeningClaimBody:
    """The invoice as it was issued, and what of it was paid before."""

    number: Number
    """As it stands on the invoice; it is kept, and no counter of ours may draw it."""
    customer_ident: Ident
    document_date: dt.date
    due_date: dt.date
    rows: Annotated[tuple[ClaimRow, ...], Field(min_length=1, max_length=MOST_ROWS)]
    type: Literal["INVOICE", "CREDIT_MEMO"] = "INVOICE"
    """Of a credit memo all amounts are positive, too: what is open of it is owed to the customer."""
    currency: Currency = "EUR"
    paid: Annotated[Amount, Field(ge=0)] = ZERO
    """Before it is carried forward: what is left of its gross is open."""
    opened_on: dt.date | None = None
    """The day on which it is carried forward; left out, today. Never one of a closed period: then the first behind."""
    exchange_rate: ExchangeRate | None = None
    """At which the former system booked it; left out, as documents of that day are converted."""
    invoice_address_ident: Ident | None = None
    """Left out, the oldest invoice address of the customer."""
    billing_group_ident: Ident | None = None
    """Left out, the only one, or that of the default business segment."""
    operating_site_ident: Ident | None = None
    language: Language | None = None
    service_start: dt.date | None = None
    service_end: dt.date | None = None
    payment_reference: Text100 | None = None
    """What payers write, where that is not the number."""
    title: Text255 | None = None
    note: Text255 | None = None
    properties: Annotated[tuple[Property, ...], Field(max_length=50)] = ()


@shape
class OpeningClaim:
    """It is an open item, and a document that is answered as all others are."""

    document_id: int
    document_ident: str
    type: Literal["INVOICE", "CREDIT_MEMO"]
    customer_ident: str
    document_date: dt.date
    due_date: dt.date
    opened_on: dt.date
    currency: str
    net: Money
    tax: Money
    gross: Money
    paid: Money
    """Before."""
    opening: Money
    """What was open when it was carried forward; below zero: it is owed to the customer."""
    balance: Decimal
    """What of that is open now."""
