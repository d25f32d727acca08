"""Clear open items of one customer with each other, and take that back. Moves the cases; the books follow in the same transaction.

For whoever clears: `clear` under a source of its own, by which `unclear` takes all of it back.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import is_amount, worded
from contor.openitems.bounces import bounced
from contor.openitems.cases import locked_cases, locked_cases_of, move
from contor.openitems.clearing.rules import Pair, cleared_with
from contor.openitems.events import CasesCleared, ClearingsReversed
from contor.openitems.rules import moved
from contor.openitems.stored import READ_MOVEMENT
from contor.openitems.types import Case, Cleared, Move, MovedCase, StoredCase
from contor.runtime.uow import Uow


class _Standing(NamedTuple):
    """A movement that was not taken back."""

    id: int
    document_id: int
    source: str
    movement: str
    note: str | None
    """The other open item."""


def clear(uow: Uow, wanted: Sequence[Pair], source: str) -> list[Cleared]:
    """Clear debits with credits. `source`: `clearing:<ident>`, the caller's own. Raises `Refused` with everything that does not fit."""
    stored = {it.document_id: it for it in locked_cases(uow, {it for pair in wanted for it in (pair.debit_id, pair.credit_id)})}
    if problems := _why_not(stored, wanted):
        raise Refused(Kind.ILLEGAL_STATE, *problems)
    return clear_locked(uow, stored, [(pair, source) for pair in wanted])


def clear_locked(uow: Uow, stored: dict[int, StoredCase], wanted: Sequence[tuple[Pair, str]]) -> list[Cleared]:
    """As `clear`, of cases that are locked and fit; each pair under its own source. A debit and its credit move one behind the
    other."""
    today = uow.ctx.today()
    made: list[MovedCase] = []
    waiting: list[Move] = []
    states: dict[int, Case] = {}
    for pair, source in wanted:
        both = (pair.debit_id, pair.credit_id)
        if any(stored[number].case.matter is not None for number in both):
            # what moved before may have been of the same matter
            made += move(uow, waiting)
            waiting, states = [], {}
            stored.update({it.document_id: it for it in locked_cases(uow, both)})
        for number, other in (both, both[::-1]):
            if waiting and stored[number].case.matter is not None:
                made += move(uow, waiting)
                waiting, states = [], {}
                stored.update({it.document_id: it for it in locked_cases(uow, [number])})
            case = states.get(number, stored[number].case)
            movement = cleared_with(case, pair.amount)
            states[number] = moved(case, movement)
            waiting.append(Move(stored[number], movement, source, today, note=stored[other].case.ident))
    made += move(uow, waiting)
    return _told(uow, made)


def unclear(uow: Uow, sources: Sequence[str]) -> list[Cleared]:
    """Take back everything that was cleared under these sources and stands: the exact opposite, but for the tax of what is received in
    part by other payments since (section 20 UStG)."""
    stored = {it.document_id: it for it in locked_cases_of(uow, *sources)}
    rows = uow.all(  # as they stand now that nobody else takes them back
        _Standing,
        "SELECT id, document_id, source, movement::text AS movement, note FROM opos_movement m WHERE source = ANY (%s)"
        " AND kind = 'CLEARING' AND reversal_of IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM opos_movement r WHERE r.tenant_id = m.tenant_id AND r.reversal_of = m.id)"
        " ORDER BY id DESC",
        (list(sources),),
    )
    today = uow.ctx.today()
    made: list[MovedCase] = []
    waiting: list[Move] = []
    states: dict[int, Case] = {}
    for row in rows:
        if stored[row.document_id].case.matter is not None:
            made += move(uow, waiting)
            waiting, states = [], {}
            stored.update({it.document_id: it for it in locked_cases(uow, [row.document_id])})
        case = states.get(row.document_id, stored[row.document_id].case)
        back = bounced(case, READ_MOVEMENT(row.movement), ())
        assert back is not None  # nothing of a clearing is taken back elsewhere
        states[row.document_id] = moved(case, back)
        waiting.append(Move(stored[row.document_id], back, row.source, today, reversal_of=row.id, note=row.note))
    made += move(uow, waiting)
    found = [Cleared(debit, credit, debit.source) for credit, debit in _in_twos(made)]
    if found:
        uow.emit(
            ClearingsReversed(
                movement_ids=tuple(it.id for it in made),
                document_ids=tuple(it.before.document_id for it in made),
                cleared=tuple(found),
            )
        )
    return found


def _told(uow: Uow, made: Sequence[MovedCase]) -> list[Cleared]:
    found = [Cleared(debit, credit, debit.source) for debit, credit in _in_twos(made)]
    if found:
        uow.emit(
            CasesCleared(
                movement_ids=tuple(it.id for it in made),
                document_ids=tuple(it.before.document_id for it in made),
                cleared=tuple(found),
            )
        )
    return found


def _in_twos(made: Sequence[MovedCase]) -> Iterable[tuple[MovedCase, MovedCase]]:
    return zip(made[::2], made[1::2], strict=True)


def _why_not(stored: Mapping[int, StoredCase], wanted: Sequence[Pair]) -> list[Problem]:
    problems: list[Problem] = []
    left: dict[int, Decimal] = {number: it.case.balance for number, it in stored.items()}
    for pair in wanted:
        debit, credit = (stored[number].case if number in stored else None for number in (pair.debit_id, pair.credit_id))
        if debit is None or credit is None:
            problems.append(Problem("opos_case_not_found", "A document has no open item."))
            continue
        names = f"{debit.ident} and {credit.ident}"
        if (debit.customer_ident, debit.currency) != (credit.customer_ident, credit.currency):
            problems.append(Problem("clearing_of_strangers", f"{names} are not of one customer and currency."))
        problems += [
            Problem("case_not_clearable", f"{case.ident} is {'a deposit invoice' if case.is_deposit else 'doubtful'}.")
            for case in (debit, credit)
            if case.is_deposit or case.doubtful
        ]
        most = min(left[pair.debit_id], -left[pair.credit_id])
        if not 0 < pair.amount <= most or not is_amount(pair.amount, debit.currency):
            text = f"Of {names} at most {worded(max(most, most * 0), debit.currency)} can be cleared."
            problems.append(Problem("clearing_exceeds_balance", text, "amount", pair.amount))
        left[pair.debit_id] -= pair.amount
        left[pair.credit_id] += pair.amount
    return problems
