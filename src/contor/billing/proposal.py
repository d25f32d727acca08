"""From a contract and its periods to billable items. Pure.

A period's price is the version, modifier and index value at its start; a part of an interval costs its days; agreed monthly partial
supplies are rows of their own, each with its tax date (accounting reference 6 and 9).
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from contor.billing.types import BillableRow, Header, Item
from contor.catalogue.adaptation import IndexValues
from contor.catalogue.types import LinkedOption, Option, Phase, Plan
from contor.contracts.modifiers import Priced, priced
from contor.contracts.periods import days_between, instant, whole_days
from contor.contracts.proration import part_of, supplies_of
from contor.contracts.timeline import BillingPeriod
from contor.contracts.types import Contract
from contor.documents.types import PriceCalculationBasis
from contor.kernel.money import round_amount

DAY = dt.timedelta(days=1)
USAGES = frozenset({"USAGE", "TIME_BASED_USAGE"})


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
            if world.options[link.option_ident].type in USAGES:
                if quantity is not None or link.enable_for_all_contracts or not link.minimum:
                    yield usage_item(contract, plan, header, period, (order, link), world)
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
    location = contract.content.tax_location
    values = world.indices.get(contract.price_adaptation_ident or "", ())
    found = priced(contract, option, period.start, values, location.country, location.region)
    if found is None:
        reason = f"no price of option {option.option_ident} holds in {location.country} from {period.start}"
        yield Unpriced(contract, option.option_ident, reason)
        return
    kind = "ONETIME" if option.type == "ONETIME" else "RECURRING"
    due = instant(period.due_on, world.zone) + dt.timedelta(seconds=period.delay_seconds)
    for sequence, row in enumerate(_rows(contract, plan, phase, period, order, quantity, found, kind)):
        is_credit = found.content.debit_credit_indicator == "CREDIT"
        yield Item(
            world.next_id(), contract.contract_id, contract.contract_ident, contract.business_segment_ident, header, "OPTION",
            option.option_ident, kind, period.start, period.end, sequence, "CREDIT" if is_credit else "DEBIT", "PURCHASE", due, row,
        )  # fmt: skip


def usage_item(
    contract: Contract, plan: Plan, header: Header, period: BillingPeriod, ordered: tuple[int, LinkedOption], world: World
) -> Item:
    """The item of a period's usages, without amount until they are rated: when the period is over, and its delay."""
    order, link = ordered
    content = world.options[link.option_ident].versions[0].content
    due = instant(period.usage_due_on, world.zone) + dt.timedelta(seconds=period.delay_seconds)
    row = BillableRow(
        name=content.product_name or content.name, category=content.category, quantity=Decimal(0), quantity_type=content.quantity_type,
        unit_price=Decimal(0), total=Decimal(0), basis="NET", service_start=period.start, service_end=period.end,
        tax_date=period.end - DAY, tax_location=contract.content.tax_location,
        performance_location=contract.content.performance_location, option_order=order,
    )  # fmt: skip
    return Item(
        world.next_id(), contract.contract_id, contract.contract_ident, contract.business_segment_ident, header, "USAGE",
        link.option_ident, "USAGE", period.start, period.end, 0, "DEBIT", "PURCHASE", due, row,
    )  # fmt: skip


def _rows(
    contract: Contract, plan: Plan, phase: Phase, period: BillingPeriod, order: int, quantity: Decimal, found: Priced, kind: str
) -> Iterator[BillableRow]:
    """One row, or one for each agreed partial supply."""
    content, price = found.content, found.price
    terms, interval = plan.content, phase.billing_config.billing_interval
    whole = found.unit_price * quantity
    calculated: PriceCalculationBasis | None = None
    if kind == "ONETIME":
        total = round_amount(whole, terms.currency)
    else:
        total = part_of(whole, period, interval, terms.day_count, terms.currency)
        if not period.is_whole:
            calculated = PriceCalculationBasis(
                type="RECURRING",
                base_price=_shown(found.unit_price),
                used_days=days_between(period.start, period.end, terms.day_count),
                interval_days=int(whole_days(period.whole_start, period.whole_end, interval, terms.day_count)),
            )
    supplies = [(period.start, period.end, total)]
    if kind == "ONETIME":
        supplies = [(period.start, period.start + DAY, total)]
    elif terms.partial_supply == "MONTH":
        supplies = supplies_of(whole, period, terms.currency)
    single = total == round_amount(whole, terms.currency) and len(supplies) == 1
    for start, end, part in supplies:
        yield BillableRow(
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


_TEN = Decimal("1E-10")


def _shown(price: Decimal) -> Decimal:
    """A unit price as documents can show it, with at most ten decimals."""
    exponent = price.as_tuple().exponent
    return price if isinstance(exponent, int) and exponent >= -10 else price.quantize(_TEN)
