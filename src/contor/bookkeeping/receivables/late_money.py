"""Row 24 when an earlier payment goes again: what the later ones paid of what was written off is divided anew, in the same transaction."""

import datetime as dt
from collections.abc import Mapping, Sequence

from contor.bookkeeping.chart import accounts_of
from contor.bookkeeping.entries import Posting, post
from contor.bookkeeping.posting import post_divided_anew
from contor.documents.after import in_place_of, reductions_of, stands_for
from contor.kernel.events import on
from contor.openitems.cases import locked_cases, move
from contor.openitems.decisions import divided_anew, loss_taken
from contor.openitems.events import CasesMoved
from contor.openitems.stored import Told, lost_or_doubtful, told_of
from contor.openitems.types import Case, Move, MovedCase, Movement, MovementKind
from contor.runtime.uow import Uow


@on(CasesMoved)
def divide_anew(uow: Uow, fact: CasesMoved) -> None:
    """After all that comes with them."""
    days = {it.before.document_id: it.booked_on for it in fact.moves if _may_go(it)}
    if days:
        uow.finish(lambda: _divide(uow, days))


def _may_go(happened: MovedCase) -> bool:
    case, movement = happened.before.case, happened.movement
    is_back = happened.reversal_of is not None or movement.amount > 0
    is_own = happened.source.startswith("document:")
    of_money = movement.kind in (MovementKind.PAYMENT, MovementKind.DECISION)
    return is_back and of_money and not is_own and case.opening > 0 and not case.is_deposit


def _divide(uow: Uow, days: Mapping[int, dt.date]) -> None:
    happened: list[MovedCase] = []
    numbers = lost_or_doubtful(uow, days)
    replaced = in_place_of(uow, numbers) if numbers else {}  # what was decided on them is that of the documents in their place
    for number in numbers:
        if number in replaced:
            continue
        for stored in locked_cases(uow, [number]):
            movement = _divided(uow, number, stored.case)
            if movement is not None:
                happened += move(uow, [Move(stored, movement, f"document:{number}", days[number])])
    _post(uow, happened)


def _divided(uow: Uow, number: int, case: Case) -> Movement | None:
    *before, own = (told_of(uow, it) for it in stands_for(uow, [number])[number])
    earlier = [it for told in before for it in told]
    reverted = {it.reversal_of for it in (*earlier, *own)}
    reductions = reductions_of(uow, number)
    known, taken = ([(it.movement, _stands(it, reverted)) for it in told] for told in (earlier, own))
    loss = loss_taken(case, taken, reductions.credited, known)
    return divided_anew(case, reductions.standing, loss)


def _stands(told: Told, reverted: set[int | None]) -> bool:
    return told.source.startswith("decision:") and told.reversal_of is None and told.id not in reverted


def _post(uow: Uow, moves: Sequence[MovedCase]) -> None:
    accounts = accounts_of(uow, (it.before.case.customer_ident for it in moves))
    postings = []
    for it in moves:
        case = it.before.case
        entries = post_divided_anew(case, it.movement, it.booked_on, it.source, accounts[case.customer_ident])
        postings += [Posting(entry, it.before.document_id) for entry in entries]
    post(uow, postings)
