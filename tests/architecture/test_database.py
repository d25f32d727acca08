"""What the database itself must guarantee, asked of its own catalogue."""

import psycopg
import pytest

from contor.app import load_packages
from contor.migrations.difference import difference
from contor.migrations.new import declared_shape, look
from contor.migrations.shape import Policy
from contor.runtime.db import application_dsn
from contor.runtime.schema import APP_ROLE, METADATA

OUTSIDE = ("directory", "infra", "pg_catalog", "information_schema", "pg_toast")


@pytest.fixture
def catalogue(pristine_dsn: str):
    with psycopg.connect(pristine_dsn) as connection:
        yield connection


def test_every_business_table_has_forced_row_level_security(catalogue) -> None:
    """Exactly the schemas `directory` and `infra` are without it."""
    rows = catalogue.execute(
        "SELECT n.nspname, c.relname, c.relrowsecurity, c.relforcerowsecurity, "
        " EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL)"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND n.nspname <> ALL (%s)",
        (list(OUTSIDE),),
    ).fetchall()
    assert len(rows) > 20
    assert [row for row in rows if not (row[2] and row[3] and row[4])] == []


def test_a_view_looks_with_the_eyes_of_who_asks(catalogue) -> None:
    """A view without security_invoker would show every tenant's rows."""
    rows = catalogue.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'v' AND n.nspname = 'public'"
        " AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false)"
    ).fetchall()
    assert rows == []


def test_every_key_begins_with_the_tenant(catalogue) -> None:
    rows = catalogue.execute(
        "SELECT c.relname, i.relname FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[0]"
        " WHERE n.nspname = 'public' AND a.attname <> 'tenant_id'"
    ).fetchall()
    assert rows == []


def test_the_application_role_cannot_bypass_anything(catalogue) -> None:
    row = catalogue.execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcanlogin FROM pg_roles WHERE rolname = %s", (APP_ROLE,)
    ).fetchone()
    assert row == (False, False, False, True)
    # who logs in as it has nothing to go back to
    assert catalogue.execute("SELECT count(*) FROM pg_auth_members WHERE member = %s::regrole", (APP_ROLE,)).fetchone() == (0,)
    owned = catalogue.execute(
        "SELECT count(*) FROM pg_class WHERE relowner = %s::regrole AND relkind = 'r'", (APP_ROLE,)
    ).fetchone()
    assert owned == (0,)


def test_the_application_role_writes_of_what_is_not_a_tenants_only_its_own(catalogue) -> None:
    """Which revision the schema has is the owner's affair: who could write it could have a release skip its change."""
    written = catalogue.execute(
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'infra'::regnamespace AND c.relkind = 'r'"
        " AND has_table_privilege(%s, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') ORDER BY c.relname",
        (APP_ROLE,),
    ).fetchall()
    assert written == [("pgqueuer",), ("pgqueuer_log",), ("pgqueuer_schedules",), ("pgqueuer_statistics",)]


def test_privileges_are_those_declared(catalogue) -> None:
    """What is issued cannot be changed: the role has UPDATE only on the columns, DELETE only on the tables, that say so."""
    load_packages()
    for table in METADATA.sorted_tables:
        declared = table.info["update"]
        for column in table.columns:
            expected = declared == ("*",) or column.name in declared
            has = catalogue.execute(
                "SELECT has_column_privilege(%s, %s, %s, 'UPDATE')", (APP_ROLE, table.fullname, column.name)
            ).fetchone()[0]
            assert has == expected, f"{table.fullname}.{column.name}"
        has = catalogue.execute("SELECT has_table_privilege(%s, %s, 'DELETE')", (APP_ROLE, table.fullname)).fetchone()[0]
        assert has == table.info["delete"], table.fullname


def test_revisions_make_the_declared_tables(pristine_dsn: str, new_database) -> None:
    """Columns, keys, indexes, policies and privileges alike: what `make migration` would have to write is nothing."""
    load_packages()
    assert difference(look(pristine_dsn), declared_shape(new_database(), METADATA)) == []


def test_policies_compare_through_the_function_and_the_setting(pristine_dsn: str) -> None:
    """One permissive policy a table, for everyone and everything, with both terms when reading and when writing."""
    load_packages()
    mine = "tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint"
    shape = look(pristine_dsn)
    found = {name: table.policies for name, table in shape.tables.items() if table.policies}
    declared = {table.name for table in METADATA.sorted_tables if table.info["tenant"]}
    assert found == {name: {"tenant": Policy("", f"USING ({mine}) WITH CHECK ({mine})")} for name in declared}
    assert "STABLE" in shape.functions["contor_tenant()"]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT id FROM document WHERE ident = 'RE-1'",
        "SELECT id FROM document ORDER BY id DESC LIMIT 20",
        "UPDATE document SET settled = 1 WHERE id = 7",
        "SELECT d.id FROM document d JOIN document_content c ON c.tenant_id = d.tenant_id AND c.document_id = d.id",
    ],
)
def test_both_terms_of_the_policy_are_one_condition_of_the_index(pristine_dsn: str, statement: str) -> None:
    """The function is replaced by its body, which the second term repeats: indexes are asked for the tenant once, no row is filtered."""
    with psycopg.connect(application_dsn(pristine_dsn), autocommit=True) as connection, connection.transaction():
        connection.execute("SELECT set_config('contor.tenant_id', '1', true), set_config('enable_seqscan', 'off', true)")
        connection.execute(
            "SELECT set_config('enable_bitmapscan', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)"
        )
        plan = [row[0].strip() for row in connection.execute(f"EXPLAIN (COSTS OFF) {statement}".encode()).fetchall()]
    said = [line for line in plan if "tenant" in line]
    term = "(tenant_id = (current_setting('contor.tenant_id'::text))::bigint)"
    assert len(said) == statement.count(" c ") + 1, plan
    assert all(line.startswith("Index Cond: ") and line.count(term) == 1 for line in said), plan
    assert "contor_tenant" not in str(plan)


def test_without_a_tenant_there_is_an_error_and_no_row(pristine_dsn: str) -> None:
    with psycopg.connect(application_dsn(pristine_dsn), autocommit=True) as connection:
        with pytest.raises(psycopg.errors.UndefinedObject):
            connection.execute("SELECT count(*) FROM document")
        with connection.transaction():
            connection.execute("SELECT set_config('contor.tenant_id', '1', true)")
            assert connection.execute("SELECT count(*) FROM document").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):  # the setting ended with its transaction
            connection.execute("SELECT count(*) FROM document")
