"""The values of the ledger: accounts, lines and entries. Pure.

An entry is a balanced set of lines: its debit amounts and its credit amounts have the same sum. A reversal is the same entry
with negative amounts (Generalumkehr), so that turnover figures stay right; debit and credit are not exchanged.
Source: accounting reference 7 (GoBD) and 8 (posting table).
"""

import dataclasses
import datetime as dt
import enum
from decimal import Decimal
from typing import Literal, NamedTuple

from contor.bookkeeping.roles import Role
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import shape

Side = Literal["D", "C"]
"""Debit (Soll) or credit (Haben)."""


class AccountType(enum.StrEnum):
    ASSET = "ASSET"
    LIABILITY = "LIABILITY"
    EQUITY = "EQUITY"
    INCOME = "INCOME"
    EXPENSE = "EXPENSE"


class EntryKind(enum.StrEnum):
    """The business event that an entry records."""

    INVOICE = "INVOICE"
    REVERSING_CREDIT = "REVERSING_CREDIT"
    """A credit memo that takes rows of a document back: cancellation, return, billing error."""
    PRICE_REDUCTION = "PRICE_REDUCTION"
    VOUCHER_REDEEMED = "VOUCHER_REDEEMED"
    PREPAYMENT_APPLIED = "PREPAYMENT_APPLIED"
    ROUNDING = "ROUNDING"
    EXCHANGE_DIFFERENCE = "EXCHANGE_DIFFERENCE"
    """What conversion leaves on the customer's account of a document of which nothing is payable."""
    DEPOSIT_INVOICE = "DEPOSIT_INVOICE"
    DEPOSIT_RECEIVED = "DEPOSIT_RECEIVED"
    DEPOSIT_CLOSED = "DEPOSIT_CLOSED"
    DEPOSIT_APPLIED = "DEPOSIT_APPLIED"
    DEPOSIT_RETURNED = "DEPOSIT_RETURNED"
    SELF_BILLING = "SELF_BILLING"
    SELF_BILLING_CORRECTION = "SELF_BILLING_CORRECTION"
    PAYMENT = "PAYMENT"
    PAYMENT_UNASSIGNED = "PAYMENT_UNASSIGNED"
    PAYMENT_OUT = "PAYMENT_OUT"
    """A refund, a payout, a returned debit or a chargeback."""
    TAX_DUE = "TAX_DUE"
    """Cash taxation: the tax of the part paid."""
    TAXED_BEFORE_SUPPLY = "TAXED_BEFORE_SUPPLY"
    """Tax of what came before the supply: it moves from the day of the supply to the day of the receipt, on its own account."""
    PAYMENT_COST = "PAYMENT_COST"
    REVERSE_CHARGE = "REVERSE_CHARGE"
    """The tax that we owe on a fee from abroad, and deduct (section 13b UStG)."""
    PAYOUT = "PAYOUT"
    """A payment provider's transfer to the bank account."""
    CASH_DISCOUNT = "CASH_DISCOUNT"
    DISCOUNT = "DISCOUNT"
    BANK_FEE = "BANK_FEE"
    UNCOLLECTABLE_RECEIVABLE = "UNCOLLECTABLE_RECEIVABLE"
    DOUBTFUL_RECEIVABLE = "DOUBTFUL_RECEIVABLE"
    ALLOWANCE = "ALLOWANCE"
    """The net of a doubtful receivable written down, or that released."""
    EXTERNAL_CLOSED = "EXTERNAL_CLOSED"
    OTHER_REVENUE = "OTHER_REVENUE"
    CLEARING = "CLEARING"
    """Open items of one customer cleared with each other."""
    DEFERRED_INCOME = "DEFERRED_INCOME"
    """Revenue that belongs to later months, at the closing of the month in which it is booked."""
    DEFERRED_INCOME_RELEASED = "DEFERRED_INCOME_RELEASED"
    """... and the part that belongs to the month that is closed."""
    REVALUATION = "REVALUATION"
    """What is open in foreign currency at the rate of the day of closing; taken back on the next day."""
    OPENING = "OPENING"
    """What a customer owed when the books began here."""
    EXPENSE = "EXPENSE"
    """The invoice of a supplier."""
    EXPENSE_PAYMENT = "EXPENSE_PAYMENT"
    """That it was paid."""
    DUNNING_CLAIM = "DUNNING_CLAIM"
    """A fee, the flat charge of section 288 (5) BGB, or interest on arrears."""


class Line(NamedTuple):
    """One posting on one account. `amount` is in the ledger's currency and may be negative (reversal)."""

    account: int
    side: Side
    amount: Decimal
    currency: str
    """The ledger's currency."""
    tax_key: str | None = None
    """VAT treatment of the account (`docs/business/posting-table.md`)."""
    tax_base: Decimal | None = None
    """On a line of tax: the net it belongs to, with the sign of `amount`."""
    rate: Decimal | None = None
    """Percent."""
    party: str | None = None
    """Customer's ident, on personal accounts and on accounts kept per customer (received deposits)."""
    cost_centre: str | None = None
    country: str | None = None
    """Country of taxation, where it is not the seller's (OSS)."""
    foreign_amount: Decimal | None = None
    foreign_currency: str | None = None
    """The amount in the document's currency, where that is not the ledger's."""
    tax_date: dt.date | None = None
    """Of revenue and tax: the day on which their rows were completed, where it is not that of the entry."""


class Entry(NamedTuple):
    """What one business event puts into the journal."""

    kind: EntryKind
    text: str
    posting_date: dt.date
    """The day it belongs to; the caller moves it to the first open day when the period is locked."""
    document_date: dt.date
    tax_date: dt.date | None
    """Day that decides the VAT period, for all lines that do not say another; None: the event has no VAT effect."""
    document_ident: str | None
    lines: tuple[Line, ...]
    reference: str | None = None
    """Ident of the payment, assignment or decision behind it."""
    reversal_of: str | None = None
    """What identifies the entry that this one takes back."""


@shape
class Account:
    """A booking account of the chart."""

    number: int
    name_de: str
    name_en: str
    type: AccountType
    group: str
    automatic: bool = False
    """DATEV automatic account (AM): exported with its gross amount and without a row for the tax."""
    tax_key: str | None = None
    opos: bool = False
    """Entries are cleared against each other."""


class Chart:
    """A chart of accounts: one account for each role of the posting table."""

    __slots__ = ("_accounts", "name")

    def __init__(self, name: str, accounts: dict[Role, Account]) -> None:
        self.name = name
        self._accounts = accounts

    def __getitem__(self, role: Role) -> Account:
        try:
            return self._accounts[role]
        except KeyError:
            text = f"No booking account has the role {role}: give it to one, by its field `role` (POST /v2/bookingAccounts)."
            raise Refused(Kind.ILLEGAL_STATE, Problem("booking_account_missing", text, rejected_value=str(role))) from None

    def items(self) -> list[tuple[Role, Account]]:
        """Every role with its account, ordered by number."""
        return sorted(self._accounts.items(), key=lambda pair: (pair[1].number, pair[0]))

    def replaced(self, accounts: dict[Role, Account]) -> "Chart":
        """The chart with a tenant's own accounts in these roles."""
        return Chart(self.name, {**self._accounts, **accounts})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """The accounts that one customer's facts are posted to."""

    chart: Chart
    party: str
    """Customer's ident."""
    debtor: int | None = None
    """Personal account 10000-69999."""
    creditor: int | None = None
    """Personal account 70000-99999."""
    cash_taxation: bool = False
    """The operating site taxes on receipt (section 20 UStG)."""
    currency: str = "EUR"
    """The ledger's."""

    def personal(self, *, payable: bool = False) -> int:
        """The customer's own account; a customer without one cannot be posted to."""
        number = self.creditor if payable else self.debtor
        if number is None:
            code = "creditor_account_missing" if payable else "debtor_account_missing"
            raise Refused(Kind.ILLEGAL_STATE, Problem(code, f"Customer {self.party} has no such personal account."))
        return number


@shape
class Payment:
    """What a payment or a part of it puts on a money account, as the assignment splits it."""

    ident: str
    booked_on: dt.date
    amount: Decimal
    """Signed, in the currency of the case: positive came in, negative went out."""
    ledger_amount: Decimal
    """The same as the bank booked it, in the ledger's currency."""
    account: int | None = None
    """Booking account of the bank or payment provider; None: the chart's bank account."""
    currency: str | None = None
    """Of `amount`; None: the ledger's."""
