"""Which accounts the facts of a customer are posted to: the tenant's chart and the customer's personal accounts."""

from collections.abc import Iterable
from typing import NamedTuple

from contor.bookkeeping.chart.chart import CHARTS
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import Account, Accounts, AccountType, Chart
from contor.customers.queries import personal_accounts_of
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings


class OwnAccount(NamedTuple):
    """An account that the tenant put in the place of one of the chart."""

    account_number: int
    name: str
    account_type: str
    account_group: str
    automatic: bool
    tax_key: str | None
    opos_account: bool
    role: str


def chart_of(uow: Uow) -> Chart:
    """The tenant's chart: SKR03 or SKR04 as data, with the accounts that the tenant put in their place."""
    return uow.readings.once(chart_of, lambda: _chart_of(uow))


def _chart_of(uow: Uow) -> Chart:
    chart = CHARTS[tenant_settings(uow).chart]
    known = {account.number: role for role, account in chart.items()}
    sql = f"SELECT {columns(OwnAccount)} FROM booking_account WHERE role IS NOT NULL AND NOT account_number = ANY (%s)"
    own = uow.all(OwnAccount, sql, (list(known),))
    if not own:
        return chart
    return chart.replaced(
        {
            Role(row.role): Account(
                number=row.account_number,
                name_de=row.name,
                name_en=row.name,
                type=AccountType(row.account_type),
                group=row.account_group,
                automatic=row.automatic,
                tax_key=row.tax_key,
                opos=row.opos_account,
            )
            for row in own
        }
    )


def accounts_of(
    uow: Uow, customers: Iterable[str], *, cash_taxation: bool = False, chart: Chart | None = None
) -> dict[str, Accounts]:
    """The accounts of each customer, by ident."""
    chart = chart or chart_of(uow)
    currency = tenant_settings(uow).ledger_currency
    return {
        ident: Accounts(
            chart=chart,
            party=ident,
            debtor=row.debtor_account,
            creditor=row.creditor_account,
            cash_taxation=cash_taxation,
            currency=currency,
        )
        for ident, row in personal_accounts_of(uow, set(customers)).items()
    }


class AccountFlags(NamedTuple):
    """How a booking account is handled in DATEV."""

    account_number: int
    automatic: bool
    tax_key: str | None


def account_flags(uow: Uow, currency: str) -> list[AccountFlags]:
    """Of every booking account in this currency, as the tenant has them: also where he says of one of the chart's something else."""
    sql = f"SELECT {columns(AccountFlags)} FROM booking_account WHERE currency = %s ORDER BY account_number"
    return uow.all(AccountFlags, sql, (currency,))
