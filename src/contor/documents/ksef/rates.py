"""How Polish VAT calls a tax: the rate of a row (P_12) and the fields of its sums (P_13, P_14). Pure.

Source: information sheet of the logical structure FA(3), Ministerstwo Finansów (2025), fields P_12, P_13_1 to P_13_11.
"""

from decimal import Decimal
from typing import Final, NamedTuple

from contor.documents.types import Document, TaxGroup
from contor.kernel.places import EU_COUNTRIES


class PolishRate(NamedTuple):
    """`code`: P_12; None: a rate of another member state, said as P_12_XII. `field`: the number behind P_13, and behind P_14 where there
    is tax."""

    code: str | None
    field: str
    has_tax: bool


_POLISH: Final = {
    Decimal(23): "1",
    Decimal(22): "1",
    Decimal(8): "2",
    Decimal(7): "2",
    Decimal(5): "3",
    Decimal(4): "4",
    Decimal(3): "4",
}
_UNTAXED: Final = {
    "Z": PolishRate("0 KR", "6_1", False),
    "K": PolishRate("0 WDT", "6_2", False),
    "G": PolishRate("0 EX", "6_3", False),
    "E": PolishRate("zw", "7", False),
    "O": PolishRate("np I", "8", False),
}
_SERVICE_IN_UNION: Final = PolishRate("np II", "9", False)
_DOMESTIC_REVERSE: Final = PolishRate("oo", "10", False)


def polish_rate(category: str, rate: Decimal, country: str | None, buyer_country: str) -> PolishRate | None:
    """Of a category (UNCL5305) and rate in percent; `country`: of taxation, where it is not the seller's. None: Poland has no such tax."""
    if category == "S":
        if country not in (None, "PL"):
            return PolishRate(None, "5", True)
        field = _POLISH.get(rate)
        return None if field is None else PolishRate(f"{rate.normalize() + 0:f}", field, True)
    if category == "AE":
        abroad = buyer_country != "PL"
        return _SERVICE_IN_UNION if abroad and buyer_country in EU_COUNTRIES else _UNTAXED["O"] if abroad else _DOMESTIC_REVERSE
    return _UNTAXED.get(category)


def rate_of_group(group: TaxGroup, document: Document, buyer_country: str) -> PolishRate | None:
    """Of a tax group of the document."""
    return polish_rate(group.category_code, group.rate, group.country, buyer_country)


def country_of(document: Document, category: str, rate: Decimal) -> str | None:
    """Where what bears this tax is taxed, where that is not the seller's country."""
    return next((group.country for group in document.taxes if (group.category_code, group.rate) == (category, rate)), None)
