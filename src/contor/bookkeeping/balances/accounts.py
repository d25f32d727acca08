"""One account in one month: what it began with, each posting with the balance after it, what it ends with (Kontoblatt)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.bookkeeping.balances.folding import BALANCES
from contor.bookkeeping.balances.personal import NOTHING_POSTED, SIGNED, Sums, sums_of_personal
from contor.bookkeeping.balances.tables import account_posting
from contor.bookkeeping.chart import CREDITORS, DEBTORS, require_account
from contor.bookkeeping.periods import Month, first_day, last_day, require_month
from contor.bookkeeping.types import EntryKind
from contor.kernel.money import ZERO
from contor.kernel.operations import operation
from contor.kernel.shapes import Money, shape
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import page_of
from contor.runtime.uow import Uow, not_found
from contor.settings.queries import tenant_settings

_POSTINGS = (
    "account_posting AS (SELECT row_number() OVER w AS number, l.entry_id || '-' || l.position AS booking_entry_id, e.journal_number,"
    " e.posting_date AS booking_date, e.document_date, coalesce(l.tax_date, e.tax_date) AS tax_date, e.kind AS business_transaction,"
    " e.text, e.document_ident, e.reference, l.party AS customer_ident, l.cost_centre, l.currency,"
    " CASE l.side WHEN 'D' THEN l.amount END AS debit, CASE l.side WHEN 'C' THEN l.amount END AS credit,"
    " {opening} + sum(" + SIGNED + ") OVER w AS balance FROM journal_entry e JOIN journal_line l ON l.tenant_id = e.tenant_id"
    " AND l.entry_id = e.id WHERE e.posting_date >= '{first}' AND e.posting_date <= '{last}' AND l.account = {account}"
    " AND l.currency = '{currency}' WINDOW w AS (ORDER BY e.posting_date, e.journal_number, l.position ROWS UNBOUNDED PRECEDING))"
)


@dataclass(frozen=True, slots=True)
class OneAccountMonth:
    account_number: str
    account_currency: str
    period: Month


@dataclass(frozen=True, slots=True)
class ListAccountPostings:
    account_number: str
    account_currency: str
    period: Month
    query: ListQuery


@shape
class AccountMonth:
    """An account in one month. Balances are debit less credit."""

    account_number: int
    currency: str
    period: str
    opening: Money
    debit: Money
    credit: Money
    closing: Money


@shape
class AccountPosting:
    """A posting on the account, in the order of posting dates and journal numbers."""

    number: int
    """Its place in the month, from 1."""
    booking_entry_id: str
    """By which the list of booking entries has it, with the accounts on the other side."""
    journal_number: int
    booking_date: dt.date
    document_date: dt.date
    tax_date: dt.date | None = None
    business_transaction: EntryKind
    text: str
    document_ident: str | None = None
    reference: str | None = None
    customer_ident: str | None = None
    cost_centre: str | None = None
    currency: str
    debit: Money | None = None
    """One of both; below zero where it takes back."""
    credit: Money | None = None
    balance: Money
    """Of the account after this posting, debit less credit."""


POSTINGS = searchable(account_posting, AccountPosting, default_sort="number")


class _Posting(NamedTuple):
    number: int
    booking_entry_id: str
    journal_number: int
    booking_date: dt.date
    document_date: dt.date
    tax_date: dt.date | None
    business_transaction: str
    text: str
    document_ident: str | None
    reference: str | None
    customer_ident: str | None
    cost_centre: str | None
    currency: str
    debit: Decimal | None
    credit: Decimal | None
    balance: Decimal


@operation("account_month.get", permission="bookkeeping.read", reads=True)
def get_account_month(uow: Uow, command: OneAccountMonth) -> AccountMonth:
    """What an account of the chart, or a customer's own, begins and ends a month with."""
    period = require_month(command.period)
    number = _require(uow, command.account_number, command.account_currency)
    sums = _sums(uow, number, command.account_currency, period)
    opening, debit, credit = sums.opening or ZERO, sums.debit or ZERO, sums.credit or ZERO
    return AccountMonth(
        account_number=number,
        currency=command.account_currency,
        period=command.period,
        opening=opening,
        debit=debit,
        credit=credit,
        closing=opening + debit - credit,
    )


@operation("account_posting.list", permission="bookkeeping.read", reads=True)
def list_account_postings(uow: Uow, command: ListAccountPostings) -> Page:
    """The postings of a month on an account, each with the balance after it, whatever else is searched for."""
    period = require_month(command.period)
    number = _require(uow, command.account_number, command.account_currency)
    opening = _sums(uow, number, command.account_currency, period).opening or ZERO
    first, last = first_day(period), last_day(period)
    source = _POSTINGS.format(opening=opening, first=first, last=last, account=number, currency=command.account_currency)
    rows, page = page_of(uow, account_posting, command.query, POSTINGS, _Posting._fields, source=source)
    return page([_view(_Posting(**row)) for row in rows])


def _view(row: _Posting) -> AccountPosting:
    said = {**row._asdict(), "business_transaction": EntryKind(row.business_transaction)}
    return AccountPosting(**said)


def _require(uow: Uow, number: str, currency: str) -> int:
    """The account's number. Raises NOT_FOUND where it is none of the chart, and no personal account with postings."""
    if number.isascii() and number.isdigit() and len(number) == 5 and int(number) in range(DEBTORS.start, CREDITORS.stop):
        is_booked = uow.scalar(int, "SELECT 1 FROM journal_line WHERE account = %s LIMIT 1", (int(number),))
        if is_booked is None or currency != tenant_settings(uow).ledger_currency:
            raise not_found("booking_account", f"{number}/{currency}")
        return int(number)
    return require_account(uow, number, currency).account_number


def _sums(uow: Uow, account: int, currency: str, period: str) -> Sums:
    """From the balances that are kept, and what came since."""
    if account in range(DEBTORS.start, CREDITORS.stop):
        return sums_of_personal(uow, account, currency, period)
    sql = (
        "SELECT sum(debit - credit) FILTER (WHERE month < %(month)s) AS opening, sum(debit) FILTER (WHERE month = %(month)s) AS debit,"
        f" sum(credit) FILTER (WHERE month = %(month)s) AS credit FROM ({BALANCES}) b WHERE kind = 'G' AND account = %(account)s"
        " AND currency = %(currency)s AND month <= %(month)s"
    )
    return uow.first(Sums, sql, {"account": account, "currency": currency, "month": period}) or NOTHING_POSTED
