"""Posting table row 6a: what came before its supply is taxed in the month in which it came, in the same transaction.

Two lines on one account of tax: off the day of the supply, on that of the receipt. Where there is nothing to be supplied later nothing is
asked of the database.
"""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from contor.bookkeeping.advances.shares import Moved, moves
from contor.bookkeeping.advances.standing import Standing, matters_of, standing_of, with_advances
from contor.bookkeeping.entries import Posting, post
from contor.bookkeeping.periods import month_of
from contor.bookkeeping.types import Entry, EntryKind, Line, Side
from contor.documents.events import DocumentsIssued
from contor.documents.judge import IssuedDocument
from contor.documents.types import Document, DocumentType
from contor.kernel.events import on
from contor.openitems.events import CasesMoved
from contor.openitems.types import MovedCase
from contor.runtime.transaction import gather
from contor.runtime.uow import Uow


class _Happened(NamedTuple):
    document_id: int
    on: dt.date
    is_before: bool
    """Something is supplied later than in this month; else it concerns what was declared before alone, if anything was."""


@on(CasesMoved)
def follow_money(uow: Uow, fact: CasesMoved) -> None:
    """Payments and their ways back, clearings, decisions."""
    _follow(uow, [found for it in fact.moves if (found := _of_move(it)) is not None])


@on(DocumentsIssued)
def follow_documents(uow: Uow, fact: DocumentsIssued) -> None:
    """Credits of what is supplied later, and what is paid when it is issued."""
    _follow(uow, [_Happened(it.id, it.document.document_date, True) for it in fact.documents if _concerns(it)])


def _follow(uow: Uow, happened: list[_Happened]) -> None:
    if happened:
        gather(uow, _post, happened)


def _of_move(it: MovedCase) -> _Happened | None:
    case, document, day = it.before.case, it.before.document, it.booked_on
    if case.taxed_on_receipt or it.before.cash_taxation or not it.movement.amount:
        return None
    if case.document_type is DocumentType.INVOICE:
        is_before = _is_later(document, day)
        # after the supply what goes back may be what was credited before it
        return _Happened(it.before.document_id, day, is_before) if is_before or it.movement.amount > 0 else None
    return _Happened(it.before.document_id, day, False) if case.document_type is DocumentType.CREDIT_MEMO else None


def _concerns(it: IssuedDocument) -> bool:
    document = it.document
    if it.cash_taxation:
        return False
    if document.document_type is DocumentType.CREDIT_MEMO:
        return any(_is_later(related.left.document, document.document_date) for related in it.facts.related.values())
    is_paid = document.document_type is DocumentType.INVOICE and bool(document.prepaid or document.post_tax_items)
    return is_paid and _is_later(document, document.document_date)


def _is_later(document: Document, day: dt.date) -> bool:
    """Its tax date is the last of its rows'."""
    return month_of(document.tax_date) > month_of(day)


def _post(uow: Uow, happened: list[_Happened]) -> None:
    matters = matters_of(uow, {it.document_id for it in happened})
    days: dict[frozenset[int], set[dt.date]] = {}
    before: set[frozenset[int]] = set()
    for it in happened:
        if (matter := matters.get(it.document_id)) is not None:
            days.setdefault(matter, set()).add(it.on)
            if it.is_before:
                before.add(matter)
    wanted = before | with_advances(uow, days.keys() - before)
    post(uow, [posting for standing in standing_of(uow, wanted) for posting in _postings(standing, days[standing.documents])])


def _postings(standing: Standing, days: set[dt.date]) -> Iterator[Posting]:
    entries: dict[tuple[dt.date, int], list[Line]] = {}
    for moved in moves(standing.matter, days):
        number = standing.booked_for[moved.of]
        entries.setdefault((moved.day, number), []).extend(_lines(standing, moved))
    for (day, number), lines in sorted(entries.items()):
        ident = standing.idents[number]
        text = f"Steuer vor der Leistung {ident}"
        yield Posting(Entry(EntryKind.TAXED_BEFORE_SUPPLY, text, day, day, day, ident, tuple(lines)), number)


def _lines(standing: Standing, moved: Moved) -> Iterator[Line]:
    """Amounts are positive: what goes back stands on the other side, for it is a fact of its own."""
    of, amounts = moved.of, moved.amounts
    back = amounts.tax < 0
    sides: tuple[Side, Side] = ("C", "D") if back else ("D", "C")
    tax, base = (-amounts.tax, -amounts.base) if back else amounts
    key, currency = standing.tax_keys.get(of), standing.matter.currency
    for side, tax_date in zip(sides, (of.day, None), strict=True):
        yield Line(of.account, side, tax, currency, key, base, of.rate, None, None, of.country, tax_date=tax_date)
