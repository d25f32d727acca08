"""What we paid out by a refund or a transfer closes what we owed: the bank's booking carries our reference, which is that of the credit."""

from collections.abc import Sequence
from typing import NamedTuple

from contor.assignment.assign import assign
from contor.assignment.returning import returned_on
from contor.assignment.types import Assign
from contor.kernel.errors import Refused
from contor.openitems.cases import locked_cases
from contor.openitems.types import StoredCase
from contor.payments.intents import documents_of_references
from contor.payments.types import StoredPayment
from contor.runtime.uow import Uow


class PaidOut(NamedTuple):
    """The assignments that were made, and of which document; without any: why not."""

    numbers: tuple[str, ...]
    assignments: tuple[str, ...] = ()
    note: str = ""


def paid_out(uow: Uow, payments: Sequence[StoredPayment], *, from_unassigned: bool) -> dict[str, PaidOut]:
    """By ident of the payment; those that carry no reference of ours are left out. `payments`: money that went out."""
    references = {name for it in payments for name in _called(it)}
    rows = [row for row in documents_of_references(uow, sorted(references)) if row.type != "CHARGE"]
    by_name = {row.reference: row for row in rows}
    locked_cases(uow, {row.document_id for row in rows})  # all of them, in one order for all
    found = {}
    for payment in payments:
        named = next((by_name[name] for name in _called(payment) if name in by_name), None)
        if named is None:
            continue
        (stored,) = locked_cases(uow, [named.document_id])
        numbers = (named.document_ident,)
        why = _why_not(payment, stored)
        if not why:
            try:
                target = returned_on(uow, stored, -payment.amount)
            except Refused as refused:
                why = refused.problems[0].message
        if why:
            found[payment.ident] = PaidOut(numbers, note=why)
            continue
        part = Assign(case_ident=target.case.ident, amount=payment.amount, document_id=target.document_id)
        made = assign(uow, payment, [part], automatic=True, from_unassigned=from_unassigned)
        found[payment.ident] = PaidOut(numbers, tuple(one.ident for one in made))
    return found


def _called(payment: StoredPayment) -> list[str]:
    return [name for name in (payment.end_to_end_ident, payment.provider_reference) if name]


def _why_not(payment: StoredPayment, stored: StoredCase) -> str:
    if stored.case.currency != payment.currency:
        return f"it is in {stored.case.currency}, the payment in {payment.currency}"
    if -stored.case.balance < -payment.amount:
        return f"{stored.case.ident} is owed less by now than was paid out"
    return ""
