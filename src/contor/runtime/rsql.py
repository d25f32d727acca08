"""RSQL: the query language of `search`. Text in, a tree of comparisons out, or every finding; no SQL here.

    name==x*;(total=gt=10,status=in=(OPEN,"on hold"))

`;` and `and` bind stronger than `,` and `or`. Limits: depth 8, 50 comparisons, 4,000 characters.
"""

import re
from dataclasses import dataclass
from typing import Literal

from contor.kernel.errors import Kind, Problem, Refused

MAX_DEPTH = 8
MAX_TERMS = 50
MAX_LENGTH = 4_000

Operator = Literal["==", "!=", "=gt=", "=ge=", "=lt=", "=le=", "=in=", "=out="]
_SPELLINGS: dict[str, Operator] = {
    "==": "==", "=eq=": "==", "!=": "!=", "=ne=": "!=", "=gt=": "=gt=", ">": "=gt=", "=ge=": "=ge=", ">=": "=ge=", "=lt=": "=lt=",
    "<": "=lt=", "=le=": "=le=", "<=": "=le=", "=in=": "=in=", "=out=": "=out=",
}  # fmt: skip
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<operator>=[a-z]{2,3}=|==|!=|>=|<=|>|<)
  | (?P<mark>[();,])
  | (?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
  | (?P<word>[^\s"'();,=!<>~]+)
  )""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Written:
    """A value as written. Only unquoted text has wildcards."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    field: str
    operator: Operator
    values: tuple[Written, ...]


@dataclass(frozen=True, slots=True)
class Both:
    """Every part holds."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    """Some part holds."""

    parts: "tuple[Node, ...]"


Node = Comparison | Both | Either


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def parse(text: str) -> Node:
    """The tree of `text`; raises `Refused` (INVALID) naming the place of the first thing that cannot be read."""
    if len(text) > MAX_LENGTH:
        raise malformed(f"is longer than {MAX_LENGTH} characters")
    parser = _Parser(_tokens(text))
    node = parser.either(1)
    if parser.next is not None:
        raise malformed(f"has something unexpected at character {parser.next.at + 1}", text)
    return node


def printed(node: Node) -> str:
    """The text that parses to `node`."""
    if isinstance(node, Comparison):
        values = [_written(value) for value in node.values]
        shown = f"({','.join(values)})" if node.operator in ("=in=", "=out=") else values[0]
        return f"{node.field}{node.operator}{shown}"
    joint = ";" if isinstance(node, Both) else ","
    return joint.join(f"({printed(part)})" if not isinstance(part, Comparison) else printed(part) for part in node.parts)


def malformed(why: str, value: str | None = None) -> Refused:
    return Refused(Kind.INVALID, Problem("search_malformed", f"The search {why}.", "search", (value or "")[:100] or None))


def _written(value: Written) -> str:
    if not value.quoted:
        return value.text
    escaped = value.text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _tokens(text: str) -> list[_Token]:
    tokens, at = [], 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or match.end() == at:
            raise malformed(f"cannot be read at character {at + 1}", text)
        kind = str(match.lastgroup)
        tokens.append(_Token(kind, match.group(kind), match.start(kind)))
        at = match.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens, self._at, self._terms = tokens, 0, 0

    @property
    def next(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def take(self, *wanted: str) -> _Token | None:
        """The next token if it is one of the marks or words `wanted`."""
        token = self.next
        if token is not None and token.kind in ("mark", "word") and token.text.lower() in wanted:
            self._at += 1
            return token
        return None

    def either(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise malformed(f"is nested deeper than {MAX_DEPTH}")
        parts = [self.both(depth)]
        while self.take(",", "or"):
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def both(self, depth: int) -> Node:
        parts = [self.term(depth)]
        while self.take(";", "and"):
            parts.append(self.term(depth))
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def term(self, depth: int) -> Node:
        if self.take("("):
            node = self.either(depth + 1)
            if not self.take(")"):
                raise malformed("lacks a closing parenthesis")
            return node
        return self.comparison()

    def comparison(self) -> Comparison:
        field = self._expect("word", "a field")
        operator = self._expect("operator", "an operator")
        if operator.text not in _SPELLINGS:
            raise malformed(f"has an unknown operator at character {operator.at + 1}", operator.text)
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise malformed(f"has more than {MAX_TERMS} comparisons")
        named = _SPELLINGS[operator.text]
        values = self._list() if named in ("=in=", "=out=") else (self._value(),)
        return Comparison(field.text, named, values)

    def _list(self) -> tuple[Written, ...]:
        if not self.take("("):
            raise malformed("lacks the parenthesis of a list")
        values = [self._value()]
        while self.take(","):
            values.append(self._value())
        if len(values) > MAX_TERMS:
            raise malformed(f"has a list of more than {MAX_TERMS} values")
        if not self.take(")"):
            raise malformed("lacks a closing parenthesis")
        return tuple(values)

    def _value(self) -> Written:
        token = self.next
        if token is None or token.kind not in ("word", "quoted"):
            raise malformed("lacks a value" + (f" at character {token.at + 1}" if token else ""))
        self._at += 1
        if token.kind == "quoted":
            return Written(re.sub(r"\\(.)", r"\1", token.text[1:-1], flags=re.DOTALL), quoted=True)
        return Written(token.text)

    def _expect(self, kind: str, what: str) -> _Token:
        token = self.next
        if token is None or token.kind != kind:
            raise malformed(f"lacks {what}" + (f" at character {token.at + 1}" if token else " at its end"))
        self._at += 1
        return token
