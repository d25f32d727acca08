"""Skonto falls when something that it rests on goes away, money, a clearing or a decision: it was granted because nothing but it was left
open, not for the last part alone."""

import datetime as dt
from collections.abc import Collection

from contor.assignment.discounts import is_earned_still
from contor.assignment.events import DiscountsFallen
from contor.documents.after import in_place_of, standing_discounts
from contor.kernel.events import on
from contor.openitems.bounces import bounced, reversed_movement
from contor.openitems.cases import locked_cases, move
from contor.openitems.events import ClearingsReversed, DecisionsReverted
from contor.openitems.rules import moved
from contor.openitems.stored import granted_discounts, movements_of
from contor.openitems.types import Case, DecisionType, Move, MovedCase, StoredCase
from contor.runtime.uow import Uow


def fallen_discounts(uow: Uow, stored: StoredCase, case: Case, source: str, gone_on: dt.date) -> list[Move]:
    """The way back of each Skonto of `stored` that is not earned any more, by `case`: as it stands once `source` is done with its own. It
    falls on the day `gone_on` on which the money went, not before it was granted."""
    if not case.cash_discount:
        return []
    standing, moves = None, []
    for granted in reversed(granted_discounts(uow, [stored.document_id])):
        if granted.source == source or is_earned_still(case, granted.movement):
            continue
        standing = standing_discounts(uow, stored.document_id) if standing is None else standing
        if (back := bounced(case, granted.movement, standing)) is not None:
            moves.append(Move(stored, back, granted.source, max(gone_on, granted.booked_on), reversal_of=granted.id))
            case = moved(case, back)
    return moves


def fallen_charges(uow: Uow, stored: StoredCase, source: str, gone_on: dt.date) -> list[Move]:
    """The way back of the charges of banks that were decided with the assignment `source`, of which nothing is left."""
    charged = [it for it in movements_of(uow, source) if it[1].decision is DecisionType.BANK_FEE]
    return [Move(stored, reversed_movement(movement), source, gone_on, reversal_of=number) for number, movement in charged]


def fallen_in_place(uow: Uow, document_id: int, source: str, gone_on: dt.date) -> list[MovedCase]:
    """The same of what stands in the place of a document that was issued anew: what was paid on that one had paid the new one, which is
    owed again by now."""
    place = in_place_of(uow, {document_id}).get(document_id)
    if place is None:
        return []
    (stored,) = locked_cases(uow, [place])
    return move(uow, fallen_discounts(uow, stored, stored.case, source, gone_on))


@on(ClearingsReversed)
def fall_with_clearings(uow: Uow, fact: ClearingsReversed) -> None:
    """What was cleared is owed again."""
    _judge_last(uow, set(fact.document_ids))


@on(DecisionsReverted)
def fall_with_decisions(uow: Uow, fact: DecisionsReverted) -> None:
    """What was decided off, or to be paid otherwise, is owed again."""
    _judge_last(uow, {happened.before.document_id for done in fact.reverted for happened in done.moves})


def _judge_last(uow: Uow, document_ids: Collection[int]) -> None:
    """By what is left at the end: an assignment that goes with the clearing takes its own Skonto back."""
    uow.finish(lambda: _fall(uow, document_ids))


def _fall(uow: Uow, document_ids: Collection[int]) -> None:
    both = {*document_ids, *in_place_of(uow, document_ids).values()}
    happened = list[MovedCase]()
    for number in sorted({granted.document_id for granted in granted_discounts(uow, both)}):
        (stored,) = locked_cases(uow, [number])  # one by one: where tax arises on receipt one moves the others' matter
        happened += move(uow, fallen_discounts(uow, stored, stored.case, "", uow.ctx.today()))
    if happened:
        uow.emit(
            DiscountsFallen(
                movement_ids=tuple(it.id for it in happened),
                document_ids=tuple(it.before.document_id for it in happened),
                fallen=tuple(happened),
            )
        )
