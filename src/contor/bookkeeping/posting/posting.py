"""What an issued document puts into the books: posting table rows 1 to 9 and 11 to 13, 25 and 26. Pure.

`post_document` turns a frozen document into balanced entries. One entry per event: the supply itself, and beside it what was
settled on issuing (voucher redeemed, prepayment, deposit deducted, rounding).
"""

import datetime as dt

from contor.bookkeeping.entries import entry_lines
from contor.bookkeeping.posting.book import Book, line_of_supply
from contor.bookkeeping.posting.deposits import post_deposit_correction, post_deposit_invoice
from contor.bookkeeping.posting.revenue import Carried, Direction, RoleOf, supply_lines, turnover_lines
from contor.bookkeeping.posting.self_billing import post_self_billing
from contor.bookkeeping.posting.settled import post_settled
from contor.bookkeeping.roles import reduction_role, revenue_role
from contor.bookkeeping.types import Accounts, Entry, EntryKind, Line, Side
from contor.documents.treatment import Treatment, has_several_days
from contor.documents.types import Document, DocumentType
from contor.openitems.types import Movement


def post_document(
    document: Document,
    accounts: Accounts,
    *,
    posting_date: dt.date | None = None,
    correction: Movement | None = None,
    carried: Carried | None = None,
    supplied_from: dt.date | None = None,
) -> list[Entry]:
    """The entries of an issued document; empty when it has no effect (deposit invoice without receivable, only free rows).

    `posting_date` defaults to the document date. `correction`: for a deposit invoice correction, what it does to the deposit's
    case (`openitems.deposits.close_deposit`); without it, all of it is taken as unpaid. `carried`: see `revenue.Carried`.
    `supplied_from`: of a credit, the first day on which what it takes back is supplied.
    """
    book = Book(document, accounts, posting_date or document.document_date, supplied_from)
    match document.document_type:
        case DocumentType.INVOICE:
            return _invoice(book, carried)
        case DocumentType.CREDIT_MEMO:
            return _price_reduction(book) if document.is_price_reduction else _invoice(book, carried, sign=-1)
        case DocumentType.DEPOSIT_INVOICE:
            return post_deposit_invoice(book)
        case DocumentType.DEPOSIT_INVOICE_CORRECTION:
            return post_deposit_correction(book, correction)
        case _:
            return post_self_billing(document, accounts, book.posting_date, supplied_from)


def _invoice(book: Book, carried: Carried | None, sign: int = 1) -> list[Entry]:
    """Rows 1 to 6 and 12; with `sign` -1 row 7, the same entry negative."""
    document, accounts = book.document, book.accounts
    kind, what = (EntryKind.INVOICE, "Rechnung") if sign > 0 else (EntryKind.REVERSING_CREDIT, "Rechnungskorrektur")
    is_covered = any(item.deposit_ident is not None for item in document.items)  # by deposits: revenue against what was received
    is_nothing = not is_covered and not document.totals.gross and not any(group.amount or group.base for group in document.taxes)
    lines: list[Line] = []
    if not is_nothing or has_several_days(document):
        lines = [book.personal("D", sign * book.gross, sign * document.totals.gross)] if book.gross else []
        lines += supply_lines(document, accounts, Direction("C", sign, revenue_role, book.tax_role()), carried)
    if is_nothing and not lines:  # rows that cancel out leave no group to post, yet are turnover of both kinds
        lines = turnover_lines(document, accounts, revenue_role)
    supplied = [book.entry(kind, what, lines)] if lines else []
    return supplied + _reductions_taken_back(book) + post_settled(book, carried, sign)


def _reductions_taken_back(book: Book) -> list[Entry]:
    """Row 8, negative: what earlier credit memos took off the price of rows that are taken back was revenue all the same. Customer and tax
    had it then."""
    document, accounts, lines = book.document, book.accounts, list[Line]()
    for it in document.price_reductions:
        treatment, net = Treatment(it.treatment), it.ledger_gross - it.ledger_tax
        sides: tuple[tuple[Side, RoleOf], ...] = (("D", reduction_role), ("C", revenue_role))
        for side, role_of in sides:
            lines.append(line_of_supply(accounts, role_of(treatment, it.rate), side, -net, treatment, it.rate, it.country))
    booked = entry_lines(lines)
    return [book.entry(EntryKind.PRICE_REDUCTION, "Preisnachlass zurückgenommen", list(booked))] if booked else []


def _price_reduction(book: Book) -> list[Entry]:
    """Row 8: the supply stands, its price falls."""
    lines = supply_lines(book.document, book.accounts, Direction("D", 1, reduction_role, book.tax_role()))
    if book.gross:
        lines.append(book.personal("C", book.gross, book.document.totals.gross))
    reduced = [book.entry(EntryKind.PRICE_REDUCTION, "Preisnachlass", lines)] if lines else []
    return reduced + post_settled(book, None, -1)
