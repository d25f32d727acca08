"""What keeps Contor ready for many machines: asked of the database's catalogue and of the sources.

What is frozen below is what there is today, each with its reason; nothing is added to it.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.checkers.foreign_sql import named, texts

from contor.app import load_packages
from contor.runtime.schema import METADATA

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "contor"
DEFERRED = {
    "document_reissue_tenant_id_credit_memo_id_fkey",
    "document_reissue_tenant_id_new_document_id_fkey",
    "document_relation_tenant_id_document_id_fkey",
}
"""Keys that are asked at the commit, because the header of a document is written last."""
NUMBERED = {"audit_entry.id", "document_request.id", "event.id"}
"""Columns that take their number from the sequence by themselves: what every request writes, without a round trip for the number."""
INSERTS = {
    "bookkeeping/balances/folding.py": "sums of rows that are there, which never leave the database",
    "bookkeeping/balances/personal.py": "sums of rows that are there, which never leave the database",
    "documents/issue/issuing.py": "many rows of which some exist",
    "organizations/access/api_keys.py": "directory",
    "organizations/billing_addresses.py": "directory",
    "organizations/environments.py": "directory",
    "organizations/organizations.py": "directory",
    "organizations/access/authenticate.py": "directory",
    "organizations/access/links.py": "directory",
    "organizations/access/users.py": "directory",
}
"""Files that insert by a statement of their own and not by `Uow.insert` or `Uow.copy`."""


@pytest.fixture(scope="module")
def catalogue(pristine_dsn: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(pristine_dsn) as connection:
        yield connection


def statements() -> Iterator[tuple[str, str]]:
    """(file, text) of every string in the sources."""
    for path in sorted(SRC.rglob("*.py")):
        for text in texts(path.read_text(encoding="utf-8")):
            yield str(path.relative_to(SRC)), text


def saying(pattern: str) -> set[str]:
    """The files with a text that matches."""
    return {path for path, text in statements() if re.search(pattern, text, re.IGNORECASE)}


def test_no_trigger(catalogue: psycopg.Connection) -> None:
    sql = (
        "SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE NOT tgisinternal AND n.nspname IN ('public', 'directory')"
    )
    assert catalogue.execute(sql).fetchall() == []


def test_no_further_key_waits_for_the_commit(catalogue: psycopg.Connection) -> None:
    rows = catalogue.execute(
        "SELECT conname FROM pg_constraint WHERE condeferrable AND connamespace = 'public'::regnamespace"
    ).fetchall()
    assert {row[0] for row in rows} == DEFERRED


def test_keys_and_references_name_the_tenant(catalogue: psycopg.Connection) -> None:
    rows = catalogue.execute(
        "SELECT c.conname FROM pg_constraint c WHERE c.contype IN ('p', 'u', 'f') AND c.connamespace = 'public'::regnamespace"
        " AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)"
        " AND a.attname = 'tenant_id')"
    ).fetchall()
    assert rows == []


def test_numbers_come_from_next_ids(catalogue: psycopg.Connection) -> None:
    rows = catalogue.execute(
        "SELECT c.relname || '.' || a.attname FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum WHERE c.relnamespace = 'public'::regnamespace"
        " AND pg_get_expr(d.adbin, d.adrelid) LIKE '%%nextval%%'"
    ).fetchall()
    assert {row[0] for row in rows} == NUMBERED
    assert saying(r"\bnextval\('") == {"runtime/copying.py", "runtime/uow.py"}


def test_rows_are_written_through_the_unit_of_work() -> None:
    elsewhere = saying(r"\bINSERT\s+INTO\b|\bCOPY\b.*\bFROM\s+STDIN")
    assert {path for path in elsewhere if not path.startswith(("runtime/", "migrations/"))} == set(INSERTS)


def test_what_every_tenant_shares_is_named_where_it_is_written() -> None:
    """Files that say `directory` above insert into nothing else."""
    load_packages()
    for path, text in statements():
        if INSERTS.get(path, "").startswith("directory"):
            assert not re.search(r"INSERT\s+INTO\s+(?!directory\.)", text, re.IGNORECASE), path


def test_one_place_takes_locks() -> None:
    """A lock that is taken elsewhere would be another lock on another machine. Migrations lock the whole database."""
    assert saying(r"pg_\w*advisory") == {"runtime/schema.py", "runtime/migrate.py"}


def test_one_place_stages_rows() -> None:
    assert saying(r"\bTEMP(ORARY)?\s+TABLE\b|\bpg_temp\b") == {"runtime/copying.py"}


def test_tenant_and_directory_are_not_joined() -> None:
    load_packages()
    tenants = {table.name for table in METADATA.sorted_tables if table.info["tenant"]}
    mixed = [
        (path, text)
        for path, text in statements()
        if tenants & (names := set(named(text))) and any(name.startswith("directory.") for name in names)
    ]
    assert mixed == []


EVERY_TENANT = re.compile(
    r"SELECT\s+(?:e\.)?id(?:\s+AS\s+\w+)?\s+FROM\s+directory\.environment\s*(?:e\s*)?(?!.*WHERE)", re.IGNORECASE
)


def test_who_asks_every_tenant_goes_on_behind_one_that_fails() -> None:
    """Every tenant is listed in one place, and what is done for one after the other is done by `each`, or by marks of their work."""
    listing = {path for path, text in statements() if EVERY_TENANT.search(text) and not path.startswith("migrations/")}
    assert listing == {"runtime/integrity/hashes.py", "runtime/work/tenants.py"}
    unguarded = []
    for path in sorted(SRC.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source if "tenant_ids" in source else "")
        asked = {id(call) for call in calls_of(tree, "tenant_ids")}
        guarded = {id(call) for loop in calls_of(tree, "each") for call in calls_of(loop, "tenant_ids")}
        if asked - guarded:
            unguarded.append(path.name)
    assert unguarded == []


def calls_of(tree: ast.AST, name: str) -> list[ast.Call]:
    """Calls of what has this name, wherever it was imported from."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == name]
