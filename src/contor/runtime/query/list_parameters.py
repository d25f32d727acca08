"""Searching, sorting and paging as callers write it in a query string, in the present words and in the older ones."""

from collections.abc import Collection, Sequence
from typing import Literal

from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.query.lists import DEFAULT_SIZE, LARGEST_SIZE, LAST_PAGE, MOST_ORDERS, ListQuery, Order, PageRequest
from contor.runtime.query.rsql import Node, parse

_PRESENT = ("page", "size", "sort")
_OLDER = ("pageNumber", "pageSize", "orderBy", "direction")


def list_query(parameters: Sequence[tuple[str, str]], *, older: bool = False, beside: Collection[str] = ()) -> ListQuery:
    """The query that the parameters of a request mean; `beside`: what else the endpoint knows.

    `search` is RSQL. `page` (0-based, default 0), `size` (default 20, at most 100) and repeated `sort=property[,asc|desc]`; or
    the older `pageNumber`, `pageSize`, `orderBy`, `direction`, which sort descending where a field is named without a direction.
    `cursor` goes on where an earlier answer said, in place of a page's number.

    With `older` the endpoint is one of those, and answers 100 rows by default. Raises `Refused` (INVALID) with every finding.
    """
    reader = _Reader(parameters)
    words = ("search", *(_OLDER if older else _PRESENT), "cursor", *beside)
    reader.problems += unknown(parameters, {"search", *_PRESENT, *_OLDER, "cursor", *beside}, words)
    where = reader.search()
    present, past = reader.given(_PRESENT), reader.given(_OLDER)
    if present and past:
        reader.refuse("paging_mixed", f"{', '.join(past)} cannot be combined with {', '.join(present)}.", past[0], None)
    if past or (older and not present):
        size = reader.whole("pageSize", LARGEST_SIZE, 1, LARGEST_SIZE)
        number = reader.whole("pageNumber", 0, 0, LAST_PAGE)
        order = reader.older_order()
    else:
        size = reader.whole("size", DEFAULT_SIZE, 1, LARGEST_SIZE)
        number = reader.whole("page", 0, 0, LAST_PAGE)
        order = reader.order()
    cursor = reader.cursor()
    if reader.problems:
        raise Refused(Kind.INVALID, *reader.problems)
    return ListQuery(where, order, PageRequest(size, number * size), cursor)


def unknown(parameters: Sequence[tuple[str, str]], known: Collection[str], told: Sequence[str]) -> list[Problem]:
    """A finding for each name that is not known, once; `told`: those that are said to be."""
    message = f"is not known here; known are {', '.join(told)}" if told else "is not known here: there are no parameters"
    names = dict.fromkeys(name for name, _ in parameters if name not in known)
    shown = [name[:100].encode(errors="replace").decode() for name in names]
    return [Problem("parameter_unknown", message, name) for name in shown]


class _Reader:
    def __init__(self, parameters: Sequence[tuple[str, str]]) -> None:
        self._parameters = parameters
        self.problems: list[Problem] = []

    def given(self, names: Sequence[str]) -> list[str]:
        return [name for name in names if any(given == name for given, _ in self._parameters)]

    def refuse(self, code: str, message: str, field: str, rejected: str | None) -> None:
        shown = rejected[:100].encode(errors="replace").decode() if rejected is not None else None
        self.problems.append(Problem(code, message, field, shown))

    def _one(self, name: str) -> str | None:
        """The value of a parameter that may be given once; empty means absent."""
        values = [value for given, value in self._parameters if given == name]
        if len(values) > 1:
            self.refuse("parameter_repeated", f"{name} is given more than once.", name, values[1])
        return values[0] or None if values else None

    def cursor(self) -> str | None:
        """Empty means absent; a page that has a number has no cursor."""
        text = self._one("cursor")
        if text is not None and (numbered := self.given(("page", "pageNumber"))):
            self.refuse("paging_mixed", f"cursor cannot be combined with {numbered[0]}.", "cursor", None)
        return text

    def search(self) -> Node | None:
        text = self._one("search")
        try:
            return parse(text) if text is not None else None
        except Refused as refused:
            self.problems += refused.problems
            return None

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        text = self._one(name)
        if text is None:
            return default
        # the length before int(), which refuses 4,300 digits with an error of its own
        if text.isascii() and text.isdigit() and len(text) <= 10 and least <= int(text) <= most:
            return int(text)
        self.refuse("page_invalid", f"{name} must be a whole number from {least} to {most}.", name, text)
        return default

    def _direction(self, text: str, name: str) -> Literal["asc", "desc"]:
        if text.strip().lower() not in ("asc", "desc"):
            self.refuse("sort_direction_unknown", f"{name} knows the directions asc and desc.", name, text)
        return "desc" if text.strip().lower() == "desc" else "asc"

    def order(self) -> tuple[Order, ...]:
        made = []
        wanted = [value for given, value in self._parameters if given == "sort" and value]
        if len(wanted) > MOST_ORDERS:
            self.refuse("sort_too_long", f"sort is given at most {MOST_ORDERS} times.", "sort", None)
        for text in wanted[:MOST_ORDERS]:
            name, comma, direction = text.partition(",")
            made.append(Order(name.strip(), self._direction(direction, "sort") if comma else "asc"))
        return tuple(made)

    def older_order(self) -> tuple[Order, ...]:
        name, given = self._one("orderBy"), self._one("direction")
        direction = self._direction(given or "desc", "direction")
        return (Order(name or "", direction),) if name or given else ()
