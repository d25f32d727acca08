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


Turn = Literal["CREATED", "UPDATED", "ARCHIVED", "DELETED", "TOGGLED"]
"""What happened to a thing of the catalogue; TOGGLED: it is withdrawn, or is no more."""


@event("catalogue.turned")
class CatalogueTurned:
    """Products, what they cost, or coupons were made, changed or put away."""

    kind: Literal["PRODUCT", "PRICE", "COUPON"]
    turn: Turn
    idents: tuple[str, ...]
    numbers: tuple[int, ...] = ()
    """Of those that were deleted, in their order: nobody finds them any more."""
