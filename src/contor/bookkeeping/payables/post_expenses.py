"""An expense is in the books as it is: what it posts otherwise than before is taken back and posted anew, in open periods."""

from collections.abc import Sequence
from decimal import Decimal

from contor.bookkeeping.chart import chart_of, unfit_for_costs, unfit_for_money
from contor.bookkeeping.entries import Posting, entries_under, post, reversed_entry
from contor.bookkeeping.payables.entries import (
    Terms,
    gross_of,
    owed_in_ledger,
    paid_reference_of,
    post_expense,
    post_expense_paid,
    reference_of,
)
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import Accounts, Entry
from contor.expenses.events import BookedExpense, ExpenseAccountsNamed, ExpensesBooked
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.money import ZERO, round_amount
from contor.payments.statements import proven_balances
from contor.runtime.uow import Uow
from contor.settings.exchange import Missing, Rate, daily_rates, rates_of
from contor.settings.queries import home, tenant_settings
from contor.tax.rates import rate_of

_PAID_FROM = "paidFrom"


@on(ExpenseAccountsNamed)
def take_accounts(uow: Uow, fact: ExpenseAccountsNamed) -> None:
    """Raises INVALID where one is no account of the chart on which costs, or money, can stand."""
    currency, problems = tenant_settings(uow).ledger_currency, []
    for field, number in fact.accounts:
        why = unfit_for_money(uow, number, currency) if field == _PAID_FROM else unfit_for_costs(uow, number, currency)
        if why is None and field == _PAID_FROM and number in _proven(uow):
            why = "is moved by the statements of its bank: leave it out, and the payment waits for that of the bank on the interim account"
        if why is not None:
            problems.append(Problem("booking_account_unfit", why, field, number))
    if problems:
        raise Refused(Kind.INVALID, *problems)


@on(ExpensesBooked)
def take_expenses(uow: Uow, fact: ExpensesBooked) -> None:
    """Rows 34 to 37. Raises INVALID where there is no rate of its currency."""
    found = entries_under(uow, [of(one) for one in fact.expenses for of in (reference_of, paid_reference_of)])
    for one in fact.expenses:
        standing = found.get(reference_of(one), [])
        stands = standing[0][2] if one.stands and len(standing) == 1 else None
        wanted = _wanted(uow, one, stands) if one.parts else (None, None)
        for reference, entry in zip((reference_of(one), paid_reference_of(one)), wanted, strict=True):
            _settle(uow, found.get(reference, []), entry)


# helpers in calling order


def _proven(uow: Uow) -> set[int]:
    """The accounts of banks whose statements are read."""
    return {row.booking_account for row in proven_balances(uow, chart_of(uow)[Role.BANK].number)}


def _wanted(uow: Uow, expense: BookedExpense, stands: Entry | None) -> tuple[Entry | None, Entry | None]:
    """What it costs, and its payment. `stands`: the entry of what it costs, where that stays as it is posted."""
    chart, ledger, own = chart_of(uow), tenant_settings(uow).ledger_currency, home(uow)
    accounts = Accounts(chart=chart, party="", creditor=expense.account, currency=ledger)
    if stands is not None:
        return stands, _paid(uow, expense, owed_in_ledger(stands, expense), accounts)
    country = own.country if own is not None else "DE"
    rate = rate_of(country, expense.supplied_on) or ZERO
    found = rates_of(uow, {(expense.currency, expense.supplied_on)}) if expense.currency != ledger else {}
    deducts = own is None or not own.small_business
    terms = Terms(accounts, _exchanged(found.get((expense.currency, expense.supplied_on))), deducts, rate)
    entry = post_expense(expense, terms)
    return entry, _paid(uow, expense, owed_in_ledger(entry, expense), accounts)


def _exchanged(found: Rate | Missing | None) -> Decimal:
    if isinstance(found, Missing):
        raise Refused(Kind.INVALID, Problem("exchange_rate_missing", f"cannot be posted: {found.reason}", "currency"))
    return Decimal(1) if found is None else found.rate


def _paid(uow: Uow, expense: BookedExpense, owed: Decimal, accounts: Accounts) -> Entry | None:
    if expense.paid_on is None:
        return None
    paid = owed
    if expense.currency != accounts.currency:
        rates = daily_rates(uow, {(expense.currency, expense.paid_on)})
        exchanged = _exchanged(rates[expense.currency, expense.paid_on])
        paid = round_amount(gross_of(expense) / exchanged, accounts.currency)
    return post_expense_paid(expense, owed, paid, expense.paid_from or _bank(uow, accounts), accounts)


def _bank(uow: Uow, accounts: Accounts) -> int:
    """That of the chart; where statements say what moves it, they do, and the payment meets the bank's on the interim account."""
    bank = accounts.chart[Role.BANK].number
    return accounts.chart[Role.PAYMENTS_UNASSIGNED].number if bank in _proven(uow) else bank


def _settle(uow: Uow, standing: Sequence[tuple[int, int | None, Entry]], wanted: Entry | None) -> None:
    """A mistake of ours is corrected in the VAT period of what it takes back; a closed one is left to the next open day by the journal."""
    if wanted is not None and len(standing) == 1 and _same(standing[0][2], wanted):
        return
    for number, _, entry in standing:
        day = min(entry.posting_date, entry.tax_date or entry.posting_date)
        post(uow, [Posting(reversed_entry(entry, day, str(number)), reversal_of=number)])
    if wanted is not None:
        post(uow, [Posting(wanted)])


def _same(stored: Entry, wanted: Entry) -> bool:
    """But for the day of posting, which a closed period moves."""
    return stored._replace(posting_date=wanted.posting_date) == wanted
