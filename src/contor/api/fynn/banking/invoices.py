"""Invoices as bookings name them: in short, by document."""

from collections.abc import Collection

from contor.api.fynn.banking.answers import ShortInvoice
from contor.api.fynn.manners import known_when, money
from contor.documents.queries import documents_by_id
from contor.kernel.money import ZERO
from contor.openitems.stored import balances_of
from contor.runtime.uow import Uow


def short_invoices(uow: Uow, document_ids: Collection[int]) -> dict[int, ShortInvoice]:
    """By document, those that exist."""
    if not document_ids:
        return {}
    balances = balances_of(uow, document_ids)
    return {
        number: ShortInvoice(
            id=document.ident,
            number=document.ident,
            currency_code=document.currency,
            due_date=known_when(document.due_date),
            gross_amount=money(document.totals.gross, document.currency),
            unpaid_amount=money(max(balances.get(number, ZERO), ZERO), document.currency),
        )
        for number, document in documents_by_id(uow, document_ids).items()
    }


def document_meant(uow: Uow, text: str) -> str:
    """The number of the document that an id or number names."""
    return text
