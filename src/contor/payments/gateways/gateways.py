"""Gateways: under one name, which merchant payment account takes and pays which currency."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.payments.gateways import tables
from contor.payments.gateways.capabilities import capabilities_of
from contor.payments.gateways.types import GatewayAccount, GatewayBody, GatewayView, ProviderName
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed_by_key
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

GATEWAYS = searchable(
    tables.merchant_payment_gateway, GatewayView, ("ident", "name", "created_at", "last_modified_at"), default_sort="ident"
)


@dataclass(frozen=True, slots=True)
class ListGateways:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class CreateGateway:
    body: GatewayBody


@dataclass(frozen=True, slots=True)
class UpdateGateway:
    merchant_payment_gateway_ident: str
    body: GatewayBody


class _Gateway(NamedTuple):
    ident: str
    name: str
    created_at: dt.datetime
    last_modified_at: dt.datetime


class _Account(NamedTuple):
    gateway_ident: str
    account_ident: str
    currency: str


class _Taken(NamedTuple):
    ident: str
    currency: str
    additionally_accepted_currencies: Sequence[str]


def only_gateway(uow: Uow) -> str | None:
    """The gateway of a tenant that has one alone: it is meant where none is named."""
    idents = uow.column(str, "SELECT ident FROM merchant_payment_gateway ORDER BY ident LIMIT 2")
    return idents[0] if len(idents) == 1 else None


def gateway_idents(uow: Uow) -> list[str]:
    """All of them, by name."""
    return uow.column(str, "SELECT ident FROM merchant_payment_gateway ORDER BY ident")


@operation("merchant_payment_gateway.list", permission="payments.read", reads=True)
def list_gateways(uow: Uow, command: ListGateways) -> Page:
    """The gateways with their accounts."""
    return listed_by_key(uow, tables.merchant_payment_gateway, command.query, GATEWAYS, "ident", lambda idents: _views(uow, idents))


@operation("merchant_payment_gateway.create", permission="payments.write")
def create_gateway(uow: Uow, command: CreateGateway) -> GatewayView:
    """A name, and the account of each currency."""
    body = command.body
    ident = body.ident or str(uow.new_uuid())
    _refuse(_account_problems(uow, body.accounts))
    row = {"ident": ident, "name": body.name, "created_at": uow.ctx.now(), "last_modified_at": uow.ctx.now()}
    if not uow.insert_once(tables.merchant_payment_gateway, row):
        message = f"A merchant payment gateway {ident!r} exists already."
        raise Refused(Kind.CONFLICT, Problem("merchant_payment_gateway_exists", message, "ident", ident))
    _write_accounts(uow, ident, body.accounts)
    uow.audit("merchant_payment_gateway", ident, {"created": {"name": body.name, "accounts": body.accounts}})
    return _views(uow, [ident])[ident]


@operation("merchant_payment_gateway.update", permission="payments.write")
def update_gateway(uow: Uow, command: UpdateGateway) -> GatewayView:
    """Rename it, and say anew which account takes which currency. What was sent already goes its way."""
    ident, body = command.merchant_payment_gateway_ident, command.body
    if uow.scalar(str, "SELECT ident FROM merchant_payment_gateway WHERE ident = %s FOR UPDATE", (ident,)) is None:
        raise not_found("merchant_payment_gateway", ident)
    problems = _account_problems(uow, body.accounts)
    if body.ident not in (None, ident):
        problems.append(Problem("field_immutable", "cannot be changed.", "ident", body.ident))
    _refuse(problems)
    before = _views(uow, [ident])[ident]
    uow.run(
        "UPDATE merchant_payment_gateway SET name = %s, last_modified_at = %s WHERE ident = %s", (body.name, uow.ctx.now(), ident)
    )
    uow.run("DELETE FROM gateway_account WHERE gateway_ident = %s", (ident,))
    _write_accounts(uow, ident, body.accounts)
    change = {"before": {"name": before.name, "accounts": before.accounts}, "after": {"name": body.name, "accounts": body.accounts}}
    uow.audit("merchant_payment_gateway", ident, change)
    return _views(uow, [ident])[ident]


def known_gateways(uow: Uow, idents: Iterable[str]) -> frozenset[str]:
    """Those that exist."""
    sql = "SELECT ident FROM merchant_payment_gateway WHERE ident = ANY (%s)"
    return frozenset(uow.column(str, sql, (sorted(set(idents)),)))


class Routed(NamedTuple):
    """The merchant payment account that a gateway names for a currency."""

    gateway_ident: str
    account_ident: str


def accounts_by_gateway(uow: Uow, gateways: Iterable[str], currency: str) -> dict[str, str]:
    """By gateway, the merchant payment account that takes and pays the currency; without those that have none."""
    sql = f"SELECT {columns(Routed)} FROM gateway_account WHERE gateway_ident = ANY (%s) AND currency = %s"
    return dict(uow.all(Routed, sql, (sorted(set(gateways)), currency)))


class _Collecting(NamedTuple):
    provider: ProviderName | None


def collecting_by(uow: Uow, gateway: str) -> dict[str, tuple[str, ...]]:
    """By which methods the providers of a gateway's accounts collect, by their names; without those that collect nothing from here. Empty
    where an account's provider is not registered yet: nobody knows."""
    sql = (
        "SELECT DISTINCT p.name AS provider FROM gateway_account g"
        " JOIN merchant_payment_account m ON m.tenant_id = g.tenant_id AND m.ident = g.account_ident"
        " LEFT JOIN payment_provider p ON p.tenant_id = m.tenant_id AND p.id = m.payment_service_provider_id"
        " WHERE g.gateway_ident = %s ORDER BY 1"
    )
    names = [row.provider for row in uow.all(_Collecting, sql, (gateway,))]
    known = [name for name in names if name is not None]
    if len(known) < len(names):
        return {}
    return {name: methods for name in known if (methods := capabilities_of(name).methods)}


class _Configured(NamedTuple):
    gateway_ident: str
    provider: str


_PROVIDERS = (
    "SELECT DISTINCT g.gateway_ident, p.name AS provider FROM gateway_account g"
    " JOIN merchant_payment_account m ON m.tenant_id = g.tenant_id AND m.ident = g.account_ident"
    " JOIN payment_provider p ON p.tenant_id = m.tenant_id AND p.id = m.payment_service_provider_id"
)


def configured_gateways(uow: Uow, gateways: Iterable[str]) -> dict[str, set[str]]:
    """By gateway, the names of the providers with whom its accounts are kept; without those that have none."""
    found: dict[str, set[str]] = {}
    for row in uow.all(_Configured, f"{_PROVIDERS} WHERE g.gateway_ident = ANY (%s)", (sorted(set(gateways)),)):
        found.setdefault(row.gateway_ident, set()).add(row.provider)
    return found


def gateway_by_provider(uow: Uow, provider: ProviderName) -> str | None:
    """The first gateway, by ident, that has an account with this provider; None: none has."""
    rows = uow.all(_Configured, f"{_PROVIDERS} WHERE p.name = %s ORDER BY g.gateway_ident LIMIT 1", (provider,))
    return rows[0].gateway_ident if rows else None


class Collector(NamedTuple):
    """By which gateway and provider something is collected."""

    gateway_ident: str
    provider_id: int


def collector_by_provider(uow: Uow, provider: ProviderName, gateway: str | None = None) -> Collector | None:
    """As `gateway_by_provider`, with the number of the provider; of this gateway, where one is named."""
    sql = _PROVIDERS.replace("p.name AS provider", "p.id AS provider_id")
    which = "p.name = %s AND g.gateway_ident = coalesce(%s, g.gateway_ident)"
    rows = uow.all(Collector, f"{sql} WHERE {which} ORDER BY g.gateway_ident, p.id LIMIT 1", (provider, gateway))
    return rows[0] if rows else None


class _KeptWith(NamedTuple):
    booking_account: int
    provider: str


def providers_of_money(uow: Uow) -> dict[int, str]:
    """By account of the chart that merchant payment accounts name, the provider with whom the money on it is kept."""
    sql = (
        "SELECT m.booking_account, min(p.name) AS provider FROM merchant_payment_account m JOIN payment_provider p"
        " ON p.tenant_id = m.tenant_id AND p.id = m.payment_service_provider_id WHERE m.booking_account IS NOT NULL GROUP BY 1"
    )
    return dict(uow.all(_KeptWith, sql))


def _views(uow: Uow, idents: Sequence[str]) -> dict[str, GatewayView]:
    sql = f"SELECT {columns(_Account)} FROM gateway_account WHERE gateway_ident = ANY (%s) ORDER BY gateway_ident, currency"
    accounts: dict[str, list[GatewayAccount]] = {}
    for row in uow.all(_Account, sql, (list(idents),)):
        made = GatewayAccount(merchant_payment_account_ident=row.account_ident, currency=row.currency)
        accounts.setdefault(row.gateway_ident, []).append(made)
    sql = f"SELECT {columns(_Gateway)} FROM merchant_payment_gateway WHERE ident = ANY (%s)"
    return {
        row.ident: GatewayView(**row._asdict(), accounts=tuple(accounts.get(row.ident, ())))
        for row in uow.all(_Gateway, sql, (list(idents),))
    }


def _account_problems(uow: Uow, accounts: Sequence[GatewayAccount]) -> list[Problem]:
    problems = []
    sql = f"SELECT {columns(_Taken)} FROM merchant_payment_account WHERE ident = ANY (%s)"
    known = {row.ident: row for row in uow.all(_Taken, sql, ([one.merchant_payment_account_ident for one in accounts],))}
    currencies = [one.currency for one in accounts]
    for n, one in enumerate(accounts):
        path, found = f"accounts[{n}]", known.get(one.merchant_payment_account_ident)
        if one.currency in currencies[:n]:
            message = "has an account already: a gateway has one for each currency"
            problems.append(Problem("currency_repeated", message, f"{path}.currency", one.currency))
        if found is None:
            ident = one.merchant_payment_account_ident
            problems.append(
                Problem("merchant_payment_account_unknown", "does not exist", f"{path}.merchantPaymentAccountIdent", ident)
            )
        elif one.currency not in (taken := {found.currency, *found.additionally_accepted_currencies}):
            message = f"The account {found.ident!r} takes {', '.join(sorted(taken))}."
            problems.append(Problem("currency_not_accepted", message, f"{path}.currency", one.currency))
    return problems


def _write_accounts(uow: Uow, ident: str, accounts: Sequence[GatewayAccount]) -> None:
    uow.insert(
        tables.gateway_account,
        [
            {"gateway_ident": ident, "currency": one.currency, "account_ident": one.merchant_payment_account_ident}
            for one in accounts
        ],
    )


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise Refused(Kind.INVALID, *problems)
