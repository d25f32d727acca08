"""Amounts as payment providers take them. Pure."""

from decimal import Decimal

from contor.kernel.money import quantum


def minor_units(amount: Decimal, currency: str) -> int:
    """In the smallest unit of the currency."""
    return int(amount / quantum(currency))
