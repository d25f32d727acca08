"""By which merchant payment account and provider money moves to or from a customer's account, and why it cannot."""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import NamedTuple

import msgspec

from contor.kernel.errors import Problem
from contor.payments.customer_accounts import PayingAccount, collectable, payable, paying_accounts
from contor.payments.gateways import Provider, accounts_by_gateway, capabilities_of, providers_by_id
from contor.payments.providers import IntentType, moves_money
from contor.payments.sepa import SepaSettings, Terms
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

MOST_BY_FILE = Decimal("999999999.99")
"""The largest amount of a SEPA transaction."""
_WORDS: Mapping[IntentType, str] = {"CHARGE": "collects", "REFUND": "gives back", "PAYOUT": "pays out"}


class Way(NamedTuple):
    """A customer's account, and by what it is reached for one currency."""

    account: PayingAccount
    currency: str
    merchant_account_ident: str | None
    """None: the gateway names none for the currency."""
    active: bool
    registered: Provider | None
    """None: its provider is not registered."""
    days_after_due_date: int
    """When a due document is collected."""
    settings: SepaSettings | None = None
    """By which files are written; None: there are none."""

    @property
    def provider(self) -> str | None:
        return self.registered.name if self.registered else None

    @property
    def terms(self) -> Terms:
        """What decides on which day is collected by it."""
        mandate = self.account.mandate
        settings = self.settings if self.provider == "SEPA_FILE" else None
        return Terms(self.days_after_due_date, settings, mandate.pre_notification_days if mandate is not None else None)


class _Merchant(NamedTuple):
    ident: str
    active: bool
    payment_service_provider_id: int
    payment_collection_config: Mapping[str, int]
    sepa: Mapping[str, object] | None


def ways_of(uow: Uow, idents: Collection[str], currency: str) -> dict[str, Way]:
    """By customer payment account; those that do not exist are left out."""
    accounts = paying_accounts(uow, idents)
    routes = accounts_by_gateway(uow, {it.gateway_ident for it in accounts.values()}, currency)
    sql = f"SELECT {columns(_Merchant)} FROM merchant_payment_account WHERE ident = ANY (%s)"
    merchants = {row.ident: row for row in uow.all(_Merchant, sql, (sorted(set(routes.values())),))}
    settings = {row.ident: msgspec.convert(row.sepa, SepaSettings) for row in merchants.values() if row.sepa is not None}
    providers = providers_by_id(uow, [it.payment_service_provider_id for it in merchants.values()])
    found = {}
    for ident, account in accounts.items():
        merchant = merchants.get(routes.get(account.gateway_ident, ""))
        provider = providers.get(merchant.payment_service_provider_id) if merchant else None
        found[ident] = Way(
            account,
            currency,
            merchant.ident if merchant else None,
            merchant.active if merchant else False,
            provider,
            merchant.payment_collection_config.get("days_after_due_date", 0) if merchant else 0,
            settings.get(merchant.ident) if merchant else None,
        )
    return found


def way_problems(way: Way, type_: IntentType, amount: Decimal, due: dt.date, today: dt.date) -> list[Problem]:
    """Why money cannot move by it; nothing: it can."""
    if way.merchant_account_ident is None:
        message = f"The gateway {way.account.gateway_ident!r} names no merchant payment account for {way.currency}."
        return [Problem("gateway_without_account", message)]
    if not way.active:
        return [Problem("payment_account_inactive", f"The merchant payment account {way.merchant_account_ident!r} is not active.")]
    if way.registered is None:
        message = f"The payment provider of the merchant payment account {way.merchant_account_ident!r} is not registered."
        return [Problem("payment_provider_unknown", message)]
    problems = _capability_problems(way, way.registered, type_, amount)
    if type_ == "CHARGE" and moves_money(way.registered.name):
        problems += charge_problems(way.account, way.registered.name, due, today)
    elif type_ != "CHARGE":
        problems += payable(way.account.state)
        if way.provider == "SEPA_FILE" and way.account.iban is None:
            message = f"The customer's payment account {way.account.ident!r} has no IBAN (iban)."
            problems.append(Problem("account_without_iban", message))
    return problems


def charge_problems(account: PayingAccount, provider: str, due: dt.date, today: dt.date) -> list[Problem]:
    """Why nothing is collected from it by the provider; nothing: it is."""
    token_of = None if provider == "SEPA_FILE" else provider
    by_mandate = provider == "SIMULATED" and account.payment_method in (None, "DIRECT_DEBIT")
    return collectable(account.state, due, today, token_of=token_of, or_mandate=by_mandate)


def _capability_problems(way: Way, registered: Provider, type_: IntentType, amount: Decimal) -> list[Problem]:
    provider, able, problems = registered.name, capabilities_of(registered.name), []
    offered = {"CHARGE": bool(able.methods), "REFUND": able.refunds, "PAYOUT": able.payouts}
    if not offered[type_] or not moves_money(provider):
        problems.append(Problem("provider_not_able", f"{provider} {_WORDS[type_]} nothing from here."))
    if able.currencies and way.currency not in able.currencies:
        message = f"{provider} moves {', '.join(able.currencies)}, not {way.currency}."
        problems.append(Problem("provider_currency_differs", message))
    method = way.account.payment_method
    if type_ == "CHARGE" and method is not None and able.methods and method not in able.methods:
        message = f"{provider} collects by {', '.join(able.methods)}, the customer's account is of {method}."
        problems.append(Problem("payment_method_differs", message))
    if provider == "SEPA_FILE" and amount > MOST_BY_FILE:
        problems.append(Problem("amount_too_large", f"A SEPA transaction is of at most {MOST_BY_FILE} EUR."))
    return problems
