"""GET /invoices/{id}."""

from contor.api.fynn.invoices.shown import InvoiceShown, paper_meant
from contor.api.fynn.invoices.written import OneInvoice, shown_invoice
from contor.kernel.operations import operation
from contor.runtime.uow import Uow


@operation("fynn.invoice_get", permission="documents.read", reads=True)
def get_invoice(uow: Uow, command: OneInvoice) -> InvoiceShown:
    """A draft, an invoice or a credit, with what it refers to."""
    return shown_invoice(uow, paper_meant(uow, command.id).id)
