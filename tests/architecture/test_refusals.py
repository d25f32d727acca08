"""What a refusal says is free of Python and of internal names: for every sentence in the sources, whether a test provokes it or not."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.checkers.published import published
from tests.checkers.wording import unfit

from contor.kernel.shapes import EXPECTED

SRC = Path(__file__).parents[2] / "src" / "contor"
SAID_BY = {"Problem": 1, "PydanticCustomError": 1}
"""Calls whose argument at this place is read by callers."""
SHAPES = ("shapes.py", "types.py", "tables.py", "identifiers.py", "countries.py")
"""Files whose ValueErrors are findings of the border."""


def sentences(source: str, values: bool) -> Iterator[tuple[int, str]]:
    """(line, constant text) of every sentence; what is put into it is not known here, and stands as x."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        place = SAID_BY.get(node.func.id, 0 if values and node.func.id == "ValueError" else None)
        if place is None or len(node.args) <= place:
            continue
        said = node.args[place]
        if isinstance(said, ast.Constant):
            yield node.lineno, str(said.value)
        elif isinstance(said, ast.JoinedStr):
            yield node.lineno, "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in said.values)


FILES = sorted(SRC.rglob("*.py"))


def test_sentences_are_of_the_domain() -> None:
    found = [
        f"{path.relative_to(SRC)}:{line}: {text} ({reason})"
        for path in FILES
        for line, text in sentences(path.read_text(encoding="utf-8"), path.name in SHAPES)
        if (reason := unfit(text))
    ]
    assert found == []


def test_they_are_found() -> None:
    source = (
        'Problem("a", "Input should be a valid dict")\nProblem("b", f"{name} needs customer_ident")\nProblem("c", "is required")'
    )
    assert [line for line, text in sentences(source, False) if unfit(text)] == [1, 2]


def by_hand(source: str) -> Iterator[int]:
    """Lines of texts that put an amount before its currency by themselves: its decimals are then those of the column that it came from."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            for amount, between, currency in zip(node.values, node.values[1:], node.values[2:], strict=False):
                is_pair = isinstance(amount, ast.FormattedValue) and isinstance(currency, ast.FormattedValue)
                if is_pair and ast.unparse(between) == "' '" and ast.unparse(currency.value).endswith("currency"):  # type: ignore[attr-defined]
                    yield node.lineno


def test_amounts_are_said_by_one_function() -> None:
    """`worded`, but for the amounts of pages, which are written in the reader's language."""
    found = [
        f"{path.relative_to(SRC)}:{line}"
        for path in FILES
        if "render" not in path.parts and path.name not in ("money.py", "booking_accounts.py")  # a number of an account is none
        for line in by_hand(path.read_text(encoding="utf-8"))
    ]
    assert found == []
    assert list(by_hand('f"only {left} {case.currency} are left"')) == [1]
    assert list(by_hand('f"{worded(left, currency)} are left"')) == []


@pytest.mark.parametrize("prefix", ["/v2", "/api/v0"])
def test_every_form_of_a_text_has_words(prefix: str) -> None:
    """A refusal says in words what a pattern asks for."""

    def patterns(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            if isinstance(value.get("pattern"), str) and value.get("type") == "string" and "format" not in value:
                yield value["pattern"]
            for inner in value.values():
                yield from patterns(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from patterns(inner)

    numbers = {found for found in patterns(published()[prefix].document["components"]) if found.startswith("^(?!")}
    assert set(patterns(published()[prefix].document["components"]["schemas"])) - numbers <= set(EXPECTED)
