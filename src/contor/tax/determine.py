"""Which value added tax a supply bears, by who supplies whom, what, where and when. Pure.

Source: sections 3a (2), 4, 13b, 19 UStG; Articles 33, 44, 138, 146, 196 MwStSystRL; accounting reference 4. The day is that on which
the supply is completed (section 27 (1) UStG).
"""

import datetime as dt
from decimal import Decimal
from typing import Final, NamedTuple

from contor.kernel.money import ZERO
from contor.tax.rates import HISTORY, KINDS, RateKind, rate_of

GOODS: Final = frozenset({"PHYSICAL_PRODUCT", "ELECTRICITY", "ELECTRICITY_RESALE", "VOUCHER"})
"""Item categories that are goods; electricity is one (section 3g UStG). Everything else is a service."""


class Supply(NamedTuple):
    """All that the tax depends on. Countries are ISO 3166-1 alpha-2."""

    seller_country: str
    small_business: bool
    customer_type: str | None
    customer_vat_id: str | None
    country: str
    """Where it is taxed, as agreed or determined before."""
    tax_code: str
    tax_scheme: str
    category: str
    day: dt.date
    exemption: tuple[str, str | None] | None = None
    """Code (BT-121) and reason why the customer's supplies bear no tax."""


class Determined(NamedTuple):
    """Rate in percent and UNCL5305 category; `problem`: why nothing could be determined."""

    rate: Decimal
    category_code: str
    exemption_reason_code: str | None = None
    exemption_reason_text: str | None = None
    problem: str | None = None


def taxed_in(seller_country: str, country: str, tax_scheme: str) -> str:
    """The country whose rate a supply of category S bears: by the one-stop shop where it is taxed, else the seller's."""
    return country if tax_scheme == "OSS" else seller_country


def kind_of(tax_code: str) -> RateKind:
    """The kind of rate that a tax code names; a code that names none bears the standard rate."""
    return next((kind for kind in KINDS if kind == tax_code), "STANDARD")


def determine(supply: Supply) -> Determined:
    """The tax of a supply."""
    if supply.small_business:
        return Determined(ZERO, "E")
    if supply.tax_code == "NOT_TAXABLE":
        return Determined(ZERO, "O")
    if supply.tax_code == "EXEMPT":
        return Determined(ZERO, "E", problem="an exempt supply needs its reason: it cannot be billed from the catalogue")
    abroad = supply.country != supply.seller_country
    is_business = supply.customer_type != "B2C" and bool(supply.customer_vat_id)
    if abroad and supply.country not in HISTORY:
        return Determined(ZERO, "G" if supply.category in GOODS else "O")
    if abroad and is_business:
        return Determined(ZERO, "K" if supply.category in GOODS else "AE")
    if supply.exemption is not None:
        return Determined(ZERO, "E", *supply.exemption)
    country = taxed_in(supply.seller_country, supply.country, supply.tax_scheme)
    if supply.tax_code == "ZERO":
        return Determined(ZERO, "Z")
    kind = kind_of(supply.tax_code)
    rate = rate_of(country, supply.day, kind)
    if rate is None:
        missing = kind != "STANDARD" and rate_of(country, supply.day) is not None
        what = f"{country} has no {kind} rate on {supply.day}" if missing else f"the rate of {country} on {supply.day} is not known"
        return Determined(ZERO, "S", problem=what)
    return Determined(rate, "S")
