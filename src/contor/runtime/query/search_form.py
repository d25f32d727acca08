"""A search checked against the fields of a thing: its form, which decides the SQL, and its values, which become parameters."""

from collections.abc import Mapping, Sequence
from typing import Any

from contor.kernel.errors import Problem
from contor.runtime.query.filterable import CODE, COUNTRY, LANGUAGE, TEXT, Filterable, FilterField, truth
from contor.runtime.query.rsql import FORBIDDEN, All, Comparison, Node, Value

Form = tuple[Any, ...]
"""The form of a search without its values: `("and" | "or", forms)` or `(kind, field, number of the first parameter)`."""


class Binding:
    """A search checked against the fields of a thing: its form and its parameters, or every finding."""

    def __init__(self, filterable: Filterable, parameter: str, names: Mapping[str, Sequence[str]] | None = None) -> None:
        """`names`: what a dialect calls fields, where each is a parameter of its own."""
        self._filterable, self._parameter, self._names = filterable, parameter, names or {}
        self.params: dict[str, object] = {}
        self.problems: list[Problem] = []

    def form(self, node: Node | None) -> Form:
        if node is None:
            return ()
        if isinstance(node, Comparison):
            return self._comparison(node)
        return ("and" if isinstance(node, All) else "or", tuple(self.form(term) for term in node.terms))

    def _comparison(self, node: Comparison) -> Form:
        found = self._filterable.find(node.field)
        if found is None:
            known = ", ".join(self._filterable.names())
            self._refuse("search_field_unknown", f"'{node.field[:100]}' cannot be searched; these can: {known}.", node.field)
            return ()
        name, kind = found
        if any(FORBIDDEN.search(part) for value in node.values for part in value.parts):
            self._refuse(
                "search_value_invalid", f"{node.field} is compared with a character that no text may have.", node.values[0].text
            )
            return ()
        if node.operator not in kind.type.operators:
            fitting = " ".join(sorted(kind.type.operators))
            self._refuse(
                "search_operator_unknown", f"'{node.field}' does not know '{node.operator}'; it knows {fitting}.", node.operator
            )
            return ()
        if node.operator == "=null=":
            return (self._null(node), name, len(self.params))
        if node.operator in ("=in=", "=out="):
            values = [self._literal(node, kind, value) for value in node.values]
            return (node.operator, name, self._bind(values))
        if len(node.values) != 1:
            self._refuse("search_value_invalid", f"{node.field}{node.operator} takes one value.", node.values[0].text)
            return ()
        (value,) = node.values
        if len(value.parts) > 1 and kind.type in (TEXT, CODE, COUNTRY, LANGUAGE) and node.operator in ("==", "!="):
            parts = [part.upper() for part in value.parts] if kind.type in (CODE, COUNTRY) else value.parts
            return self._pattern(name, node.operator, parts)
        return (node.operator, name, self._bind(self._literal(node, kind, value)))

    def _null(self, node: Comparison) -> str:
        try:
            (value,) = node.values
            return "null" if truth(value.text) else "set"
        except ValueError:
            self._refuse("search_value_invalid", f"{node.field}=null= takes true or false.", node.values[0].text)
            return ""

    def _literal(self, node: Comparison, kind: FilterField, value: Value) -> object:
        try:
            if len(value.parts) > 1:
                raise ValueError("a value without `*`" if kind.type is TEXT else "a whole value: `*` is for texts")
            return kind.read(value.text)
        except ValueError as error:
            if called := self._names.get(node.field):
                self.problems.append(Problem("search_value_invalid", f"takes {error}", called[0], value.text))
            else:
                self._refuse("search_value_invalid", f"{node.field}{node.operator} takes {error}.", value.text)
            return None

    def _pattern(self, name: str, operator: str, parts: Sequence[str]) -> Form:
        negated = "not " if operator == "!=" else ""
        if not any(parts):  # asterisks alone: whatever has a value
            return ("null" if negated else "set", name, len(self.params))
        first, *rest = parts
        if not any(rest):
            # LIKE is not leakproof and loses its index under row-level security; a range keeps it.
            number = self._bind(first)
            end = after_prefix(first)
            if end is not None:
                self._bind(end)
            return (f"{negated}{'prefix' if end is not None else 'from'}", name, number)
        return (f"{negated}like", name, self._bind("%".join(_like_literal(part) for part in parts)))

    def _bind(self, value: object) -> int:
        number = len(self.params)
        self.params[f"v{number}"] = value
        return number

    def _refuse(self, code: str, message: str, rejected: str) -> None:
        self.problems.append(Problem(code, message, self._parameter, FORBIDDEN.sub("\ufffd", rejected[:100])))


def after_prefix(prefix: str) -> str | None:
    """The first text by code point that is after every text with `prefix`; None: there is none."""
    for at in range(len(prefix) - 1, -1, -1):
        code = ord(prefix[at]) + 1
        if code == 0xD800:
            code = 0xE000  # surrogates are not characters
        if code <= 0x10FFFF:
            return prefix[:at] + chr(code)
    return None


def _like_literal(part: str) -> str:
    return part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
