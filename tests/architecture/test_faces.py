"""A table is written by its own package only, and read abroad only through that package's `queries.py`."""

import ast
from pathlib import Path

import pytest
from tests.checkers.foreign_sql import foreign, named, owners, texts, written_abroad

from contor.app import load_packages
from contor.runtime.schema import METADATA

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "contor"
MOST = 40
LEFT = {
    # One statement decides whom a run takes and what a partner earns; half of each in another place would be two round trips.
    "billing/proposal/commissions.py": {"contract": 1, "contract_relation": 1},
    "billing/runs/customers.py": {"contract": 1},
    "orders/agreed_deposits.py": {"billable_item": 1},
    "orders/queries.py": {"billable_item": 1},
    "orders/lines.py": {"billable_item": 1},
    # Checks compare what two packages say of the same thing.
    "assignment/checks.py": {"booking_account": 1, "journal_entry": 1, "journal_line": 1, "opos_movement": 1, "payment": 3},
    "billing/checks.py": {"contract": 1, "contract_allowance": 1, "customer": 1},
    "billing/commission_checks.py": {"contract": 1},
    "billing/usage_checks.py": {"contract": 1, "usage": 1},
    "bookkeeping/checks.py": {"customer": 1, "opos_case": 1},
    "openitems/checks.py": {"document": 2},
    "orders/checks.py": {"billable_item": 3, "deposit_receipt": 1, "document": 3, "document_relation": 6},
    "rated_usage/checks.py": {"billable_item": 1},
    "usage/checks.py": {"billable_item": 2},
}
"""How often files still name tables of other packages. It only falls: who moves a read into the owner's `queries.py` lowers it."""

WRITTEN_ABROAD = {
    "organizations/clock.py writes directory.environment",
    "organizations/environments.py writes directory.environment",
}
"""What packages write of the directory that the runtime declares: tenants are founded by `organizations`, and found by their work."""
TRAIL = {"audit_entry", "directory.audit_entry", "event", "idempotency_key"}


@pytest.fixture(scope="module")
def owner() -> dict[str, str]:
    load_packages()
    return owners(METADATA.tables, SRC)


def test_foreign_tables_are_read_through_their_faces(owner: dict[str, str]) -> None:
    found: dict[str, dict[str, int]] = {}
    for (path, table), count in sorted(foreign(SRC, owner).items()):
        found.setdefault(path, {})[table] = count
    assert found == LEFT
    assert sum(sum(tables.values()) for tables in LEFT.values()) <= MOST


def test_no_package_writes_the_tables_of_another(owner: dict[str, str]) -> None:
    assert set(written_abroad(SRC, owner)) == WRITTEN_ABROAD


def test_a_write_is_seen_in_both_schemas(tmp_path: Path) -> None:
    """And a package's own tables are its own."""
    (tmp_path / "tax").mkdir()
    sql = '["DELETE FROM customer", "UPDATE directory.user SET a = 1", "INSERT INTO rate (id) SELECT 1", "SELECT 1 FROM customer"]'
    (tmp_path / "tax" / "rates.py").write_text(f"SQL = {sql}", encoding="utf-8")
    tables = {"customer": "customers", "directory.user": "organizations", "rate": "tax"}
    assert written_abroad(tmp_path, tables) == ["tax/rates.py writes customer", "tax/rates.py writes directory.user"]


def test_only_the_runtime_reads_its_trail(owner: dict[str, str]) -> None:
    """Audit, events and answers of repeated requests are shown by operations of the runtime alone."""
    found = set()
    for path in sorted(SRC.rglob("*.py")):
        for text in texts(path.read_text(encoding="utf-8")):
            if TRAIL & set(named(text)):
                found.add(path.relative_to(SRC).parts[0])
    assert set(owner) >= TRAIL
    assert found == {"runtime"}


def test_no_package_imports_the_tables_of_another() -> None:
    found = []
    for path in sorted(SRC.rglob("*.py")):
        package = path.relative_to(SRC).parts[0]
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source if "tables" in source else "")):
            if isinstance(node, ast.ImportFrom) and node.module:
                parts = [*node.module.split("."), *(alias.name for alias in node.names)]
                if "tables" in parts and node.module != "contor.runtime.tables" and parts[:2] != ["contor", package]:
                    found.append(f"{path.relative_to(SRC)} imports of {node.module}")
    assert found == []


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ('uow.records("SELECT 1 FROM customer WHERE x")', ["customer"]),
        ('uow.records("SELECT 1 FROM a JOIN customer c" " ON true")', ["a", "customer"]),
        ('uow.records(f"SELECT {columns} FROM customer c, address a WHERE {where}")', ["customer", "address"]),
        ('sql = "UPDATE customer SET x = 1"', ["customer"]),
        ('sql = "INSERT INTO directory.api_key (id) SELECT 1"', ["directory.api_key"]),
        ('sql = "DELETE FROM customer"', ["customer"]),
        ('"""A docstring: FROM customer."""', []),
    ],
)
def test_the_counter_reads_sql_wherever_it_stands(source: str, wanted: list[str]) -> None:
    assert [name for text in texts(source) for name in named(text)] == wanted


def test_lists_are_written_once() -> None:
    """`listed` and `listed_by_key` run them. Besides: things of a `Resource`, the journal, which is searched in a join, and balances, which
    follow from it, and categories, of which the built-in ones have no row."""
    users = {str(path.relative_to(SRC)) for path in SRC.rglob("*.py") if " page_of(" in path.read_text(encoding="utf-8")}
    room = {path for path in users if path.startswith("runtime/query/")}
    assert users - room == {
        "runtime/resource.py",
        "bookkeeping/entries/booking_entries.py",
        "bookkeeping/balances/accounts.py",
        "bookkeeping/balances/personal.py",
        "assignment/categories/categories.py",
    }
