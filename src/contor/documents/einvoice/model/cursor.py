"""Walking through a foreign XML file: what is there, what is missing, what is no number or date; every finding, with its term.

Pure.
"""

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from lxml import etree

from contor.documents.einvoice.model.elements import Element
from contor.documents.einvoice.model.places import Located
from contor.kernel.codes import CodeList
from contor.kernel.errors import Problem
from contor.kernel.money import ZERO

_DECIMAL = re.compile(r"[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})")  # bounded: the file is not trusted
_DATE = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?")

_TRUE, _FALSE = frozenset({"true", "1"}), frozenset({"false", "0"})
_LONGEST_TOLD = 200
_CODE = re.compile(r"B[TG]-[0-9]+")

NOWHERE = dt.date.min
"""Stands for a date that is missing or wrong; the reader refuses the file, so nobody sees it."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """One element of the file, the short names of its namespaces, the findings so far and what was read (shared by all cursors of a
    file)."""

    element: Element
    names: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    seen: set[Element] = field(default_factory=set)
    """The elements whose text somebody asked for."""
    places: dict[str, int] = field(default_factory=dict)
    """The line of the file in which a term is said first, or should be; by its words, and by its code where it has one alone."""

    def all(self, path: str) -> list["Cursor"]:
        return [self._at(found) for found in self.element.findall(path, dict(self.names))]

    def one(self, path: str) -> "Cursor | None":
        found = self.element.find(path, dict(self.names))
        return None if found is None else self._at(found)

    def raw(self, path: str) -> str | None:
        """The text as written, None when empty."""
        found = self.element if path == "." else self.element.find(path, dict(self.names))
        if found is None:
            return None
        self.seen.add(found)
        return found.text if found.text and found.text.strip() else None

    def text(self, path: str, term: str = "") -> str | None:
        """The text without the white space around it, None when empty. `term`: by which its place is remembered."""
        if term:
            self.place(path, term)
        text = self.raw(path)
        return text.strip() if text else None

    def texts(self, path: str) -> list[str]:
        """The texts of all such elements as written, without the empty ones."""
        return [text for found in self.all(path) if (text := found.raw("."))]

    def own(self) -> str:
        self.seen.add(self.element)
        return (self.element.text or "").strip()

    def attribute(self, name: str) -> str | None:
        value = self.element.get(name)
        return value.strip() or None if value else None

    def must(self, path: str, term: str) -> str:
        """The text of an element that EN 16931 requires; a finding when it is missing."""
        text = self.text(path, term)
        if text is None:
            self._missing(path, term)
        return text or ""

    def code(self, path: str, term: str, codes: CodeList) -> str:
        """A code that EN 16931 requires; a finding when its list does not have it, for then nobody knows what it says."""
        text = self.must(path, term)
        if text and text not in codes:
            self.refuse("code_unknown", f"{term} is {text[:20]}, expected is {codes.expected}", path, text[:100])
        return text

    def decimal(self, path: str, term: str) -> Decimal | None:
        text = self.text(path, term)
        if text is None:
            return None
        if not _DECIMAL.fullmatch(text):
            self._wrong(path, term, "is not a decimal number, expected is one like 1234.56", text)
            return ZERO  # nobody sees it: with a finding the file is refused
        return Decimal(text)

    def amount(self, path: str, term: str) -> Decimal:
        """A number that EN 16931 requires."""
        value = self.decimal(path, term)
        if value is None:
            self._missing(path, term)
        return ZERO if value is None else value

    def truth(self, path: str, term: str) -> bool:
        """`true` or `1`, `false` or `0`, as the schemas of XML have it."""
        text = self.must(path, term)
        if text not in ("", *_TRUE, *_FALSE):
            self._wrong(path, term, "is neither true nor false", text)
        return text in _TRUE

    def date(self, path: str, term: str) -> dt.date | None:
        text = self.text(path, term)
        if text is None:
            return None
        match = _DATE.fullmatch(text)
        try:
            if match:
                return dt.date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            pass  # e.g. 31 February: reported below like any other text that is no date
        self._wrong(path, term, "is not a date, expected is one like 2026-01-31", text)
        return NOWHERE

    def must_date(self, path: str, term: str) -> dt.date:
        date = self.date(path, term)
        if date is None:
            self._missing(path, term)
        return date or NOWHERE

    def unread(self, passed_over: Collection[str]) -> tuple[str, ...]:
        """Path and text of each element that says something and was not asked for. `passed_over`: ends of paths that say nothing."""
        found = []
        for element in self.element.iter(etree.Element):
            text = (element.text or "").strip()
            if text and len(element) == 0 and element not in self.seen:
                path = Cursor(element, self.names)._where(".").removesuffix("/.")
                if not re.sub(r"\[\d+\]", "", path).endswith(tuple(passed_over)):
                    found.append(f"{path}: {text if len(text) <= _LONGEST_TOLD else text[:_LONGEST_TOLD] + '…'}")
        return tuple(found)

    def refuse(self, code: str, message: str, path: str, value: object = None) -> None:
        self.problems.append(Located(code, message, self._where(path), value, f"line {self.line(path)}"))

    def line(self, path: str = ".") -> int:
        """The line of the file in which the element begins; of one that is missing that of the element around it."""
        names, element = dict(self.names), self.element
        found = element.find(path, names)
        for step in path.split("/") if found is None else ():
            inner = element.find(step, names)
            if inner is None:
                break
            element = inner
        return int((element if found is None else found).sourceline or 1)

    def place(self, path: str, term: str) -> None:
        """Remember where a term stands; the first of its kind counts."""
        codes = _CODE.findall(term)
        for name in (term.partition(" (")[0], *(codes if len(codes) == 1 else ())):
            if name not in self.places:
                self.places[name] = self.line(path)

    def _at(self, element: Element) -> "Cursor":
        return Cursor(element, self.names, self.problems, self.seen, self.places)

    def _missing(self, path: str, term: str) -> None:
        self.refuse("einvoice_element_missing", f"{term} is missing", path)

    def _wrong(self, path: str, term: str, what: str, text: str) -> None:
        self.refuse("einvoice_element_invalid", f"{term} {what}", path, text[:100])

    def _where(self, path: str) -> str:
        here = self.element.getroottree().getelementpath(self.element)
        steps = re.sub(r"\{[^}]*\}", "", here if isinstance(here, str) else "")
        return f"{steps}/{re.sub(r'[a-z]+:', '', path)}".removeprefix("./")
