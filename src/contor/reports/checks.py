"""What must hold of reports: each subject is compared with the books by another way than its report takes."""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from contor.bookkeeping.balances import balances
from contor.bookkeeping.periods import closed_through, first_day, last_day, month_of
from contor.bookkeeping.reporting import (
    bases_that_differ,
    counted_by_month,
    deferred_account,
    earned_by_account,
    personal_balances,
    tax_lines_without_base,
    taxed_by_account,
)
from contor.kernel.checks import check
from contor.kernel.money import ZERO, worded
from contor.reports.kinds import earned_sums, open_on
from contor.reports.vat import LINES, ec_sales_of, returned_in, vat_accounts
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings

MONTHS: Final = 2
"""Months that every check looks at, with the running one; what is older and closed is compared with what was reported of it."""
_EC: Final = ("41", "21", "42")


def _months(uow: Uow) -> list[str]:
    """The running month and those before."""
    month, found = month_of(uow.ctx.today()), list[str]()
    for _ in range(MONTHS):
        found.append(month)
        month = month_of(first_day(month) - dt.timedelta(days=1))
    return found[::-1]


def _days(uow: Uow) -> list[dt.date]:
    """The ends of the months before, of the last one that was closed, and today."""
    closed = closed_through(uow)
    days = {last_day(month) for month in _months(uow)[:-1]} | {uow.ctx.today()} | ({closed} if closed is not None else set())
    return sorted(days)


@check("reports.open_items_of_a_day_are_the_receivables_of_the_books")
def open_items(uow: Uow) -> Iterable[str]:
    """As of the end of months that are over, and of today: what is open of each customer, by the movements of his items, is the balance of
    his accounts, by the postings until then."""
    ledger = tenant_settings(uow).ledger_currency
    for day in _days(uow):
        found: dict[str, Decimal] = {}
        for item in open_on(uow, day):
            found[item.customer_ident] = found.get(item.customer_ident, ZERO) + item.ledger_balance
        for row in personal_balances(uow, day):
            found[row.party] = found.get(row.party, ZERO) - row.balance
        for party, difference in sorted(found.items()):
            if difference:
                yield f"customer {party or 'unnamed'}, {day}: open items are {worded(difference, ledger)} more than the books say"


@check("reports.vat_of_a_month_is_that_of_its_accounts")
def vat(uow: Uow) -> Iterable[str]:
    """The lines of the return of a month come to the turnover of the accounts of VAT in it; each line of tax says its base."""
    ledger, accounts = tenant_settings(uow).ledger_currency, vat_accounts(uow)
    for month in _months(uow):
        first, last = first_day(month), last_day(month)
        said = sum((-row.tax if LINES[row.key].of == "INPUT" else row.tax for row in returned_in(uow, first, last)), ZERO)
        booked = sum(taxed_by_account(uow, accounts, first, last).values(), ZERO)
        if said != booked:
            yield f"{month}: the return comes to {worded(said, ledger)} of tax, the accounts of VAT to {worded(booked, ledger)}"
        for row in tax_lines_without_base(uow, accounts, first, last):
            yield f"{month}: entry {row.entry_id} has {worded(row.amount, ledger)} of tax on account {row.account} without a base"


@check("reports.what_is_taxed_is_declared")
def declared(uow: Uow) -> Iterable[str]:
    """The bases of the lines of tax are the net of what bears it, rate by rate in every entry, also where the tax of it is 0.00."""
    ledger = tenant_settings(uow).ledger_currency
    for month in _months(uow):
        for row in bases_that_differ(uow, first_day(month), last_day(month)):
            said = f"{worded(row.net, ledger)} are taxed at {row.rate} %, {worded(row.base, ledger)} are declared"
            yield f"{month}: entry {row.entry_id}: {said}"


@check("reports.ec_sales_are_those_of_the_vat_return")
def ec(uow: Uow) -> Iterable[str]:
    """The recapitulative statement of a month comes to the lines 41, 21 and 42 of its return, what is corrected of earlier ones to what
    came late for those returns; each supply names a VAT id."""
    ledger = tenant_settings(uow).ledger_currency
    for month, late in itertools.product(_months(uow), (False, True)):
        first, last = first_day(month), last_day(month)
        sales = ec_sales_of(uow, first, last, late=late)
        stated, returned = dict[str, Decimal](), dict[str, Decimal]()
        for sale in sales:
            stated[sale.period] = stated.get(sale.period, ZERO) + sale.base
        for row in returned_in(uow, first, last, late=late):
            if row.key in _EC:
                returned[row.period] = returned.get(row.period, ZERO) + row.base
        for period in sorted({*stated, *returned}):
            said, is_returned = stated.get(period, ZERO), returned.get(period, ZERO)
            if said != is_returned:
                when = f"{month}, late for {period}" if late else month
                yield f"{when}: EC sales of {worded(said, ledger)}, {worded(is_returned, ledger)} in the return"
        for sale in sales:
            if not sale.vat_id:
                yield f"{month}: EC sales of {worded(sale.base, ledger)} ({sale.supply}) without a VAT id"


@check("reports.revenue_of_a_month_is_that_of_its_accounts")
def revenue(uow: Uow) -> Iterable[str]:
    """What is reported by product, segment and country comes to the turnover of each account of revenue."""
    ledger = tenant_settings(uow).ledger_currency
    for month in _months(uow):
        found, booked = earned_sums(uow, month), earned_by_account(uow, first_day(month), last_day(month))
        for account in sorted({*found, *booked}):
            said, is_booked = found.get(account, ZERO), booked.get(account, ZERO)
            if said != is_booked:
                yield f"{month}, account {account}: {worded(said, ledger)} by product, {worded(is_booked, ledger)} is booked"


class _Kept(NamedTuple):
    report_ident: str
    type: str
    period: str
    rows: int
    size: int
    sha256: str
    sums: Mapping[str, str]


def _kept(uow: Uow, condition: str = "") -> list[_Kept]:
    sql = f"SELECT {columns(_Kept)} FROM report WHERE status = 'DONE' {condition} ORDER BY id"
    return uow.all(_Kept, sql)


@check("reports.of_closed_months_say_what_the_books_say")
def of_closed(uow: Uow) -> Iterable[str]:
    """What was reported of a closed month still holds: the lines, debit and credit of its journal, the turnover of its revenue, what was
    open at its end, what is deferred."""
    kept, ledger = _kept(uow, "AND period_closed"), tenant_settings(uow).ledger_currency
    counted = counted_by_month(uow, sorted({row.period for row in kept}))
    revenues: dict[str, Decimal] = {}
    opens: dict[str, Decimal] = {}
    for row in kept:
        expected: dict[str, Decimal] = {}
        if row.type == "JOURNAL":
            found = counted.get(row.period)
            expected = {"rows": Decimal(found.lines if found else 0)}
            expected |= {"debit": found.debit if found else ZERO, "credit": found.credit if found else ZERO}
        elif row.type == "REVENUE":
            if row.period not in revenues:
                turnover = earned_by_account(uow, first_day(row.period), last_day(row.period))
                revenues[row.period] = sum(turnover.values(), ZERO)
            expected = {"amount": revenues[row.period]}
        elif row.type == "OPEN_ITEMS":
            if row.period not in opens:
                opens[row.period] = sum((it.balance for it in personal_balances(uow, last_day(row.period))), ZERO)
            expected = {"ledger_balance": opens[row.period]}
        elif row.type == "DEFERRED_INCOME":
            number = deferred_account(uow)
            standing = (it.former + it.before + it.debit - it.credit for it in balances(uow, row.period) if it.account == number)
            expected = {"remaining": -sum(standing, ZERO)}
        yield from _differences(row, expected, ledger)


def _differences(row: _Kept, expected: Mapping[str, Decimal], ledger: str) -> Iterator[str]:
    for name, amount in expected.items():
        said = Decimal(row.rows) if name == "rows" else Decimal(row.sums.get(name, "0"))
        if said != amount:
            words = [f"{it}" if name == "rows" else worded(it, ledger) for it in (said, amount)]
            yield f"report {row.report_ident} ({row.type} {row.period}): {name} {words[0]}, the books say {words[1]}"


@check("reports.files_are_kept")
def files(uow: Uow) -> Iterable[str]:
    """The file of a report is there, as large as it was built."""
    for row in _kept(uow):
        if (found := uow.runtime.blobs.size(uow.ctx.tenant_id, row.sha256)) != row.size:
            yield f"report {row.report_ident}: its file has {found} bytes, not {row.size}"


@check("reports.say_how_they_ended")
def ended(uow: Uow) -> Iterable[str]:
    """One that waits has no file and no end, one that is done both, one that failed says why."""
    for ident in uow.column(
        str,
        "SELECT report_ident FROM report WHERE (status = 'WAITING') <> (completed_at IS NULL) OR (status = 'DONE') <> (sha256 IS NOT NULL"
        " AND size IS NOT NULL AND rows IS NOT NULL AND sums IS NOT NULL) OR (status = 'FAILED') <> (reason IS NOT NULL)",
    ):
        yield f"report {ident} does not say how it ended"
