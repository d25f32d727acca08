"""The values of payments (platform API 2.14). Pure."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from contor.kernel.shapes import Amount, Currency, Ident, Name255, Text, Text255, shape

PaymentStatus = Literal["OPEN", "PARTIALLY_ASSIGNED", "ASSIGNED", "IGNORED"]


@shape
class MonetaryValue:
    amount: Annotated[Amount, Field(ge=0)]
    currency: Currency = "EUR"


@shape
class CollectionConfig:
    """When a due document is collected: days after its due date."""

    days_after_due_date: Annotated[int, Field(ge=0, le=60)] = 0


@shape
class Fee:
    """What the bank or provider takes from the account for the transaction: a cost (posting table rows 16 and 17)."""

    type: Name255
    amount: Annotated[Amount, Field(gt=0)]
    currency: Currency = "EUR"


@shape
class BatchItem:
    """A part of a collective transfer: what it pays, and how much of it."""

    reference: Name255
    """The document's number."""
    amount: Annotated[Amount, Field(gt=0)]
    currency: Currency = "EUR"


@shape
class PaymentProperty:
    key: Name255
    value: Text255


@shape
class PaymentBody:
    """A transaction as the bank or provider reports it."""

    external_ident: Name255
    """The bank's own reference: unique per account."""
    base_amount: MonetaryValue
    """In the account's currency."""
    booking_date: dt.date
    credit_debit_indicator: Literal["CREDIT", "DEBIT"]
    """CREDIT: money came in."""
    payment_ident: Ident | None = None
    original_amount: MonetaryValue | None = None
    """What the payer sent, where that is another currency."""
    exchange_rate: Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=5)] | None = None
    """Original / rate = base."""
    value_date: dt.date | None = None
    creation_date: dt.datetime | None = None
    description: Text = ""
    customer_specific_ident: Text255 | None = None
    fees: Annotated[tuple[Fee, ...], Field(max_length=50)] = ()
    batch_items: Annotated[tuple[BatchItem, ...], Field(max_length=1000)] = ()
    properties: Annotated[tuple[PaymentProperty, ...], Field(max_length=100)] = ()


@shape
class PaymentView:
    payment_ident: str
    merchant_payment_account_ident: str
    external_ident: str
    base_amount: MonetaryValue
    original_amount: MonetaryValue
    exchange_rate: Decimal
    booking_date: dt.date
    value_date: dt.date | None = None
    creation_date: dt.datetime
    credit_debit_indicator: Literal["CREDIT", "DEBIT"]
    description: str
    customer_specific_ident: str | None = None
    status: PaymentStatus
    """How much of it is assigned; IGNORED: none of it will be."""
    assigned_amount: Decimal
    reason: str | None = None
    """Why the payment was not assigned by itself."""
    fees: tuple[Fee, ...] = ()
    batch_items: tuple[BatchItem, ...] = ()
    properties: tuple[PaymentProperty, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredPayment:
    """A payment as assignment and books need it. Amounts are signed: positive came in."""

    ident: str
    account_ident: str
    booking_account: int | None
    amount: Decimal
    currency: str
    """What the payer sent."""
    ledger_amount: Decimal
    """What the bank booked."""
    booked_on: dt.date
    paid_on: dt.date
    """Value date, else booking date."""
    text: str
    fees: Decimal = Decimal(0)
    """What was taken from the account for it, in the account's currency."""
    batch: tuple[tuple[str, Decimal], ...] = ()
    """What each document that a collective transfer names gets of it."""
