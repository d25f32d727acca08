"""What becomes of a deposit invoice that is corrected or paid back. Pure.

Source: accounting reference 2 and 8 (rows 11, 13 and 14).
"""

from collections.abc import Sequence
from decimal import Decimal

from contor.documents import treatment
from contor.documents.treatment import TaxPart
from contor.kernel.money import ZERO
from contor.openitems.ledger import ledger_closed, ledger_value, returned_in_ledger
from contor.openitems.types import Case, Movement, MovementKind


def close_deposit(case: Case, correction_gross: Decimal, correction: Sequence[TaxPart] = ()) -> Movement:
    """The correction of a deposit invoice, with its tax groups. It closes what is unpaid, of which nothing will be taxed; what goes
    beyond takes received money back (method REVERSAL): its tax falls away, and the case stands as a credit until the money moves on
    (`move_deposit`)."""
    # an overpaid deposit has a negative balance, and nothing of it is unpaid
    unpaid = max(ZERO, min(case.balance, correction_gross))
    received = sum((part.gross for part in case.settled), ZERO)
    taken_back = min(correction_gross - unpaid, received)
    returned = treatment.of_return(case.settled, taken_back, case.currency) if taken_back else ()
    in_books = returned_in_ledger(case, returned, -ledger_value(case, taken_back)) if taken_back else ()
    ledger_back = -sum((part.gross for part in in_books), ZERO)
    return Movement(
        kind=MovementKind.CORRECTION,
        amount=-(unpaid + taken_back),
        ledger_amount=-(ledger_closed(case, unpaid) + ledger_back),
        parts=returned,
        ledger_parts=in_books,
        closed=_closed(case, unpaid, treatment.plus(treatment.along(case.groups, correction), returned)) if unpaid else (),
    )


def _closed(case: Case, unpaid: Decimal, said: tuple[TaxPart, ...]) -> tuple[TaxPart, ...]:
    """What the correction says of its groups, as far as nothing was received of it; else `unpaid` in the proportion of the rest."""
    if sum((part.gross for part in said), ZERO) == unpaid:
        return said
    return treatment.of_receipt(case.groups, case.settled, unpaid, case.currency, is_last=unpaid == case.balance)


def move_deposit(amount: Decimal, ledger_amount: Decimal) -> Movement:
    """What was received of a corrected deposit moves to the final invoice, whose payable amount is without it; what was paid beyond the
    deposit stays a credit. Both stand on the customer's account, so nothing is posted."""
    return Movement(kind=MovementKind.CLEARING, amount=amount, ledger_amount=ledger_amount)


def return_deposit(case: Case, amount: Decimal) -> Movement:
    """Paying back `amount` of a received deposit, because there is no supply: its tax falls away, the case stays closed."""
    returned = treatment.of_return(case.settled, amount, case.currency)
    return Movement(
        kind=MovementKind.DEPOSIT_RETURNED,
        amount=ZERO,
        ledger_amount=ZERO,
        parts=returned,
        ledger_parts=returned_in_ledger(case, returned, -ledger_value(case, amount)),
    )
