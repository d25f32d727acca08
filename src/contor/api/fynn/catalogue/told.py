"""What webhooks say of products, price plans and coupons: as their routes answer them; of one that is gone, what it was called."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import cast

from contor.api.fynn.catalogue import table
from contor.api.fynn.catalogue.coupons import coupons_shown
from contor.api.fynn.catalogue.prices import price_plans_shown
from contor.api.fynn.catalogue.products import products_shown
from contor.api.resolve import shown as with_ids
from contor.api.route import IdsOf
from contor.catalogue.coupons.stored import COUPONS
from contor.catalogue.products import PRICES, PRODUCTS
from contor.kernel.shapes import Fields
from contor.notifications.formats import Told
from contor.runtime.execute import adapter
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow

Notices = Sequence[tuple[Told, Mapping[str, object]]]
Show = Callable[[Uow, Iterable[Fields]], Sequence[object]]


def products_told(uow: Uow, told: Notices) -> list[object]:
    """Of a product that is deleted its external id alone."""
    idents = [str(said.get("productIdent")) for _, said in told]
    return _told(uow, idents, PRODUCTS, products_shown, table.ANSWERED_PRODUCT)


def price_plans_told(uow: Uow, told: Notices) -> list[object]:
    """As they are now."""
    return _told(uow, [str(said.get("priceIdent")) for _, said in told], PRICES, price_plans_shown, table.ANSWERED_PRICE)


def coupons_told(uow: Uow, told: Notices) -> list[object]:
    """Of a coupon that is deleted its code alone."""
    return _told(uow, [str(said.get("code")) for _, said in told], COUPONS, coupons_shown, table.ANSWERED_COUPON)


# helpers in calling order


def _told(uow: Uow, idents: Sequence[str], things: Resource, show: Show, ids: IdsOf) -> list[object]:
    rows = {ident: row for ident in dict.fromkeys(idents) if (row := things.find(uow, (ident,))) is not None}
    plain = [adapter(cast(Hashable, type(one))).dump_python(one, by_alias=True) for one in show(uow, list(rows.values()))]
    found = dict(zip(rows, with_ids(uow, ids, plain), strict=True))
    name = "code" if things.keys[-1] == "code" else "externalId"
    return [found.get(ident, {name: ident}) for ident in idents]
