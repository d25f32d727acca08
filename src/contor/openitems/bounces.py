"""What is taken back when a payment goes: a returned debit, a wrong assignment. Pure.

The exact opposite of what the payment did, less what a correction of the document has taken back since: nothing is taken back twice.
"""

import dataclasses
from collections.abc import Sequence
from decimal import Decimal

from contor.documents import treatment
from contor.documents.treatment import TaxPart
from contor.kernel.money import ZERO
from contor.openitems.ledger import in_ledger
from contor.openitems.rules import ledger_value, reversed_movement
from contor.openitems.types import Case, Movement, MovementKind


def bounced(case: Case, movement: Movement, earlier: Sequence[Movement]) -> Movement:
    """The way back of `movement`, a payment or what came with it, on the case as it stands now; `earlier`: all that moved it so far.

    On a deposit invoice the money that goes is first what stands as the customer's credit: what he paid beyond it, what corrections took
    off it. Only what is owed again by it was received no more, and its tax falls away (section 17 (2) no. 2 UStG).
    """
    exact = reversed_movement(movement)
    if not case.is_deposit or movement.kind is not MovementKind.PAYMENT or exact.amount <= 0:
        return exact
    received, asked = gross_of(case.settled), gross_of(case.groups)
    credit = max(ZERO, -case.balance)
    corrected = asked - received if case.balance <= 0 else ZERO  # received once, taken back by a correction
    beyond = max(ZERO, credit - corrected)
    returned = min(received, max(ZERO, exact.amount - credit))
    closed = min(corrected, max(ZERO, exact.amount - beyond))
    if not closed and returned == -gross_of(exact.parts):
        return exact
    parts = treatment.of_return(case.settled, returned, case.currency) if returned else ()
    closes = exact.amount == -case.balance
    return dataclasses.replace(
        exact,
        ledger_amount=-case.ledger_balance if closes else exact.ledger_amount,  # no cent of rounding stays on the account
        parts=parts,
        ledger_parts=_all_booked(earlier)
        if parts and returned == received
        else in_ledger(case, parts, -ledger_value(case, returned)),
        closed=_of_corrected(case, closed, corrected) if closed else (),
    )


def _of_corrected(case: Case, amount: Decimal, whole: Decimal) -> tuple[TaxPart, ...]:
    return treatment.of_receipt(case.groups, case.settled, amount, case.currency, is_last=amount == whole)


def _all_booked(earlier: Sequence[Movement]) -> tuple[TaxPart, ...]:
    """The opposite of all that was taxed so far, as it was booked: who gives all of it back leaves no cent of rounding."""
    booked: tuple[TaxPart, ...] = ()
    for movement in earlier:
        booked = treatment.plus(booked, movement.ledger_parts)
    return treatment.negated(booked)


def gross_of(parts: Sequence[TaxPart]) -> Decimal:
    return sum((part.gross for part in parts), ZERO)
