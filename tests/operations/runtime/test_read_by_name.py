"""What waits to be written is missed by no statement that reads it: whatever reads a table says its name, and each way to read looks."""

import re
from collections.abc import Callable
from typing import NamedTuple

import psycopg
import pytest
from tests.factories.tenants import Tenant
from tests.factories.things import THING, an_operation

from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.query.reading import streamed
from contor.runtime.transaction import enter_tenant
from contor.runtime.uow import Uow

OURS = "('public', 'directory', 'infra')"


class Id(NamedTuple):
    id: int


def leave(uow: Uow, *ids: int, refused: Refused | None = None) -> None:
    uow.leave(THING, [{"id": number, "name": f"n-{number}"} for number in ids], refused)


# --- nothing in the database reads a table that a statement does not name


def test_a_function_reads_only_the_table_that_it_is_named_after(database_dsn: str) -> None:
    with psycopg.connect(database_dsn) as owner:
        tables = [name for (name,) in owner.execute(f"SELECT tablename FROM pg_tables WHERE schemaname IN {OURS}")]
        functions = owner.execute(
            "SELECT p.proname, coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) FROM pg_proc p"
            " JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_type t ON t.oid = p.prorettype"
            # those of an index's operators come with an extension; a trigger's runs where a table is changed, not where it is read
            f" WHERE n.nspname IN {OURS} AND t.typname <> 'trigger'"
            " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
        ).fetchall()
    read = {name: {table for table in tables if re.search(rf"\b{table}\b", body)} for name, body in functions}
    assert {name: found for name, found in read.items() if any(table not in name for table in found)} == {}
    assert read.pop("contor_tenant") == set()
    assert read and all(read.values()), "those that draw a number name the table of the counter"


@pytest.mark.parametrize(
    ("what", "sql"),
    [
        ("views", f"SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace::regnamespace::text IN {OURS}"),
        (
            "tables that are parts of others",
            "SELECT inhrelid::regclass::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            f" WHERE c.relkind IN ('r', 'p') AND c.relnamespace::regnamespace::text IN {OURS}",
        ),
        (
            "policies that look elsewhere",
            "SELECT tablename || ' ' || qual FROM pg_policies WHERE concat(qual, with_check) ~* '\\m(select|exists)\\M'",
        ),
    ],
)
def test_no_table_is_read_under_another_name(database_dsn: str, what: str, sql: str) -> None:
    with psycopg.connect(database_dsn) as owner:
        assert owner.execute(sql.encode()).fetchall() == [], f"there are {what}: `copying.needs` has to know them"


# --- every way to read sees it

READ = {
    "plainly": "SELECT count(*)::int FROM a_thing",
    "under another name": "SELECT count(t.id)::int FROM a_thing AS t",
    "quoted": 'SELECT count(*)::int FROM "a_thing"',
    "with its schema": "SELECT count(*)::int FROM public.a_thing",
    "within a value": "SELECT (SELECT count(*) FROM a_thing)::int",
    "within a condition": "SELECT 2 WHERE EXISTS (SELECT 1 FROM a_thing WHERE id = 2)",
    "beside others": "SELECT count(*)::int FROM tenant_setting CROSS JOIN LATERAL (SELECT id FROM a_thing) t",
    "before the statement": "WITH t AS (SELECT id FROM a_thing) SELECT count(*)::int FROM t",
    "by lines": "\n  SELECT count(*)::int\n  FROM a_thing",
    "in brackets": "(SELECT count(*)::int FROM a_thing)",
}


@pytest.mark.usefixtures("thing_table")
@pytest.mark.parametrize("how", READ)
def test_however_a_statement_names_a_table_it_sees_what_was_left(tenant: Tenant, how: str) -> None:
    with tenant.runtime.transaction(tenant.caller()) as uow:
        leave(uow, 1, 2)
        assert uow.scalar(int, READ[how]) == 2


@pytest.mark.usefixtures("thing_table")
def test_a_stream_begins_with_what_was_left_before_it(tenant: Tenant) -> None:
    with tenant.runtime.transaction(tenant.caller()) as uow:
        leave(uow, 1, 2)
        found = []
        for row in streamed(uow, Id, "SELECT id FROM a_thing ORDER BY id"):
            leave(uow, row.id + 10)
            found.append(row.id)
        assert found == [1, 2]
        assert [row.id for row in streamed(uow, Id, "SELECT id FROM a_thing ORDER BY id")] == [1, 2, 11, 12]


@pytest.mark.usefixtures("thing_table")
def test_who_enters_a_tenant_again_sees_what_was_left_in_it(tenant: Tenant, new_tenant: Callable[[], Tenant]) -> None:
    """And what was left in another one is written there, not in the one that was entered last."""
    other = new_tenant()

    def through_the_directory(uow: Uow, _: None) -> None:
        first = enter_tenant(uow, tenant.id)
        leave(first, 1)
        again = enter_tenant(uow, tenant.id)
        assert again.column(int, "SELECT id FROM a_thing") == [1]
        leave(again, 2)
        leave(enter_tenant(uow, other.id), 3)

    tenant.execute(an_operation(through_the_directory, input=None, directory=True), None)
    assert [row.id for row in tenant.rows("SELECT id FROM a_thing ORDER BY id")] == [1, 2]
    assert [row.id for row in other.rows("SELECT id FROM a_thing")] == [3]


@pytest.mark.usefixtures("thing_table")
@pytest.mark.parametrize("stays", [True, False])
def test_a_refusal_between_takes_what_was_left_with_it_unless_it_stays(tenant: Tenant, stays: bool) -> None:
    def refused(uow: Uow, _: None) -> None:
        leave(uow, 1)
        raise Refused(Kind.ILLEGAL_STATE, Problem("not_now", "not now"), stays=stays)

    with pytest.raises(Refused) as told:
        tenant.execute(an_operation(refused, input=None), None)
    assert told.value.problems[0].code == "not_now"
    assert len(tenant.rows("SELECT id FROM a_thing")) == stays


@pytest.mark.usefixtures("thing_table")
@pytest.mark.parametrize("options", [{}, {"key": "once"}, {"dry_run": True}])
def test_a_key_that_is_there_is_refused_the_same_however_it_is_asked(tenant: Tenant, options: dict[str, object]) -> None:
    taken = Refused(Kind.CONFLICT, Problem("thing_exists", "exists already"))
    again = an_operation(lambda uow, _: leave(uow, 1, 2, refused=taken), input=None)
    with tenant.runtime.transaction(tenant.caller()) as uow:
        leave(uow, 2)
    for _ in range(2):
        with pytest.raises(Refused) as told:
            tenant.execute(again, None, **options)
        assert (told.value.kind, told.value.problems[0].code) == (Kind.CONFLICT, "thing_exists")
    assert [row.id for row in tenant.rows("SELECT id FROM a_thing")] == [2]
