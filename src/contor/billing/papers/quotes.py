"""Items whose taxes a provider outside determines, by the country where they are taxed and the billing group: billed with what it said, or
left waiting until it does. It is asked by a worker of its own, never in a transaction that bills.

Several taxes may stand on one row (states, counties and towns of the US, provinces of CA): such documents have a picture and no e-invoice
(accounting reference 1.7).
"""

import datetime as dt
from collections.abc import Sequence

from contor.billing.items import TAX_AWAITED, Item
from contor.billing.papers.taxes import Taxes
from contor.billing.papers.types import TaxedItem
from contor.customers.places import addresses_at
from contor.documents.judge import quoted_taxes
from contor.kernel.money import ZERO
from contor.kernel.places import alpha2
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow
from contor.settings.queries import Site
from contor.tax.providers import (
    Outside,
    Place,
    Providers,
    Quotation,
    Quote,
    has_nexus,
    is_any_asked,
    properties_of,
    providers_of,
    quotes_for,
)
from contor.tax.supply import Determined


def with_quotes(uow: Uow, taxes: Taxes, rows: Sequence[TaxedItem], days: Sequence[dt.date]) -> list[TaxedItem]:
    """The items with the taxes that their providers say; `days`: beside each, the day on which it is billed."""
    found = list(rows)
    if not is_any_asked(uow):
        return found
    asked = _asked(uow, taxes, rows, days, providers_of(uow))
    quotes = quotes_for(uow, [one for _, one in asked])
    for (place, (provider, _)), quote in zip(asked, quotes, strict=True):
        found[place] = _by(quote, provider, rows[place])
    return found


def _asked(
    uow: Uow, taxes: Taxes, rows: Sequence[TaxedItem], days: Sequence[dt.date], providers: Providers
) -> list[tuple[int, tuple[Outside, Quotation]]]:
    """By the places of the rows, who is asked what. Where the company collects no tax nobody is asked: it is determined as at home."""
    if not providers.are_asked:
        return []
    outside = [
        (place, provider)
        for place, row in enumerate(rows)
        if _is_ours(row.item)
        and (provider := providers.provider_for(_country(row.item), row.item.header.billing_group_ident)) == "AVALARA"
    ]
    if not outside:
        return []
    known = {provider: dict(said) for provider, said in properties_of(uow).items()}
    headers = [rows[place].item.header for place, _ in outside]
    addresses = addresses_at(uow, {(it.customer_ident, it.shipping_address_ident or it.invoice_address_ident) for it in headers})
    asked = []
    for place, provider in outside:
        item = rows[place].item
        header, site = item.header, taxes.site(item.header)
        address = addresses.get((header.customer_ident, header.shipping_address_ident or header.invoice_address_ident))
        at = item.row.tax_location
        sent_to = Place(_country(item), at.street, at.city, at.state or at.region, at.postal_code).or_at(address)
        if site is None or not has_nexus(known.get(provider, {}), sent_to.country, sent_to.region):
            continue
        exemption = taxes.exemption_of(header.customer_ident, item.row.tax_date or days[place], sent_to.country)
        quotation = _quotation(item, site, sent_to, days[place], exemption)
        asked.append((place, (provider, quotation)))
    return asked


def _is_ours(item: Item) -> bool:
    """What we supply anew, and nobody said the tax of."""
    if item.row.taxes or item.row.pays or item.business_case.startswith("SELF_BILLED"):
        return False
    return item.type == "DEBIT" and item.related_item_id is None and item.row.credited_row is None


def _country(item: Item) -> str:
    return alpha2(item.row.tax_location.country) or item.row.tax_location.country


def _quotation(item: Item, site: Site, sent_to: Place, day: dt.date, exemption: str | None) -> Quotation:
    row = item.row
    return Quotation(
        customer_ident=item.header.customer_ident,
        currency=item.header.currency,
        day=row.tax_date or day,
        amount=row.total,
        basis=row.basis,
        quantity=row.quantity,
        category=row.supply_category or row.category,
        sent_from=Place.of_site(site.address),
        sent_to=sent_to,
        article_number=row.article_number,
        description=row.name,
        exemption=exemption,
    )


def _by(quote: Quote, provider: Outside, row: TaxedItem) -> TaxedItem:
    if quote.status == "ASKED":
        why = f"{provider} is asked which taxes it bears; it goes on by itself" if quote.problem is None else quote.problem
        return row._replace(tax=row.tax._replace(problem=why), awaits=TAX_AWAITED)
    if quote.status == "REFUSED":
        return row._replace(tax=row.tax._replace(problem=f"{quote.problem}; mend it and try the item again"))
    if not quote.taxes:  # it is not taxed there: it bears what the law at home says
        return row
    said = quoted_taxes(quote.taxes)
    item = row.item._replace(row=replace(row.item.row, taxes=said))
    return TaxedItem(item, Determined(sum((tax.rate for tax in said), ZERO), "S"))
