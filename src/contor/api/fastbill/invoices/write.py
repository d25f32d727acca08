"""invoice.create, invoice.update, invoice.delete, item.delete: an invoice is a draft until it is completed."""

from contor.api.fastbill.ids import unknown
from contor.api.fastbill.invoices.content import content
from contor.api.fastbill.invoices.known import basis_of, customer_of, draft_of
from contor.api.fastbill.invoices.rows import paper_of_row, row_number
from contor.api.fastbill.invoices.types import CORE, InvoiceChange, InvoiceData, OneInvoice, OneItem
from contor.api.fastbill.refusals import said_as
from contor.api.fastbill.writing import Fields, done, identifier
from contor.documents.drafts import (
    ChangeDraft,
    CreateDraft,
    Draft,
    DraftCreation,
    DraftUpdate,
    DraftVersion,
    create_draft,
    delete_draft,
    replace_draft,
)
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import few, operation
from contor.kernel.partial import Content
from contor.runtime.execute import validated
from contor.runtime.uow import Uow


@operation("fastbill.invoice_create", permission="documents.write")
@few
def create_invoice(uow: Uow, data: InvoiceData) -> Fields:
    """A draft for a customer, with at least one row."""
    if not data.items:
        raise Refused(Kind.INVALID, Problem("missing", "is required", "ITEMS"))
    number = uow.next_id()
    basis = basis_of(uow, data, customer_of(uow, data.customer_id), data.invoice_date, number)
    with said_as(CORE):
        body = validated(DraftCreation, {"type": "INVOICE", **content(data, basis)})
        made = create_draft(uow, CreateDraft(body=body, draft_id=number))
    return done(invoice_id=made["draft_id"])


@operation("fastbill.invoice_update", permission="documents.write")
def update_invoice(uow: Uow, data: InvoiceChange) -> Fields:
    """Change what is said of a draft; DELETE_EXISTING_ITEMS takes its rows away first, else rows with an id are changed, others added."""
    draft = draft_of(uow, data.invoice_id)
    who = customer_of(uow, data.customer_id, (draft.content.get("customer_detail") or {}).get("customer_ident"))
    basis = basis_of(uow, data, who, data.invoice_date, draft.id, draft.content)
    with said_as(CORE, {draft.ident: draft.id}):
        _write(uow, draft, content(data, basis, draft.content, delete_items=data.delete_existing_items))
    return done(invoice_id=identifier(data.invoice_id))


@operation("fastbill.invoice_delete", permission="documents.write")
def delete_invoice(uow: Uow, data: OneInvoice) -> Fields:
    """Give a draft up."""
    draft = draft_of(uow, data.invoice_id)
    with said_as(CORE, {draft.ident: draft.id}):
        delete_draft(uow, DraftVersion(draft_ident=draft.ident))
    return done()


@operation("fastbill.item_delete", permission="documents.write")
def delete_item(uow: Uow, data: OneItem) -> Fields:
    """Take a row out of a draft."""
    number = data.invoice_item_id
    draft = draft_of(uow, paper_of_row(number), "INVOICE_ITEM_ID")
    rows = draft.content.get("items") or []
    left = [item for place, item in enumerate(rows, 1) if row_number(draft.id, place, item["ident"]) != number]
    if len(left) == len(rows):
        raise unknown("INVOICE_ITEM_ID", number)
    _write(uow, draft, {**draft.content, "items": left})
    return done()


def _write(uow: Uow, draft: Draft, made: Content) -> None:
    replace_draft(uow, ChangeDraft(draft_ident=draft.ident, body=validated(DraftUpdate, made), version=draft.version))
