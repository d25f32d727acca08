"""A return that a person puts to its open item takes back what payments brought there, and no more than that: of one that it names before
others, of the last before those that came earlier; also of the documents in whose place the item's stands."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from contor.assignment.assign import assign
from contor.assignment.events import PaymentsReturned
from contor.assignment.returning.paid_back import returned_on
from contor.assignment.returning.standing import Stands, standing_on
from contor.assignment.returning.take_back import Going, Meant, take_back
from contor.assignment.returning.way_back import target_of
from contor.assignment.types import Assign
from contor.documents.after import stands_for
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO, worded
from contor.openitems.cases import locked_cases, locked_cases_of
from contor.openitems.types import StoredCase
from contor.payments.changing import locked_payments
from contor.payments.queries import payments_returned
from contor.payments.types import StoredPayment
from contor.runtime.uow import Uow


def put_back(uow: Uow, payment: StoredPayment, stored: StoredCase, amount: Decimal, fee: Decimal) -> tuple[str, ...]:
    """A person says on which open item a return goes back, and how much: what it has of a payment of that amount is undone, as where it is
    found by itself; else parts of what payments brought there. Answers the idents of the assignments, those of open items first. `amount`,
    `fee`: signed as the return is; the fee is what the banks took. Raises INVALID where payments brought less."""
    if not amount:
        return tuple(it.ident for it in assign(uow, payment, [], automatic=False, from_unassigned=True, fee=fee))
    going = _going(uow, payment, stored, amount)
    rest = amount + sum((part for _, part in going), ZERO)
    if rest < 0:
        case = stored.case
        message = f"Only {worded(rest - amount, case.currency)} were received on {case.ident}: no more can go back."
        raise Refused(Kind.INVALID, Problem("amount_exceeds_received", message, "amount", -amount))
    idents, facts = list[str](), []
    payers = list(dict.fromkeys(of.payment_ident for of, _ in going))
    originals = locked_payments(uow, payers)
    for ident in payers:
        backs = [Going(it, _target(uow, it, part), part) for it, part in going if it.payment_ident == ident]
        its_fee, fee = fee, ZERO
        done, fact = take_back(uow, payment, Meant(originals[ident].payment, backs, automatic=False), its_fee, from_unassigned=True)
        idents += done.assignments
        facts.append(fact)
    if facts:
        uow.emit(PaymentsReturned(payment_idents=(payment.ident,), returned=tuple(facts)))
    if rest:  # a transfer of ours came back that was made elsewhere
        part = Assign(case_ident=stored.case.ident, amount=rest, document_id=stored.document_id)
        idents += [it.ident for it in assign(uow, payment, [part], automatic=False, from_unassigned=True, fee=fee)]
    return tuple(idents)


def _going(uow: Uow, payment: StoredPayment, stored: StoredCase, amount: Decimal) -> list[tuple[Stands, Decimal]]:
    """What goes back of which assignments, signed as those: one that has that amount, else parts of them."""
    cases = locked_cases(uow, stands_for(uow, [stored.document_id])[stored.document_id])
    named = {it.ident for it in payments_returned(uow, [payment])[payment.ident]}
    found = [it for it in standing_on(uow, cases, payment.currency) if it.amount * amount < 0]
    found.sort(key=lambda it: it.payment_ident in named)  # stays in order else
    exact = [it for it in found if it.amount == -amount]
    return [(exact[-1], -amount)] if exact else list(_parts(found[::-1], -amount))


def _parts(found: Sequence[Stands], amount: Decimal) -> Iterator[tuple[Stands, Decimal]]:
    for it in found:
        if not amount:
            return
        part = min(it.amount, amount, key=abs)
        amount -= part
        yield it, part


def _target(uow: Uow, of: Stands, part: Decimal) -> StoredCase:
    """Where it goes back. Raises INVALID, ILLEGAL_STATE."""
    if part == of.made or part < 0:
        return target_of(uow, of.ident, part)
    (own,) = locked_cases_of(uow, f"assignment:{of.ident}")
    return returned_on(uow, own, part)
