"""What bank accounts, what was booked on them and what was made of it look like. Pure."""

from typing import Literal

from contor.api.fynn.manners import MoneyShown, When
from contor.kernel.shapes import shape

BankStatus = Literal["STATUS_RECEIVED", "STATUS_BOOKED", "STATUS_MANUAL_MATCHING_REQUIRED", "STATUS_IGNORED"]
LinkStatusName = Literal["linked", "disabled", "expired", "failed"]


@shape
class OpenBankingShown:
    """An account of ours that its bank is asked for."""

    id: str
    alias: str | None = None
    bank_name: str
    iban: str | None = None
    """Masked: `DE1234567*********5678`."""
    status: LinkStatusName
    provider: Literal["fints", "simulated", "files"]
    created_at: When
    valid_until: When | None = None
    """Until when the bank answers without a new confirmation."""
    last_accessed_at: When | None = None
    last_informed_at: When | None = None
    """When it was told last that the consent ends."""


@shape
class LinkActionShown:
    """What is to be confirmed to the bank."""

    action: Literal["tan", "decoupled"]
    """`decoupled`: in the bank's app; then it is confirmed without a TAN here."""
    details: dict[str, str | None]


@shape
class LinkMade:
    """What became of connecting or confirming."""

    status: Literal["action_required", "success", "failed"]
    action_required: LinkActionShown | None = None
    fail_reason: str | None = None
    open_banking_account: OpenBankingShown


@shape
class ShortCustomer:
    """A customer, in short."""

    id: str
    customer_number: str
    time_zone: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    currency_code: str | None = None
    company_name: str | None = None
    datev_id: str | None = None
    status: Literal["STATUS_ACTIVE", "STATUS_ARCHIVED"]


@shape
class ShortInvoice:
    """An invoice, in short, with what is still to be paid of it."""

    id: str
    number: str
    currency_code: str
    due_date: When
    gross_amount: MoneyShown
    unpaid_amount: MoneyShown


@shape
class AssignmentRow:
    """What was put to an invoice."""

    id: str
    invoice: ShortInvoice | None = None
    amount: MoneyShown
    """Negative where money went back."""
    created_at: When


@shape
class BankTransactionShown:
    """A booking on an account of ours."""

    id: str
    status: BankStatus
    type: Literal["debit", "credit"]
    """credit: money came in."""
    source: str
    """How it was told: fints, simulated, file, or api."""
    amount: MoneyShown
    unassigned_amount: MoneyShown
    """What of it waits; negative of money that went out."""
    booking_date: When
    value_date: When | None = None
    remittance_information: str
    counterpart_name: str | None = None
    counterpart_iban: str | None = None
    """Masked."""
    counterpart_bic: str | None = None
    end_to_end_id: str | None = None
    mandate_reference: str | None = None
    reference: str | None = None
    """What the bank or provider calls it."""
    transaction_code: str | None = None
    """The kind of booking, by ISO 20022 or as the bank writes it."""
    bank_account: str
    """The account of ours."""
    reason: str | None = None
    """Why it, or the rest of it, waits."""
    suggested_invoice: ShortInvoice | None = None
    suggested_customer: ShortCustomer | None = None
    assignments: tuple[AssignmentRow, ...] = ()
    created_at: When


@shape
class Handled:
    """What became of bookings that were named."""

    bank_account_transactions: tuple[BankTransactionShown, ...]
