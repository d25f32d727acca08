"""Skonto that a clearing has earned: with a payment in time it settles all but the discount, whichever of both comes first. And Skonto that
fell with a return which was none: the money is there, as if it had never gone."""

from collections.abc import Collection

from contor.assignment.discounts import discount_after_clearing, discount_again
from contor.assignment.events import AssignmentsReversed, DiscountsEarned
from contor.kernel.events import on
from contor.openitems.cases import locked_cases, move
from contor.openitems.events import CasesCleared
from contor.openitems.rules import decide
from contor.openitems.stored import granted_discounts
from contor.openitems.types import DecisionType, Move, MovedCase
from contor.runtime.uow import Uow


@on(CasesCleared)
def earn_by_clearing(uow: Uow, fact: CasesCleared) -> None:
    """At the end: until then more of the same open item may be cleared."""
    wanted = {done.debit.before.document_id: done.source for done in fact.cleared if done.debit.before.case.cash_discount}
    if wanted:
        uow.finish(lambda: _earn(uow, wanted))


@on(AssignmentsReversed)
def earn_again(uow: Uow, fact: AssignmentsReversed) -> None:
    """A return was taken back."""
    back = [it for it in fact.reversed if it.payment.returns is not None and it.amount < 0]
    wanted = {
        happened.before.document_id: f"assignment:{it.ident}"
        for it in back
        for happened in it.moves
        if happened.before.case.cash_discount
    }
    if wanted:
        uow.finish(lambda: _earn(uow, wanted, is_again=True))


def _earn(uow: Uow, wanted: dict[int, str], *, is_again: bool = False) -> None:
    today, happened = uow.ctx.today(), list[MovedCase]()
    for number in _without(uow, wanted):
        (stored,) = locked_cases(uow, [number])  # one by one: where tax arises on receipt one moves the others' matter
        amount = discount_again(stored.case) if is_again else discount_after_clearing(stored.case, today)
        if amount is not None:
            movement = decide(stored.case, DecisionType.CASH_DISCOUNT, amount)
            happened += move(uow, [Move(stored, movement, f"earned:skonto-{wanted[number].partition(':')[2]}", today)])
    if happened:
        uow.emit(
            DiscountsEarned(
                movement_ids=tuple(it.id for it in happened),
                document_ids=tuple(it.before.document_id for it in happened),
                earned=tuple(happened),
            )
        )


def _without(uow: Uow, document_ids: Collection[int]) -> list[int]:
    """Those on which no Skonto stands: it is granted once."""
    return sorted(set(document_ids) - {granted.document_id for granted in granted_discounts(uow, document_ids)})
