"""Facts about papers received. Pure."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from contor.expenses.types import TaxTreatment
from contor.kernel.events import event, transient


@event("inbox.received")
class InboxReceived:
    """Files came in, and are to be read."""

    inbox_item_ids: tuple[int, ...]


class ExpensePart(NamedTuple):
    """What an expense has at one rate for one account, in its currency."""

    account: int | None
    """Of the chart; None: the usual one."""
    rate: Decimal
    """Percent."""
    net: Decimal
    tax: Decimal


class BookedExpense(NamedTuple):
    """An expense as the books take it; without parts it is in no book, or not any more."""

    expense_id: int
    name: str
    """The supplier's number, else the ident."""
    supplier: str
    account: int
    """The supplier's own, a creditor's."""
    country: str | None
    """The supplier's, by his VAT id."""
    treatment: TaxTreatment
    dated: dt.date
    supplied_on: dt.date
    currency: str
    parts: tuple[ExpensePart, ...]
    paid_on: dt.date | None
    paid_from: int | None
    """The account of money; None: the bank's."""
    stands: bool = False
    """What it costs is as it was told before: only its payment may be another one."""


@event("expense.booked")
class ExpensesBooked:
    """Expenses are to be in the books as they now are."""

    expense_ids: tuple[int, ...]
    expenses: tuple[BookedExpense, ...] = transient()
    """`BookedExpense` of each."""


@event("expense.account_named")
class ExpenseAccountsNamed:
    """Somebody said which accounts of the chart costs are booked on: (field, account)."""

    accounts: tuple[tuple[str, int], ...]
