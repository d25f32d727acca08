"""Skonto falls when money that it rests on goes away: it was granted for all of what was paid in time, not for the last part alone."""

import datetime as dt

from contor.assignment.discounts import is_earned_still
from contor.documents.after import in_place_of, standing_discounts
from contor.openitems.bounces import bounced
from contor.openitems.cases import locked_cases, move
from contor.openitems.rules import moved
from contor.openitems.stored import granted_discounts
from contor.openitems.types import Case, Move, MovedCase, StoredCase
from contor.runtime.uow import Uow


def fallen_discounts(uow: Uow, stored: StoredCase, case: Case, source: str, on: dt.date) -> list[Move]:
    """The way back of each Skonto of `stored` that is not earned any more, by `case`: as it stands once `source` is done with its own. It
    falls on the day `on` on which the money went, not before it was granted."""
    if not case.cash_discount:
        return []
    standing, moves = None, []
    for granted in reversed(granted_discounts(uow, stored.document_id)):
        if granted.source == source or is_earned_still(case, granted.movement):
            continue
        standing = standing_discounts(uow, stored.document_id) if standing is None else standing
        if (back := bounced(case, granted.movement, standing)) is not None:
            moves.append(Move(stored, back, granted.source, max(on, granted.booked_on), reversal_of=granted.id))
            case = moved(case, back)
    return moves


def fallen_in_place(uow: Uow, document_id: int, source: str, on: dt.date) -> list[MovedCase]:
    """The same of what stands in the place of a document that was issued anew: what was paid on that one had paid the new one, which is
    owed again by now."""
    place = in_place_of(uow, {document_id}).get(document_id)
    if place is None:
        return []
    (stored,) = locked_cases(uow, [place])
    return move(uow, fallen_discounts(uow, stored, stored.case, source, on))
