"""Skonto falls when something that it rests on goes away, money, a clearing or a decision: it was granted because nothing but it was left
open, not for the last part alone."""

import datetime as dt
from collections.abc import Collection, Sequence

from contor.assignment.discounts import is_earned_still
from contor.assignment.events import DiscountsFallen
from contor.documents.after import in_place_of, standing_discounts, stands_for
from contor.kernel.events import on
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
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
    if not case.cash_discount or not (all_granted := granted_discounts(uow, [stored.document_id])):
        return []
    standing, moves, beside = None, [], _beside(uow, stored.document_id)
    for granted in reversed(all_granted):
        if granted.source == source or is_earned_still(_as_one(case, beside), granted.movement):
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
    """The same of what stands in the place of a document that was issued anew, and of those in whose place it stands: what was paid on one
    had paid the last one, which is owed again by now."""
    happened = list[MovedCase]()
    for number in sorted(_granted_in_places(uow, {document_id}) - {document_id}):
        (stored,) = locked_cases(uow, [number])
        happened += move(uow, fallen_discounts(uow, stored, stored.case, source, gone_on))
    return happened


def _places(uow: Uow, document_ids: Collection[int]) -> dict[int, list[int]]:
    """By the document that stands now all in whose place it does, of each of these."""
    places = in_place_of(uow, document_ids)
    return stands_for(uow, {places.get(number, number) for number in document_ids})


def _granted_in_places(uow: Uow, document_ids: Collection[int]) -> set[int]:
    all_of_them = {number for its in _places(uow, document_ids).values() for number in its}
    return {granted.document_id for granted in granted_discounts(uow, all_of_them)}


def _beside(uow: Uow, document_id: int) -> list[StoredCase]:
    """The other open items of what a document was issued anew as, or stands for, the one that stands now the last."""
    ((_, its),) = _places(uow, [document_id]).items()
    return locked_cases(uow, set(its) - {document_id}) if len(its) > 1 else []


def _as_one(case: Case, beside: Sequence[StoredCase]) -> Case:
    """A document that was issued anew is one with what stands in its place: what is owed, was paid and credited of both. The credit of the
    reissue is none."""
    if not beside:
        return case
    cases = [case, *(it.case for it in beside)]
    return replace(
        case,
        balance=sum((it.balance for it in cases), ZERO),
        received=tuple(paid for it in cases for paid in it.received),
        credited=min(it.credited for it in cases),
    )


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
    happened = list[MovedCase]()
    for number in sorted(_granted_in_places(uow, document_ids)):
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
