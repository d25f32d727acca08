"""What was booked on accounts of ours: listed, with what it may be for; accepted, put by hand, left alone, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from contor.api.fynn.banking.answers import (
    AssignmentRow,
    BankStatus,
    BankTransactionShown,
    Handled,
    ShortCustomer,
    ShortInvoice,
)
from contor.api.fynn.banking.invoices import document_meant, short_invoices
from contor.api.fynn.banking.short import short_customers
from contor.api.fynn.banking.types import AssignmentSent, IgnoredSent, Named
from contor.api.fynn.manners import known_when, money, when
from contor.assignment import by_hand
from contor.assignment.assignments import CreateAssignment, OneAssignment, create_assignment, reverse_assignment
from contor.assignment.by_hand import AssignmentBody, ChangeStatus, Choose, Chosen, Made, StatusChange, SuggestionsOf
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.payments.open_banking import providers_of
from contor.payments.queries import published_payments
from contor.payments.statements import Told, told_of
from contor.payments.types import PaymentView
from contor.runtime.query import ListQuery, Page
from contor.runtime.query.rsql import All, Comparison, Node, Value
from contor.runtime.uow import Uow, not_found

WORDS: Final = {
    "STATUS_RECEIVED": "RECEIVED",
    "STATUS_BOOKED": "ASSIGNED",
    "STATUS_MANUAL_MATCHING_REQUIRED": "WAITING",
    "STATUS_IGNORED": "IGNORED",
    "outstanding_amount": "OUTSTANDING",
    "suggestions_available": "SUGGESTED",
}
"""What `status` may be asked to be."""
_WAITING: Final = ("OPEN", "PARTIALLY_ASSIGNED")
_WAYS: Final = {"UPLOAD": "file", "DIRECTORY": "file", "SFTP": "file", "COMMAND": "file"}


@dataclass(frozen=True, slots=True)
class ListTransactions:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneTransaction:
    id: str


@dataclass(frozen=True, slots=True)
class Accept:
    body: Named


@dataclass(frozen=True, slots=True)
class Ignore:
    body: IgnoredSent


@dataclass(frozen=True, slots=True)
class Assign:
    id: str
    body: AssignmentSent


@operation("fynn.bank_transaction_list", permission="payments.read", reads=True)
def list_transactions(uow: Uow, command: ListTransactions) -> Page:
    """Those of all accounts, the latest first."""
    query = command.query
    if query.where is not None:
        query = replace(query, where=_spoken(query.where))
    page = by_hand.list_all_payments(uow, by_hand.ListAllPayments(query))
    return replace(page, items=tuple(bank_transactions(uow, [one for one in page.items if isinstance(one, PaymentView)])))


@operation("fynn.bank_transaction_get", permission="payments.read", reads=True)
def get_transaction(uow: Uow, command: OneTransaction) -> BankTransactionShown:
    """One of them, with what was put of it to invoices."""
    return bank_transactions(uow, [_require(uow, command.id)])[0]


@operation("fynn.bank_transaction_accept", permission="payments.write")
def accept(uow: Uow, command: Accept) -> Handled:
    """Put what waits of each to the invoices that are suggested, the likeliest first, as far as it goes: all that are named or none."""
    problems, done = list[Problem](), list(dict.fromkeys(command.body.ids))
    for place, ident in enumerate(done):
        payment = published_payments(uow, [ident]).get(ident)
        if payment is None:
            problems.append(Problem("transaction_unknown", "does not exist", f"ids[{place}]", ident))
            continue
        chosen = _fitting(uow, payment)
        if not chosen:
            problems.append(
                Problem("suggestion_missing", "Nothing is suggested of it that can be accepted.", f"ids[{place}]", ident)
            )
            continue
        try:
            by_hand.accept_suggestions(uow, Choose(ident, Chosen(suggestion_idents=tuple(chosen))))
        except Refused as refused:  # raised again below: nothing of it stays
            problems += [Problem(one.code, one.message, f"ids[{place}]", ident) for one in refused.problems]
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return _handled(uow, done)


@operation("fynn.bank_transaction_ignore", permission="payments.write")
def ignore(uow: Uow, command: Ignore) -> Handled:
    """Leave them alone: nothing of them is assigned, and nothing will be. All that are named or none."""
    return _turned(uow, command.body.ids, StatusChange(status="IGNORED", reason=command.body.reason))


@operation("fynn.bank_transaction_reopen", permission="payments.write")
def reopen(uow: Uow, command: Accept) -> Handled:
    """Look again at what was left alone: it is matched anew."""
    return _turned(uow, command.body.ids, StatusChange(status="OPEN"))


@operation("fynn.bank_transaction_assign", permission="payments.write")
def assign(uow: Uow, command: Assign) -> BankTransactionShown:
    """Put a part of it to an invoice by hand, also more than that owes."""
    payment, body = _require(uow, command.id), command.body
    currency = payment.original_amount.currency
    wanted = AssignmentBody(
        payment_ident=payment.payment_ident,
        target_ident=document_meant(uow, body.invoice),
        amount=body.amount.in_units(currency) if body.amount is not None else None,
    )
    create_assignment(uow, CreateAssignment(wanted))
    return bank_transactions(uow, [_require(uow, command.id)])[0]


@operation("fynn.bank_transaction_undo", permission="payments.write")
def undo(uow: Uow, command: OneTransaction) -> None:
    """Take back what was put to an invoice: it owes that again, and the money waits."""
    reverse_assignment(uow, OneAssignment(command.id))


def bank_transactions(uow: Uow, payments: Sequence[PaymentView]) -> list[BankTransactionShown]:
    """As they are shown, each kind of fact read once."""
    idents = [one.payment_ident for one in payments]
    likeliest, made, told = by_hand.likeliest_of(uow, idents), by_hand.made_of(uow, idents), told_of(uow, idents)
    documents = {one.document_id for one in likeliest.values()}
    documents |= {one.document_id for rows in made.values() for one in rows if one.document_id is not None}
    invoices = short_invoices(uow, documents)
    customers = short_customers(uow, {one.customer_ident for one in likeliest.values()})
    asked = providers_of(uow, {one.merchant_payment_account_ident for one in payments})
    shown = []
    for payment in payments:
        ident = payment.payment_ident
        first = likeliest.get(ident)
        assigned = [_row(one, invoices) for one in made.get(ident, ())]
        suggested = (invoices.get(first.document_id), customers.get(first.customer_ident)) if first is not None else (None, None)
        provider = asked.get(payment.merchant_payment_account_ident)
        shown.append(_transaction(payment, suggested, assigned, told.get(ident), provider))
    return shown


# helpers in calling order


def _spoken(node: Node) -> Node:
    """The conditions in the words of the list of payments."""
    if not isinstance(node, Comparison):
        return replace(node, terms=tuple(_spoken(term) for term in node.terms))
    if node.field != "status":
        return node
    (value,) = node.values if len(node.values) == 1 else (Value(("",)),)
    said = "".join(value.parts)
    if said in ("WAITING", "OUTSTANDING"):
        return Comparison.of("status", "=in=", *_WAITING)
    if said == "SUGGESTED":
        return Comparison.of("suggested", "==", "OPEN")
    if said == "RECEIVED":
        return All((Comparison.of("status", "==", "OPEN"), Comparison.of("payment_ident", "==", "")))
    return node


def _require(uow: Uow, ident: str) -> PaymentView:
    found = published_payments(uow, [ident]).get(ident)
    if found is None:
        raise not_found("bank_account_transaction", ident)
    return found


def _fitting(uow: Uow, payment: PaymentView) -> list[str]:
    """The suggestions that are accepted: the likeliest, and those of the same customer behind it, as long as something is left."""
    rest, chosen, customer = payment.original_amount.amount - payment.assigned_amount, list[str](), None
    for one in by_hand.list_suggestions(uow, SuggestionsOf(payment.payment_ident)).suggestions:
        fits = one.status == "OPEN" and one.amount is not None and one.amount <= rest
        if fits and one.amount is not None and customer in (None, one.customer_ident):
            chosen.append(one.suggestion_ident)
            rest, customer = rest - one.amount, one.customer_ident
    return chosen


def _turned(uow: Uow, idents: Sequence[str], change: StatusChange) -> Handled:
    problems, done = list[Problem](), list(dict.fromkeys(idents))
    known = published_payments(uow, done)
    for place, ident in enumerate(done):
        if ident not in known:
            problems.append(Problem("transaction_unknown", "does not exist", f"ids[{place}]", ident))
            continue
        try:
            by_hand.update_status(uow, ChangeStatus(known[ident].merchant_payment_account_ident, ident, change))
        except Refused as refused:  # raised again below: nothing of it stays
            problems += [Problem(one.code, one.message, f"ids[{place}]", ident) for one in refused.problems]
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return _handled(uow, done)


def _handled(uow: Uow, idents: Sequence[str]) -> Handled:
    known = published_payments(uow, idents)
    return Handled(bank_account_transactions=tuple(bank_transactions(uow, [known[ident] for ident in idents])))


def _row(one: Made, invoices: dict[int, ShortInvoice]) -> AssignmentRow:
    return AssignmentRow(
        id=one.ident,
        invoice=invoices.get(one.document_id) if one.document_id is not None else None,
        amount=money(one.amount, one.currency),
        created_at=known_when(one.created_at),
    )


def status_of(payment: PaymentView) -> BankStatus:
    if payment.status == "IGNORED":
        return "STATUS_IGNORED"
    if payment.status == "ASSIGNED":
        return "STATUS_BOOKED"
    return "STATUS_MANUAL_MATCHING_REQUIRED"


def _source(told: Told | None, provider: str | None) -> str:
    if told is None:
        return "api"
    return (provider or "FINTS").lower() if told.way == "BANK" else _WAYS.get(told.way, "file")


def _transaction(
    payment: PaymentView,
    suggested: tuple[ShortInvoice | None, ShortCustomer | None],
    assigned: list[AssignmentRow],
    told: Told | None,
    provider: str | None,
) -> BankTransactionShown:
    """`provider`: by whom the account's bank is asked."""
    came_in, currency = payment.credit_debit_indicator == "CREDIT", payment.original_amount.currency
    sign = 1 if came_in else -1
    rest = Decimal(0) if payment.status == "IGNORED" else payment.original_amount.amount - payment.assigned_amount
    party = payment.counterpart
    return BankTransactionShown(
        id=payment.payment_ident,
        status=status_of(payment),
        type="credit" if came_in else "debit",
        source=_source(told, provider),
        amount=money(sign * payment.original_amount.amount, currency),
        unassigned_amount=money(sign * rest, currency),
        booking_date=known_when(payment.booking_date),
        value_date=when(payment.value_date),
        remittance_information=payment.description,
        counterpart_name=party.name if party is not None else None,
        counterpart_iban=party.iban if party is not None else None,
        counterpart_bic=party.bic if party is not None else None,
        end_to_end_id=payment.end_to_end_ident,
        mandate_reference=payment.mandate_reference,
        reference=payment.provider_reference or payment.external_ident,
        transaction_code=told.family or None if told is not None else None,
        bank_account=payment.merchant_payment_account_ident,
        reason=payment.reason,
        suggested_invoice=suggested[0],
        suggested_customer=suggested[1],
        assignments=tuple(assigned),
        created_at=known_when(payment.creation_date),
    )
