"""Exact parts as amounts of a currency, rounded once and together. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from contor.kernel.money import exponent


def rounded(value: Fraction, currency: str) -> Decimal:
    """Half away from zero, to the smallest unit of the currency."""
    return Decimal(_units(value, currency)).scaleb(-exponent(currency))


def rounded_parts(total: Decimal, parts: Sequence[Fraction], currency: str) -> list[Decimal]:
    """The parts as amounts that add up to `total`, each less than one unit away from what it is, by largest remainder, ties to the earlier
    part; a part of nothing stays nothing. `total`: less than one unit away from what the parts come to, as is the difference of two
    rounded amounts of which they are the exact one. Raises ValueError for any other."""
    scale = 10 ** exponent(currency)
    exact = [part * scale for part in parts]
    units = [_floor(value) for value in exact]
    left = int(total * scale) - sum(units)
    order = sorted((at for at, value in enumerate(exact) if value), key=lambda at: (units[at] - exact[at], at))
    if not 0 <= left <= len(order):
        raise ValueError(f"{total} is not what the parts come to")
    for at in order[:left]:
        units[at] += 1
    return [Decimal(unit).scaleb(-exponent(currency)) for unit in units]


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator


def _units(value: Fraction, currency: str) -> int:
    scaled: Fraction = abs(value) * 10 ** exponent(currency)
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return whole if value >= 0 else -whole
