"""A document on its way into entries, and the lines that documents, receipts and decisions have in common. Pure."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from contor.bookkeeping.entries import account_line, entry_lines, part_tax_line, personal_line
from contor.bookkeeping.roles import OF_ALL_KINDS, Role, deposits_role, revenue_role, tax_role
from contor.bookkeeping.types import Accounts, Entry, EntryKind, Line, Side
from contor.documents.treatment import TaxPart, Treatment
from contor.documents.types import Document


class Book:
    """A document on its way into entries."""

    __slots__ = ("accounts", "document", "posting_date", "tax_date")

    def __init__(self, document: Document, accounts: Accounts, posting_date: dt.date, supplied_from: dt.date | None = None) -> None:
        self.document, self.accounts, self.posting_date = document, accounts, posting_date
        self.tax_date = tax_day(document, None if accounts.cash_taxation else supplied_from)

    def entry(self, kind: EntryKind, what: str, lines: list[Line], *, taxed: bool = True) -> Entry:
        document = self.document
        return Entry(
            kind,
            f"{what} {document.ident}",
            self.posting_date,
            document.document_date,
            self.tax_date if taxed else None,
            document.ident,
            tuple(lines),
        )

    def personal(self, side: Side, amount: Decimal, foreign: Decimal) -> Line:
        if self.document.ledger is None:
            return personal_line(self.accounts, side, amount)
        return personal_line(self.accounts, side, amount, foreign=foreign, foreign_currency=self.document.currency)

    def tax_role(self) -> Callable[[Treatment, Decimal], Role]:
        return _not_due_role if self.accounts.cash_taxation else tax_role

    @property
    def gross(self) -> Decimal:
        """In the ledger's currency."""
        return self.document.totals.gross if self.document.ledger is None else self.document.ledger.gross


def tax_day(document: Document, supplied_from: dt.date | None) -> dt.date:
    """The day by which it falls into a VAT period. A change of the consideration counts when it happens (section 17 (1) sentence 8 UStG),
    and not before there is a tax to be corrected: of what is billed in advance, with the supply."""
    if document.has_days_of_rows:
        return document.tax_date
    return max(document.document_date, supplied_from or document.document_date)


def _not_due_role(treatment: Treatment, rate: Decimal) -> Role:
    return tax_role(treatment, rate, not_due=True)


def line_of_supply(
    accounts: Accounts, role: Role, side: Side, net: Decimal, treatment: Treatment, rate: Decimal, country: str | None
) -> Line:
    """The net by which more is earned of a supply, or less. Its tax key says which kind of supply that was, also on an account for all
    kinds: what bears no tax of ours is declared by its net alone."""
    account, key = accounts.chart[role], accounts.chart[revenue_role(treatment, rate)].tax_key
    if account.tax_key is not None and (treatment is Treatment.DOMESTIC or role not in OF_ALL_KINDS):
        key = account.tax_key
    return account_line(accounts, account, side, net)._replace(tax_key=key, rate=rate, country=country)


def tax_due_lines(accounts: Accounts, received: tuple[TaxPart, ...]) -> list[Line]:
    """Row 6: tax moves from "not due" to due, on the part paid. Supplies that section 20 UStG does not concern have no line."""
    lines: list[Line] = []
    for part in received:
        due = accounts.chart[tax_role(part.treatment, part.rate)]
        not_due = accounts.chart[tax_role(part.treatment, part.rate, not_due=True)]
        if (part.tax or (part.net and part.rate)) and due.number != not_due.number:
            lines += [part_tax_line(accounts, not_due, "D", part), part_tax_line(accounts, due, "C", part)]
    return lines


def deposit_lines(accounts: Accounts, received: tuple[TaxPart, ...], *, release: bool = False) -> list[Line]:
    """Rows 10, 13 and 14: the liability of a received deposit and its tax; `release` takes them off again."""
    lines: list[Line] = []
    side: Side = "D" if release else "C"
    for part in received:
        liability = accounts.chart[deposits_role(part.treatment, part.rate)]
        line = account_line(accounts, liability, side, part.net)
        lines.append(line._replace(party=accounts.party, rate=part.rate, country=part.country))
        lines.append(part_tax_line(accounts, accounts.chart[tax_role(part.treatment, part.rate)], side, part))
    return list(entry_lines(lines))


def exchange_lines(accounts: Accounts, difference: Decimal) -> list[Line]:
    """Row 28. `difference`: what the money is worth beyond what it settles, in the ledger's currency."""
    if difference > 0:
        return [account_line(accounts, accounts.chart[Role.EXCHANGE_GAIN], "C", difference)]
    if difference < 0:
        return [account_line(accounts, accounts.chart[Role.EXCHANGE_LOSS], "D", -difference)]
    return []
