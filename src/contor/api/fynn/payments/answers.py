"""What ways to pay, money that was moved and transactions in files of SEPA look like. Pure."""

import datetime as dt
from typing import Literal

from contor.api.fynn.manners import MoneyShown, When
from contor.kernel.shapes import shape

GatewayName = Literal["wallet", "sepa_debit", "stripe", "fake_provider", "paypal", "bank_transfer", "go_cardless", "testing"]
MethodTypeName = Literal["sepa_debit", "card", "paypal", "bank_transfer", "wallet", "fake_provider"]
MethodStatusName = Literal["active", "action_required", "expired", "revoked", "gateway_unconfigured"]
MethodSourceName = Literal["checkout", "customerfront", "api", "add_link"]


@shape
class CardShown:
    brand: str | None = None
    last4: str | None = None
    exp_month: int | None = None
    exp_year: int | None = None
    card_holder: str | None = None


@shape
class SepaDebitShown:
    iban: str | None = None
    """Masked."""
    bic: str | None = None
    mandate_reference: str | None = None
    signing_date: dt.date | None = None


@shape
class PayPalShown:
    email: str | None = None
    billing_agreement_id: str | None = None


@shape
class BankAccountShown:
    """The customer's account that a mandate names."""

    id: str
    alias: str | None = None
    iban: str | None = None
    """Masked."""
    bic: str | None = None
    account_holder: str | None = None
    bank_name: str | None = None
    source: MethodSourceName


@shape
class SepaMandateShown:
    """The right to collect from an account."""

    id: str
    status: Literal["active", "revoked", "lapsed"]
    creditor_identifier: str | None = None
    mandate_reference: str
    signature_date: dt.date
    bank_account: BankAccountShown
    sequence_type: Literal["FRST", "RCUR", "OOFF"]
    sepa_type: Literal["core", "b2b"]
    created_at: When
    customer: str
    """`/customers/{id}`."""
    first_sepa_debit: dt.date | None = None
    """Due date of the last collection that was presented; none: nothing was yet."""


@shape
class MethodShown:
    """How a customer pays."""

    id: str
    customer: str
    """`/customers/{id}`."""
    gateway_name: GatewayName
    type: MethodTypeName
    reference_id: str | None = None
    default: bool
    status: MethodStatusName
    source: MethodSourceName
    enabled: bool
    name: str | None = None
    data: tuple[str, ...] = ()
    """Always empty: what is known of it stands in its own fields."""
    creation_date: When
    expiration_date: When | None = None
    sepa_mandate: SepaMandateShown | None = None
    card: CardShown | None = None
    sepa_debit: SepaDebitShown | None = None
    paypal: PayPalShown | None = None
    fail_reason: str | None = None
    """Why nothing is collected by it, or not yet."""


@shape
class ActionShown:
    """What the customer has to do before it can be used."""

    action: Literal["client_site_action"]
    redirect_url: str | None = None
    details: dict[str, str | None]


@shape
class MethodMade:
    """What became of a new way to pay."""

    status: Literal["action_required", "success", "failed"]
    action_required: ActionShown | None = None
    fail_reason: str | None = None
    """With `action_required`: why the customer's last try failed, where it did; he may try again."""
    payment_method: MethodShown | None = None


@shape
class Skipped:
    """A means of payment that was not taken over, and why."""

    stripe_payment_method_id: str
    reason: Literal["already_exists", "expired", "customer_not_found_in_app"]


@shape
class Migrated:
    """What became of means of payment that were named."""

    migrated: tuple[MethodShown, ...]
    skipped: tuple[Skipped, ...]


TransactionStatus = Literal["created", "processing", "held", "successful", "failed", "cancelled"]


@shape
class AttemptShown:
    """One try to move the money."""

    number: int
    status: Literal["processing", "submitted", "successful", "failed", "cancelled", "returned"]
    end_to_end_id: str
    reference_id: str | None = None
    fail_code: str | None = None
    fail_reason: str | None = None
    created_at: When
    ended_at: When | None = None


@shape
class TransactionShown:
    """Money that is to be moved: a payment of a customer, a refund of one, or a payout."""

    id: str
    type: Literal["payment", "refund", "payout"]
    status: TransactionStatus
    amount: MoneyShown
    customer: str | None = None
    invoice: str | None = None
    """`/invoices/{id}`."""
    payment_method: MethodShown | None = None
    gateway_name: GatewayName | None = None
    reference_id: str | None = None
    """What the provider calls it."""
    refunded_transaction: str | None = None
    """`/payment/transactions/{id}` of the payment that it gives back."""
    due_date: When
    fail_reason: str | None = None
    """Why it waits, failed or was cancelled."""
    attempts: tuple[AttemptShown, ...] = ()
    created_at: When
    updated_at: When


@shape
class SepaPaymentShown:
    """A transaction of a file of SEPA: a debit of a customer's account, or a credit to it."""

    id: str
    type: Literal["credit", "debit"]
    status: Literal["processing", "submitted", "successful", "failed", "cancelled", "returned"]
    created_at: When
    due_date: When | None = None
    remittance_information: str
    end_to_end_id: str
    amount: MoneyShown
    sepa_mandate: str | None = None
    """Its reference."""
    sepa_xml_statement: str
    """The file that it went out in (MsgId)."""
    invoice: str | None = None
    """`/invoices/{id}`."""
    transaction: str
    """`/payment/transactions/{id}`."""
    auto_capture_at: When | None = None
    """When it is collected."""
    notifications: tuple[When, ...] = ()
    """When the customer was told of it."""
    customer: str
    """`/customers/{id}`."""
    execution_date: When | None = None
    """When it was booked."""
    tenant_id: str
