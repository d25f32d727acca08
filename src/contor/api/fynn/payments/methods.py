"""Ways to pay: made, shown, changed, removed, and taken over from Stripe."""

from dataclasses import dataclass, replace

from contor.api.fynn.ids import CUSTOMER
from contor.api.fynn.payments.answers import MethodMade, MethodShown, Migrated, Skipped
from contor.api.fynn.payments.setting_up import MadeMethod, go_on, made_method
from contor.api.fynn.payments.shown import GATEWAYS, TYPES, shown_methods
from contor.api.fynn.payments.types import CardSent, MethodChanged, MethodSent, MigrationSent, SepaSent, StripeMethod
from contor.api.fynn.refusals import feature_off
from contor.customers.keeping import customers_with_email
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import followed_by, operation
from contor.kernel.partial import cleared
from contor.payments import methods
from contor.payments.methods import Card, MethodBody, MethodView, PayPal, SepaData, SetupBody, TokenData
from contor.payments.providers import asks_customer
from contor.runtime.query import ListQuery, Page
from contor.runtime.uow import Uow

_GATEWAYS = {spoken: gateway for gateway, spoken in GATEWAYS.items()}
_TYPES = {spoken: kind for kind, spoken in TYPES.items()}
_ELSEWHERE = {"wallet": "Credits of a customer are cleared with what he owes, whatever else he pays by.", "fake_provider": ""}


@dataclass(frozen=True, slots=True)
class CreateMethod:
    body: MethodSent


@dataclass(frozen=True, slots=True)
class ListMethods:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneMethod:
    id: str


@dataclass(frozen=True, slots=True)
class UpdateMethod:
    id: str
    body: MethodChanged


@dataclass(frozen=True, slots=True)
class RemoveMethod:
    id: str
    new_default: str = ""


@dataclass(frozen=True, slots=True)
class Migrate:
    body: MigrationSent


@operation("fynn.payment_method_create", permission="payments.write")
@followed_by(go_on)
def create_method(uow: Uow, command: CreateMethod) -> MethodMade:
    """What is collected from gets an account, with a mandate where that is needed. Where the customer has to agree at the provider, that is
    asked for what he needs for it, once this is written."""
    body = command.body
    if body.gateway in _ELSEWHERE or body.type in _ELSEWHERE:
        raise feature_off(f"payment.{body.gateway if body.gateway in _ELSEWHERE else body.type}")
    if body.customer_id is None:
        message = "is required: the key belongs to no customer"
        raise Refused(Kind.INVALID, Problem("field_required", message, "customerId"))
    customer = CUSTOMER.find(uow, [body.customer_id]).get(body.customer_id, body.customer_id)
    try:
        wanted = _body(body, customer)
        if _agrees(body):
            account = body.stripe.customer_id if body.stripe is not None else None
            begun = SetupBody(method=wanted, customer_reference=account, return_url=body.redirect_url)
            made = methods.begin_method(uow, methods.BeginMethod(begun))
            return MethodMade(status="action_required", payment_method=shown_methods(uow, [made.ident])[made.ident])
        made = methods.create_method(uow, methods.CreateMethod(wanted))
    except Refused as refused:
        raise Refused(refused.kind, *[_spoken(one, body) for one in refused.problems]) from None
    return made_method(uow, MadeMethod(made.ident, None))


@operation("fynn.payment_method_list", permission="payments.read", reads=True)
def list_methods(uow: Uow, command: ListMethods) -> Page:
    """Without what was removed."""
    page = methods.list_methods(uow, methods.ListMethods(command.query))
    found = [one for one in page.items if isinstance(one, MethodView)]
    shown = shown_methods(uow, [one.ident for one in found])
    return replace(page, items=tuple([shown[one.ident] for one in found]))


@operation("fynn.payment_method_get", permission="payments.read", reads=True)
def get_method(uow: Uow, command: OneMethod) -> MethodShown:
    """One of them; the IBAN masked."""
    methods.require_method(uow, command.id)
    return shown_methods(uow, [command.id])[command.id]


@operation("fynn.payment_method_update", permission="payments.write")
def update_method(uow: Uow, command: UpdateMethod) -> MethodShown:
    """Call it otherwise, let it rest, or make it the default."""
    body = command.body
    name = "" if "name" in cleared(body) else body.name
    change = methods.MethodChange(name=name, enabled=body.enabled, is_default=body.is_default)
    methods.update_method(uow, methods.UpdateMethod(command.id, change))
    return shown_methods(uow, [command.id])[command.id]


@operation("fynn.payment_method_delete", permission="payments.write")
def remove_method(uow: Uow, command: RemoveMethod) -> None:
    """The default goes with a new one alone; subscriptions on what goes are paid by the default."""
    methods.remove_method(uow, methods.RemoveMethod(command.id, methods.RemovalBody(new_default=command.new_default or None)))


@operation("fynn.payment_method_migrate", permission="payments.write")
def migrate_methods(uow: Uow, command: Migrate) -> Migrated:
    """Cards that customers have at Stripe, each by the customer's e-mail. What is here already, is no card any more, or is nobody's is
    skipped, and said."""
    sent = command.body.payment_methods
    found = customers_with_email(uow, {one.email for one in sent})
    known = methods.known_tokens(uow, [one.stripe_payment_method_id for one in sent])
    made, skipped = list[str](), list[Skipped]()
    for one in sent:
        customers = found.get(one.email.lower(), [])
        why = (
            "already_exists"
            if one.stripe_payment_method_id in known
            else "expired"
            if _is_expired(uow, one)
            else None
            if len(customers) == 1
            else "customer_not_found_in_app"
        )
        if why is not None:
            skipped.append(Skipped(stripe_payment_method_id=one.stripe_payment_method_id, reason=why))  # type: ignore[arg-type]  # one of three
            continue
        known.add(one.stripe_payment_method_id)
        token = _token(one.stripe_customer_id, one.stripe_payment_method_id)
        body = MethodBody(customer_ident=customers[0], gateway="STRIPE", type="CARD", token=token, card=_card(one.card))
        made.append(methods.create_method(uow, methods.CreateMethod(body)).ident)
    shown = shown_methods(uow, made)
    return Migrated(migrated=tuple([shown[ident] for ident in made]), skipped=tuple(skipped))


# helpers in calling order


def _body(body: MethodSent, customer: str) -> MethodBody:
    gateway = _GATEWAYS[body.gateway]
    sepa, token, paypal = body.sepa_debit, None, None
    problems = [
        Problem("field_unused", f"belongs to {name}", field)
        for field, name, sent in (
            ("stripe", "stripe", body.stripe),
            ("goCardless", "go_cardless", body.go_cardless),
            ("paypal", "paypal", body.paypal),
            ("testing", "testing", body.testing),
        )
        if sent is not None and body.gateway != name
    ]
    if problems:
        raise Refused(Kind.INVALID, *problems)
    if body.redirect_url is not None and not _agrees(body):
        message = "is for who agrees at stripe or go_cardless, or by a token of testing with the word action"
        raise Refused(Kind.INVALID, Problem("field_unused", message, "redirectUrl"))
    if body.stripe is not None and body.stripe.payment_method_id is not None:
        token = _token(body.stripe.customer_id, body.stripe.payment_method_id)
    if body.go_cardless is not None:
        token = _token(body.go_cardless.customer_id, body.go_cardless.mandate_id)
    if body.paypal is not None:
        token = TokenData(method=body.paypal.billing_agreement_id)
        paypal = PayPal(email=body.paypal.email, billing_agreement_id=body.paypal.billing_agreement_id)
    if gateway == "TESTING":
        token = TokenData(method=body.testing.token if body.testing is not None else "ok")
    return MethodBody(
        customer_ident=customer,
        gateway=gateway,
        type=_TYPES[body.type],
        is_default=body.is_default,
        once=not body.future_usage_allowed,
        name=body.name,
        sepa=None
        if sepa is None
        else SepaData(
            iban=sepa.iban,
            bic=sepa.bic,
            holder=_holder(sepa),
            mandate_reference=sepa.mandate_reference,
            signed_on=sepa.signing_date,
        ),
        token=token,
        card=_card(body.card),
        paypal=paypal,
    )


def _agrees(body: MethodSent) -> bool:
    """Whether the customer agrees at the provider before anything is collected from him."""
    if body.gateway == "testing":
        return body.testing is not None and asks_customer(body.testing.token)
    return body.gateway == "stripe" or (body.gateway == "go_cardless" and body.go_cardless is None)


def _token(customer: str | None, method: str) -> TokenData:
    return TokenData(customer=customer, method=method)


def _holder(sent: SepaSent) -> str | None:
    return sent.account_holder


def _card(sent: CardSent | None) -> Card | None:
    if sent is None:
        return None
    return Card(brand=sent.brand, last4=sent.last4, exp_month=sent.exp_month, exp_year=sent.exp_year, holder=sent.card_holder)


_FIELDS = {"customerIdent": "customerId", "debtorIdent": "customerId", "sepa": "sepaDebit", "once": "futureUsageAllowed"}
_TOKENS = {"stripe": "stripe.paymentMethodId", "go_cardless": "goCardless.mandateId", "paypal": "paypal.billingAgreementId"}


def _spoken(problem: Problem, body: MethodSent) -> Problem:
    """As a caller of this dialect calls the field."""
    field = problem.field or ""
    if field == "token":
        field = _TOKENS.get(body.gateway, "gateway")
    elif field == "iban" or field.startswith("mandate"):
        field = {"iban": "sepaDebit.iban", "mandate.reference": "sepaDebit.mandateReference"}.get(field, "sepaDebit.signingDate")
    return Problem(problem.code, problem.message, _FIELDS.get(field, field) or None, problem.rejected_value)


def _is_expired(uow: Uow, one: StripeMethod) -> bool:
    last = methods.last_day(_card(one.card))
    return last is not None and last < uow.ctx.today()
