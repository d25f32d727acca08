"""A reissued document's open item: the credit memo closes what was open of it, and what was paid counts for the new document.

Three cases of one customer and currency on one account: they are cleared with one another, so nothing is posted (posting table row
32). First the credit memo with the unpaid rest of the old document, then what is left of the credit memo, which is what was paid,
granted or decided on the old one, with the new document. The payments themselves stay assigned to the old document, where they can be
reversed; what was paid beyond it stays there as a credit. What is owed on the old one again, because such a payment was taken back, is owed
on the new one.
"""

from typing import NamedTuple

from contor.documents import treatment
from contor.documents.after import in_place_of
from contor.documents.events import DocumentReissued
from contor.documents.treatment import TaxPart
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.openitems.cases import locked_cases, move
from contor.openitems.collection import stand_for
from contor.openitems.events import CasesMoved
from contor.openitems.ledger import in_ledger
from contor.openitems.types import Case, Move, Movement, MovementKind, StoredCase
from contor.runtime.uow import Uow


class _Old(NamedTuple):
    ident: str
    doubtful: bool


@on(DocumentReissued)
def clear_reissued(uow: Uow, fact: DocumentReissued) -> None:
    """Clear the three cases when the new ones are opened; the old one is locked with its document."""
    old = uow.first(_Old, "SELECT ident, doubtful FROM opos_case WHERE document_id = %s", (fact.old_id,))
    if old is not None and old.doubtful:
        message = f"The receivable of {old.ident} is doubtful, it stands on another account; revert that decision first."
        raise Refused(Kind.ILLEGAL_STATE, Problem("opos_case_doubtful", message))
    uow.finish(lambda: _clear(uow, fact))


def _clear(uow: Uow, fact: DocumentReissued) -> None:
    ids = [fact.old_id, fact.credit_memo_id, fact.new_id]
    stand_for(uow, fact.old_id, fact.new_id)  # before the old one is closed: what is under way for it is not given up
    cases = {stored.document_id: stored for stored in locked_cases(uow, ids)}
    memo = cases[fact.credit_memo_id]
    # `move` changes the stored case: the second turn starts from what the first one left
    for other in (cases[fact.old_id], cases[fact.new_id]):
        if memo.case.balance * other.case.balance < 0:
            move(uow, _moves(memo, other))


@on(CasesMoved)
def carry_debt_over(uow: Uow, fact: CasesMoved) -> None:
    """A payment that was cleared with the new document came to nothing: nobody owes anything on a document that was replaced."""
    owed = {it.before.document_id for it in fact.moves if it.after.balance * it.after.opening > 0}
    if not owed:
        return
    for replaced in sorted(in_place_of(uow, owed).items()):
        old, new = locked_cases(uow, replaced)
        if old.case.balance * old.case.opening > 0 and not new.case.doubtful:
            source, today = f"document:{new.document_id}", uow.ctx.today()
            pairs = zip((old, new), (new, old), used_up(old.case), strict=True)
            move(uow, [Move(one, movement, source, today, note=other.case.ident) for one, other, movement in pairs])


def _moves(memo: StoredCase, other: StoredCase) -> list[Move]:
    source, on_day = f"document:{memo.document_id}", memo.case.document_date
    pairs = zip((memo, other), (other, memo), cleared(memo.case, other.case), strict=True)
    return [Move(one, movement, source, on_day, note=counter.case.ident) for one, counter, movement in pairs]


def cleared(one: Case, other: Case) -> tuple[Movement, Movement]:
    """Two cases with opposite balances, cleared as far as the smaller goes: the movement of each, the exact opposite of one another.

    Where tax arises on receipt, the tax of what is cleared goes from one to the other with it: together nothing becomes due.
    """
    if abs(other.balance) < abs(one.balance):
        first, second = cleared(other, one)
        return second, first
    return used_up(one)


def used_up(one: Case) -> tuple[Movement, Movement]:
    """All of a case goes into another one: the movement of each."""
    # as a whole, so all of its tax that has not arisen yet goes along; of a credit none is left
    taxed = treatment.less(one.groups, one.settled) if one.taxed_on_receipt and one.balance * one.opening > 0 else ()
    booked = in_ledger(one, taxed, one.ledger_balance)
    return _clearing(one, -1, taxed, booked), _clearing(one, 1, treatment.negated(taxed), treatment.negated(booked))


def _clearing(used_up: Case, sign: int, taxed: tuple[TaxPart, ...], booked: tuple[TaxPart, ...]) -> Movement:
    return Movement(
        kind=MovementKind.CLEARING,
        amount=sign * used_up.balance,
        ledger_amount=sign * used_up.ledger_balance,
        parts=taxed,
        ledger_parts=booked,
    )
