"""Money after a loss: a receivable that was written off is paid after all. Pure.

Money first pays what is open, then what was written off, and only then is it too much. Each payment is divided so when it comes; when an
earlier one goes again, what is left is divided anew, as if that one had never been."""

import dataclasses
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.documents import treatment
from contor.documents.treatment import TaxPart, Treatment
from contor.documents.types import Discount
from contor.kernel.money import ZERO, quantum, round_amount
from contor.openitems.ledger import ledger_share
from contor.openitems.types import Case, DecisionType, Movement, MovementKind


def recovered(case: Case, amount: Decimal, standing: Sequence[Discount]) -> Movement | None:
    """What a payment of `amount` brings back of what was written off: first it pays what is open. The loss is taken back so far, and the
    tax is owed again (section 17 (2) no. 1 sentence 2 UStG); the payment settles it. None: nothing. `standing`: what no credit has taken
    back of the reductions."""
    lost = [it for it in standing if it.decision == DecisionType.UNCOLLECTABLE_RECEIVABLE and it.gross > 0]
    whole = sum((it.gross for it in lost), ZERO)
    back = min(amount - max(ZERO, case.balance), whole)
    if back <= 0 or case.opening <= 0:
        return None
    parts = tuple(_part(it, it.tax, it.gross) for it in lost)
    booked = tuple(_part(it, it.ledger_tax, it.ledger_gross) for it in lost)
    if back != whole:
        found = treatment.of_receipt(parts, (), back, case.currency, is_last=False)
        worth = round_amount(sum((part.gross for part in booked), ZERO) * back / whole, case.ledger_currency)
        parts, booked = found, treatment.converted(found, worth, case.ledger_currency)
    return Movement(
        kind=MovementKind.DECISION,
        amount=back,
        ledger_amount=sum((part.gross for part in booked), ZERO),
        parts=treatment.negated(parts),
        ledger_parts=treatment.negated(booked),
        decision=DecisionType.UNCOLLECTABLE_RECEIVABLE,
    )


class LossTaken(NamedTuple):
    """What an open item's movements say of losses and of doubt."""

    decided: Decimal
    """What was written off by decisions that stand, gross."""
    brought: tuple[TaxPart, ...]
    """What of it money brought back and credits took back, parallel to the case's groups; below zero where more of it went again."""
    brought_booked: tuple[TaxPart, ...]
    credited: tuple[TaxPart, ...]
    """What of that credits took back: it is owed by nobody, whatever money goes."""
    credited_booked: tuple[TaxPart, ...]
    doubted: Decimal
    """The balance when it was found doubtful, as far as it is so still."""
    allowance: Decimal
    """What was written down then, in the ledger's currency."""
    steps: int
    """Movements since."""


def loss_taken(
    case: Case,
    told: Iterable[tuple[Movement, bool]],
    credited: Sequence[Discount],
    earlier: Iterable[tuple[Movement, bool]] = (),
) -> LossTaken:
    """`told`: each movement of the case, in order, and whether it is a decision that stands. `credited`: what credits have taken back of
    the reductions. `earlier`: the same of the documents in whose place this one was issued, on whose items a loss stays."""
    of_credits = [it for it in credited if it.decision == DecisionType.UNCOLLECTABLE_RECEIVABLE]
    taken = treatment.along(case.groups, (_part(it, it.tax, it.gross) for it in of_credits))
    taken_booked = treatment.along(case.groups, (_part(it, it.ledger_tax, it.ledger_gross) for it in of_credits))
    brought, booked = taken, taken_booked
    decided, balance, doubted, allowance, steps, is_doubtful = ZERO, case.opening, ZERO, ZERO, 0, False
    own = list(told)
    for movement, _ in own:
        steps += 1
        if movement.decision is DecisionType.DOUBTFUL_RECEIVABLE:
            is_doubtful = not is_doubtful
            doubted, allowance, steps = (balance, movement.allowance, 0) if is_doubtful else (ZERO, ZERO, 0)
        balance += movement.amount
    for movement, stands in [*earlier, *own]:
        if movement.decision is DecisionType.UNCOLLECTABLE_RECEIVABLE and stands:
            decided -= movement.amount
        elif movement.decision is DecisionType.UNCOLLECTABLE_RECEIVABLE:
            brought = treatment.less(brought, treatment.along(case.groups, movement.parts))
            booked = treatment.less(booked, treatment.along(case.groups, movement.ledger_parts))
    if _gross(brought) < _gross(taken):  # the counter decision has left it out already
        taken = taken_booked = treatment.less(taken, taken)
    return LossTaken(decided, brought, booked, taken, taken_booked, doubted, allowance, steps)


def divided_anew(case: Case, standing: Sequence[Discount], loss: LossTaken) -> Movement | None:
    """What of the money that is there pays what is open instead of what was written off, or that instead of being too much; with what is
    left of an allowance. None: it is divided so."""
    found = _brought_anew(case, standing, loss)
    if found is not None:
        found = dataclasses.replace(found, ledger_amount=-_worth(case, found))
    allowance = _allowance_left(case, case.balance + (ZERO if found is None else found.amount), loss) - case.allowance
    if not allowance:
        return found
    found = found or Movement(kind=MovementKind.CORRECTION, amount=ZERO, ledger_amount=ZERO)
    return dataclasses.replace(found, allowance=allowance)


def _brought_anew(case: Case, standing: Sequence[Discount], loss: LossTaken) -> Movement | None:
    whole, credited = _gross(loss.brought), _gross(loss.credited)
    right = max(credited, min(whole - case.balance, loss.decided))
    if right == whole:
        return None
    if right > max(whole, ZERO):
        return recovered(case, max(ZERO, case.balance) + right - whole, standing)
    parts = treatment.less(loss.brought, loss.credited)
    booked = treatment.less(loss.brought_booked, loss.credited_booked)
    if right != credited:
        worth = round_amount(_gross(booked) * (whole - right) / _gross(parts), case.ledger_currency)
        parts = treatment.of_receipt(parts, (), whole - right, case.currency, is_last=False)
        booked = treatment.converted(parts, worth, case.ledger_currency)
    return Movement(
        kind=MovementKind.DECISION,
        amount=right - whole,
        ledger_amount=ZERO,
        parts=parts,
        ledger_parts=booked,
        decision=DecisionType.UNCOLLECTABLE_RECEIVABLE,
    )


def _worth(case: Case, found: Movement) -> Decimal:
    """What stood of it on the customer's account; what the loss is worth beside that is a difference of exchange. What is owed by it again
    is worth as much as the loss."""
    settles = -found.amount
    used = settles if settles > 0 else max(settles, min(case.balance, ZERO))
    again = round_amount(_gross(found.ledger_parts) * (settles - used) / settles, case.ledger_currency)
    return ledger_share(case, used) + again


def _allowance_left(case: Case, balance: Decimal, loss: LossTaken) -> Decimal:
    """The part of the allowance that the open part of the receivable has; each step was rounded by itself."""
    if not case.doubtful or loss.doubted <= 0:
        return case.allowance
    open_part = min(max(balance, ZERO), loss.doubted)
    left = round_amount(loss.allowance * open_part / loss.doubted, case.ledger_currency)
    is_exact = open_part in (ZERO, loss.doubted)
    drift = abs(left - case.allowance)
    return left if is_exact or drift > loss.steps * quantum(case.ledger_currency) else case.allowance


def _gross(parts: Sequence[TaxPart]) -> Decimal:
    return sum((part.gross for part in parts), ZERO)


def _part(it: Discount, tax: Decimal, gross: Decimal) -> TaxPart:
    return TaxPart(
        treatment=Treatment(it.treatment),
        category_code=it.category_code,
        rate=it.rate,
        net=gross - tax,
        tax=tax,
        gross=gross,
        country=it.country,
    )
