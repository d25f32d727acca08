"""The amounts of a calculation: those that the document would have. Pure."""

import datetime as dt
from collections.abc import Sequence
from typing import Final, NamedTuple

from contor.documents.amounts import Left, Terms, amounts
from contor.documents.calculation.types import (
    DOCUMENT_TYPES,
    CalculatedItem,
    CalculatedTotals,
    CalculationBody,
    CalculationItem,
    Source,
    TaxCalculation,
)
from contor.documents.judge import row_findings
from contor.documents.types import (
    CustomerDetail,
    DocumentRequest,
    Prices,
    RequestedItem,
    Sides,
    Tax,
    TaxDetail,
    UnitSides,
    prices_view,
    tax_view,
)
from contor.kernel.errors import Problem
from contor.kernel.money import ZERO, round_price

NOBODY: Final = CustomerDetail(customer_ident="-", invoice_address_ident="-")
_OF_ONE_DOCUMENT: Final = frozenset({"tax_location_differs", "category_o_is_exclusive"})
"""Findings on what cannot stand on one document; an order becomes several."""


class Taxed(NamedTuple):
    """An item with its taxes, and who supplies it."""

    taxes: tuple[Tax, ...]
    source: Source
    site: str


class Setting(NamedTuple):
    """What the amounts depend on beside what was asked."""

    currency: str
    date: dt.date
    seller_country: str
    small_business: bool
    left: Left | None = None
    """Of the document that is credited."""


def computed(body: CalculationBody, taxed: Sequence[Taxed], setting: Setting, now: dt.datetime) -> TaxCalculation | list[Problem]:
    """The answer, or everything that is wrong with what was asked."""
    request = _request(body, taxed, setting)
    found, _ = row_findings(request, DOCUMENT_TYPES[body.type], setting.small_business, setting.left)
    if problems := [problem for problem in found if _concerns(problem, body)]:
        return problems
    terms = Terms(small_business=setting.small_business, seller_country=setting.seller_country, left=setting.left)
    made = amounts(request, terms)
    items = []
    for item, row, one in zip(body.items, made.rows, taxed, strict=True):
        product = item.product_information
        items.append(
            CalculatedItem(
                ident=item.ident,
                name=product.name,
                article_number=product.article_number,
                category=product.category,
                tax_date=item.tax_date,
                tax_information_source=one.source,
                calculation_basis=row.basis,
                taxes=row.taxes,
                cumulated_tax_rate=sum([tax.rate for tax in row.taxes], ZERO),
                prices=prices_view(row.unit, row.original_total, row.total),
                tax_location=item.tax_location,
                performance_location=item.performance_location,
                operating_site=one.site,
                reference_ident=item.reference_ident,
            )
        )
    totals = made.totals
    return TaxCalculation(
        request_id=body.request_id,
        forecast=body.forecast,
        type=body.type,
        billing_group_ident=body.billing_group_ident,
        currency=setting.currency,
        document_date=setting.date,
        calculated_at=now,
        referenced_document_number=body.referenced_document_number,
        items=tuple(items),
        taxes=tuple([tax_view(group) for group in made.taxes]),
        totals=CalculatedTotals(net=totals.net, tax=totals.tax, gross=totals.gross),
        properties=body.properties,
    )


# helpers in calling order


def _concerns(problem: Problem, body: CalculationBody) -> bool:
    """Whether it is about what was asked: not about prices that only follow from the total."""
    if body.type == "ORDER" and problem.code in _OF_ONE_DOCUMENT:
        return False
    place, _, field = (problem.field or "").partition("].prices.")
    if not field or field.startswith("total"):
        return True
    said = body.items[int(place.removeprefix("items["))].prices
    return (said.unit if field.startswith("unit") else said.original_total) is not None


def _request(body: CalculationBody, taxed: Sequence[Taxed], setting: Setting) -> DocumentRequest:
    """The document that it would be."""
    return DocumentRequest(
        request_id="-",
        billing_group_ident=body.billing_group_ident,
        currency=setting.currency,
        customer_detail=NOBODY,
        items=tuple([_row(item, one) for item, one in zip(body.items, taxed, strict=True)]),
        language=body.language,
        document_date=setting.date,
    )


def _row(item: CalculationItem, taxed: Taxed) -> RequestedItem:
    product, detail = item.product_information, item.tax_detail
    return RequestedItem(
        ident=item.ident,
        category=product.category,
        quantity=product.quantity,
        quantity_type=product.quantity_type,
        prices=_prices(item),
        tax_detail=TaxDetail(taxes=taxed.taxes, calculation_basis=detail.calculation_basis),
        performance_location=item.performance_location,
        tax_location=item.tax_location,
        name=product.name or product.article_number or item.ident,
        debit_credit_indicator=product.debit_credit_indicator,
        extras=item.extras,
        reference_ident=item.reference_ident,
    )


def _prices(item: CalculationItem) -> Prices:
    """As they are said, with what follows from the agreed total."""
    said, is_net = item.prices, item.tax_detail.calculation_basis == "NET"
    original, unit = said.original_total, said.unit
    total = said.total.net if is_net else said.total.gross
    if original is None and total is not None:
        extras = [(extra.total.net if is_net else extra.total.gross) or ZERO for extra in item.extras]
        whole = total - sum(extras, ZERO) if extras else total
        original = Sides(net=whole) if is_net else Sides(gross=whole)
    if unit is None and original is not None:
        of_all, quantity = (original.net if is_net else original.gross) or ZERO, item.product_information.quantity
        price = of_all if quantity in (0, 1) else round_price(of_all / quantity)
        unit = UnitSides(net=price) if is_net else UnitSides(gross=price)
    return Prices(unit=unit or UnitSides(), original_total=original or Sides(), total=said.total)
