"""Payment methods as they are stored and answered."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.payments.customer_accounts import CustomerAccountView, account_views, fields_of_account
from contor.payments.gateways import configured_gateways
from contor.payments.methods import tables
from contor.payments.methods.types import (
    PROVIDERS,
    Card,
    MethodGateway,
    MethodSource,
    MethodStatus,
    MethodType,
    MethodView,
    PayPal,
    SepaShown,
)
from contor.payments.providers import moves_money
from contor.payments.setups import setups_of
from contor.runtime.query import ListQuery, Page, narrowed, searchable
from contor.runtime.query.listed import listed_by_key
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

_OF_ACCOUNT = fields_of_account(tables.payment_method.c.account_ident)
_BY_MANDATE = tables.payment_method.c.type == "SEPA_DEBIT"

METHODS = searchable(
    tables.payment_method,
    MethodView,
    ("ident", "customer_ident", "gateway", "type", "is_default", "enabled", "source", "created_at", "last_modified_at"),
    default_sort="created_at,desc",
    places={
        "reference": _OF_ACCOUNT.pop("reference"),
        **{f"sepa.{name}": narrowed(_BY_MANDATE, found) for name, found in _OF_ACCOUNT.items()},
    },
)
"""Without the status, which depends on the day that asks."""


@dataclass(frozen=True, slots=True)
class ListMethods:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneMethod:
    payment_method_ident: str


class MethodRow(NamedTuple):
    """A method as it is stored."""

    ident: str
    customer_ident: str
    gateway: MethodGateway
    type: MethodType
    account_ident: str | None
    is_default: bool
    enabled: bool
    source: MethodSource
    name: str | None
    card: Fields | None
    paypal: Fields | None
    expires_on: dt.date | None
    created_at: dt.datetime
    last_modified_at: dt.datetime


_METHOD = f"SELECT {columns(MethodRow)} FROM payment_method WHERE "


@operation("payment_method.list", permission="payments.read", reads=True)
def list_methods(uow: Uow, command: ListMethods) -> Page:
    """How customers pay; without what was removed."""
    scope = {"removed_at": None}
    return listed_by_key(uow, tables.payment_method, command.query, METHODS, "ident", lambda idents: views_of(uow, idents), scope)


@operation("payment_method.get", permission="payments.read", reads=True)
def get_method(uow: Uow, command: OneMethod) -> MethodView:
    """One of them; the IBAN masked."""
    return one_view(uow, command.payment_method_ident)


def one_view(uow: Uow, ident: str) -> MethodView:
    """Raises NOT_FOUND, also for what was removed."""
    require_method(uow, ident)
    return views_of(uow, [ident])[ident]


def require_method(uow: Uow, ident: str, *, lock: bool = False) -> MethodRow:
    """Raises NOT_FOUND, also for what was removed."""
    sql = _METHOD + "ident = %s AND removed_at IS NULL" + (" FOR UPDATE" if lock else "")
    found = uow.first(MethodRow, sql, (ident,))
    if found is None:
        raise not_found("payment_method", ident)
    return found


def methods_of_customers(uow: Uow, customers: Iterable[str]) -> dict[str, list[MethodRow]]:
    """By customer, those that were not removed: the default first, then the latest."""
    sql = (
        _METHOD
        + "customer_ident = ANY (%s) AND removed_at IS NULL ORDER BY customer_ident, is_default DESC, created_at DESC, ident"
    )
    found: dict[str, list[MethodRow]] = {}
    for row in uow.all(MethodRow, sql, (sorted(set(customers)),)):
        found.setdefault(row.customer_ident, []).append(row)
    return found


def default_methods(uow: Uow, customers: Iterable[str]) -> dict[str, str]:
    """By customer, the ident of his default method; without those that have none."""
    sql = "SELECT customer_ident, ident FROM payment_method WHERE customer_ident = ANY (%s) AND is_default AND removed_at IS NULL"
    return dict(uow.all(_Default, sql, (sorted(set(customers)),)))


def known_tokens(uow: Uow, tokens: Iterable[str]) -> set[str]:
    """Those of these tokens of providers that are a way to pay already."""
    sql = (
        "SELECT a.payment_method_reference FROM customer_payment_account a JOIN payment_method m"
        " ON m.tenant_id = a.tenant_id AND m.ident = a.ident AND m.removed_at IS NULL WHERE a.payment_method_reference = ANY (%s)"
    )
    return set(uow.column(str, sql, (sorted(set(tokens)),)))


def not_usable(uow: Uow, ident: str) -> str | None:
    """Why nothing is to name this method any more, or not yet; None: it may be named, or does not exist."""
    row = uow.first(_Whether, f"SELECT {columns(_Whether)} FROM payment_method WHERE ident = %s", (ident,))
    if row is not None and row.removed_at is not None:
        return "is not there any more: it was removed"
    found = pending_setups(uow, uow.all(MethodRow, _METHOD + "ident = %s", (ident,))).get(ident) if row is not None else None
    if found is None:
        return None
    status, reason = found
    return f"{'is not there yet' if status == 'ACTION_REQUIRED' else 'was not set up'}: {reason}"


class _Whether(NamedTuple):
    removed_at: dt.datetime | None


class Named(NamedTuple):
    ident: str
    customer_ident: str


def methods_named(uow: Uow, idents: Iterable[str]) -> list[Named]:
    """These, with their customers."""
    sql = f"SELECT {columns(Named)} FROM payment_method WHERE ident = ANY (%s) ORDER BY ident"
    return uow.all(Named, sql, (sorted(set(idents)),))


class _Default(NamedTuple):
    customer_ident: str
    ident: str


def views_of(uow: Uow, idents: Iterable[str]) -> dict[str, MethodView]:
    """Those that exist, by ident; also removed ones, for who shows by what something was paid."""
    rows = uow.all(MethodRow, _METHOD + "ident = ANY (%s)", (sorted(set(idents)),))
    accounts = account_views(uow, [row.account_ident for row in rows if row.account_ident is not None])
    known = configured_gateways(uow, {it.merchant_payment_gateway_ident for it in accounts.values()})
    today = uow.ctx.today()
    pending = pending_setups(uow, rows)
    return {
        row.ident: _view(row, accounts.get(row.account_ident or ""), pending.get(row.ident) or _status(row, accounts, known, today))
        for row in rows
    }


def pending_setups(uow: Uow, rows: Iterable[MethodRow]) -> dict[str, tuple[MethodStatus, str | None]]:
    """Of methods to which the customer did not agree yet, or never will: status and reason."""
    idents = [row.ident for row in rows if row.account_ident is None and row.gateway in PROVIDERS]
    return {
        ident: ("REVOKED", setup.reason)
        if setup.state in ("FAILED", "DONE")
        else ("ACTION_REQUIRED", setup.reason or f"The customer has yet to agree to it at {setup.provider}.")
        for ident, setup in (setups_of(uow, idents) if idents else {}).items()
    }


def _view(row: MethodRow, account: CustomerAccountView | None, stands: tuple[MethodStatus, str | None]) -> MethodView:
    status, reason = stands
    said = row._asdict()
    del said["account_ident"]
    said["card"] = msgspec.convert(row.card, Card) if row.card else None
    said["paypal"] = msgspec.convert(row.paypal, PayPal) if row.paypal else None
    mandate = account.mandate if account is not None else None
    sepa = None
    if account is not None and row.type == "SEPA_DEBIT":
        sepa = SepaShown(
            iban=account.iban,
            bic=account.bic,
            holder=account.account_holder_name,
            mandate=mandate,
            mandate_status=account.mandate_status,
        )
    reference = (account.payment_method_reference if account is not None else None) or (mandate.reference if mandate else None)
    return MethodView(**said, status=status, status_reason=reason, reference=reference, sepa=sepa)


def _status(
    row: MethodRow, accounts: Mapping[str, CustomerAccountView], known: dict[str, set[str]], today: dt.date
) -> tuple[MethodStatus, str | None]:
    account = accounts.get(row.account_ident or "")
    if account is None:
        return "ACTIVE", None
    provider = PROVIDERS.get(row.gateway)
    if provider not in known.get(account.merchant_payment_gateway_ident, set()):
        return "GATEWAY_UNCONFIGURED", "No account of its gateway is kept with who collects by it."
    if provider is not None and not moves_money(provider):
        return (
            "GATEWAY_UNCONFIGURED",
            f"{provider} collects nothing from here: it is to be transferred, or paid by another method.",
        )
    if row.expires_on is not None and row.expires_on < today:
        return "EXPIRED", f"It served until {row.expires_on}."
    if account.mandate_status in ("REVOKED", "LAPSED"):
        return "REVOKED", account.mandate_status_reason
    if account.health_status == "UNHEALTHY" and row.enabled:
        return "REVOKED", account.health_reason
    if row.type == "SEPA_DEBIT" and account.mandate is None and account.payment_method_reference is None:
        return "ACTION_REQUIRED", "There is no mandate."
    return "ACTIVE", None
