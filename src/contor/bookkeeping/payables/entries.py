"""What invoices of suppliers put into the books: posting table rows 34 to 37. Pure.

Input tax is deducted once there are both, the supply and its invoice (section 15 (1) no. 1 UStG, UStAE 15.2 (2)). Of a supply whose
recipient owes the tax (section 13b UStG) it arises with the supply from another member state (1), else with the invoice, at the latest at
the end of the month behind that of the supply (2), and is deducted at once. Who is a small business (section 19 UStG) deducts none.
"""

import datetime as dt
from decimal import Decimal
from typing import Final, NamedTuple

from contor.bookkeeping.entries import account_line, entry_lines
from contor.bookkeeping.posting import exchange_lines
from contor.bookkeeping.roles import Role, input_tax_role
from contor.bookkeeping.types import Accounts, Entry, EntryKind, Line, Side
from contor.expenses.events import BookedExpense, ExpensePart
from contor.kernel.money import HUNDRED, ZERO, round_amount, split

_PURCHASED: Final = {
    "REVERSE_CHARGE_DOMESTIC": Role.PURCHASE_REVERSE_CHARGE,
    "REVERSE_CHARGE_EU": Role.PURCHASE_ABROAD,
    "REVERSE_CHARGE_THIRD_COUNTRY": Role.PURCHASE_ABROAD,
}
_TEXT: Final = 255


class Terms(NamedTuple):
    """What decides an entry beside the expense. `exchanged`: units of its currency for one of the ledger's."""

    accounts: Accounts
    exchanged: Decimal
    deducts: bool
    standard_rate: Decimal
    """At which the recipient owes the tax."""


def reference_of(expense: BookedExpense) -> str:
    return f"expense:{expense.expense_id}"


def paid_reference_of(expense: BookedExpense) -> str:
    return f"expense-paid:{expense.expense_id}"


def gross_of(expense: BookedExpense) -> Decimal:
    return sum((part.net + part.tax for part in expense.parts), ZERO)


def taxed_on(expense: BookedExpense) -> dt.date:
    """The day by which its VAT falls into a period."""
    if expense.treatment == "REVERSE_CHARGE_EU":
        return expense.supplied_on
    if expense.treatment in _PURCHASED:
        return min(expense.dated, _end_of_month_behind(expense.supplied_on))
    return max(expense.dated, expense.supplied_on)


def post_expense(expense: BookedExpense, terms: Terms) -> Entry | None:
    """Rows 34 to 36; None: it comes to nothing."""
    accounts, lines = terms.accounts, list[Line]()
    parts = _in_ledger(expense, terms)
    for part in parts:
        if expense.treatment in _PURCHASED:
            lines += _owed_by_us(expense, part, terms)
        elif expense.treatment == "DOMESTIC" and terms.deducts:
            lines += _deducted(part, accounts)
        else:
            lines.append(_cost(part, Role.EXPENSES, part.net + part.tax, accounts))
    lines.append(_creditor(expense, sum((part.net + part.tax for part in parts), ZERO), "C", accounts))
    text = f"Eingangsrechnung {expense.name} {expense.supplier}"[:_TEXT]
    booked = entry_lines(lines)
    if not booked:
        return None
    day = taxed_on(expense)
    return Entry(EntryKind.EXPENSE, text, expense.dated, expense.dated, day, expense.name, booked, reference_of(expense))


def post_expense_paid(expense: BookedExpense, owed: Decimal, paid: Decimal, money: int, accounts: Accounts) -> Entry | None:
    """Row 37. `owed`: what it is booked with, `paid`: what the money was worth on its day; what is between is a result of the exchange.
    None: it is not paid, or comes to nothing."""
    if expense.paid_on is None:
        return None
    lines = [_creditor(expense, owed, "D", accounts), Line(money, "C", paid, accounts.currency)]
    difference = owed - paid
    booked = entry_lines([*lines, *exchange_lines(accounts, difference)])
    if not booked:
        return None
    text = f"Zahlung {expense.name} {expense.supplier}"[:_TEXT]
    reference = paid_reference_of(expense)
    return Entry(EntryKind.EXPENSE_PAYMENT, text, expense.paid_on, expense.paid_on, None, expense.name, booked, reference)


def owed_in_ledger(entry: Entry | None, expense: BookedExpense) -> Decimal:
    """What stands on the supplier's account of it."""
    lines = entry.lines if entry is not None else ()
    return sum((line.amount for line in lines if line.account == expense.account), ZERO)


# helpers in calling order


def _end_of_month_behind(day: dt.date) -> dt.date:
    behind = (day.replace(day=1) + dt.timedelta(days=63)).replace(day=1)
    return behind - dt.timedelta(days=1)


def _in_ledger(expense: BookedExpense, terms: Terms) -> list[ExpensePart]:
    """Gross and each tax are converted, the net is the rest (accounting reference 1.11)."""
    if terms.exchanged == 1:
        return list(expense.parts)
    currency = terms.accounts.currency
    taxes = [round_amount(part.tax / terms.exchanged, currency) for part in expense.parts]
    net = round_amount(gross_of(expense) / terms.exchanged, currency) - sum(taxes, ZERO)
    nets = split(net, [part.net for part in expense.parts], currency)
    return [part._replace(net=own, tax=tax) for part, own, tax in zip(expense.parts, nets, taxes, strict=True)]


def _cost(part: ExpensePart, usual: Role, amount: Decimal, accounts: Accounts) -> Line:
    if part.account is not None:
        return Line(part.account, "D", amount, accounts.currency)
    return account_line(accounts, accounts.chart[usual], "D", amount)


def _deducted(part: ExpensePart, accounts: Accounts) -> list[Line]:
    cost = _cost(part, Role.EXPENSES, part.net, accounts)
    if not part.rate:
        return [cost]
    tax = account_line(accounts, accounts.chart[input_tax_role(part.rate)], "D", part.tax)
    return [cost._replace(rate=part.rate), tax._replace(tax_base=part.net, rate=part.rate)]


def _owed_by_us(expense: BookedExpense, part: ExpensePart, terms: Terms) -> list[Line]:
    accounts, rate = terms.accounts, terms.standard_rate
    tax = round_amount(part.net * rate / HUNDRED, accounts.currency)
    country = expense.country if expense.treatment == "REVERSE_CHARGE_EU" else None
    owed = account_line(accounts, accounts.chart[Role.TAX_REVERSE_CHARGE], "C", tax)
    owed = owed._replace(tax_base=part.net, rate=rate, country=country)
    usual = _PURCHASED[expense.treatment]
    if not terms.deducts:
        return [_cost(part, usual, part.net + tax, accounts), owed]
    deducted = account_line(accounts, accounts.chart[Role.INPUT_TAX_REVERSE_CHARGE], "D", tax)
    deducted = deducted._replace(tax_base=part.net, rate=rate, country=country)
    return [_cost(part, usual, part.net, accounts), deducted, owed]


def _creditor(expense: BookedExpense, amount: Decimal, side: Side, accounts: Accounts) -> Line:
    """A supplier is no customer: he is who has the account."""
    line = Line(expense.account, side, amount, accounts.currency)
    if expense.currency == accounts.currency:
        return line
    return line._replace(foreign_amount=gross_of(expense), foreign_currency=expense.currency)
