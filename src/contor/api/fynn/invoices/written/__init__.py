"""Drafts as they are written: what is sent, the rows that it becomes, and the verbs."""

from contor.api.fynn.invoices.written.content import with_due_date
from contor.api.fynn.invoices.written.drafts import (
    OneInvoice,
    add_position,
    change_invoice,
    change_position,
    create_invoice,
    create_position,
    delete_invoice,
    delete_position,
    due_on,
    shown_invoice,
)
from contor.api.fynn.invoices.written.known import account_meant, address_meant, document_meant, draft_meant, in_units, undated_on
from contor.api.fynn.invoices.written.said import said_as
from contor.api.fynn.invoices.written.types import (
    AddressChoice,
    Crediting,
    Finalization,
    InvoiceCancellation,
    MethodChange,
    Named,
    PaymentSent,
    Refunding,
    Sending,
    Settled,
)

__all__ = [
    "AddressChoice",
    "Crediting",
    "Finalization",
    "InvoiceCancellation",
    "MethodChange",
    "Named",
    "OneInvoice",
    "PaymentSent",
    "Refunding",
    "Sending",
    "Settled",
    "account_meant",
    "add_position",
    "address_meant",
    "change_invoice",
    "change_position",
    "create_invoice",
    "create_position",
    "delete_invoice",
    "delete_position",
    "document_meant",
    "draft_meant",
    "due_on",
    "in_units",
    "said_as",
    "shown_invoice",
    "undated_on",
    "with_due_date",
]
