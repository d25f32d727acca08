"""What is ordered comes into being: the customer, the contract, what is billed once, and the first document; all of it or nothing."""

from collections.abc import Sequence
from typing import NamedTuple

from contor.billing.events import ItemsBilled
from contor.billing.items import progress_of
from contor.billing.runs import BillNext, bill_customers
from contor.catalogue.products import Agreed, composed_plan
from contor.catalogue.queries import plan_by_ident
from contor.catalogue.rules import in_language, price_at
from contor.catalogue.types import Duration, OptionContent, TrialTerms
from contor.checkout.coupons import made_with
from contor.checkout.types import CartContent, OrderAddress
from contor.contracts.sold import (
    FrozenItem,
    called_in,
    kept_price_lists,
    kept_prices,
    phase_quantities,
    price_quantities,
    price_trial,
    product_option,
)
from contor.contracts.terms import ContractPayment
from contor.contracts.types import ContractBody
from contor.customers.queries import home_at, stopped_billing
from contor.documents.events import DocumentsIssued
from contor.documents.judge import IssuedDocument
from contor.kernel.errors import Kind, Problem, Refused
from contor.orders.create import CreateOrder, DebtorOrderDetails, OrderBody, create_order
from contor.orders.lines import AddLines, add_line_items
from contor.orders.queries import number_of
from contor.orders.types import LineItemBody
from contor.orders.types import OrderPayment as PaymentOfOrder
from contor.runtime.uow import Uow


class Buyer(NamedTuple):
    """Who orders, and where the bill goes."""

    customer_ident: str
    invoice_address_ident: str


class Placed(NamedTuple):
    """What came of it."""

    contract_ident: str | None
    contract_id: int | None
    order_ident: str | None
    coupon: str | None = None
    """The one that was redeemed."""
    lost_coupon: str | None = None
    """The one that the link brought and that holds no more."""


class Terms(NamedTuple):
    """What is agreed beside the items."""

    payment: ContractPayment = ContractPayment()
    coupon: str | None = None
    is_from_link: bool = False
    """Whether the link brought the coupon: without it is ordered, too, where it holds no more."""
    language: str | None = None


def place(uow: Uow, content: CartContent, buyer: Buyer, terms: Terms, currency: str) -> Placed:
    """The contract and the order, not billed yet. Raises whatever they refuse."""
    plan = next((one for one in content.items if one.type == "PLAN"), None)
    prices = [one for one in content.items if one.type == "PRICE"]
    products = [one for one in content.items if one.type == "PRODUCT"]
    found = home_at(uow, buyer.customer_ident, buyer.invoice_address_ident)
    language = terms.language or (found.language if found is not None else None)
    called = products if language is None else called_in(uow, products, language)
    lines = [_line(uow, one, found.country if found is not None else None, language) for one in called]
    if plan is None and not prices:
        return _order(uow, buyer, terms, lines, currency)
    made = _contract(uow, content, plan, buyer, terms) if plan is not None else _composed(uow, content, prices, buyer, terms)
    if lines:
        add_line_items(uow, AddLines(holder="CONTRACT", ident=made.contract_ident or "", body=tuple(lines)))
    return made


def billed_now(uow: Uow, customer: str, placed: Placed) -> list[IssuedDocument]:
    """Bill what the customer has due; the documents of what was placed. The caller has locked the customer."""
    before = len(uow.events)
    bill_customers(uow, [customer], BillNext(cutoff=uow.ctx.now(), is_asked_for=True))
    facts = uow.events[before:]
    number = placed.contract_id
    own = {
        document
        for fact in facts
        if isinstance(fact, ItemsBilled)
        for document, items in fact.papers
        if any(item.contract_id == number for item in items)
    }
    return [one for fact in facts if isinstance(fact, DocumentsIssued) for one in fact.documents if one.id in own]


def billed_at_once(uow: Uow, customer: str, placed: Placed) -> list[IssuedDocument] | None:
    """The same. None: the first document comes later, for it is a trial, the customer's billing is stopped (then it waits, as it does in
    runs), or what was placed could not be billed yet."""
    if stopped_billing(uow, [customer]):
        return None
    documents, number = billed_now(uow, customer, placed), placed.contract_id
    if documents or number is None:
        return documents
    is_waiting = placed.contract_ident is not None or any(it.failed for it in progress_of(uow, number, "LINE_ITEM"))
    return None if is_waiting else documents


def invoice_address(said: OrderAddress, ident: str) -> dict[str, object]:
    """As the customer's new address."""
    fields = ("company", "first_name", "last_name", "address_addition", "street", "street_no", "zip", "city", "country", "vat_id")
    given = {name: getattr(said, name) for name in fields if getattr(said, name) is not None}
    return {"address_ident": ident, "address_type": "INVOICE", **given}


# helpers in calling order


def _line(uow: Uow, item: FrozenItem, country: str | None, language: str | None) -> LineItemBody:
    """What is billed once, at the price that it had when the cart was made, in the language of who buys it."""
    option: OptionContent = product_option(uow, item)
    option = option if language is None else in_language(option, language)
    price = price_at(item.prices[0].prices, country, None, None)
    if price is None or price.price is None:
        message = f"{item.name} has no price in {country}."
        raise Refused(Kind.INVALID, Problem("product_without_price", message, "address.country", country))
    amount = price.price
    return LineItemBody(
        ident=f"cart-{uow.new_uuid()}",
        name=item.name,
        description=(option.product_description or "")[:255] or None,
        article_number=option.article_number,
        category=option.category,
        quantity=item.quantity,
        quantity_type=option.quantity_type,
        tax_calculation_basis=price.net_gross_indicator,
        unit_price_net=amount if price.net_gross_indicator == "NET" else None,
        unit_price_gross=amount if price.net_gross_indicator == "GROSS" else None,
        tax_code=price.tax_code,
        tax_scheme=price.tax_scheme,
        delivery_date=uow.ctx.today(),
    )


def _contract(uow: Uow, content: CartContent, item: FrozenItem, buyer: Buyer, terms: Terms) -> Placed:
    plan = plan_by_ident(uow, item.of)
    if plan is None:
        message, where = f"{item.name} is not sold any more: begin with a new cart.", f"items[{int(item.ident) - 1}]"
        raise Refused(Kind.CONFLICT, Problem("offered_not_sold", message, where, item.of))
    days = content.options.trial_days
    body = ContractBody(
        contract_ident=str(uow.new_uuid()),
        plan_ident=item.of,
        debtor_ident=buyer.customer_ident,
        invoice_address_ident=buyer.invoice_address_ident,
        option_quantities=phase_quantities(uow, plan, item.quantity),
        start_date=uow.ctx.today(),
        trial=TrialTerms(duration=Duration(value=days, unit="DAY")) if days else None,
        no_trial=days == 0,
        plan_modifiers=kept_prices(uow, plan, item.prices, item.mark),
        payment_information=terms.payment,
        coupons=(terms.coupon,) if terms.coupon is not None else (),
        language=terms.language,
    )
    return _placed(uow, body, terms)


def _composed(uow: Uow, content: CartContent, items: Sequence[FrozenItem], buyer: Buyer, terms: Terms) -> Placed:
    """On a plan of its own, which is made of the prices."""
    modifiers, days = kept_price_lists(uow, items, "items"), content.options.trial_days
    if days is None:
        days = price_trial(uow, items)
    plan = composed_plan(uow, items[0].name, [one.of for one in items], Agreed(), buyer.customer_ident)
    body = ContractBody(
        contract_ident=str(uow.new_uuid()),
        plan_ident=plan.plan_ident,
        debtor_ident=buyer.customer_ident,
        invoice_address_ident=buyer.invoice_address_ident,
        option_quantities=price_quantities(uow, items),
        start_date=uow.ctx.today(),
        trial=TrialTerms(duration=Duration(value=days, unit="DAY")) if days else None,
        no_trial=not days,
        plan_modifiers=modifiers,
        payment_information=terms.payment,
        coupons=(terms.coupon,) if terms.coupon is not None else (),
        language=terms.language,
    )
    return _placed(uow, body, terms)


def _placed(uow: Uow, body: ContractBody, terms: Terms) -> Placed:
    made = made_with(uow, body, from_link=terms.is_from_link)
    redeemed = made.coupons[0].code if made.coupons else None
    return Placed(made.contract_ident, made.contract_id, None, redeemed, terms.coupon if redeemed is None else None)


def _order(uow: Uow, buyer: Buyer, terms: Terms, lines: Sequence[LineItemBody], currency: str) -> Placed:
    if terms.coupon is not None and not terms.is_from_link:
        raise Refused(
            Kind.INVALID, Problem("coupon_of_products", "reduces plans, and there is none in the cart", "coupon", terms.coupon)
        )
    ident, payment = str(uow.new_uuid()), terms.payment
    body = OrderBody(
        order_ident=ident,
        debtor_order_details=DebtorOrderDetails(
            debtor_ident=buyer.customer_ident, invoice_address_ident=buyer.invoice_address_ident
        ),
        currency=currency,
        language=terms.language,
        line_items=tuple(lines),
        payment_information=PaymentOfOrder(
            payment_control=payment.payment_control,
            payment_type=payment.payment_type,
            customer_payment_account_ident=payment.customer_payment_account_ident,
        ),
    )
    create_order(uow, CreateOrder(body=body))
    return Placed(None, number_of(uow, "ORDER", ident), ident, lost_coupon=terms.coupon)
