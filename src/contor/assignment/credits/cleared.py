"""A payer deducts a credit of his from what he pays, and names both: the payment goes to what is owed, the rest of that is cleared with the
credit (money 4.6, posting table row 32). What was cleared so goes back with the assignment that it came with."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.assignment.assign import Plan
from contor.assignment.rules import by_switches, less_cleared, settling
from contor.assignment.types import Assign, AssignmentConfiguration, TargetType, source_of
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.openitems.clearing import Open, Pair, pairs, why_left_out
from contor.openitems.types import StoredCase
from contor.payments.intents import promises_of
from contor.payments.types import StoredPayment
from contor.runtime.uow import Uow


class Offset(NamedTuple):
    """What is cleared, and where the payment goes."""

    pairs: Sequence[Pair]
    parts: Sequence[Assign]


def take_with_credits(
    uow: Uow,
    plan: Plan,
    payment: StoredPayment,
    cases: Sequence[StoredCase],
    switches: AssignmentConfiguration,
    target_type: TargetType,
) -> list[str]:
    """The idents of the assignments that are made; none: a person decides. `cases`: all that the payment names, locked."""
    found = offset(uow, payment, cases, payment.amount, (switches, target_type))
    if found is None:
        return []
    idents = [uow.new_ident() for _ in found.parts]
    plan.clear(cleared_with(found, idents))  # first: what the payment leaves may be less than the credits are
    return plan.take(payment, found.parts, sure=True, idents=idents)


def cleared_with(found: Offset, assignments: Sequence[str]) -> list[tuple[Pair, str]]:
    """What is cleared, each pair under the source of the assignment that it goes back with. `assignments`: of the parts."""
    by_debit = {part.document_id: ident for part, ident in zip(found.parts, assignments, strict=True)}
    return [(pair, source_of(by_debit.get(pair.debit_id, assignments[0]))) for pair in found.pairs]


def offset(
    uow: Uow,
    payment: StoredPayment,
    cases: Sequence[StoredCase],
    amount: Decimal,
    allowed: tuple[AssignmentConfiguration, TargetType] | None = None,
) -> Offset | None:
    """The credits pay what is due first, `amount` of the payment the rest, also less the Skonto that it has earned of that; more or less
    than that as the switches that are `allowed` let it. None: they are of several customers, are not what it leaves, or one of them is not
    cleared by itself (a deposit, doubtful, under way)."""
    mine = [it for it in cases if it.case.balance and it.case.currency == payment.currency]
    if len({it.case.customer_ident for it in mine}) != 1 or len({it.case.ident for it in mine}) < len(mine):
        return None
    promised = {it.document_id: it.amount for it in promises_of(uow, [it.document_id for it in mine])}
    items = [_open(it, promised.get(it.document_id, ZERO)) for it in mine]
    if any(why_left_out(item, uow.ctx.today()) for item in items):
        return None
    cleared = pairs(items)
    off = {it.document_id: ZERO for it in mine}
    for pair in cleared:
        off[pair.debit_id] += pair.amount
        off[pair.credit_id] -= pair.amount
    left = {it.document_id: less_cleared(it.case, off[it.document_id]) for it in mine}
    owed = [case for case in left.values() if case.balance]
    if not owed or any(case.balance < 0 for case in owed):
        return None
    found = settling(owed, amount, payment.paid_on)
    if not found and allowed is not None:
        found = by_switches(amount, payment.paid_on, owed, *allowed).assignments
    if not found:
        return None
    numbers = {it.case.ident: it.document_id for it in mine}
    return Offset(cleared, [replace(part, document_id=numbers[part.case_ident]) for part in found])


def _open(stored: StoredCase, promised: Decimal) -> Open:
    case = stored.case
    return Open(stored.document_id, case.due_date, case.balance, case.doubtful, promised, False, None, case.is_deposit)
