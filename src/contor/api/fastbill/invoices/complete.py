"""invoice.complete: the draft becomes a legal document with its number, once."""

from contor.api.fastbill.invoices.known import draft_of
from contor.api.fastbill.invoices.types import CORE, CompleteInvoice
from contor.api.fastbill.invoices.vat import PERCENT, differing
from contor.api.fastbill.refusals import said_as
from contor.api.fastbill.writing import Fields, done, identifier
from contor.documents.drafts import complete_locked, drafts_by_id
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import few, operation
from contor.kernel.partial import Content
from contor.runtime.uow import Uow


@operation("fastbill.invoice_complete", permission="documents.write")
@few
def complete_invoice(uow: Uow, data: CompleteInvoice) -> Fields:
    """Issue the document that the draft is. The tax that was determined for it is what its client said, or nothing is issued."""
    _refuse_tokens(data)
    draft = draft_of(uow, data.invoice_id, done="was completed already: it is {}")
    with said_as(CORE, {draft.ident: draft.id}):
        (made,) = complete_locked(uow, [draft], [draft.version]).drafts
        if _is_compared(draft.content) and (problems := differing(drafts_by_id(uow, [draft.id])[draft.id].content)):
            raise Refused(Kind.INVALID, *problems)
    answer = done(invoice_number="", invoice_id=identifier(draft.id))
    # the number is drawn when the transaction ends
    uow.finish(lambda: answer.update(invoice_number=made.document_ident))
    return answer


# helpers in calling order


def _refuse_tokens(data: CompleteInvoice) -> None:
    """A payment method belongs to the customer, who agreed to it, and not to one invoice."""
    given = [name for name in ("payment_token", "payment_provider") if getattr(data, name) is not None]
    message = "is kept with the customer (PAYMENT_TYPE and PAYMENT_TOKEN of customer.update); an invoice is collected by that"
    if given:
        raise Refused(Kind.INVALID, *(Problem("token_not_of_invoice", message, name.upper()) for name in given))


def _is_compared(content: Content) -> bool:
    """Whether a row says its tax in words that are determined."""
    return any(entry["key"] == PERCENT for item in content.get("items") or () for entry in item.get("properties") or ())
