"""What of a batch is taxed where it goes, because the threshold of distance sales is crossed or waived: it bears the scheme OSS.

Source: section 3a (5), section 3c (4) UStG. The batch is counted in its order: the very item that crosses is taxed where it goes.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.billing.items import BillableRow, Item
from contor.customers.queries import TaxStatus
from contor.documents.treatment import ACCOMPANYING
from contor.kernel.money import ZERO, tax_in_gross
from contor.kernel.places import alpha2
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow
from contor.settings.exchange import Missing, Rate, rates_of
from contor.settings.queries import Site, tenant_settings
from contor.tax.determine import kind_of
from contor.tax.oss import GOODS, OssStatuses, OssSupply, concerns, decided, destination_taxed, in_euro, member_state_of, oss_status
from contor.tax.rates import rate_of
from contor.tax.territories import territory_of

OSS = "OSS"


class Sale(NamedTuple):
    """A supply that concerns the threshold."""

    positions: tuple[int, ...]
    """Of `items`, in the batch."""
    site: Site
    state: str
    """The member state from which it is supplied."""
    items: tuple[Item, ...]
    """The first is the supply, the others go with it: freight, discounts."""
    day: dt.date
    destination: str
    """The member state where it goes; XI for goods in Northern Ireland."""

    @property
    def item(self) -> Item:
        return self.items[0]


class Origin(NamedTuple):
    """What an item bills: the same whenever it is proposed."""

    contract_id: int
    kind: str
    origin_ident: str
    period_start: dt.date
    sequence: int


LeftOut = frozenset[Origin]
"""What is not billed after all, and counts nothing."""


def origin_of(item: Item) -> Origin:
    return Origin(item.contract_id, item.kind, item.origin_ident, item.period_start, item.sequence)


class Placed(NamedTuple):
    """A batch whose items that are taxed where they go have the scheme OSS."""

    items: Sequence[tuple[Item, dt.date]]
    """Beside each the day of what says none."""
    counted: frozenset[Origin] = frozenset()
    """Items of which it depends what others bear: the threshold is crossed within the batch, and these were counted."""


def at_destination(
    uow: Uow,
    items: Sequence[tuple[Item, dt.date]],
    known: Mapping[str, Site],
    customers: Mapping[str, TaxStatus],
    left_out: LeftOut = frozenset(),
) -> Placed:
    """Which items are taxed where they go. `left_out`: items that are not billed after all, and count nothing. For who issues the batch:
    until its transaction ends nobody else counts."""
    found = list(items)
    sales = [sale for sale in _sales(items, known, customers) if not left_out or origin_of(sale.item) not in left_out]
    if not sales:
        return Placed(found)
    status = oss_status(uow, {sale.day.year for sale in sales}, lock=True)
    ledger = tenant_settings(uow).ledger_currency
    rates = rates_of(uow, {(sale.item.header.currency, sale.day) for sale in sales if sale.item.header.currency != ledger})
    by_company: dict[str, list[Sale]] = {}
    for sale in sales:
        by_company.setdefault(sale.site.legal_entity, []).append(sale)
    counted: set[Origin] = set()
    for entity, several in by_company.items():
        supplies = [_supply(sale, ledger, rates.get((sale.item.header.currency, sale.day))) for sale in several]
        flags = decided(status.by_entity[entity], supplies)
        for sale, is_taxed_there in zip(several, flags, strict=True):
            for position in sale.positions if is_taxed_there else ():
                item, day = found[position]
                found[position] = item._replace(row=_by_shop(item.row, sale.destination)), day
        if any(destination_taxed(status.by_entity[entity], one) != flag for one, flag in zip(supplies, flags, strict=True)):
            counted |= {origin_of(item) for sale in several for item in sale.items}
    return Placed(found, frozenset(counted))


def expected_scheme(
    row: BillableRow, site: Site, customer: TaxStatus, day: dt.date, statuses: Callable[[int], OssStatuses]
) -> BillableRow:
    """The row as it would be billed alone, as far as that is known now: for who asks before it is billed. `statuses`: of a year, asked for
    where the row concerns the threshold."""
    if (ends := _ends(site, row, customer, row.supply_category or row.category)) is None:
        return row
    status = statuses(day.year).of(site.ident)
    return _by_shop(row, ends[1]) if destination_taxed(status, OssSupply(day, ZERO)) else row


def _sales(items: Sequence[tuple[Item, dt.date]], known: Mapping[str, Site], customers: Mapping[str, TaxStatus]) -> list[Sale]:
    """What concerns the threshold, in the order of the batch. Most batches have nothing of it, and ask nothing more."""
    abroad = [
        (position, item, day)
        for position, (item, day) in enumerate(items)
        # what says its tax has it; what takes back has that of what it takes back; what a partner supplies is none of ours
        if not item.row.taxes
        and not item.row.pays
        and item.row.tax_scheme != OSS
        and not item.business_case.startswith("SELF_BILLED")
    ]
    if not abroad:
        return []
    usual = next((one for one in known.values() if one.default), None)
    states = {ident: member_state_of(site) for ident, site in known.items()}
    there = [
        (position, item, day, site)
        for position, item, day in abroad
        if (site := known.get(item.header.operating_site_ident or "", usual)) is not None
        and (alpha2(item.row.tax_location.country) != states[site.ident] or item.row.tax_location.postal_code)
    ]
    sales: list[Sale] = []
    main: dict[int, int] = {}
    beside = []
    for position, item, day, site in there:
        category = item.row.supply_category or item.row.category
        if category in ACCOMPANYING:
            beside.append((position, item, site))
        elif (ends := _ends(site, item.row, customers[item.header.customer_ident], category)) is not None:
            main.setdefault(item.contract_id, len(sales))
            sales.append(Sale((position,), site, ends[0], (item,), item.row.tax_date or day, ends[1]))
    for position, item, site in beside:  # it goes with the first supply of its order that concerns the threshold
        if (at := main.get(item.contract_id)) is not None and site == sales[at].site:
            sale = sales[at]
            sales[at] = sale._replace(positions=(*sale.positions, position), items=(*sale.items, item))
    return sales


def _ends(site: Site, row: BillableRow, customer: TaxStatus, category: str) -> tuple[str, str] | None:
    """The member states from which and to which something goes that concerns the threshold; None: it does not."""
    state, place, is_goods = member_state_of(site), row.tax_location, category in GOODS
    destination = territory_of(place.country, place.postal_code, place.region, place.city).member_state(is_goods)
    business = customer.customer_type != "B2C" and bool(customer.vat_id)
    if state is None or destination is None or row.tax_scheme == OSS or row.tax_code in ("EXEMPT", "NOT_TAXABLE"):
        return None
    return (state, destination) if concerns(category, business, state, destination) else None


def _by_shop(row: BillableRow, destination: str) -> BillableRow:
    """Taxed in the member state where it goes, under whatever code its address has: Monaco is France."""
    place = row.tax_location
    there = place if alpha2(place.country) == destination else replace(place, country=destination)
    return replace(row, tax_scheme=OSS, tax_location=there)


def _supply(sale: Sale, ledger: str, rate: Rate | Missing | None) -> OssSupply:
    """Net at the rate that it bears where it comes from; what has no exchange rate is not billed, and counts nothing."""
    if isinstance(rate, Missing):
        return OssSupply(sale.day, ZERO, counts=False)
    currency = sale.item.header.currency
    net = sum([_net(sale, item) for item in sale.items], ZERO)
    # nothing is supplied by a deposit yet
    return OssSupply(sale.day, in_euro(net, currency, ledger, rate.rate if rate else None), counts=sale.item.kind != "DEPOSIT")


def _net(sale: Sale, item: Item) -> Decimal:
    row, net = item.row, item.row.total
    if row.basis == "GROSS" and not sale.site.small_business:
        home = rate_of(sale.state, sale.day, kind_of(row.tax_code)) or ZERO
        net -= tax_in_gross(row.total, home, item.header.currency)
    return -net if item.type == "CREDIT" else net
