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
    """What a merchant payment account does with payments that are not the open amount (S, defaults of the vendor)."""

    overpayment_assignment_to_documents: bool = False
    overpayment_assignment_to_orders: bool = False
    underpayment_assignment_to_documents: bool = False
    underpayment_assignment_to_orders: bool = True


class Reason(enum.StrEnum):
    """Why a payment stays unassigned."""

    NOT_A_RECEIPT = "NOT_A_RECEIPT"
    """Money that went out is assigned by hand."""
    NO_MATCH = "NO_MATCH"
    """No strategy found an ident in the text."""
    TARGET_NOT_FOUND = "TARGET_NOT_FOUND"
    """What was found names no open case."""
    SEVERAL_MATCHES = "SEVERAL_MATCHES"
    CURRENCY_DIFFERS = "CURRENCY_DIFFERS"
    OVERPAID = "OVERPAID"
    UNDERPAID = "UNDERPAID"


@shape
class Assign:
    """Money for one case; `cash_discount` is the Skonto the payment has earned, to be decided with it."""

    case_ident: str
    amount: Decimal
    cash_discount: Decimal | None = None
    document_id: int = 0
    """Whose case it is; rules see cases of one number each, and leave it open."""


@shape
class Outcome:
    """What happens to a payment: it goes to cases, together exactly its amount, or stays open for a reason."""

    assignments: tuple[Assign, ...] = ()
    reason: Reason | None = None


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
    less: bool = False
    """Of a reversal: something that the payment did was taken back before; the moves are not its exact opposite."""
