"""Plans as they are sold: at the prices of the moment in which they were offered, whatever the catalogue says when somebody takes them."""

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
from contor.contracts.sold.types import FrozenPrices

__all__ = [
    "RECURS",
    "FrozenPrices",
    "content_now",
    "frozen_prices",
    "kept_prices",
    "main_option",
    "name_of",
    "options_of",
    "phase_quantities",
    "quantity_findings",
    "terms_mark",
]
