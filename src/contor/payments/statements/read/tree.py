"""An XML tree read by the names of its elements, whatever their namespace. Pure."""

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

from contor.payments.statements.read.values import countable, unreadable

Element = etree._Element
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})")


def local(element: Element) -> str:
    """The name without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element, name: str) -> Iterator[Element]:
    return element.iterchildren("{*}" + name)


def at(element: Element | None, *path: str) -> Element | None:
    """The first element at the path."""
    for name in path:
        if element is None:
            return None
        element = next(element.iterchildren("{*}" + name), None)
    return element


def says(element: Element | None) -> str:
    """Its text without outer blanks."""
    return (element.text or "").strip() if element is not None else ""


def said(element: Element | None, *path: str) -> str | None:
    """The text at the path; None: there is none."""
    return says(at(element, *path)) or None


def signed(amount: Decimal, element: Element) -> Decimal:
    """By the mark `CdtDbtInd`: positive is a credit."""
    mark = said(element, "CdtDbtInd")
    if mark not in ("CRDT", "DBIT"):
        raise unreadable(f"A {local(element)} does not say whether it is a credit or a debit (CdtDbtInd).")
    return amount if mark == "CRDT" else -amount


def day(element: Element, name: str) -> dt.date | None:
    """The day of a date or an instant, as the bank's own clock shows it; None: there is none. Raises Refused for what is no day."""
    found = at(element, name)
    match = _DAY.match(said(found, "Dt") or said(found, "DtTm") or says(found))
    if match is None:
        return None
    try:
        return countable(dt.date.fromisoformat(match[1]))
    except ValueError:
        raise unreadable(f"{match[1]} is no date.", "date_missing") from None
