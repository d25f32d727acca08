"""What of the money that came for a document can be given back: what was paid, less what refunds over it have given back already."""

from decimal import Decimal

from contor.documents.cancelling import credit_kinds
from contor.documents.matters import credits_over
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO, worded
from contor.openitems.standing.papers import moved_of, payments_among
from contor.runtime.uow import Uow


def refund_of(uow: Uow, document_id: int, name: str, gross: Decimal, currency: str, amount: Decimal | None) -> Decimal | None:
    """How much a refund of a document of `gross` takes back; None: all that is left of it. By default all that was paid. Raises
    ILLEGAL_STATE where no money is there, INVALID where `amount` is more than was paid: what is open is credited, not refunded."""
    paid = _paid(uow, document_id)
    if paid <= 0:
        message = f"Nothing was paid on {name}: it is cancelled or credited instead."
        raise Refused(Kind.ILLEGAL_STATE, Problem("invoice_not_paid", message))
    left = gross - sum((one.gross for one in credits_over(uow, [document_id])), ZERO)
    rest = paid - _refunded(uow, document_id)
    if rest >= left:
        return amount
    if rest <= 0:
        raise Refused(Kind.ILLEGAL_STATE, Problem("refunded_already", f"What was paid on {name} was given back already."))
    if amount is not None and amount > rest:
        message = f"is more than was paid on {name} and not given back: {worded(rest, currency)}; what is open is credited instead"
        raise Refused(Kind.INVALID, Problem("refund_exceeds_payments", message, "amount", amount))
    return rest if amount is None else amount


def refunded_by(uow: Uow, document_id: int, credit_id: int, amount: Decimal) -> Decimal:
    """What of a credit of `amount` gives money back, and so is not cleared with what is open: nothing where it is no refund."""
    if not any(one.document_id == credit_id and one.kind == "REFUND" for one in credit_kinds(uow, [credit_id])):
        return ZERO
    return max(ZERO, min(amount, _paid(uow, document_id) - _refunded(uow, document_id, besides=credit_id)))


# helpers in calling order


def _paid(uow: Uow, document_id: int) -> Decimal:
    return -sum((one.amount for one in payments_among(moved_of(uow, [document_id]).get(document_id, ()))), ZERO)


def _refunded(uow: Uow, document_id: int, besides: int | None = None) -> Decimal:
    kinds = credit_kinds(uow, [document_id])
    refunds = {one.document_id for one in kinds if one.kind == "REFUND" and one.document_id != besides}
    return sum((one.gross for one in credits_over(uow, [document_id]) if one.credit_id in refunds), ZERO)
