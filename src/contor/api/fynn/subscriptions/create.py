"""Make subscriptions: of products with their price plans, or of a plan with its tiers."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple

from contor.api.fynn.manners import Interval
from contor.api.fynn.subscriptions.answers import SubscriptionShown
from contor.api.fynn.subscriptions.life import begin, trial_of
from contor.api.fynn.subscriptions.ordering import FIELDS, Wanted, own_names, own_prices, quantities, wanted
from contor.api.fynn.subscriptions.paying import delivery_address, invoice_address, payment_of, who_pays
from contor.api.fynn.subscriptions.reading import JOINT, customer_named, required, subscription, told
from contor.api.fynn.subscriptions.shown import PLAN, PO_NUMBER, TIER, shown
from contor.api.fynn.subscriptions.types import NewFromPlan, NewSubscription, OrderedProduct, PlanItemSelection, Terms
from contor.catalogue.products import Agreed, PlanItem, PlanTier, ProductPlan, composed_plan, product_plan
from contor.catalogue.types import CatalogueProperty, Duration, TrialTerms
from contor.contracts.create import CreateContract, create_contract
from contor.contracts.drafting import IntendedDays, RedraftContract, Redrafting, redraft
from contor.contracts.joint import JoinedContracts, JoinOrLeave, join
from contor.contracts.labels import ContractLabels, LabelContract, label_contract
from contor.contracts.terms import ContractPayment, PlanModifier
from contor.contracts.types import ContractBody
from contor.custom_fields.values import kept
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.runtime.uow import Uow

CORE: Final[Mapping[str, str]] = {
    "debtorIdent": "customer",
    **FIELDS,
    "contractIdent": "number",
    "externalIdent": "externalId",
    "trial": "trialDays",
    "trial.duration.value": "trialDays",
    "coupons": "coupons[]",
    "intended.billingStartDate": "billingStart",
    "intended.endDate": "contractDetails.contractEnd",
    "startDate": "contractDetails.contractStart",
    "billingStartDate": "billingStart",
    "billingAnchor": "billingStart",
    "terminationDate": "contractDetails.contractEnd",
    "contractIdents": "billingGroup",
}


class ThingsNamed(NamedTuple):
    """What a new subscription names, found."""

    customer: str
    ordered: Sequence[Wanted]
    trial: TrialTerms | None
    invoice_address: str
    delivery_address: str | None
    payment: ContractPayment
    group: str | None


@operation("fynn.subscription_create", permission="contracts.write")
def create(uow: Uow, body: NewSubscription) -> SubscriptionShown:
    """A draft of what is ordered, or a subscription that begins at once."""
    problems, ordered = list[Problem](), list[Wanted]()
    with _noted(problems):
        ordered = wanted(uow, body.products)
    named = _things_named(uow, body, ordered, problems)
    return made(uow, body, named, body.name or ordered[0].said.name, {})


@operation("fynn.subscription_create_from_plan", permission="contracts.write")
def create_from_plan(uow: Uow, body: NewFromPlan) -> SubscriptionShown:
    """As `create`, of the items of a plan's tier."""
    problems, ordered, name, beside = list[Problem](), list[Wanted](), body.name, dict[str, str]()
    with told({"products.pricePlan": "planCode", "prices": "planCode"}):
        with _noted(problems):
            plan = _sold(uow, body.plan_code)
            tier = _tier(plan, body.tier)
            name, beside = body.name or plan.name, {PLAN: plan.code, TIER: tier.ident}
            ordered = wanted(uow, _selected(tier, body.plan_item_selections))
        return made(uow, body, _things_named(uow, body, ordered, problems), name, beside)


def made(uow: Uow, body: Terms, named: ThingsNamed, name: str | None, beside: Mapping[str, str]) -> SubscriptionShown:
    """The subscription of what is ordered."""
    customer, ordered, trial, details = named.customer, named.ordered, named.trial, body.contract_details
    ident = body.number or f"S-{uow.next_id():08d}"
    agreed = Agreed(term=_duration(details.term), renewal=details.renewal, notice=_duration(details.notice_period))
    with told(CORE):
        plan = composed_plan(uow, _named(ordered, name), [one.price.ident for one in ordered], agreed, customer)
        prices = own_prices(uow, ordered)
        po_number = (CatalogueProperty(key=PO_NUMBER, value=body.po_number),) if body.po_number is not None else ()
        contract = ContractBody(
            contract_ident=ident,
            plan_ident=plan.plan_ident,
            debtor_ident=customer,
            invoice_address_ident=named.invoice_address,
            shipping_address_ident=named.delivery_address,
            option_quantities=quantities(uow, ordered),
            trial=trial,
            no_trial=trial is None,
            billing_anchor=body.billing_start,
            plan_modifiers=(PlanModifier(option_prices=prices),) if prices else (),
            own_names=own_names(ordered),
            payment_information=named.payment,
            coupons=body.coupons,
            properties=po_number,
        )
        create_contract(uow, CreateContract(body=contract))
        labels = ContractLabels(
            external_ident=body.external_id, title=_named(ordered, name), document_title=body.name, attributes=dict(beside)
        )
        label_contract(uow, LabelContract(contract_ident=ident, body=labels))
        kept(uow, "SUBSCRIPTION", ident, body.custom_fields or {})
        days = IntendedDays(
            start_date=details.contract_start or body.billing_start,
            billing_start_date=body.billing_start if details.contract_start is not None else None,
            end_date=details.contract_end,
        )
        if days != IntendedDays():
            redraft(uow, RedraftContract(contract_ident=ident, body=Redrafting(intended=days)))
        if named.group is not None:
            join(uow, JoinOrLeave(ident=named.group, body=JoinedContracts(contract_idents=(ident,))))
        if body.activate:
            begin(uow, subscription(uow, ident, lock=True))
    return shown(uow, [subscription(uow, ident)])[0]


# helpers in calling order


def _things_named(uow: Uow, body: Terms, ordered: Sequence[Wanted], problems: list[Problem]) -> ThingsNamed:
    """Raises INVALID with everything that names nothing, and with `problems` before it."""
    trial = group = delivery = None
    with _noted(problems):
        trial = _trial(body, ordered)
    with _noted(problems):
        group = required(uow, JOINT, body.billing_group, "billingGroup") if body.billing_group is not None else None
    with _noted(problems):
        customer = customer_named(uow, body.customer)
        who = who_pays(uow, customer)
        with _noted(problems):
            delivery = delivery_address(uow, who, body.delivery_address) if body.delivery_address is not None else None
        with _noted(problems):
            payment = payment_of(uow, customer, body.payment_method, "paymentMethod")
        invoice = invoice_address(uow, who, body.invoice_address)
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return ThingsNamed(customer, ordered, trial, invoice, delivery, payment, group)


@contextmanager
def _noted(problems: list[Problem]) -> Iterator[None]:
    """What is found wrong within is told of later, together with the rest."""
    try:
        yield
    except Refused as refused:
        if refused.kind is not Kind.INVALID:
            raise
        problems += refused.problems


def _sold(uow: Uow, code: str) -> ProductPlan:
    plan = product_plan(uow, code)
    if plan is None or plan.status != "ACTIVE":
        message = "does not exist" if plan is None else f"is {plan.status.lower()}: only active plans sell"
        raise Refused(Kind.INVALID, Problem("product_plan_unsold", message, "planCode", code))
    return plan


def _tier(plan: ProductPlan, text: str | None) -> PlanTier:
    found = [tier for tier in plan.tiers if text in (None, tier.ident)]
    if len(found) != 1:
        message = f"has no tier {text!r}" if text is not None else f"has {len(plan.tiers)} tiers: say which"
        raise Refused(Kind.INVALID, Problem("plan_tier_unclear", message, "tier", text))
    return found[0]


def _selected(tier: PlanTier, selections: Sequence[PlanItemSelection]) -> list[OrderedProduct]:
    """What the tier consists of, with what is selected besides."""
    said = {one.item: one for one in selections}
    known = {item.ident for item in tier.items}
    problems = [
        Problem("plan_item_unknown", "is no item of the tier", f"planItemSelections[{index}].item", one.item)
        for index, one in enumerate(selections)
        if one.item not in known
    ]
    found = []
    for item in tier.items:
        one = said.get(item.ident)
        problems += _selection_findings(item, one)
        if one.selected if one is not None else not item.is_optional:
            quantity = one.quantity if one is not None and one.quantity is not None else item.quantity
            found.append(OrderedProduct(price_plan=item.price_ident, quantity=quantity))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    if not found:
        raise Refused(Kind.INVALID, Problem("plan_item_missing", "selects nothing", "planItemSelections"))
    return found


def _selection_findings(item: PlanItem, said: PlanItemSelection | None) -> list[Problem]:
    if said is None:
        return []
    problems = []
    if not said.selected and not item.is_optional:
        problems.append(Problem("plan_item_required", f"item {item.ident} belongs to the tier", "planItemSelections", item.ident))
    if said.quantity is not None and said.quantity != item.quantity and not item.quantity_editable:
        message = f"item {item.ident} comes in the quantity {item.quantity}"
        problems.append(Problem("plan_item_fixed", message, "planItemSelections", said.quantity))
    return problems


def _trial(body: Terms, ordered: Sequence[Wanted]) -> TrialTerms | None:
    """What is said, else the longest of the price plans."""
    days = body.trial_days
    if body.trial_ends_on is not None:
        if days is not None:
            raise Refused(Kind.INVALID, Problem("trial_unclear", "is not said beside trialDays", "trialEndsOn", body.trial_ends_on))
        start = body.contract_details.contract_start
        if start is None or body.trial_ends_on <= start:
            message = "is after contractDetails.contractStart, which is said with it"
            raise Refused(Kind.INVALID, Problem("trial_unclear", message, "trialEndsOn", body.trial_ends_on))
        days = (body.trial_ends_on - start).days
    return trial_of(days if days is not None else max((one.price.trial_days for one in ordered), default=0))


def _duration(every: Interval | None) -> Duration | None:
    return None if every is None else Duration(value=every.count, unit=every.unit)


def _named(ordered: Sequence[Wanted], name: str | None) -> str:
    return name or ordered[0].price.product_ident
