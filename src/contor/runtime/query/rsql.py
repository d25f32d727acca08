"""RSQL, the language in which callers search: `status==OPEN;(gross>100,customer.name=="Müller*")`.

Text becomes a tree and back. What the names mean, which operators and literals fit them, is not decided here.

    or         := and (("," | " or ") and)*
    and        := term ((";" | " and ") term)*
    term       := "(" or ")" | name operator (value | "(" value ("," value)* ")")
    operator   := "==" | "!=" | ">" | ">=" | "<" | "<=" | "=" letters "="
    value      := unquoted | '"' ... '"' | "'" ... "'"          a backslash in quotes takes the next character as it is

`*` stands for any text, also in quotes; `\\*` in quotes is an asterisk.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NoReturn, Union

from contor.kernel.errors import Kind, Problem, Refused

LONGEST = 4_000
"""Characters of a search."""
DEEPEST = 8
"""Parentheses within parentheses."""
MOST_TERMS = 50
"""Comparisons in one search."""

_WORDS = {"=eq=": "==", "=ne=": "!=", "=gt=": ">", "=ge=": ">=", "=lt=": "<", "=le=": "<="}
_SPACE = re.compile(r"[ \t]*")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_OPERATOR = re.compile(r"==|!=|>=|<=|>|<|=[A-Za-z]+=")
_UNQUOTED = re.compile(r"""[^\s"'(),;=<>]+""")
# as words only between blanks or before a parenthesis: a name may begin with them (`order`)
_AND = re.compile(r"[ \t]*;|[ \t]+and(?=[ \t(])", re.IGNORECASE)
_OR = re.compile(r"[ \t]*,|[ \t]+or(?=[ \t(])", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Za-z0-9_.:+~@/-]+")
FORBIDDEN = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What no searched text may have: controls, halves of characters, and what is none."""


@dataclass(frozen=True, slots=True)
class Value:
    """A text with wildcards: any text may stand between two parts. One part: exactly that text."""

    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """As a caller would recognize it."""
        return "*".join(self.parts)


@dataclass(frozen=True, slots=True)
class Comparison:
    field: str
    """As the caller wrote it."""
    operator: str
    """`==`, `!=`, `>`, `>=`, `<`, `<=`, else as written and in lower case, e.g. `=in=`."""
    values: tuple[Value, ...]

    @classmethod
    def of(cls, field: str, operator: str, *texts: str) -> "Comparison":
        """A comparison with exact texts, for dialects that filter by plain parameters."""
        return cls(field, operator, tuple(Value((text,)) for text in texts))


@dataclass(frozen=True, slots=True)
class All:
    """Every term holds. Two or more."""

    terms: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one term holds. Two or more."""

    terms: tuple["Node", ...]


Node = Union[Comparison, All, AnyOf]  # noqa: UP007  a forward reference


def parse(text: str, parameter: str = "search") -> Node:
    """The tree of `text`. Raises `Refused` (INVALID) and nothing else: `search_malformed`, `search_too_long`, `search_too_deep`,
    `search_too_many_terms`; `parameter` is the name of the field in the finding.
    """
    return _Parser(text, parameter).whole()


def render(node: Node) -> str:
    """The text whose tree is `node`."""
    if isinstance(node, Comparison):
        values = [_rendered_value(value) for value in node.values]
        return f"{node.field}{node.operator}{values[0] if len(values) == 1 else '(' + ','.join(values) + ')'}"
    between = ";" if isinstance(node, All) else ","
    return between.join(render(term) if isinstance(term, Comparison) else f"({render(term)})" for term in node.terms)


def with_names(node: Node, rename: Callable[[str], str]) -> Node:
    """The tree with every field name passed through `rename`."""
    if isinstance(node, Comparison):
        return replace(node, field=rename(node.field))
    return replace(node, terms=tuple(with_names(term, rename) for term in node.terms))


def _rendered_value(value: Value) -> str:
    if all(part == "" or _PLAIN.fullmatch(part) for part in value.parts) and value.text:  # the empty text needs its quotes
        return value.text
    quoted = "*".join(re.sub(r'([\\"*])', r"\\\1", part) for part in value.parts)
    return f'"{quoted}"'


class _Parser:
    """By descent; the depth is limited before Python's own is."""

    def __init__(self, text: str, parameter: str) -> None:
        self._text, self._parameter = text, parameter
        self._at = 0
        self._depth = 0
        self._terms = 0

    def whole(self) -> Node:
        if len(self._text) > LONGEST:
            self._refuse("search_too_long", f"A search has at most {LONGEST} characters, this one {len(self._text)}.")
        if found := FORBIDDEN.search(self._text):
            self._at = found.start()
            self._malformed("a character that no text may have")
        node = self._either()
        self._take(_SPACE)
        if self._at < len(self._text):
            self._malformed("the end, `;` or `,`")
        return node

    def _either(self) -> Node:
        terms = [self._both()]
        while self._take(_OR):
            terms.append(self._both())
        return terms[0] if len(terms) == 1 else AnyOf(tuple(terms))

    def _both(self) -> Node:
        terms = [self._term()]
        while self._take(_AND):
            terms.append(self._term())
        return terms[0] if len(terms) == 1 else All(tuple(terms))

    def _term(self) -> Node:
        self._take(_SPACE)
        if not self._follows("("):
            return self._comparison()
        self._depth += 1
        if self._depth > DEEPEST:
            self._refuse("search_too_deep", f"A search nests at most {DEEPEST} parentheses.")
        node = self._either()
        self._take(_SPACE)
        if not self._follows(")"):
            self._malformed("`)`")
        self._depth -= 1
        return node

    def _comparison(self) -> Comparison:
        self._terms += 1
        if self._terms > MOST_TERMS:
            self._refuse("search_too_many_terms", f"A search has at most {MOST_TERMS} comparisons.")
        field = self._take(_NAME) or self._malformed("the name of a field")
        self._take(_SPACE)
        operator = (self._take(_OPERATOR) or self._malformed("an operator such as `==`")).lower()
        self._take(_SPACE)
        if not self._follows("("):
            return Comparison(field, _WORDS.get(operator, operator), (self._value(),))
        values = [self._value()]
        self._take(_SPACE)
        while self._follows(","):
            values.append(self._value())
            self._take(_SPACE)
        if not self._follows(")"):
            self._malformed("`,` or `)`")
        return Comparison(field, _WORDS.get(operator, operator), tuple(values))

    def _value(self) -> Value:
        self._take(_SPACE)
        for quote in ('"', "'"):
            if self._follows(quote):
                return self._quoted(quote)
        return Value(tuple((self._take(_UNQUOTED) or self._malformed("a value")).split("*")))

    def _quoted(self, quote: str) -> Value:
        parts: list[str] = []
        part = ""
        while self._at < len(self._text):
            character = self._text[self._at]
            self._at += 1
            if character == quote:
                return Value((*parts, part))
            if character == "*":
                parts.append(part)
                part = ""
            elif character == "\\":
                part += self._text[self._at : self._at + 1]
                self._at += 1
            else:
                part += character
        return self._malformed(f"the closing {quote}")

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            return ""
        self._at = found.end()
        return found[0]

    def _follows(self, character: str) -> bool:
        if not self._text.startswith(character, self._at):
            return False
        self._at += 1
        return True

    def _malformed(self, expected: str) -> NoReturn:
        where = "its end" if self._at >= len(self._text) else f"character {self._at + 1}"
        if FORBIDDEN.search(self._text):
            self._refuse("search_malformed", f"The search has {expected} at {where}.")
        self._refuse("search_malformed", f"The search is malformed at {where}: expected is {expected}.")

    def _refuse(self, code: str, message: str) -> NoReturn:
        shown = FORBIDDEN.sub("\ufffd", self._text[:100])
        raise Refused(Kind.INVALID, Problem(code, message, self._parameter, shown))
