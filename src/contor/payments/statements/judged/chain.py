"""How a statement follows what is proved of its account: by balance and day, never by number. Pure."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.errors import Problem
from contor.kernel.money import ZERO, worded
from contor.payments.statements.judged.known import Booking
from contor.payments.statements.types import Kind, Statement

GAP, DIFFERS = "statement_gap", "day_differs"


class Proved(NamedTuple):
    """A statement that is stored, or one that is about to be."""

    position: int
    from_amount: Decimal
    to_amount: Decimal
    from_day: dt.date
    to_day: dt.date
    forced: bool = False


class Link(NamedTuple):
    """What becomes of a statement: the proof that it adds, if any, or why it is kept aside."""

    proved: Proved | None
    problems: list[Problem]


def linked(
    statement: Statement,
    matches: Sequence[Booking | None],
    unproved: Sequence[Booking],
    ends: tuple[Proved, Proved] | None,
    *,
    force: bool,
) -> Link:
    """`matches`: what is known of each of its bookings. `unproved`: all bookings of the account that no statement proves yet. `ends`: the
    first and the last statement of the account. With `force` it is taken whatever is wrong with it."""
    problems = _proved_days(statement, matches, ends)
    if statement.kind is not Kind.END_OF_DAY or statement.opening is None or statement.closing is None:
        return Link(None, [] if force else problems)
    opening, closing, money = statement.opening.amount, statement.closing.amount, statement.closing.currency
    booked = statement.booked
    last_day = statement.closing.on
    first_day = min([entry.booked_on for entry in booked if entry.booked_on >= statement.opening.on] + [last_day])
    is_false = opening + sum((entry.amount for entry in booked), ZERO) != closing
    if ends is None:
        missing = _missing(statement, matches, unproved, first_day)
        made = Proved(0, opening, closing, first_day, last_day, bool(missing) or is_false)
        return Link(None if missing and not force else made, missing)
    first, last = ends
    open_sum = sum((e.amount for e, known in zip(booked, matches, strict=True) if known is None or known.position is None), ZERO)
    has_open = any(known is None or known.position is None for known in matches)
    if last_day >= last.to_day and last.to_amount + open_sum == closing and (has_open or opening + open_sum == closing):
        missing = _missing(statement, matches, unproved, last.to_day + dt.timedelta(days=1))
        if missing and not force:
            return Link(None, missing)
        is_known = not has_open and last_day == last.to_day
        made = Proved(last.position + 1, last.to_amount, closing, max(first_day, last.to_day), last_day, bool(missing))
        return Link(None if is_known else made, missing)
    if not has_open and first.from_day <= first_day and last_day <= last.to_day and not problems:
        return Link(None, [])  # all of it is known
    if (
        last_day <= first.from_day
        and closing == first.from_amount
        and not any(known and known.position is not None for known in matches)
    ):
        return Link(Proved(first.position - 1, opening, closing, first_day, last_day), [])
    if problems or last_day <= last.to_day or any(known is not None and known.position is not None for known in matches):
        what = f"Its bookings and those that are proved of {first.from_day} to {last.to_day} do not agree"
        problems = problems or [
            Problem(DIFFERS, f"{what}: with it the account would not close with {worded(closing, money)}.", "file")
        ]
    else:
        what = (
            f"The statement begins with {worded(opening, money)}, the last that is known ends with {worded(last.to_amount, money)}"
        )
        problems = [Problem(GAP, f"{what} on {last.to_day}: one is missing between them.", "file", opening)]
    return Link(Proved(last.position + 1, opening, closing, first_day, last_day, True) if force else None, problems)


def _proved_days(statement: Statement, matches: Sequence[Booking | None], ends: tuple[Proved, Proved] | None) -> list[Problem]:
    """New bookings of days that are proved already."""
    if ends is None:
        return []
    first, last = ends
    end = statement.closing.on if statement.closing else dt.date.max
    fresh = [
        entry
        for entry, known in zip(statement.booked, matches, strict=True)
        if known is None and first.from_day <= entry.booked_on <= last.to_day
    ]
    if not fresh or (statement.kind is Kind.END_OF_DAY and end >= last.to_day and all(e.booked_on == last.to_day for e in fresh)):
        return []
    one = fresh[0]
    message = f"A booking of {worded(one.amount, one.currency)} of {one.booked_on} is not among those that are proved of that day."
    return [Problem(DIFFERS, message, "file", one.amount)]


def _missing(statement: Statement, matches: Sequence[Booking | None], unproved: Sequence[Booking], since: dt.date) -> list[Problem]:
    """Bookings that were reported, and that the end of their day does not know."""
    if statement.closing is None:
        return []
    named = {id(known) for known in matches if known is not None}
    end = statement.closing.on
    left = [one for one in unproved if id(one) not in named and since <= one.booked_on <= end]
    return [
        Problem(
            DIFFERS,
            f"A booking of {one.amount} of {one.booked_on} was reported before, and this statement does not know it.",
            "file",
        )
        for one in left[:20]
    ]
