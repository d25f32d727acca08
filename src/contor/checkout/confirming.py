"""Somebody orders what is in a cart: customer, contract, first document and payment come of it in one transaction, once, however often and
in however many windows he presses the button. What is interrupted has not been."""

from collections.abc import Sequence
from typing import Final, Literal

from contor.billing.items import progress_of
from contor.billing.outlook import (
    ContractPreview,
    PreviewBody,
    PreviewContract,
    PreviewedDocument,
    document_view,
    preview_contract,
    require_billable,
)
from contor.catalogue.queries import plans_by_id
from contor.catalogue.types import BillingConfig, Duration
from contor.checkout.buyers import Heard, address_findings, ask_who_orders, buyer_of, new_customer, purpose_of
from contor.checkout.carts import write_cart
from contor.checkout.events import CartsCompleted, CartsPaid
from contor.checkout.paying import Agreed, agree, ask_prepared, prepared_findings, setup_prepared
from contor.checkout.placing import Buyer, Terms, billed_at_once, billed_now, place
from contor.checkout.queries import CartRow, cart_named, open_cart
from contor.checkout.types import CartContent, CartStatus, Consent, OrderBody
from contor.contracts.queries import contracts_by_id
from contor.contracts.terms import ContractPayment
from contor.customers.billed import provisional
from contor.customers.one_time import customer_reached
from contor.documents.judge import IssuedDocument
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import replace, shape
from contor.notifications.mail.passwords import mail_password
from contor.openitems.collection import collect_at_order
from contor.payments.setups import give_up_setups_of_cart
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow

Action = Literal["REDIRECT", "CONFIRMATION_MESSAGE", "NONE"]
AHEAD: Final = 2
"""Documents that follow the first one, and are shown with it: the first may bill a part of an interval, the second bills a whole one."""


@shape
class ConfirmCart:
    cart_ident: str
    body: OrderBody


@shape
class Confirmed:
    """What who has ordered sees. CONFIRMING: a one-time password was mailed to him, with which he goes on."""

    status: CartStatus
    action: Action
    redirect_url: str | None = None
    confirmation_message: str | None = None
    contract_ident: str | None = None
    order_ident: str | None = None
    document_id: int | None = None


@shape
class CartCosts:
    """What an order comes to, of which nothing stays: at once, and then."""

    costs: ContractPreview
    interval: Duration | None
    term: Duration | None
    """For how long the contract runs at least; None: without a term."""
    notice_period: Duration | None
    coupon: str | None = None
    """The one that is redeemed."""
    lost_coupon: str | None = None
    """The one that the link brings and that holds no more."""


@shape
class PreviewCart:
    cart_ident: str
    body: OrderBody = OrderBody()


def _ask(runtime: Runtime, command: ConfirmCart, caller: Caller) -> Heard | None:
    """A register about the VAT id that is said, and a payment provider about the card that was given to it, before the transaction; of what
    was ordered already nobody is asked."""
    ask_prepared(runtime, caller, command.cart_ident, command.body.payment)
    said = command.body.address
    if said is None or said.vat_id is None:
        return None
    with runtime.transaction(caller, reads=True) as uow:
        cart = cart_named(uow, command.cart_ident)
        if cart.status_at(uow.ctx.now()) in ("COMPLETED", "EXPIRED"):
            return None
    return ask_who_orders(runtime, caller, said)


@operation("cart.confirm", permission="contracts.write", asks=_ask)
def confirm_cart(uow: Uow, command: ConfirmCart) -> Confirmed:
    """Order it, or hear everything why not. Who orders again what was ordered hears what came of it the first time."""
    known = cart_named(uow, command.cart_ident, lock=True)
    if known.status == "COMPLETED":
        return _answer(known, known.said())
    cart, body = open_cart(uow, command.cart_ident), command.body
    content = cart.said()
    if problems := _findings(uow, cart, content, body):
        raise Refused(Kind.INVALID, *problems)
    if cart.customer_ident is None:
        assert body.email is not None
        uow.lock("customer_email", [body.email.lower()])  # who orders twice at once is not two customers
        if (customer := customer_reached(uow, body.email)) is not None:
            mail_password(uow, customer, purpose_of(cart))
            write_cart(uow, cart, status="CONFIRMING", email=body.email)
            return Confirmed(status="CONFIRMING", action="NONE")
    buyer = buyer_of(uow, cart, body)
    uow.lock("billing", [buyer.customer_ident])
    agreed = agree(uow, cart.currency, buyer.customer_ident, body.payment, body.address_seen, cart.ident)
    give_up_setups_of_cart(uow, cart.ident)
    terms = _terms(content, body, agreed.payment)
    placed = place(uow, content, buyer, terms, cart.currency)
    documents = billed_at_once(uow, buyer.customer_ident, placed)
    kept = replace(
        content, coupon=placed.coupon, lost_coupon=placed.lost_coupon, consents=(*content.consents, *_consents(uow, body, agreed))
    )
    write_cart(
        uow,
        cart,
        status="COMPLETED",
        content=kept,
        email=body.email or cart.email,
        customer_ident=buyer.customer_ident,
        invoice_address_ident=buyer.invoice_address_ident,
        payment_account_ident=agreed.payment.customer_payment_account_ident,
        contract_ident=placed.contract_ident,
        order_ident=placed.order_ident,
        document_id=documents[0].id if documents else None,
        completed_at=uow.ctx.now(),
    )
    made = cart_named(uow, cart.ident)
    uow.emit(CartsCompleted(cart_idents=(cart.ident,)))
    # what is open of a document is known when its number is drawn, at the end
    if documents is not None:
        first = documents
        uow.finish(lambda: _collect(uow, made, first, agreed.payment))
    return _answer(made, content)


@operation("cart.preview", permission="contracts.write", undone=True)
def preview_cart(uow: Uow, command: PreviewCart) -> CartCosts:
    """What the order would come to: everything is done, shown, and undone. Raises INVALID where no bill can be written for it."""
    cart, body = open_cart(uow, command.cart_ident), command.body
    content = cart.said()
    if body.address is not None and (problems := address_findings(body.address, needs_company=content.options.force_company)):
        raise Refused(Kind.INVALID, *problems)
    if cart.customer_ident is not None:
        buyer = buyer_of(uow, cart, body)
    elif body.address is not None:
        buyer = new_customer(uow, replace(body, email=None))
    else:
        who = provisional(uow)
        buyer = Buyer(who.customer_ident, who.invoice_address_ident or "")
    uow.lock("billing", [buyer.customer_ident])
    placed = place(uow, content, buyer, _terms(content, body, ContractPayment()), cart.currency)
    if placed.contract_ident is None or placed.contract_id is None:
        documents = billed_now(uow, buyer.customer_ident, placed)
        uow.last_steps.clear()  # nobody sees the numbers: counters and journal are not locked for them
        if placed.contract_id is not None:
            require_billable(one.failed for one in progress_of(uow, placed.contract_id, "LINE_ITEM"))
        shown: tuple[PreviewedDocument, ...] = tuple(document_view(one.document, uow.ctx.now()) for one in documents)
        costs = ContractPreview(contract_ident="", now=shown, next=(), not_billed=())
        return CartCosts(costs=costs, interval=None, term=None, notice_period=None, lost_coupon=placed.lost_coupon)
    asked = PreviewContract(contract_ident=placed.contract_ident, body=PreviewBody(n=AHEAD))
    costs = preview_contract(uow, asked)
    require_billable(costs.not_billed)
    contract = contracts_by_id(uow, [placed.contract_id])[placed.contract_id]
    found = plans_by_id(uow, [contract.plan_id])[contract.plan_id]
    first = found.content.initial_phase
    phase = found.phase(first) if first is not None else found.content.phases[0]
    config: BillingConfig = phase.billing_config
    return CartCosts(
        costs=costs,
        interval=config.billing_interval,
        term=phase.term_duration,
        notice_period=phase.notice_period,
        coupon=placed.coupon,
        lost_coupon=placed.lost_coupon,
    )


# helpers in calling order


def _terms(content: CartContent, body: OrderBody, payment: ContractPayment) -> Terms:
    """Who names the cart's coupon himself wants it, and is refused without it."""
    return Terms(payment, body.coupon or content.coupon, body.coupon is None, body.language)


def _answer(cart: CartRow, content: CartContent) -> Confirmed:
    after = content.after
    return Confirmed(
        status=cart.status,
        action=after.action,
        redirect_url=after.url if after.action == "REDIRECT" else None,
        confirmation_message=after.confirmation_message if after.action == "CONFIRMATION_MESSAGE" else None,
        contract_ident=cart.contract_ident,
        order_ident=cart.order_ident,
        document_id=cart.document_id,
    )


def _findings(uow: Uow, cart: CartRow, content: CartContent, body: OrderBody) -> list[Problem]:
    """What is missing, all at once."""
    problems, said = [], body.address
    prepared = setup_prepared(uow, cart.ident, body.payment)
    if prepared is not None:
        problems += prepared_findings(prepared, cart.customer_ident)
    if cart.customer_ident is not None and cart.email is not None and (body.email or cart.email).lower() != cart.email.lower():
        message = "is not the one by which the customer has shown who he is"
        problems.append(Problem("email_of_another", message, "email", body.email))
    if cart.customer_ident is None:
        if body.email is None:
            problems.append(Problem("email_missing", "is required", "email"))
        if said is None:
            problems.append(Problem("address_missing", "is required", "address"))
        if body.invoice_address_ident is not None:
            message = "is one of a customer's, who shows first who he is"
            problems.append(Problem("customer_unknown_yet", message, "invoiceAddressIdent", body.invoice_address_ident))
        if prepared is None and body.payment is not None and body.payment.customer_payment_account_ident is not None:
            message = "is one of a customer's, who shows first who he is"
            problems.append(Problem("customer_unknown_yet", message, "payment.customerPaymentAccountIdent"))
    if said is not None:
        problems += address_findings(said, needs_company=content.options.force_company)
    if body.coupon not in (None, content.coupon) and not content.options.allow_coupons:
        problems.append(Problem("coupon_not_allowed", "is not redeemed here", "coupon", body.coupon))
    return problems


def _consents(uow: Uow, body: OrderBody, agreed: Agreed) -> tuple[Consent, ...]:
    if body.agreed_text is None:
        return agreed.consents
    said = Consent(kind="ORDER", text=body.agreed_text, given_at=uow.ctx.now(), address=body.address_seen)
    return (said, *agreed.consents)


def _collect(uow: Uow, cart: CartRow, documents: Sequence[IssuedDocument], payment: ContractPayment) -> None:
    """What is billed at once is collected as was agreed; where nothing is to be paid, it is paid."""
    if not documents or not any(one.document.totals.payable for one in documents):
        _paid(uow, cart)
        return
    if payment.payment_control != "CHARGE":
        return
    due_on = None if payment.payment_type == "SEPA_DIRECT_DEBIT" else uow.ctx.today()
    intents = [collect_at_order(uow, one.id, due_on) for one in documents]
    if intents[0] is not None:
        write_cart(uow, cart, intent_ident=intents[0])


def _paid(uow: Uow, cart: CartRow) -> None:
    write_cart(uow, cart, paid_at=uow.ctx.now())
    uow.emit(CartsPaid(cart_idents=(cart.ident,)))
