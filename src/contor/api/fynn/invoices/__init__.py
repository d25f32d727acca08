"""Invoices, their positions, and what is done with them."""

from contor.api.fynn.invoices.actions import (
    approve_invoice,
    bring_picture,
    cancel_invoice,
    change_method,
    choose_address,
    credit_invoice,
    download_invoice,
    finalize_invoice,
    pay_invoice,
    refund_invoice,
    send_invoice,
    settle_invoice,
)
from contor.api.fynn.invoices.billing_run import billing_run
from contor.api.fynn.invoices.get import get_invoice
from contor.api.fynn.invoices.listing import FIELDS, SOUGHT, list_invoices
from contor.api.fynn.invoices.shown import (
    InvoiceLeast,
    InvoiceRow,
    InvoiceSecond,
    InvoiceShown,
    InvoiceThird,
    Standing,
    credit_status,
    dunning_status,
    file_id,
    invoice_id,
    invoice_ids,
    invoice_rows,
    invoice_view,
    paper_meant,
    status_of,
    type_of,
)
from contor.api.fynn.invoices.written import (
    Named,
    add_position,
    change_invoice,
    change_position,
    create_invoice,
    create_position,
    delete_invoice,
    delete_position,
)
from contor.api.fynn.kit import route
from contor.api.route import Route

_READ, _WRITE, _ONE, _POSITION = "invoice:read", "invoice:write", "/invoices/{id}", "/invoice-position-items"

ROUTES: list[Route] = [
    route(
        "GET",
        "/invoices",
        list_invoices,
        permission=_READ,
        id="getInvoices",
        about="invoice",
        filterable=FIELDS,
        sought=SOUGHT,
        output=InvoiceRow,
    ),
    route("POST", "/invoices", create_invoice, permission=_WRITE, id="createInvoice", about="invoice", body="body"),
    route("GET", _ONE, get_invoice, permission=_READ, id="getInvoice", about="invoice"),
    route("PUT", _ONE, change_invoice, permission=_WRITE, id="updateInvoice", about="invoice", body="body", in_part=True),
    route("PATCH", _ONE, settle_invoice, permission=_WRITE, id="patchInvoice", about="invoice", body="body"),
    route("DELETE", _ONE, delete_invoice, permission=_WRITE, id="deleteInvoice", about="invoice"),
    route("POST", f"{_ONE}/positions", add_position, permission=_WRITE, id="addInvoicePosition", about="invoice", body="body"),
    route(
        "POST",
        _POSITION,
        create_position,
        permission=_WRITE,
        id="createInvoicePositionItem",
        about="invoice_position",
        body="body",
    ),
    route(
        "PUT",
        f"{_POSITION}/{{id}}",
        change_position,
        permission=_WRITE,
        id="updateInvoicePositionItem",
        about="invoice_position",
        body="body",
        in_part=True,
    ),
    route(
        "DELETE",
        f"{_POSITION}/{{id}}",
        delete_position,
        permission=_WRITE,
        id="deleteInvoicePositionItem",
        about="invoice_position",
    ),
    *(
        route("POST", f"{_ONE}/{word}", verb, permission=_WRITE, id=name, about="invoice", body="body", may_be_empty=True)
        for word, verb, name in (
            ("finalize", finalize_invoice, "finalizeInvoice"),
            ("cancel", cancel_invoice, "cancelInvoice"),
            ("credit", credit_invoice, "creditInvoice"),
            ("refund", refund_invoice, "refundInvoice"),
            ("send", send_invoice, "sendInvoice"),
            ("payments", pay_invoice, "addInvoicePayment"),
        )
    ),
    route("PUT", f"{_ONE}/approve", approve_invoice, permission=_WRITE, id="approveInvoice", about="invoice"),
    route(
        "PATCH",
        f"{_ONE}/payment-method",
        change_method,
        permission=_WRITE,
        id="changeInvoicePaymentMethod",
        about="invoice",
        body="body",
    ),
    route(
        "POST",
        f"{_ONE}/customer-address",
        choose_address,
        permission=_WRITE,
        id="setInvoiceCustomerAddress",
        about="invoice",
        body="body",
    ),
    route("POST", f"{_ONE}/pdf", bring_picture, permission=_WRITE, id="uploadInvoicePdf", about="invoice", upload="file"),
    route("GET", f"{_ONE}/download", download_invoice, permission=_READ, id="downloadInvoice", about="invoice"),
    route(
        "GET",
        "/invoices/{invoiceId}/billing-run",
        billing_run,
        permission=_READ,
        id="getInvoiceBillingDetails",
        about="billing_run",
    ),
]
"""Who shows invoices elsewhere asks `invoice_view` for many at once."""

__all__ = [
    "ROUTES",
    "InvoiceLeast",
    "InvoiceRow",
    "InvoiceSecond",
    "InvoiceShown",
    "InvoiceThird",
    "Named",
    "Standing",
    "credit_status",
    "dunning_status",
    "file_id",
    "invoice_id",
    "invoice_ids",
    "invoice_rows",
    "invoice_view",
    "paper_meant",
    "status_of",
    "type_of",
]
