"""VAT as FastBill's clients say it, percent and case, in the words of a draft; and whether what was determined is what they said. Pure.

A rate of the seller's own country without a case is billed as it is said. Whatever else is said, no tax, a case, a rate of the customer's
country, is determined for the supply by the tenant's stored rules and the law, and refused where that says something else: tax that is
shown is owed (section 14c UStG), tax that is left out is owed too.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO
from contor.kernel.partial import Content
from contor.tax.rates import KINDS, rates_of

CASE, PERCENT = "vatCase", "vatPercent"
"""Properties of a draft and of a row: what a client said, where the tax is determined."""
CATEGORIES: Final[Mapping[str, frozenset[str]]] = {
    "standard": frozenset({"S", "Z"}),
    "small_business_regulation": frozenset({"E"}),
    "b2c_eu_goods": frozenset({"S", "Z"}),
    "b2c_noneu_goods": frozenset({"G"}),
    "b2b_eu_goods": frozenset({"K"}),
    "b2b_eu_services": frozenset({"AE"}),
    "b2b_noneu_goods": frozenset({"G"}),
    "b2b_noneu_services": frozenset({"O", "AE"}),
}
"""By case the categories of tax (UNTDID 5305) that fit."""
WITHOUT_TAX: Final = frozenset(CATEGORIES) - {"standard", "b2c_eu_goods"}
GOODS: Final = frozenset({"b2c_eu_goods", "b2c_noneu_goods", "b2b_eu_goods", "b2b_noneu_goods"})
INTRA_COMMUNITY: Final = "b2b_eu_goods"
"""The case that the flag EU_DELIVERY means."""


class Where(NamedTuple):
    """Who supplies where, and when."""

    home: str
    """The seller's country."""
    small_business: bool
    place: str
    """The customer's country."""
    day: dt.date


class Said(NamedTuple):
    """How a row says its tax in a draft."""

    taxes: list[Content]
    percent: Decimal | None = None
    """What the client said of a tax that is determined, to be compared with it."""


def said(case: str | None, percent: Decimal, where: Where) -> Said:
    """Raises INVALID in words where no rate or case is like that."""
    home = _kinds(where.home, where.day)
    others = rates.others if (rates := rates_of(where.home, where.day)) is not None else frozenset()
    if case == "small_business_regulation" and not where.small_business:
        raise _refused("VAT_CASE", "the seller's operating site is no small business (section 19 UStG)", case)
    if case in WITHOUT_TAX and percent:
        raise _refused("VAT_PERCENT", f"bears no tax in the case {case}", percent)
    if case is None and percent and (percent in home or percent in others or not home):
        return Said([{"rate": str(percent), "category_code": "S"}])
    if percent == ZERO:
        return Said([{"code": "STANDARD" if case in WITHOUT_TAX else "ZERO"}], percent)
    there = _kinds(where.place, where.day)
    kind = home.get(percent) or there.get(percent)
    if kind is None:
        known = ", ".join(f"{rate.normalize():f}" for rate in sorted({*home, *there}, reverse=True))
        places = where.home if where.place == where.home else f"{where.home} and {where.place}"
        raise _refused("VAT_PERCENT", f"is no rate of {places} on {where.day}: they are {known} and 0", percent)
    return Said([{"code": kind}], percent)


def differing(content: Content) -> list[Problem]:
    """Why the taxes that were determined for a draft are not those that its client said."""
    case = next((one.get("value") for one in content.get("properties") or () if one.get("key") == CASE), None)
    problems = []
    for number, item in enumerate(content.get("items") or ()):
        wanted = next((one.get("value") for one in item.get("properties") or () if one.get("key") == PERCENT), None)
        tax: Content = next(iter((item.get("tax_detail") or {}).get("taxes") or ()), {})
        if wanted is None or "rate" not in tax:
            continue
        rate, category = Decimal(tax["rate"]), tax.get("category_code") or "S"
        found = f"{rate.normalize():f} %, category {category}"
        if case is not None and category not in CATEGORIES[case]:
            message = f"{case} was said, but the tax of this supply is {found}"
            problems.append(Problem("vat_case_differs", message, f"items[{number}].VAT_CASE", case))
        elif rate != Decimal(wanted):
            message = f"{Decimal(wanted).normalize():f} was said, but the tax of this supply is {found}"
            problems.append(Problem("vat_percent_differs", message, f"items[{number}].VAT_PERCENT", wanted))
    return problems


def _kinds(country: str, day: dt.date) -> dict[Decimal, str]:
    """What each rate of the country is called."""
    found = rates_of(country, day)
    if found is None:
        return {}
    return {rate: kind for kind in reversed(KINDS) if (rate := found.of(kind)) is not None}


def _refused(field: str, message: str, value: object) -> Refused:
    return Refused(Kind.INVALID, Problem("vat_not_possible", message, field, value))
