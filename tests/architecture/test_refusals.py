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
