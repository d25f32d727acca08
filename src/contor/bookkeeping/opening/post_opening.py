"""A document that another system issued is in the books with what of it is open."""

from dataclasses import replace

from contor.bookkeeping.chart import accounts_of
from contor.bookkeeping.entries import Posting, post
from contor.bookkeeping.opening.entries import post_opening
from contor.documents.events import DocumentsTakenOver
from contor.kernel.events import on
from contor.runtime.uow import Uow


@on(DocumentsTakenOver)
def carry_forward(uow: Uow, fact: DocumentsTakenOver) -> None:
    """Row 38."""
    accounts = accounts_of(uow, (one.draft.document.customer_ident for one in fact.documents))
    postings = []
    for draft, opened_on in fact.documents:
        of_customer = replace(accounts[draft.document.customer_ident], cash_taxation=draft.cash_taxation)
        postings.append(Posting(post_opening(draft.document, of_customer, opened_on), draft.id))
    post(uow, postings)
