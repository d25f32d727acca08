"""The same booking is known again, whatever message tells of it, or whoever gave it as a payment. Pure.

By the bank's reference where it has one that no other booking of the message has; else by days, amount and place among equal ones, unless
the other end's reference or account says that it is another. Texts are never compared: formats cut them differently.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.payments.statements.types import Entry

MOVED_WITHIN = dt.timedelta(days=4)
"""By so much the day of a booking may move between what is reported of a day and its end."""
GIVEN = "GIVEN"
"""The family of what no message of the bank told: whoever gave the payment calls it what he likes, and says its day."""


@dataclass(slots=True)
class Booking:
    """A booking as it is told from others: of a message, or stored."""

    booked_on: dt.date
    valued_on: dt.date | None
    """None: who gave it did not say."""
    amount: Decimal
    family: str
    """Formats whose references are the same: CAMT, SWIFT, TABLE; or `GIVEN`."""
    reference: str | None = None
    end_to_end: str | None = None
    iban_key: str | None = None
    other_reference: str | None = None
    """Of one that was given: the second of its names, either of which may be the bank's."""
    ident: str | None = None
    """Of one that is stored."""
    payment: str | None = None
    """The payment that was given, and that it is."""
    position: int | None = None
    """The statement that proves it."""
    ordinal: int = 1
    parts: int = 0
    detail: int = 0
    payments: int = 0


class Day(NamedTuple):
    booked_on: dt.date
    valued_on: dt.date | None
    amount: Decimal


def family_of(form: str) -> str:
    return "CAMT" if form.startswith("camt") else "TABLE" if form == "CSV" else "SWIFT"


def bookings_of(entries: Sequence[Entry], form: str, keys: Mapping[str, str]) -> list[Booking]:
    """Of a message: a reference that several of its bookings have is none. `keys`: by IBAN, what finds it."""
    often = Counter(entry.reference for entry in entries if entry.reference)
    made = []
    for entry in entries:
        one = entry.parts[0] if len(entry.parts) == 1 else None
        made.append(
            Booking(
                booked_on=entry.booked_on,
                valued_on=entry.valued_on,
                amount=entry.amount,
                family=family_of(form),
                reference=entry.reference if entry.reference and often[entry.reference] == 1 else None,
                end_to_end=one.end_to_end if one else None,
                iban_key=keys.get(one.iban) if one and one.iban else None,
                parts=len(entry.parts),
                detail=detail_of(entry),
            )
        )
    return made


def detail_of(entry: Entry) -> int:
    """How much a message says of a booking: of two the one with more counts."""
    said = sum(
        bool(value)
        for part in entry.parts
        for value in (
            part.name,
            part.iban or part.account,
            part.end_to_end,
            part.mandate,
            part.text,
            part.return_code,
            part.charges,
        )
    )
    return said + bool(entry.charges) + 10 * max(len(entry.parts) - 1, 0)


def matched(found: Sequence[Booking], known: Sequence[Booking]) -> list[Booking | None]:
    """For each booking of a message the stored one that it is; None: it is new."""
    answer: list[Booking | None] = [None] * len(found)
    taken: set[int] = set()
    by_reference = defaultdict[str, list[int]](list)
    by_day = defaultdict[tuple[dt.date, Decimal], list[int]](list)
    for place, one in enumerate(known):
        for name in _references(one):
            by_reference[name].append(place)
        by_day[one.booked_on, one.amount].append(place)
    for number, one in enumerate(found):
        called = [(place, len(by_reference[name]) == 1) for name in _references(one) for place in by_reference.get(name, ())]
        for place, alone in called:
            if place not in taken and _is_same_reference(one, known[place], alone=alone):
                answer[number] = known[place]
                taken.add(place)
                break
    for certain in (True, False):
        for number, one in enumerate(found):
            if answer[number] is not None:
                continue
            for place in by_day.get((one.booked_on, one.amount), ()):
                if place not in taken and _may_be(one, known[place]) and (not certain or _is_confirmed(one, known[place])):
                    answer[number] = known[place]
                    taken.add(place)
                    break
    return answer


def ordinals(fresh: Sequence[Booking], known: Sequence[Booking]) -> None:
    """Number new bookings among equal ones of their day, behind those that are known."""
    highest: dict[Day, int] = {}
    for one in known:
        highest[_day(one)] = max(highest.get(_day(one), 0), one.ordinal)
    for one in fresh:
        highest[_day(one)] = one.ordinal = highest.get(_day(one), 0) + 1


def _day(one: Booking) -> Day:
    return Day(one.booked_on, one.valued_on, one.amount)


def _references(one: Booking) -> list[str]:
    return list(dict.fromkeys(name for name in (one.reference, one.other_reference) if name))


def _is_same_reference(one: Booking, known: Booking, *, alone: bool) -> bool:
    if one.amount != known.amount:
        return False
    is_said = GIVEN in (one.family, known.family)
    if known.position is not None or not alone or is_said:  # a day that is proved moves no more, nor one that a client says
        return one.booked_on == known.booked_on
    return abs(one.booked_on - known.booked_on) <= MOVED_WITHIN


def _may_be(one: Booking, known: Booking) -> bool:
    if one.valued_on and known.valued_on and one.valued_on != known.valued_on:
        return False
    if one.end_to_end and known.end_to_end and one.end_to_end != known.end_to_end:
        return False
    if one.iban_key and known.iban_key and one.iban_key != known.iban_key:
        return False
    return not (one.reference and known.reference and one.family == known.family and one.reference != known.reference)


def _is_confirmed(one: Booking, known: Booking) -> bool:
    return bool((one.end_to_end and one.end_to_end == known.end_to_end) or (one.iban_key and one.iban_key == known.iban_key))
