"""What must hold of the books."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from contor.bookkeeping.chart import chart_of, standing_elsewhere
from contor.bookkeeping.entries import ENTRY
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import EntryKind
from contor.dunning.queries import BOOKED_CLAIMS
from contor.kernel.checks import check
from contor.kernel.money import worded
from contor.openitems.queries import ON_ACCOUNT
from contor.openitems.stored import written_down
from contor.payments.statements import proven_balances
from contor.runtime.integrity import unlinked
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings

_SIGNED = "CASE side WHEN 'D' THEN amount ELSE -amount END"


class _Unbalanced(NamedTuple):
    entry_id: int
    currency: str
    difference: Decimal


class _Year(NamedTuple):
    """The journal numbers of a fiscal year; `high`: None without entries."""

    fiscal_year: int
    drawn: int
    entries: int
    high: int | None


class _Balance(NamedTuple):
    """A customer's balance in the books and by his open items."""

    party: str
    booked: Decimal
    open: Decimal


@check("bookkeeping.entries_balance")
def balanced(uow: Uow) -> Iterable[str]:
    """Debits equal credits in every entry, per currency."""
    for row in uow.all(
        _Unbalanced,
        f"SELECT entry_id, currency, sum({_SIGNED}) AS difference FROM journal_line GROUP BY entry_id, currency"
        f" HAVING sum({_SIGNED}) <> 0",
    ):
        yield f"entry {row.entry_id}: {worded(row.difference, row.currency)} too much debit"


@check("bookkeeping.money_stands_on_accounts_of_money")
def on_money(uow: Uow) -> Iterable[str]:
    """What a merchant payment account names is an account of the chart that money can stand on."""
    for ident, number, why in standing_elsewhere(uow):
        yield f"merchant payment account {ident}: {number} {why}"


class _Money(NamedTuple):
    """What is booked on an account, in the ledger's currency, and in the account's own."""

    account: int
    booked: Decimal
    foreign: Decimal


@check("bookkeeping.money_at_the_bank_is_that_of_its_statements")
def at_bank(uow: Uow) -> Iterable[str]:
    """The account of a bank in the books is what the bank's statements lead to, from the first to the last, and what came beside them."""
    found = proven_balances(uow, chart_of(uow)[Role.BANK].number)
    if not found:
        return
    ledger = tenant_settings(uow).ledger_currency
    numbers = [row.booking_account for row in found]
    sums = {
        row.account: row
        for row in uow.all(
            _Money,
            f"SELECT account, sum({_SIGNED}) AS booked, coalesce(sum({_SIGNED.replace('amount', 'foreign_amount')}), 0) AS foreign"
            " FROM journal_line l WHERE account = ANY (%s) AND NOT EXISTS (SELECT 1 FROM journal_entry e WHERE e.tenant_id = l.tenant_id"
            # said by a person before the bank's statements were read
            " AND e.id = l.entry_id AND e.kind = %s) GROUP BY account",
            (numbers, EntryKind.EXPENSE_PAYMENT.value),
        )
    }
    for row, number in zip(found, numbers, strict=True):
        if numbers.count(number) > 1:  # one account of the chart for several: nothing can be compared
            continue
        money = sums.get(number, _Money(number, Decimal(0), Decimal(0)))
        booked = money.booked if row.currency == ledger else money.foreign
        if booked != row.moved + row.beside:
            said = f"{worded(row.moved, row.currency)} by its statements, {worded(row.beside, row.currency)} beside them"
            yield f"account {number}: {worded(booked, row.currency)} booked, {said}"


@check("bookkeeping.journal_numbers_have_no_gap")
def numbered(uow: Uow) -> Iterable[str]:
    """1 to n per fiscal year, every entry with lines (GoBD no. 82)."""
    for row in uow.all(
        _Year,
        # numbers are unique, so as many as the highest one leave no gap
        "SELECT c.fiscal_year, c.next_number - 1 AS drawn, count(e.id) AS entries, max(e.journal_number) AS high FROM journal_counter c"
        " LEFT JOIN journal_entry e ON e.tenant_id = c.tenant_id AND e.fiscal_year = c.fiscal_year"
        " GROUP BY c.fiscal_year, c.next_number HAVING c.next_number - 1 <> count(e.id) OR max(e.journal_number) <> c.next_number - 1",
    ):
        yield f"fiscal year {row.fiscal_year}: {row.drawn} numbers drawn, {row.entries} entries up to {row.high}"
    for number in uow.column(
        int,
        "SELECT e.id FROM journal_entry e WHERE NOT EXISTS (SELECT 1 FROM journal_line l"
        " WHERE l.tenant_id = e.tenant_id AND l.entry_id = e.id)",
    ):
        yield f"entry {number} has no lines"
    for number in uow.column(
        int,
        "SELECT DISTINCT l.entry_id FROM journal_line l WHERE NOT EXISTS (SELECT 1 FROM journal_entry e"
        " WHERE e.tenant_id = l.tenant_id AND e.id = l.entry_id)",
    ):
        yield f"lines of entry {number} have no entry"

    for year in uow.column(
        int,
        "SELECT DISTINCT e.fiscal_year FROM journal_entry e WHERE NOT EXISTS (SELECT 1 FROM journal_counter c"
        " WHERE c.tenant_id = e.tenant_id AND c.fiscal_year = e.fiscal_year)",
    ):
        yield f"fiscal year {year}: the counter of its entries is gone"


@check("bookkeeping.every_entry_is_in_the_chain")
def in_chain(uow: Uow) -> Iterable[str]:
    """Each entry since the first that has a link has one."""
    for number in unlinked(uow, ENTRY, "journal_entry"):
        yield f"entry {number} has no link in the chain"


@check("bookkeeping.personal_accounts_agree_with_open_items")
def personal_accounts(uow: Uow) -> Iterable[str]:
    """The balance of a customer's personal accounts is the sum of his open items and booked claims, to the cent."""
    for row in uow.all(
        _Balance,
        "SELECT coalesce(l.party, c.party) AS party, coalesce(l.balance, 0) AS booked, coalesce(c.balance, 0) AS open FROM"
        f" (SELECT l.party, sum({_SIGNED.replace('side', 'l.side').replace('amount', 'l.amount')}) AS balance FROM journal_line l"
        "  JOIN customer k ON k.tenant_id = l.tenant_id AND k.customer_ident = l.party"
        # the party stands on lines of received deposits as well
        "  AND l.account IN (k.debtor_account, k.creditor_account)"
        "  GROUP BY l.party) l FULL JOIN"
        # a doubtful receivable is on another account (row 21); claims of default that are booked are no open items
        f" (SELECT party, sum(balance) AS balance FROM (SELECT customer_ident AS party, {ON_ACCOUNT} AS balance FROM opos_case c"
        f" WHERE NOT doubtful UNION ALL {BOOKED_CLAIMS}) o GROUP BY party) c ON c.party = l.party"
        " WHERE coalesce(l.balance, 0) <> coalesce(c.balance, 0)",
    ):
        yield f"customer {row.party}: {row.booked} booked, {row.open} open"


class _OnAccount(NamedTuple):
    party: str | None
    account: int
    amount: Decimal


@check("bookkeeping.what_is_doubtful_and_written_down_agrees_with_open_items")
def doubtful(uow: Uow) -> Iterable[str]:
    """The accounts of doubtful receivables and of their allowances are what the open items of each customer say (row 21)."""
    chart = chart_of(uow)
    numbers = [chart[Role.DOUBTFUL].number, chart[Role.ALLOWANCE].number]
    expected: dict[tuple[str, int], Decimal] = {}
    for row in written_down(uow):
        expected |= {(row.customer_ident, numbers[0]): row.doubtful, (row.customer_ident, numbers[1]): -row.allowance}
    sql = f"SELECT party, account, sum({_SIGNED}) AS amount FROM journal_line WHERE account = ANY (%s) GROUP BY party, account"
    booked = {(row.party or "", row.account): row.amount for row in uow.all(_OnAccount, sql, (numbers,))}
    for of in sorted({*expected, *booked}):
        if expected.get(of, Decimal(0)) != booked.get(of, Decimal(0)):
            yield f"customer {of[0]}: {booked.get(of, 0)} on account {of[1]}, {expected.get(of, 0)} by open items"
