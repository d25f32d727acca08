"""What the accounts of the ledger are called and what they are for; also those that a tenant put others in the place of, on which lines
stand from before."""

from collections.abc import Mapping
from typing import NamedTuple

from contor.bookkeeping.chart import CHARTS, chart_of
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import AccountType
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings


class NamedAccount(NamedTuple):
    """An account of the ledger."""

    number: int
    name_de: str
    name_en: str
    type: AccountType
    group: str
    """That of what it is for, whatever a tenant calls it; of one that is for nothing the tenant's."""
    role: Role | None
    """None: an account of the tenant's own that the posting table does not use."""
    tax_keys: frozenset[str | None]
    """That its lines may have: of the shipped chart, and of the tenant."""


class _Own(NamedTuple):
    account_number: int
    name: str
    account_type: str
    account_group: str
    tax_key: str | None


def account_names(uow: Uow) -> Mapping[int, NamedAccount]:
    """Every account of the ledger by its number: those of the shipped chart, those of the tenant, who may have renamed one."""
    return uow.readings.once(account_names, lambda: _account_names(uow))


def _account_names(uow: Uow) -> dict[int, NamedAccount]:
    shipped = CHARTS[tenant_settings(uow).chart]
    groups = {role: account.group for role, account in shipped.items()}
    found = {
        account.number: NamedAccount(
            account.number,
            account.name_de,
            account.name_en,
            account.type,
            groups.get(role, account.group),
            role,
            frozenset({account.tax_key}),
        )
        for chart in (shipped, chart_of(uow))
        for role, account in chart.items()
    }
    sql = (
        "SELECT DISTINCT ON (account_number) account_number, name, account_type, account_group, tax_key FROM booking_account"
        " ORDER BY account_number, currency"
    )
    for own in uow.all(_Own, sql):
        kind, known = AccountType(own.account_type), found.get(own.account_number)
        if known is not None:
            english = known.name_en if own.name == known.name_de else own.name
            found[own.account_number] = known._replace(
                name_de=own.name,
                name_en=english,
                type=kind,
                tax_keys=known.tax_keys | {own.tax_key},
            )
            continue
        keys = frozenset({own.tax_key})
        found[own.account_number] = NamedAccount(own.account_number, own.name, own.name, kind, own.account_group, None, keys)
    return found


def roles_by_number(uow: Uow) -> dict[int, Role]:
    """What each account is for, also one that the tenant has put another in the place of."""
    return {number: account.role for number, account in account_names(uow).items() if account.role is not None}
