"""Where tax arises on receipt: money that had paid rows which a credit takes back pays the rows that are left, and what is due is what the
money that is there pays (posting table row 6)."""

import datetime as dt
from collections.abc import Mapping, Sequence

from contor.bookkeeping.chart import accounts_of
from contor.bookkeeping.entries import Posting, post
from contor.bookkeeping.posting.decisions import post_tax_due
from contor.documents.events import DocumentsIssued
from contor.documents.judge import IssuedDocument
from contor.documents.types import DocumentType
from contor.kernel.events import on
from contor.openitems.bounces import paid_others
from contor.openitems.cases import locked_cases, move
from contor.openitems.events import CasesMoved
from contor.openitems.matters import follow_money
from contor.openitems.types import Move, MovedCase, MovementKind
from contor.runtime.uow import Uow


@on(DocumentsIssued)
def follow_credits(uow: Uow, fact: DocumentsIssued) -> None:
    """After the open items are there."""
    memos = [it for it in fact.documents if it.cash_taxation and it.document.document_type is DocumentType.CREDIT_MEMO]
    if memos:
        uow.finish(lambda: _follow(uow, memos))


def _follow(uow: Uow, memos: Sequence[IssuedDocument]) -> None:
    _post_due(uow, [happened for draft in memos for happened in _moved(uow, draft)])
    _level(uow, {draft.id: draft.document.document_date for draft in memos})


@on(CasesMoved)
def follow_moves(uow: Uow, fact: CasesMoved) -> None:
    """After all that comes with them."""
    days = {it.before.document_id: it.booked_on for it in fact.moves if _may_lag(it)}
    if days:
        uow.finish(lambda: _level(uow, days))


def _may_lag(happened: MovedCase) -> bool:
    """Of a matter of one document its case knows it; of others another one may have moved since."""
    case, movement = happened.after, happened.movement
    if case.matter is None or (movement.kind is MovementKind.CORRECTION and not movement.amount):
        return False
    return case.matter.documents > 1 or follow_money(case) is not None


def _level(uow: Uow, days: Mapping[int, dt.date]) -> None:
    happened: list[MovedCase] = []
    for number in sorted(days):
        for stored in locked_cases(uow, [number]):  # each time anew: the one before may have been of the same matter
            if movement := follow_money(stored.case):
                happened += move(uow, [Move(stored, movement, f"document:{number}", days[number])])
    _post_due(uow, happened)


def _post_due(uow: Uow, moves: Sequence[MovedCase]) -> None:
    accounts = accounts_of(uow, (it.before.case.customer_ident for it in moves), cash_taxation=True)
    postings = []
    for happened in moves:
        case, day = happened.before.case, happened.booked_on
        entries = post_tax_due(case, happened.movement.ledger_due, day, happened.source, accounts[case.customer_ident])
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
