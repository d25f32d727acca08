"""A way to pay to which the customer agrees at the provider: kept from the beginning, and collected by only once he has."""

from dataclasses import dataclass

import msgspec

from contor.customers.queries import currency_of
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, replace
from contor.payments.customer_accounts import CreateAccount, account_views, change_health, create_account
from contor.payments.gateways import collector_by_provider
from contor.payments.methods import tables
from contor.payments.methods.change import account_body, body_problems, make_default, put_method
from contor.payments.methods.events import MethodsCreated, MethodsUpdated
from contor.payments.methods.stored import MethodRow, methods_of_customers, one_view, require_method
from contor.payments.methods.types import PROVIDERS, Card, MethodBody, MethodView, SetupBody, TokenData, last_day
from contor.payments.setups import NewSetup, Setup, SetupEnded, begin_setup, known_at_provider, setups_of, shown_key
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class BeginMethod:
    body: SetupBody


@operation("payment_method.begin", permission="payments.write")
def begin_method(uow: Uow, command: BeginMethod) -> MethodView:
    """Say how a customer is to pay once he has agreed at the provider, who is asked after this is written (`ask_setup`). Until then
    nothing is collected by it, and it is the default of nothing."""
    body = command.body.method
    problems = body_problems(uow, body, to_come=True)
    collector = collector_by_provider(uow, PROVIDERS[body.gateway]) if body.gateway in PROVIDERS else None
    if body.gateway not in ("STRIPE", "GO_CARDLESS", "TESTING"):
        problems.append(Problem("payment_method_not_agreed_to", "has no provider where customers agree", "gateway", body.gateway))
    elif collector is not None:
        problems += browser_problems(uow, body.gateway, collector.provider_id, "gateway")
    if problems:
        raise Refused(Kind.INVALID, *problems)
    assert collector is not None
    ident, now = body.ident or str(uow.new_uuid()), uow.ctx.now()
    row: Fields = {
        "ident": ident,
        "customer_ident": body.customer_ident,
        "gateway": body.gateway,
        "type": body.type,
        "is_default": False,
        "enabled": True,
        "source": body.source,
        "name": body.name,
        "card": msgspec.to_builtins(body.card) if body.card else None,
        "paypal": msgspec.to_builtins(body.paypal) if body.paypal else None,
        "expires_on": last_day(body.card),
        "created_at": now,
        "last_modified_at": now,
    }
    if not uow.insert_once(tables.payment_method, row):
        message = f"A payment method {ident!r} exists already."
        raise Refused(Kind.CONFLICT, Problem("payment_method_exists", message, "ident", ident))
    uow.audit("payment_method", ident, {"created": {"gateway": body.gateway, "type": body.type}})
    token = body.token
    begin_setup(
        uow,
        NewSetup(
            ident=ident,
            provider=PROVIDERS[body.gateway],
            provider_id=collector.provider_id,
            gateway_ident=collector.gateway_ident,
            currency=currency_of(uow, body.customer_ident) or "EUR",
            customer_ident=body.customer_ident,
            is_default=body.is_default,
            customer_reference=command.body.customer_reference or _known(uow, body.customer_ident, body, collector.provider_id),
            method_given=token.method if token is not None else None,
            return_url=command.body.return_url,
        ),
    )
    uow.emit(MethodsCreated(idents=(ident,)))
    return one_view(uow, ident)


def browser_problems(uow: Uow, gateway: str, provider_id: int, field: str) -> list[Problem]:
    """Stripe takes cards from browsers that know its publishable key."""
    if gateway != "STRIPE" or shown_key(uow, provider_id)[0] is not None:
        return []
    message = f"takes no cards yet: the payment provider {provider_id} (STRIPE) has no credential publishableKey"
    return [Problem("publishable_key_missing", message, field)]


def _known(uow: Uow, customer: str, body: MethodBody, provider_id: int) -> str | None:
    """What the provider calls the customer already, by an earlier set-up or by another method of the same gateway."""
    if (known := known_at_provider(uow, customer, provider_id)) is not None or body.gateway == "TESTING":
        return known
    others = [one.ident for one in methods_of_customers(uow, [customer]).get(customer, ()) if one.gateway == body.gateway]
    accounts = account_views(uow, others)
    named = [accounts[ident].payment_provider_reference for ident in others if ident in accounts]
    return next((it for it in named if it is not None), None)


@on(SetupEnded)
def end_setup_of_method(uow: Uow, fact: SetupEnded) -> None:
    """The customer agreed: from now on it is collected by. Or nothing comes of it, and it says why. One that was removed meanwhile stays
    so."""
    (setup,) = setups_of(uow, [fact.ident]).values()
    sql = "SELECT ident FROM payment_method WHERE ident = %s AND removed_at IS NULL"
    if uow.scalar(str, sql, (fact.ident,)) is None:
        return
    row = require_method(uow, fact.ident, lock=True)
    if fact.done:
        _agreed(uow, row, setup)
    else:
        uow.audit("payment_method", row.ident, {"status": "REVOKED", "reason": setup.reason})
    uow.emit(MethodsUpdated(idents=(row.ident,)))


def _agreed(uow: Uow, row: MethodRow, setup: Setup) -> None:
    card = msgspec.convert(dict(row.card), Card) if row.card else None
    keep_agreed(
        uow, setup, MethodBody(customer_ident=row.customer_ident, gateway=row.gateway, type=row.type, name=row.name, card=card)
    )
    if not row.enabled:
        change_health(uow, row.ident, "UNHEALTHY", "the payment method is switched off")
    if setup.is_default and row.enabled:
        make_default(uow, require_method(uow, row.ident))


def keep_agreed(uow: Uow, setup: Setup, body: MethodBody) -> None:
    """The payment account by which is collected what the customer agreed to; what is shown of a card is what the provider says of it."""
    assert setup.method_reference is not None
    card = msgspec.convert(dict(setup.card), Card) if setup.card else body.card
    said = replace(body, token=TokenData(customer=setup.customer_reference, method=setup.method_reference), card=card)
    account = replace(account_body(uow, said, setup.ident), merchant_payment_gateway_ident=setup.gateway_ident)
    create_account(uow, CreateAccount(account))
    put_method(uow, setup.ident, {"card": msgspec.to_builtins(card) if card else None, "expires_on": last_day(card)})
