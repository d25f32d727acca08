"""Every payment account of a customer is a way to pay, whoever made it: the latest one is the default."""

from collections.abc import Iterable, Sequence

from contor.kernel.events import on
from contor.payments.customer_accounts import AccountsAdded, CustomerAccountView, account_views
from contor.payments.gateways import configured_gateways
from contor.payments.methods import tables
from contor.payments.methods.events import MethodsCreated
from contor.payments.methods.types import GATEWAYS, SHOWN, MethodGateway, MethodType
from contor.runtime.uow import Uow


@on(AccountsAdded)
def keep_methods(uow: Uow, fact: AccountsAdded) -> None:
    """What names no account is collected from the latest, as long as nobody says otherwise."""
    accounts = account_views(uow, fact.account_idents)
    known = configured_gateways(uow, {it.merchant_payment_gateway_ident for it in accounts.values()})
    waiting = _waiting(uow, accounts)
    for ident in sorted(waiting):
        uow.run("UPDATE payment_method SET account_ident = ident, last_modified_at = %s WHERE ident = %s", (uow.ctx.now(), ident))
        uow.audit("payment_method", ident, {"account_ident": ident})
    for ident, account in sorted(it for it in accounts.items() if it[0] not in waiting):
        gateway, kind = _means(account, known.get(account.merchant_payment_gateway_ident, set()))
        unset_default(uow, account.debtor_ident)
        row = {
            "ident": ident,
            "customer_ident": account.debtor_ident,
            "gateway": gateway,
            "type": kind,
            "account_ident": ident,
            "is_default": True,
            "enabled": True,
            "source": "API",
            "name": account.display_name,
            "created_at": account.created_at,
            "last_modified_at": account.created_at,
        }
        uow.insert(tables.payment_method, [row])
        uow.audit("payment_method", ident, {"created": {"gateway": gateway, "type": kind}})
    if made := tuple(sorted(accounts.keys() - waiting)):
        uow.emit(MethodsCreated(idents=made))


def _waiting(uow: Uow, idents: Iterable[str]) -> set[str]:
    """Those that were there before their accounts, until the customer agreed."""
    sql = "SELECT ident FROM payment_method WHERE ident = ANY (%s) AND account_ident IS NULL"
    return set(uow.column(str, sql, (sorted(idents),)))


def unset_default(uow: Uow, customer: str) -> Sequence[str]:
    """Which was the default until now, and is so no more."""
    uow.lock("payment_methods", [customer])
    sql = "UPDATE payment_method SET is_default = false, last_modified_at = %s WHERE customer_ident = %s AND is_default RETURNING ident"
    idents = uow.column(str, sql, (uow.ctx.now(), customer))
    for ident in idents:
        uow.audit("payment_method", ident, {"is_default": False})
    return idents


def _means(account: CustomerAccountView, providers: set[str]) -> tuple[MethodGateway, MethodType]:
    """By whom it is collected, and how: as it says, else by what is there."""
    kind: MethodType = SHOWN.get(account.payment_method or "", "SEPA_DEBIT" if account.iban else "CARD")
    named = [gateway for provider, gateway in GATEWAYS.items() if provider in providers]
    if "SEPA_DEBIT" in named and account.payment_method_reference is None:
        return "SEPA_DEBIT", kind
    usual: MethodGateway = "SEPA_DEBIT" if account.iban else "STRIPE"
    fitting = [gateway for gateway in named if gateway != "SEPA_DEBIT"] or named or [usual]
    return fitting[0], kind
