"""What a contract has of a plan that is made of prices, as its quantities name it."""

from collections.abc import Sequence
from decimal import Decimal

from contor.catalogue.products.queries import prices_by_ident
from contor.catalogue.products.types import SETUP
from contor.runtime.uow import Uow


def quantities_of(uow: Uow, ordered: Sequence[tuple[str, Decimal]], *, with_setup: bool = True) -> dict[str, Decimal]:
    """Option: quantity, of prices with theirs. What is metered is named once, whatever is used of it; a setup fee is charged once.
    `with_setup`: false, where somebody had the product before."""
    prices = prices_by_ident(uow, [ident for ident, _ in ordered])
    found: dict[str, Decimal] = {}
    for ident, quantity in ordered:
        price = prices[ident]
        found[ident] = Decimal(1) if price.is_metered else quantity
        if price.setup_fee is not None and with_setup:
            found[f"{ident}{SETUP}"] = Decimal(1)
    return found
