"""The values of payment intents (platform API 2.14), and why one waits, in words. Pure."""

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
    """When the customer was told that it will be collected, by its document; None: that tells of no collection, or nothing is collected."""
    announced_on: dt.date | None = None
    """The day of collection that the customer was told of, or is to be told of by a person."""
    moved_because: str | None = None
    """Why that is later than when it is due."""


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
    document_id: int
    """Two companies of a tenant may give one number."""
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
    """Why it waits, and what ends that; why it failed or was cancelled."""
    expected_by: dt.date | None = None
    """The day by which the bank has booked or refused what is in a file."""
    late: bool = False
    """That day is over."""
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
    moved_because: str | None
    released: bool


# why an intent waits, and what ends it


class Standing(NamedTuple):
    """How an intent stands."""

    status: IntentStatus
    provider: str
    due_on: dt.date
    prebooked: bool
    released: bool
    """It is handed on whatever the tenant's switch says."""
    reason: str | None
    moved_because: str | None
    """Why it is moved on a later day than when it is due."""
    expected_by: dt.date | None


def is_late(expected_by: dt.date | None, today: dt.date) -> bool:
    """Whether a bank should have booked or answered by now."""
    return expected_by is not None and expected_by < today


def reason_of(standing: Standing, last: AttemptView | None, today: dt.date, *, processing: bool) -> str | None:
    """`last`: its last attempt; `processing`: the tenant's switch."""
    match standing.status:
        case "CREATED":
            stored = standing.reason if processing or standing.released else None
            return " ".join(part for part in (standing.moved_because, stored or _unsent(standing, today, processing)) if part)
        case "PROCESSING" | "HELD":
            return " ".join(part for part in (standing.moved_because, standing.reason, _under_way(standing, last, today)) if part)
        case "SUCCESSFUL" if standing.prebooked:
            return f"{standing.provider} has moved it; its case is open until a statement or settlement report books the payment."
        case "FAILED":
            return standing.reason or f"{standing.provider} does not say why."
        case _:
            return standing.reason


def _unsent(standing: Standing, today: dt.date, processing: bool) -> str:
    if not (processing or standing.released):
        return "Processing of payments is switched off: enable it, or this intent alone."
    if standing.provider == "SEPA_FILE":
        return (
            f"It goes out in a file for the bank: one is written every morning, and says what is due by then ({standing.due_on})."
        )
    return f"It is handed to {standing.provider} {'next' if standing.due_on <= today else f'on {standing.due_on}'}."


def _under_way(standing: Standing, last: AttemptView | None, today: dt.date) -> str | None:
    if last is None or last.message_ident is None:
        said = last.reason if last is not None else None
        return said or f"{standing.provider} has it, and says what becomes of it."
    if standing.status == "HELD":
        return None
    if is_late(standing.expected_by, today):
        return (
            f"Late: of the file {last.message_ident}, for {last.collected_on}, the bank should have booked or refused it by"
            f" {standing.expected_by}. See whether the bank has the file, and whether its statements and status reports were read."
        )
    by = f" by {standing.expected_by}" if standing.expected_by else ""
    return f"It is in the file {last.message_ident}, for {last.collected_on}; a booking of the bank is expected{by}."
