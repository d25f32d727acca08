"""What is taken back when a payment goes: a returned debit, a wrong assignment. Pure.

The exact opposite of what the payment did, less what a correction of the document has taken back since: nothing is taken back twice.
Where tax arises on receipt, what a credit takes back of the rows that were paid pays the others.
"""

import dataclasses
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.documents import treatment
from contor.documents.treatment import TaxPart
from contor.documents.types import Discount, DocumentType
from contor.kernel.money import ZERO, round_amount
from contor.openitems.ledger import (
    given_back,
    ledger_share,
    ledger_value,
    of_rows_left,
    owed_beyond,
    returned_in_ledger,
    room,
    taxed_beyond,
)
from contor.openitems.rules import pay
from contor.openitems.types import REDUCING, Case, DecisionType, Matter, Movement, MovementKind


class _Stands(NamedTuple):
    """What of a reduction stands in one tax group."""

    tax: Decimal
    gross: Decimal
    ledger_tax: Decimal
    ledger_gross: Decimal


def bounced(case: Case, movement: Movement, standing: Sequence[Discount]) -> Movement | None:
    """The way back of `movement`, a payment or what came with it, on the case as it stands now. None: nothing of it is left.

    `standing`: what no credit has taken back of the reductions.

    On a deposit invoice the money that goes is first what stands as the customer's credit: what he paid beyond it, what corrections took
    off it. Only what is owed again by it was received no more, and its tax falls away (section 17 (2) no. 2 UStG).
    """
    exact = reversed_movement(movement)
    if exact.allowance and not case.doubtful:  # nothing is written down any more
        exact = dataclasses.replace(exact, allowance=ZERO)
    if movement.decision is DecisionType.DOUBTFUL_RECEIVABLE:
        return dataclasses.replace(exact, allowance=-case.allowance)  # what was not used or released since
    if movement.decision in REDUCING and movement.parts:
        return _reduction_left(case, exact, standing)
    if case.matter is not None and movement.kind in (MovementKind.PAYMENT, MovementKind.CLEARING):
        return _in_matter(case, exact)
    if not case.is_deposit or movement.kind is not MovementKind.PAYMENT:
        return exact
    if exact.amount <= 0:
        return _there_again(case, exact)
    received, asked = gross_of(case.settled), gross_of(case.groups)
    credit = max(ZERO, -case.balance)
    corrected = asked - received if case.balance <= 0 else ZERO  # received once, taken back by a correction
    beyond = max(ZERO, credit - corrected)
    returned = min(received, max(ZERO, exact.amount - credit))
    closed = min(corrected, max(ZERO, exact.amount - beyond))
    # the last of what was received takes all that is booked of it, whatever other ways back have left of each payment
    as_it_came = returned == -gross_of(exact.parts) and (returned < received or not returned)
    if as_it_came and not closed and _leaves_its_side(case, exact):
        return exact
    parts = treatment.of_return(case.settled, returned, case.currency) if returned else ()
    in_books = returned_in_ledger(case, parts, -ledger_value(case, returned))
    off = _of_corrected(case, closed, corrected) if closed else ()
    # what was paid back before is owed again, as much as it was worth when it came
    again = exact.amount - min(credit, exact.amount) - returned
    owed = round_amount(exact.ledger_amount * again / exact.amount, case.ledger_currency)
    in_ledger = _of_credit(case, min(credit, exact.amount)) - gross_of(in_books) + owed
    return dataclasses.replace(
        exact,
        # no cent of rounding stays on the account
        ledger_amount=in_ledger if case.balance + exact.amount else -case.ledger_balance,
        parts=parts,
        ledger_parts=in_books,
        closed=off,
        ledger_closed=treatment.converted(off, _of_credit(case, min(credit, closed)), case.ledger_currency),
    )


def _leaves_its_side(case: Case, exact: Movement) -> bool:
    """Whether the books keep the side of what is left, and nothing of nothing: other payments may have gone at the rate of all of them."""
    left, in_books = case.balance + exact.amount, case.ledger_balance + exact.ledger_amount
    return left * in_books >= 0 if left else not in_books


def _there_again(case: Case, exact: Movement) -> Movement:
    """What had gone out of a deposit: received, as far as it is asked for still and nothing else is to be made good; what a correction had
    taken off it is so again, as far as it stands to the customer's credit."""
    asked = case.groups if case.balance > 0 else case.settled
    credit = max(ZERO, -case.balance - exact.amount)
    off = min(-gross_of(exact.closed), credit - gross_of(case.groups) + gross_of(asked))
    after = treatment.plus(case.settled, exact.parts)
    received = gross_of(exact.parts) == room(case, -exact.amount) and (gross_of(after) < gross_of(asked) or after == asked)
    if received and off == -gross_of(exact.closed) and not owed_beyond(case):
        return exact
    back = scaled(exact.closed, -off, case.currency)
    worth = round_amount(gross_of(exact.ledger_closed) * -off / gross_of(exact.closed), case.ledger_currency) if off else ZERO
    return dataclasses.replace(
        pay(case, -exact.amount, -exact.ledger_amount, exact.paid_on),
        closed=back,
        ledger_closed=scaled(exact.ledger_closed, worth, case.ledger_currency),
    )


def _in_matter(case: Case, exact: Movement) -> Movement:
    """Where tax arises on receipt: as it came, as far as no other payment has taken the tax back, or brought it back, since."""
    matter = case.matter
    assert matter is not None
    if exact.amount < 0:
        return _taxed_again(case, matter, exact)
    parts, in_books = given_back(case, exact.amount)
    own = treatment.along(case.groups, exact.parts)
    stays = treatment.plus(matter.taxed, own)
    as_it_came = gross_of(parts) == gross_of(own) and gross_of(stays) and not gross_of(taxed_beyond(matter))
    # of a group that is not taxed any more nothing goes back, however it came
    if as_it_came and all(not part.gross or part.gross * taxed.gross > 0 for part, taxed in zip(stays, matter.taxed, strict=True)):
        return exact
    return dataclasses.replace(exact, parts=parts, ledger_parts=in_books)


def _taxed_again(case: Case, matter: Matter, exact: Movement) -> Movement:
    """What had gone out is there again: taxed as it was, as far as the money that is there now has not paid the same rows meanwhile."""
    own, taxed = treatment.along(case.groups, exact.parts), room(case, -exact.amount)
    left, parts = treatment.less(matter.asked, matter.taxed), own
    if taxed and taxed == gross_of(left):
        parts = left
    elif gross_of(own) > taxed:
        parts = scaled(own, taxed, case.currency)
    elif gross_of(own) < taxed:
        parts = of_rows_left(matter, matter.taxed, taxed, case.currency)
    parts = treatment.plus(parts, treatment.to_rows_left(matter.owed, treatment.plus(matter.taxed, parts), case.currency))
    if parts == own:
        return exact
    if case.currency == case.ledger_currency or not parts:
        return dataclasses.replace(exact, parts=parts, ledger_parts=parts)
    worth = round_amount(exact.ledger_amount * taxed / exact.amount, case.ledger_currency)
    if parts == left and matter.asked == matter.owed and matter.owed_tax:  # all that is booked of it, to the cent
        taxes = [tax - booked.tax for tax, booked in zip(matter.owed_tax, matter.booked, strict=True)]
        in_books = tuple(
            dataclasses.replace(part, net=part.gross - tax, tax=tax)
            for part, tax in zip(treatment.converted(parts, worth, case.ledger_currency), taxes, strict=True)
        )
    else:
        in_books = treatment.converted(parts, worth, case.ledger_currency)
    return dataclasses.replace(exact, parts=parts, ledger_parts=in_books)


def returned_credit(final: Case, movement: Movement) -> Movement:
    """The way back of a payment on a deposit that a final invoice deducted, on the case of that invoice, which was credited in full: its
    tax went back with the credit, by which what was paid was the customer's; where tax arises on receipt, with the money. Without it he
    owes all of the invoice, and is given it."""
    exact = reversed_movement(movement)
    parts, in_books = given_back(final, exact.amount)
    return dataclasses.replace(exact, parts=parts, ledger_parts=in_books, closed=(), ledger_closed=())


def paid_others(case: Case) -> Movement | None:
    """What was taxed of rows that a credit has taken back, as far as it pays rows that are left: of an invoice what it says of itself, of
    the credit memo the rest. None: nothing moves."""
    matter = case.matter
    if matter is None:
        return None
    owed = matter.owed
    if case.document_type is DocumentType.INVOICE:
        own = treatment.less(case.uncredited or case.groups, case.settled)
        both = zip(treatment.less(owed, matter.taxed), own, strict=True)
        owed = treatment.plus(matter.taxed, tuple(_smaller(one, other) for one, other in both))
    due = treatment.to_rows_left(owed, matter.taxed, case.currency)
    if not due:
        return None
    in_books = due if case.currency == case.ledger_currency else _due_in_ledger(matter, due, case.ledger_currency)
    return Movement(kind=MovementKind.CORRECTION, amount=ZERO, ledger_amount=ZERO, due=due, ledger_due=in_books)


def _smaller(one: TaxPart, other: TaxPart) -> TaxPart:
    if one.gross * other.gross <= 0:
        return dataclasses.replace(one, net=ZERO, tax=ZERO, gross=ZERO)
    return min(one, other, key=lambda part: abs(part.gross))


def _due_in_ledger(matter: Matter, due: tuple[TaxPart, ...], currency: str) -> tuple[TaxPart, ...]:
    """What is all that the documents say takes all that was booked of it; else at what the money was worth."""
    came = next(at for at, part in enumerate(due) if part.gross < 0)
    rate = matter.booked[came].gross / matter.taxed[came].gross
    found = []
    for at, part in enumerate(due):
        tax, taxed, booked = round_amount(part.tax * rate, currency), matter.taxed[at], matter.booked[at]
        if part.gross and matter.owed_tax and part.gross + taxed.gross == matter.owed[at].gross:
            tax = matter.owed_tax[at] - booked.tax
        elif part.gross < 0 and taxed.tax:
            tax = round_amount(part.tax * booked.tax / taxed.tax, currency)
        gross = round_amount(part.gross * rate, currency)
        found.append(dataclasses.replace(part, net=gross - tax, tax=tax, gross=gross))
    return tuple(found)


def _of_credit(case: Case, amount: Decimal) -> Decimal:
    """What `amount` of the customer's credit is worth in the books; all of it takes all."""
    return -ledger_share(case, -amount)


def _reduction_left(case: Case, exact: Movement, standing: Sequence[Discount]) -> Movement | None:
    """The way back of a reduction as far as it stands: what a credit took back of it is owed by nobody."""
    parts, booked = [], []
    for part, in_books in zip(exact.parts, exact.ledger_parts, strict=True):
        stands = _of_part(part, exact, standing)
        if not part.gross or stands.gross >= -part.gross:
            parts.append(part)
            booked.append(in_books)
        else:
            parts.append(_less(part, stands.tax, stands.gross, case.currency))
            booked.append(_less(in_books, stands.ledger_tax, stands.ledger_gross, case.ledger_currency))
    if tuple(parts) == exact.parts:
        return exact
    amount = -gross_of(parts)
    if not amount:
        return None
    return dataclasses.replace(
        exact, amount=amount, ledger_amount=-gross_of(booked), parts=tuple(parts), ledger_parts=tuple(booked)
    )


def _of_part(part: TaxPart, exact: Movement, standing: Sequence[Discount]) -> _Stands:
    key = (exact.decision, part.treatment, part.category_code, part.rate, part.country)
    for it in standing:
        if it.gross > 0 and (it.decision, it.treatment, it.category_code, it.rate, it.country) == key:
            return _Stands(it.tax, it.gross, it.ledger_tax, it.ledger_gross)
    return _Stands(ZERO, ZERO, ZERO, ZERO)


def _less(part: TaxPart, tax: Decimal, gross: Decimal, currency: str) -> TaxPart:
    """The part with only so much taken back."""
    tax, gross = round_amount(tax, currency), round_amount(gross, currency)
    return dataclasses.replace(part, net=tax - gross, tax=-tax, gross=-gross)


def _of_corrected(case: Case, amount: Decimal, whole: Decimal) -> tuple[TaxPart, ...]:
    return treatment.of_receipt(case.groups, case.settled, amount, case.currency, is_last=amount == whole)


def scaled(parts: tuple[TaxPart, ...], amount: Decimal, currency: str) -> tuple[TaxPart, ...]:
    """As much of the parts as `amount`, gross, in their proportion."""
    if amount == gross_of(parts):
        return parts
    return treatment.of_receipt(parts, treatment.less(parts, parts), amount, currency, is_last=False) if amount else ()


def gross_of(parts: Sequence[TaxPart]) -> Decimal:
    return sum((part.gross for part in parts), ZERO)


def reversed_movement(movement: Movement) -> Movement:
    """The exact opposite: a reversed assignment, a counter decision, a charged-back payment."""
    return dataclasses.replace(
        movement,
        amount=-movement.amount,
        ledger_amount=-movement.ledger_amount,
        parts=treatment.negated(movement.parts),
        ledger_parts=treatment.negated(movement.ledger_parts),
        closed=treatment.negated(movement.closed),
        ledger_closed=treatment.negated(movement.ledger_closed),
        due=treatment.negated(movement.due),
        ledger_due=treatment.negated(movement.ledger_due),
        allowance=-movement.allowance,
    )
