"""A new tenant's chart of accounts: SKR03, ready to be posted to; SKR04 by the tenant's setting."""

from collections.abc import Iterator
from typing import Any

from contor.bookkeeping import tables
from contor.bookkeeping.chart import CHARTS
from contor.kernel.events import on
from contor.organizations.events import EnvironmentEnabled
from contor.runtime.uow import Uow


@on(EnvironmentEnabled)
def furnish(uow: Uow, fact: EnvironmentEnabled) -> None:
    """Every account that the posting table names, in the ledger's currency."""
    tenant = uow.runtime.enter_tenant(uow, fact.tenant_id)
    currency = tenant.value("SELECT ledger_currency FROM tenant_setting")
    tenant.insert(tables.booking_account, list(rows_of_chart("SKR03", currency, uow.ctx.now())))


def rows_of_chart(name: str, currency: str, now: Any) -> Iterator[dict[str, Any]]:
    """The accounts of a chart as rows; several roles may share one account."""
    seen: set[int] = set()
    for role, account in CHARTS[name].items():
        if account.number in seen:
            continue
        seen.add(account.number)
        yield {
            "account_number": account.number,
            "currency": currency,
            "account_group": account.group,
            "account_type": account.type.value,
            "name": account.name_de,
            "description": account.name_en,
            "opos_account": account.opos,
            "automatic": account.automatic,
            "tax_key": account.tax_key,
            "role": role.value,
            "created_at": now,
            "last_modified_at": now,
        }
