"""The values of payment intents (platform API 2.14). Pure."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from contor.kernel.shapes import Ident, Money, Text255, shape
from contor.payments.providers import IntentType
from contor.payments.sepa import Check

IntentStatus = Literal["CREATED", "PROCESSING", "HELD", "SUCCESSFUL", "FAILED", "CANCELLED"]
AttemptState = Literal["PROCESSING", "SUBMITTED", "SUCCESSFUL", "FAILED", "CANCELLED", "RETURNED"]


@dataclass(frozen=True, slots=True)
class NewIntent:
    """Money that is to be moved for a document: judged, and nothing else of its document is under way."""

    ident: str
    type: IntentType
    document_id: int
    document_ident: str
    customer_ident: str
    customer_account_ident: str
    merchant_account_ident: str
    provider: str
    amount: Decimal
    currency: str
    due_on: dt.date
    statement_descriptor: str | None = None
    refunds_intent_ident: str | None = None
    notified_on: dt.date | None = None
    """When the customer was told that it will be collected."""


@shape
class AttemptView:
    """One try at a provider."""

    number: int
    state: AttemptState
    """PROCESSING: handed over, what became of it is not known yet; SUBMITTED: the provider has it; RETURNED: it had succeeded, and the
    money was taken back."""
    end_to_end_ident: str
    """What the bank statement calls it."""
    message_ident: str | None = None
    """The file that it went out in."""
    mandate_reference: str | None = None
    collected_on: dt.date | None = None
    provider_reference: str | None = None
    payment_ident: str | None = None
    """The booked payment."""
    reason_code: str | None = None
    """Why it failed or came back."""
    reason: str | None = None
    created_at: dt.datetime
    ended_at: dt.datetime | None = None
    payee_check: Check | None = None
    """What the payee's bank said to the name of a transfer."""
    payee_name: str | None = None
    """As the payee's bank knows it, where that is nearly the one that was given."""
    held: bool = False
    """It waits at the bank until somebody releases or cancels it, because of its payee's name."""


@shape
class IntentView:
    """Money that is to be moved: why, how much, and what became of it."""

    payment_intent_ident: str
    type: IntentType
    status: IntentStatus
    document_ident: str
    customer_ident: str
    customer_payment_account_ident: str
    merchant_payment_account_ident: str
    provider: str
    """Who moves it."""
    amount: Money
    currency: str
    statement_descriptor: str | None = None
    due_date: dt.date
    """Not before this day."""
    refunds_payment_intent_ident: str | None = None
    """The charge that it gives back."""
    prebooked: bool
    """Its case waits for the money."""
    reason: str | None = None
    """Why it waits, failed or was cancelled."""
    retry_date: dt.date | None = None
    """When it is tried again by itself."""
    retries: int
    attempts: tuple[AttemptView, ...] = ()
    created_at: dt.datetime
    last_modified_at: dt.datetime


@shape
class ProcessingBody:
    """Which intents are handed on."""

    enabled: bool = True
    """false: what is created waits, until it is switched on again."""
    payment_intent_idents: Annotated[tuple[Ident, ...], Field(max_length=1000)] = ()
    """Only these are handed on, whatever the tenant's switch says; none: the switch itself."""


@shape
class EndBody:
    """What a person says became of money that is under way, where nobody else names it: one of the two."""

    payment_ident: Ident | None = None
    """The booked payment that it came by, all of which is assigned; one payment may be the money of several intents."""
    reason: Text255 | None = None
    """Why no money comes of what went out in a file, whose day has passed."""


@shape
class ProcessingView:
    processing_enabled: bool


class Promised(NamedTuple):
    """Money of a case that is under way."""

    document_id: int
    ident: str
    type: IntentType
    amount: Decimal
    currency: str
    due_on: dt.date
    status: IntentStatus
