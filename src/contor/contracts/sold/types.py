"""What is kept of what was offered. Pure."""

from contor.catalogue.types import Price
from contor.kernel.shapes import Frozen


class FrozenPrices(Frozen, frozen=True):
    """What an option cost when it was offered."""

    option_ident: str
    prices: tuple[Price, ...]
