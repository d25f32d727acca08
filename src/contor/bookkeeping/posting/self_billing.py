"""Self-billing: we write the invoice of a partner who supplies us (section 14 (2) UStG). Pure.

Posting table rows 25 and 26: the open item is a payable. The partner's status decides the tax: regular, small business
(section 19 UStG: no tax), or abroad (section 13b UStG: we owe the tax and deduct it at once).
"""

import datetime as dt
from decimal import Decimal

from contor.bookkeeping.entries import account_line, entry_lines, personal_line
from contor.bookkeeping.posting.book import tax_day
from contor.bookkeeping.posting.days import ONE
from contor.bookkeeping.posting.revenue import Direction, supply_lines
from contor.bookkeeping.roles import Role, input_tax_role
from contor.bookkeeping.types import Account, Accounts, Entry, EntryKind, Line, Side
from contor.documents.treatment import Days, Treatment, along_days, has_several_days, supplier_and_recipient, tax_parts
from contor.documents.types import Document, completed_on
from contor.kernel.money import HUNDRED, ZERO, round_amount
from contor.tax.rates import rate_of

_FROM_ABROAD = frozenset({Treatment.REVERSE_CHARGE_EU, Treatment.THIRD_COUNTRY})


def post_self_billing(
    document: Document, accounts: Accounts, posting_date: dt.date, supplied_from: dt.date | None = None
) -> list[Entry]:
    """The entry of a self-billing invoice; of its correction the same entry negative."""
    sign = document.sign
    kind = EntryKind.SELF_BILLING if sign > 0 else EntryKind.SELF_BILLING_CORRECTION
    what = "Gutschrift" if sign > 0 else "Korrektur der Gutschrift"
    gross = document.totals.gross if document.ledger is None else document.ledger.gross
    foreign = (sign * document.totals.gross, document.currency) if document.ledger is not None else (None, None)
    tax_date = tax_day(document, supplied_from)
    lines = supply_lines(document, accounts, Direction("D", sign, _expense_role, _input_tax_role))
    lines = [_once_invoiced(line, tax_date, document.document_date) for line in lines]
    lines += _owed_as_recipient(document, accounts, sign)
    payable = personal_line(accounts, "C", sign * gross, payable=True, foreign=foreign[0], foreign_currency=foreign[1])
    entry = Entry(
        kind,
        f"{what} {document.ident}",
        posting_date,
        document.document_date,
        tax_date,
        document.ident,
        entry_lines([*lines, payable]),
    )
    return [entry] if entry.lines else []


def _once_invoiced(line: Line, tax_date: dt.date, invoiced_on: dt.date) -> Line:
    """Input tax is deducted once there are both, the supply and its invoice (section 15 (1) no. 1 UStG, UStAE 15.2 (2)); what the recipient
    owes himself needs none (no. 4)."""
    if line.tax_base is None or (line.tax_date or tax_date) >= invoiced_on:
        return line
    return line._replace(tax_date=None if invoiced_on == tax_date else invoiced_on)


def _expense_role(treatment: Treatment, _: Decimal) -> Role:
    if treatment in _FROM_ABROAD:
        return Role.PURCHASE_ABROAD
    return Role.PURCHASE_REVERSE_CHARGE if treatment is Treatment.REVERSE_CHARGE_DOMESTIC else Role.COMMISSION


def _input_tax_role(_: Treatment, rate: Decimal) -> Role:
    return input_tax_role(rate)


def _owed_as_recipient(document: Document, accounts: Accounts, sign: int) -> list[Line]:
    """The tax we owe and deduct at once on a supply under reverse charge, at the domestic rate (section 13b UStG)."""
    lines: list[Line] = []
    chart, country = accounts.chart, supplier_and_recipient(document)[1].address.country
    sides: list[tuple[Account, Side]] = [(chart[Role.INPUT_TAX_REVERSE_CHARGE], "D"), (chart[Role.TAX_REVERSE_CHARGE], "C")]
    exchanged = ONE if document.ledger is None else document.ledger.exchange_rate.rate
    several, days = has_several_days(document), _days_owed(document)
    for part in tax_parts(document):
        if part.category_code != "AE":
            continue
        whole = round_amount(part.net / exchanged, accounts.currency)
        for day, base in zip(days, along_days(whole, days, ONE / exchanged, accounts.currency), strict=True):
            rate = rate_of(country, day) or ZERO
            tax = sign * round_amount(base * rate / HUNDRED, accounts.currency)
            tax_date = day if several and day != document.tax_date else None
            for account, side in sides:
                line = account_line(accounts, account, side, tax)
                lines.append(line._replace(tax_base=sign * base, rate=rate, country=part.country, tax_date=tax_date))
    return lines


def _days_owed(document: Document) -> Days:
    """The days of the supply, whose domestic rates count; a correction's are those of the document it corrects."""
    named = [related.document_date for related in document.related if related.document_date is not None]
    unsaid = named[0] if document.sign < 0 and named else document.tax_date
    days: Days = {}
    for item in document.items:
        if item.category_code == "AE":
            day = completed_on(item) or (document.document_date if has_several_days(document) else unsaid)
            days[day] = days.get(day, ZERO) + item.total.net
    return days or {unsaid: ZERO}
