"""What an ordered option costs in one period, row by row. Pure.

A part of an interval costs its days; agreed monthly partial supplies are rows of their own, each with its tax date, for each is a supply
that is completed on its last day (section 13 (1) no. 1 a sentences 2 and 3 UStG; accounting reference 6 and 9, "day count").
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from contor.billing.items import NO_OWN_PLACE, BillableRow, shown_rounding
from contor.catalogue.pricing import by_tiers
from contor.catalogue.types import Phase, PlanContent
from contor.contracts.calendar import BillingPeriod, days_between, part_of, supplies_of, whole_days, whole_supplies
from contor.contracts.course import Priced
from contor.contracts.types import Contract
from contor.documents.judge import row_properties
from contor.documents.types import PriceBases, PriceCalculationBasis
from contor.kernel.money import round_amount, round_price

DAY = dt.timedelta(days=1)
Part = tuple[dt.date, dt.date, Decimal]
"""A supply [start, end) and what it costs."""


class Charge(NamedTuple):
    """An option in a period, by the terms of contract, plan and billing group."""

    contract: Contract
    terms: PlanContent
    phase: Phase
    period: BillingPeriod
    is_once: bool
    """Charged when its phase begins, else for the time of the period."""
    unit: Decimal | None
    """To what amounts are rounded; None: to the currency's smallest."""

    def rows(self, order: int, quantity: Decimal, found: Priced) -> Iterator[BillableRow]:
        """One row, or one for each agreed partial supply. `order`: of the option in its phase."""
        content, price, places = found.content, found.price, self.contract.places
        whole = found.amount(quantity)
        parts = self._parts(whole)
        # only what costs exactly its quantity times its price can be shown so; a part of it is one piece
        single = len(parts) == 1 and parts[0][2] == round_amount(whole, self.terms.currency, self.unit)
        unit_price, base = _each(found, quantity, whole)
        calculated = self._calculated(unit_price)
        tiered = _by_tiers(found, quantity) if single else None
        for start, end, part in parts:
            row = BillableRow(
                name=content.product_name or content.name,
                description=content.product_description,
                article_number=content.article_number or content.product_ident,
                item_group=content.item_group,
                category=content.category,
                quantity=quantity if single else Decimal(1),
                quantity_type=content.quantity_type if single else "PC",
                unit_price=round_price(unit_price) if single else part,
                price_base=base if single else None,
                total=part,
                basis=price.net_gross_indicator,
                service_start=start,
                service_end=end,
                tax_date=end - DAY,
                tax_location=places.tax_location,
                performance_location=places.performance_location,
                follows=NO_OWN_PLACE,
                tax_code=price.tax_code,
                tax_scheme=price.tax_scheme,
                price_calculation_basis=calculated or tiered,
                option_order=order,
                properties=row_properties(content.properties),
                ordered=quantity,
                share=None if calculated is None else Decimal(calculated.used_days or 0) / (calculated.interval_days or 1),
            )
            is_rounded = single and self.unit is not None
            yield (
                shown_rounding(row, round_amount(whole, self.terms.currency), self.contract.content.language) if is_rounded else row
            )

    def wholes(self, amount: Decimal) -> list[Decimal]:
        """An amount for the whole interval as the rows of a period bear it, each as if the period were whole."""
        if not self.is_once and self.terms.partial_supply == "MONTH":
            return whole_supplies(amount, self.period, self.terms.currency, self.unit)
        return [round_amount(amount, self.terms.currency, self.unit)]

    def _parts(self, whole: Decimal) -> list[Part]:
        """What a period takes of an amount for the whole interval: at once, or in agreed partial supplies."""
        period, terms = self.period, self.terms
        if self.is_once:
            return [(period.start, period.start + DAY, round_amount(whole, terms.currency, self.unit))]
        if terms.partial_supply == "MONTH":
            return supplies_of(whole, period, terms.currency, self.unit)
        interval = self.phase.billing_config.billing_interval
        return [(period.start, period.end, part_of(whole, period, interval, terms.day_count, terms.currency, self.unit))]

    def _calculated(self, unit_price: Decimal) -> PriceCalculationBasis | None:
        """How the price of a part of an interval was computed; None: the period is whole."""
        period, interval = self.period, self.phase.billing_config.billing_interval
        if self.is_once or period.is_whole:
            return None
        days = int(whole_days(period.whole_start, period.whole_end, interval, self.terms.day_count))
        return PriceCalculationBasis(
            type="RECURRING",
            base_price=round_price(unit_price),
            used_days=min(days_between(period.start, period.end, self.terms.day_count), days),
            interval_days=days,
        )


def _each(found: Priced, quantity: Decimal, whole: Decimal) -> tuple[Decimal, Decimal | None]:
    """The price, and for how many units it is (None: for one): by tiers no price of one unit comes to what the quantity costs."""
    if found.price.pricing_model == "PER_UNIT":
        return found.unit_price, None
    return whole, None if quantity == 1 else quantity


def _by_tiers(found: Priced, quantity: Decimal) -> PriceBases | None:
    """How a price by tiers came about."""
    if found.price.pricing_model == "PER_UNIT":
        return None
    made = by_tiers(found.price.pricing_model, found.price.price_tiers, quantity)
    return (*made.first, made.basis) if made.first else made.basis
