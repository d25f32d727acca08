"""What the text of a payment names: document numbers as they stand, or what a regular expression makes of it. Pure.

Expressions are the user's, so they run on RE2: linear time in the length of the text, whatever the expression (platform API 4.7).
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Protocol

import re2

from contor.assignment.types import Reason, RegexStrategy
from contor.kernel.errors import Problem

TEXT_LIMIT = 10_000
"""Characters of a payment's text that are looked at; a bank statement has 140 to 4,000."""
CANDIDATE_LIMIT = 100
"""Idents looked up for one payment; a text that yields more is no reference."""

_TOKEN = re.compile(r"[A-Za-z0-9_.~-]+")  # the alphabet of idents; no nesting, so Python's engine is linear on it
_REPLACEMENT = re.compile(r"\\(.)|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$([0-9]{1,2})", re.DOTALL)
_BESIDE = re.compile(r"[\s:=(]{1,3}(?:EUR\s?)?(\d{1,3}(?:\.\d{3})*|\d{1,9})[,.](\d{2})(?!\d)")
_EDGES = "._~-"
_DIGIT = re.compile("[0-9]")
_LIKE_DIGITS, _FOUR_LIKE_DIGITS = re.compile("[0-9OI]{4}"), re.compile("(?:[^0-9OI]*[0-9OI]){4}")
_FOUR_DIGITS = re.compile("(?:[^0-9]*[0-9]){4}")
_WORD = re.compile(r"[^\W_]+")
_KEYED_TEXT, _LONGEST_RUN, _SHORTEST_KEY, _LONGEST_KEY = 2_000, 8, 4, 140


class Match(Protocol):
    """What an expression found in a text, of RE2 or of Python."""

    @property
    def re(self) -> "Grouped": ...

    def __getitem__(self, group: int | str, /) -> str | None: ...


class Grouped(Protocol):
    """What an expression says of its groups."""

    @property
    def groups(self) -> int: ...

    @property
    def groupindex(self) -> Mapping[str, int]: ...


class Expression(Grouped, Protocol):
    """An expression of RE2, which has no types of its own."""

    def finditer(self, text: str, /) -> Iterator[Match]: ...


def document_numbers(text: str) -> tuple[str, ...]:
    """Every word of `text` that can be a document's number, each once, in its order: the default strategy looks them up.

    A number is a whole run of ident characters with a digit in it; a run that ends in punctuation is also tried without it
    ("RE-2026-000123." or "-RE-2026-000123-").
    """
    found: dict[str, None] = {}
    for match in _TOKEN.finditer(text[:TEXT_LIMIT]):
        token = match[0]
        for candidate in (token, token.strip(_EDGES)):
            # no ident is longer, and a word without a digit is prose
            if len(candidate) <= 100 and _DIGIT.search(candidate):
                found[candidate] = None
    return tuple(found)[:CANDIDATE_LIMIT]


def compact_keys(text: str) -> dict[str, tuple[int, int]]:
    """What a printed reference or a number may have become in `text`: each run of up to eight neighbouring words without what lies
    between them, long runs first, so that the whole is found before its part; with the words that it takes. A run has whole words only,
    four characters or more, and a digit."""
    words = _WORD.findall(text[:_KEYED_TEXT].upper())
    whole, begins = "".join(words), [0, *itertools.accumulate(map(len, words))]
    nearest, at = [0] * len(words), len(words)
    for start in range(len(words) - 1, -1, -1):
        at = nearest[start] = at if words[start].isalpha() else start
    found: dict[str, tuple[int, int]] = {}
    for length in range(min(_LONGEST_RUN, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            end = start + length
            if nearest[start] < end and _SHORTEST_KEY <= begins[end] - begins[start] <= _LONGEST_KEY:
                found.setdefault(whole[begins[start] : begins[end]], (start, end))
    return found


def apart(keys: Mapping[str, tuple[int, int]], found: Iterable[str]) -> list[str]:
    """Those of the keys `found` that stand in the text by themselves, in its order: what is part of a longer one is not meant."""
    taken: list[tuple[int, int]] = []
    kept = []
    for key in sorted(set(found), key=lambda key: keys[key][0] - keys[key][1]):
        start, end = keys[key]
        if all(end <= other or start >= until for other, until in taken):
            taken.append((start, end))
            kept.append(key)
    return sorted(kept, key=lambda key: keys[key])


def confused(key: str) -> set[str]:
    """What the key may have been before somebody read O for 0 or I for 1: in front of the first digit letters, behind it digits."""
    variants = set[str]()
    if "O" in key or "I" in key:
        first = next((at for at, character in enumerate(key) if character.isdigit()), len(key))
        head, tail = key[:first], _as_digits(key[first:])
        variants = {head + tail, _as_digits(head) + tail}
    at = _LIKE_DIGITS.search(key)
    if at is not None:
        head, tail = key[: at.start()], key[at.start() :]
        variants.add(head.replace("0", "O").replace("1", "I") + _as_digits(tail))
    variants.discard(key)
    return variants


def _as_digits(text: str) -> str:
    return text.replace("O", "0").replace("I", "1")


def may_have_four_digits(key: str) -> bool:
    """Whether what it may have been can have four."""
    return _FOUR_LIKE_DIGITS.match(key) is not None


def is_sure(number: str) -> bool:
    """Whether a number can be told from others in a text: four digits, or letters before them."""
    return has_four_digits(number) or any(character.isalpha() for character in number)


def amounts_beside(text: str, numbers: Iterable[str]) -> dict[str, Decimal]:
    """What the payer writes behind each number, in his own order (section 366 (1) BGB): `RE-2026-000123 100,00`."""
    found = {}
    for number in numbers:
        at = text.find(number, 0, _KEYED_TEXT)
        match = _BESIDE.match(text, at + len(number)) if at >= 0 else None
        if match is not None:
            whole, cents = match[1].replace(".", "").replace(" ", ""), match[2]
            found[number] = Decimal(f"{whole}.{cents}")
    return found


def has_four_digits(key: str) -> bool:
    """Fewer are no number that could be told from others (three figures stand in every text)."""
    return _FOUR_DIGITS.match(key) is not None


def why_not_a_strategy(strategy: RegexStrategy) -> list[Problem]:
    """Every reason against storing a strategy: outer blanks, an expression that RE2 refuses, an unknown group."""
    expression, replacement = strategy.regular_expression, strategy.replace_with
    problems: list[Problem] = []
    if expression != expression.strip():
        text = "An expression has no blanks at its ends."
        problems.append(Problem("regular_expression_has_outer_blanks", text, "regularExpression", expression))
    try:
        compiled = _compiled(expression)
    except re2.error as error:
        text = f"Not an RE2 expression: {_reason(error)}"
        return [*problems, Problem("regular_expression_invalid", text, "regularExpression", expression)]
    for match in _REPLACEMENT.finditer(replacement or ""):
        name, number = match[2], match[3]
        # `$12` may also mean group 1 and a 2 (see `expanded`).
        unknown = number and int(number) > compiled.groups and (len(number) == 1 or int(number[0]) > compiled.groups)
        if (name and name not in compiled.groupindex) or unknown:
            text = f"The expression has no group {name or number}."
            problems.append(Problem("replacement_group_unknown", text, "replaceWith", replacement))
    return problems


def candidates(strategy: RegexStrategy | None, text: str) -> tuple[str, ...] | Reason:
    """The idents to look up for a payment with this text, to be tried in turn; or why there are none. None as strategy is the
    default: every word that can be a document's number."""
    found = document_numbers(text) if strategy is None else found_by(strategy, text)
    if not found:
        return Reason.NO_MATCH
    if strategy is not None and strategy.fail_on_multiple_matches and len(found) > 1:
        return Reason.SEVERAL_MATCHES
    return found


def found_by(strategy: RegexStrategy, text: str) -> tuple[str, ...]:
    """What the strategy makes of `text`: the idents to look up, each once, in the order found. Empty results do not count."""
    found: dict[str, None] = {}
    for match in _compiled(strategy.regular_expression).finditer(text[:TEXT_LIMIT]):
        result = match[0] if strategy.replace_with is None else expanded(strategy.replace_with, match)
        if result:
            found[result] = None
        if len(found) == CANDIDATE_LIMIT:
            break
    return tuple(found)


def expanded(replacement: str, match: Match) -> str:
    """`replacement` with the groups of `match`: `$1`, `${name}`; a backslash takes the next character as it is.

    `$12` is group 12 where there is one, else group 1 and a 2. A group that took no part is empty.
    """

    def put(found: re.Match[str]) -> str:
        literal, name, number = found.groups()
        if literal is not None:
            return literal
        if name is not None:
            return match[name] or ""
        if len(number) == 2 and int(number) > match.re.groups:
            return (match[int(number[0])] or "") + number[1]
        return match[int(number)] or ""

    return _REPLACEMENT.sub(put, replacement)


@lru_cache(maxsize=256)
def _compiled(expression: str) -> Expression:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20  # one expression needs no more; a larger program is refused
    compiled: Expression = re2.compile(expression, options=options)
    return compiled


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
