"""What is sold, and what is kept of what was offered. Pure."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from contor.catalogue.types import Price
from contor.kernel.shapes import Frozen, Ident, Quantity, shape

Pieces = Annotated[Quantity, Field(gt=0)]


class FrozenPrices(Frozen, frozen=True):
    """What an option cost when it was offered."""

    option_ident: str
    prices: tuple[Price, ...]


@shape
class SoldItem:
    """A plan, an option that is sold alone, a price of a product, or a tier of a product plan, which is its prices."""

    type: Literal["PLAN", "PRODUCT", "PRICE", "TIER"]
    ident: Ident
    """Of the plan, the option or the price; of a tier the code of its plan."""
    tier: Ident | None = None
    """Which one, where the product plan has several."""
    quantity: Pieces = Decimal(1)
    """Of a plan: of the option that is the article itself."""


class FrozenItem(Frozen, frozen=True):
    """What is bought, at the prices at which it was offered: `ident` within the cart or offer, `of` in the catalogue."""

    ident: str
    type: Literal["PLAN", "PRODUCT", "PRICE"]
    of: str
    name: str
    quantity: Decimal
    main: str | None = None
    """Of a plan: the option whose quantity that is."""
    prices: tuple[FrozenPrices, ...] = ()
    mark: str = ""
    """Tells whether the terms beside the prices are still those."""
    unit_price: Decimal | None = None
    """Of the option that is counted, in the tenant's own country; None: it goes by quantity or use."""
    is_gross: bool = False
