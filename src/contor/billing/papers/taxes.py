"""The tax of items: as ordered, or as the law says for the day on which the supply is completed."""

import datetime as dt
from collections.abc import Collection
from functools import lru_cache
from typing import Final

from contor.billing.items import BillableRow, Header, Item
from contor.billing.papers.distance import expected_scheme
from contor.billing.papers.types import TaxedItem
from contor.customers.queries import TaxStatus, home_at, tax_status_of
from contor.documents.types import Location
from contor.kernel.money import ZERO
from contor.kernel.places import alpha2
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow
from contor.settings.queries import Site, sites
from contor.tax.all_rates import rate_problem
from contor.tax.determine import determine, taxed_in
from contor.tax.supply import Determined, Supply

_BY_THE_SELLER: Final = frozenset({"S", "Z", "E"})
"""Categories of what no other place taxes, nor another owes; what is exempt stands beside what is taxed, on one document of one country."""

_tax = lru_cache(maxsize=4096)(determine)


def _exemption(customer: TaxStatus) -> tuple[str, str | None] | None:
    return next(((said["code"], said.get("reason")) for said in customer.tax_exemptions or ()), None)


def _country_of(site: Site) -> str:
    return alpha2(site.address.get("country") or "DE") or "DE"


class Taxes:
    """The tax of items, for the customers of a batch."""

    def __init__(self, uow: Uow, customers: Collection[str]) -> None:
        self._sites = sites(uow)
        self._default = next((site for site in self._sites.values() if site.default), None)
        self._customers = tax_status_of(uow, customers)
        self._uow, self._countries = uow, dict[tuple[str, str], str]()

    def of(self, item: Item, today: dt.date) -> TaxedItem:
        """The tax that was ordered; else that of the day on which the item's supply is completed."""
        if given := item.row.taxes:  # who ordered says which tax
            rate = sum([tax.rate for tax in given], ZERO)
            problem = None
            if item.related_item_id is None and item.row.credited_row is None:  # what corrects has the tax of what it corrects
                there = self._country(item.header) if item.business_case.startswith("SELF_BILLED") else None
                problem = self.stated_problem(item.header, item.row, item.row.tax_date or today, there)
            category = given[0].category_code or ("S" if rate else "Z")
            tax = Determined(rate, category, given[0].exemption_reason_code, problem=problem)
            # of what takes back it is the place of its document
            stays = len(given) > 1 or item.kind == "CREDIT" or item.row.credited_row is not None
            return TaxedItem(item, tax) if stays else self._at_home(item, tax, item.row.tax_date or today)
        site = self._site(item.header)
        if site is None:
            return TaxedItem(item, Determined(ZERO, "S", problem="there is no operating site"))
        if item.business_case.startswith("SELF_BILLED"):
            return self._of_partner(item, site, item.row.tax_date or today)
        return self._at_home(item, self._of_supply(item.header, item.row, site, today), item.row.tax_date or today)

    def expected(self, header: Header, row: BillableRow, today: dt.date) -> Determined | None:
        """The tax of what we supply that is billed today as `header` says; None: there is no site that supplies it."""
        site = self._site(header)
        return None if site is None else self._of_supply(header, expected_scheme(self._uow, header, row, today), site, today)

    def stated_problem(self, header: Header, row: BillableRow, day: dt.date, seller_country: str | None = None) -> str | None:
        """Why no supply of that day bears the rate that was ordered: neither the place of the supply nor the seller's country has it."""
        site, place, (tax, *further) = self._site(header), alpha2(row.tax_location.country), row.taxes
        if site is None or place is None or further or row.pays or tax.rate <= 0 or (tax.category_code or "S") != "S":
            return None
        countries = {place, taxed_in(seller_country or _country_of(site), place, row.tax_scheme)}
        return rate_problem(tax.rate, countries, {day})

    def by_small_business(self, header: Header) -> bool:
        """Whether who supplies shows no tax (section 19 UStG)."""
        site = self._site(header)
        return site is not None and site.small_business

    def _site(self, header: Header) -> Site | None:
        return self._sites.get(header.operating_site_ident or "", self._default)

    def _of_supply(self, header: Header, row: BillableRow, site: Site, today: dt.date) -> Determined:
        customer = self._customers[header.customer_ident]
        return _tax(
            Supply(
                _country_of(site),
                site.small_business,
                customer.customer_type,
                customer.vat_id,
                alpha2(row.tax_location.country) or row.tax_location.country,
                row.tax_code,
                row.tax_scheme,
                row.supply_category or row.category,
                row.tax_date or today,
                _exemption(customer),
            )
        )

    def _at_home(self, item: Item, tax: Determined, day: dt.date) -> TaxedItem:
        """What bears the seller's tax, not that of the one-stop shop, is taxed in the seller's country, wherever its customer is: so its
        document says, and so it is booked. A rate that was stated and only the place has is that of the place."""
        row, site = item.row, self._site(item.header)
        if site is None or row.pays or tax.category_code not in _BY_THE_SELLER or item.business_case.startswith("SELF_BILLED"):
            return TaxedItem(item, tax)
        home, place = _country_of(site), alpha2(row.tax_location.country)
        if place in (None, taxed_in(home, place or home, row.tax_scheme)) or (rate_problem(tax.rate, {home}, {day}) and tax.rate):
            return TaxedItem(item, tax)
        return TaxedItem(item._replace(row=replace(row, tax_location=Location(country=home))), tax)

    def _of_partner(self, item: Item, site: Site, day: dt.date) -> TaxedItem:
        """The partner supplies us: its status and country decide the tax, the place is ours (section 3a (2) UStG)."""
        row, there, here, customer = (
            item.row,
            self._country(item.header),
            _country_of(site),
            self._customers[item.header.customer_ident],
        )
        place = Location(country=here)
        item = item._replace(row=replace(row, tax_location=place, performance_location=place))
        ours = site.vat_id or site.tax_number
        found = _tax(Supply(there, customer.small_business, "B2B", ours, here, row.tax_code, row.tax_scheme, row.category, day))
        agreed = customer.self_billing_agreement_on
        # the agreement was asked for when the item that is corrected was billed
        if not row.total or item.related_item_id is not None:
            return TaxedItem(item, found)
        if customer.customer_type == "B2C":
            found = found._replace(problem="a private person is not billed for what it supplies: it supplies as no business")
        elif agreed is None or agreed > self._uow.ctx.today():
            found = found._replace(problem="self-billing is not agreed with the partner (section 14 (2) UStG)")
        return TaxedItem(item, found)

    def _country(self, header: Header) -> str:
        """Of the address that invoices show."""
        key = (header.customer_ident, header.invoice_address_ident)
        if key not in self._countries:
            found = home_at(self._uow, *key)
            self._countries[key] = alpha2(found.country if found else "DE") or "DE"
        return self._countries[key]
