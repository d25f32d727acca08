"""What the statements of one account add to what is known of it. Pure.

All of it or nothing: where one statement cannot be believed, those behind it would follow nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from contor.kernel.errors import Problem
from contor.payments.statements.judged.chain import Proved, linked
from contor.payments.statements.judged.known import Booking, bookings_of, matched, ordinals
from contor.payments.statements.judged.transfers import ordered, statement_problems
from contor.payments.statements.types import Entry, Statement

FORCIBLE = frozenset({"balance_differs", "statement_gap", "day_differs", "opening_balance_missing", "closing_balance_missing"})
"""What a person may overrule who knows better than the bank's file."""


@dataclass(slots=True)
class Plan:
    """What is to be stored of the statements of one account."""

    fresh: list[tuple[Booking, Entry]] = field(default_factory=list)
    """Bookings that no message told before; those that were given as payments make none."""
    richer: list[tuple[Booking, Entry]] = field(default_factory=list)
    """Known bookings of which more is known now."""
    told: list[tuple[Booking, Entry]] = field(default_factory=list)
    """Known bookings that are named again."""
    learned: list[Booking] = field(default_factory=list)
    """Known bookings by names that were not known."""
    proofs: list[tuple[Proved, Statement]] = field(default_factory=list)
    proved: list[Booking] = field(default_factory=list)
    """Known bookings that a statement proves now."""
    known: int = 0
    information: int = 0
    """Lines that are no bookings: not booked yet, or of 0.00."""
    problems: list[Problem] = field(default_factory=list)
    overruled: list[Problem] = field(default_factory=list)


def planned(
    statements: Sequence[Statement],
    known: Sequence[Booking],
    ends: tuple[Proved, Proved] | None,
    keys: Mapping[str, str],
    new_ident: Callable[[], str],
    *,
    given: Sequence[Booking] = (),
    force: bool = False,
) -> Plan:
    """`known`: the bookings of the account around the days of the statements. `given`: the payments of these days that no statement
    brought. `keys`: by IBAN, what finds it."""
    plan, bookings, stored = Plan(), list(known), {id(one) for one in known}
    for statement in ordered(statements):
        found = bookings_of(statement.booked, statement.form, keys)
        matches = matched(found, bookings)
        wrong = statement_problems(statement)
        link = linked(statement, matches, [one for one in bookings if one.position is None], ends, force=force)
        problems = [*wrong, *([] if any(one.code == "balance_differs" for one in wrong) and not force else link.problems)]
        if problems and not (force and all(one.code in FORCIBLE for one in problems)):
            plan.problems = [_named(one, statement) for one in problems]
            return plan
        plan.overruled += [_named(one, statement) for one in problems]
        ordinals([one for one, known_one in zip(found, matches, strict=True) if known_one is None], bookings)
        _find_given([one for one, known_one in zip(found, matches, strict=True) if known_one is None], given, plan)
        position = link.proved.position if link.proved is not None else None
        for one, match, entry in zip(found, matches, statement.booked, strict=True):
            if match is None:
                one.ident, one.position = new_ident(), position
                plan.fresh.append((one, entry))
                bookings.append(one)
                continue
            plan.known += 1
            if match.position is None and position is not None:
                match.position = position
                if id(match) in stored:
                    plan.proved.append(match)
            is_stored = id(match) in stored
            if is_stored and (
                entry.reference
                or any(part.end_to_end or part.mandate or part.reference or part.return_code for part in entry.parts)
            ):
                plan.told.append((match, entry))
            _enrich(plan, match, one, entry, is_stored=is_stored)
        plan.information += len(statement.entries) - len(statement.booked)
        if link.proved is not None:
            plan.proofs.append((link.proved, statement))
            ends = _ends(ends, link.proved)
    _tell_given(plan, given)
    return plan


def _find_given(new: Sequence[Booking], given: Sequence[Booking], plan: Plan) -> None:
    """Say of new bookings which payments they are that were given beside the statements. They prove nothing, and contradict nothing."""
    if not given:
        return
    taken = {one.payment for one, _ in plan.fresh}
    for one, payment in zip(new, matched(new, [it for it in given if it.payment not in taken]), strict=True):
        if payment is not None:
            one.payment, one.payments = payment.payment, 1
            plan.known += 1


def _tell_given(plan: Plan, given: Sequence[Booking]) -> None:
    """What the statements say of payments that were given is told as of any that is known."""
    details = {one.payment: one.detail for one in given}
    for one, entry in plan.fresh:
        if one.payment is not None:
            plan.told.append((one, entry))
            if one.detail > details[one.payment]:
                plan.richer.append((one, entry))
            one.detail = max(one.detail, details[one.payment])


def _enrich(plan: Plan, match: Booking, one: Booking, entry: Entry, *, is_stored: bool) -> None:
    """What a later message knows better. Of two messages of one file the fuller one counts from the first."""
    known = (match.reference, match.end_to_end, match.iban_key)
    match.reference = match.reference or one.reference
    match.end_to_end, match.iban_key = match.end_to_end or one.end_to_end, match.iban_key or one.iban_key
    if is_stored and known != (match.reference, match.end_to_end, match.iban_key):
        plan.learned.append(match)
    if one.detail <= match.detail:
        return
    match.detail, match.parts = one.detail, one.parts
    if is_stored:
        plan.richer = [(known, told) for known, told in plan.richer if known is not match] + [(match, entry)]
    else:
        plan.fresh = [(known, entry if known is match else told) for known, told in plan.fresh]


def _ends(ends: tuple[Proved, Proved] | None, proved: Proved) -> tuple[Proved, Proved]:
    if ends is None:
        return proved, proved
    first, last = ends
    return (proved, last) if proved.position < first.position else (first, proved)


def _named(problem: Problem, statement: Statement) -> Problem:
    """With the statement that is meant."""
    day = statement.closing.on if statement.closing else max((entry.booked_on for entry in statement.entries), default=None)
    of = f"{statement.form} {statement.number or ''}".strip() + (f" of {day}" if day else "")
    return Problem(problem.code, f"{of}: {problem.message}", problem.field, problem.rejected_value)
