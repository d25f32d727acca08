"""The open item: what a customer still owes on one document, or what we owe him. Pure.

Every amount here is signed in the debit direction: positive is owed to us (invoice, deposit invoice, corrected self-billing
invoice), negative is owed by us (credit memo, self-billing invoice, money paid too much). One sign makes payment, overpayment,
decision and reversal the same sum. Amounts are in the document's currency unless the name says `ledger`.
"""

import datetime as dt
import enum
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from contor.documents.treatment import TaxPart
from contor.documents.types import CashDiscount, Document, DocumentType
from contor.kernel.money import ZERO
from contor.kernel.shapes import shape

DebitCredit = Literal["DEBIT", "CREDIT"]
CaseStatus = Literal["OPEN", "CLOSED"]
AT_COLLECTION = "COLLECTION"
"""The reason of the dunning block of what was handed over to collection, which stands until a person takes it back."""


class DecisionType(enum.StrEnum):
    """Why a balance ends without money (platform API 2.11)."""

    CASH_DISCOUNT = "CASH_DISCOUNT"
    DISCOUNT = "DISCOUNT"
    BANK_FEE = "BANK_FEE"
    UNCOLLECTABLE_RECEIVABLE = "UNCOLLECTABLE_RECEIVABLE"
    DOUBTFUL_RECEIVABLE = "DOUBTFUL_RECEIVABLE"
    EXTERNAL_CLOSED = "EXTERNAL_CLOSED"
    OTHER_REVENUE = "OTHER_REVENUE"


REDUCING = frozenset({DecisionType.CASH_DISCOUNT, DecisionType.DISCOUNT, DecisionType.UNCOLLECTABLE_RECEIVABLE})
"""Decisions that change what is owed for a supply, and its tax (section 17 UStG)."""


class MovementKind(enum.StrEnum):
    """What moved a balance."""

    PAYMENT = "PAYMENT"
    DECISION = "DECISION"
    CORRECTION = "CORRECTION"
    """The unpaid rest of a deposit invoice, closed by its correction document; or what was paid of rows that a credit took back, which pays
    the others: nothing of the balance."""
    CLEARING = "CLEARING"
    DEPOSIT_RETURNED = "DEPOSIT_RETURNED"


@shape
class Movement:
    """One item of an open item's account: its effect on the balance, and what tax it concerns."""

    kind: MovementKind
    amount: Decimal
    """Effect on the balance, signed: a payment received is negative."""
    ledger_amount: Decimal
    """The same effect in the ledger's currency, at the rate the receivable was booked with."""
    parts: tuple[TaxPart, ...] = ()
    """What is taxed by this receipt (deposit, cash taxation) or corrected by this decision; empty: no tax effect."""
    ledger_parts: tuple[TaxPart, ...] = ()
    """`parts` in the ledger's currency."""
    decision: DecisionType | None = None
    closed: tuple[TaxPart, ...] = ()
    """Of a deposit's correction: what it took off the deposit before anything of it was received, parallel to the case's groups."""
    ledger_closed: tuple[TaxPart, ...] = ()
    """Of a payment that goes: its `closed` in the ledger's currency."""
    due: tuple[TaxPart, ...] = ()
    """Where tax arises on receipt: what was received before and pays other groups by this decision, or by a credit, together nothing; or
    what falls due without a movement of its own (`matters`). Parallel to them."""
    ledger_due: tuple[TaxPart, ...] = ()
    paid_on: dt.date | None = None
    """Of a payment: its value date, else its booking date; also of its way back, by which nothing was paid on that day."""
    allowance: Decimal = ZERO
    """Effect on the allowance of a doubtful receivable, in the ledger's currency: negative when it is used or released."""


@shape
class Matter:
    """Where tax arises on receipt: an invoice and its credit memos as one, for money that goes back takes back what was taxed of all.
    Parts are parallel to the case's groups; what a final invoice deducts as its own rows (method REMAINDER) is in all of them."""

    owed: tuple[TaxPart, ...]
    """What the documents still say, after credits and reductions."""
    owed_tax: tuple[Decimal, ...]
    """Its tax as it was booked; empty: in the ledger's own currency, or not told apart."""
    asked: tuple[TaxPart, ...]
    """What the invoices asked for, whatever was credited of it since: no more is taxed, however much comes in."""
    taxed: tuple[TaxPart, ...]
    """What of the money is taxed."""
    booked: tuple[TaxPart, ...]
    """... in the ledger's currency."""
    money: Decimal
    """What came in, less what went back."""
    rounded: Decimal
    """By what agreed rounding (BT-114) raises what is payable of it; below zero where it lowers it."""
    asked_rounded: Decimal
    """... of what is `asked`."""
    documents: int


@shape
class Case:
    """The open item (OPOS case) of one document, as far as rules and postings need it."""

    ident: str
    document_ident: str
    document_type: DocumentType
    customer_ident: str
    currency: str
    document_date: dt.date
    due_date: dt.date
    opening: Decimal
    """The document's payable amount, signed."""
    balance: Decimal
    ledger_currency: str
    ledger_opening: Decimal
    ledger_balance: Decimal
    """What stands on the customer's account for this case, in the ledger's currency."""
    groups: tuple[TaxPart, ...]
    """The document's frozen tax groups, signed like `opening`."""
    settled: tuple[TaxPart, ...] = ()
    """Where tax arises on receipt: what was received (or given up) so far, parallel to `groups`; empty: nothing yet."""
    booked: tuple[TaxPart, ...] = ()
    """`settled` as it was booked, receipt by receipt, in the ledger's currency."""
    ledger_tax: tuple[Decimal, ...] = ()
    """Of an invoice in foreign currency that is taxed on receipt: the tax of each of `groups` as it was booked; empty: not told apart."""
    is_memo: bool = False
    """A deposit invoice without receivable (`depositReceivableRelevant` false): nothing is on the customer's account."""
    taxed_on_receipt: bool = False
    """A deposit invoice, or an invoice under section 20 UStG."""
    doubtful: bool = False
    """The receivable stands on the account of doubtful receivables."""
    allowance: Decimal = ZERO
    """What of its net is written down, in the ledger's currency: the claim stands."""
    prebooked: Decimal = ZERO
    """Captured, not yet settled payments, positive."""
    cash_discount: tuple[CashDiscount, ...] = ()
    country: str = "DE"
    """The company's, whose holidays count (section 193 BGB)."""
    state: str | None = None
    reducible: tuple[TaxPart, ...] = ()
    """Of what was supplied, parallel to `groups`, what neither credits took back nor decisions reduced: further decisions reduce that."""
    credited: Decimal = ZERO
    """Of a document with cash discounts: what credits took of it, gross; they are open items of their own."""
    cleared: Decimal = ZERO
    """What was cleared with other open items, positive where it was owed to us."""
    uncredited: tuple[TaxPart, ...] = ()
    """Of `groups`, parallel to them, what credits have left; empty: there are none."""
    reduced: tuple[TaxPart, ...] = ()
    """Of `settled`, what was given up: nothing was received of it."""
    reduced_booked: tuple[TaxPart, ...] = ()
    deducted: tuple[TaxPart, ...] = ()
    """Deposits that a final invoice deducts as its own rows: received and taxed before, and none of its groups."""
    deducted_booked: tuple[TaxPart, ...] = ()
    money: Decimal = ZERO
    """Where tax arises on receipt: what came in for this document, less what went back, overpayments too."""
    replaced: bool = False
    """Issued anew: what it asked for is that of the document in its place."""
    matter: Matter | None = None
    """None: tax does not arise on receipt, or a deposit invoice, or a credit of what another system issued."""
    supplied_from: dt.date | None = None
    """The first day on which what it bills is supplied; None: a credit or a deposit, by which nothing is."""
    received: tuple[tuple[dt.date, Decimal], ...] = ()
    """What was paid on which day, signed: money that came in is positive."""

    @property
    def is_closed(self) -> bool:
        return self.balance == 0

    @property
    def outstanding(self) -> Decimal:
        """The balance without its sign."""
        return abs(self.balance)

    @property
    def side(self) -> DebitCredit:
        """DEBIT: owed to us. A closed case keeps the side it was opened with."""
        return "DEBIT" if (self.balance or self.opening) >= 0 else "CREDIT"

    @property
    def left_to_reduce(self) -> Decimal:
        """What further decisions may take off what was supplied, gross; with what the payable sum was rounded up by (BT-114)."""
        rounded_up = max(ZERO, self.opening - sum((part.gross for part in self.groups), ZERO))
        return rounded_up + sum((max(ZERO, part.gross) for part in self.reducible), ZERO)

    @property
    def rounded(self) -> Decimal:
        """Where tax arises on receipt: by what agreed rounding (BT-114) raised the payable sum."""
        asked, given_up = (sum((part.gross for part in parts), ZERO) for parts in (self.groups, self.reduced))
        return self.balance + self.money + given_up - asked

    @property
    def is_deposit(self) -> bool:
        return self.document_type is DocumentType.DEPOSIT_INVOICE

    @property
    def is_payable(self) -> bool:
        """Stands on the vendor account: self-billing and its correction."""
        return self.document_type in (DocumentType.SELF_BILLING_INVOICE, DocumentType.SELF_BILLING_INVOICE_CORRECTION)


@dataclass(slots=True)
class StoredCase:
    """An open item with its document and the ids of its movements."""

    document_id: int
    document: Document
    case: Case
    cash_taxation: bool


@dataclass(frozen=True, slots=True)
class Move:
    """A movement that is to happen to a case."""

    stored: StoredCase
    movement: Movement
    source: str
    """`assignment:<ident>`, `decision:<ident>` or `document:<id>`."""
    booked_on: dt.date
    reversal_of: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class MovedCase:
    """A movement that happened: the case before and after it, for those who must post or tell it."""

    id: int
    before: StoredCase
    after: Case
    movement: Movement
    source: str
    booked_on: dt.date
    reversal_of: int | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision, or a counter decision, and what it moved."""

    ident: str
    moves: tuple[MovedCase, ...]
    reverts: str | None = None
    """The decision that a counter decision takes back."""
    less: bool = False
    """Something of it was taken back before, so that the moves are not its exact opposite."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """What a debit and a credit of one customer were moved by, cleared with each other; or the way back of that."""

    debit: MovedCase
    credit: MovedCase
    source: str
