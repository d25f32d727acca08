"""Where tax arises on receipt: money that had paid rows which a credit takes back pays the rows that are left (posting table row 6)."""

from collections.abc import Sequence

from contor.bookkeeping.chart import accounts_of
from contor.bookkeeping.entries import Posting, post
from contor.bookkeeping.posting.decisions import post_tax_due
from contor.documents.events import DocumentsIssued
from contor.documents.judge import IssuedDocument
from contor.documents.types import DocumentType
from contor.kernel.events import on
from contor.openitems.bounces import paid_others
from contor.openitems.cases import locked_cases, move
from contor.openitems.types import Move, MovedCase
from contor.runtime.uow import Uow


@on(DocumentsIssued)
def follow_credits(uow: Uow, fact: DocumentsIssued) -> None:
    """After the open items are there."""
    memos = [it for it in fact.documents if it.cash_taxation and it.document.document_type is DocumentType.CREDIT_MEMO]
    if memos:
        uow.finish(lambda: _follow(uow, memos))


def _follow(uow: Uow, memos: Sequence[IssuedDocument]) -> None:
    accounts = accounts_of(uow, (draft.document.customer_ident for draft in memos), cash_taxation=True)
    postings = []
    for draft in memos:
        for happened in _moved(uow, draft):
            case, day = happened.before.case, happened.booked_on
            of_customer = accounts[case.customer_ident]
            entries = post_tax_due(case, happened.movement.ledger_due, day, happened.source, of_customer)
            postings += [Posting(entry, happened.before.document_id) for entry in entries]
    post(uow, postings)


def _moved(uow: Uow, memo: IssuedDocument) -> list[MovedCase]:
    """The invoices first, each with what it says of itself, then what is between them."""
    found: list[MovedCase] = []
    for number in (*sorted({related.id for related in memo.facts.related.values()}), memo.id):
        for stored in locked_cases(uow, [number]):  # each time anew: the one before has moved the matter
            if movement := paid_others(stored.case):
                found += move(uow, [Move(stored, movement, f"document:{memo.id}", memo.document.document_date)])
    return found
