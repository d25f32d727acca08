"""Elements of an audit file, record by record. Pure."""

import datetime as dt
import hashlib
from contextlib import AbstractContextManager
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Protocol

from lxml import etree

from contor.kernel.files import one_line

_CENT: Final = Decimal("0.01")
_HASHED: Final = 9


class XmlWriter(Protocol):
    """What `lxml.etree.xmlfile` gives: a file that is written element by element."""

    def write(self, *parts: str | etree._Element) -> None: ...
    def element(self, tag: str) -> AbstractContextManager[object]: ...


class Node:
    """An element of one namespace."""

    def __init__(self, namespace: str, name: str, parent: "Node | None" = None) -> None:
        self.namespace = namespace
        tag = f"{{{namespace}}}{name}"
        if parent is None:
            self.element = etree.Element(tag, nsmap={None: namespace})
        else:
            self.element = etree.SubElement(parent.element, tag)

    def child(self, name: str) -> "Node":
        return Node(self.namespace, name, self)

    def put(self, name: str, value: object) -> None:
        """An element with a value that needs no judgement; none where there is none."""
        if value is not None:
            self.child(name).element.text = _plain(value)

    def text(self, name: str, value: str | None, longest: int, instead: str | None = None) -> None:
        """... with a text of a person's: on one line, not too long; `instead` where it is empty."""
        said = one_line(value, longest) or instead
        if said:
            self.child(name).element.text = said

    def money(self, name: str, value: Decimal) -> None:
        """... with an amount of two decimals."""
        self.child(name).element.text = cents(value)


def cents(value: Decimal) -> str:
    """An amount with two decimals."""
    return f"{value.quantize(_CENT, ROUND_HALF_UP) + 0:f}"


def decimal(value: Decimal, places: int) -> str:
    """A number with at most so many decimals."""
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded.normalize() + 0:f}"


def short_key(ident: str, longest: int) -> str:
    """An ident as it fits: a longer one is cut, and ends with a part of its hash, so that two stay two."""
    if len(ident) <= longest:
        return ident
    return f"{ident[: longest - _HASHED - 1]}~{hashlib.sha256(ident.encode()).hexdigest()[:_HASHED]}"


def _plain(value: object) -> str:
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%dT%H:%M:%S}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)
