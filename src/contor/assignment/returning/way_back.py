"""The way back of an assignment, by its reversal or by the return of its payment: the exact opposite of all that it moved, less what was
taken back since. Beside the payment itself: Skonto and charges that were decided with it, what it brought back of a loss or took of an
allowance. A reversal takes back what was cleared with it, too; who has set off before his payment came back has set off all the same.

Money that is gone cannot have been too much: what a surplus of it was used for stands in the way of a reversal, by which an invoice would
owe more than it bills. A return is a fact: what was cleared with the surplus is taken back with it, what was paid out of it is owed.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.assignment.assign import in_ledger
from contor.assignment.fallen import fallen_discounts, fallen_in_place
from contor.assignment.returning.paid_back import deducting
from contor.assignment.types import source_of
from contor.documents.after import standing_discounts
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.openitems.bounces import bounced, returned_credit, reversed_movement
from contor.openitems.cases import locked_cases, locked_cases_of, move
from contor.openitems.clearing import free, refuse_used, surplus_of, unclear
from contor.openitems.decisions import let_go
from contor.openitems.rules import moved
from contor.openitems.stored import movements_of
from contor.openitems.types import DecisionType, Move, MovedCase, Movement, MovementKind, StoredCase
from contor.payments.types import StoredPayment
from contor.runtime.uow import Uow


class Back(NamedTuple):
    """What went back."""

    happened: list[MovedCase]
    less: bool
    """It is less than had been moved."""
    exchanged: Decimal = ZERO
    """The difference of exchange with which the payment was booked; positive: a gain."""


class By(NamedTuple):
    """The return by which an assignment is taken back."""

    assignment: str
    """Its own."""
    payment: StoredPayment
    original: StoredPayment


def reversed_back(uow: Uow, assignment: str, amount: Decimal) -> Back:
    """A person reverses an assignment of `amount`, signed. Raises ILLEGAL_STATE where something rests on it, which is named."""
    sources = [source_of(assignment)]
    locked_cases_of(uow, f"assignment:{assignment}", *sources)  # before it is asked what rests on them
    refuse_used(uow, sources)
    unclear(uow, sources)
    final, stored = _found(uow, assignment, amount)
    if final is None:
        _refuse_where_used(uow, stored, f"assignment:{assignment}")
    return _moved_back(uow, assignment, stored, final, uow.ctx.today(), None)


def returned_back(uow: Uow, assignment: str, amount: Decimal, by: By) -> Back:
    """A return takes it back. What was cleared with the credit that it left is owed again."""
    final, stored = _found(uow, assignment, amount)
    if final is None and _free(uow, stored, f"assignment:{assignment}"):
        (stored,) = locked_cases(uow, [stored.document_id])
    return _moved_back(uow, assignment, stored, final, by.payment.booked_on, by)


def target_of(uow: Uow, assignment: str, amount: Decimal) -> StoredCase:
    """Where its money goes back. Raises ILLEGAL_STATE where a final invoice deducted it that stands."""
    (stored,) = locked_cases_of(uow, f"assignment:{assignment}")
    final = deducting(uow, stored.document_id, assignment) if amount > 0 else None
    return stored if final is None else final


def _found(uow: Uow, assignment: str, amount: Decimal) -> tuple[StoredCase | None, StoredCase]:
    """The final invoice on which it goes back, where that deducted it; and its own case, which has let go what was kept of it."""
    source = f"assignment:{assignment}"
    (stored,) = locked_cases_of(uow, source)
    # money that went out of a deposit and is there again is the customer's, whatever was deducted
    final = deducting(uow, stored.document_id, assignment) if amount > 0 else None
    if final is None and amount > 0:
        let_go(uow, {stored.document_id: -sum((movement.amount for _, movement in movements_of(uow, source)), ZERO)})
        (stored,) = locked_cases(uow, [stored.document_id])
    return final, stored


def _moved_back(uow: Uow, assignment: str, stored: StoredCase, final: StoredCase | None, on: dt.date, by: By | None) -> Back:
    source = f"assignment:{assignment}"
    standing = standing_discounts(uow, stored.document_id)
    moves, case, less, exchanged = list[Move](), stored.case, False, ZERO
    for number, movement in reversed(movements_of(uow, source)):  # the last first: each was decided on what the one before left
        exchanged += _exchanged(movement, stored, by)
        if final is not None:  # on a deposit nothing comes with a payment
            moves.append(_move(final, returned_credit(final.case, movement), source, on, number, by))
            less = True
            continue
        back = bounced(case, movement, standing if movement.decision else ())
        less = less or back != reversed_movement(movement)
        if back is not None:
            moves.append(_move(stored, back, source, on, number, by))
            case = moved(case, back)
    if final is None:
        moves += fallen_discounts(uow, stored, case, source, on)
    return Back([*move(uow, moves), *fallen_in_place(uow, stored.document_id, source, on)], less, exchanged)


def _move(stored: StoredCase, back: Movement, source: str, on: dt.date, number: int, by: By | None) -> Move:
    """Of a return the money, and the loss that it had brought back, are movements of its own: they go again when it was none."""
    if by is None or back.decision not in (None, DecisionType.UNCOLLECTABLE_RECEIVABLE):
        return Move(stored, back, source, on, reversal_of=number)
    if back.kind is MovementKind.PAYMENT:  # the money was there until it went
        back = replace(back, paid_on=by.payment.paid_on)
    return Move(stored, back, f"assignment:{by.assignment}", on)


def _exchanged(movement: Movement, stored: StoredCase, by: By | None) -> Decimal:
    if by is None or movement.kind is not MovementKind.PAYMENT:
        return ZERO
    return in_ledger(by.original, -movement.amount, stored.case) + movement.ledger_amount


# --- what a surplus was used for ----------------------------------------------------------------------------------------------


def _refuse_where_used(uow: Uow, stored: StoredCase, source: str) -> None:
    surplus = surplus_of(uow, stored, source)
    if not surplus.missing:
        return
    returns = _returns(uow, [use.source for use in surplus.uses])
    problems = [
        Problem("overpayment_used", f"What was paid on {stored.case.ident} beyond it was used by {use.name}: reverse that first.")
        for use in surplus.uses
        if use.source not in returns
    ]
    if problems:
        raise Refused(Kind.ILLEGAL_STATE, *problems[:10])


def free_used(uow: Uow, assignment: str, part: Decimal) -> None:
    """A part of the assignment, signed as that, goes back: what was kept of it as revenue, or cleared with its surplus, as far as that is
    missing then, stands no more."""
    source = f"assignment:{assignment}"
    (stored,) = locked_cases_of(uow, source)
    if part > 0 and deducting(uow, stored.document_id, assignment) is None:
        let_go(uow, {stored.document_id: part})
        _free(uow, stored, source, part)


def _free(uow: Uow, stored: StoredCase, source: str, part: Decimal | None = None) -> bool:
    """Take back what was cleared with the credit that the payment left, the last first, as far as that is missing now; whether any was."""
    is_freed = False
    while (surplus := surplus_of(uow, stored, source, part)).missing and free(uow, surplus):
        is_freed = True
    return is_freed


def _returns(uow: Uow, sources: Sequence[str]) -> Collection[str]:
    """Those that took an earlier payment back: none of them used anything."""
    sql = "SELECT 'assignment:' || ident FROM payment_assignment WHERE ident = ANY (%s) AND returns_ident IS NOT NULL"
    return set(uow.column(str, sql, ([it.removeprefix("assignment:") for it in sources],)))
