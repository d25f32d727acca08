"""The unit of work: batch writing, tenants that never meet, locks that never cross, staging tables that outlive nothing."""

import datetime as dt
import threading
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import psycopg
import pytest
from tests.checkers.traces import Traces, traces
from tests.checkers.waiting import MINUTES
from tests.factories.tenants import Tenant
from tests.factories.things import THING, an_operation, make_things, things

from contor.documents.tables import document_content
from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Kind, Refused
from contor.organizations.found import FoundOrganization, found_organization
from contor.runtime import db
from contor.runtime.db import Database
from contor.runtime.execute import Runtime
from contor.runtime.integrity import changed_rows
from contor.runtime.rows import columns
from contor.runtime.transaction import enter_tenant
from contor.runtime.uow import Uow

pytestmark = pytest.mark.usefixtures("thing_table")
BIG = Decimal("123456789012345.1234")
COLUMNS = ("id", "name", "quantity", "price", "content", "day", "at", "yes", "ident", "bytes")
TEXTS = [
    "plain",
    "",
    "Käsehaus Süd – 25 € – 日本語 – 😀 – \u2028",
    "tab\there",
    "back\\slash, \\N, \\., \\t, \\x41",
    "\\N",
    "\\.",
    "line\nfeed\r\nand return\r",
    "quote ' double \" percent %s %% {x}",
    "controls \x01\x0b\x1f\x7f",
]
WRITTEN = [
    *[
        (text, BIG, Decimal("0.0000000001"), {"text": text, "list": [text, None, True]}, None, None, None, None, None)
        for text in TEXTS
    ],
    (None, None, None, None, None, None, None, None, None),
    (
        "all",
        Decimal("-0.0001"),
        Decimal("-123456789012345.0123456789"),
        {"amount": BIG, "many": [Decimal("0.10"), 10**20, -1], "nested": {"a": {"b": []}}},
        dt.date(2024, 2, 29),
        dt.datetime(2026, 3, 29, 2, 30, 0, 123456, dt.timezone(dt.timedelta(hours=2))),
        True,
        uuid.UUID("00000000-0000-4000-8000-0000000000ff"),
        bytes(range(256)),
    ),
    ("scalars", Decimal("1E+3"), Decimal("5"), "just a \t text\\", dt.date(1, 1, 1), None, False, None, b""),
    ("numbers", Decimal(0), Decimal(0), [BIG], dt.date(9999, 12, 31), None, False, None, b"\\"),
]


@pytest.fixture
def alone(runtime: Runtime, tenant: Tenant) -> Iterator[Tenant]:
    """The tenant through a runtime with a single connection, so that each transaction follows the others on it."""
    database = Database(runtime.database.dsn, size=1)
    database.open()
    single = Runtime(runtime.config, database, runtime.blobs, runtime.secrets)
    yield Tenant(single, tenant.id, tenant.realm, tenant.organization_id, tenant.api_key, tenant.api_secret)
    database.close()


def counted(tenant: Tenant) -> int:
    return int(tenant.rows("SELECT count(*) AS n FROM a_thing")[0].n)


# --- writing -------------------------------------------------------------------------------------------------------------------


def written(tenant: Tenant, write: Callable[[Uow, list[tuple[Any, ...]]], None], copies: int) -> list[tuple[Any, ...]]:
    """What is stored of `copies` times the rows, each copy the same but for its id; one of them."""
    count = len(WRITTEN)
    rows = [(copy * count + number, *row) for copy in range(copies) for number, row in enumerate(WRITTEN)]
    with tenant.runtime.transaction(tenant.caller()) as uow:
        write(uow, rows)
    names = ", ".join(COLUMNS[1:])
    found = tenant.rows(f"SELECT {names}, stars FROM a_thing ORDER BY id")
    stored = [tuple(row) for row in found]
    for copy in range(copies):
        assert stored[copy * count : (copy + 1) * count] == stored[:count]
    assert len(stored) == count * copies
    return stored[:count]


def _insert(uow: Uow, rows: list[tuple[Any, ...]]) -> None:
    uow.insert(THING, [dict(zip(COLUMNS, row, strict=True)) for row in rows])


def _copy(uow: Uow, rows: list[tuple[Any, ...]]) -> None:
    uow.copy(THING, COLUMNS, rows)


@pytest.mark.parametrize("write", [_insert, _copy])
@pytest.mark.parametrize("copies", [1, 5], ids=["few", "many"])
def test_what_is_written_is_what_was_given(tenant: Tenant, write: Any, copies: int) -> None:
    """By one jsonb parameter or by COPY: the same rows, digit for digit and character for character."""
    stored = written(tenant, write, copies)
    assert stored == [(*row, 7) for row in WRITTEN]
    assert [str(row[1]) for row in stored[:2]] == ["123456789012345.1234", "123456789012345.1234"]
    content = next(row[3] for row in stored if row[0] == "all")
    assert (str(content["amount"]), str(content["many"][0])) == ("123456789012345.1234", "0.10")


@pytest.mark.parametrize("count", [3, 60], ids=["few", "many"])
def test_columns_are_known_by_name_not_by_order(tenant: Tenant, count: int) -> None:
    rows = [{"id": n, "name": "a", "yes": True} if n % 2 else {"yes": True, "name": "a", "id": n} for n in range(count)]
    with tenant.runtime.transaction(tenant.caller()) as uow:
        uow.insert(THING, rows)
    assert [tuple(r) for r in tenant.rows("SELECT id, name, yes FROM a_thing ORDER BY id")] == [
        (n, "a", True) for n in range(count)
    ]


def test_rows_of_bytes_are_written_as_arrays_and_by_no_staging_table(tenant: Tenant) -> None:
    contents = [(2**40 + n, bytes(range(256)) * n + b"\\") for n in range(60)]
    with pytest.raises(InterruptedError), tenant.runtime.transaction(tenant.caller()) as uow:
        uow.copy(document_content, ("document_id", "snapshot"), contents)
        assert not uow.copied
        assert not list(changed_rows(uow, document_content))
        rows = uow.connection.execute("SELECT document_id, snapshot FROM document_content ORDER BY 1").fetchall()
        assert [tuple(row) for row in rows] == contents
        raise InterruptedError  # a content without its document stays nowhere


ARRAYS: list[tuple[str, list[object]]] = [
    ("text", TEXTS),
    ("text", ["NULL", "{a,b}", "a,b", '"', "\\"]),
    ("text", [""]),
    ("text", [None, "one"]),
    ("text", []),
    ("bigint", [0, -1, 2**62, -(2**62)]),
    ("bigint", [None, 7]),
    ("numeric", [BIG, Decimal("-0.10")]),
    ("boolean", [True, False]),
    ("date", [dt.date(2024, 2, 29)]),
]


@pytest.mark.parametrize(("kind", "members"), ARRAYS)
def test_an_array_has_the_members_that_were_given(tenant: Tenant, kind: str, members: list[object]) -> None:
    """Many keys go to a statement as one array; the database reads each as it was."""
    with tenant.runtime.transaction(tenant.caller(), reads=True) as uow:
        found = uow.scalar(list, f"SELECT %s::{kind}[]", (members,))
        assert found == members
        assert (
            uow.scalar(
                list,
                f"SELECT coalesce(array_agg(m ORDER BY n), '{{}}') FROM unnest(%s::{kind}[]) WITH ORDINALITY x(m, n)",
                (members,),
            )
            == members
        )


def test_a_text_of_an_array_that_cannot_be_stored_is_refused_as_one(tenant: Tenant) -> None:
    with tenant.runtime.transaction(tenant.caller(), reads=True) as uow, pytest.raises(psycopg.DataError):
        uow.column(str, "SELECT unnest(%s::text[])", (["fine", "a\0b"],))


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 200])
def test_ids_are_drawn_in_blocks(tenant: Tenant, count: int) -> None:
    with tenant.runtime.transaction(tenant.caller()) as uow:
        ids = [*uow.next_ids(count), uow.next_id()]
    assert len(set(ids)) == count + 1


# --- staging tables ------------------------------------------------------------------------------------------------------------


def _sixty(uow: Uow, first: int = 0) -> None:
    uow.copy(THING, ("id", "name"), [(first + n, f"n-{n}") for n in range(60)])


def test_many_batches_in_one_transaction_are_written_once(alone: Tenant) -> None:
    with alone.runtime.transaction(alone.caller()) as uow:
        for batch in range(3):
            _sixty(uow, batch * 60)
    assert counted(alone) == 180
    with alone.runtime.transaction(alone.caller()) as uow:
        _sixty(uow, 180)
    assert counted(alone) == 240


@pytest.mark.parametrize("before", [0, 1], ids=["made by the failed one", "made before"])
def test_a_staging_table_is_found_again_after_a_rollback(alone: Tenant, before: int) -> None:
    for number in range(before):
        with alone.runtime.transaction(alone.caller()) as uow:
            _sixty(uow, number * 60)
    with pytest.raises(RuntimeError), alone.runtime.transaction(alone.caller()) as uow:
        _sixty(uow, 1000)
        raise RuntimeError
    with alone.runtime.transaction(alone.caller()) as uow:
        _sixty(uow, 2000)
    assert counted(alone) == 60 * (before + 1)


def test_what_is_prepared_outlives_a_refusal(alone: Tenant) -> None:
    """To plan every statement anew after each would be most of what a request costs. The staging table is gone, and is moved from by the
    same statement when it is made again."""
    moving = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s AND statement LIKE %s"
    asked = ("INSERT INTO %", "%stage_a_thing%")
    with pytest.raises(RuntimeError), alone.runtime.transaction(alone.caller()) as uow:
        for number in range(10):
            _sixty(uow, 1000 + number * 60)
        raise RuntimeError
    with alone.runtime.transaction(alone.caller()) as uow:
        assert uow.scalar(int, moving, asked) == 1
        _sixty(uow, 2000)
        assert uow.scalar(int, moving, asked) == 1
    assert counted(alone) == 60


def test_what_is_prepared_is_planned_anew_after_a_while(alone: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan for a few rows is not that for a million which came since, and the server alone would keep it until it counts them."""
    kept = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s"
    with alone.runtime.transaction(alone.caller()) as uow:
        for number in range(10):
            _sixty(uow, 3000 + number * 60)
        assert uow.scalar(int, kept, ("INSERT INTO %stage_a_thing%",)) == 1
    monkeypatch.setattr(db, "PLANNED_SECONDS", 0.0)
    with alone.runtime.transaction(alone.caller()) as uow:
        assert uow.scalar(int, kept, ("INSERT INTO %stage_a_thing%",)) == 0


def test_a_failed_copy_leaves_the_connection_usable(alone: Tenant) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation), alone.runtime.transaction(alone.caller()) as uow:
        _sixty(uow)
        _sixty(uow)
    with alone.runtime.transaction(alone.caller()) as uow:
        _sixty(uow)
    assert counted(alone) == 60


def test_a_commit_that_fails_forgets_its_staging_table(alone: Tenant) -> None:
    """The foreign key is looked at last of all."""
    with pytest.raises(psycopg.errors.ForeignKeyViolation), alone.runtime.transaction(alone.caller()) as uow:
        uow.copy(THING, ("id", "parent_id"), [(n, 404) for n in range(60)])
    with alone.runtime.transaction(alone.caller()) as uow:
        uow.copy(THING, ("id", "parent_id"), [(n, 1) for n in range(60)])
    assert counted(alone) == 60


def test_an_organization_that_was_only_tried_does_not_spoil_the_connection(alone: Tenant) -> None:
    """Founding enters the new tenant within the directory's transaction and writes its chart by COPY."""
    founder = Caller("cli", "r", permissions=frozenset({EVERYTHING}))

    def found(dry_run: bool) -> Any:
        command = FoundOrganization(name="Nord", address_line1="W", zip="1", town="T", realm=f"t{uuid.uuid4().hex[:12]}")
        return alone.runtime.execute(found_organization, command, founder, dry_run=dry_run)

    found(dry_run=True)
    made = found(dry_run=False)
    with alone.runtime.transaction(Caller("cli", "r", made.test.tenant_id), reads=True) as uow:
        assert uow.scalar(int, "SELECT count(*) FROM booking_account") > 50


def test_steps_and_batches_of_an_entered_tenant_belong_to_the_same_transaction(alone: Tenant) -> None:
    def through_the_directory(uow: Uow, _: Any) -> None:
        inner = enter_tenant(uow, alone.id)
        _sixty(inner)
        again = enter_tenant(uow, alone.id)
        _sixty(again, 60)
        again.finish(lambda: _sixty(again, 120))

    alone.execute(an_operation(through_the_directory, directory=True), things())
    assert counted(alone) == 180


# --- tenants -------------------------------------------------------------------------------------------------------------------


def test_another_tenant_sees_and_changes_nothing(new_tenant: Callable[[], Tenant]) -> None:
    mine, other = new_tenant(), new_tenant()
    mine.execute(an_operation(make_things), things(1, 2))
    assert traces(other) == Traces()
    with other.runtime.transaction(other.caller()) as uow:
        assert uow.records("SELECT id FROM a_thing") == []
        assert uow.records("SELECT id FROM a_thing WHERE tenant_id = %s", (mine.id,)) == []
        assert uow.run("UPDATE a_thing SET name = 'stolen'") == 0
        assert uow.run("DELETE FROM a_thing WHERE tenant_id = %s", (mine.id,)) == 0
    assert [row.name for row in mine.rows("SELECT name FROM a_thing ORDER BY id")] == ["n-1", "n-2"]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO a_thing (tenant_id, id) VALUES (%(first)s, 9)",
        "INSERT INTO audit_entry (tenant_id, at, actor, operation, request_id) VALUES (%(first)s, now(), 'x', 'x', 'x')",
        "UPDATE a_thing SET tenant_id = %(first)s",
    ],
)
def test_nobody_writes_for_another_tenant(new_tenant: Callable[[], Tenant], statement: str) -> None:
    first, second = new_tenant(), new_tenant()
    second.execute(an_operation(make_things), things(1))
    before = traces(first)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):  # noqa: SIM117
        with second.runtime.transaction(second.caller()) as uow:
            uow.run(statement, {"first": first.id})
    assert traces(first) == before == Traces()


def test_copy_cannot_write_for_another_tenant(new_tenant: Callable[[], Tenant]) -> None:
    """Not even when the block itself carries a foreign tenant."""
    first, second = new_tenant(), new_tenant()
    with pytest.raises(psycopg.errors.InsufficientPrivilege), second.runtime.transaction(second.caller()) as uow:
        _sixty(uow)
        uow.run("UPDATE pg_temp.stage_a_thing SET tenant_id = %s, id = id + 100", (first.id,))
        uow.run("INSERT INTO a_thing (tenant_id, id) SELECT tenant_id, id FROM pg_temp.stage_a_thing")
    assert counted(first) == counted(second) == 0


@pytest.mark.parametrize("number", [None, -1, 2**62])
def test_no_tenant_is_a_refusal_and_no_empty_list(runtime: Runtime, number: int | None) -> None:
    caller = Caller("key:x", "r", number, permissions=frozenset({EVERYTHING}))
    with pytest.raises(Refused) as refused:
        runtime.execute(an_operation(lambda uow, _: uow.records("SELECT id FROM a_thing")), things(), caller)
    assert refused.value.kind is Kind.UNAUTHENTICATED


def test_the_tenant_ends_with_its_transaction(alone: Tenant) -> None:
    """On the very connection on which a tenant just worked, there is none until the next transaction names one."""
    alone.execute(an_operation(), things(1))
    with alone.runtime.database.connection() as connection, pytest.raises(psycopg.errors.InvalidTextRepresentation):
        connection.execute("SELECT id FROM a_thing")
    with pytest.raises(psycopg.errors.InvalidTextRepresentation), alone.runtime.transaction(alone.caller(), directory=True) as uow:
        uow.records("SELECT id FROM a_thing")


def test_tenants_take_turns_on_one_connection(alone: Tenant, new_tenant: Callable[[], Tenant]) -> None:
    made = new_tenant()
    other = Tenant(alone.runtime, made.id, made.realm, made.organization_id, made.api_key, made.api_secret)
    for number in range(3):
        for tenant in (alone, other):
            with tenant.runtime.transaction(tenant.caller()) as uow:
                _sixty(uow, number * 60)
            assert counted(tenant) == (number + 1) * 60


# --- locks ---------------------------------------------------------------------------------------------------------------------


def test_locks_are_taken_in_one_order(tenant: Tenant) -> None:
    """Two callers who name the same things in opposite orders never meet in a deadlock: nothing has to be run twice."""
    names = [f"customer-{number}" for number in range(40)]
    calls: list[int] = []

    def lock_all(uow: Uow, wanted: list[str]) -> None:
        calls.append(1)
        uow.lock("customer", wanted)

    operation = an_operation(lock_all, input=None, output=None)

    def repeat(wanted: list[str]) -> None:
        for _ in range(40):
            tenant.execute(operation, wanted)

    threads = [threading.Thread(target=repeat, args=(order,)) for order in (names, names[::-1], names[20:] + names[:20])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(MINUTES)
    assert len(calls) == 120


@pytest.mark.parametrize(
    ("same_tenant", "space", "name", "waits"),
    [
        (True, "customer", "c-1", True),
        (True, "customer", "c-2", False),
        (True, "document", "c-1", False),
        (False, "customer", "c-1", False),
    ],
)
def test_a_lock_holds_one_name_of_one_tenant(
    new_tenant: Callable[[], Tenant], same_tenant: bool, space: str, name: str, waits: bool
) -> None:
    holder = new_tenant()
    other = holder if same_tenant else new_tenant()
    with holder.runtime.transaction(holder.caller()) as holding:
        holding.lock("customer", ["c-1"])
        try:
            with other.runtime.transaction(other.caller()) as uow:
                uow.run("SET LOCAL lock_timeout = '50ms'")
                uow.lock(space, [name])
            waited = False
        except psycopg.errors.LockNotAvailable:
            waited = True
    assert waited == waits
    with other.runtime.transaction(other.caller()) as uow:
        uow.run("SET LOCAL lock_timeout = '50ms'")
        uow.lock("customer", ["c-1"])


def test_the_last_steps_run_in_their_order_after_the_operation(tenant: Tenant) -> None:
    seen: list[str] = []

    def work(uow: Uow, _: Any) -> None:
        uow.finish(lambda: seen.append("first"))
        uow.finish(lambda: uow.finish(lambda: seen.append("added by a step")))
        uow.finish(lambda: seen.append("last"))
        seen.append("operation")

    tenant.execute(an_operation(work), things())
    assert seen == ["operation", "first", "last", "added by a step"]


class _Named(NamedTuple):
    ident: str
    amount: Decimal


def test_rows_are_of_the_kind_that_was_asked_for(tenant) -> None:
    with tenant.runtime.transaction(tenant.caller(), reads=True) as uow:
        pair = "SELECT * FROM (VALUES ('a', 1.50), ('b', 2.00)) AS x(ident, amount)"
        assert uow.all(_Named, pair) == [_Named("a", Decimal("1.50")), _Named("b", Decimal("2.00"))]
        assert uow.first(_Named, pair) == _Named("a", Decimal("1.50"))
        assert uow.first(_Named, f"{pair} WHERE false") is None
        assert columns(_Named) == '"ident", "amount"' and columns(_Named, "p") == 'p."ident", p."amount"'
        assert uow.scalar(int, "SELECT count(*) FROM customer") == 0 and uow.scalar(str, "SELECT 'x' WHERE false") is None


@pytest.mark.parametrize("answered", ["'a' AS ident", "1.50 AS amount, 'a' AS ident", "'a' AS ident, 1 AS amount, 2 AS more"])
def test_a_statement_that_answers_other_columns_is_a_bug(tenant, answered: str) -> None:
    with tenant.runtime.transaction(tenant.caller(), reads=True) as uow, pytest.raises(TypeError, match="_Named has the columns"):
        uow.all(_Named, f"SELECT {answered}")


def test_a_value_of_another_type_is_a_bug(tenant) -> None:
    with tenant.runtime.transaction(tenant.caller(), reads=True) as uow, pytest.raises(TypeError, match="answers str, not int"):
        uow.scalar(int, "SELECT 'x'")
