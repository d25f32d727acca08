"""Facts about what can be sold. Pure."""

import datetime as dt
from decimal import Decimal
from typing import Literal

from contor.kernel.events import event


@event("price_adaptation.value_joins")
class IndexValueJoins:
    """An index is to have a further value from a day on. Who has priced by the index may refuse."""

    price_adaptation_ident: str
    valid_from: dt.date
    value: Decimal


Became = Literal["CREATED", "UPDATED", "DELETED", "ARCHIVED", "TOGGLED"]


@event("products.changed")
class ProductsChanged:
    """Products became otherwise, or are no more."""

    product_idents: tuple[str, ...]
    became: Became


@event("product_prices.archived")
class PricesArchived:
    """Nobody orders at these prices any more."""

    price_idents: tuple[str, ...]


@event("coupons.changed")
class CouponsChanged:
    """Coupons became otherwise, or are no more. TOGGLED: nobody redeems them any more, or somebody does again."""

    codes: tuple[str, ...]
    became: Became
