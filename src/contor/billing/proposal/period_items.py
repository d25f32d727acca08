"""From a contract and its periods to billable items. Pure.

A period's price is the version, modifier and index value at its start; a part of an interval costs its days; agreed monthly partial
supplies are rows of their own, each with its tax date (accounting reference 6 and 9).
"""

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from decimal import Decimal

from contor.billing.items import NO_OWN_PLACE, BillableRow, BusinessCase, Header, Item, ItemKind, OriginType
from contor.billing.proposal.charge import Charge
from contor.billing.proposal.reductions import NOT_SHARED, Shares, reductions, shares_of
from contor.billing.proposal.types import Ordered, Unpriced, World
from contor.catalogue.rules import in_language
from contor.catalogue.types import LinkedOption, Option, Phase, Plan
from contor.contracts.calendar import BillingPeriod, days_between, instant
from contor.contracts.course import Priced, has_option_in, interval_start, ordered_on, priced, stretches_of, terms_on
from contor.contracts.types import Contract
from contor.documents.judge import OF_DOCUMENT, references_in, row_properties, usual_term
from contor.kernel.money import ZERO

DAY = dt.timedelta(days=1)
PRICED_LATER: Mapping[str, tuple[OriginType, ItemKind, BusinessCase]] = {
    "USAGE": ("USAGE", "USAGE", "PURCHASE"),
    "TIME_BASED_USAGE": ("USAGE", "USAGE", "PURCHASE"),
    "COMMISSION": ("OPTION", "COMMISSION", "SELF_BILLED"),
}
"""Types of options whose periods cost what happened in them: origin type, kind and business case of their items."""


def header_of(contract: Contract, plan: Plan, usual: str | None) -> Header:
    """`usual`: the default site, which supplies what names no other."""
    content = contract.content
    payment = content.payment_information
    return Header(
        contract.customer_ident,
        contract.billing_group_ident,
        content.invoice_address_ident,
        content.shipping_address_ident,
        content.operating_site_ident or usual,
        plan.content.currency,
        content.language,
        payment.payment_type,
        payment.payment_reference,
        payment.customer_payment_account_ident,
        content.payment_term or usual_term(contract.usual_days),
        collect=payment.payment_control == "CHARGE",
        references=references_in(OF_DOCUMENT, content.properties),
    )


def items_of(contract: Contract, plan: Plan, periods: tuple[BillingPeriod, ...], world: World) -> Iterator[Item | Unpriced]:
    """The items of the periods, in the order of periods and options."""
    header = header_of(contract, plan, world.usual_site)
    for period in periods:
        phase = plan.phase(period.phase_ident)
        quantities = contract.content.quantities.get(phase.ident, {})
        interval = interval_start(contract, period)
        shares = (
            _shares(contract, plan, phase, period, world, (period.start, interval))
            if contract.content.amended is None
            else NOT_SHARED
        )
        for order, link in enumerate(phase.linked_options):
            quantity = quantities.get(link.option_ident)
            if world.options[link.option_ident].type in PRICED_LATER:
                if has_option_in(contract, phase.ident, link, period.start, period.end):
                    yield item_to_price(contract, plan, header, period, (order, link), world)
            elif not period.is_charged and (period.owes_once or world.options[link.option_ident].type != "ONETIME"):
                continue
            elif contract.content.amended is not None:
                yield from _of_stretches(contract, plan, header, phase, period, (order, link), world)
            elif quantity is not None:
                ordered = Ordered(order, link, quantity, shares, period.start, interval)
                yield from _of_option(contract, plan, header, phase, period, ordered, world)


def _of_stretches(
    contract: Contract,
    plan: Plan,
    header: Header,
    phase: Phase,
    period: BillingPeriod,
    linked: tuple[int, LinkedOption],
    world: World,
) -> Iterator[Item | Unpriced]:
    """The items of an option in a period in which it may have been changed: those of each stretch, at its share of the whole interval."""
    order, link = linked
    interval = interval_start(contract, period)
    for stretch in stretches_of(contract, link.option_ident, period):
        # what begins within a period is due when it begins, or with the period at its end
        due = max(period.due_on, stretch.start)
        begins = period.begins_phase and stretch.start == period.start
        part = period._replace(start=stretch.start, end=stretch.end, due_on=due, begins_phase=begins)
        quantity, shares = stretch.quantity, _shares_over(contract, plan, phase, part, world, (period.start, interval))
        if world.options[link.option_ident].type == "ONETIME" and not begins:
            # ordered while the phase runs: due on its day, with no part of amounts off the sum, which the others share since it began
            quantity = ordered_on(contract, phase.ident, link.option_ident, stretch.start)
            if not quantity:
                continue
            part = part._replace(due_on=stretch.start, begins_phase=True)
            held = world.allowances.get(contract.contract_id, ())
            shares = {(one.shared, one.option_ident): ZERO for one in held if one.shared is not None}
        ordered = Ordered(order, link, quantity, shares, period.start, interval)
        yield from _of_option(contract, plan, header, phase, part, ordered, world)


def _of_option(
    contract: Contract,
    plan: Plan,
    header: Header,
    phase: Phase,
    period: BillingPeriod,
    ordered: Ordered,
    world: World,
) -> Iterator[Item | Unpriced]:
    """The items of an option in a period: one for each row, and those of the allowances that reduce them."""
    order, link, quantity, shares, begun, interval = ordered
    option = world.options[link.option_ident]
    if option.type not in ("ONETIME", "RECURRING", "QUANTITY") or (option.type == "ONETIME" and not period.begins_phase):
        return
    group, found = world.terms_of(contract), _priced(contract, option, begun, period.start, world)
    if found is None:
        country = group.price_place(*world.places_of(contract, option.option_ident, begun)).country
        reason = f"no price of option {option.option_ident} holds in {country} from {period.start}"
        yield Unpriced(contract, option.option_ident, reason)
        return
    charge = Charge(contract, plan.content, phase, period, option.type == "ONETIME", group.units.get(plan.content.currency))
    due = instant(period.due_on, world.zone_of(contract)) + dt.timedelta(seconds=period.delay_seconds)
    is_credit = found.content.debit_credit_indicator == "CREDIT"
    items = [
        Item(
            item_id=world.next_id(),
            contract_id=contract.contract_id,
            contract_ident=contract.contract_ident,
            segment_ident=contract.business_segment_ident,
            header=header,
            origin_type="OPTION",
            origin_ident=option.option_ident,
            kind="ONETIME" if charge.is_once else "RECURRING",
            period_start=period.start,
            period_end=period.end,
            sequence=sequence,
            type="CREDIT" if is_credit else "DEBIT",
            business_case="SELF_BILLED" if found.content.invoicing_agreement_type == "SELF_BILLING" else "PURCHASE",
            processing_at=due,
            row=row,
        )
        for sequence, row in enumerate(charge.rows(order, quantity, found))
    ]
    yield from items
    given = [one for one in world.allowances.get(contract.contract_id, ()) if one.holds(option.option_ident, interval)]
    if given and not is_credit:
        whole = found.amount(quantity)
        yield from reductions(items, given, whole, quantity, shares, charge, world.next_id)


def _priced(contract: Contract, option: Option, begun: dt.date, day: dt.date, world: World) -> Priced | None:
    """What the option costs on a day of the period that began; None: no price holds."""
    location = world.terms_of(contract).price_place(*world.places_of(contract, option.option_ident, begun))
    values = world.indices.get(contract.price_adaptation_ident or "", ())
    site = world.site_of(contract, option.option_ident, begun)
    return priced(contract, option, begun, values, (location.country, location.region, site), day)


def _shares(
    contract: Contract, plan: Plan, phase: Phase, period: BillingPeriod, world: World, begins: tuple[dt.date, dt.date]
) -> Shares:
    """How the options of a period, or of the stretch of one, share the amounts that are off their sum. `begins`: when the period and the
    interval began."""
    begun, interval = begins
    held = [
        one
        for one in world.allowances.get(contract.contract_id, ())
        if one.shared is not None and one.holds(one.option_ident, interval)
    ]
    if not held:
        return NOT_SHARED
    prices: dict[str, Decimal] = {}
    at_first = terms_on(contract, begun).content.quantities.get(phase.ident, {}) if period.begins_phase else {}
    for ident, quantity in contract.content.quantities.get(phase.ident, {}).items():
        option = world.options[ident]
        counted = at_first.get(ident) if option.type == "ONETIME" else quantity
        if option.type not in ("ONETIME", "RECURRING", "QUANTITY") or counted is None:
            continue
        found = _priced(contract, option, begun, period.start, world)
        if found is not None and found.content.debit_credit_indicator == "DEBIT":
            prices[ident] = found.amount(counted)
    currency = plan.content.currency
    return shares_of(held, prices, currency, world.terms_of(contract).units.get(currency))


def _shares_over(
    contract: Contract, plan: Plan, phase: Phase, part: BillingPeriod, world: World, begins: tuple[dt.date, dt.date]
) -> Shares:
    """As `_shares`, of a stretch of one option in which others may be changed: what each takes of the amounts on each of its days."""
    amended = contract.content.amended
    assert amended is not None
    inside = {step.day for step in amended.steps if part.start < step.day < part.end}
    spans = list(itertools.pairwise([part.start, *sorted(inside), part.end]))
    found = [
        _shares(terms_on(contract, start), plan, phase, part._replace(start=start, end=end), world, begins) for start, end in spans
    ]
    if all(shares == found[0] for shares in found):
        return found[0]
    weights = [Decimal(days_between(start, end, plan.content.day_count)) for start, end in spans]
    # one that another day does not know is none of an option that is billed now: it is of one that comes or goes
    return {
        key: sum((shares[key] * days for shares, days in zip(found, weights, strict=True) if key in shares), ZERO)
        / (sum((days for shares, days in zip(found, weights, strict=True) if key in shares), ZERO) or 1)
        for key in found[0]
    }


def item_to_price(
    contract: Contract, plan: Plan, header: Header, period: BillingPeriod, ordered: tuple[int, LinkedOption], world: World
) -> Item:
    """The item of a period's usages or commission, without amount until it is billed: when the period is over, and its delay."""
    order, link = ordered
    option = world.options[link.option_ident]
    # what names it, and its unit; the price is that of the period when it is rated
    content = in_language(option.versions[0].content, contract.content.language)
    origin, kind, case = PRICED_LATER[option.type]
    due = instant(period.usage_due_on, world.zone_of(contract)) + dt.timedelta(seconds=period.delay_seconds)
    row = BillableRow(
        name=content.product_name or content.name,
        description=content.product_description,
        article_number=content.article_number or content.product_ident,
        item_group=content.item_group,
        category=content.category,
        quantity=Decimal(0),
        quantity_type=content.quantity_type,
        unit_price=Decimal(0),
        total=Decimal(0),
        basis="NET",
        service_start=period.start,
        service_end=period.end,
        tax_date=period.end - DAY,
        tax_location=contract.places.tax_location,
        performance_location=contract.places.performance_location,
        follows=NO_OWN_PLACE,
        option_order=order,
        properties=row_properties(content.properties),
    )
    return Item(
        item_id=world.next_id(),
        contract_id=contract.contract_id,
        contract_ident=contract.contract_ident,
        segment_ident=contract.business_segment_ident,
        header=header,
        origin_type=origin,
        origin_ident=link.option_ident,
        kind=kind,
        period_start=period.start,
        period_end=period.end,
        sequence=0,
        type="DEBIT",
        business_case=case,
        processing_at=due,
        row=row,
    )
