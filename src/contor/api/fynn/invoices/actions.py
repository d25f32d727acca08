"""What is done with an invoice: finalized, approved, taken back, credited, refunded, sent, paid, downloaded, given its picture."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from contor.api.fynn.invoices.shown import InvoiceShown
from contor.api.fynn.invoices.written import (
    AddressChoice,
    Crediting,
    Finalization,
    InvoiceCancellation,
    MethodChange,
    OneInvoice,
    PaymentSent,
    Refunding,
    Sending,
    Settled,
    account_meant,
    address_meant,
    document_meant,
    draft_meant,
    due_on,
    in_units,
    said_as,
    shown_invoice,
    undated_on,
    with_due_date,
)
from contor.api.fynn.refusals import feature_off
from contor.assignment.by_hand import PaidBody, PayDocument, account_by_hand, pay_document
from contor.custom_fields.values import kept
from contor.documents.cancelling import Cancel, CancelBody, CreditKind, cancel
from contor.documents.drafts import DraftVersion, approve_draft, complete_locked
from contor.documents.papers import OpenPicture, Paper, open_picture
from contor.documents.pictures import UploadPicture
from contor.documents.pictures import upload_picture as upload
from contor.documents.queries import documents_by_id
from contor.documents.types import DocumentType
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import few, operation
from contor.notifications.mail.log import SendBody, SendDocument, send_document
from contor.openitems.collection import CreateIntent, IntentBody, create_intent
from contor.openitems.handling import ChangeBlock, DunningBlockBody, change_dunning_block
from contor.openitems.standing import refund_of
from contor.payments.customer_accounts import paying_accounts
from contor.runtime.execute import validated
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings

FEATURE: Final = "invoice.custom_pdf"
BY_HAND: Final = "fynn"
"""Account of what callers say was paid, where the tenant has none."""
BLOCKED: Final = "dunning is disabled for the invoice"


@dataclass(frozen=True, slots=True)
class FinalizeInvoice:
    id: str
    body: Finalization


@dataclass(frozen=True, slots=True)
class CancelInvoice:
    id: str
    body: InvoiceCancellation


@dataclass(frozen=True, slots=True)
class CreditInvoice:
    id: str
    body: Crediting


@dataclass(frozen=True, slots=True)
class RefundInvoice:
    id: str
    body: Refunding


@dataclass(frozen=True, slots=True)
class SendInvoice:
    id: str
    body: Sending


@dataclass(frozen=True, slots=True)
class PayInvoice:
    id: str
    body: PaymentSent


@dataclass(frozen=True, slots=True)
class ChangeMethod:
    id: str
    body: MethodChange


@dataclass(frozen=True, slots=True)
class ChooseAddress:
    id: str
    body: AddressChoice


@dataclass(frozen=True, slots=True)
class SettleInvoice:
    id: str
    body: Settled


@dataclass(frozen=True, slots=True)
class BringPicture:
    id: str
    file: FileContent


@operation("fynn.invoice_finalize", permission="documents.write")
@few
def finalize_invoice(uow: Uow, command: FinalizeInvoice) -> InvoiceShown:
    """The draft becomes a legal document with its number, once; its files follow."""
    draft = draft_meant(uow, command.id, "it is finalized once")
    if command.body.due_date is not None:
        begins = undated_on(uow, draft.content["billing_group_ident"])
        draft = due_on(uow, draft, with_due_date(draft.content, command.body.due_date, begins))
    with said_as():
        complete_locked(uow, [draft], [draft.version])
    return _after(uow, draft.id)


@operation("fynn.invoice_approve", permission="documents.write")
def approve_invoice(uow: Uow, command: OneInvoice) -> InvoiceShown:
    """Say that a draft is right as it is: not by who wrote it last."""
    draft = draft_meant(uow, command.id, "it needs no approval any more")
    with said_as():
        approve_draft(uow, DraftVersion(draft_ident=draft.ident))
    return shown_invoice(uow, draft.id)


@operation("fynn.invoice_cancel", permission="documents.write")
def cancel_invoice(uow: Uow, command: CancelInvoice) -> InvoiceShown:
    """Take a finalized invoice back by a document of its own; the invoice is answered, with that document."""
    return _taken_back(uow, command.id, CancelBody(description=command.body.reason or "", kind="CANCELLATION"))


@operation("fynn.invoice_credit", permission="documents.write")
def credit_invoice(uow: Uow, command: CreditInvoice) -> InvoiceShown:
    """Credit an invoice, or a part of it, by a document of its own."""
    paper, _ = document_meant(uow, command.id)
    currency = documents_by_id(uow, [paper.document_id or 0])[paper.document_id or 0].currency
    return _credited(uow, command.id, command.body, "CREDIT", in_units(command.body.amount, currency))


@operation("fynn.invoice_refund", permission="payments.write")
def refund_invoice(uow: Uow, command: RefundInvoice) -> InvoiceShown:
    """Give back what was paid, or a part of it, by a document of its own, and the money to the payment method by which it came, where that
    takes it. What is open stays open."""
    paper, number = document_meant(uow, command.id)
    document = documents_by_id(uow, [paper.document_id or 0])[paper.document_id or 0]
    amount = in_units(command.body.amount, document.currency)
    amount = refund_of(uow, paper.document_id or 0, number, document.totals.gross, document.currency, amount)
    return _credited(uow, command.id, command.body, "REFUND", amount, pays_out=True)


@operation("fynn.invoice_send", permission="documents.write")
def send_invoice(uow: Uow, command: SendInvoice) -> InvoiceShown:
    """Mail the invoice with its files; each call is a mail of its own."""
    paper, number = document_meant(uow, command.id)
    said = command.body
    body = {"recipients": list(said.recipients), "subject": said.subject, "message": said.text, "again": True}
    with said_as({"message": "text"}):
        send_document(uow, SendDocument(number, validated(SendBody, {key: it for key, it in body.items() if it not in (None, [])})))
    return shown_invoice(uow, paper.id)


@operation("fynn.invoice_pay", permission="payments.write")
def pay_invoice(uow: Uow, command: PayInvoice) -> InvoiceShown:
    """Record money that came in; so much as is open makes it paid."""
    paper, number = document_meant(uow, command.id)
    said = command.body
    currency = documents_by_id(uow, [paper.document_id or 0])[paper.document_id or 0].currency
    body = {
        "amount": in_units(said.amount, currency),
        "paid_on": said.date,
        "method": said.type,
        "note": said.description or "",
        "merchant_payment_account_ident": account_by_hand(uow, paper.document_id or 0, BY_HAND, "fynn"),
    }
    with said_as({"paid_on": "date", "merchant_payment_account_ident": "amount"}):
        pay_document(uow, PayDocument(number, validated(PaidBody, {key: it for key, it in body.items() if it is not None})))
    return _after(uow, paper.id)


@operation("fynn.invoice_change_method", permission="payments.write")
def change_method(uow: Uow, command: ChangeMethod) -> InvoiceShown:
    """Pay an invoice by another payment method of the customer: what is open is collected by it."""
    named = command.body.payment_method or command.body.payment_method_id
    if named is None:
        raise Refused(Kind.INVALID, Problem("missing", "is required", "paymentMethod"))
    paper, number = document_meant(uow, command.id)
    document = documents_by_id(uow, [paper.document_id or 0])[paper.document_id or 0]
    problems = list[Problem]()
    account, _ = account_meant(uow, document.customer_ident, named, problems, "paymentMethod")
    if problems:
        raise Refused(Kind.INVALID, *problems)
    with said_as({"customer_payment_account_ident": "paymentMethod", "target_ident": "id"}):
        create_intent(uow, CreateIntent(IntentBody(target_ident=number, customer_payment_account_ident=account)))
    return _after(uow, paper.id)


@operation("fynn.invoice_choose_address", permission="documents.write")
def choose_address(uow: Uow, command: ChooseAddress) -> InvoiceShown:
    """Let a draft go to another address of its customer, with the VAT id that belongs to it."""
    named = command.body.customer_address or command.body.customer_address_id or command.body.address
    draft = draft_meant(uow, command.id, "its address stays; cancel it and write it anew")
    if named is None:
        raise Refused(Kind.INVALID, Problem("missing", "is required", "customerAddress"))
    detail, problems = draft.content.get("customer_detail") or {}, list[Problem]()
    address = address_meant(uow, detail.get("customer_ident") or "", named, problems, "customerAddress")
    if problems:
        raise Refused(Kind.INVALID, *problems)
    due_on(uow, draft, {**draft.content, "customer_detail": {**detail, "invoice_address_ident": address}})
    return shown_invoice(uow, draft.id)


@operation("fynn.invoice_settle", permission="bookkeeping.write")
def settle_invoice(uow: Uow, command: SettleInvoice) -> InvoiceShown:
    """Change what may change of an invoice that is finalized: whether it is dunned, and fields that the tenant declares."""
    paper, number = document_meant(uow, command.id)
    if "dunning_disabled" in command.body.model_fields_set:
        disabled = bool(command.body.dunning_disabled)
        body = DunningBlockBody(blocked=disabled, reason=BLOCKED if disabled else None)
        change_dunning_block(uow, ChangeBlock(opos_case_ident=number, body=body))
    kept(uow, "INVOICE", str(paper.id), command.body.custom_fields or {})
    return shown_invoice(uow, paper.id)


@operation("fynn.invoice_download", permission="documents.read", reads=True)
def download_invoice(uow: Uow, command: OneInvoice) -> FileContent:
    """The PDF."""
    paper, _ = document_meant(uow, command.id)
    content: FileContent = open_picture(uow, OpenPicture(document_id=paper.document_id or 0))
    return content


@operation("fynn.invoice_bring_picture", permission="documents.write")
def bring_picture(uow: Uow, command: BringPicture) -> InvoiceShown:
    """The PDF that somebody else has drawn of an invoice that waits for it."""
    paper, number = document_meant(uow, command.id)
    if tenant_settings(uow).custom_picture != "AWAITED":
        raise feature_off(FEATURE)
    upload(uow, UploadPicture(number, command.file))
    return shown_invoice(uow, paper.id)


# helpers in calling order


def _after(uow: Uow, paper: int) -> InvoiceShown:
    """As it stands when everything of this is written: numbers are drawn last."""
    uow.finish_now()
    return shown_invoice(uow, paper)


def _credited(
    uow: Uow, text: str, said: Crediting | Refunding, kind: CreditKind, amount: Decimal | None, *, pays_out: bool = False
) -> InvoiceShown:
    reason = said.reason or ("" if amount is None else "Teilgutschrift")
    body = validated(CancelBody, {"amount": amount, "description": reason, "kind": kind})
    account = said.payment_method if isinstance(said, Refunding) else None
    return _taken_back(uow, text, body, account, pays_out=pays_out)


def _taken_back(uow: Uow, text: str, body: CancelBody, account: str | None = None, *, pays_out: bool = False) -> InvoiceShown:
    paper, number = document_meant(uow, text)
    with said_as({"description": "reason"}):
        made = cancel(uow, Cancel(number, body))
    uow.finish_now()
    if pays_out:
        _pay_out(uow, paper, made.document_ident, account)
    return shown_invoice(uow, paper.id)


def _pay_out(uow: Uow, paper: Paper, credit: str, account: str | None) -> None:
    """By the method that is named, or that of the invoice, where it takes money; else it stays the customer's credit. What was paid on a
    deposit invoice is owed on itself: its correction has no open item."""
    document = documents_by_id(uow, [paper.document_id or 0])[paper.document_id or 0]
    if account is not None:
        problems = list[Problem]()
        account_meant(uow, document.customer_ident, account, problems, "paymentMethod")
        if problems:
            raise Refused(Kind.INVALID, *problems)
    named = account or document.payment_information.customer_payment_account_ident
    if named is None or named not in paying_accounts(uow, [named]):
        return
    target = document.ident if document.document_type == DocumentType.DEPOSIT_INVOICE else credit
    with said_as({"customer_payment_account_ident": "paymentMethod", "target_ident": "id"}):
        create_intent(uow, CreateIntent(IntentBody(target_ident=target, customer_payment_account_ident=named)))
    uow.finish_now()
