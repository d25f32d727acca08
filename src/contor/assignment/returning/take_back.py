"""A return takes back what was assigned of the payment that it names: the open item is owed again (posting table row 17), what the bank
took for it is a cost of ours. It waits where that payment is not here yet, and is found by it when it comes."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from contor.assignment.assign import Row, assign, in_ledger, write
from contor.assignment.events import PaymentsReturned
from contor.assignment.finding import forget_payer
from contor.assignment.matching import document_numbers
from contor.assignment.reasons import Decided, keep_reasons
from contor.assignment.returning.rest import left_of, take_rest
from contor.assignment.returning.since import since_it_waits
from contor.assignment.returning.standing import Stands, returned_before, standing_of_payments
from contor.assignment.returning.way_back import By, free_used, returned_back, target_of
from contor.assignment.types import Assign, Assigned, Reason, Returned, Rule, Said
from contor.kernel.errors import Refused
from contor.kernel.events import on
from contor.kernel.money import ZERO, worded
from contor.openitems.types import StoredCase
from contor.payments.changing import Standing, locked_payments, nothing_assigned, set_standing
from contor.payments.events import PaymentsNamed, ReturnsTold
from contor.payments.intents import documents_of_references
from contor.payments.queries import adds_up, named_later, payments_returned, returned_amount, returns_waiting
from contor.payments.types import StoredPayment
from contor.runtime.uow import Uow

SUCCESS: Final = "0000"
"""The code by which a bank reports that all is well: no return."""


class Undone(NamedTuple):
    """What became of a return."""

    payment: StoredPayment
    assignments: tuple[str, ...]
    reason: Reason | None = None
    note: str = ""


class Meant(NamedTuple):
    """A payment, and what of it goes back."""

    original: StoredPayment
    backs: list["Going"]
    rest: bool = False
    """All of it: also what it paid of claims, and what waits of it."""
    automatic: bool = True


class Going(NamedTuple):
    """What goes back on one case."""

    of: Stands
    stored: StoredCase
    part: Decimal
    """So much of what is left of the assignment, signed as that."""


def locked_originals(uow: Uow, returns: Sequence[StoredPayment]) -> Mapping[str, Sequence[StoredPayment]]:
    """By ident of the return the payments that may be meant, locked: what is assigned of them is as it is read from now on. Before any
    open item, as everyone locks them."""
    found = payments_returned(uow, returns) if returns else {}
    if found:
        locked_payments(uow, [it.ident for its in found.values() for it in its])
    return found


def taken_back(
    uow: Uow, returns: Sequence[StoredPayment], originals: Mapping[str, Sequence[StoredPayment]], *, from_unassigned: bool
) -> list[Undone]:
    """Take back what they name, as far as it is clear. `originals`: as `locked_originals` found them. `from_unassigned`: they have
    waited."""
    made, facts = [], []
    for payment in returns:
        found = _meant(uow, payment, originals[payment.ident])
        if isinstance(found, Undone):
            made.append(found)
            continue
        fee = payment.returns.charges.copy_sign(payment.amount) if payment.returns else ZERO
        done, fact = take_back(uow, payment, found, fee, from_unassigned=from_unassigned)
        made.append(done)
        facts.append(fact)
    if facts:
        uow.emit(PaymentsReturned(payment_idents=tuple(fact.payment.ident for fact in facts), returned=tuple(facts)))
    return made


def _meant(uow: Uow, payment: StoredPayment, originals: Sequence[StoredPayment]) -> Meant | Undone:
    """The assignments that it takes back, with their cases, locked; or why none."""
    standing = standing_of_payments(uow, [it.ident for it in originals])
    amount = returned_amount(payment)
    left = {it.ident: left_of(uow, payment, it, _sum(standing.get(it.ident, []))) for it in originals}
    entire = [ident for ident, it in left.items() if it.beside and it.entire == amount]
    beside = [ident for ident, it in left.items() if it.beside == amount and it.entire != amount]
    rests = [it.entire for it in left.values() if it.entire]
    if not standing and not entire and rests:
        left_over = worded(max(rests), payment.currency)
        note = f"{left_over} of the payment paid claims or wait: they go back as a whole, else put them to documents"
        return Undone(payment, (), Reason.RETURN_NOT_CLEAR, note)
    if not standing and not entire and originals and returned_before(uow, [it.ident for it in originals]):
        return Undone(payment, (), Reason.RETURNED_BEFORE, "the payment was returned before, by another one")
    if not standing and not entire:
        note = "the payment is here and waits itself" if originals else ""
        return Undone(payment, (), Reason.RETURN_WITHOUT_PAYMENT, note)
    whole = [(ident, its) for ident, its in standing.items() if _sum(its) == amount]
    whole += [(ident, standing.get(ident, [])) for ident in entire]
    choices = whole or [(ident, [it]) for ident, its in standing.items() for it in its if abs(it.amount) == amount]
    choices += [(ident, []) for ident in beside if not whole]
    if len(choices) > 1:
        choices = _meant_part(uow, payment, choices) or choices
    most = max((max(it.entire, _sum(standing.get(ident, []))) for ident, it in left.items()), default=ZERO)
    if not choices and amount > most and returned_before(uow, list(left)):
        note = f"only {worded(most, payment.currency)} of it are left: a part was returned before, by another payment"
        return Undone(payment, (), Reason.RETURNED_BEFORE, note)
    if len(choices) != 1 or not adds_up(payment):
        return Undone(payment, (), Reason.RETURN_NOT_CLEAR, f"{len(choices)} payments or parts of them have the amount")
    try:
        ((ident, assigned),) = choices
        original = next(it for it in originals if it.ident == ident)
        return Meant(
            original,
            [Going(it, target_of(uow, it.ident, it.amount), it.amount) for it in assigned],
            ident in entire or not assigned,
        )
    except Refused as refused:
        return Undone(payment, (), Reason.RETURN_REFUSED, refused.problems[0].message)


def _meant_part(uow: Uow, payment: StoredPayment, choices: Sequence[tuple[str, list[Stands]]]) -> list[tuple[str, list[Stands]]]:
    """Of parts of one amount those whose document the return means: by a reference of ours, or by what that part says."""
    names = [name for name in (payment.end_to_end_ident, payment.provider_reference) if name]
    numbers: set[tuple[str | None, str]] = {(None, row.document_ident) for row in documents_of_references(uow, names)}
    for it in named_later(uow, payment):
        numbers |= {(it.payment_ident, number) for number in document_numbers(it.text)}
    return [(ident, its) for ident, its in choices if any({(of, it.target_ident) for of in (None, ident)} & numbers for it in its)]


def _sum(assigned: Sequence[Stands]) -> Decimal:
    return sum((abs(it.amount) for it in assigned), ZERO)


def take_back(uow: Uow, payment: StoredPayment, meant: Meant, fee: Decimal, *, from_unassigned: bool) -> tuple[Undone, Returned]:
    """What is meant is undone. `fee`: what of it the banks took, signed as it is."""
    assert payment.returns is not None
    idents, found = list[str](), meant.backs
    for back in found:
        idents.append(_undone(uow, payment, meant, back, from_unassigned=from_unassigned))
        forget_payer(uow, back.of.ident)
    if found and fee:
        last = found[-1].of.ident
        made = assign(uow, payment, [], automatic=meant.automatic, from_unassigned=from_unassigned, returns_ident=last, fee=fee)
        idents += [done.ident for done in made]
    if meant.rest:
        idents += take_rest(uow, payment, meant.original, from_unassigned=from_unassigned, fee=ZERO if found else fee)
    fact = Returned(
        payment=payment,
        original=meant.original,
        reason_code=payment.returns.reason_code,
        amount=returned_amount(payment) if meant.automatic else sum((abs(back.part) for back in found), ZERO),
        charges=abs(fee),
        document_ids=tuple(back.stored.document_id for back in found),
        document_idents=tuple(back.stored.case.ident for back in found),
        customer_idents=tuple(back.stored.case.customer_ident for back in found),
    )
    return Undone(payment, tuple(idents)), fact


def _undone(uow: Uow, payment: StoredPayment, meant: Meant, back: Going, *, from_unassigned: bool) -> str:
    """The assignment by which the return takes one back; a part of it as money that goes out."""
    case = back.stored.case
    if back.part != back.of.made:
        free_used(uow, back.of.ident, back.part)
        is_last = back.part == back.of.amount
        part = Assign(
            case_ident=case.ident,
            amount=-back.part,
            document_id=back.stored.document_id,
            returns=back.of.ident,
            returns_last=is_last,
        )
        (made,) = assign(uow, payment, [part], automatic=meant.automatic, from_unassigned=from_unassigned)
        return made.ident
    ident, amount = str(uow.new_uuid()), -back.part
    gone = returned_back(uow, back.of.ident, back.part, By(ident, payment, meant.original))
    done = Assigned(
        ident,
        payment,
        amount,
        in_ledger(payment, amount, case),
        from_unassigned,
        tuple(gone.happened),
        exchanged=gone.exchanged,
    )
    write(uow, [Row(done, "DOCUMENT", case.ident, case.customer_ident, back.of.ident)], automatic=meant.automatic, sure=())
    return ident


def fee_left(uow: Uow, payment: StoredPayment) -> Decimal:
    """What the banks took of a return, as far as it is not booked yet, positive."""
    if payment.returns is None or payment.amount > 0 or not payment.returns.charges:
        return ZERO
    sql = "SELECT 1 FROM payment_assignment WHERE payment_ident = %s AND target_type = 'BANK_FEE' AND status = 'PROCESSED' LIMIT 1"
    return ZERO if uow.scalar(int, sql, (payment.ident,)) else payment.returns.charges


@on(PaymentsNamed)
def look_for_returns(uow: Uow, fact: PaymentsNamed) -> None:
    """What took them back before is found by the names that they have now."""
    waiting_for(uow, fact.payments)


def waiting_for(uow: Uow, payments: Sequence[StoredPayment]) -> None:
    """What was assigned just now may have been returned before."""
    _look_again(uow, returns_waiting(uow, payments) if payments else [])


@on(ReturnsTold)
def take_back_told(uow: Uow, fact: ReturnsTold) -> None:
    """What is said to be a return only now takes back what it names; what a person made of it by then stands."""
    _look_again(uow, fact.payments)


def _look_again(uow: Uow, waiting: Sequence[StoredPayment]) -> None:
    if not waiting:
        return
    locked = locked_payments(uow, [it.ident for it in waiting])
    again = [it.payment for it in locked.values() if it.status == "OPEN" and it.payment.returns is not None]
    again = [it for it in again if it.returns is not None and it.returns.reason_code != SUCCESS]
    done = taken_back(uow, since_it_waits(uow, again), locked_originals(uow, again), from_unassigned=True)
    set_standing(uow, [standing_of(it) for it in done])
    keep_reasons(uow, [decided(it) for it in done if it.assignments])


def standing_of(done: Undone) -> Standing:
    """How a return stands after it was looked at."""
    if done.assignments:
        return Standing(done.payment.ident, abs(done.payment.amount), abs(done.payment.amount), None, done.payment.category)
    return nothing_assigned(done.payment, done.reason.value if done.reason else None, done.payment.category)


def decided(done: Undone) -> Decided:
    """Why."""
    names = (done.payment.end_to_end_ident, done.payment.provider_reference, done.payment.mandate_reference)
    said = Said(reason=done.reason, text=" ".join(it for it in names if it), note=done.note, assignments=done.assignments)
    return Decided(done.payment.ident, Rule.RETURN, said)
