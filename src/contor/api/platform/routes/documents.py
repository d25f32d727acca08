"""The documents, their labels and files, in `/v2`."""

from dataclasses import replace

from contor.api.kit import route
from contor.api.platform.answers import has_no_files, request_state, still
from contor.api.platform.invoices import INVOICES, in_core_words, invoice
from contor.api.route import Route
from contor.documents import after, beside
from contor.documents.after import aggregate, reissue
from contor.documents.cancelling import cancel, correct_vat_2020
from contor.documents.ksef import get_fa3
from contor.documents.pictures import upload_picture
from contor.documents.request import request_document
from contor.documents.types import DocumentBody, DocumentType, DocumentView

_TYPES = {
    "invoices": DocumentType.INVOICE,
    "credit-memos": DocumentType.CREDIT_MEMO,
    "deposit-invoices": DocumentType.DEPOSIT_INVOICE,
    "deposit-invoice-corrections": DocumentType.DEPOSIT_INVOICE_CORRECTION,
    "self-billing-invoices": DocumentType.SELF_BILLING_INVOICE,
    "self-billing-invoice-corrections": DocumentType.SELF_BILLING_INVOICE_CORRECTION,
}
_DOCUMENT = "/v2/documents/{documentIdent}"
_INVOICES = "/v2/data-access/invoices"
_FILES = "/v2/files/documents/{documentIdent}/attachments"


def _word(kind: DocumentType) -> str:
    """`CREDIT_MEMO` as `CreditMemo`."""
    return kind.value.title().replace("_", "")


def _request(path: str, kind: DocumentType) -> Route:
    """Ask for a document of a type."""
    made = route(
        "POST",
        f"/v2/documents/{path}",
        request_document,
        202,
        body="request",
        constants={"document_type": kind},
        id=f"request{_word(kind)}",
    )
    return replace(made, body=DocumentBody)


def _list_of_invoices() -> Route:
    """The list of documents, asked for in the words of invoices."""
    made = route(
        "GET", _INVOICES, after.list_documents, filterable=INVOICES, answer=invoice, deprecated=True, id="listInvoicesFlat"
    )
    return replace(made, bind=lambda call: after.ListDocuments(query=in_core_words(call.body)))


DOCUMENT_ROUTES: list[Route] = [
    *[_request(path, kind) for path, kind in _TYPES.items()],
    *[
        route(
            "GET",
            f"/v2/documents/{path}/{{documentIdent}}",
            after.get_document,
            constants={"document_type": kind},
            id=f"get{_word(kind)}",
        )
        for path, kind in _TYPES.items()
    ],
    route("GET", "/v2/documents/requests/{requestId}", after.get_request, answer=request_state, pending=still("RECEIVED")),
    route("GET", "/v2/documents", after.list_documents, filterable=after.DOCUMENTS, output=DocumentView),
    route("GET", _DOCUMENT, after.get_document),
    route("POST", f"{_DOCUMENT}/actions/reissue", reissue, 202, body="body"),
    route("POST", f"{_DOCUMENT}/actions/cancel", cancel, 201, body="body", may_be_empty=True),
    route(
        "POST",
        f"{_DOCUMENT}/actions/correct-vat-2020",
        correct_vat_2020,
        201,
        body="body",
        may_be_empty=True,
        id="correctVatOfLowerRates",
    ),
    route("GET", f"{_DOCUMENT}/comments", beside.list_comments, filterable=beside.COMMENTS, output=beside.CommentView),
    route("POST", f"{_DOCUMENT}/comments", beside.add_comment, 201, body="body"),
    route("GET", f"{_DOCUMENT}/lock", beside.get_lock),
    route("POST", f"{_DOCUMENT}/actions/lock", beside.lock_document),
    route("POST", f"{_DOCUMENT}/actions/unlock", beside.unlock_document),
    route("POST", f"{_DOCUMENT}/picture", upload_picture, 201, upload="file"),
    route("GET", f"{_DOCUMENT}/aggregations", aggregate, id="getDocumentAggregations"),
    route("GET", f"{_DOCUMENT}/ksef", get_fa3, id="getStructuredInvoice"),
    route("GET", f"{_DOCUMENT}/labels", after.list_labels),
    route("POST", f"{_DOCUMENT}/labels", after.add_label, 201, body="body"),
    route("POST", f"{_DOCUMENT}/labels/actions/remove", after.remove_label, 204, body="body"),
    route("GET", "/v2/files/{fileIdent}", after.get_file),
    route("GET", _FILES, after.list_attachments, pending=has_no_files),
    route("GET", f"{_FILES}/{{attachmentIdent}}", after.get_attachment, pending=lambda _: False),
    _list_of_invoices(),
    route(
        "GET",
        f"{_INVOICES}/{{invoiceIdent}}",
        after.get_document,
        rename={"invoiceIdent": "document_ident"},
        answer=invoice,
        deprecated=True,
        id="getInvoiceFlat",
    ),
]
