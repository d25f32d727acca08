"""Lists as API Platform has them: filters in dots or brackets, arrays, `order[…]`, dates before and after, `page` and `limit`."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeVar

from contor.api.fynn.manners import day_of, instant_of
from contor.api.route import By, Plain, Sought
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.query import ListQuery, Order, Page, PageRequest, Words
from contor.runtime.query.rsql import MOST_TERMS, All, AnyOf, Comparison, Node, Value

DEFAULT_LIMIT, LARGEST_LIMIT = 30, 100
LAST_PAGE: Final = 2**31 - 1
_TRUTH: Final = {"true": "true", "1": "true", "false": "false", "0": "false"}
_SIDES: Final = {"before": "<=", "strictly_before": "<", "after": ">=", "strictly_after": ">"}
_SAID: Final = {
    "before": "before this, or this",
    "strictly_before": "before this",
    "after": "behind this, or this",
    "strictly_after": "behind this",
}
_BRACKETED = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_DIRECTIONS: Final = ("asc", "desc")
NOTHING: Final = Sought()
PAGING: Final[Mapping[str, tuple[str, str]]] = {"page": ("page", ""), "limit": ("limit", "")}
"""Parameters of a list that is at hand whole."""
_Row = TypeVar("_Row")


def anywhere(*fields: str) -> "AnyText":
    """What `search` looks for: a text that stands anywhere in one of the fields."""
    return AnyText(fields)


@dataclass(frozen=True, slots=True)
class AnyText:
    fields: tuple[str, ...]

    def __call__(self, text: str) -> Node:
        terms = tuple(Comparison(name, "==", (Value(("", text, "")),)) for name in self.fields)
        return AnyOf(terms) if len(terms) > 1 else terms[0]


def list_query_of(sought: Sought, parameters: Sequence[tuple[str, str]], beside: Sequence[str] = ()) -> ListQuery:
    """The query that the parameters mean. An empty value says nothing. Raises INVALID with every finding. `beside`: what else the route
    knows."""
    reader = _Reader(sought)
    for name, value in parameters:
        if name not in beside and value:
            reader.take(name, value)
    page = reader.whole("page", 1, LAST_PAGE)
    limit = reader.whole("limit", DEFAULT_LIMIT, LARGEST_LIMIT)
    terms = reader.terms()
    if len(terms) > MOST_TERMS:
        reader.refuse("parameter_repeated", f"At most {MOST_TERMS} filters are known at once.", "", None)
    if reader.problems:
        raise Refused(Kind.INVALID, *reader.problems)
    where = All(tuple(terms)) if len(terms) > 1 else terms[0] if terms else None
    # clients that count pages from 0 mean the first one by it
    return ListQuery(where, tuple(reader.order), PageRequest(limit, limit * (max(page, 1) - 1)), words=_words(sought))


def part_of(rows: Sequence[_Row], page: str, limit: str) -> tuple[tuple[_Row, ...], Page]:
    """The rows of the page that is asked for, and which one it is: where neither is said, all are on the one. Raises INVALID. Pure."""
    if not page and not limit:
        return tuple(rows), Page(tuple(rows), 0, len(rows), len(rows))
    part = list_query_of(NOTHING, (("page", page), ("limit", limit))).page
    found = tuple(rows[part.offset : part.offset + part.size])
    return found, Page(found, part.number, part.size, len(rows))


def _words(sought: Sought) -> Words:
    """What to say instead of what is refused: a text that may stand anywhere narrows nothing down."""
    search, sort = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for name, by in sought.by.items():
        if by.form != "PART":
            search[by.field].append(f"{name}[after]" if by.form in ("DAY", "INSTANT") else name)
    for name, field_name in sought.order.items():
        sort[field_name].append(name)
    return Words(search, sort)


def parameters_of(sought: Sought) -> list[Plain]:
    """The parameters of a list as OpenAPI describes them."""
    whole = {"type": "integer", "minimum": 0}
    made: list[Plain] = [
        {"name": "page", "in": "query", "schema": {**whole, "default": 1}},
        {"name": "limit", "in": "query", "schema": {**whole, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT}},
    ]
    for name, by in sought.by.items():
        if by.form in ("DAY", "INSTANT"):
            kind: Plain = {"type": "string", "format": "date" if by.form == "DAY" else "date-time"}
            made += [_parameter(f"{name}[{side}]", kind, f"Only those whose `{name}` is {said}.") for side, said in _SAID.items()]
            continue
        one: Plain = {"type": "boolean"} if by.form == "TRUTH" else {"type": "string"}
        if by.words:
            one["enum"] = list(by.words)
        is_part = by.form == "PART"
        about = f"Only those in whose `{name}` this text stands." if is_part else f"Only those whose `{name}` is this."
        made.append(_parameter(name, one, about))
        if by.form == "EXACT":
            made.append(_parameter(f"{name}[]", {"type": "array", "items": one}, f"Only those whose `{name}` is one of these."))
    if sought.text is not None:
        made.append({"name": "search", "in": "query", "schema": {"type": "string"}})
    for name in sought.order:
        said = "".join(f"[{part}]" for part in name.split("."))
        made.append(_parameter(f"order{said}", {"type": "string", "enum": list(_DIRECTIONS)}, f"In the order of `{name}`."))
    return made


def _parameter(name: str, kind: Plain, about: str) -> Plain:
    return {"name": name, "in": "query", "schema": kind, "description": about}


@dataclass
class _Reader:
    sought: Sought
    problems: list[Problem] = field(default_factory=list)
    order: list[Order] = field(default_factory=list)
    said: dict[str, list[str]] = field(default_factory=dict)
    """Filter -> its values; of a filter that is an array, several."""
    dated: list[Comparison] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    """`page`, `limit` and `search`."""

    def refuse(self, code: str, message: str, name: str, value: str | None) -> None:
        shown = value[:100].encode(errors="replace").decode() if value is not None else None
        self.problems.append(Problem(code, message, name[:100].encode(errors="replace").decode() or None, shown))

    def take(self, name: str, value: str) -> None:
        parts = _parts(name)
        if parts is None:
            self._unknown(name)
        elif parts[0] == "order" and len(parts) > 1:
            self._ordered(name, ".".join(parts[1:]), value)
        elif len(parts) == 1 and (parts[0] in ("page", "limit") or (parts[0] == "search" and self.sought.text is not None)):
            if parts[0] in self.texts:
                self.refuse("parameter_repeated", "is said once", name, value)
            self.texts[parts[0]] = value
        elif parts[-1] in _SIDES and ".".join(parts[:-1]) in self.sought.by:
            self._dated(name, self.sought.by[".".join(parts[:-1])], parts[-1], value)
        elif (dotted := ".".join(part for part in parts if part)) in self.sought.by:
            self._filtered(name, dotted, value, is_array=parts[-1] == "")
        elif dotted not in self.sought.ignored:
            self._unknown(name)

    def _unknown(self, name: str) -> None:
        known = [*self.sought.by, *(f"order[{one}]" for one in self.sought.order), *(["search"] if self.sought.text else [])]
        self.refuse("parameter_unknown", f"is not known here; known are {', '.join([*known, 'page', 'limit'])}", name, None)

    def _ordered(self, name: str, by: str, value: str) -> None:
        if by not in self.sought.order:
            known = ", ".join(self.sought.order) or "nothing"
            self.refuse("sort_field_unknown", f"cannot be ordered by; these can: {known}", name, None)
        elif value.lower() not in _DIRECTIONS:
            self.refuse("sort_direction_unknown", "is asc or desc", name, value)
        else:
            direction: Literal["asc", "desc"] = "desc" if value.lower() == "desc" else "asc"
            self.order.append(Order(self.sought.order[by], direction))

    def _dated(self, name: str, by: By, side: str, value: str) -> None:
        try:
            text = day_of(value).isoformat() if by.form == "DAY" else instant_of(value).isoformat()
        except ValueError as error:
            self.refuse("parameter_malformed", str(error), name, value)
            return
        self.dated.append(Comparison.of(by.field, _SIDES[side], text))

    def _filtered(self, name: str, dotted: str, value: str, *, is_array: bool) -> None:
        by = self.sought.by[dotted]
        if by.form in ("DAY", "INSTANT"):
            self.refuse("parameter_malformed", f"is asked for as {name}[after] and {name}[before]", name, value)
            return
        words = _TRUTH if by.form == "TRUTH" else by.words
        if words and value not in words:
            self.refuse("parameter_malformed", f"is one of {', '.join(words)}", name, value)
        values = self.said.setdefault(dotted, [])
        if values and not is_array:
            self.refuse("parameter_repeated", f"is said once; several are {dotted}[]", name, value)
        values.append(words.get(value, value))

    def whole(self, name: str, default: int, most: int) -> int:
        text = self.texts.get(name)
        if text is None:
            return default
        if text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= most:
            return int(text)
        self.refuse("page_invalid", f"is a whole number from 0 to {most}", name, text)
        return default

    def terms(self) -> list[Node]:
        made: list[Node] = []
        for name, values in self.said.items():
            by = self.sought.by[name]
            if by.form == "PART":
                parts = tuple(Comparison(by.field, "==", (Value(("", value, "")),)) for value in values)
                made.append(AnyOf(parts) if len(parts) > 1 else parts[0])
            else:
                made.append(Comparison.of(by.field, "==" if len(values) == 1 else "=in=", *values))
        text = self.texts.get("search")
        if text is not None and self.sought.text is not None:
            made.append(self.sought.text(text))
        return made + list(self.dated)


def _parts(name: str) -> list[str] | None:
    """`customerGroup[name]` and `customerGroup.name` are the same two; the last one of `id[]` is empty. None: no name is so."""
    found = _BRACKETED.fullmatch(name)
    if found is None:
        return None
    inner = re.findall(r"\[([^\[\]]*)\]", found[2])
    if "" in inner[:-1]:
        return None
    return [part for word in (found[1], *inner) for part in (word.split(".") if word else [""])]
