"""Where tax arises on receipt, what is taxed is what the money that is there pays of what was asked for, whatever happened before. Pure.

A payment, a way back and a credit each say what they tax. What they cannot know is left to this: a reduction that is taken back when the
money is there already, a credit that is kept instead of paid out, documents of one matter cleared with each other, a cent of rounding.
"""

import dataclasses
from collections.abc import Sequence
from decimal import Decimal

from contor.documents import treatment
from contor.documents.treatment import TaxPart
from contor.kernel.money import ZERO, round_amount
from contor.openitems.ledger import given_back, of_rows_left
from contor.openitems.types import Case, Matter, Movement, MovementKind


def follow_money(case: Case) -> Movement | None:
    """What of the matter falls due, or is due no more, so that it is what its money pays; a movement of nothing. None: it is so."""
    matter = case.matter
    if matter is None:
        return None
    due = treatment.less(_taxed_by_money(case, matter), matter.taxed)
    in_books = due if case.currency == case.ledger_currency else _in_books(case, matter, due)
    if not any(part.gross or part.tax for part in (*due, *in_books)):
        return None
    return Movement(kind=MovementKind.CORRECTION, amount=ZERO, ledger_amount=ZERO, due=due, ledger_due=in_books)


def _taxed_by_money(case: Case, matter: Matter) -> tuple[TaxPart, ...]:
    asked, owed = _gross(matter.asked), _gross(matter.owed)
    if matter.money >= asked + min(ZERO, matter.asked_rounded):
        return matter.asked
    if matter.money == owed + matter.rounded:
        return matter.owed
    found = tuple(_taxed_at_all(part, of) for part, of in zip(matter.taxed, matter.asked, strict=True))
    wanted, taxed = max(ZERO, matter.money), _gross(found)
    if wanted > taxed:
        found = treatment.plus(found, of_rows_left(matter, found, wanted - taxed, case.currency))
    elif wanted < taxed:
        so_far = dataclasses.replace(case, matter=dataclasses.replace(matter, taxed=found))
        found = treatment.plus(found, given_back(so_far, ZERO)[0])
    return treatment.plus(found, treatment.to_rows_left(matter.owed, found, case.currency))


def _in_books(case: Case, matter: Matter, due: Sequence[TaxPart]) -> tuple[TaxPart, ...]:
    """What is then all that the documents say of a group takes all that was booked of it; what goes back is worth what it came with."""
    rate = case.ledger_opening / case.opening if case.opening else Decimal(1)
    found = []
    for at, (part, taxed, booked, owed) in enumerate(zip(due, matter.taxed, matter.booked, matter.owed, strict=True)):
        share = part.gross / taxed.gross if part.gross * taxed.gross < 0 else None
        gross, tax = part.gross * rate, part.tax * rate
        if share is not None:
            gross, tax = booked.gross * share, booked.tax * share
        gross, tax = round_amount(gross, case.ledger_currency), round_amount(tax, case.ledger_currency)
        if matter.owed_tax and (taxed.gross + part.gross, taxed.tax + part.tax) == (owed.gross, owed.tax):
            tax = matter.owed_tax[at] - booked.tax
        found.append(dataclasses.replace(part, net=gross - tax, tax=tax, gross=gross))
    return tuple(found)


def _taxed_at_all(part: TaxPart, asked: TaxPart) -> TaxPart:
    """A group of which nothing is taxed any more keeps no cent of the tax that reductions had moved within it; and of what was asked for
    no less than nothing is taxed, where a credit has moved to other rows what goes now."""
    is_taxed = part.gross and not part.gross < 0 <= asked.gross
    return part if is_taxed else dataclasses.replace(part, net=ZERO, tax=ZERO, gross=ZERO)


def _gross(parts: Sequence[TaxPart]) -> Decimal:
    return sum((part.gross for part in parts), ZERO)
