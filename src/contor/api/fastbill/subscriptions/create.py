"""subscription.create and subscription.getupcomingamount: a contract on the plan of an article, and what it bills at once."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from contor.api.fastbill.customers.accounts import COLLECTED, account_ident
from contor.api.fastbill.customers.types import METHODS
from contor.api.fastbill.ids import unknown
from contor.api.fastbill.invoices.content import PAYMENT_TYPES
from contor.api.fastbill.reading import BERLIN
from contor.api.fastbill.refusals import Findings, refused, said_as
from contor.api.fastbill.subscriptions.get import hash_of
from contor.api.fastbill.subscriptions.next_event import NO_EVENT, FirstEvents, first_events, postponed
from contor.api.fastbill.subscriptions.reading import addon_named, customer_named, offered_as, require_currency
from contor.api.fastbill.subscriptions.standing import last_day
from contor.api.fastbill.subscriptions.taken import RECURS, Offered
from contor.api.fastbill.subscriptions.types import AddonData, FeatureData, SubscriptionData, UpcomingData
from contor.api.fastbill.writing import Fields, done, plain
from contor.billing.events import ItemsBilled
from contor.billing.runs import bill_at_once
from contor.catalogue.types import Phase, Price
from contor.contracts.calendar import period_at
from contor.contracts.change import TerminateContract, terminate_extraordinarily
from contor.contracts.create import CreateContract, create_contract
from contor.contracts.labels import ContractLabels, LabelContract, LabelFeature, label_contract
from contor.contracts.terms import ContractPayment, OptionPrices, OptionQuantity, PhaseQuantities, PlanModifier
from contor.contracts.types import ContractBody, ContractView, OwnName, Termination
from contor.customers.billed import Billed, billed
from contor.customers.customers import CreateCustomer, CustomerCreation, create_customer
from contor.documents.events import DocumentsIssued
from contor.documents.judge import IssuedDocument
from contor.documents.types import PaymentTerm
from contor.kernel.operations import operation
from contor.kernel.shapes import replace
from contor.payments.customer_accounts import paying_accounts
from contor.runtime.execute import validated
from contor.runtime.uow import Uow

CORE = {
    "plan_ident": "ARTICLE_NUMBER",
    "debtor_ident": "CUSTOMER_ID",
    "quantity": "QUANTITY",
    "price": "UNIT_PRICE",
    "name": "TITLE",
    "coupons": "COUPON",
    "coupon": "COUPON",
    "code": "COUPON",
    "start_date": "START",
    "termination_date": "EXPIRATION_DATE",
    "external_ident": "SUBSCRIPTION_EXT_UID",
    "option_ident": "ARTICLE_NUMBER",
    "billing_anchor": "NEXT_EVENT",
    "trial": "NEXT_EVENT",
    "to_date": "NEXT_EVENT",
}
"""Field of the core -> tag."""


@operation("fastbill.subscription_create", permission="contracts.write")
def create(uow: Uow, data: SubscriptionData) -> Fields:
    """A contract on the plan of the article, and its first invoice where it bills in advance and begins by now."""
    customer, events = _judged(uow, data)
    uow.lock("billing", [customer])
    made = begun(uow, customer, data, events=events)
    with said_as(CORE):
        documents = billed_now(uow, customer, made.contract_id)
        postponed(uow, made, events)
    return done(
        subscription_id=made.contract_id,
        hash=hash_of(uow, made.contract_id),
        invoice_id=documents[0].id if documents else None,
        paypal_url="",
    )


@operation("fastbill.subscription_getupcomingamount", permission="contracts.write", undone=True)
def get_upcoming_amount(uow: Uow, data: UpcomingData) -> Fields:
    """What a new subscription would be billed at once: made, billed, and undone."""
    if data.customer_id is not None:
        customer = customer_named(uow, data.customer_id)
    else:
        with said_as({"country": "COUNTRY_CODE"}):
            customer = _somebody(uow, data.country_code or "DE")
    uow.lock("billing", [customer])
    wanted = SubscriptionData(
        article_number=data.article_number,
        customer_id=1,
        coupon=data.coupon,
        quantity=data.quantity,
        addons=data.addons,
    )
    made = begun(uow, customer, wanted)
    documents = billed_now(uow, customer, made.contract_id)
    uow.last_steps.clear()  # nobody sees the numbers: counters and journal are not locked for them
    return {"total": plain(sum((one.document.totals.gross for one in documents), Decimal(0)))}


def begun(
    uow: Uow, customer: str, data: SubscriptionData, billed_from: dt.date | None = None, events: FirstEvents = NO_EVENT
) -> ContractView:
    """The contract, not billed yet. `billed_from`: it has run and was billed elsewhere before this day."""
    today, found = uow.ctx.today(), Findings()
    with found.kept():
        offered = offered_as(uow, data.article_number, today)
    who = billed(uow, [customer])[customer]
    with found.kept():
        address = _address(who, data)
    taken = _all_taken(uow, offered, data, found) if not found.problems else []
    found.refuse()
    start = _start(data, today)
    body = ContractBody(
        contract_ident=str(uow.new_uuid()),
        plan_ident=offered.plan.plan_ident,
        debtor_ident=customer,
        invoice_address_ident=address,
        option_quantities=tuple(_quantities(offered, phase, data, taken) for phase in offered.plan.content.phases),
        start_date=start,
        trial=events.trial,
        billing_start_date=billed_from,
        billing_anchor=events.anchor if billed_from is None else _anchor(offered, start, billed_from),
        plan_modifiers=modifiers(offered, taken, who.invoice_country),
        own_names=names(taken),
        payment_term=_term(who),
        payment_information=_payment(uow, who),
        coupons=(data.coupon,) if data.coupon is not None else (),
    )
    with said_as(CORE):
        made = create_contract(uow, CreateContract(body=body))
    with found.kept(CORE):
        if data.expiration_date is not None:
            ends = Termination(termination_date=last_day(data.expiration_date))
            terminate_extraordinarily(uow, TerminateContract(contract_ident=made.contract_ident, body=ends))
    with found.kept(CORE):
        if data.subscription_ext_uid or data.title or data.invoice_title or data.x_attributes or data.features:
            label_contract(uow, LabelContract(contract_ident=made.contract_ident, body=_labels(data)))
    found.refuse()
    return made


def billed_now(uow: Uow, customer: str, contract_id: int) -> list[IssuedDocument]:
    """Bill what the customer has due; the documents of the contract. The caller has locked the customer."""
    before = len(uow.events)
    bill_at_once(uow, customer)
    facts = uow.events[before:]
    own = {
        number
        for fact in facts
        if isinstance(fact, ItemsBilled)
        for number, items in fact.papers
        if any(item.contract_id == contract_id for item in items)
    }
    return [one for fact in facts if isinstance(fact, DocumentsIssued) for one in fact.documents if one.id in own]


def features_of(features: Sequence[FeatureData]) -> tuple[LabelFeature, ...]:
    return tuple(LabelFeature(code=one.code, quantity=one.quantity, value=one.value) for one in features)


# helpers in calling order


def _judged(uow: Uow, data: SubscriptionData) -> tuple[str, FirstEvents]:
    """The customer, and when he is billed next; raises whatever is wrong with what is named, all of it at once."""
    today, found, events = uow.ctx.today(), Findings(), NO_EVENT
    with found.kept():
        customer = customer_named(uow, data.customer_id)
        with found.kept():
            _address(billed(uow, [customer])[customer], data)
    with found.kept():
        offered = offered_as(uow, data.article_number, today)
        _all_taken(uow, offered, data, found)
        with found.kept(CORE):
            if data.next_event is not None:
                events = first_events(offered.plan.content, _start(data, today), today, data.next_event)
    found.refuse()
    return customer, events


def _address(who: Billed, data: SubscriptionData) -> str:
    """Where the bills go; raises the refusal of a customer who has gone, or has none."""
    if who.deleted:
        raise unknown("customer_id", data.customer_id)
    if who.invoice_address_ident is None:
        raise refused("The customer has no address: bills cannot be sent.", "address_missing")
    return who.invoice_address_ident


def _start(data: SubscriptionData, today: dt.date) -> dt.date:
    return data.start.astimezone(BERLIN).date() if data.start is not None else today


def _anchor(offered: Offered, start: dt.date, billed_from: dt.date) -> dt.date | None:
    """The day on which an interval begins, where that is not told by the first day: a trial or a postponement has moved them."""
    period = period_at(offered.plan.content, start, None, billed_from)
    return None if period is None or period.start == billed_from else billed_from


Taken = tuple[str, AddonData]
"""An option, and what is said of it."""


def _all_taken(uow: Uow, offered: Offered, data: SubscriptionData, found: Findings) -> list[Taken]:
    """The article itself, and the add-ons, with what is said of them; what is wrong with them is kept."""
    with found.kept():
        require_currency(offered, data.currency_code)
    taken: list[Taken] = []
    phase = offered.plan.content.phases[0]
    if (main := offered.main(phase)) is not None:
        said = AddonData(
            article_number=data.article_number,
            quantity=data.quantity,
            title=data.title,
            unit_price=data.unit_price,
            description=data.description,
        )
        taken.append((main, said))
    for addon in data.addons:
        with found.kept():
            taken.append((addon_named(uow, offered, phase, addon.article_number), addon))
    return taken


def _quantities(offered: Offered, phase: Phase, data: SubscriptionData, taken: Sequence[Taken]) -> PhaseQuantities:
    """What the plan wants of everyone, and what is taken."""
    said = {ident: addon.quantity if addon.quantity is not None else Decimal(1) for ident, addon in taken}
    main = offered.main(phase)
    wanted: dict[str, Decimal] = {}
    for link in offered.links(phase, "ONETIME", *RECURS):
        quantity = said.get(link.option_ident, Decimal(link.minimum))
        if link.option_ident == main and data.quantity is not None:
            quantity = data.quantity
        if quantity or link.option_ident in said:
            wanted[link.option_ident] = quantity
    return PhaseQuantities(
        phase_ident=phase.ident,
        option_quantity=tuple(OptionQuantity(option_ident=ident, quantity=quantity) for ident, quantity in wanted.items()),
    )


def own_prices(offered: Offered, taken: Sequence[Taken], country: str | None) -> tuple[OptionPrices, ...]:
    """Prices that are said beside the article's own, net or gross and taxed as those are."""
    found = []
    for ident, said in taken:
        if said.unit_price is None:
            continue
        usual = offered.price(ident, country)
        price = Price(price=said.unit_price) if usual is None else replace(usual, price=said.unit_price, criteria=None)
        found.append(OptionPrices(option_ident=ident, prices=(price,)))
    return tuple(found)


def modifiers(offered: Offered, taken: Sequence[Taken], country: str | None) -> tuple[PlanModifier, ...]:
    prices = own_prices(offered, taken, country)
    return (PlanModifier(option_prices=prices),) if prices else ()


def names(taken: Sequence[Taken]) -> tuple[OwnName, ...]:
    """What options are called by the caller's words."""
    return tuple(
        OwnName(option_ident=ident, name=said.title, description=said.description)
        for ident, said in taken
        if said.title is not None or said.description is not None
    )


def _term(who: Billed) -> PaymentTerm | None:
    """What is agreed with the customer; None: what the group says."""
    days = (who.payment_terms or {}).get("days")
    return PaymentTerm(period_in_days=days) if days is not None else None


def _payment(uow: Uow, who: Billed) -> ContractPayment:
    """How the customer pays, as his bills say it. What is collected is collected from the account that he has left."""
    method = (who.payment_terms or {}).get("method")
    number = next((number for number, name in METHODS.items() if name == method), 1)
    if method in COLLECTED and paying_accounts(uow, [account := account_ident(who.id)]):
        kind = PAYMENT_TYPES[number]
        return ContractPayment(payment_type=kind, customer_payment_account_ident=account, payment_control="CHARGE")
    return ContractPayment() if method == "DIRECT_DEBIT" else ContractPayment(payment_type=PAYMENT_TYPES[number])


def _labels(data: SubscriptionData) -> ContractLabels:
    return ContractLabels(
        external_ident=data.subscription_ext_uid,
        title=data.title,
        document_title=data.invoice_title,
        attributes=data.x_attributes or {},
        features=features_of(data.features),
    )


def _somebody(uow: Uow, country: str) -> str:
    """A consumer of a country, for as long as it takes to see what he would be billed."""
    address = {"address_ident": "main", "address_type": "INVOICE", "last_name": "-", "city": "-", "zip": "-", "country": country}
    body = {"customer_type": "B2C", "last_name": "-", "addresses": [address]}
    made = create_customer(uow, CreateCustomer(validated(CustomerCreation, body)))
    return str(made["customer_ident"])
