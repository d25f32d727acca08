"""What every entry obeys: it balances, and it is taken back by the same entry with negative amounts. Pure."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from contor.bookkeeping.types import Account, Accounts, Entry, Line, Side
from contor.documents.treatment import TaxPart
from contor.kernel.errors import Problem
from contor.kernel.money import ZERO


def why_not_balanced(entries: Iterable[Entry]) -> list[Problem]:
    """The entries whose debit and credit differ, that have no line, or a line of nothing."""
    problems = []
    for entry in entries:
        debit = sum((line.amount for line in entry.lines if line.side == "D"), ZERO)
        credit = sum((line.amount for line in entry.lines if line.side == "C"), ZERO)
        what = f"{entry.kind} {entry.document_ident or entry.reference}"
        if debit != credit:
            problems.append(Problem("entry_not_balanced", f"{what}: debit {debit}, credit {credit}."))
        if not entry.lines or any(map(says_nothing, entry.lines)):
            problems.append(Problem("entry_with_empty_line", f"{what}: a line without an amount."))
    return problems


def reversed_entry(entry: Entry, posting_date: dt.date, reversal_of: str, reference: str | None = None) -> Entry:
    """The exact negative of `entry` on the same accounts (Generalumkehr). Its VAT period is the one of `posting_date`
    (section 17 (1) sentence 8 UStG), or that of what it takes back where that is still to come."""
    tax_date = None if entry.tax_date is None else max(posting_date, entry.tax_date)

    def own_day(line: Line) -> dt.date | None:
        if tax_date is None or line.tax_date is None:
            return None
        return None if (day := max(posting_date, line.tax_date)) == tax_date else day

    lines = tuple(
        line._replace(
            amount=-line.amount,
            tax_base=None if line.tax_base is None else -line.tax_base,
            foreign_amount=None if line.foreign_amount is None else -line.foreign_amount,
            tax_date=own_day(line),
        )
        for line in entry.lines
    )
    return entry._replace(
        text=f"Storno {entry.text}"[:255],
        posting_date=posting_date,
        tax_date=tax_date,
        lines=lines,
        reference=reference or entry.reference,
        reversal_of=reversal_of,
    )


def personal_line(
    accounts: Accounts,
    side: Side,
    amount: Decimal,
    *,
    payable: bool = False,
    foreign: Decimal | None = None,
    foreign_currency: str | None = None,
) -> Line:
    """A line on the customer's own account."""
    number = accounts.personal(payable=payable)
    return Line(
        number, side, amount, accounts.currency, party=accounts.party, foreign_amount=foreign, foreign_currency=foreign_currency
    )


def account_line(accounts: Accounts, account: Account, side: Side, amount: Decimal) -> Line:
    """A line on an account of the chart, without tax."""
    return Line(account.number, side, amount, accounts.currency, tax_key=account.tax_key)


def part_tax_line(accounts: Accounts, account: Account, side: Side, part: TaxPart) -> Line:
    """The tax of a part of a document, with its base."""
    line = account_line(accounts, account, side, part.tax)
    return line._replace(tax_base=part.net, rate=part.rate, country=part.country)


def says_nothing(line: Line) -> bool:
    """Whether it has neither an amount nor the base of a tax that is less than the smallest unit: 0.02 at 19 % bear 0.00, and are declared
    with what is taxed at that rate (section 18 (1) UStG)."""
    return not (line.amount or (line.tax_base and line.rate))


def entry_lines(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines without those of nothing."""
    return tuple(line for line in lines if not says_nothing(line))
