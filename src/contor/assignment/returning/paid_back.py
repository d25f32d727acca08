"""Money that goes back out of a deposit: what a final invoice deducted is taken back on that invoice, once it is credited in full."""

from decimal import Decimal

from contor.documents.queries import Deducting, deducted_by
from contor.documents.request import related_documents
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO, worded
from contor.openitems.cases import locked_cases
from contor.openitems.ledger import received_back
from contor.openitems.types import StoredCase
from contor.runtime.uow import Uow


def deducting(uow: Uow, document_id: int, assignment: str) -> StoredCase | None:
    """The case of the final invoice that deducted what was paid on a deposit invoice, where it was credited in full. Raises ILLEGAL_STATE
    where something of that invoice stands: what was received and deducted cannot be taken back as long."""
    final = deducted_by(uow, document_id, f"assignment:{assignment}")
    return None if final is None else _credited(uow, final)


def returned_on(uow: Uow, stored: StoredCase, amount: Decimal, *, at_most_received: bool = True) -> StoredCase:
    """The case on which money goes back by a payment of ours: of a deposit that was deducted, as where a payment is taken back, that of
    the final invoice. Raises INVALID where more goes out of a deposit than was received, if it may not."""
    if not stored.case.is_deposit or not (back := amount + min(stored.case.balance, ZERO)) > 0:
        return stored
    final = deducted_by(uow, stored.document_id)
    if final is not None:
        return _credited(uow, final)
    if at_most_received and back > (received := received_back(stored.case, amount)):
        most = worded(amount - back + received, stored.case.currency)
        message = f"Only {most} can go back: no more was received on {stored.case.ident}."
        raise Refused(Kind.INVALID, Problem("amount_exceeds_received", message, "amount", amount))
    return stored


def _credited(uow: Uow, final: Deducting) -> StoredCase:
    left = related_documents(uow, {final.id: final.document_type})[final.id].left
    if left.is_supply_used_up:
        return locked_cases(uow, [final.id])[0]
    rows = [row.item.ident for row in left.rows.values() if row.agreed and row.item.deposit_ident is None]
    message = (
        f"The deposit was deducted by {final.ident}, of which rows {', '.join(rows[:10])} stand: credit them first, by a credit memo that"
        " names them or by cancelling what they bill; then what was paid can be taken back."
    )
    raise Refused(Kind.ILLEGAL_STATE, Problem("deposit_already_deducted", message))
