"""Invoices as bookings name them: in short, by document."""

from collections.abc import Collection

from contor.api.fynn.banking.answers import ShortInvoice
from contor.api.fynn.invoices import invoice_ids, paper_meant
from contor.api.fynn.manners import known_when, money
from contor.documents.queries import documents_by_id, idents_by_id
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO
from contor.openitems.stored import balances_of
from contor.runtime.uow import Uow


def short_invoices(uow: Uow, document_ids: Collection[int]) -> dict[int, ShortInvoice]:
    """By document, those that exist."""
    if not document_ids:
        return {}
    balances, ids = balances_of(uow, document_ids), invoice_ids(uow, document_ids)
    return {
        number: ShortInvoice(
            id=ids[number],
            number=document.ident,
            currency_code=document.currency,
            due_date=known_when(document.due_date),
            gross_amount=money(document.totals.gross, document.currency),
            unpaid_amount=money(max(balances.get(number, ZERO), ZERO), document.currency),
        )
        for number, document in documents_by_id(uow, document_ids).items()
    }


def document_meant(uow: Uow, text: str) -> str:
    """The number of the document that an id or number names. Raises INVALID where it names none, or a draft."""
    try:
        document = paper_meant(uow, text).document_id
    except Refused as refused:
        if refused.kind is not Kind.NOT_FOUND:
            raise
        raise Refused(Kind.INVALID, Problem("invoice_unknown", "does not exist", "invoice", text)) from None
    if document is None:
        raise Refused(Kind.INVALID, Problem("invoice_is_draft", "is a draft, which owes nothing yet", "invoice", text))
    return idents_by_id(uow, [document])[document]
