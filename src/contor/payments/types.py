"""The values of payments (platform API 2.14). Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple, get_args

from pydantic import Field

from contor.kernel.shapes import PRINTABLE, Amount, Currency, Ident, Name255, Text, Text255, shape, written
from contor.settings.identifiers import Bic, Iban

PaymentStatus = Literal["OPEN", "PARTIALLY_ASSIGNED", "ASSIGNED", "IGNORED"]
StatementFormat = Literal["CAMT", "MT940", "CSV"]
"""In which a bank says what was booked; MT940 stands for MT942 too, CSV for any table with a mapping."""
SettlementFormat = Literal["STRIPE_BALANCE_TRANSACTIONS", "ADYEN_SETTLEMENT_DETAILS", "PAYPAL_SETTLEMENT", "GENERIC_SETTLEMENT"]
"""In which a payment provider reports; GENERIC_SETTLEMENT: by the account's mapping."""
STATEMENT_FORMATS: Sequence[StatementFormat] = get_args(StatementFormat)
SETTLEMENT_FORMATS: Sequence[SettlementFormat] = get_args(SettlementFormat)
Text35 = Annotated[str, Field(min_length=1, max_length=35, pattern=PRINTABLE)]
"""A reference of ISO 20022 (Max35Text)."""


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
class Counterpart:
    """Who paid, or was paid, as the bank says it."""

    name: Text255 | None = None
    iban: Iban | None = None
    """Kept encrypted, shown masked."""
    bic: Bic | None = None


@shape
class ShownCounterpart:
    """Who paid, or was paid; of the IBAN what tells it from others."""

    name: str | None = None
    iban: str | None = None
    """Masked: country, check digits and the last four characters."""
    bic: str | None = None


@shape
class ReturnInformation:
    """Of a payment that takes an earlier one back (R-transaction, ISO 20022 `RtrInf`): a returned debit or transfer, a chargeback."""

    reason_code: Annotated[str, written(r"^[A-Z0-9]{4}$", "4 capitals and digits", examples=["AC04"])]
    """ISO 20022 external code: why it came back."""
    original_amount: Annotated[Amount, Field(gt=0)] | None = None
    """What was collected or sent; default: the payment's amount less `charges`."""
    charges: Annotated[Amount, Field(ge=0)] = Decimal(0)
    """What the banks took beside it, contained in the payment's amount."""


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
    counterpart: Counterpart | None = None
    """Whose account it came from, or went to."""
    end_to_end_ident: Text35 | None = None
    """What the one who ordered it called it (ISO 20022 `EndToEndId`); of a return, that of the payment it takes back."""
    mandate_reference: Text35 | None = None
    """Of a direct debit."""
    provider_reference: Text255 | None = None
    """What the bank or payment provider calls it."""
    return_information: ReturnInformation | None = None
    """Given where it takes an earlier payment back."""


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
    """Why the payment, or the rest of it, waits."""
    fees: tuple[Fee, ...] = ()
    batch_items: tuple[BatchItem, ...] = ()
    properties: tuple[PaymentProperty, ...] = ()
    counterpart: ShownCounterpart | None = None
    """Whose account it came from, or went to."""
    end_to_end_ident: str | None = None
    """What the one who ordered it called it."""
    mandate_reference: str | None = None
    """Of a direct debit."""
    provider_reference: str | None = None
    """What the bank or payment provider calls it."""
    return_information: ReturnInformation | None = None
    """Where it takes an earlier payment back."""
    parent_ident: str | None = None
    """The collective booking of which it is a part."""
    category: str | None = None
    """What the rules of the account made of it."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A payment on its way in, and what of a bank's statement it is."""

    body: PaymentBody
    bank_entry_ident: str | None = None
    """The booking that it is, or is a part of."""
    parent_ident: str | None = None
    """The collective booking of which it is a part."""


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
    ledger_fees: Decimal = Decimal(0)
    """The same in the ledger's currency."""
    account_currency: str = "EUR"
    """In which the account is kept."""
    batch: tuple[tuple[str, Decimal], ...] = ()
    """What each document that a collective transfer names gets of it."""
    counterpart_name: str | None = None
    counterpart_iban_key: str | None = None
    """Finds what is known of the counterpart's account (`ibans.key_of`)."""
    end_to_end_ident: str | None = None
    mandate_reference: str | None = None
    provider_reference: str | None = None
    returns: ReturnInformation | None = None
    """Why it takes an earlier payment back; None: it takes none back."""
    category: str | None = None
    parent_ident: str | None = None
    counterpart_country: str | None = None
    """Of the counterpart's IBAN."""


class Waiting(NamedTuple):
    """Money that came in and is not, or not all, assigned."""

    ident: str
    currency: str
    amount: Decimal
    """What is left of it."""
    description: str
    customer_specific_ident: str | None
    counterpart_iban_key: str | None
    mandate_reference: str | None
