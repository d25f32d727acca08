"""Assignments: listed, made by hand, reversed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from contor.assignment import tables
from contor.assignment.by_hand import AssignmentBody, put
from contor.assignment.events import AssignmentsReversed
from contor.assignment.finding import forget_payer
from contor.assignment.reasons import MatchingDecision, decisions_of
from contor.assignment.returning import Back, reversed_back
from contor.assignment.types import Assigned
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Money, shape
from contor.payments.changing import locked, set_assigned
from contor.payments.types import StoredPayment
from contor.runtime.query import ListQuery, Page, searchable, size, when
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found


@shape
class AssignmentView:
    payment_assignment_ident: str
    payment_ident: str
    target_type: Literal["DOCUMENT", "ORDER", "BANK_FEE", "PAYMENT"]
    """BANK_FEE: what banks took of a returned payment; it is for no document. PAYMENT: a returned payment and its return meet."""
    target_ident: str | None = None
    amount: Money
    currency: str
    credit_debit_indicator: Literal["CREDIT", "DEBIT"]
    status: Literal["PROCESSED", "REVERSED"]
    """PROCESSED or REVERSED."""
    automatic: bool
    created_at: dt.datetime
    reversed_at: dt.datetime | None = None
    returns_payment_assignment_ident: str | None = None
    """The assignment of an earlier payment that a return takes back by this one."""
    decision: MatchingDecision | None = None
    """Why it was made; of older ones nothing is known."""


ASSIGNMENTS = searchable(
    tables.payment_assignment,
    AssignmentView,
    ("ident", "payment_ident", "target_type", "target_ident", "amount", "currency", "status", "automatic", "created_at"),
    default_sort="created_at,desc",
    places={
        "payment_assignment_ident": "ident",
        "returns_payment_assignment_ident": "returns_ident",
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
    target_type: Literal["DOCUMENT", "ORDER", "BANK_FEE", "PAYMENT"]
    target_ident: str
    amount: Decimal
    """Signed: positive is money that came in."""
    currency: str
    status: Literal["PROCESSED", "REVERSED"]
    automatic: bool
    from_unassigned: bool
    created_at: dt.datetime
    reversed_at: dt.datetime | None
    returns_ident: str | None


@operation("payment_assignment.list", permission="payments.read", reads=True)
def list_assignments(uow: Uow, command: ListAssignments) -> Page:
    """All assignments, reversed ones too."""
    return listed(uow, tables.payment_assignment, command.query, ASSIGNMENTS, _AssignmentRow, lambda rows: _views(uow, rows))


@operation("payment_assignment.get", permission="payments.read", reads=True)
def get_assignment(uow: Uow, command: OneAssignment) -> AssignmentView:
    """One assignment."""
    return _views(uow, [_row(uow, command.payment_assignment_ident)])[0]


@operation("payment_assignment.create", permission="payments.write")
def create_assignment(uow: Uow, command: CreateAssignment) -> AssignmentView:
    """Assign by hand: a person may put any part of a payment to any document in its currency, also more than is owed."""
    return _views(uow, [_row(uow, put(uow, command.body))])[0]


@operation("payment_assignment.reverse", permission="payments.write")
def reverse_assignment(uow: Uow, command: OneAssignment) -> AssignmentView:
    """Take an assignment back: the open item is as before, but for what a correction or credit took back since; the entries are repeated
    with negative amounts, the money waits. What was cleared with it is open again. What a final invoice deducted goes once that invoice is
    credited in full; what an overpayment was used for has to be taken back before."""
    # the payment first, as everyone who assigns of it or takes it back; what stands of it is read then
    of = locked(uow, _row(uow, command.payment_assignment_ident).payment_ident)
    row = _row(uow, command.payment_assignment_ident)
    if row.status == "REVERSED":
        raise Refused(Kind.ILLEGAL_STATE, Problem("payment_assignment_already_reversed", "The assignment was reversed already."))
    if uow.scalar(int, "SELECT 1 FROM payment_assignment WHERE returns_ident = %s AND status = 'PROCESSED' LIMIT 1", (row.ident,)):
        message = "A returned payment has taken it back: reverse the assignment of that one first."
        raise Refused(Kind.ILLEGAL_STATE, Problem("payment_assignment_returned", message))
    payment, assigned = of.payment, of.assigned
    is_document = row.target_type not in ("BANK_FEE", "PAYMENT")
    back = reversed_back(uow, row.ident, row.amount) if is_document else Back([], less=False)
    uow.run("UPDATE payment_assignment SET status = 'REVERSED', reversed_at = %s WHERE ident = %s", (uow.ctx.now(), row.ident))
    set_assigned(uow, payment.ident, assigned - abs(row.amount), abs(payment.amount))
    forget_payer(uow, row.ident)
    uow.audit("payment_assignment", row.ident, {"reversed": True})
    uow.emit(AssignmentsReversed(assignment_idents=(row.ident,), reversed=(_taken_back(row, payment, back),)))
    if row.target_type == "PAYMENT" and row.returns_ident is not None:  # what it met waits again as well
        reverse_assignment(uow, OneAssignment(row.returns_ident))
    return _views(uow, [_row(uow, row.ident)])[0]


def _taken_back(row: _AssignmentRow, payment: StoredPayment, back: Back) -> Assigned:
    # exact: it is rounded once, where it is posted
    ledger = payment.ledger_amount if row.amount == payment.amount else payment.ledger_amount * row.amount / payment.amount
    return Assigned(
        row.ident, payment, row.amount, ledger, row.from_unassigned, tuple(back.happened), row.target_type == "BANK_FEE", back.less
    )


def _row(uow: Uow, ident: str) -> _AssignmentRow:
    row = uow.first(_AssignmentRow, f"SELECT {columns(_AssignmentRow)} FROM payment_assignment WHERE ident = %s", (ident,))
    if row is None:
        raise not_found("payment_assignment", ident)
    return row


def _views(uow: Uow, rows: Sequence[_AssignmentRow]) -> list[AssignmentView]:
    decisions = decisions_of(uow, {row.payment_ident for row in rows}) if rows else {}
    why = {ident: one for its in decisions.values() for one in its for ident in one.payment_assignment_idents}
    return [_view(row, why.get(row.ident)) for row in rows]


def _view(row: _AssignmentRow, decision: MatchingDecision | None) -> AssignmentView:
    return AssignmentView(
        payment_assignment_ident=row.ident,
        payment_ident=row.payment_ident,
        target_type=row.target_type,
        target_ident=row.target_ident or None,
        amount=abs(row.amount),
        currency=row.currency,
        credit_debit_indicator="CREDIT" if row.amount > 0 else "DEBIT",
        status=row.status,
        automatic=row.automatic,
        created_at=row.created_at,
        reversed_at=row.reversed_at,
        returns_payment_assignment_ident=row.returns_ident,
        decision=decision,
    )
