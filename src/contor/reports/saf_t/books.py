"""The ledger as an audit file tells it: personal accounts within their control accounts, of which the country's codes are said."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from typing import Final, NamedTuple

from contor.bookkeeping.chart import CREDITORS, DEBTORS
from contor.bookkeeping.entries import JournalRow, balances_between, chart_rows
from contor.customers.every import CustomerRow, all_customers
from contor.expenses.queries import SupplierRow, all_suppliers
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO
from contor.reports.exports import ExportTask
from contor.reports.saf_t.configured import configuration_of
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings

MOST_NAMED: Final = 100


class LedgerAccount(NamedTuple):
    """An account with the sums of the period, in the ledger's currency; balances in the debit direction."""

    number: int
    name: str
    kind: str
    category: str | None
    code: str
    opening: Decimal
    debit: Decimal
    credit: Decimal

    @property
    def closing(self) -> Decimal:
        return self.opening + self.debit - self.credit


class Ledger(NamedTuple):
    """`control`: in which account of the file each account of the books is told, where it is another one."""

    currency: str
    accounts: list[LedgerAccount]
    receivables: int | None
    payables: int | None
    personal: dict[int, tuple[Decimal, Decimal]]
    """By personal account its balance before the period and at its end, in the debit direction."""

    def told_in(self, account: int) -> int:
        if account in DEBTORS and self.receivables is not None:
            return self.receivables
        return self.payables if account in CREDITORS and self.payables is not None else account


class LedgerTotal(NamedTuple):
    """What stands at the head of the entries."""

    entries: int
    debit: Decimal
    credit: Decimal


def ledger_of(uow: Uow, task: ExportTask) -> Ledger:
    """Raises `Refused` where an account has no code of the country's chart: with each of them."""
    configuration, currency = configuration_of(task), tenant_settings(uow).ledger_currency
    chart = {row.account_number: row for row in chart_rows(uow) if row.currency == currency}
    by_role = {row.role: number for number, row in chart.items() if row.role}
    ledger = Ledger(currency, [], by_role.get("RECEIVABLES"), by_role.get("PAYABLES"), {})
    sums: dict[int, list[Decimal]] = {}
    for balance in balances_between(uow, task.first_day, task.last_day, task.journal):
        if ledger.told_in(balance.account) != balance.account:
            ledger.personal[balance.account] = (balance.opening, balance.closing)
        found = sums.setdefault(ledger.told_in(balance.account), [ZERO, ZERO, ZERO])
        for place, value in enumerate((balance.opening, balance.debit, balance.credit)):
            found[place] += value
    missing = []
    for number, (opening, debit, credit) in sorted(sums.items()):
        group, row = configuration.group_of(number), chart.get(number)
        if group is None:
            missing.append(f"{number} {row.name if row else ''}".strip())
            continue
        name, kind = (row.name, row.account_type) if row else (str(number), "ASSET")
        ledger.accounts.append(LedgerAccount(number, name, kind, group["category"], group["code"], opening, debit, credit))
    if missing:
        said = ", ".join(missing[:MOST_NAMED])
        message = f"says no code of the country's chart for {len(missing)} booked accounts: {said}"
        raise Refused(Kind.ILLEGAL_STATE, Problem("saf_t_account_without_code", message, "accountGroups"))
    return ledger


def entry_name(line: JournalRow) -> str:
    """What an entry is called in the file: year and number in the journal."""
    return f"{line.fiscal_year}-{line.journal_number}"


def creditors(uow: Uow) -> Iterator[CustomerRow]:
    """Customers with an account as a creditor, then suppliers, in constant memory."""
    return chain((row for row in all_customers(uow) if row.creditor_account is not None), map(_party, all_suppliers(uow)))


def suppliers_by_account(uow: Uow) -> Mapping[int, str]:
    return {row.account: row.ident for row in all_suppliers(uow)}


def with_suppliers(lines: Sequence[JournalRow], suppliers: Mapping[int, str]) -> list[JournalRow]:
    """Lines on the account of a supplier say whose it is."""
    return [line._replace(party=suppliers.get(line.account, line.party)) for line in lines]


def _party(row: SupplierRow) -> CustomerRow:
    return CustomerRow(
        customer_ident=row.ident,
        customer_type="B2B",
        company=row.name,
        first_name=None,
        last_name=None,
        email=None,
        phone=None,
        currency=None,
        vat_id=row.vat_id,
        tax_number=None,
        debtor_account=None,
        creditor_account=row.account,
        created_at=row.created_at,
        street=None,
        street_no=None,
        addition=None,
        zip=None,
        city=None,
        state=None,
        country=None if row.vat_id is None else row.vat_id[:2].replace("EL", "GR"),
    )
