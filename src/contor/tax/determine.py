"""Which value added tax a supply bears by law, by who supplies whom, what, where and when: what holds where no stored rule says anything.
Pure.

Source: sections 3a (2), 4, 13b, 19 UStG; Articles 33, 44, 138, 146, 196 MwStSystRL; accounting reference 4. The day is that on which
the supply is completed (section 27 (1) UStG).
"""

from contor.kernel.money import ZERO
from contor.tax.rates import KINDS, RateKind, rate_of
from contor.tax.supply import Determined, Supply


def taxed_in(seller_country: str, country: str, tax_scheme: str) -> str:
    """The country whose rate a supply of category S bears: by the one-stop shop where it is taxed, else the seller's."""
    return country if tax_scheme == "OSS" else seller_country


def taxing_country(supply: Supply) -> str:
    """The country whose law a supply bears, as far as a member state does: the seller's, or by the one-stop shop that where it goes."""
    return taxed_in(supply.home or supply.seller_country, supply.state or supply.country, supply.tax_scheme)


def kind_of(tax_code: str) -> RateKind:
    """The kind of rate that a tax code names; a code that names none bears the standard rate."""
    return next((kind for kind in KINDS if kind == tax_code), "STANDARD")


def determine(supply: Supply) -> Determined:
    """The tax of a supply by law."""
    if supply.small_business:
        return Determined(ZERO, "E")
    if supply.tax_code == "NOT_TAXABLE":
        return Determined(ZERO, "O")
    if supply.tax_code == "EXEMPT":
        return Determined(ZERO, "E", problem="an exempt supply needs its reason: it cannot be billed from the catalogue")
    there, here = supply.state, supply.home
    abroad = (there or supply.country) != (here or supply.seller_country) or (there is None) != (here is None)
    if abroad and there is None:
        return Determined(ZERO, "G" if supply.is_goods else "O")
    if abroad and supply.customer_type != "B2C" and supply.has_vat_id:
        return Determined(ZERO, "K" if supply.is_goods else "AE")
    if supply.exemption is not None:
        return Determined(ZERO, "E", *supply.exemption)
    country = taxing_country(supply)
    if supply.tax_code == "ZERO":
        return Determined(ZERO, "Z")
    kind, region = kind_of(supply.tax_code), supply.territory.rate_region if country == there else None
    rate = rate_of(country, supply.day, kind, region)
    if rate is None:
        missing = kind != "STANDARD" and rate_of(country, supply.day) is not None
        what = f"{country} has no {kind} rate on {supply.day}" if missing else f"the rate of {country} on {supply.day} is not known"
        return Determined(ZERO, "S", problem=what)
    return Determined(rate, "S")
