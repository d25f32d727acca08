"""What a plain stored thing costs: at most 25 written lines, table included, and one line per dialect."""

import ast
import inspect
from pathlib import Path

import pytest

from contor.api.platform.routes import table as routes
from contor.settings import document_output, sites, tables


def written_lines(module: object, name: str) -> int:
    """Lines of the statement that gives `name` its value."""
    tree = ast.parse(Path(inspect.getfile(module)).read_text(encoding="utf-8"))  # type: ignore[arg-type]
    found = [
        node
        for node in tree.body
        if isinstance(node, ast.Assign) and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    ]
    assert len(found) == 1
    return (found[0].end_lineno or 0) - found[0].lineno + 1


@pytest.mark.parametrize(
    ("table", "module", "resource"),
    [("tax_registration", sites, "TAX_REGISTRATIONS"), ("aggregation_configuration", document_output, "AGGREGATIONS")],
)
def test_a_plain_resource_is_short(table: str, module: object, resource: str) -> None:
    """Table and declaration together; the words of an enumeration are types."""
    assert written_lines(tables, table) + written_lines(module, resource) <= 25


def test_its_five_routes_are_one_line() -> None:
    """`*resource(path, AGGREGATIONS)` gives list, create, read, update and delete."""
    text = Path(inspect.getfile(routes)).read_text(encoding="utf-8")
    assert len([line for line in text.splitlines() if "AGGREGATIONS" in line]) == 1
    made = [row for row in routes.ROUTES if row.operation.noun == document_output.AGGREGATIONS.name]
    assert sorted(row.method for row in made) == ["DELETE", "GET", "GET", "POST", "PUT"]
