"""The tax of what we supply: who supplies whom is read once for a batch, then every supply is decided by the tenant's rules or by law."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import NamedTuple

from contor.customers.queries import TaxStatus, tax_status_of
from contor.customers.taxation import Exempted, Fields, classes_on, exemption_on, exemptions_in
from contor.kernel.places import alpha2
from contor.runtime.uow import Uow
from contor.settings.queries import Site, sites
from contor.tax.decide import by_law, decide
from contor.tax.determine import taxing_country
from contor.tax.rules import Rules, rules_of
from contor.tax.supply import Determined, Supply


class Supplied(NamedTuple):
    """What is supplied, where it is taxed, and when it is completed."""

    country: str
    day: dt.date
    category: str = "SERVICE"
    tax_code: str = "STANDARD"
    tax_scheme: str = "DEFAULT"
    region: str | None = None
    postal_code: str | None = None
    city: str | None = None
    exemption: tuple[str, str | None] | None = None
    """Of this supply; None: the customer's own."""


class Buyer(NamedTuple):
    """Who is supplied, as far as the tax depends on it."""

    customer_type: str | None
    vat_id: str | None = None
    vat_id_valid: bool | None = None
    classifications: frozenset[str] = frozenset()
    exemptions: tuple[Exempted, ...] = ()
    """Of all days and countries."""
    classified: Fields = ()
    """Classifications of all days, as the customer's row has them."""


class Determination:
    """For the customers of a batch."""

    def __init__(self, uow: Uow, customers: Collection[str]) -> None:
        self.sites = sites(uow)
        self.rules: Rules = rules_of(uow)
        self.status = tax_status_of(uow, customers)
        self._default = next((site for site in self.sites.values() if site.default), None)

    def site(self, ident: str | None) -> Site | None:
        """The named site, else the default one; None: there is no site yet."""
        return self.sites.get(ident or "", self._default)

    def buyer(self, customer_ident: str) -> Buyer:
        """A customer that is known."""
        return buyer_of(self.status[customer_ident])

    def supply(self, site: Site, buyer: Buyer, what: Supplied) -> Supply:
        """What is supplied by a site to a buyer, with what of the buyer's exemptions and classifications holds on its day."""
        made = Supply(
            seller_country=country_of(site),
            small_business=site.small_business,
            customer_type=buyer.customer_type,
            customer_vat_id=buyer.vat_id,
            country=alpha2(what.country) or what.country,
            tax_code=what.tax_code,
            tax_scheme=what.tax_scheme,
            category=what.category,
            day=what.day,
            exemption=what.exemption,
            vat_id_valid=buyer.vat_id_valid,
            classifications=buyer.classifications | classes_on(buyer.classified, what.day),
            operating_site=site.ident,
            region=what.region,
            postal_code=what.postal_code,
            city=what.city,
            seller_postal_code=site.address.get("zip"),
        )
        if made.exemption is not None or not buyer.exemptions:
            return made
        found = exemption_on(buyer.exemptions, what.day, taxing_country(made))
        return made._replace(exemption=found.said) if found is not None else made

    def of_partner(self, site: Site, country: str, small_business: bool, what: Supplied) -> Determined:
        """What a partner supplies to a site of ours: its status and its country decide by law, the place is ours (section 3a (2) UStG). The
        tenant's rules are for what it supplies itself."""
        here, ours = country_of(site), site.vat_id or site.tax_number
        supply = Supply(country, small_business, "B2B", ours, here, what.tax_code, what.tax_scheme, what.category, what.day)
        return by_law(supply)

    def of(self, supplies: Sequence[Supply]) -> list[Determined]:
        """The tax of each."""
        return decide(supplies, self.rules)


def buyer_of(status: TaxStatus) -> Buyer:
    """A customer, by its master data."""
    return Buyer(
        status.customer_type,
        status.vat_id,
        exemptions=exemptions_in(status.tax_exemptions),
        classified=status.tax_classifications or (),
    )


def country_of(site: Site) -> str:
    """From where a site supplies."""
    return alpha2(site.address.get("country") or "DE") or "DE"
