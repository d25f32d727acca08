"""The one place that rounds. Amounts are `Decimal` in units of their currency; nothing here knows a float.

Source: half away from zero, by the currency's ISO 4217 exponent (accounting reference 1.1).
"""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache

import iso4217

_NO_MONEY = {"BOV", "CHE", "CHW", "COU", "MXV", "USN", "XAD"}
"""Units of account of banks: nothing is invoiced or paid in them. Metals and the codes for tests and for none have no decimals."""

_EXPONENTS: dict[str, int] = {
    found.code: found.exponent for found in iso4217.Currency if found.exponent is not None and found.code not in _NO_MONEY
}
CURRENCIES = frozenset(_EXPONENTS)
"""List one of ISO 4217, as the distribution `iso4217` has it."""

ZERO = Decimal(0)
CENT = Decimal("0.01")
HUNDRED = Decimal(100)
_MOST = 4
"""Decimals of what is no whole number of a currency's units."""
RATE_UNIT = Decimal("0.00001")
PRICE_UNIT = Decimal("1E-10")
AMOUNT_LIMIT = Decimal(10) ** 15
"""An amount has at most 15 integral digits (numeric(19,4))."""


def exponent(currency: str) -> int:
    """Decimals of the currency; 2 for what is none."""
    return _EXPONENTS.get(currency, 2)


@cache
def quantum(currency: str) -> Decimal:
    """The smallest amount of the currency, e.g. 0.01 for EUR."""
    return Decimal(1).scaleb(-exponent(currency))


_COARSEST = {"HUF": Decimal(5)}


def coarsest(currency: str) -> Decimal:
    """To what the sum that is paid is rounded at most, for there are no smaller coins: a whole (SEK, NOK, CZK), five forints, tens of what
    has no decimals."""
    return _COARSEST.get(currency, Decimal(1) if exponent(currency) else Decimal(10))


@cache
def unit_of(decimals: int) -> Decimal:
    """The smallest amount that has no more than so many decimals, e.g. 0.1 for 1."""
    return Decimal(1).scaleb(-decimals)


def round_amount(value: Decimal, currency: str, unit: Decimal | None = None) -> Decimal:
    """`value` rounded half away from zero to the currency's smallest unit; to a coarser `unit` where one is agreed. It has the
    currency's decimals in both cases."""
    if unit is None:
        return value.quantize(quantum(currency), ROUND_HALF_UP)
    return value.quantize(unit, ROUND_HALF_UP).quantize(quantum(currency))


def round_price(price: Decimal) -> Decimal:
    """A unit price as documents hold it: rounded half away from zero where it has more than 10 decimals, else as it is."""
    rounded = price.quantize(PRICE_UNIT, ROUND_HALF_UP)
    return price if rounded == price else rounded


def round_rate(rate: Decimal) -> Decimal:
    """An exchange rate as documents hold it: rounded half away from zero to 5 decimals."""
    return rate.quantize(RATE_UNIT, ROUND_HALF_UP)


def shown(value: Decimal, currency: str) -> Decimal:
    """`value` with the decimals of its currency, where it has no others than zeros beyond them."""
    rounded = round_amount(value, currency)
    return rounded if rounded == value else value


def worded(value: Decimal, currency: str) -> str:
    """An amount as every text says it: with the decimals of its currency, or four where it has more, and the currency."""
    if abs(value) >= AMOUNT_LIMIT:  # what is too large to be one is said all the same
        return f"{value:.{exponent(currency)}f} {currency}"
    said = shown(value, currency)
    return f"{said if -int(said.as_tuple().exponent) <= _MOST else said.quantize(unit_of(_MOST), ROUND_HALF_UP)} {currency}"


def counted(count: int, one: str, several: str | None = None) -> str:
    """How many of something, as every text says it: "1 file", "2 files", "2 entries"."""
    return f"{count} {one if count == 1 else several or one + 's'}"


def is_amount(value: Decimal, currency: str, unit: Decimal | None = None) -> bool:
    """Whether `value` has no more decimals than its currency (or `unit`) and at most 15 integral digits."""
    return abs(value) < AMOUNT_LIMIT and value == round_amount(value, currency, unit)


def too_fine(currency: str) -> str:
    """What is said of a value that is no amount of its currency (`is_amount`)."""
    return f"has more decimals than {currency}, which has {exponent(currency) or 'none'}, or more than 15 integral digits"


def tax_in_gross(gross: Decimal, rate: Decimal, currency: str) -> Decimal:
    """The tax contained in `gross` at `rate` percent (section 10 (1) UStG)."""
    return round_amount(gross * rate / (HUNDRED + rate), currency)


def split(total: Decimal, weights: Sequence[Decimal], currency: str, unit: Decimal | None = None) -> list[Decimal]:
    """`total` in proportion to `weights`, by largest remainder: the parts always add up to `total`. They are multiples of the
    currency's smallest unit, or of a coarser `unit`, of which `total` is one.

    Cents left over go to the largest fraction, ties to the earlier part. Weights may be negative as long as their sum is
    not zero; with a sum of zero everything goes to the first part (there is no proportion to keep).
    """
    if not weights:
        return []
    whole = sum(weights, ZERO)
    if whole == 0:
        return [total, *([ZERO] * (len(weights) - 1))]
    smallest = quantum(currency)
    exact = [total * weight / whole for weight in weights]
    if unit is None:
        unit = smallest
        parts = [share.quantize(unit, ROUND_DOWN) for share in exact]
    else:
        if total != round_amount(total, currency, unit):
            raise ValueError(f"{total} is no multiple of {unit}: it cannot be split into such")
        parts = [share.quantize(unit, ROUND_DOWN).quantize(smallest) for share in exact]
    left = total - sum(parts, ZERO)
    step = unit if left > 0 else -unit
    fractions = sorted(range(len(parts)), key=lambda i: (-(exact[i] - parts[i]) * (1 if left > 0 else -1), i))
    position = 0
    while left:
        parts[fractions[position % len(parts)]] += step
        left -= step
        position += 1
    return parts
