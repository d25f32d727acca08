"""SQL texts in the sources, and which of them name a table of another package."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from sqlalchemy import Table

STARTS = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO|USING|TABLE|ONLY)\s+(?:ONLY\s+)?", re.IGNORECASE)
NAME = re.compile(r'(?:"?(?P<schema>[a-z_]+)"?\.)?"?(?P<name>[a-z_]+)"?(?:\s+(?:AS\s+)?(?!ON\b|WHERE\b)[a-z_]+)?\s*(?P<more>,)?\s*')


@cache
def texts(source: str) -> tuple[str, ...]:
    """Every string of a module that is not a docstring; what an f-string fills in stands as `{}`, a table of ours as its name.
    Kept, because a dozen rules ask it of the same sources."""
    return tuple(_texts(ast.parse(source)))


def _texts(tree: ast.AST) -> Iterator[str]:
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs | parts:
            yield node.value


def named(text: str) -> Iterator[str]:
    """The tables that a text of SQL names, `directory.` tables with their schema, each as often as it is named."""
    for start in STARTS.finditer(text):
        position = start.end()
        while found := NAME.match(text, position):
            schema = found["schema"]
            yield f"{schema}.{found['name']}" if schema else found["name"]
            position = found.end()
            if not found["more"]:
                break


def owners(tables: Mapping[str, Table], src: Path) -> dict[str, str]:
    """Which package declares each table, by the tables' full names: the one whose `tables.py` names it."""
    owner = {}
    for path in sorted(src.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source if "_table(" in source else "")):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("tenant_table", "counter_table", "directory_table"):
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    schema = "directory." if getattr(node.func, "id", "") == "directory_table" else ""
                    owner[schema + str(first.value)] = path.relative_to(src).parts[0]
    assert set(owner) == set(tables), "every table is declared by its name"
    return owner


WRITES = re.compile(r"\b(?:UPDATE|INSERT\s+INTO|DELETE\s+FROM)\s+((?:directory\.)?\w+)", re.IGNORECASE)


def foreign(src: Path, owner: Mapping[str, str]) -> Counter[tuple[str, str]]:
    """How often each file names a table of another package in SQL. The runtime's own tables are everyone's."""
    found: Counter[tuple[str, str]] = Counter()
    for path in sorted(src.rglob("*.py")):
        package = path.relative_to(src).parts[0]
        for text in texts(path.read_text(encoding="utf-8")):
            for name in named(text):
                if owner.get(name, package) not in (package, "runtime"):
                    found[str(path.relative_to(src)), name] += 1
    return found


def written_abroad(src: Path, owner: Mapping[str, str]) -> list[str]:
    """Files that write a table of another package by SQL."""
    found = []
    for path in sorted(src.rglob("*.py")):
        package = path.relative_to(src).parts[0]
        for text in texts(path.read_text(encoding="utf-8")):
            names = [name for name in WRITES.findall(text) if owner.get(name, package) != package]
            found += [f"{path.relative_to(src)} writes {name}" for name in names]
    return found
