"""A stored thing by one declaration: list, get, create, update, delete, and every refusal."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from sqlalchemy import ForeignKeyConstraint
from tests.factories.tenants import Tenant

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import CATALOGUE
from contor.kernel.shapes import Amount, Currency, Ident, Name255, Text255, UnitPrice, shape
from contor.runtime.query import ListQuery, Order
from contor.runtime.query.fields import field, timestamps
from contor.runtime.resource import Keyed, Listed, Resource, Written
from contor.runtime.schema import METADATA, create_statements, tenant_table
from contor.runtime.uow import Uow


@shape
class Size:
    width: Amount
    unit: Text255 = "cm"


SHELF = tenant_table("a_shelf", field("ident", Ident, primary_key=True), field("name", Name255), *timestamps())
BOX = tenant_table(
    "a_box",
    field("shelf_ident", Ident, primary_key=True),
    field("ident", Ident, primary_key=True),
    field("name", Name255),
    field("currency", Currency, default="EUR"),
    field("price", UnitPrice),
    field("note", Text255 | None),
    field("sizes", tuple[Size, ...], default=()),
    field("secret", Text255 | None),
    *timestamps(),
    ForeignKeyConstraint(["tenant_id", "shelf_ident"], ["a_shelf.tenant_id", "a_shelf.ident"]),
)
METADATA.remove(BOX)
METADATA.remove(SHELF)


def _no_tin(uow: Uow, row: dict[str, Any]) -> None:
    row["note"] = row["note"] or "as given"
    if row["name"] == "Tin":
        raise Refused(Kind.INVALID, Problem("no_tin", "No tin.", "name", "Tin"))


def _not_the_last(uow: Uow, row: dict[str, Any]) -> None:
    if row["name"] == "Last":
        raise Refused(Kind.CONFLICT, Problem("is_last", "The last one stays."))


@pytest.fixture(scope="module")
def shelves() -> Iterator[Resource]:
    yield Resource("shelf", SHELF, permission="shelves", writable=("ident", "name"))
    _forget("shelf")


@pytest.fixture(scope="module")
def boxes(shelves: Resource, database_dsn: str) -> Iterator[Resource]:
    """Boxes on shelves; the tables are there for the tests of this file."""
    with psycopg.connect(database_dsn, autocommit=True) as connection:
        for statement in create_statements([SHELF, BOX]):
            connection.execute(statement)
        yield Resource(
            "box",
            BOX,
            permission="boxes",
            keys=("shelf_ident", "ident"),
            writable=("name", "currency", "price", "note", "sizes"),
            immutable=("currency",),
            hidden=("secret",),
            filterable=("ident", "name", "price"),
            parent=shelves,
            before_create=_no_tin,
            before_delete=_not_the_last,
        )
        _forget("box")
        connection.execute("DROP TABLE a_box, a_shelf")


def _forget(noun: str) -> None:
    for verb in ("list", "get", "create", "update", "delete"):
        del CATALOGUE[f"{noun}.{verb}"]


@pytest.fixture
def shelf(tenant: Tenant, shelves: Resource, boxes: Resource) -> Tenant:
    """A tenant with the shelf s-1."""
    tenant.execute(shelves.create, Written((), {"ident": "s-1", "name": "Shelf"}))
    return tenant


def box(ident: str = "b-1", **changes: Any) -> Written:
    return Written(("s-1",), {"ident": ident, "name": "Box", "price": Decimal("123456789012345.1234567891"), **changes})


def refused(action: Callable[[], Any]) -> tuple[Kind, list[tuple[str, str | None]]]:
    with pytest.raises(Refused) as caught:
        action()
    return caught.value.kind, [(problem.code, problem.field) for problem in caught.value.problems]


def stored(tenant: Tenant) -> list[Any]:
    return [tuple(row) for row in tenant.rows("SELECT * FROM a_box ORDER BY ident")]


def test_what_is_created_is_read_unchanged(shelf: Tenant, boxes: Resource) -> None:
    made = shelf.execute(boxes.create, box(sizes=[{"width": Decimal("123456789012345.1234")}]))
    read = shelf.execute(boxes.get, Keyed(("s-1", "b-1")))
    assert made == read
    assert {name: read[name] for name in ("shelf_ident", "ident", "name", "currency", "note")} == {
        "shelf_ident": "s-1",
        "ident": "b-1",
        "name": "Box",
        "currency": "EUR",
        "note": "as given",
    }
    assert str(read["price"]) == "123456789012345.1234567891"
    assert str(read["sizes"][0]["width"]) == "123456789012345.1234"
    assert read["sizes"][0]["unit"] == "cm"
    assert read["created_at"] == read["last_modified_at"]
    assert "secret" not in read


def test_who_gives_no_ident_gets_one(shelf: Tenant, boxes: Resource) -> None:
    made = [shelf.execute(boxes.create, Written(("s-1",), {"name": "Box", "price": Decimal(1)}))["ident"] for _ in range(2)]
    assert all(len(ident) == 36 for ident in made)
    assert made[0] != made[1]


def test_update_replaces_what_may_change(shelf: Tenant, boxes: Resource) -> None:
    shelf.execute(boxes.create, box(note="old", sizes=[{"width": 1}]))
    body = {"name": "New", "price": Decimal("0.10"), "currency": "EUR", "ident": "b-1"}
    made = shelf.execute(boxes.update, Written(("s-1", "b-1"), body))
    assert (made["name"], made["price"], made["note"], made["sizes"]) == ("New", Decimal("0.10"), None, [])
    changes = shelf.rows(
        "SELECT operation, subject_kind, subject_ident, change FROM audit_entry WHERE subject_kind = 'box' ORDER BY id"
    )
    assert [tuple(row)[:3] for row in changes] == [("box.create", "box", "b-1"), ("box.update", "box", "b-1")]
    assert changes[0].change["created"]["note"] == "old"
    assert (changes[1].change["before"]["name"], changes[1].change["after"]["name"]) == ("Box", "New")
    assert "currency" not in changes[1].change["after"]


def test_delete(shelf: Tenant, boxes: Resource) -> None:
    shelf.execute(boxes.create, box())
    shelf.execute(boxes.delete, Keyed(("s-1", "b-1")))
    assert stored(shelf) == []
    assert refused(lambda: shelf.execute(boxes.get, Keyed(("s-1", "b-1")))) == (Kind.NOT_FOUND, [("box_not_found", None)])
    assert [row.n for row in shelf.rows("SELECT count(*) AS n FROM audit_entry WHERE operation = 'box.delete'")] == [1]


def test_a_list_is_of_its_scope(shelf: Tenant, shelves: Resource, boxes: Resource) -> None:
    shelf.execute(shelves.create, Written((), {"ident": "s-2", "name": "Other"}))
    for number in range(3):
        shelf.execute(boxes.create, box(f"b-{number}", price=Decimal(number)))
    shelf.execute(boxes.create, Written(("s-2",), {"ident": "b-9", "name": "Other", "price": Decimal(9)}))
    page = shelf.execute(boxes.list, Listed(("s-1",), ListQuery(order=(Order("price", "desc"),))))
    assert ([row["ident"] for row in page.items], page.total) == (["b-2", "b-1", "b-0"], 3)
    found = refused(lambda: shelf.execute(boxes.list, Listed(("s-9",), ListQuery())))
    assert found == (Kind.NOT_FOUND, [("shelf_not_found", None)])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"name": "", "price": "x", "currency": "XYZ", "sizes": [{"width": "0.12345"}], "colour": "red"},
            ["colour", "currency", "name", "price", "sizes[0].width"],
        ),
        ({}, ["name", "price"]),
        ({"name": "Tin", "price": 1}, ["name"]),
        ({"name": "a\0b", "price": 1}, ["name"]),
        (
            {"ident": "not an ident", "name": "Box", "price": 1, "secret": "x", "created_at": "2026-01-01"},
            ["created_at", "ident", "secret"],
        ),
    ],
)
def test_every_finding_at_once(shelf: Tenant, boxes: Resource, body: dict[str, Any], expected: list[str]) -> None:
    kind, found = refused(lambda: shelf.execute(boxes.create, Written(("s-1",), body)))
    assert (kind, sorted(str(name) for _, name in found)) == (Kind.INVALID, expected)
    assert stored(shelf) == []


def test_an_ident_is_taken_once(shelf: Tenant, boxes: Resource) -> None:
    shelf.execute(boxes.create, box())
    before = stored(shelf)
    assert refused(lambda: shelf.execute(boxes.create, box(name="Other"))) == (Kind.CONFLICT, [("box_exists", "ident")])
    assert stored(shelf) == before


@pytest.mark.parametrize("changed", [{"currency": "USD"}, {"ident": "b-2"}])
def test_what_is_fixed_stays(shelf: Tenant, boxes: Resource, changed: dict[str, str]) -> None:
    shelf.execute(boxes.create, box())
    before = stored(shelf)
    body = {"name": "New", "price": Decimal(1), **changed}
    found = refused(lambda: shelf.execute(boxes.update, Written(("s-1", "b-1"), body)))
    assert found == (Kind.INVALID, [("field_immutable", next(iter(changed)))])
    assert stored(shelf) == before


@pytest.mark.parametrize(
    ("verb", "command", "code"),
    [
        ("get", Keyed(("s-1", "nix")), "box_not_found"),
        ("get", Keyed(("nix", "b-1")), "shelf_not_found"),
        ("update", Written(("s-1", "nix"), {"name": "N", "price": 1}), "box_not_found"),
        ("update", Written(("nix", "b-1"), {"name": "N", "price": 1}), "shelf_not_found"),
        ("delete", Keyed(("s-1", "nix")), "box_not_found"),
        ("create", Written(("nix",), {"name": "N", "price": 1}), "shelf_not_found"),
    ],
)
def test_what_is_not_there(shelf: Tenant, boxes: Resource, verb: str, command: Any, code: str) -> None:
    shelf.execute(boxes.create, box())
    before = stored(shelf)
    assert refused(lambda: shelf.execute(getattr(boxes, verb), command)) == (Kind.NOT_FOUND, [(code, None)])
    assert stored(shelf) == before


def test_a_hook_may_refuse(shelf: Tenant, boxes: Resource) -> None:
    shelf.execute(boxes.create, box(name="Last"))
    before = stored(shelf)
    assert refused(lambda: shelf.execute(boxes.delete, Keyed(("s-1", "b-1")))) == (Kind.CONFLICT, [("is_last", None)])
    assert stored(shelf) == before


def test_what_is_in_use_cannot_be_deleted(shelf: Tenant, shelves: Resource, boxes: Resource) -> None:
    shelf.execute(boxes.create, box())
    assert refused(lambda: shelf.execute(shelves.delete, Keyed(("s-1",)))) == (Kind.CONFLICT, [("shelf_in_use", None)])
    shelf.execute(boxes.delete, Keyed(("s-1", "b-1")))
    shelf.execute(shelves.delete, Keyed(("s-1",)))
    assert shelf.rows("SELECT 1 FROM a_shelf") == []


COMMANDS = [
    ("list", Listed(("s-1",), ListQuery())),
    ("get", Keyed(("s-1", "b-1"))),
    ("create", box("b-2")),
    ("update", Written(("s-1", "b-1"), {"name": "N", "price": 1})),
    ("delete", Keyed(("s-1", "b-1"))),
]


@pytest.mark.parametrize(("verb", "command"), COMMANDS)
def test_reading_and_writing_have_a_permission_each(shelf: Tenant, boxes: Resource, verb: str, command: Any) -> None:
    shelf.execute(boxes.create, box())
    before = stored(shelf)
    right, wrong = ("boxes.read", "boxes.write") if verb in ("list", "get") else ("boxes.write", "boxes.read")
    operation = getattr(boxes, verb)
    found = refused(lambda: shelf.runtime.execute(operation, command, shelf.caller(wrong, "shelves.write")))
    assert found == (Kind.FORBIDDEN, [("permission_missing", None)])
    assert stored(shelf) == before
    shelf.runtime.execute(operation, command, shelf.caller(right))


@pytest.mark.parametrize(("verb", "command"), COMMANDS)
@pytest.mark.parametrize("has_shelf", [False, True])
def test_another_tenant_finds_nothing(
    shelf: Tenant,
    new_tenant: Callable[[], Tenant],
    shelves: Resource,
    boxes: Resource,
    verb: str,
    command: Any,
    has_shelf: bool,
) -> None:
    """Also when it calls its own shelf by the same name."""
    shelf.execute(boxes.create, box())
    before, other = stored(shelf), new_tenant()
    if has_shelf:
        other.execute(shelves.create, Written((), {"ident": "s-1", "name": "Mine"}))
    if has_shelf and verb == "list":
        assert other.execute(boxes.list, command).total == 0
    elif has_shelf and verb == "create":
        other.execute(boxes.create, box())
    else:
        expected = "box_not_found" if has_shelf else "shelf_not_found"
        assert refused(lambda: other.execute(getattr(boxes, verb), command)) == (Kind.NOT_FOUND, [(expected, None)])
    assert stored(shelf) == before
