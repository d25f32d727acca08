"""The taxes of the items of a calculation: given, those of an original, or determined, of all documents at once."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from contor.documents.calculation.compute import Taxed
from contor.documents.calculation.outside import Questions
from contor.documents.calculation.types import CalculationBody, CalculationItem
from contor.documents.calculation.world import World, is_of_partner
from contor.documents.exemptions import complete
from contor.documents.judge import quoted_taxes, rule_findings, tax_of
from contor.documents.types import Tax
from contor.kernel.errors import Problem
from contor.kernel.money import ZERO
from contor.kernel.places import alpha2
from contor.runtime.uow import Uow
from contor.settings.queries import Site
from contor.tax.all_rates import rate_problem
from contor.tax.destination import at_destination
from contor.tax.determination import Supplied, country_of
from contor.tax.determine import taxed_in
from contor.tax.providers import Foreseen
from contor.tax.supply import Determined, Supply

EURO: Final = "EUR"
_NOT_KNOWN: Final = (Tax(rate=ZERO),)
"""Of what lacks something else, which is a finding."""


def taxed(uow: Uow, world: World, bodies: Sequence[CalculationBody]) -> list[list[Taxed | Problem]]:
    """The taxes of each item of each document, determined all at once."""
    asked = [_asked(world, body) for body in bodies]
    answers = uow.brought if isinstance(uow.brought, Foreseen) else Foreseen({})
    outside = Questions(uow, world, bodies), answers
    supplies = at_destination(uow, asked)
    found = iter(world.determination.of([supply for of_one in supplies for supply in of_one.values()]))
    decided = [{index: next(found) for index in of_one} for of_one in supplies]
    return [
        [_of_item(world, outside, body, index, item, of_one.get(index)) for index, item in enumerate(body.items)]
        for body, of_one in zip(bodies, decided, strict=True)
    ]


def _in_euro(world: World, body: CalculationBody, item: CalculationItem) -> Decimal:
    """What counts towards the threshold of distance sales; in another currency only what is issued counts."""
    if (body.currency or world.currency) != EURO or body.type in ("DEPOSIT_INVOICE", "DEPOSIT_INVOICE_CORRECTION"):
        return ZERO
    said = item.prices.total
    return (said.net if item.tax_detail.calculation_basis == "NET" else said.gross) or ZERO


def _asked(world: World, body: CalculationBody) -> dict[int, tuple[Supply, Decimal]]:
    """The items of a document that are to be determined, each with what counts towards the threshold of distance sales: not those whose
    taxes are given or those of an original, nor what a partner supplies; nor, which is a finding, where nobody knows who is supplied."""
    if not world.knows(body.customer) or is_of_partner(body) or world.left(body) is not None:
        return {}
    buyer, determination = world.buyer(body), world.determination
    return {
        index: (determination.supply(site, buyer, _supplied(world, body, item)), _in_euro(world, body, item))
        for index, item in enumerate(body.items)
        if not item.tax_detail.taxes and (site := determination.site(item.operating_site)) is not None
    }


def _supplied(world: World, body: CalculationBody, item: CalculationItem) -> Supplied:
    place, product, exemption = item.tax_location, item.product_information, item.tax_exemption
    # of a deposit nothing is supplied yet: it bears the rate of its own day
    day = world.date(body) if body.type == "DEPOSIT_INVOICE" else item.tax_date
    return Supplied(
        country=place.country,
        day=day,
        category=product.category,
        tax_code=product.tax_code,
        tax_scheme=product.tax_scheme,
        region=place.region or place.state,
        postal_code=place.postal_code,
        city=place.city,
        exemption=None if exemption is None else (exemption.code, exemption.reason),
    )


def _of_item(
    world: World,
    outside: tuple[Questions, Foreseen],
    body: CalculationBody,
    index: int,
    item: CalculationItem,
    decided: Determined | None,
) -> Taxed | Problem:
    """The taxes of an item, and who says so."""
    questions, answers = outside
    site = world.determination.site(item.operating_site)
    ident = site.ident if site is not None else ""
    left = world.left(body)
    if left is not None:  # a credit takes back the tax of its original (accounting reference 6.5)
        row = left.rows.get(item.reference_ident or item.ident)
        said = [tax.rate for tax in item.tax_detail.taxes]
        if row is not None and said and said != [tax.rate for tax in row.item.taxes]:
            message = f"the credited row bears {row.item.rate:f} %: a credit takes back the tax of its original"
            return Problem("tax_differs_from_original", message, f"items[{index}].taxDetail.taxes", said[0])
        return Taxed(row.item.taxes if row is not None else _NOT_KNOWN, "NITROBOX", left.document.operating_site_ident)
    if item.tax_detail.taxes:
        problems = _stated_findings(world, item, index, site) if site is not None else []
        return problems[0] if problems else Taxed(item.tax_detail.taxes, "CUSTOMER_PROVIDED", ident)
    if decided is None and is_of_partner(body) and site is not None and world.knows(body.customer):
        country, small_business = world.partner(body)
        decided = world.determination.of_partner(site, country, small_business, _supplied(world, body, item)) if country else None
    if decided is None:
        return Taxed(_NOT_KNOWN, "NITROBOX", ident)
    if (asked := questions.of(body, item)) is not None:
        quote = answers.quote(*asked)
        if (lacking := quote.lacking(asked[0], f"items[{index}].taxDetail.taxes")) is not None:
            return lacking
        if quoted := quoted_taxes(quote.taxes):  # where none is due, the law that is built in says what stands there
            return Taxed(quoted, "NITROBOX", ident)
    if decided.problem is not None:
        code = item.product_information.tax_code
        return Problem("tax_not_determined", decided.problem, f"items[{index}].productInformation.taxCode", code)
    return Taxed((tax_of(decided),), "NITROBOX", ident)


def _stated_findings(world: World, item: CalculationItem, index: int, site: Site) -> list[Problem]:
    """Why no supply of the day bears the tax that is given: neither the place nor the seller's country has the rate, nor does a rule say
    it; or the rule that is named says something else."""
    place, (tax, *further), path = alpha2(item.tax_location.country), item.tax_detail.taxes, f"items[{index}].taxDetail.taxes[0]"
    rules = world.determination.rules
    if tax.determined_by is not None:
        (whole,) = complete((tax,))
        return rule_findings(whole, item.tax_date, rules, path)
    if place is None or further or tax.rate <= 0 or (tax.category_code or "S") != "S":
        return []
    countries = {place, taxed_in(country_of(site), place, item.product_information.tax_scheme)}
    problem = rate_problem(tax.rate, countries, {item.tax_date})
    if problem is None or rules.has_rate(tax.rate, countries, [item.tax_date]):
        return []
    return [Problem("rate_unknown_in_country", problem, f"{path}.rate", tax.rate)]
