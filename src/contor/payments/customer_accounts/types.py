"""The values of customers' payment accounts and their mandates (platform API 2.14, SEPA rulebooks). Pure."""

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, TypeAdapter

from contor.kernel.shapes import PRINTABLE, Ident, Text100, Text255, shape
from contor.payments.sepa import CreditorIdentifier, Reference35
from contor.settings.countries import PostalCountry
from contor.settings.identifiers import Bic, Iban

HealthStatus = Literal["HEALTHY", "UNHEALTHY", "UNKNOWN"]
PaymentMethod = Literal["DIRECT_DEBIT", "CREDIT_CARD", "PAY_PAL"]
Scheme = Literal["CORE", "B2B"]
MandateStatus = Literal["ACTIVE", "REVOKED", "LAPSED"]

_MASKED = re.compile(r"[A-Z]{2}[0-9]{2}…[A-Z0-9]{4}")
_IBAN: TypeAdapter[str] = TypeAdapter(Iban)


def _iban_or_masked(text: str) -> str:
    return text if _MASKED.fullmatch(text) else _IBAN.validate_python(text)


SentIban = Annotated[
    str, Field(max_length=42, pattern=PRINTABLE, examples=["DE02120300000000202051"]), AfterValidator(_iban_or_masked)
]
"""An IBAN, or, where there is one already, that one as it is shown, which leaves it as it is."""


def is_masked(iban: str) -> bool:
    return _MASKED.fullmatch(iban) is not None


@shape
class Mandate:
    """What the customer signed: the right to collect from the account (SEPA)."""

    reference: Reference35 | None = None
    """Unique for ever among those of the creditor; without it, one is made."""
    signed_on: dt.date
    """Day on which it was signed."""
    scheme: Scheme = "CORE"
    """B2B: between businesses, without a right to the money back."""
    kind: Literal["RECURRENT", "ONE_OFF"] = "RECURRENT"
    """ONE_OFF: for a single collection."""
    creditor_identifier: CreditorIdentifier | None = None
    """Whom it names; without it, the creditor of the gateway's account for EUR."""
    pre_notification_days: Annotated[int, Field(ge=0, le=60)] | None = None
    """Agreed with the customer: how many days before the collection it is announced. Without it, as the merchant payment account says."""


@shape
class HolderAddress:
    """Where the holder of the account lives, as a payment file says it: needed where the bank lies outside of the EEA."""

    street: Annotated[str, Field(max_length=70, pattern=PRINTABLE)] | None = None
    building_number: Annotated[str, Field(max_length=16, pattern=PRINTABLE)] | None = None
    post_code: Annotated[str, Field(max_length=16, pattern=PRINTABLE)] | None = None
    town: Annotated[str, Field(min_length=1, max_length=35, pattern=PRINTABLE)]
    country: PostalCountry


@shape
class CustomerAccountBody:
    """How a customer pays: a token of a provider, or bank data with a mandate."""

    ident: Ident | None = None
    debtor_ident: Ident
    """The customer."""
    merchant_payment_gateway_ident: Ident
    """By which gateway it is collected and paid."""
    account_holder_name: Text255 | None = None
    display_name: Text255 | None = None
    """What the customer is shown of it, never all of a card's number."""
    account_creation_date: dt.date | None = None
    payment_method: PaymentMethod | None = None
    payment_card_type: Text100 | None = None
    payment_provider_reference: Text255 | None = None
    """What the provider calls the customer."""
    payment_method_reference: Text255 | None = None
    """What the provider calls the means of payment: its token."""
    iban: SentIban | None = None
    bic: Bic | None = None
    holder_address: HolderAddress | None = None
    mandate: Mandate | None = None


@shape
class CustomerAccountView:
    ident: str
    debtor_ident: str
    merchant_payment_gateway_ident: str
    account_holder_name: str | None = None
    display_name: str | None = None
    account_creation_date: dt.date | None = None
    payment_method: PaymentMethod | None = None
    payment_card_type: str | None = None
    payment_provider_reference: str | None = None
    payment_method_reference: str | None = None
    iban: str | None = None
    """Masked: country, check digits and the last four characters."""
    bic: str | None = None
    holder_address: HolderAddress | None = None
    mandate: Mandate | None = None
    mandate_status: MandateStatus | None = None
    """ACTIVE: it can be collected by. REVOKED: not any more. LAPSED: used up, or not collected by for 36 months."""
    mandate_status_reason: str | None = None
    last_presented_on: dt.date | None = None
    """Due date of the last collection that was presented to the bank."""
    amendment_pending: bool = False
    """Something of the mandate changed, and the next collection tells the bank."""
    health_status: HealthStatus
    """UNHEALTHY: nothing is collected from it."""
    health_reason: str | None = None
    created_at: dt.datetime
    last_modified_at: dt.datetime


@shape
class HealthBody:
    """How well an account works, and why."""

    health_status: HealthStatus
    reason: Text255 | None = None
    """Required of UNHEALTHY."""


@shape
class RevocationBody:
    reason: Text255 | None = None
    """Why nothing may be collected by the mandate any more."""
