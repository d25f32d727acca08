"""The personal accounts of a month, each with its balances: from what is kept of each by month, and what was posted since."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.bookkeeping.balances.tables import personal_balance
from contor.bookkeeping.chart import CREDITORS, DEBTORS
from contor.bookkeeping.periods import Month, first_day, last_day, require_month
from contor.kernel.money import ZERO
from contor.kernel.operations import operation
from contor.kernel.shapes import Money, shape
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import page_of
from contor.runtime.uow import Uow

IS_PERSONAL = f"l.account >= {DEBTORS.start} AND l.account < {CREDITORS.stop}"
SIGNED = "CASE l.side WHEN 'D' THEN l.amount ELSE -l.amount END"
NOT_KEPT = (
    "FROM journal_counter c LEFT JOIN personal_fold f ON f.tenant_id = c.tenant_id AND f.fiscal_year = c.fiscal_year CROSS JOIN LATERAL ("
    "SELECT e.posting_date, l.account, l.party, l.currency, l.side, l.amount FROM journal_entry e JOIN journal_line l"
    " ON l.tenant_id = e.tenant_id AND l.entry_id = e.id WHERE e.fiscal_year = c.fiscal_year"
    # not `coalesce`, behind which row-level security lets no index be searched
    f" AND e.journal_number > CASE WHEN f.through IS NULL THEN 0 ELSE f.through END AND {IS_PERSONAL}"
    # year by year, by number: not joined in some other way, for which all entries are read
    " OFFSET 0) l"
)
"""SQL: the postings `l` on personal accounts that are not added up yet."""
_MONTHS = "FROM personal_month m WHERE m.account = a.account AND m.currency = a.currency AND m.month"
# of what is not asked for nothing is read: the sums are subqueries of a page's rows; the accounts come in order, by their index
_BALANCES = (
    "since AS MATERIALIZED (SELECT l.account, l.currency, max(l.party) AS party,"
    f" coalesce(sum({SIGNED}) FILTER (WHERE l.posting_date < '{{first}}'), 0) AS opening,"
    " coalesce(sum(l.amount) FILTER (WHERE l.posting_date >= '{first}' AND l.side = 'D'), 0) AS debit,"
    " coalesce(sum(l.amount) FILTER (WHERE l.posting_date >= '{first}' AND l.side = 'C'), 0) AS credit"
    f" {NOT_KEPT} WHERE l.posting_date <= '{{last}}' GROUP BY l.account, l.currency),"
    " personal_balance AS (SELECT a.account AS account_number, a.party AS customer_ident, a.currency,"
    f" coalesce((SELECT sum(m.debit - m.credit) {_MONTHS} < '{{month}}'), 0) + coalesce(s.opening, 0) AS opening,"
    f" coalesce((SELECT sum(m.debit) {_MONTHS} = '{{month}}'), 0) + coalesce(s.debit, 0) AS debit,"
    f" coalesce((SELECT sum(m.credit) {_MONTHS} = '{{month}}'), 0) + coalesce(s.credit, 0) AS credit,"
    f" coalesce((SELECT sum(m.debit - m.credit) {_MONTHS} <= '{{month}}'), 0) + coalesce(s.opening + s.debit - s.credit, 0) AS closing"
    " FROM (SELECT account, currency, party FROM personal_account WHERE first_month <= '{month}' UNION ALL"
    " SELECT n.account, n.currency, n.party FROM since n WHERE NOT EXISTS (SELECT FROM personal_account k WHERE k.account = n.account"
    " AND k.currency = n.currency AND k.first_month <= '{month}')) a"
    " LEFT JOIN since s ON s.account = a.account AND s.currency = a.currency)"
)


@dataclass(frozen=True, slots=True)
class ListPersonalBalances:
    period: Month
    query: ListQuery


@shape
class PersonalBalance:
    """A customer's own account in one month."""

    account_number: int
    customer_ident: str | None
    currency: str
    opening: Money
    debit: Money
    credit: Money
    closing: Money


PERSONAL = searchable(personal_balance, PersonalBalance, default_sort="account_number")


class _Personal(NamedTuple):
    account_number: int
    customer_ident: str | None
    currency: str
    opening: Decimal
    debit: Decimal
    credit: Decimal
    closing: Decimal


class Sums(NamedTuple):
    """Of an account: what it begins a month with, and what that month moves."""

    opening: Decimal | None
    debit: Decimal | None
    credit: Decimal | None


NOTHING_POSTED = Sums(ZERO, ZERO, ZERO)


@operation("personal_balance.list", permission="bookkeeping.read", reads=True)
def list_personal_balances(uow: Uow, command: ListPersonalBalances) -> Page:
    """Every personal account that anything was posted on up to the end of the month, with its balances."""
    month = require_month(command.period)
    source = _BALANCES.format(first=first_day(month), last=last_day(month), month=month)
    rows, page = page_of(uow, personal_balance, command.query, PERSONAL, _Personal._fields, source=source)
    return page([PersonalBalance(**row) for row in rows])


def sums_of_personal(uow: Uow, account: int, currency: str, month: str) -> Sums:
    """As its row in the list says them."""
    sql = (
        "SELECT sum(opening) AS opening, sum(debit) AS debit, sum(credit) AS credit FROM ("
        "SELECT CASE WHEN month < %(month)s THEN debit - credit END AS opening, CASE WHEN month = %(month)s THEN debit END AS debit,"
        " CASE WHEN month = %(month)s THEN credit END AS credit FROM personal_month WHERE account = %(account)s"
        f" AND currency = %(currency)s AND month <= %(month)s UNION ALL SELECT CASE WHEN posting_date < %(first)s THEN {SIGNED} END,"
        " CASE WHEN posting_date >= %(first)s AND side = 'D' THEN amount END,"
        f" CASE WHEN posting_date >= %(first)s AND side = 'C' THEN amount END {NOT_KEPT} WHERE posting_date <= %(last)s"
        " AND account = %(account)s AND currency = %(currency)s) b"
    )
    values: dict[str, str | int | dt.date] = {"account": account, "currency": currency, "month": month}
    return uow.first(Sums, sql, {**values, "first": first_day(month), "last": last_day(month)}) or NOTHING_POSTED


OF_EACH = (
    "SELECT l.account, l.currency, to_char(e.posting_date, 'YYYY-MM') AS month, max(l.party) AS party,"
    " coalesce(sum(l.amount) FILTER (WHERE l.side = 'D'), 0) AS debit, coalesce(sum(l.amount) FILTER (WHERE l.side = 'C'), 0) AS credit"
    " FROM journal_entry e JOIN journal_line l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id WHERE"
    f" {IS_PERSONAL} AND e.fiscal_year = {{year}} AND e.journal_number > {{after}} AND e.journal_number <= {{through}} GROUP BY 1, 2, 3"
)
"""SQL: what entries of a fiscal year posted, by personal account and month."""
_KEEP = (
    f"WITH posted AS MATERIALIZED ({OF_EACH.format(year='%(year)s', after='%(after)s', through='%(through)s')}),"
    " months AS (INSERT INTO personal_month AS k (tenant_id, account, currency, month, debit, credit)"
    " SELECT contor_tenant(), account, currency, month, debit, credit FROM posted"
    " ON CONFLICT (tenant_id, account, currency, month)"
    " DO UPDATE SET debit = k.debit + excluded.debit, credit = k.credit + excluded.credit)"
    " INSERT INTO personal_account AS k (tenant_id, account, currency, first_month, party)"
    " SELECT contor_tenant(), account, currency, min(month), max(party) FROM posted GROUP BY account, currency"
    " ON CONFLICT (tenant_id, account, currency)"
    " DO UPDATE SET first_month = least(k.first_month, excluded.first_month), party = greatest(k.party, excluded.party)"
    " WHERE (k.first_month, k.party) IS DISTINCT FROM"
    " (least(k.first_month, excluded.first_month), greatest(k.party, excluded.party))"
)


def keep_of_each(uow: Uow, year: int, after: int, through: int) -> None:
    """Add up, account by account, what the entries of a fiscal year with these journal numbers posted."""
    uow.run(_KEEP, {"year": year, "after": after, "through": through})
    uow.run(
        "INSERT INTO personal_fold AS k (tenant_id, fiscal_year, through) VALUES (contor_tenant(), %s, %s)"
        " ON CONFLICT (tenant_id, fiscal_year) DO UPDATE SET through = excluded.through",
        (year, through),
    )
