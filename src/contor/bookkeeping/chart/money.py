"""Accounts of the chart that money can stand on: what a merchant payment account names is one, and stays as long as it is named."""

from collections.abc import Iterator
from typing import NamedTuple

from contor.bookkeeping.chart.accounts import chart_of
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import AccountType
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.payments.accounts import book_on
from contor.payments.events import AccountSettles, MoneyBookedOn
from contor.payments.queries import accounts_on_chart
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

_OF_MONEY = (Role.BANK, Role.PAYMENT_PROVIDER)
"""What the posting table keeps money on. Its other accounts are sums of their own (customers, tax, what is not assigned yet)."""

_OF_COSTS = (Role.EXPENSES, Role.BANK_FEES, Role.COMMISSION, Role.PURCHASE_ABROAD, Role.PURCHASE_REVERSE_CHARGE)


class _Account(NamedTuple):
    account_number: int
    currency: str
    account_type: str
    name: str
    role: str | None


@on(MoneyBookedOn)
def take_money(uow: Uow, fact: MoneyBookedOn) -> None:
    """Money stands on an account of the chart, in its currency, of a balance sheet and of no other use."""
    found = _known(uow).get((fact.booking_account, fact.currency))
    if (message := _unfit(found, fact.currency)) is not None:
        raise Refused(Kind.INVALID, Problem("booking_account_unfit", message, "bookingAccount", fact.booking_account))


@on(AccountSettles)
def stand_on_provider(uow: Uow, fact: AccountSettles) -> None:
    """The money of a provider's account that names no account of the chart stands on that of payment providers (row 16)."""
    book_on(uow, fact.account_ident, chart_of(uow)[Role.PAYMENT_PROVIDER].number)


def standing_elsewhere(uow: Uow) -> Iterator[tuple[str, int, str]]:
    """Merchant payment accounts that name an account on which no money can stand: their ident, the account, and why."""
    named = accounts_on_chart(uow)
    known = _known(uow) if named else {}
    for row in named:
        if (message := _unfit(known.get((row.booking_account, row.currency)), row.currency)) is not None:
            yield row.ident, row.booking_account, message


def kept_by(uow: Uow, number: int, currency: str) -> list[str]:
    """The merchant payment accounts whose money stands on an account."""
    return [row.ident for row in accounts_on_chart(uow) if (row.booking_account, row.currency) == (number, currency)]


def unfit_for_money(uow: Uow, number: int, currency: str) -> str | None:
    """Why no money can stand on an account; None: it can."""
    return _unfit(_known(uow).get((number, currency)), currency)


def unfit_for_costs(uow: Uow, number: int, currency: str) -> str | None:
    """Why nothing that a supplier invoices can stand on an account: costs do, and what is bought to be kept; None: it can."""
    account = _known(uow).get((number, currency))
    if account is None:
        return f"is no account of the chart in {currency}"
    if account.role not in (None, *_OF_COSTS) or account.account_type not in (AccountType.ASSET, AccountType.EXPENSE):
        return f"is {account.name}: what suppliers invoice stands on an account of costs, or of what is bought to be kept"
    return None


def _known(uow: Uow) -> dict[tuple[int, str], _Account]:
    rows = uow.all(_Account, f"SELECT {columns(_Account)} FROM booking_account")
    return {(row.account_number, row.currency): row for row in rows}


def _unfit(account: _Account | None, currency: str) -> str | None:
    """Why no money can stand on it."""
    if account is None:
        return f"is no account of the chart in {currency}"
    if account.role not in (None, *_OF_MONEY) or account.account_type not in (AccountType.ASSET, AccountType.LIABILITY):
        return f"is {account.name}: money stands on an account of a bank, a payment provider or a till"
    return None
