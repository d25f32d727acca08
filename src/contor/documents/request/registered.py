"""The VAT id by which a supply is declared: that of the country of taxation, where the site has one there (section 14 (4) no. 2 UStG,
Article 226 no. 3 MwStSystRL)."""

import datetime as dt
from collections.abc import Sequence

from contor.documents.types import DocumentRequest, Party
from contor.kernel.places import EU_COUNTRIES, alpha2
from contor.kernel.shapes import replace
from contor.settings.queries import Registration

_SCHEMES = ("OSS", "IOSS")


def registered(site: Party, request: DocumentRequest, registrations: Sequence[Registration], today: dt.date) -> Party:
    """The site with the id that it has where the supply is taxed on the document's day, else with that of the one-stop shop by which it
    declares what is taxed in other member states; `registrations`: the newest last."""
    item = request.items[0]  # one country for all rows
    place = item.tax_location or item.performance_location
    country = alpha2(place.country)
    if country == site.address.country or not any(tax.rate > 0 for tax in item.tax_detail.taxes):
        return site
    date = request.document_date or today
    own = [entry for entry in registrations if entry.operating_site_ident == site.ident and (entry.valid_from or date) <= date]
    there = [found for found in reversed(own) if found.scheme == "DEFAULT" and found.country == country]
    for region in (place.region, None):  # that of a region goes before that of its country
        for found in there:
            if found.region == region:
                return replace(site, vat_id=found.vat_id, tax_number=found.tax_number)
    shops = [found for scheme in _SCHEMES for found in reversed(own) if found.scheme == scheme]
    return _by_shop(site, shops[0]) if shops and (country in EU_COUNTRIES or country == "XI") else site


def _by_shop(site: Party, found: Registration) -> Party:
    """Ids of the shop that begin with no country (EU...: sellers from outside the Union) are no VAT ids of EN 16931 (BR-CO-09)."""
    if alpha2(found.vat_id[:2]) in (None, "EU"):
        return replace(site, tax_number=found.vat_id)
    return replace(site, vat_id=found.vat_id)
