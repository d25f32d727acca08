"""Parts of an open item in the ledger's currency, and what of them falls due. Pure.

Where tax arises on receipt, what becomes due of an invoice by all its receipts is exactly the tax that was booked with it: each receipt
takes the difference of what is due after it and before it, both converted as a whole (section 16 (6) UStG).
"""

import dataclasses
from decimal import Decimal

from contor.documents import treatment
from contor.documents.treatment import TaxPart
from contor.documents.types import Document
from contor.kernel.money import ZERO, round_amount
from contor.openitems.types import Case, DecisionType, Movement, MovementKind


def in_ledger(case: Case, found: tuple[TaxPart, ...], ledger_gross: Decimal) -> tuple[TaxPart, ...]:
    """`found`, parallel to the groups of the case, in the ledger's currency: together exactly `ledger_gross`."""
    if case.currency == case.ledger_currency or not found:
        return found
    converted = treatment.converted(found, ledger_gross, case.ledger_currency)
    if len(case.ledger_tax) != len(found):
        return converted
    return treatment.with_tax_due(
        converted, case.ledger_tax, case.groups, treatment.plus(case.settled, found), case.booked, case.ledger_currency
    )


def reduced_on_receipt(case: Case, decision: DecisionType, settles: Decimal, ledger_settles: Decimal) -> Movement:
    """A decision that reduces what is owed where tax arises on receipt: it leaves the tax that is not due. Where more is given up of a
    group than was open of it (the other rows were credited), what was received of it pays the others; where nothing stays open no receipt
    will come that takes the last cent."""
    open_parts = treatment.less(case.groups, case.settled)
    found = treatment.of_decision_on_open(open_parts, case.groups, case.reducible, settles, case.currency)
    in_books = in_ledger(case, found, ledger_settles)
    after = dataclasses.replace(case, settled=treatment.plus(case.settled, found), booked=treatment.plus(case.booked, in_books))
    due = treatment.of_receipt(after.groups, after.settled, ZERO, case.currency, is_last=settles == case.balance)
    if not any(part.gross or part.tax for part in due):
        due = ()
    return Movement(
        kind=MovementKind.DECISION,
        amount=-settles,
        ledger_amount=-ledger_settles,
        parts=found,
        ledger_parts=in_books,
        decision=decision,
        due=due,
        ledger_due=in_ledger(after, due, ZERO),
    )


def ledger_share(case: Case, settles: Decimal) -> Decimal:
    """What `settles` of the balance is worth on the customer's account; the whole balance takes all of it."""
    if not settles:
        return ZERO
    if settles == case.balance:
        return case.ledger_balance  # no cent of rounding stays on the account
    return round_amount(case.ledger_balance * settles / case.balance, case.ledger_currency)


def of_credit_used(case: Case, amount: Decimal) -> tuple[tuple[TaxPart, ...], tuple[TaxPart, ...]]:
    """What of a deposit's groups a correction took back and `amount`, which leaves the customer's credit (paid out, kept), is of; in both
    currencies, nothing for any other case. What he paid beyond the deposit goes first. It is received no more: no final invoice takes it
    over."""
    credit = -case.balance
    if not case.is_deposit or amount <= 0 or credit <= 0:
        return (), ()
    corrected = sum((part.gross for part in treatment.less(case.groups, case.settled)), ZERO)
    used = min(corrected, min(amount, credit) - max(ZERO, credit - corrected))
    if used <= 0:
        return (), ()
    off = treatment.of_receipt(case.groups, case.settled, used, case.currency, is_last=used == corrected)
    return off, treatment.converted(off, -ledger_share(case, -used), case.ledger_currency)


def returned_in_ledger(case: Case, returned: tuple[TaxPart, ...], ledger_gross: Decimal) -> tuple[TaxPart, ...]:
    """What goes back of a received deposit, in the ledger's currency; the last of it takes what is booked, to the cent."""
    if case.booked and returned == treatment.negated(case.settled):
        return treatment.negated(case.booked)
    return in_ledger(case, returned, ledger_gross)


def moved_in_ledger(final: Document, deposit_ident: str, amount: Decimal) -> Decimal:
    """What `amount`, the receipts of a deposit that a final invoice takes over (method REVERSAL), is worth on the customer's account."""
    ledger = final.ledger
    if ledger is None:
        return amount
    if not ledger.deposits:  # where a row bears several taxes
        return round_amount(amount / ledger.exchange_rate.rate, ledger.currency)
    return sum((part.gross for it in ledger.deposits if it.ident == deposit_ident for part in it.groups), ZERO)


def received_back(case: Case, amount: Decimal) -> Decimal:
    """What of `amount`, which goes out, had been received on a deposit invoice: first goes what stands to the customer's credit there."""
    if not case.is_deposit or amount <= 0:
        return ZERO
    return min(sum((part.gross for part in case.settled), ZERO), max(ZERO, amount + min(case.balance, ZERO)))


def paid_back(case: Case, amount: Decimal, ledger_amount: Decimal, back: Decimal) -> Movement:
    """Money goes out that had been received on a deposit invoice: it is received no more, and its tax falls away (section 17 (2) no. 2
    UStG, posting table row 14). It is owed again, at the rate of the document."""
    credit = min(case.balance, ZERO)
    parts = treatment.of_return(case.settled, back, case.currency)
    in_books = returned_in_ledger(case, parts, -ledger_value(case, back))
    beyond = amount - credit + back  # below zero where more goes out than there was
    off, off_booked = of_credit_used(case, -credit)
    return Movement(
        kind=MovementKind.PAYMENT,
        amount=-amount,
        ledger_amount=-(
            ledger_share(case, credit)
            + sum((part.gross for part in in_books), ZERO)
            + round_amount(ledger_amount * beyond / amount, case.ledger_currency)
        ),
        parts=parts,
        ledger_parts=in_books,
        closed=off,
        ledger_closed=off_booked,
    )


def ledger_value(case: Case, amount: Decimal) -> Decimal:
    """What `amount` of the document is worth at the rate at which it was booked."""
    if case.currency == case.ledger_currency:
        return amount  # also where vouchers paid all of it on issuing, so that nothing was opened
    return round_amount(case.ledger_opening * amount / case.opening, case.ledger_currency)
