"""An issued document is in the books in the same transaction: what is frozen and what is booked cannot differ."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from contor.bookkeeping.chart import accounts_of
from contor.bookkeeping.entries import Posting, post
from contor.bookkeeping.posting.posting import post_document
from contor.bookkeeping.posting.revenue import Carried
from contor.documents.events import DocumentsIssued
from contor.documents.judge import IssuedDocument
from contor.documents.queries import deducted_by_finals
from contor.documents.treatment import first_supplied
from contor.documents.types import DocumentType
from contor.kernel.events import on
from contor.kernel.money import ZERO
from contor.openitems.events import DepositsCorrected
from contor.openitems.stored import movements_of_documents
from contor.runtime.uow import Uow


@on(DocumentsIssued)
def post_issued(uow: Uow, fact: DocumentsIssued) -> None:
    """Rows 1 to 9, 12, 13, 25 and 26 of the posting table. Deposit corrections follow what they do to the deposit's open item."""
    drafts = [d for d in fact.documents if d.document.document_type is not DocumentType.DEPOSIT_INVOICE_CORRECTION]
    accounts = accounts_of(uow, (draft.document.customer_ident for draft in drafts))
    postings = []
    # only a deposit in foreign currency can stand at another value than the document says; a final invoice of a release before, which a
    # credit takes back, did not keep it
    foreign = [draft for draft in drafts if draft.document.ledger is not None and not draft.document.ledger.deposits]
    carried = _carried(uow, [draft for draft in foreign if _deducted(draft)])
    for draft in drafts:
        of_customer = accounts[draft.document.customer_ident]
        if draft.cash_taxation:
            of_customer = replace(of_customer, cash_taxation=True)
        first = _supplied_from(draft) if draft.document.sign < 0 else None
        for entry in post_document(draft.document, of_customer, carried=carried.get(draft.id), supplied_from=first):
            postings.append(Posting(entry, draft.id, draft.number_drawn))
    post(uow, postings)


@on(DepositsCorrected)
def post_corrected(uow: Uow, fact: DepositsCorrected) -> None:
    """Row 11, and row 13's release where received money moves to the final invoice."""
    accounts = accounts_of(uow, (draft.document.customer_ident for draft, _ in fact.corrections))
    postings = []
    for draft, movement in fact.corrections:
        for entry in post_document(draft.document, accounts[draft.document.customer_ident], correction=movement):
            postings.append(Posting(entry, draft.id, draft.number_drawn))
    post(uow, postings)


def _supplied_from(credit: IssuedDocument) -> dt.date | None:
    """The first day on which something of what it takes back is supplied: by the rows that it names, else by the documents."""
    days = []
    for related in credit.facts.related.values():
        document = related.left.document
        named = {row.reference_ident for row in credit.document.items if row.related_document_ident in (None, document.ident)}
        days.append(first_supplied(document, named))
    return min(days, default=None)


def _carried(uow: Uow, drafts: Sequence[IssuedDocument]) -> dict[int, Carried]:
    """At what the received deposits of final invoices in foreign currency stand on their account: each was converted when it came."""
    found: dict[int, Carried] = {}
    for draft in drafts:
        sums: Carried = {}
        ids = [related.deposit_id for related in draft.facts.related.values()]
        if draft.document.sign < 0:
            ids = deducted_by_finals(uow, [related.id for related in draft.facts.related.values()], _deducted(draft))
        for movement in movements_of_documents(uow, ids):
            for part in movement.ledger_parts:
                net, tax = sums.get((part.category_code, part.rate), (ZERO, ZERO))
                sums[part.category_code, part.rate] = (net + part.net, tax + part.tax)
        found[draft.id] = sums
    return found


def _deducted(draft: IssuedDocument) -> set[str]:
    """The deposit invoices that a final invoice deducts, or that its credit gives back."""
    document = draft.document
    given_back = {item.deposit_ident for item in document.items if item.deposit_ident is not None}
    return {deposit.ident for deposit in document.deposits} | given_back
