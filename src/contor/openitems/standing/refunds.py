"""What of the money that came for a document can be given back: what was paid, less what refunds over it have given back already."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.documents.cancelling import credit_kinds
from contor.documents.matters import CreditOver, credits_over
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO, round_amount, worded
from contor.openitems.standing.money import began, money_moved
from contor.openitems.standing.papers import moved_of, payments_among
from contor.runtime.uow import Uow


class _Standing(NamedTuple):
    """How a document stands with what was paid of it."""

    left: Decimal
    """What can be credited of it, in gross."""
    paid: Decimal
    rest: Decimal
    """What was paid and not given back."""
    reduced: Decimal
    """What was decided off of what is left (a cash discount, a short payment): nobody paid it, and a credit takes its part back."""


def refund_of(uow: Uow, document_id: int, name: str, gross: Decimal, currency: str, amount: Decimal | None) -> Decimal | None:
    """The gross of the credit by which a refund of a document of `gross` gives `amount` back; None: all that is left of it. By default all
    that was paid. Raises ILLEGAL_STATE where no money is there, INVALID where `amount` is more than was paid: what is open is credited, not
    refunded."""
    left, paid, rest, reduced = _standing(uow, document_id, gross)
    if paid <= 0:
        message = f"Nothing was paid on {name}: it is cancelled or credited instead."
        raise Refused(Kind.ILLEGAL_STATE, Problem("invoice_not_paid", message))
    if rest + reduced >= left and (not reduced or amount in (None, rest)):
        return None if reduced else amount
    if rest <= 0:
        raise Refused(Kind.ILLEGAL_STATE, Problem("refunded_already", f"What was paid on {name} was given back already."))
    if amount is not None and amount > rest:
        message = f"is more than was paid on {name} and not given back: {worded(rest, currency)}; what is open is credited instead"
        raise Refused(Kind.INVALID, Problem("refund_exceeds_payments", message, "amount", amount))
    amount = rest if amount is None else amount
    return amount + round_amount(amount * reduced / (left - reduced), currency) if left > reduced else amount


def refunded_by(uow: Uow, document_id: int, credit_id: int, amount: Decimal) -> Decimal:
    """What of a credit of `amount` gives money back, and so is not cleared with what is open: nothing where it is no refund."""
    if not any(one.document_id == credit_id and one.kind == "REFUND" for one in credit_kinds(uow, [credit_id])):
        return ZERO
    return max(ZERO, min(amount, _paid(uow, document_id) - _refunded(uow, document_id, besides=credit_id)))


# helpers in calling order


def _standing(uow: Uow, document_id: int, gross: Decimal) -> _Standing:
    credits = credits_over(uow, [document_id])
    owed = _owed(uow, credits)
    credited = sum((one.gross for one in credits), ZERO)
    decided = -sum((one.amount for one in money_moved(uow, [document_id]) if one.reduces), ZERO)
    paid = _paid(uow, document_id)
    reduced = max(ZERO, decided - credited + sum(owed.values(), ZERO))
    return _Standing(gross - credited, paid, paid - _refunded(uow, document_id), reduced)


def _paid(uow: Uow, document_id: int) -> Decimal:
    return -sum((one.amount for one in payments_among(moved_of(uow, [document_id]).get(document_id, ()))), ZERO)


def _refunded(uow: Uow, document_id: int, besides: int | None = None) -> Decimal:
    kinds = credit_kinds(uow, [document_id])
    refunds = {one.document_id for one in kinds if one.kind == "REFUND" and one.document_id != besides}
    return sum(_owed(uow, [one for one in credits_over(uow, [document_id]) if one.credit_id in refunds]).values(), ZERO)


def _owed(uow: Uow, credits: Sequence[CreditOver]) -> dict[int, Decimal]:
    """What each credit owes the customer: its gross, less what it takes back of what was decided off, and of what was paid elsewhere."""
    opened = {one.document_id: -one.opening for one in began(uow, {one.credit_id for one in credits})}
    return {one.credit_id: opened.get(one.credit_id, one.gross) if one.alone else one.gross for one in credits}
