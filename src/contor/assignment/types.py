"""Which open items a payment belongs to: the account's configuration, the strategies, and what was decided. Pure.

Names follow the Payment Assignment API (platform API 2.15). An assignment says "this money is for that document"; clearing, which
offsets cases against each other, is something else.
"""

import enum
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from contor.kernel.shapes import Ident, shape
from contor.openitems.types import MovedCase
from contor.payments.types import StoredPayment

TargetType = Literal["DOCUMENT", "ORDER"]


@shape
class RegexStrategy:
    """Finds the ident of a document or order in the text of a payment. RE2 syntax: no expression can hang."""

    ident: Ident
    regular_expression: Annotated[str, Field(min_length=1, max_length=255)]
    """No blanks at its ends."""
    target_type: TargetType
    replace_with: Annotated[str, Field(max_length=255)] | None = None
    """What the match becomes: `$1`, `${name}`, `\\$` for a dollar. None: the match itself."""
    fail_on_multiple_matches: bool = False
    """Several different results: none of them counts. Otherwise they are tried in turn."""


@shape
class AssignmentConfiguration:
    """What a merchant payment account does with payments that are not the open amount (S, defaults of the vendor); and with those that name
    nothing."""

    overpayment_assignment_to_documents: bool = False
    overpayment_assignment_to_orders: bool = False
    underpayment_assignment_to_documents: bool = False
    underpayment_assignment_to_orders: bool = True
    automatic_by_score: bool = False
    """Whether the candidate that is nearly certain is taken, where the text names nothing."""
    bank_charges_bound: Decimal = Decimal(0)
    """Up to which a payment from abroad is taken to be short by the charges of banks on its way: a suggestion."""


class Reason(enum.StrEnum):
    """Why a payment stays unassigned."""

    NOT_A_RECEIPT = "NOT_A_RECEIPT"
    """Money that went out is assigned by hand."""
    NO_MATCH = "NO_MATCH"
    """No strategy found an ident in the text."""
    TARGET_NOT_FOUND = "TARGET_NOT_FOUND"
    """What was found names no case that is owed to us."""
    TARGET_CLOSED = "TARGET_CLOSED"
    """What was found is closed: it was paid, credited or cleared before."""
    PAID_OTHERWISE = "PAID_OTHERWISE"
    """We collected it, and its open item was closed by other means while it was under way: it is the customer's."""
    SEVERAL_MATCHES = "SEVERAL_MATCHES"
    CURRENCY_DIFFERS = "CURRENCY_DIFFERS"
    OVERPAID = "OVERPAID"
    UNDERPAID = "UNDERPAID"
    SHORT_BY_DISCOUNT = "SHORT_BY_DISCOUNT"
    """What is missing is the cash discount, whose days have passed."""
    BANK_FEE = "BANK_FEE"
    """What is missing may be what foreign banks have taken on the way."""
    NUMBER_UNSURE = "NUMBER_UNSURE"
    """A number of less than four digits without letters, or one with O for 0 or I for 1."""
    EQUALLY_DUE = "EQUALLY_DUE"
    """Several are paid in part, and none of them comes first (section 366 (2) BGB)."""
    CREDIT_NAMED = "CREDIT_NAMED"
    """A credit is named beside what is paid, and it is not cleared by itself: it is another customer's, or under way."""
    CANDIDATES = "CANDIDATES"
    """Nothing is named; what it may be for is suggested."""
    CATEGORY_NOT_ENABLED = "CATEGORY_NOT_ENABLED"
    RETURN_WITHOUT_PAYMENT = "RETURN_WITHOUT_PAYMENT"
    """The payment that it takes back is not here, or belongs to no open item: they wait for each other."""
    RETURNED_BEFORE = "RETURNED_BEFORE"
    """What it takes back was returned by another payment."""
    RETURN_NOT_CLEAR = "RETURN_NOT_CLEAR"
    """Several payments may be meant, or the amount is no part of what was assigned."""
    RETURN_REFUSED = "RETURN_REFUSED"
    """What was paid was deducted by a final invoice, which has to be credited first."""
    RETURN_OF_SUCCESS = "RETURN_OF_SUCCESS"
    """A return with the code 0000 reports that all is well."""


class Rule(enum.StrEnum):
    """By what a payment was assigned, suggested or left."""

    OWN_REFERENCE = "OWN_REFERENCE"
    """What the one who collects called it, or the provider: EndToEndId, reference of the provider."""
    PAYMENT_REFERENCE = "PAYMENT_REFERENCE"
    """The reference that the document prints, or the number of a dunning letter."""
    STRATEGY = "STRATEGY"
    """A regular expression of the account."""
    DOCUMENT_NUMBER = "DOCUMENT_NUMBER"
    BATCH_ITEMS = "BATCH_ITEMS"
    SCORE = "SCORE"
    RETURN = "RETURN"
    MANUAL = "MANUAL"
    ACCEPTED = "ACCEPTED"
    NONE = "NONE"


@shape
class Assign:
    """Money for one case; `cash_discount` is the Skonto the payment has earned, to be decided with it."""

    case_ident: str
    amount: Decimal
    cash_discount: Decimal | None = None
    document_id: int = 0
    """Whose case it is; rules see cases of one number each, and leave it open."""
    bank_fee: Decimal | None = None
    """What banks have taken on the way, to be decided with it."""
    returns: str | None = None
    """The assignment of which a return takes a part back by this one."""
    returns_last: bool = False
    """It is all that was left of that."""


@shape
class Offer:
    """What a person may make of a payment: so much of it for this case. Without an amount nothing can be put there."""

    case_ident: str
    amount: Decimal | None
    reason: Reason
    cash_discount: Decimal | None = None
    bank_fee: Decimal | None = None
    score: Decimal | None = None
    note: str = ""
    document_id: int = 0
    customer_ident: str = ""
    said: tuple[tuple[str, str], ...] = ()
    """The parts of the score."""


@shape
class Outcome:
    """What happens to a payment: it goes to cases, together exactly its amount, or stays open for a reason."""

    assignments: tuple[Assign, ...] = ()
    reason: Reason | None = None


@shape
class Said:
    """Why something was decided of a payment."""

    reason: Reason | None = None
    text: str = ""
    """What of the payment was read."""
    numbers: tuple[str, ...] = ()
    """Numbers of documents, and of dunning letters, that were found in it."""
    note: str = ""
    strategy: str | None = None
    assignments: tuple[str, ...] = ()
    """Those that were made."""
    scores: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Assigned:
    """Money of one payment that was put to one case, and what it moved."""

    ident: str
    payment: StoredPayment
    amount: Decimal
    """Signed, in the payer's currency."""
    ledger_amount: Decimal
    from_unassigned: bool
    moves: tuple[MovedCase, ...] = ()
    """With the way back of a discount of another payment, where it rests on money that is gone."""
    is_fee: bool = False
    """Of a return: what the banks took of it, a cost of ours; nothing moves."""
    less: bool = False
    """Of a reversal: something that the payment did was taken back before; the moves are not its exact opposite."""
    meets: bool = False
    """A returned payment and its return meet: what waited of both waits no more; nothing moves."""
    exchanged: Decimal = Decimal(0)
    """Of a return: the difference of exchange that was booked with what it takes back, positive a gain; it goes back with it.
    Where a payment and its return meet, that of both."""


def source_of(assignment: str) -> str:
    """Of what is cleared with an assignment; its own: the entries of the assignment itself are under another reference."""
    return f"clearing:credits-{assignment}"


@dataclass(frozen=True, slots=True)
class Returned:
    """A payment that has taken an earlier one back."""

    payment: StoredPayment
    original: StoredPayment
    reason_code: str
    """ISO 20022, e.g. AC04."""
    amount: Decimal
    """What went back, positive, in the payer's currency."""
    charges: Decimal
    """What the banks took beside it."""
    document_ids: tuple[int, ...]
    """Whose open items are owed again."""
    document_idents: tuple[str, ...]
    customer_idents: tuple[str, ...]
