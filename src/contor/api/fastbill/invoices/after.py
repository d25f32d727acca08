"""What happens to an invoice after it was completed: cancelled, paid, collected, sealed, corrected."""

from typing import Final

from contor.api.fastbill.invoices.entity import invoice
from contor.api.fastbill.invoices.get import read
from contor.api.fastbill.invoices.known import document_of
from contor.api.fastbill.invoices.types import CORE, CancelInvoice, OneInvoice, PaidInvoice
from contor.api.fastbill.refusals import refused, said_as
from contor.api.fastbill.writing import Fields, day, done, identifier
from contor.assignment.by_hand import PaidBody, PayDocument, account_by_hand, pay_document
from contor.documents.beside import OneLock, lock_document
from contor.documents.cancelling import Cancel, CancelBody, CorrectVat2020, VatCorrectionBody, cancel, correct_vat_2020
from contor.documents.papers import Paper
from contor.kernel.money import worded
from contor.kernel.operations import operation
from contor.openitems.collection import CreateIntent, IntentBody, create_intent
from contor.runtime.uow import Uow

BY_HAND: Final = "fastbill"


@operation("fastbill.invoice_cancel", permission="documents.write")
def cancel_invoice(uow: Uow, data: CancelInvoice) -> Fields:
    """Take a completed invoice back by a document of its own, as a whole or by an amount in gross."""
    _, number = document_of(uow, data.invoice_id)
    with said_as({**CORE, "amount": "CANCELLATION_AMOUNT"}):
        made = cancel(uow, Cancel(number, CancelBody(amount=data.cancellation_amount, description=data.description or "")))
    answer = done(invoice_id=identifier(made.document_id), invoice_number="")
    # the number is drawn when the transaction ends
    uow.finish(lambda: answer.update(invoice_number=made.document_ident))
    return answer


@operation("fastbill.invoice_setpaid", permission="payments.write")
def set_paid(uow: Uow, data: PaidInvoice) -> Fields:
    """Record the payment of all that is open, with its entries."""
    document_id, number = document_of(uow, data.invoice_id)
    account = account_by_hand(uow, document_id, BY_HAND, "FastBill")
    with said_as({**CORE, "merchant_payment_account_ident": "INVOICE_ID"}):
        body = PaidBody(paid_on=data.paid_date, method=data.payment_method, merchant_payment_account_ident=account)
        made = pay_document(uow, PayDocument(number, body))
    said = f"{worded(made.amount, made.currency)} paid on {day(made.paid_on)}"
    return done(invoice_number=made.document_ident, comment=said)


@operation("fastbill.invoice_capture", permission="payments.write")
def capture(uow: Uow, data: OneInvoice) -> Fields:
    """Collect what is open by the account that the customer left: a direct debit, or a payment provider."""
    _, number = document_of(uow, data.invoice_id)
    with said_as({"target_ident": "INVOICE_ID", "customer_payment_account_ident": "INVOICE_ID"}):
        create_intent(uow, CreateIntent(IntentBody(target_ident=number)))
    return done()


@operation("fastbill.invoice_sign", permission="documents.write")
def sign(uow: Uow, data: OneInvoice) -> Fields:
    """Refused: there is no qualified seal."""
    _, number = document_of(uow, data.invoice_id)
    raise refused(
        f"{number} is not signed: no provider of qualified seals (eIDAS) is configured, and since 2011 an invoice needs no signature"
        " (section 14 (3) UStG). Its origin is shown by the archived PDF/A-3 with the e-invoice within it."
    )


@operation("fastbill.invoice_lock", permission="documents.write")
def lock(uow: Uow, data: OneInvoice) -> Fields:
    """Nobody cancels or corrects it any more."""
    _, number = document_of(uow, data.invoice_id)
    lock_document(uow, OneLock(document_ident=number))
    return done()


@operation("fastbill.invoice_correctvat2020", permission="documents.write")
def correct_vat(uow: Uow, data: OneInvoice) -> Fields:
    """An invoice of the second half of 2020 that bills 19 or 7 per cent is taken back and issued anew with 16 and 5."""
    _, number = document_of(uow, data.invoice_id)
    with said_as(CORE):
        made = correct_vat_2020(uow, CorrectVat2020(number, VatCorrectionBody()))
    uow.finish_now()  # the numbers are drawn, and what was issued is read as it stands
    ((shown, beside),) = read(uow, [Paper(made.document_id, None, made.document_id)])
    said = {"invoice_id_old": identifier(data.invoice_id), "invoice_id_corrected": identifier(made.document_id)}
    return {**invoice(shown, beside), **done(**said)}
