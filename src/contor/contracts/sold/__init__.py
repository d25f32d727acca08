"""Plans as they are sold: at the prices of the moment in which they were offered, whatever the catalogue says when somebody takes them."""

from contor.contracts.sold.called import called_in
from contor.contracts.sold.frozen import (
    RECURS,
    content_now,
    frozen_prices,
    kept_prices,
    main_option,
    name_of,
    options_of,
    phase_quantities,
    quantity_findings,
    terms_mark,
)
from contor.contracts.sold.items import (
    findings_of,
    frozen_items,
    item_findings,
    kept_price_lists,
    price_quantities,
    price_trial,
    prices_in,
    product_option,
    quantity_problems,
)
from contor.contracts.sold.types import FrozenItem, FrozenPrices, SoldItem

__all__ = [
    "RECURS",
    "FrozenItem",
    "FrozenPrices",
    "SoldItem",
    "called_in",
    "content_now",
    "findings_of",
    "frozen_items",
    "frozen_prices",
    "item_findings",
    "kept_price_lists",
    "kept_prices",
    "main_option",
    "name_of",
    "options_of",
    "phase_quantities",
    "price_quantities",
    "price_trial",
    "prices_in",
    "product_option",
    "quantity_findings",
    "quantity_problems",
    "terms_mark",
]
