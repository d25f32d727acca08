"""The tax of items: as ordered, or as it is determined for the day on which the supply is completed."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final

from contor.billing.items import BillableRow, Header, Item
from contor.billing.papers.distance import LeftOut, Origin, at_destination, expected_scheme
from contor.billing.papers.types import TaxedItem
from contor.customers.queries import home_at
from contor.customers.taxation import exemption_on
from contor.documents.types import Location
from contor.kernel.money import ZERO
from contor.kernel.places import alpha2
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow
from contor.settings.queries import Site
from contor.tax.all_rates import rate_problem
from contor.tax.determination import Determination, Supplied, country_of
from contor.tax.determine import taxed_in
from contor.tax.oss import OssStatuses, oss_status
from contor.tax.rules import Rules
from contor.tax.supply import Determined, Supply

_BY_THE_SELLER: Final = frozenset({"S", "Z", "E"})
"""Categories of what no other place taxes, nor another owes; what is exempt stands beside what is taxed, on one document of one country."""


class Taxes:
    """The tax of items, for the customers of a batch."""

    def __init__(self, uow: Uow, customers: Collection[str]) -> None:
        self._determination = Determination(uow, customers)
        self._customers = self._determination.status
        self._uow, self._countries = uow, dict[tuple[str, str], str]()
        self._statuses: dict[int, OssStatuses] = {}
        self.counted: frozenset[Origin] = frozenset()
        """Of what the tax of others depends: see `Placed`."""

    @property
    def rules(self) -> Rules:
        """The tenant's own."""
        return self._determination.rules

    def of(self, items: Sequence[tuple[Item, dt.date]], left_out: LeftOut = frozenset()) -> list[TaxedItem]:
        """The tax of each item that was ordered; else that of the day on which its supply is completed, which is the one beside it where
        the item says none. `left_out`: see `at_destination`."""
        items, self.counted = at_destination(self._uow, items, self._determination.sites, self._customers, left_out)
        supplies = [self._to_determine(item, today) for item, today in items]
        found = iter(self._determination.of([supply for supply in supplies if supply is not None]))
        return [
            self._without_supply(item, today) if supply is None else self._at_home(item, next(found), item.row.tax_date or today)
            for (item, today), supply in zip(items, supplies, strict=True)
        ]

    def _to_determine(self, item: Item, today: dt.date) -> Supply | None:
        """What we supply by an item; None: its tax is given, or a partner supplies us."""
        site = self._site(item.header)
        if item.row.taxes or site is None or item.business_case.startswith("SELF_BILLED"):
            return None
        return self._supply(item.header, item.row, site, today)

    def _without_supply(self, item: Item, today: dt.date) -> TaxedItem:
        """What was ordered with its tax, and what a partner supplies."""
        if item.row.taxes:
            return self._as_ordered(item, today)
        site = self._site(item.header)
        if site is None:
            return TaxedItem(item, Determined(ZERO, "S", problem="there is no operating site"))
        return self._of_partner(item, site, item.row.tax_date or today)

    def _as_ordered(self, item: Item, today: dt.date) -> TaxedItem:
        """Who ordered says which tax."""
        given = item.row.taxes
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

    def expected(self, header: Header, row: BillableRow, today: dt.date) -> Determined | None:
        """The tax of what we supply that is billed today as `header` says; None: there is no site that supplies it."""
        site = self._site(header)
        if site is None:
            return None
        row = expected_scheme(row, site, self._customers[header.customer_ident], row.tax_date or today, self._oss)
        return self._determination.of([self._supply(header, row, site, today)])[0]

    def _oss(self, year: int) -> OssStatuses:
        """How far the companies are from the threshold of distance sales, read once."""
        if year not in self._statuses:
            self._statuses[year] = oss_status(self._uow, [year])
        return self._statuses[year]

    def stated_problem(self, header: Header, row: BillableRow, day: dt.date, seller_country: str | None = None) -> str | None:
        """Why no supply of that day bears the rate that was ordered: neither the place of the supply nor the seller's country has it."""
        site, place, (tax, *further) = self._site(header), alpha2(row.tax_location.country), row.taxes
        if site is None or place is None or further or row.pays or tax.rate <= 0 or (tax.category_code or "S") != "S":
            return None
        countries = {place, taxed_in(seller_country or country_of(site), place, row.tax_scheme)}
        problem = rate_problem(tax.rate, countries, {day})
        return None if problem is None or self.rules.has_rate(tax.rate, countries, [day]) else problem

    def by_small_business(self, header: Header) -> bool:
        """Whether who supplies shows no tax (section 19 UStG)."""
        site = self._site(header)
        return site is not None and site.small_business

    def by_vat_id(self, items: Sequence[tuple[Item, dt.date, bool]]) -> list[TaxedItem]:
        """The tax of what we supply where it is known whether the customer's VAT id is valid, or counts so: beside each item the day, as
        in `of`, and that."""
        supplies = []
        for item, today, is_valid in items:
            site = self._site(item.header)
            if site is None:
                raise LookupError("only what a site supplies depends on a VAT id")
            supplies.append(self._supply(item.header, item.row, site, today)._replace(vat_id_valid=is_valid))
        found = self._determination.of(supplies)
        return [self._at_home(item, tax, item.row.tax_date or today) for (item, today, _), tax in zip(items, found, strict=True)]

    def exemption_of(self, customer_ident: str, day: dt.date, country: str) -> str | None:
        """By what the customer bears no tax of that country on the day of a supply: the number of its certificate, else the code of the
        reason."""
        found = exemption_on(self._determination.buyer(customer_ident).exemptions, day, country)
        return None if found is None else found.certificate_number or found.code

    def site(self, header: Header) -> Site | None:
        """Who supplies; None: there is no site."""
        return self._site(header)

    def seller_country(self, header: Header) -> str | None:
        """Of the site that supplies; None: there is none."""
        site = self._site(header)
        return None if site is None else country_of(site)

    def _site(self, header: Header) -> Site | None:
        return self._determination.site(header.operating_site_ident)

    def _supply(self, header: Header, row: BillableRow, site: Site, today: dt.date) -> Supply:
        place = row.tax_location
        return self._determination.supply(
            site,
            self._determination.buyer(header.customer_ident),
            Supplied(
                place.country,
                row.tax_date or today,
                row.supply_category or row.category,
                row.tax_code,
                row.tax_scheme,
                place.region or place.state,
                place.postal_code,
                place.city,
            ),
        )

    def _at_home(self, item: Item, tax: Determined, day: dt.date) -> TaxedItem:
        """What bears the seller's tax, not that of the one-stop shop, is taxed in the seller's country, wherever its customer is: so its
        document says, and so it is booked. A rate that was stated and only the place has is that of the place."""
        row, site = item.row, self._site(item.header)
        if site is None or row.pays or tax.category_code not in _BY_THE_SELLER or item.business_case.startswith("SELF_BILLED"):
            return TaxedItem(item, tax)
        home, place = country_of(site), alpha2(row.tax_location.country)
        if place in (None, taxed_in(home, place or home, row.tax_scheme)) or (rate_problem(tax.rate, {home}, {day}) and tax.rate):
            return TaxedItem(item, tax)
        return TaxedItem(item._replace(row=replace(row, tax_location=Location(country=home))), tax)

    def _of_partner(self, item: Item, site: Site, day: dt.date) -> TaxedItem:
        """The partner supplies us: the place is ours."""
        row, customer = item.row, self._customers[item.header.customer_ident]
        place = Location(country=country_of(site))
        item = item._replace(row=replace(row, tax_location=place, performance_location=place))
        what = Supplied(place.country, day, row.category, row.tax_code, row.tax_scheme)
        found = self._determination.of_partner(site, self._country(item.header), customer.small_business, what)
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
