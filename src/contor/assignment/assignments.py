"""Assignments: listed, made by hand, reversed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from contor.assignment import tables
from contor.assignment.assign import assign, of_orders
from contor.assignment.discounts import granted_cash_discount
from contor.assignment.events import AssignmentsReversed
from contor.assignment.fallen import fallen_discounts, fallen_in_place
from contor.assignment.types import Assign, Assigned
from contor.documents.after import standing_discounts
from contor.documents.naming import bearers, documents_named, own_first
from contor.documents.queries import Deducting, deducted_by
from contor.documents.request import related_documents
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO, is_amount, too_fine, worded
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, Money, shape
from contor.openitems.bounces import bounced, returned_credit, reversed_movement
from contor.openitems.cases import locked_cases, locked_cases_of, move
from contor.openitems.ledger import received_back
from contor.openitems.queries import with_cases
from contor.openitems.rules import moved
from contor.openitems.stored import movements_of
from contor.openitems.types import Move, MovedCase, StoredCase
from contor.payments.payments import locked_payment, set_assigned
from contor.payments.types import StoredPayment
from contor.runtime.query import ListQuery, Page, searchable, size, when
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found


@shape
class AssignmentBody:
    payment_ident: Ident
    target_type: Literal["DOCUMENT", "ORDER"] = "DOCUMENT"
    target_ident: Ident
    amount: Annotated[Decimal, Field(gt=0, max_digits=19, decimal_places=4)] | None = None
    """In the payer's currency; default: all of the payment that is not assigned yet."""


@shape
class AssignmentView:
    payment_assignment_ident: str
    payment_ident: str
    target_type: Literal["DOCUMENT", "ORDER"]
    target_ident: str
    amount: Money
    currency: str
    credit_debit_indicator: Literal["CREDIT", "DEBIT"]
    status: Literal["PROCESSED", "REVERSED"]
    """PROCESSED or REVERSED."""
    automatic: bool
    created_at: dt.datetime
    reversed_at: dt.datetime | None = None


ASSIGNMENTS = searchable(
    tables.payment_assignment,
    AssignmentView,
    ("ident", "payment_ident", "target_type", "target_ident", "amount", "currency", "status", "automatic", "created_at"),
    default_sort="created_at,desc",
    places={
        "payment_assignment_ident": "ident",
        "amount": size(tables.payment_assignment.c.amount),
        "credit_debit_indicator": when(tables.payment_assignment.c.amount > 0, "CREDIT", "DEBIT"),
    },
)


@dataclass(frozen=True, slots=True)
class ListAssignments:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class CreateAssignment:
    body: AssignmentBody


@dataclass(frozen=True, slots=True)
class OneAssignment:
    payment_assignment_ident: str


class _AssignmentRow(NamedTuple):
    ident: str
    payment_ident: str
    target_type: Literal["DOCUMENT", "ORDER"]
    target_ident: str
    amount: Decimal
    """Signed: positive is money that came in."""
    currency: str
    status: Literal["PROCESSED", "REVERSED"]
    automatic: bool
    from_unassigned: bool
    created_at: dt.datetime
    reversed_at: dt.datetime | None


@operation("payment_assignment.list", permission="payments.read", reads=True)
def list_assignments(uow: Uow, command: ListAssignments) -> Page:
    """All assignments, reversed ones too."""
    return listed(uow, tables.payment_assignment, command.query, ASSIGNMENTS, _AssignmentRow, lambda rows: map(_view, rows))


@operation("payment_assignment.get", permission="payments.read", reads=True)
def get_assignment(uow: Uow, command: OneAssignment) -> AssignmentView:
    """One assignment."""
    return _view(_row(uow, command.payment_assignment_ident))


@operation("payment_assignment.create", permission="payments.write")
def create_assignment(uow: Uow, command: CreateAssignment) -> AssignmentView:
    """Assign by hand: a person may put any part of a payment to any document in its currency, also more than is owed."""
    body = command.body
    # the payment before its open item: in this order everyone locks them
    payment, assigned = locked_payment(uow, body.payment_ident)
    rest = abs(payment.amount) - assigned
    amount = rest if body.amount is None else body.amount
    cases = locked_cases(uow, _documents_meant(uow, body))
    if body.target_type == "ORDER":  # its document; of several the one that is open
        cases = [stored for stored in cases if stored.case.balance] or cases
    problems = []
    if len(cases) > 1:
        message = f"The order has several documents: {', '.join(stored.case.ident for stored in cases)}. Name one of them."
        problems.append(Problem("target_ambiguous", message, "targetIdent", body.target_ident))
    elif not cases:
        message = f"There is no {body.target_type.lower()} {body.target_ident!r} with an open item."
        problems.append(Problem("target_not_found", message, "targetIdent", body.target_ident))
    elif cases[0].case.currency != payment.currency:
        message = f"The document is in {cases[0].case.currency}, the payment in {payment.currency}."
        problems.append(Problem("currency_differs", message, "targetIdent", body.target_ident))
    if not rest:
        problems.append(Problem("payment_fully_assigned", "Nothing of the payment is left.", "paymentIdent", body.payment_ident))
    elif not is_amount(amount, payment.currency):
        problems.append(Problem("too_many_decimals", too_fine(payment.currency), "amount", amount))
    elif amount > rest:
        message = f"Only {worded(rest, payment.currency)} are left."
        problems.append(Problem("amount_exceeds_payment", message, "amount", amount))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    signed = amount if payment.amount > 0 else -amount
    stored = _returned_on(uow, cases[0], amount) if signed < 0 else cases[0]
    discount = granted_cash_discount(stored.case, signed, payment.paid_on)
    wanted = Assign(case_ident=cases[0].case.ident, amount=signed, cash_discount=discount, document_id=stored.document_id)
    (made,) = assign(uow, payment, [wanted], automatic=False, from_unassigned=True)
    set_assigned(uow, payment.ident, assigned + amount, abs(payment.amount))
    return _view(_row(uow, made.ident))


@operation("payment_assignment.reverse", permission="payments.write")
def reverse_assignment(uow: Uow, command: OneAssignment) -> AssignmentView:
    """Take an assignment back: the open item is as before, but for what a correction or credit took back since; the entries are repeated
    with negative amounts, the money waits. What a final invoice deducted goes once that invoice is credited in full."""
    row = _row(uow, command.payment_assignment_ident, lock=True)
    if row.status == "REVERSED":
        raise Refused(Kind.ILLEGAL_STATE, Problem("payment_assignment_already_reversed", "The assignment was reversed already."))
    payment, assigned = locked_payment(uow, row.payment_ident)
    (stored,) = locked_cases_of(uow, f"assignment:{row.ident}")
    # money that went out of a deposit and is there again is the customer's, whatever was deducted
    final = _deducting(uow, stored.document_id, row.ident) if row.amount > 0 else None
    today = uow.ctx.today()
    source = f"assignment:{row.ident}"
    standing = standing_discounts(uow, stored.document_id)
    moves, case, less = [], stored.case, False
    for number, movement in reversed(movements_of(uow, source)):  # the last first: each was decided on what the one before left
        if final is not None:  # on a deposit nothing comes with a payment
            moves.append(Move(final, returned_credit(final.case, movement), source, today, reversal_of=number))
            less = True
            continue
        back = bounced(case, movement, standing if movement.decision else ())
        less = less or back != reversed_movement(movement)
        if back is not None:
            moves.append(Move(stored, back, source, today, reversal_of=number))
            case = moved(case, back)
    if final is None:
        moves += fallen_discounts(uow, stored, case, source, today)
    happened = [*move(uow, moves), *fallen_in_place(uow, stored.document_id, source, today)]
    uow.run("UPDATE payment_assignment SET status = 'REVERSED', reversed_at = %s WHERE ident = %s", (uow.ctx.now(), row.ident))
    set_assigned(uow, payment.ident, assigned - abs(row.amount), abs(payment.amount))
    uow.audit("payment_assignment", row.ident, {"reversed": True})
    uow.emit(AssignmentsReversed(assignment_idents=(row.ident,), reversed=(_taken_back(row, payment, happened, less),)))
    return _view(_row(uow, row.ident))


def _documents_meant(uow: Uow, body: AssignmentBody) -> Sequence[int]:
    """The ids of the documents of an order, or of the one that is named; raises CONFLICT where several companies have the number."""
    if body.target_type == "ORDER":
        return of_orders(uow, [body.target_ident])
    rows = with_cases(uow, own_first(uow, documents_named(uow, [body.target_ident])[body.target_ident]))
    if len(rows) > 1:
        raise Refused(Kind.CONFLICT, Problem("target_ambiguous", bearers(uow, rows), "targetIdent", body.target_ident))
    return [row.id for row in rows]


def _taken_back(row: _AssignmentRow, payment: StoredPayment, happened: Sequence[MovedCase], less: bool) -> Assigned:
    # exact: it is rounded once, where it is posted
    ledger = payment.ledger_amount if row.amount == payment.amount else payment.ledger_amount * row.amount / payment.amount
    return Assigned(row.ident, payment, row.amount, ledger, row.from_unassigned, tuple(happened), less)


def _deducting(uow: Uow, document_id: int, assignment: str) -> StoredCase | None:
    """The case of the final invoice that deducted what was paid on a deposit invoice, where it was credited in full. Raises ILLEGAL_STATE
    where something of that invoice stands: what was received and deducted cannot be taken back as long."""
    final = deducted_by(uow, document_id, f"assignment:{assignment}")
    return None if final is None else _credited(uow, final)


def _returned_on(uow: Uow, stored: StoredCase, amount: Decimal) -> StoredCase:
    """The case on which money goes back by a payment of ours: of a deposit that was deducted, as where a payment is taken back, that of
    the final invoice. Raises INVALID where more goes out of a deposit than was received."""
    if not stored.case.is_deposit or not (back := amount + min(stored.case.balance, ZERO)) > 0:
        return stored
    final = deducted_by(uow, stored.document_id)
    if final is not None:
        return _credited(uow, final)
    if back > (received := received_back(stored.case, amount)):
        most = worded(amount - back + received, stored.case.currency)
        message = f"Only {most} can go back: no more was received on {stored.case.ident}."
        raise Refused(Kind.INVALID, Problem("amount_exceeds_received", message, "amount", amount))
    return stored


def _credited(uow: Uow, final: Deducting) -> StoredCase:
    left = related_documents(uow, {final.id: final.document_type})[final.id].left
    if left.is_supply_used_up:
        return locked_cases(uow, [final.id])[0]
    rows = [row.item.ident for row in left.rows.values() if row.agreed and row.item.deposit_ident is None]
    message = (
        f"The deposit was deducted by {final.ident}, of which rows {', '.join(rows[:10])} stand: credit them first, by a credit memo that"
        " names them or by cancelling what they bill; then what was paid can be taken back."
    )
    raise Refused(Kind.ILLEGAL_STATE, Problem("deposit_already_deducted", message))


def _row(uow: Uow, ident: str, *, lock: bool = False) -> _AssignmentRow:
    sql = f"SELECT {columns(_AssignmentRow)} FROM payment_assignment WHERE ident = %s{' FOR UPDATE' if lock else ''}"
    row = uow.first(_AssignmentRow, sql, (ident,))
    if row is None:
        raise not_found("payment_assignment", ident)
    return row


def _view(row: _AssignmentRow) -> AssignmentView:
    return AssignmentView(
        payment_assignment_ident=row.ident,
        payment_ident=row.payment_ident,
        target_type=row.target_type,
        target_ident=row.target_ident,
        amount=abs(row.amount),
        currency=row.currency,
        credit_debit_indicator="CREDIT" if row.amount > 0 else "DEBIT",
        status=row.status,
        automatic=row.automatic,
        created_at=row.created_at,
        reversed_at=row.reversed_at,
    )
