"""The trial balance (Summen- und Saldenliste) of a month: per account what it began with, what was posted, what it ends with."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from contor.bookkeeping.balances.folding import BALANCES
from contor.bookkeeping.chart import chart_of
from contor.bookkeeping.periods import Month, period_status, require_month
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import AccountType
from contor.kernel.money import ZERO
from contor.kernel.operations import operation
from contor.kernel.shapes import Money, shape
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings

BROUGHT_FORWARD = 9000
"""Saldenvorträge, in SKR03 and SKR04."""
_CONTROL = {"D": Role.RECEIVABLES, "C": Role.PAYABLES}


@dataclass(frozen=True, slots=True)
class OneTrialBalance:
    period: Month


@shape
class TrialBalanceRow:
    """An account. Balances are debit less credit: above zero it is in debit. Turnovers have the sign of their postings: what was taken
    back lessens them (Generalumkehr)."""

    account_number: int
    name: str
    account_type: AccountType | None
    """null: of no account of the chart."""
    personal_accounts: bool = False
    """A control account, with the personal accounts of all debtors or creditors."""
    opening: Money
    """At the begin of the month; of income and expenses within the year of the month."""
    debit: Money
    credit: Money
    closing: Money


@shape
class TrialBalance:
    period: str
    status: Literal["OPEN", "CLOSING", "CLOSED"]
    """Of the posting period: until it is closed the sums may still move."""
    currency: str
    """The ledger's."""
    rows: tuple[TrialBalanceRow, ...]
    """By account number. What former years came to stands on 9000."""
    opening: Money
    """0: what all accounts began with."""
    debit: Money
    credit: Money
    """As much as `debit`."""
    closing: Money
    """0."""


class Balance(NamedTuple):
    """An account of the chart, or (kind D, C) all debtors' or creditors' personal accounts."""

    kind: str
    account: int
    former: Decimal
    """Balance at the end of the year before."""
    before: Decimal
    """What the months of the year before this one moved."""
    debit: Decimal
    credit: Decimal


class _Named(NamedTuple):
    account_number: int
    name: str
    account_type: str


_RESULTS = (AccountType.INCOME, AccountType.EXPENSE)


def balances(uow: Uow, period: str) -> list[Balance]:
    """Of every account that anything was posted on up to the end of the month, by kind and number."""
    return uow.all(
        Balance,
        "SELECT kind, account, coalesce(sum(debit - credit) FILTER (WHERE month < %(year)s), 0) AS former,"
        " coalesce(sum(debit - credit) FILTER (WHERE month >= %(year)s AND month < %(month)s), 0) AS before,"
        " coalesce(sum(debit) FILTER (WHERE month = %(month)s), 0) AS debit,"
        f" coalesce(sum(credit) FILTER (WHERE month = %(month)s), 0) AS credit FROM ({BALANCES}) b WHERE month <= %(month)s"
        " GROUP BY kind, account ORDER BY kind, account",
        {"year": f"{period[:4]}-01", "month": period},
    )


def difference(uow: Uow, period: str) -> Decimal:
    """By how much more was debited than credited up to the end of the month: 0 in books that are even."""
    return sum((row.former + row.before + row.debit - row.credit for row in balances(uow, period)), ZERO)


@operation("trial_balance.get", permission="bookkeeping.read", reads=True)
def get_trial_balance(uow: Uow, command: OneTrialBalance) -> TrialBalance:
    """The trial balance of a month, closed or not, as the books are now."""
    rows = _rows(uow, require_month(command.period))
    return TrialBalance(
        period=command.period,
        status=period_status(uow, command.period),
        currency=tenant_settings(uow).ledger_currency,
        rows=tuple(rows),
        opening=sum((row.opening for row in rows), ZERO),
        debit=sum((row.debit for row in rows), ZERO),
        credit=sum((row.credit for row in rows), ZERO),
        closing=sum((row.closing for row in rows), ZERO),
    )


def _rows(uow: Uow, period: str) -> list[TrialBalanceRow]:
    found, chart = balances(uow, period), chart_of(uow)
    numbers = {row.kind: chart[role].number for row in found for kind, role in _CONTROL.items() if row.kind == kind}
    named = _names(uow, [*(row.account for row in found), *numbers.values()])
    rows: dict[int, TrialBalanceRow] = {}
    brought = ZERO
    for row in found:
        number = numbers.get(row.kind, row.account)
        name, kind = named.get(number, ("", None))
        if kind in _RESULTS:
            brought += row.former
        opening = row.before if kind in _RESULTS else row.former + row.before
        one = _row(number, name, kind, row.kind != "G", opening, row.debit, row.credit)
        rows[number] = _together(rows[number], one) if number in rows else one
    if brought:
        said = _row(BROUGHT_FORWARD, "Saldenvortrag", None, False, brought, ZERO, ZERO)
        rows[BROUGHT_FORWARD] = _together(rows[BROUGHT_FORWARD], said) if BROUGHT_FORWARD in rows else said
    return [rows[number] for number in sorted(rows) if _says_something(rows[number])]


def _row(
    number: int, name: str, kind: AccountType | None, is_control: bool, opening: Decimal, debit: Decimal, credit: Decimal
) -> TrialBalanceRow:
    return TrialBalanceRow(
        account_number=number,
        name=name,
        account_type=kind,
        personal_accounts=is_control,
        opening=opening,
        debit=debit,
        credit=credit,
        closing=opening + debit - credit,
    )


def _together(one: TrialBalanceRow, other: TrialBalanceRow) -> TrialBalanceRow:
    """What is posted on the control account itself, beside its personal accounts."""
    return _row(
        one.account_number,
        one.name or other.name,
        one.account_type or other.account_type,
        one.personal_accounts or other.personal_accounts,
        one.opening + other.opening,
        one.debit + other.debit,
        one.credit + other.credit,
    )


def _says_something(row: TrialBalanceRow) -> bool:
    return bool(row.opening or row.debit or row.credit)


def _names(uow: Uow, numbers: Iterable[int]) -> dict[int, tuple[str, AccountType]]:
    sql = "SELECT DISTINCT ON (account_number) account_number, name, account_type FROM booking_account WHERE account_number = ANY (%s)"
    rows = uow.all(_Named, sql + " ORDER BY account_number, currency", (sorted(set(numbers)),))
    return {row.account_number: (row.name, AccountType(row.account_type)) for row in rows}
