"""The match between a booking and an invoice, whole: the invoice with what it names, three levels deep, the money and its way."""

from dataclasses import dataclass

from contor.api.fynn.banking.answers import BankTransactionShown
from contor.api.fynn.banking.transactions import bank_transactions
from contor.api.fynn.invoices import InvoiceShown, invoice_view
from contor.api.fynn.manners import MoneyShown, When, known_when, money
from contor.api.fynn.payments import TransactionShown, transactions
from contor.assignment.by_hand import Made, made_named
from contor.documents.papers import papers_of_documents
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.payments import intents
from contor.payments.queries import published_payments
from contor.runtime.uow import Uow, not_found

LEVELS = 3


@shape
class AssignmentShown:
    """What of a booking was put to an invoice."""

    id: str
    invoice: InvoiceShown | None = None
    """Null: it is for none, as what banks took of a returned payment."""
    transaction: TransactionShown | None = None
    """The payment, refund or payout by which the money came; null: nobody here ordered it."""
    bank_account_transaction: BankTransactionShown
    amount: MoneyShown
    """Negative where money went back."""
    status: str
    """processed, or reversed: it was taken back."""
    created_at: When


@dataclass(frozen=True, slots=True)
class OneAssignment:
    id: str


@operation("fynn.bank_assignment_get", permission="payments.read", reads=True)
def get_assignment(uow: Uow, command: OneAssignment) -> AssignmentShown:
    """One of them, also one that was taken back."""
    made = made_named(uow, command.id)
    if made is None:
        raise not_found("bank_account_transaction_assignment", command.id)
    payment = published_payments(uow, [made.payment_ident])[made.payment_ident]
    (booked,) = bank_transactions(uow, [payment])
    return AssignmentShown(
        id=made.ident,
        invoice=_invoice(uow, made.document_id),
        transaction=_transaction(uow, made),
        bank_account_transaction=booked,
        amount=money(made.amount, made.currency),
        status=made.status.lower(),
        created_at=known_when(made.created_at),
    )


def _invoice(uow: Uow, document_id: int | None) -> InvoiceShown | None:
    papers = papers_of_documents(uow, [document_id]) if document_id is not None else []
    found = invoice_view(uow, [paper.id for paper in papers], LEVELS)
    return found[0] if found else None


def _transaction(uow: Uow, made: Made) -> TransactionShown | None:
    ident = intents.intent_of_payment(uow, made.document_id, made.payment_ident) if made.document_id is not None else None
    return transactions(uow, [intents.view_of(uow, ident)])[0] if ident is not None else None
