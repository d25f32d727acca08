"""How the two syntaxes write an element, a number and a date. Nothing is written for an absent value. Pure."""

import datetime as dt
from decimal import Decimal
from typing import TypeAlias

from lxml import etree

from contor.kernel.money import shown

Element: TypeAlias = etree._Element
SubElement = etree.SubElement


class Names(dict[str, str]):
    """Local names of one namespace, qualified on first use."""

    def __init__(self, namespace: str) -> None:
        super().__init__()
        self.namespace = namespace

    def __missing__(self, name: str) -> str:
        qualified = self[name] = f"{{{self.namespace}}}{name}"
        return qualified


def put(parent: Element, tag: str, text: str | None) -> None:
    """`<tag>text</tag>` under `parent`, where there is a text."""
    if text:
        SubElement(parent, tag).text = text


def put_with(parent: Element, tag: str, text: str, attribute: str, value: str | None) -> None:
    """The same with one attribute, where the attribute has a value."""
    element = SubElement(parent, tag)
    element.text = text
    if value:
        element.set(attribute, value)


_KOSOVO, _KOSOVO_IN_FILES = "XK", "1A"
"""The code list of EN 16931 for countries is ISO 3166-1, which has no code for Kosovo, with one of its own for it."""


def country_in_file(country: str) -> str:
    """BT-40 and the like: the code that the standard has for a country."""
    return _KOSOVO_IN_FILES if country == _KOSOVO else country


def country_of_file(code: str) -> str:
    """The country that a code of the standard means."""
    return _KOSOVO if code == _KOSOVO_IN_FILES else code


def exact(value: Decimal) -> str:
    """A quantity, price or rate: every digit that counts, no exponent, no trailing zeros."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text  # a Decimal keeps the sign of zero


def money(value: Decimal, currency: str) -> str:
    """An amount with the decimals of its currency, however it was stored or sent; never more than two unless they count (BR-DEC)."""
    text = format(shown(value if value else abs(value), currency), "f")  # without the sign of a zero
    whole, point, decimals = text.partition(".")
    return text if len(decimals) <= 2 else f"{whole}{point}{decimals[:2]}{decimals[2:].rstrip('0')}"


def iso_date(date: dt.date | None) -> str | None:
    """2026-11-20, as UBL writes it."""
    return date.isoformat() if date is not None else None


def compact_date(date: dt.date) -> str:
    """Format 102 of UNTDID 2379: 20261120."""
    return date.isoformat().replace("-", "")


def document_bytes(root: Element) -> bytes:
    """The finished file: UTF-8 with declaration, no layout, the same bytes for the same invoice."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
