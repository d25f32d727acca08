"""Money that is to be moved: payments, refunds and payouts; and the transactions of files of SEPA."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from contor.api.fynn.manners import known_when, money, when
from contor.api.fynn.payments.answers import (
    AttemptShown,
    SepaPaymentShown,
    TransactionShown,
    TransactionStatus,
)
from contor.api.fynn.payments.shown import customer_paths, shown_methods
from contor.api.fynn.payments.types import RefundSent
from contor.documents.matters import credits_over
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.openitems.collection import CreateIntent, IntentBody, collectable_cases, create_intent
from contor.payments import intents
from contor.payments.intents import IntentView, SepaTransaction
from contor.runtime.query import ListQuery, Page
from contor.runtime.uow import Uow, not_found

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
    """All of them, also those that came to an end."""
    page = intents.list_intents(uow, intents.ListIntents(command.query))
    return replace(page, items=tuple(transactions(uow, [one for one in page.items if isinstance(one, IntentView)])))


@operation("fynn.transaction_get", permission="payments.read", reads=True)
def get_transaction(uow: Uow, command: OneTransaction) -> TransactionShown:
    """One of them, with its tries."""
    return transactions(uow, [intents.view_of(uow, command.id)])[0]


@operation("fynn.transaction_refund", permission="payments.write")
def refund(uow: Uow, command: Refund) -> TransactionShown:
    """Give a payment back, as far as a credit of its invoice says that it is owed."""
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
