"""Deposit invoices and their correction: posting table rows 9, 10 and 11. Pure.

No tax is booked before the money is there (section 13 (1) no. 1 lit. a sentence 4 UStG).
"""

from contor.bookkeeping.entries import account_line
from contor.bookkeeping.posting.book import Book, deposit_lines
from contor.bookkeeping.posting.settled import CONTRA, post_rounding
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import Entry, EntryKind
from contor.documents import treatment
from contor.documents.treatment import tax_parts
from contor.kernel.money import ZERO
from contor.openitems.types import Movement


def post_deposit_invoice(book: Book) -> list[Entry]:
    """Row 9: a receivable against a clearing account; without receivable no entry. What a voucher or an earlier payment pays is
    received on issuing (row 10)."""
    document, accounts = book.document, book.accounts
    amounts = treatment.settled_at_issue(document)
    paid = [(role, *amounts[key]) for key, (role, _, _) in CONTRA.items() if key in amounts]
    foreign_paid = sum((foreign for _, foreign, _ in paid), ZERO)
    billed = book.gross - sum((in_ledger for _, _, in_ledger in paid), ZERO)
    entries: list[Entry] = []
    if billed and document.deposit_receivable_relevant:
        clearing = account_line(accounts, accounts.chart[Role.DEPOSIT_CLEARING], "C", billed)
        lines = [book.personal("D", billed, document.totals.gross - foreign_paid), clearing._replace(party=accounts.party)]
        entries.append(book.entry(EntryKind.DEPOSIT_INVOICE, "Anzahlungsrechnung", lines, taxed=False))
    if paid:
        is_last = not document.totals.payable
        received = treatment.of_receipt(tax_parts(document), (), foreign_paid, document.currency, is_last=is_last)
        if document.ledger is not None:
            received = treatment.converted(received, book.gross - billed, accounts.currency)
        lines = [account_line(accounts, accounts.chart[role], "D", in_ledger) for role, _, in_ledger in paid]
        entries.append(book.entry(EntryKind.DEPOSIT_RECEIVED, "Anzahlung erhalten", [*lines, *deposit_lines(accounts, received)]))
    return entries + post_rounding(book, amounts, 1)


def post_deposit_correction(book: Book, correction: Movement | None) -> list[Entry]:
    """Row 11 for what is unpaid; row 13's release for received money that moves to the final invoice (method REVERSAL)."""
    document, accounts = book.document, book.accounts
    returned = correction.ledger_parts if correction is not None else ()
    back = -sum((part.gross for part in returned), ZERO)  # what goes back has negative parts
    unpaid = book.gross if correction is None else -correction.ledger_amount - back
    foreign_back = -sum((part.gross for part in correction.parts), ZERO) if correction is not None else ZERO
    foreign = document.totals.gross if correction is None else -correction.amount - foreign_back
    entries: list[Entry] = []
    if unpaid and document.deposit_receivable_relevant:
        clearing = account_line(accounts, accounts.chart[Role.DEPOSIT_CLEARING], "D", unpaid)
        lines = [clearing._replace(party=accounts.party), book.personal("C", unpaid, foreign)]
        entries.append(book.entry(EntryKind.DEPOSIT_CLOSED, "Anzahlungsrest geschlossen", lines, taxed=False))
    if back:
        lines = deposit_lines(accounts, treatment.negated(returned), release=True)
        lines.append(book.personal("C", back, foreign_back))
        entries.append(book.entry(EntryKind.DEPOSIT_APPLIED, "Anzahlung umgebucht", lines))
    return entries
