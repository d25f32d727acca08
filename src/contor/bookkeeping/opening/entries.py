"""What customers owed when the books began here: posting table row 38. Pure.

Revenue and VAT were booked by the former system: the balance is carried forward against the account for that. Under cash taxation
(section 20 UStG) the tax of what is open is not due yet, and falls due here: it is carried forward as such.
"""

import datetime as dt

from contor.bookkeeping.entries import account_line, entry_lines, part_tax_line, personal_line
from contor.bookkeeping.roles import Role, tax_role
from contor.bookkeeping.types import Accounts, Entry, EntryKind, Line
from contor.documents.types import Document
from contor.kernel.money import ZERO
from contor.openitems.rules import open_case
from contor.openitems.types import Case


def post_opening(document: Document, accounts: Accounts, opened_on: dt.date) -> Entry:
    case = open_case(document, cash_taxation=accounts.cash_taxation)
    assert case is not None, "corrections of deposits are not taken over"
    foreign, currency = (None, None) if document.ledger is None else (case.opening, document.currency)
    lines = [
        personal_line(accounts, "D", case.ledger_opening, foreign=foreign, foreign_currency=currency),
        account_line(accounts, accounts.chart[Role.OPENING_DEBTORS], "C", case.ledger_opening),
        *_not_due(case, accounts),
    ]
    text = f"Saldenvortrag {document.ident}"
    return Entry(EntryKind.OPENING, text, opened_on, document.document_date, None, document.ident, entry_lines(lines))


def _not_due(case: Case, accounts: Accounts) -> list[Line]:
    """Of each group, the tax of what is not paid."""
    lines: list[Line] = []
    if not case.taxed_on_receipt:
        return lines
    for place, group in enumerate(case.groups):
        role = tax_role(group.treatment, group.rate, not_due=True)
        whole = case.ledger_tax[place] if case.ledger_tax else group.tax
        settled = case.booked[place] if case.booked else None
        tax = whole - (settled.tax if settled is not None else ZERO)
        if role is not tax_role(group.treatment, group.rate) and tax:
            net = group.net - (case.settled[place].net if case.settled else ZERO)
            owed = part_tax_line(accounts, accounts.chart[role], "C", group)._replace(amount=tax, tax_base=net)
            lines += [account_line(accounts, accounts.chart[Role.OPENING_BALANCES], "D", tax), owed]
    return lines
