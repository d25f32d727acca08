"""Elements of FA(3), and how it writes amounts and texts. Pure."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from lxml import etree

from contor.kernel.files import one_line

NAMESPACE: Final = "http://crd.gov.pl/wzor/2025/06/25/13775/"
Element = etree._Element
_CENT: Final = Decimal("0.01")
_PRICE: Final = Decimal("0.00000001")
_QUANTITY: Final = Decimal("0.000001")


def child(parent: Element, name: str) -> Element:
    """An element without a text."""
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")


def put(parent: Element, name: str, value: str | None) -> None:
    """An element with a text; none where there is none."""
    if value:
        child(parent, name).text = value


def text(parent: Element, name: str, value: str | None, longest: int = 256) -> None:
    """... with a text of a person's, on one line and not too long."""
    put(parent, name, one_line(value, longest))


def money(value: Decimal) -> str:
    """TKwotowy: two decimals, no exponent, no negative zero."""
    return _written(value, _CENT)


def price(value: Decimal) -> str:
    """TKwotowy2: up to eight decimals."""
    return _written(value, _PRICE)


def quantity(value: Decimal) -> str:
    """TIlosci: up to six decimals."""
    return _written(value, _QUANTITY)


def day(value: dt.date) -> str:
    return value.isoformat()


def _written(value: Decimal, unit: Decimal) -> str:
    rounded = value.quantize(unit, ROUND_HALF_UP)
    return f"{rounded + 0:f}" if unit == _CENT else f"{rounded.normalize() + 0:f}"
