"""From a contract and its periods to billable items. Pure.

A period's price is the version, modifier and index value at its start; a part of an interval costs its days; agreed monthly partial
supplies are rows of their own, each with its tax date (accounting reference 6 and 9).
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from contor.billing.items import BillableRow, Header, Item, shown_rounding
from contor.catalogue.adaptation import IndexValues
from contor.catalogue.types import LinkedOption, Option, Phase, Plan, PlanContent
from contor.contracts.calendar import BillingPeriod, days_between, instant, part_of, supplies_of, whole_days, whole_supplies
from contor.contracts.modifiers import Priced, has_option, priced
from contor.contracts.types import Allowance, Contract
from contor.documents.types import PriceCalculationBasis
from contor.kernel.money import HUNDRED, ZERO, round_amount
from contor.kernel.shapes import replace
from contor.settings.groups import USUAL, GroupTerms

DAY = dt.timedelta(days=1)
Part = tuple[dt.date, dt.date, Decimal]
"""A supply [start, end) and what it costs."""
PRICED_LATER: Mapping[str, tuple[Literal["OPTION", "USAGE"], str, str]] = {
    "USAGE": ("USAGE", "USAGE", "PURCHASE"), "TIME_BASED_USAGE": ("USAGE", "USAGE", "PURCHASE"),
    "COMMISSION": ("OPTION", "COMMISSION", "SELF_BILLED"),
}  # fmt: skip
"""Types of options whose periods cost what happened in them: origin type, kind and business case of their items."""


class Unpriced(NamedTuple):
    """An option for which no price holds: the configuration is broken, nothing of the contract is billed."""

    contract: Contract
    option_ident: str
    reason: str


class World(NamedTuple):
    """What all contracts of a batch share."""

    options: Mapping[str, Option]
    indices: Mapping[str, IndexValues]
    zone: ZoneInfo
    next_id: Callable[[], int]
    allowances: Mapping[int, Sequence[Allowance]] = MappingProxyType({})
    """By contract."""
    groups: Mapping[str, GroupTerms] = MappingProxyType({})
    """By billing group."""

    def terms_of(self, contract: Contract) -> GroupTerms:
        return self.groups.get(contract.billing_group_ident, USUAL)


class _Charged(NamedTuple):
    """An option at its place in a phase, with the price that a period bears; `unit`: to what its rows are rounded."""

    phase: Phase
    period: BillingPeriod
    order: int
    quantity: Decimal
    found: Priced
    kind: str
    unit: Decimal | None


def header_of(contract: Contract, plan: Plan) -> Header:
    content = contract.content
    payment = content.payment_information
    return Header(
        contract.customer_ident, contract.billing_group_ident, content.invoice_address_ident, content.shipping_address_ident,
        content.operating_site_ident, plan.content.currency, content.language, payment.payment_type, payment.payment_reference,
        payment.customer_payment_account_ident, content.payment_term.period_in_days if content.payment_term else None,
    )  # fmt: skip


def items_of(contract: Contract, plan: Plan, periods: tuple[BillingPeriod, ...], world: World) -> Iterator[Item | Unpriced]:
    """The items of the periods, in the order of periods and options."""
    header = header_of(contract, plan)
    for period in periods:
        phase = plan.phase(period.phase_ident)
        quantities = contract.content.quantities.get(phase.ident, {})
        for order, link in enumerate(phase.linked_options):
            quantity = quantities.get(link.option_ident)
            if world.options[link.option_ident].type in PRICED_LATER:
                if has_option(contract, phase.ident, link):
                    yield item_to_price(contract, plan, header, period, (order, link), world)
            elif quantity is not None:
                yield from _of_option(contract, plan, header, phase, period, (order, link, quantity), world)


def _of_option(
    contract: Contract, plan: Plan, header: Header, phase: Phase, period: BillingPeriod, ordered: tuple[int, LinkedOption, Decimal],
    world: World,
) -> Iterator[Item | Unpriced]:  # fmt: skip
    order, link, quantity = ordered
    option = world.options[link.option_ident]
    if option.type not in ("ONETIME", "RECURRING", "QUANTITY") or (option.type == "ONETIME" and not period.begins_phase):
        return
    group = world.terms_of(contract)
    location = group.price_place(contract.content.tax_location, contract.content.performance_location)
    unit = group.units.get(plan.content.currency)
    values = world.indices.get(contract.price_adaptation_ident or "", ())
    found = priced(contract, option, period.start, values, location.country, location.region)
    if found is None:
        reason = f"no price of option {option.option_ident} holds in {location.country} from {period.start}"
        yield Unpriced(contract, option.option_ident, reason)
        return
    kind = "ONETIME" if option.type == "ONETIME" else "RECURRING"
    due = instant(period.due_on, world.zone) + dt.timedelta(seconds=period.delay_seconds)
    is_credit = found.content.debit_credit_indicator == "CREDIT"
    charged = _Charged(phase, period, order, quantity, found, kind, unit)
    items = [
        Item(
            world.next_id(), contract.contract_id, contract.contract_ident, contract.business_segment_ident, header, "OPTION",
            option.option_ident, kind, period.start, period.end, sequence, "CREDIT" if is_credit else "DEBIT", "PURCHASE", due, row,
        )
        for sequence, row in enumerate(_rows(contract, plan, charged))
    ]  # fmt: skip
    yield from items
    given = [one for one in world.allowances.get(contract.contract_id, ()) if one.holds(option.option_ident, period.start)]
    if given and not is_credit:
        wholes = partial(_wholes, terms=plan.content, period=period, kind=kind, unit=unit)
        yield from _reductions(items, given, found.unit_price * quantity, wholes, world.next_id, unit)


def _reductions(
    items: Sequence[Item], allowances: Sequence[Allowance], price: Decimal, wholes: Callable[[Decimal], list[Decimal]],
    next_id: Callable[[], int], unit: Decimal | None,
) -> Iterator[Item]:  # fmt: skip
    """The items of a period's allowances: each of the option's rows is reduced, all of them together by no more than it costs.

    An allowance takes its share of what the ones before it left: so the shorter the period, the less is given, the less is charged,
    and neither is ever more, whatever is rounded.
    """
    left, whole_left = [item.row.total for item in items], wholes(price)
    for allowance in allowances:
        wanted = (
            price * allowance.percentage / HUNDRED if allowance.percentage is not None else min(allowance.amount or ZERO, price)
        )
        for position, (item, part) in enumerate(zip(items, wholes(wanted), strict=True)):
            whole = whole_left[position]
            if not whole:
                continue
            given = min(part, whole)
            amount = round_amount(left[position] * given / whole, item.header.currency, unit)
            whole_left[position] -= given
            left[position] -= amount
            if not amount:
                continue
            row = replace(
                item.row, name=allowance.name, description=item.row.name, category="DISCOUNT", supply_category=item.row.category,
                quantity=Decimal(1), quantity_type="PC", unit_price=amount, total=amount, article_number=None,
                price_calculation_basis=None, extras=(),
            )  # fmt: skip
            yield item._replace(
                item_id=next_id(), origin_type="ALLOWANCE", origin_ident=allowance.ident, kind="ALLOWANCE", type="CREDIT", row=row
            )


def _wholes(amount: Decimal, terms: PlanContent, period: BillingPeriod, kind: str, unit: Decimal | None) -> list[Decimal]:
    """An amount for the whole interval as the rows of a period bear it, each as if the period were whole."""
    if kind != "ONETIME" and terms.partial_supply == "MONTH":
        return whole_supplies(amount, period, terms.currency, unit)
    return [round_amount(amount, terms.currency, unit)]


def item_to_price(
    contract: Contract, plan: Plan, header: Header, period: BillingPeriod, ordered: tuple[int, LinkedOption], world: World
) -> Item:
    """The item of a period's usages or commission, without amount until it is billed: when the period is over, and its delay."""
    order, link = ordered
    option = world.options[link.option_ident]
    content = option.versions[0].content
    origin, kind, case = PRICED_LATER[option.type]
    due = instant(period.usage_due_on, world.zone) + dt.timedelta(seconds=period.delay_seconds)
    row = BillableRow(
        name=content.product_name or content.name, category=content.category, quantity=Decimal(0), quantity_type=content.quantity_type,
        unit_price=Decimal(0), total=Decimal(0), basis="NET", service_start=period.start, service_end=period.end,
        tax_date=period.end - DAY, tax_location=contract.content.tax_location,
        performance_location=contract.content.performance_location, option_order=order,
    )  # fmt: skip
    return Item(
        world.next_id(), contract.contract_id, contract.contract_ident, contract.business_segment_ident, header, origin,
        link.option_ident, kind, period.start, period.end, 0, "DEBIT", case, due, row,
    )  # fmt: skip


def _rows(contract: Contract, plan: Plan, charged: _Charged) -> Iterator[BillableRow]:
    """One row, or one for each agreed partial supply; without a unit they are rounded to the currency's smallest."""
    phase, period, order, quantity, found, kind, unit = charged
    content, price = found.content, found.price
    terms, interval = plan.content, phase.billing_config.billing_interval
    whole = found.unit_price * quantity
    calculated: PriceCalculationBasis | None = None
    if kind != "ONETIME" and not period.is_whole:
        calculated = PriceCalculationBasis(
            type="RECURRING",
            base_price=_shown(found.unit_price),
            used_days=days_between(period.start, period.end, terms.day_count),
            interval_days=int(whole_days(period.whole_start, period.whole_end, interval, terms.day_count)),
        )
    parts = _parts(whole, terms, phase, period, kind, unit)
    single = len(parts) == 1 and parts[0][2] == round_amount(whole, terms.currency, unit)
    for start, end, part in parts:
        row = BillableRow(
            name=content.product_name or content.name,
            description=content.product_description,
            article_number=content.article_number,
            item_group=content.item_group,
            category=content.category,
            quantity=quantity if single else Decimal(1),
            quantity_type=content.quantity_type if single else "PC",
            unit_price=_shown(found.unit_price) if single else part,
            total=part,
            basis=price.net_gross_indicator,
            service_start=start,
            service_end=end,
            tax_date=end - DAY,
            tax_location=contract.content.tax_location,
            performance_location=contract.content.performance_location,
            tax_code=price.tax_code,
            tax_scheme=price.tax_scheme,
            price_calculation_basis=calculated,
            option_order=order,
        )
        if single and unit is not None:
            row = shown_rounding(row, round_amount(whole, terms.currency), contract.content.language)
        yield row


def _parts(whole: Decimal, terms: PlanContent, phase: Phase, period: BillingPeriod, kind: str, unit: Decimal | None) -> list[Part]:
    """What a period takes of an amount for the whole interval: at once, or in agreed partial supplies."""
    if kind == "ONETIME":
        return [(period.start, period.start + DAY, round_amount(whole, terms.currency, unit))]
    if terms.partial_supply == "MONTH":
        return supplies_of(whole, period, terms.currency, unit)
    total = part_of(whole, period, phase.billing_config.billing_interval, terms.day_count, terms.currency, unit)
    return [(period.start, period.end, total)]


_TEN = Decimal("1E-10")


def _shown(price: Decimal) -> Decimal:
    """A unit price as documents can show it, with at most ten decimals."""
    exponent = price.as_tuple().exponent
    return price if isinstance(exponent, int) and exponent >= -10 else price.quantize(_TEN)
