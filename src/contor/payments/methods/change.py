"""A way to pay comes, changes and goes."""

from dataclasses import dataclass, field

import msgspec

from contor.customers.queries import known_customers
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.payments.customer_accounts import (
    CreateAccount,
    CustomerAccountBody,
    Mandate,
    change_health,
    create_account,
    revoke_mandate,
)
from contor.payments.gateways import gateway_by_provider
from contor.payments.methods import tables
from contor.payments.methods.events import MethodRemoved, MethodsCreated, MethodsUpdated
from contor.payments.methods.keep import unset_default
from contor.payments.methods.stored import MethodRow, methods_of_customers, one_view, pending_setups, require_method
from contor.payments.methods.types import (
    COLLECTED,
    PAYMENT_TYPES,
    PROVIDERS,
    TYPES_OF,
    MethodBody,
    MethodChange,
    MethodSource,
    MethodView,
    RemovalBody,
    TokenData,
    last_day,
)
from contor.payments.setups import give_up_setup, wish_default
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class CreateMethod:
    body: MethodBody


@dataclass(frozen=True, slots=True)
class UpdateMethod:
    payment_method_ident: str
    body: MethodChange


@dataclass(frozen=True, slots=True)
class RemoveMethod:
    payment_method_ident: str
    body: RemovalBody = field(default_factory=RemovalBody)


@operation("payment_method.create", permission="payments.write")
def create_method(uow: Uow, command: CreateMethod) -> MethodView:
    """Say how a customer is to pay. What is collected from is a payment account, with a mandate where that is needed."""
    body = command.body
    if problems := body_problems(uow, body):
        raise Refused(Kind.INVALID, *problems)
    ident, now = body.ident or str(uow.new_uuid()), uow.ctx.now()
    before = [one.ident for one in methods_of_customers(uow, [body.customer_ident]).get(body.customer_ident, []) if one.is_default]
    said: Fields = {
        "source": body.source,
        "name": body.name,
        "card": msgspec.to_builtins(body.card) if body.card else None,
        "paypal": msgspec.to_builtins(body.paypal) if body.paypal else None,
        "expires_on": last_day(body.card),
    }
    if body.gateway in PROVIDERS:
        create_account(uow, CreateAccount(account_body(uow, body, ident)))  # which is a method, and the default, by itself
        put_method(uow, ident, said)
        if not body.is_default:
            put_method(uow, ident, {"is_default": False})
            for one in before:
                put_method(uow, one, {"is_default": True})
    else:
        if body.is_default:
            unset_default(uow, body.customer_ident)
        row = {
            "ident": ident,
            "customer_ident": body.customer_ident,
            "gateway": body.gateway,
            "type": body.type,
            "is_default": body.is_default,
            "enabled": True,
            "created_at": now,
            "last_modified_at": now,
        }
        if not uow.insert_once(tables.payment_method, {**row, **said}):
            message = f"A payment method {ident!r} exists already."
            raise Refused(Kind.CONFLICT, Problem("payment_method_exists", message, "ident", ident))
        uow.audit("payment_method", ident, {"created": {"gateway": body.gateway, "type": body.type}})
        uow.emit(MethodsCreated(idents=(ident,)))
    return one_view(uow, ident)


@operation("payment_method.update", permission="payments.write")
def update_method(uow: Uow, command: UpdateMethod) -> MethodView:
    """Call it otherwise, let it rest, or make it the default."""
    ident, body = command.payment_method_ident, command.body
    row = require_method(uow, ident, lock=True)
    enabled = row.enabled if body.enabled is None else body.enabled
    if body.is_default and not enabled:
        message = "A payment method that is not enabled is not the default."
        raise Refused(Kind.ILLEGAL_STATE, Problem("payment_method_disabled", message))
    if body.name is not None:
        put_method(uow, ident, {"name": body.name or None})
    if enabled != row.enabled:
        put_method(uow, ident, {"enabled": enabled})
        if row.account_ident is not None:
            health = ("UNKNOWN", None) if enabled else ("UNHEALTHY", "the payment method is switched off")
            change_health(uow, row.account_ident, *health)
    if body.is_default:
        make_default(uow, row)
    uow.emit(MethodsUpdated(idents=(ident,)))
    return one_view(uow, ident)


def make_default(uow: Uow, row: MethodRow) -> None:
    """What names no method is paid by this one from now on; from when the customer has agreed to it, where he did not yet. Raises
    ILLEGAL_STATE where nothing comes of it."""
    status, reason = pending_setups(uow, [row]).get(row.ident, ("ACTIVE", None))
    if status == "REVOKED":
        raise Refused(Kind.ILLEGAL_STATE, Problem("payment_method_not_set_up", f"Nothing is paid by it: {reason}"))
    if status == "ACTION_REQUIRED":
        wish_default(uow, row.ident)
    elif not row.is_default:
        unset_default(uow, row.customer_ident)
        put_method(uow, row.ident, {"is_default": True})


def came_by(uow: Uow, ident: str, source: MethodSource) -> None:
    """Where the customer gave it, if that was not the API."""
    put_method(uow, ident, {"source": source})


@dataclass(frozen=True, slots=True)
class DefaultMethod:
    customer_ident: str
    payment_method_ident: str


@operation("payment_method.make_default", permission="payments.write")
def set_default_method(uow: Uow, command: DefaultMethod) -> MethodView:
    """What names no method is paid by this one of the customer from now on. Raises NOT_FOUND for one of another customer."""
    row = require_method(uow, command.payment_method_ident, lock=True)
    if row.customer_ident != command.customer_ident:
        message = "is no payment method of this customer"
        raise Refused(Kind.INVALID, Problem("payment_method_unknown", message, "paymentMethodId", command.payment_method_ident))
    return update_method(uow, UpdateMethod(row.ident, MethodChange(is_default=True)))


@operation("payment_method.remove", permission="payments.write")
def remove_method(uow: Uow, command: RemoveMethod) -> None:
    """The customer pays by it no more: its mandate is revoked, and nothing is collected by it. What names it is paid by the default."""
    row, wanted = require_method(uow, command.payment_method_ident, lock=True), command.body.new_default
    others = [one for one in methods_of_customers(uow, [row.customer_ident])[row.customer_ident] if one.ident != row.ident]
    pending = pending_setups(uow, others)
    others = [one for one in others if one.ident not in pending]
    instead = next((one for one in others if one.ident == wanted), None)
    if wanted is not None and instead is None:
        message = "is no other payment method of the customer"
        if wanted in pending:
            message = f"is not there yet: {pending[wanted][1]}"
        raise Refused(Kind.INVALID, Problem("payment_method_unknown", message, "newDefault", wanted))
    if row.is_default and others and instead is None:
        message = f"The default is not removed without a new one: {', '.join(one.ident for one in others[:5])}."
        raise Refused(Kind.ILLEGAL_STATE, Problem("new_default_missing", message))
    put_method(uow, row.ident, {"removed_at": uow.ctx.now(), "is_default": False})
    give_up_setup(uow, row.ident)
    if row.account_ident is not None:
        revoke_mandate(uow, row.account_ident, "the payment method was removed")
        change_health(uow, row.account_ident, "UNHEALTHY", "the payment method was removed")
    if instead is not None:
        make_default(uow, instead)
        uow.emit(MethodsUpdated(idents=(instead.ident,)))
    heir = instead or next((one for one in others if one.is_default), None) or next(iter(others), None)
    collected = heir is not None and heir.account_ident is not None
    uow.emit(
        MethodRemoved(
            ident=row.ident,
            customer_ident=row.customer_ident,
            instead=heir.account_ident if heir is not None else None,
            collected=collected,
            payment_type=PAYMENT_TYPES[COLLECTED[heir.type]] if heir is not None and heir.type in COLLECTED else "BANK_TRANSFER",
        )
    )


def put_method(uow: Uow, ident: str, said: Fields) -> None:
    """These columns of it, which the trail says."""
    row = {**said, "last_modified_at": uow.ctx.now()}
    names = ", ".join(f"{name} = %s{'::jsonb' if name in ('card', 'paypal') else ''}" for name in row)
    values = [msgspec.json.encode(value).decode() if isinstance(value, dict) else value for value in row.values()]
    uow.run(f"UPDATE payment_method SET {names} WHERE ident = %s", (*values, ident))
    uow.audit("payment_method", ident, said)


def account_body(uow: Uow, body: MethodBody, ident: str) -> CustomerAccountBody:
    """The payment account that is the method."""
    sepa, token = body.sepa, body.token
    mandate = None
    if sepa is not None:
        mandate = Mandate(
            reference=sepa.mandate_reference,
            signed_on=sepa.signed_on or uow.ctx.today(),
            kind="ONE_OFF" if body.once else "RECURRENT",
        )
    return CustomerAccountBody(
        ident=ident,
        debtor_ident=body.customer_ident,
        merchant_payment_gateway_ident=gateway_by_provider(uow, PROVIDERS[body.gateway]) or "",
        account_holder_name=_holder(body),
        display_name=body.name,
        account_creation_date=uow.ctx.today(),
        payment_method=COLLECTED[body.type],
        payment_card_type=body.card.brand if body.card is not None else None,
        payment_provider_reference=_customer(token),
        payment_method_reference=token.method if token is not None else None,
        iban=sepa.iban if sepa is not None else None,
        bic=sepa.bic if sepa is not None else None,
        mandate=mandate,
    )


def _holder(body: MethodBody) -> str | None:
    """Whose account or card it is."""
    if body.sepa is not None:
        return body.sepa.holder
    return body.card.holder if body.card is not None else None


def _customer(token: TokenData | None) -> str | None:
    """What the provider calls the customer."""
    return token.customer if token is not None else None


def body_problems(uow: Uow, body: MethodBody, *, to_come: bool = False) -> list[Problem]:
    """All that is wrong. `to_come`: the customer says at the provider by what he pays."""
    problems = []
    if not known_customers(uow, [body.customer_ident]):
        problems.append(Problem("customer_unknown", "does not exist", "customerIdent", body.customer_ident))
    if body.type not in TYPES_OF[body.gateway]:
        message = f"is not collected by {body.gateway}, which collects: {', '.join(TYPES_OF[body.gateway])}"
        problems.append(Problem("payment_method_not_collected", message, "type", body.type))
    by_mandate = body.gateway == "SEPA_DEBIT"
    if by_mandate and body.sepa is None:
        problems.append(Problem("field_required", "is required of SEPA", "sepa"))
    if not by_mandate and body.sepa is not None:
        problems.append(Problem("field_unused", "belongs to SEPA_DEBIT", "sepa"))
    if not by_mandate and body.once:
        problems.append(Problem("field_unused", "Only a mandate of SEPA is for one collection.", "once"))
    has_token = body.gateway in PROVIDERS and not by_mandate
    if has_token and body.token is None and not to_come:
        problems.append(Problem("field_required", "is required: what the provider calls the means of payment", "token"))
    if not has_token and body.token is not None:
        problems.append(Problem("field_unused", "belongs to a payment provider", "token"))
    if body.card is not None and body.type != "CARD":
        problems.append(Problem("field_unused", "belongs to a card", "card"))
    if body.paypal is not None and body.type != "PAYPAL":
        problems.append(Problem("field_unused", "belongs to PayPal", "paypal"))
    if body.gateway in PROVIDERS and gateway_by_provider(uow, PROVIDERS[body.gateway]) is None:
        message = f"is not set up here: no gateway has an account that is kept with {PROVIDERS[body.gateway]}"
        problems.append(Problem("gateway_missing", message, "gateway", body.gateway))
    return problems
