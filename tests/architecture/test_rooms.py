"""A package in rooms: each room is a folder with a face, its `__init__.py`, and is entered by that alone."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src"
IN_ROOMS = ("contor.billing", "contor.documents", "contor.documents.einvoice")
"""Packages that are rooms alone. What other packages may import of them: the rooms, and what is `OPEN`."""
OPEN = ("events", "queries")
"""The facts of a package, and what others read of its tables."""
WITH_ROOMS = (
    "contor.api.platform",
    "contor.assignment",
    "contor.bookkeeping",
    "contor.contracts",
    "contor.openitems",
    "contor.orders",
    "contor.organizations",
    "contor.payments",
    "contor.reports",
    "contor.settings",
    "contor.tax",
    "contor.tax.vat_numbers",
)
"""Packages with some rooms, whose other files are open to other packages."""
MOST_FILES = 14


@cache
def rooms(package: str) -> list[str]:
    folder = SRC / package.replace(".", "/")
    return [f"{package}.{face.parent.name}" for face in sorted(folder.glob("*/__init__.py"))]


@cache
def imported(source: str) -> tuple[str, ...]:
    """Modules, and what may be one: `from a.b import c` is a.b and a.b.c."""
    return tuple(_imported(ast.parse(source)))


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def is_module(name: str) -> bool:
    path = SRC / name.replace(".", "/")
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def beside_the_faces(importer: str, source: str) -> list[str]:
    """What a module (by its dotted name) imports of packages in rooms that is neither a face nor its own."""
    found = []
    for package in (*IN_ROOMS, *WITH_ROOMS):
        inside = importer == package or importer.startswith(f"{package}.")
        for name in imported(source):
            if not name.startswith(f"{package}.") or not is_module(name) or name in rooms(package):
                continue
            room = next((room for room in rooms(package) if name.startswith(f"{room}.")), None)
            if room is None:
                is_allowed = inside or package in WITH_ROOMS or name.removeprefix(f"{package}.") in OPEN
            else:
                is_allowed = importer == room or importer.startswith(f"{room}.")
            if not is_allowed:
                found.append(name)
    return found


def dotted(path: Path) -> str:
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_rooms_are_entered_by_their_faces() -> None:
    """From other packages and from other rooms."""
    found = {
        dotted(path): names
        for path in sorted(SRC.rglob("*.py"))
        if (names := beside_the_faces(dotted(path), path.read_text(encoding="utf-8")))
    }
    assert not found


@pytest.mark.parametrize(
    ("importer", "source", "names"),
    [
        ("contor.orders.lines", "from contor.billing.items import Item", []),
        ("contor.orders.attachments", "from contor.billing.events import ItemsBilled", []),
        ("contor.api.platform.routes.billing", "from contor.billing import items, runs", []),
        ("contor.billing.items.states", "from contor.billing.items.types import Item", []),
        ("contor.billing.runs.bill", "from contor.billing import tables", []),
        ("contor.orders.lines", "from contor.billing.items.types import Item", ["contor.billing.items.types"]),
        ("contor.orders.lines", "import contor.billing.items.states", ["contor.billing.items.states"]),
        ("contor.orders.lines", "from contor.billing.items import states", ["contor.billing.items.states"]),
        ("contor.orders.lines", "from contor.billing import tables", ["contor.billing.tables"]),
        ("contor.openitems.rules", "from contor.documents.queries import documents_by_id", []),
        ("contor.openitems.rules", "from contor.documents import labels", ["contor.documents.labels"]),
        ("contor.documents.after.read", "from contor.documents import tables", []),
        ("contor.documents.render.pdf", "from contor.documents.einvoice import seller_and_buyer", []),
        (
            "contor.documents.render.pdf",
            "from contor.documents.einvoice.model import EInvoice",
            ["contor.documents.einvoice.model"],
        ),
        (
            "contor.documents.render.pdf",
            "from contor.documents.einvoice.model.invoice import EInvoice",
            ["contor.documents.einvoice.model.invoice"] * 2,
        ),
        ("contor.orders.lines", "from contor.contracts.types import Contract", []),
        ("contor.contracts.read", "from contor.contracts.calendar import timeline", ["contor.contracts.calendar.timeline"]),
        ("contor.billing.runs.bill", "def f():\n    from contor.billing.items.types import Item", ["contor.billing.items.types"]),
    ],
)
def test_who_enters_elsewhere_is_found(importer: str, source: str, names: list[str]) -> None:
    assert beside_the_faces(importer, source) == names


@pytest.mark.parametrize("room", [room for package in (*IN_ROOMS, *WITH_ROOMS) for room in (package, *rooms(package))])
def test_a_room_has_a_face_and_no_more_files_than_can_be_overseen(room: str) -> None:
    folder = SRC / room.replace(".", "/")
    assert len(list(folder.glob("*.py"))) <= MOST_FILES
    face = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
    assert ast.get_docstring(face)
    handed_on = sorted(alias.asname or alias.name for node in face.body if isinstance(node, ast.ImportFrom) for alias in node.names)
    shown = [node for node in face.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"]
    assert sorted(ast.literal_eval(shown[0].value) if shown else []) == handed_on
    assert all(isinstance(node, (ast.Expr, ast.ImportFrom, ast.Assign)) for node in face.body), "a face defines nothing"
