"""What of a document concerns the threshold of distance sales: goods and electronic services to consumers in other member states. Pure.

Source: section 3a (5) sentence 3, section 3c (4) UStG; Article 59c of Directive 2006/112/EC.
"""

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from typing import Final

from contor.documents.types import Document, DocumentItem, completed_on
from contor.kernel.money import ZERO, split
from contor.kernel.places import alpha2
from contor.tax.oss import GOODS, concerns, in_euro
from contor.tax.territories import Territory, territory_of

ACCOMPANYING: Final = frozenset({"LOGISTIC_COST", "DISCOUNT"})
"""Item categories of what goes with a supply, and is taxed as that is: the first row of its tax group that is none."""
_TAXED: Final = frozenset({"S", "Z"})


def distance_sales(document: Document, credited_on: dt.date | None = None) -> dict[dt.date, Decimal]:
    """EUR net of such supplies by the day on which each is completed, after the document's allowances; of what takes back, negative, by the
    day of what it takes back. `credited_on`: the tax date of what is credited, for rows that say no day of their own; None: the date of
    that document."""
    if document.is_self_billing or document.is_deposit:
        return {}
    own, buyer = document.seller.address, document.customer
    # most documents say by these two that there is nothing to look at
    if (buyer.vat_id and buyer.customer_type != "B2C") or _is_home(document):
        return {}
    seller_state = _place(own.country, own.zip, None, own.city).member_state(is_goods=False)
    if seller_state is None:
        return {}
    rows = [item for item in document.items if item.deposit_ident is None]
    kept = _concerning(document, rows, seller_state)
    if not any(kept):
        return {}
    ledger = document.ledger
    booked_in, rate = (document.currency, None) if ledger is None else (ledger.currency, ledger.exchange_rate.rate)
    day = document.tax_date
    if document.sign < 0:
        named = [one.document_date for one in document.related if one.document_date is not None]
        day = credited_on or max(named, default=day)
    found: dict[dt.date, Decimal] = {}
    for item, net, is_kept in zip(rows, _nets(document, rows), kept, strict=True):
        if is_kept:
            then = completed_on(item) or day
            found[then] = found.get(then, ZERO) + in_euro(net, document.currency, booked_in, rate) * document.sign
    return {then: net for then, net in found.items() if net}


def _is_home(document: Document) -> bool:
    """Whether all places are under the seller's own code: what is outside there is no other member state."""
    home, sent = document.seller.address.country, document.shipping_address
    if (sent is not None and sent.country != home) or document.customer.address.country != home:
        return False
    for item in document.items:
        for place in (item.performance_location, item.tax_location):
            if place is not None and place.country != home:
                return False
    return True


def _concerning(document: Document, rows: list[DocumentItem], seller_state: str) -> list[bool]:
    """Which rows concern the threshold; what goes with others follows the first of them in its tax group, and alone on its document it goes
    with goods of another one, if it is taxed where it goes."""
    main: dict[tuple[str, Decimal], str] = {}
    for item in rows:
        if item.category not in ACCOMPANYING:
            main.setdefault((item.category_code, item.rate), item.category)
    alone = {(group.category_code, group.rate): "PHYSICAL_PRODUCT" for group in document.taxes if group.country is not None}
    main = {**alone, **main}
    followed = [main.get((it.category_code, it.rate), "") if it.category in ACCOMPANYING else it.category for it in rows]
    return [_concerns(document, item, category, seller_state) for item, category in zip(rows, followed, strict=True)]


def _concerns(document: Document, item: DocumentItem, category: str, seller_state: str) -> bool:
    if item.category_code not in _TAXED and not (item.category_code == "E" and document.seller.small_business):
        return False
    is_goods = category in GOODS
    destination = _destination(document, item, is_goods=is_goods)
    return concerns(category, False, seller_state, destination.member_state(is_goods))


def _destination(document: Document, item: DocumentItem, *, is_goods: bool) -> Territory:
    """Where goods are sent, else where it is performed or taxed, which of what is taxed at home is home; a row that says no place goes to
    the customer."""
    sent, home = document.shipping_address, document.customer.address
    if is_goods and sent is not None:
        return _place(sent.country, sent.zip, None, sent.city)
    places = [place for place in (item.performance_location, item.tax_location) if place is not None]
    if not places:
        return _place(home.country, home.zip, None, home.city)
    found = [_place(place.country, place.postal_code, place.region, place.city) for place in places]
    seller = document.seller.address.country
    return next((one for one in found if one.country != seller), found[0])


def _nets(document: Document, rows: list[DocumentItem]) -> list[Decimal]:
    """Of each row, after its share of the document's allowances and charges, as its tax group is divided."""
    nets = [item.total.net for item in rows]
    if not document.allowances_charges:
        return nets
    reduced: dict[tuple[str, Decimal], Decimal] = {}
    for one in document.allowances_charges:
        key = (one.category_code, one.rate)
        reduced[key] = reduced.get(key, ZERO) + (-one.net if one.type == "ALLOWANCE" else one.net)
    for key, whole in reduced.items():
        at = [n for n, item in enumerate(rows) if (item.category_code, item.rate) == key]
        if at:
            for n, part in zip(at, split(whole, [abs(nets[n]) for n in at], document.currency), strict=True):
                nets[n] += part
    return nets


@lru_cache(maxsize=4096)
def _place(country: str, postal_code: str | None, region: str | None, city: str | None) -> Territory:
    return territory_of(alpha2(country) or country, postal_code, region, city)
