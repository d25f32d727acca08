"""Money that is to be moved: payments, refunds and payouts; and the transactions of files of SEPA."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from contor.api.fynn.manners import instant_of, known_when, money, when
from contor.api.fynn.payments.answers import (
    AttemptShown,
    SepaPaymentShown,
    TransactionShown,
    TransactionStatus,
)
from contor.api.fynn.payments.shown import customer_paths, shown_methods
from contor.api.fynn.payments.types import RefundSent
from contor.assignment.by_hand import OF_CUSTOMERS, Recorded, recorded
from contor.documents.matters import credits_over
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.openitems.collection import CreateIntent, IntentBody, collectable_cases, create_intent
from contor.payments import intents
from contor.payments.intents import IntentView, SepaTransaction
from contor.payments.moved import MoneyMoved, MoneyOrder, MoneySought, money_moved
from contor.runtime.query import Filterable, ListQuery, Page
from contor.runtime.query.rsql import All, Comparison
from contor.runtime.uow import Uow, not_found

FIELDS: Final = Filterable({}, default_sort="created_at,desc")
"""What may be asked is said by the route: the list is of several tables."""
TRANSACTIONS: Final = {"CHARGE": "payment", "REFUND": "refund", "PAYOUT": "payout"}
STATUSES: Final[dict[str, TransactionStatus]] = {
    "CREATED": "created",
    "PROCESSING": "processing",
    "HELD": "held",
    "SUCCESSFUL": "successful",
    "FAILED": "failed",
    "CANCELLED": "cancelled",
}


@dataclass(frozen=True, slots=True)
class ListTransactions:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneTransaction:
    id: str


@dataclass(frozen=True, slots=True)
class Refund:
    id: str
    body: RefundSent


@operation("fynn.transaction_list", permission="payments.read", reads=True)
def list_transactions(uow: Uow, command: ListTransactions) -> Page:
    """All of them: what is handed to banks and providers, also what came to an end, and what people recorded. Raises INVALID."""
    query = command.query
    if len(query.order) > 1:
        raise Refused(Kind.INVALID, Problem("sort_several", "This list is ordered by one field at a time.", "order"))
    by = query.order[0] if query.order else None
    order: MoneyOrder = "STATUS" if by is not None and by.field == "status" else "CREATED"
    descending = by is None or by.direction == "desc"
    page = query.page
    found = money_moved(uow, _sought(query), order, descending=descending, limit=page.size, offset=page.offset)
    items = _in_order(uow, found.moved)
    return Page(items, page.offset // page.size if page.size else 0, page.size, found.total, found.at_least)


@operation("fynn.transaction_get", permission="payments.read", reads=True)
def get_transaction(uow: Uow, command: OneTransaction) -> TransactionShown:
    """One of them, with its tries."""
    if (one := recorded(uow, [command.id]).get(command.id)) is not None:
        return _recorded(one, customer_paths(uow, {one.customer_ident} if one.customer_ident is not None else ()))
    return transactions(uow, [intents.view_of(uow, command.id)])[0]


@operation("fynn.transaction_refund", permission="payments.write")
def refund(uow: Uow, command: Refund) -> TransactionShown:
    """Give a payment back, as far as a credit of its invoice says that it is owed."""
    if recorded(uow, [command.id]):
        message = "It was recorded by hand: the way back is not known. Refund its invoice, and say by which payment method."
        raise Refused(Kind.ILLEGAL_STATE, Problem("transaction_recorded", message))
    charge, body = intents.view_of(uow, command.id), command.body
    if charge.type != "CHARGE":
        raise Refused(Kind.ILLEGAL_STATE, Problem("transaction_not_payment", "Only a payment is given back."))
    wanted = IntentBody(
        type="REFUND",
        target_ident=body.invoice or _credit_of(uow, charge.document_id),
        customer_payment_account_ident=charge.customer_payment_account_ident,
        amount=body.amount.in_units(charge.currency) if body.amount is not None else None,
        currency=charge.currency,
        refunds_payment_intent_ident=charge.payment_intent_ident,
    )
    return transactions(uow, [create_intent(uow, CreateIntent(wanted))])[0]


def transactions(uow: Uow, views: Sequence[IntentView]) -> list[TransactionShown]:
    """As they are shown, each kind of fact read once."""
    methods = shown_methods(uow, {one.customer_payment_account_ident for one in views})
    customers = customer_paths(uow, {one.customer_ident for one in views})
    return [_transaction(one, customers, methods.get(one.customer_payment_account_ident)) for one in views]


def _transaction(one: IntentView, customers: dict[str, str], method: object) -> TransactionShown:
    last = one.attempts[-1] if one.attempts else None
    return TransactionShown(
        id=one.payment_intent_ident,
        type=TRANSACTIONS[one.type],  # type: ignore[arg-type]  # its three words
        status=STATUSES[one.status],
        amount=money(one.amount, one.currency),
        customer=customers.get(one.customer_ident),
        invoice=f"/invoices/{one.document_ident}",
        payment_method=method,  # type: ignore[arg-type]  # as it is shown
        gateway_name=method.gateway_name if method is not None else None,  # type: ignore[attr-defined]  # as it is shown
        reference_id=last.provider_reference or last.end_to_end_ident if last is not None else None,
        refunded_transaction=f"/payment/transactions/{one.refunds_payment_intent_ident}"
        if one.refunds_payment_intent_ident
        else None,
        due_date=known_when(one.due_date),
        fail_reason=one.reason,
        attempts=tuple(
            [
                AttemptShown(
                    number=it.number,
                    status=it.state.lower(),  # type: ignore[arg-type]  # its words in lower case
                    end_to_end_id=it.end_to_end_ident,
                    reference_id=it.provider_reference,
                    fail_code=it.reason_code,
                    fail_reason=it.reason,
                    created_at=known_when(it.created_at),
                    ended_at=when(it.ended_at),
                )
                for it in one.attempts
            ]
        ),
        created_at=known_when(one.created_at),
        updated_at=known_when(one.last_modified_at),
    )


def _sought(query: ListQuery) -> MoneySought:
    """What the filters mean."""
    where = query.where
    terms = [one for one in (where.terms if isinstance(where, All) else (where,)) if isinstance(one, Comparison)]
    wanted = {one.field: tuple(value.text for value in one.values) for one in terms if one.field != "created_at"}
    created = tuple((one.operator, instant_of(one.values[0].text)) for one in terms if one.field == "created_at")
    return MoneySought(
        idents=wanted.get("ident"),
        types=wanted.get("type"),
        statuses=wanted.get("status"),
        accounts=wanted.get("customer_payment_account_ident"),
        customers=wanted.get("customer_ident"),
        created=created,
        of_payments=OF_CUSTOMERS,
        narrowing="id, customer, status, paymentMethod, createdAt[after]",
    )


def _in_order(uow: Uow, moved: Sequence[MoneyMoved]) -> tuple[TransactionShown, ...]:
    views = intents.views_of(uow, [one.ident for one in moved if one.kind == "INTENT"])
    shown = {one.id: one for one in transactions(uow, list(views.values()))}
    by_hand = recorded(uow, [one.ident for one in moved if one.kind == "BY_HAND"])
    customers = customer_paths(uow, {one.customer_ident for one in by_hand.values() if one.customer_ident is not None})
    shown |= {ident: _recorded(one, customers) for ident, one in by_hand.items()}
    return tuple(shown[one.ident] for one in moved)


def _recorded(one: Recorded, customers: Mapping[str, str]) -> TransactionShown:
    """What a person said: it was paid, by whatever way."""
    return TransactionShown(
        id=one.ident,
        type="payment" if one.came_in else "payout",
        status="successful" if one.stands else "cancelled",
        amount=money(one.amount, one.currency),
        customer=customers.get(one.customer_ident or ""),
        invoice=f"/invoices/{one.document_ident}" if one.document_ident is not None else None,
        reference_id=one.said or None,
        due_date=known_when(one.paid_on),
        fail_reason=None if one.stands else "It was taken off its invoice again.",
        created_at=known_when(one.created_at),
        updated_at=known_when(one.created_at),
    )


def _credit_of(uow: Uow, document_id: int) -> str:
    """Number of the only credit of the invoice by which something is owed. Raises ILLEGAL_STATE."""
    credits = collectable_cases(uow, sorted({one.credit_id for one in credits_over(uow, [document_id])}))
    owed = [case.ident for case in credits.values() if case.balance < 0]
    if len(owed) != 1:
        message = "Nothing is owed to the customer by a credit of the invoice: credit it first."
        if owed:
            message = f"Several credits of the invoice are owed: {', '.join(owed)}. Name one of them (invoice)."
        raise Refused(Kind.ILLEGAL_STATE, Problem("credit_missing", message))
    return owed[0]


# files of SEPA


@dataclass(frozen=True, slots=True)
class ListSepaPayments:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneSepaPayment:
    id: str


@operation("fynn.sepa_payment_list", permission="payments.read", reads=True)
def list_sepa_payments(uow: Uow, command: ListSepaPayments) -> Page:
    """What went to banks in files, the latest first."""
    page = intents.list_transactions(uow, intents.ListTransactions(command.query))
    return replace(page, items=tuple(_sepa_payments(uow, [one for one in page.items if isinstance(one, SepaTransaction)])))


@operation("fynn.sepa_payment_get", permission="payments.read", reads=True)
def get_sepa_payment(uow: Uow, command: OneSepaPayment) -> SepaPaymentShown:
    """One transaction of a file."""
    key = command.id.replace("-", "")
    found = intents.sepa_transactions(uow, [key])
    if key not in found:
        raise not_found("sepa_xml_payment", command.id)
    return _sepa_payments(uow, [found[key]])[0]


def _sepa_payments(uow: Uow, found: Sequence[SepaTransaction]) -> list[SepaPaymentShown]:
    customers = customer_paths(uow, {one.customer_ident for one in found})
    return [_sepa_payment(one, customers[one.customer_ident], str(uow.ctx.tenant_id)) for one in found]


def _sepa_payment(one: SepaTransaction, customer: str, tenant: str) -> SepaPaymentShown:
    return SepaPaymentShown(
        id=str(uuid.UUID(one.key)),
        type=one.type.lower(),  # type: ignore[arg-type]  # its words in lower case
        status=one.state.lower(),  # type: ignore[arg-type]  # its words in lower case
        created_at=known_when(one.created_at),
        due_date=when(one.due_on),
        remittance_information=one.statement_descriptor or one.document_ident,
        end_to_end_id=one.end_to_end_ident,
        amount=money(one.amount, one.currency),
        sepa_mandate=one.mandate_reference,
        sepa_xml_statement=one.payment_file_ident,
        invoice=f"/invoices/{one.document_ident}",
        transaction=f"/payment/transactions/{one.payment_intent_ident}",
        auto_capture_at=when(one.collected_on),
        notifications=(known_when(one.notified_on),) if one.notified_on is not None else (),
        customer=customer,
        execution_date=when(one.booked_on),
        tenant_id=tenant,
    )
