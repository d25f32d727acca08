"""At which rates a line or deposit that says no tax will be billed, as far as that is known when it is ordered.

It is determined as billing determines it: amounts that are said on both sides are judged by the same rate as on the document. Nobody is
asked about what a provider outside determines: an order shows no tax, and is taken whether or not somebody answers; the provider says the
taxes of the day of supply, several perhaps, when it is billed. Until then the side that is agreed decides.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from contor.billing.items import BillableRow, Header, items_where
from contor.billing.papers import Taxes
from contor.customers.places import addresses_at
from contor.customers.queries import Address
from contor.documents.judge import Facts, depends_on_parties
from contor.documents.request import FactsSource
from contor.documents.types import CustomerDetail, DocumentType, Tax
from contor.kernel.money import ZERO
from contor.kernel.places import alpha2
from contor.kernel.shapes import replace
from contor.orders.queries import Holding
from contor.orders.rules import Expected, Stand, trial
from contor.orders.types import LineItemBody
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups
from contor.tax.all_rates import rates_on
from contor.tax.providers import Elsewhere, Place, elsewhere


@dataclass(frozen=True)
class Rates:
    """Of what is ordered with an order or contract."""

    uow: Uow
    holding: Holding
    waits: bool = False
    """For deposits that are not paid."""

    def of_line(self, row: BillableRow, body: LineItemBody) -> Expected:
        """What has no date of supply bears the rate of the day on which it is billed; nobody knows when what is held is released."""
        config = body.processing_config
        if config is not None and config.type == "AT_DATE":
            return self._of(row, config.date)
        is_held = self.holding.on_demand if config is None else config.type == "ON_HOLD"
        return self._of(row, None if is_held or self.waits or body.agreed_deposits else self._today)

    def of_deposit(self, row: BillableRow) -> Expected:
        """The rate of the day on which it is invoiced: at once, unless somebody else invoices it."""
        return self._of(row, self._today if self.holding.bills_deposits else None)

    def of_allowance(self, row: BillableRow) -> Expected:
        """It reduces what is billed today or later, and stands beside one of the lines."""
        expected = self._of(row, None)
        if not expected.stands:
            return expected
        where = "i.contract_id = %s AND i.kind = 'LINE_ITEM' AND i.processing_status <> 'TERMINATED'"
        lines = items_where(self.uow, where, (self.holding.number,))
        beside = [self._stand(line.content.operating_site_ident, line.content) for line in lines]
        return expected._replace(stands=(*expected.stands, *beside))

    def _of(self, row: BillableRow, day: dt.date | None) -> Expected:
        header = self.holding.holder.header
        if row.operating_site_ident is not None:
            header = header._replace(operating_site_ident=row.operating_site_ident)
        if row.taxes:
            return Expected(
                (sum([tax.rate for tax in row.taxes], ZERO),),
                misstated=self._misstated(header, row, day),
                small_business=self._taxes.by_small_business(header),
                stands=(self._stand(row.operating_site_ident, row),) if any(map(depends_on_parties, row.taxes)) else (),
            )
        if self._is_determined_elsewhere(header, row):
            return Expected()
        found = self._taxes.expected(header, row, day or self._today)
        if found is None:  # no site says yet who supplies
            return Expected()
        if found.problem is not None:
            return Expected(problem=found.problem)
        if row.tax_date is not None or day is not None:
            return Expected((found.rate,))
        country = alpha2(row.tax_location.country) or ""
        known = rates_on(country, self._today)
        return Expected((found.rate, *sorted(known | self._taxes.rules.rates([country]))) if known is not None else ())

    def _is_determined_elsewhere(self, header: Header, row: BillableRow) -> bool:
        if self._elsewhere.providers is None:
            return False
        at, known_as = row.tax_location, (header.customer_ident, header.shipping_address_ident or header.invoice_address_ident)
        if known_as not in self._addresses:
            self._addresses[known_as] = addresses_at(self.uow, {known_as}).get(known_as)
        said_to = Place(alpha2(at.country) or at.country, at.street, at.city, at.state or at.region, at.postal_code)
        place = said_to.or_at(self._addresses[known_as])
        return self._elsewhere.provider_for(place.country, place.region, header.billing_group_ident) is not None

    def _misstated(self, header: Header, row: BillableRow, day: dt.date | None) -> str | None:
        """Of what is billed nobody knows when, a rate may also be the last that is in the list."""
        then = row.tax_date or day
        found = self._taxes.stated_problem(header, row, then or self._today)
        return None if then is None and self._taxes.stated_problem(header, row, dt.date.max) is None else found

    def _stand(self, site: str | None, row: BillableRow) -> Stand:
        """`site`: that it names, else the order's."""
        header = self.holding.holder.header
        site = site or header.operating_site_ident
        if site not in self._facts:
            request = replace(
                trial(row, row.taxes or (Tax(rate=ZERO),), row.total, header.currency),
                billing_group_ident=header.billing_group_ident,
                customer_detail=CustomerDetail(
                    customer_ident=header.customer_ident,
                    invoice_address_ident=header.invoice_address_ident,
                    shipping_address_ident=header.shipping_address_ident,
                ),
                operating_site_ident=site,
            )
            asked = (DocumentType.INVOICE, request)
            self._facts[site] = FactsSource(self.uow, [asked], own=True).facts(*asked)
        return Stand(self._facts[site], row.tax_location, row.performance_location)

    @cached_property
    def _facts(self) -> dict[str | None, Facts]:
        """By the site that supplies."""
        return {}

    @cached_property
    def _elsewhere(self) -> Elsewhere:
        return elsewhere(self.uow)

    @cached_property
    def _addresses(self) -> dict[tuple[str, str | None], Address | None]:
        """Of the customers, by their idents."""
        return {}

    @cached_property
    def _taxes(self) -> Taxes:
        return Taxes(self.uow, [self.holding.holder.header.customer_ident])

    @cached_property
    def _today(self) -> dt.date:
        return days_of_groups(self.uow).today(self.holding.holder.header.billing_group_ident)
