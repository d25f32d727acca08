"""Assign payments to open items, by their text or by hand, and take assignments back."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from contor.assignment import tables
from contor.assignment.configuration import ConfigurationBody, configuration_of, strategies_of, switches_of
from contor.assignment.events import PaymentsAssigned, PaymentsLeftOpen
from contor.assignment.fallen import fallen_discounts, fallen_in_place
from contor.assignment.matching import candidates, compact_keys, has_four_digits
from contor.assignment.rules import outcome
from contor.assignment.types import Assign, Assigned, AssignmentConfiguration, Outcome, Reason, TargetType
from contor.documents.after import standing_discounts
from contor.documents.naming import documents_named, own_first
from contor.documents.queries import documents_of_orders
from contor.kernel.events import on
from contor.kernel.money import ZERO, round_amount
from contor.kernel.shapes import replace
from contor.openitems.cases import locked_cases, move
from contor.openitems.decisions import recovered
from contor.openitems.queries import open_cases_by_number, open_cases_by_reference
from contor.openitems.rules import decide, moved, pay
from contor.openitems.types import DecisionType, Move, MovedCase, StoredCase
from contor.payments.events import PaymentsReceived
from contor.payments.payments import set_assigned
from contor.payments.types import StoredPayment
from contor.runtime.uow import Uow


@on(PaymentsReceived)
def assign_received(uow: Uow, fact: PaymentsReceived) -> None:
    """Put each payment to the open item that its text names, if the amount allows; else it waits, and says why."""
    left_open: list[StoredPayment] = []
    for payment in fact.payments:
        found = _outcome(uow, payment)
        if found.assignments:
            assign(uow, payment, found.assignments, automatic=True, from_unassigned=False)
            set_assigned(uow, payment.ident, abs(payment.amount), abs(payment.amount))
        else:
            set_assigned(uow, payment.ident, payment.amount * 0, abs(payment.amount), found.reason.value if found.reason else None)
            left_open.append(payment)
    if left_open:
        uow.emit(PaymentsLeftOpen(payment_idents=tuple(p.ident for p in left_open), payments=tuple(left_open)))


def _outcome(uow: Uow, payment: StoredPayment) -> Outcome:
    """The first strategy that finds where the money belongs decides."""
    if payment.amount <= 0:
        return Outcome(reason=Reason.NOT_A_RECEIPT)
    configuration = configuration_of(uow, payment.account_ident) or ConfigurationBody()
    keys, switches = compact_keys(payment.text), switches_of(configuration)
    if payment.batch:
        return _of_batch(uow, payment, switches)
    last = Outcome(reason=Reason.NO_MATCH)
    # the printed reference is our own: it says more than any number that stands in the text beside it
    referred = [found.document_id for found in open_cases_by_reference(uow, keys)]
    if referred:
        last = _decided(uow, payment, referred, switches)
        if last.assignments:
            return last
    for strategy in strategies_of(uow, configuration):
        named, target = candidates(strategy, payment.text), strategy.target_type if strategy is not None else "DOCUMENT"
        numbered = _broken_numbers(uow, keys) if strategy is None else []
        if isinstance(named, Reason) and not numbered:
            last = Outcome(reason=named) if not referred else last
            continue
        by_name: Sequence[int] = ()
        if not isinstance(named, Reason):
            by_name = of_orders(uow, named) if target == "ORDER" else _of_numbers(uow, named)
        last = _decided(uow, payment, list(dict.fromkeys((*by_name, *numbered))), switches, target)
        if last.assignments:
            return last
    return last


def _of_batch(uow: Uow, payment: StoredPayment, switches: AssignmentConfiguration) -> Outcome:
    """A collective transfer says which document gets how much: all of its parts are put where they say, or none."""
    cases = locked_cases(uow, _of_numbers(uow, [reference for reference, _ in payment.batch]))
    parts: list[Assign] = []
    for reference, amount in payment.batch:
        named = [stored for stored in cases if stored.case.ident == reference]
        found = _one_each(named) or outcome(amount, payment.currency, payment.paid_on, [it.case for it in named], switches)
        if not found.assignments:
            return found
        parts += _of_documents(found, named).assignments
    return Outcome(assignments=tuple(parts))


def of_orders(uow: Uow, orders: Sequence[str]) -> tuple[int, ...]:
    """The ids of the documents of the orders, in the order in which these are named."""
    documents = documents_of_orders(uow, orders)
    return tuple(dict.fromkeys(number for order in orders for number in documents.get(order, ())))


def _of_numbers(uow: Uow, numbers: Sequence[str]) -> list[int]:
    """The ids of the documents with these numbers, in their order; of all companies that have one, but what was taken over from another
    seller never gets what names a number of ours, be ours open or not."""
    named = documents_named(uow, numbers)
    return [row.id for number in numbers for row in own_first(uow, named[number]) if row.ident == number]


def _broken_numbers(uow: Uow, keys: Sequence[str]) -> list[int]:
    """Whose numbers stand in the text with other blanks, hyphens or line ends than their own, in the order of the text."""
    found = open_cases_by_number(uow, [key for key in keys if has_four_digits(key)])
    ours = set(_of_numbers(uow, sorted({one.ident for one in found})))
    return [one.document_id for key in keys for one in found if one.key == key and one.document_id in ours]


def _decided(
    uow: Uow, payment: StoredPayment, named: Sequence[int], switches: AssignmentConfiguration, target: TargetType = "DOCUMENT"
) -> Outcome:
    cases = {stored.document_id: stored for stored in locked_cases(uow, named)}
    in_order = [cases[number] for number in named if number in cases]  # locked in one order for all, tried in that of the text
    if (ambiguous := _one_each(in_order)) is not None:
        return ambiguous
    found = outcome(payment.amount, payment.currency, payment.paid_on, [it.case for it in in_order], switches, target_type=target)
    return _of_documents(found, in_order)


def _one_each(cases: Sequence[StoredCase]) -> Outcome | None:
    """Two companies may have issued one number: which of them a payment means that names it alone, is for a person to say."""
    open_ones = [stored.case.ident for stored in cases if stored.case.balance > 0]
    return Outcome(reason=Reason.SEVERAL_MATCHES) if len(set(open_ones)) < len(open_ones) else None


def _of_documents(found: Outcome, cases: Sequence[StoredCase]) -> Outcome:
    """Whose cases the money goes to: of each number the one that is open."""
    ids = {stored.case.ident: stored.document_id for stored in sorted(cases, key=lambda stored: stored.case.balance > 0)}
    return Outcome(
        assignments=tuple(replace(part, document_id=ids[part.case_ident]) for part in found.assignments), reason=found.reason
    )


def assign(uow: Uow, payment: StoredPayment, wanted: Sequence[Assign], *, automatic: bool, from_unassigned: bool) -> list[Assigned]:
    """Move the cases, write the assignments, and say so; the books follow in the same transaction."""
    stored = {entry.document_id: entry for entry in locked_cases(uow, [part.document_id for part in wanted])}
    made: list[Assigned] = []
    for part in wanted:
        if made and stored[part.document_id].case.matter is not None:  # the parts before may have moved the same matter
            (stored[part.document_id],) = locked_cases(uow, [part.document_id])
        made.append(_assigned(uow, payment, part, stored[part.document_id], from_unassigned))
    now = uow.ctx.now()
    uow.insert(
        tables.payment_assignment,
        [
            {
                "ident": done.ident,
                "id": number,
                "payment_ident": payment.ident,
                "target_type": "DOCUMENT",
                "target_ident": part.case_ident,
                "amount": done.amount,
                "currency": payment.currency,
                "status": "PROCESSED",
                "automatic": automatic,
                "from_unassigned": from_unassigned,
                "booked_on": payment.booked_on,
                "created_at": now,
            }
            for done, part, number in zip(made, wanted, uow.next_ids(len(made)), strict=True)
        ],
    )
    for done, part in zip(made, wanted, strict=True):
        uow.audit("payment_assignment", done.ident, {"payment": payment.ident, "target": part.case_ident, "amount": done.amount})
    uow.emit(PaymentsAssigned(assignment_idents=tuple(done.ident for done in made), assigned=tuple(made)))
    return made


def _assigned(uow: Uow, payment: StoredPayment, part: Assign, stored: StoredCase, from_unassigned: bool) -> Assigned:
    """The payment's movement, and the cash discount that it has earned."""
    ident = str(uow.new_uuid())
    ledger = payment.ledger_amount
    if part.amount != payment.amount:
        ledger = round_amount(payment.ledger_amount * part.amount / payment.amount, stored.case.ledger_currency)
    source = f"assignment:{ident}"
    brought_back, stored = _brought_back(uow, stored, part.amount, source, payment.booked_on)
    paid = pay(stored.case, part.amount, ledger, payment.paid_on)
    moves = [Move(stored, paid, source, payment.booked_on)]
    if part.cash_discount:
        rest = moved(stored.case, paid)  # the discount is decided on what the payment leaves
        granted = decide(rest, DecisionType.CASH_DISCOUNT, part.cash_discount)
        moves.append(Move(stored, granted, source, payment.booked_on))
    if part.amount < 0:
        moves += fallen_discounts(uow, stored, moved(stored.case, paid), source, uow.ctx.today())
    happened = [*brought_back, *move(uow, moves)]
    if part.amount < 0:
        happened += fallen_in_place(uow, stored.document_id, source, uow.ctx.today())
    return Assigned(ident, payment, part.amount, ledger, from_unassigned, tuple(happened))


def _brought_back(
    uow: Uow, stored: StoredCase, amount: Decimal, source: str, booked_on: dt.date
) -> tuple[list[MovedCase], StoredCase]:
    """What money brings back of a receivable that was written off, and the case, which has it again: the payment settles it."""
    case = stored.case
    if case.opening <= 0 or amount <= max(ZERO, case.balance):
        return [], stored
    back = recovered(case, amount, standing_discounts(uow, stored.document_id))
    if back is None:
        return [], stored
    happened = move(uow, [Move(stored, back, source, booked_on)])
    return happened, locked_cases(uow, [stored.document_id])[0]
