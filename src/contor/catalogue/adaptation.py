"""Index adaptation: what a price is worth at a later period, by the index that the contract refers to (platform API 2.8, 4.2).

Pure.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from contor.kernel.money import ZERO

IndexValues = Sequence[tuple[dt.date, Decimal]]
"""(valid from, value), in the order of the days."""


def value_at(values: IndexValues, day: dt.date) -> Decimal | None:
    """The value that holds on a day; before the first one, the first."""
    found = None
    for valid_from, value in values:
        if found is not None and valid_from > day:
            break
        found = value
    return found


def adapted(price: Decimal, values: IndexValues, contract_start: dt.date, period_start: dt.date) -> Decimal:
    """price x value(period start) / value(contract start), exact: the row that is billed is rounded, not its price."""
    now, then = value_at(values, period_start), value_at(values, contract_start)
    if now is None or then is None or then in (ZERO, now):  # while the index stands still the price stays, to the digit
        return price
    return price * now / then
