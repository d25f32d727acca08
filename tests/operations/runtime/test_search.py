"""A search finds exactly the rows that it means, and an index serves it under row-level security."""

import datetime as dt
import fnmatch
import operator
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb
from sqlalchemy import BigInteger, Column, MetaData, Table

from contor.kernel.shapes import Amount, Name255, Text100, shape
from contor.runtime.config import Config
from contor.runtime.postgres import start
from contor.runtime.query import Filterable, ListQuery, Order, PageRequest, compile_list
from contor.runtime.query.fields import field
from contor.runtime.query.filterable import CODE, COUNTRY
from contor.runtime.query.rsql import All, AnyOf, Comparison, Node, Value, parse


@shape
class Venue:
    country: Text100 | None = None
    floor: int | None = None


THING = Table(
    "thing",
    MetaData(),
    Column("tenant_id", BigInteger, primary_key=True),
    Column("id", BigInteger, primary_key=True),
    field("name", Name255 | None),
    field("net", Amount | None),
    field("due_on", dt.date | None),
    field("active", bool | None),
    field("place", Venue),
)
NAMES = ("id", "name", "net", "due_on", "active", "place.country", "place.floor")
THINGS = Filterable.of(THING, NAMES, default_sort="id")
WORDS = (None, "", "a", "A", "ab", "aé", "a%b", "a_b", "a\\b", "aXb", "b", "Müller & Söhne", "\U0010ffff", "z")
ROWS: list[dict[str, Any]] = [
    {
        "tenant_id": 1,
        "id": number,
        "name": WORDS[number % len(WORDS)],
        "net": None if number % 5 == 0 else Decimal(number % 7) / 4,
        "due_on": None if number % 6 == 0 else dt.date(2026, 1, 1) + dt.timedelta(days=number % 9),
        "active": (None, True, False)[number % 3],
        "place": {"country": WORDS[number % 4], "floor": None if number % 4 == 0 else number % 3},
    }
    for number in range(120)
]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[psycopg.Connection]:
    server = start(Config(home=tmp_path_factory.mktemp("home")), settings={"fsync": "off"})
    try:
        with psycopg.connect(server.dsn, autocommit=True) as opened:
            opened.execute(
                "CREATE TABLE thing (tenant_id bigint, id bigint, name text, net numeric(19,4), due_on date, active bool, place jsonb,"
                " PRIMARY KEY (tenant_id, id))"
            )
            with opened.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO thing VALUES (%(tenant_id)s, %(id)s, %(name)s, %(net)s, %(due_on)s, %(active)s, %(place)s)",
                    [{**row, "place": Jsonb(row["place"])} for row in ROWS],
                )
            yield opened
    finally:
        server.stop()


def found(connection: psycopg.Connection, query: ListQuery) -> tuple[list[int], int]:
    """(ids of the page, count over all pages)"""
    made = compile_list(THING, query, THINGS, columns=("id",), scope={"tenant_id": 1})
    ids = [row[0] for row in connection.execute(made.walk.sql, made.walk.params)]  # type: ignore[arg-type]
    # found first and sorted then, they are the same
    assert ids == [row[0] for row in connection.execute(made.few.sql, made.few.params)]  # type: ignore[arg-type]
    total = connection.execute(made.count.sql, {**made.count.params, "row_cap": 10_000}).fetchone()  # type: ignore[arg-type]
    assert total is not None
    return ids, total[0]


def value_of(row: dict[str, Any], name: str) -> Any:
    head, _, rest = name.partition(".")
    return row[head][rest] if rest else row[head]


COMPARED: dict[str, Callable[[Any, Any], bool]] = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


def means(node: Node, row: dict[str, Any]) -> bool:
    """The search language, told a second time."""
    if isinstance(node, (All, AnyOf)):
        return (all if isinstance(node, All) else any)(means(term, row) for term in node.terms)
    has = value_of(row, node.field)
    kind = THINGS.fields[node.field]
    if node.operator == "=null=":
        return (has is None) is (node.values[0].text == "true")
    if node.operator in ("!=", "=out="):
        return not means(Comparison(node.field, "==" if node.operator == "!=" else "=in=", node.values), row)
    if has is None:
        return False
    if node.operator in COMPARED:
        return COMPARED[node.operator](has, kind.read(node.values[0].text))
    read = str.upper if kind.type in (CODE, COUNTRY) else str
    return any(
        fnmatch.fnmatchcase(has, "*".join(read(part).replace("[", "[[]").replace("?", "[?]") for part in value.parts))
        if len(value.parts) > 1
        else has == kind.read(value.text)
        for value in node.values
    )


LITERALS = {
    "id": st.integers(0, 120).map(str),
    "name": st.sampled_from([word for word in WORDS if word is not None]),
    "net": st.sampled_from(["0", "0.25", "0.5000", "1", "-1", "99"]),
    "due_on": st.sampled_from(["2026-01-01", "2026-01-05", "2027-01-01"]),
    "active": st.sampled_from(["true", "false"]),
    "place.country": st.sampled_from(["", "a", "A", "b"]),
    "place.floor": st.sampled_from(["0", "1", "2", "7"]),
}
PATTERNS = st.lists(st.sampled_from(["", "a", "b", "%", "_", "\\", "ü", "A", "\U0010ffff"]), min_size=2, max_size=4)


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    name = draw(st.sampled_from(NAMES))
    kind = draw(st.sampled_from(sorted(THINGS.fields[name].type.operators)))
    if kind == "=null=":
        return Comparison.of(name, kind, draw(st.sampled_from(["true", "false"])))
    if kind in ("==", "!=") and name in ("name", "place.country") and draw(st.booleans()):
        return Comparison(name, kind, (Value(tuple(draw(PATTERNS))),))
    return Comparison.of(name, kind, *draw(st.lists(LITERALS[name], min_size=1, max_size=3 if kind in ("=in=", "=out=") else 1)))


def _junctions(terms: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(terms, min_size=2, max_size=3).map(tuple)
    return st.builds(All, several) | st.builds(AnyOf, several)


TREES: st.SearchStrategy[Node] = st.recursive(comparisons(), _junctions, max_leaves=5)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TREES)
def test_a_search_finds_exactly_what_it_means(connection: psycopg.Connection, tree: Node) -> None:
    expected = [row["id"] for row in ROWS if means(tree, row)]
    assert found(connection, ListQuery(tree, page=PageRequest(1000))) == (expected, len(expected))


def test_pages_follow_one_another_without_gap_or_repetition(connection: psycopg.Connection) -> None:
    for field_name in ("name", "active", "place.floor"):
        seen: list[int] = []
        for number in range(13):
            ids, total = found(connection, ListQuery(None, (Order(field_name, "desc"),), PageRequest(10, number * 10)))
            assert total == 120
            seen += ids
        assert sorted(seen) == list(range(120))


def test_a_prefix_is_served_by_an_index_under_row_level_security(connection: psycopg.Connection) -> None:
    connection.execute('CREATE TABLE guarded (tenant_id bigint, id bigint, name text COLLATE "C", PRIMARY KEY (tenant_id, id))')
    connection.execute("INSERT INTO guarded SELECT n % 10, n, md5(n::text) FROM generate_series(1, 20000) n")
    connection.execute("CREATE INDEX ON guarded (tenant_id, name)")
    connection.execute("ALTER TABLE guarded ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    connection.execute("CREATE POLICY tenant ON guarded USING (tenant_id = current_setting('contor.tenant_id')::bigint)")
    connection.execute("ANALYZE guarded")
    guarded = Table(
        "guarded",
        MetaData(),
        Column("tenant_id", BigInteger, primary_key=True),
        Column("id", BigInteger, primary_key=True),
        field("name", Name255),
    )
    made = compile_list(
        guarded, ListQuery(parse("name==ab*")), Filterable.of(guarded, ("name",), default_sort="name"), columns=("id",)
    )
    with connection.transaction():
        connection.execute("SELECT set_config('contor.tenant_id', '3', true)")
        plan = "\n".join(row[0] for row in connection.execute(f"EXPLAIN {made.walk.sql}", made.walk.params))  # type: ignore[arg-type]
        rows = connection.execute(made.walk.sql, made.walk.params).fetchall()  # type: ignore[arg-type]
        expected = connection.execute("SELECT id FROM guarded WHERE substr(name, 1, 2) = 'ab' ORDER BY name").fetchall()
    assert "Index Cond: ((tenant_id = (current_setting('contor.tenant_id'::text))::bigint) AND (name >= 'ab'" in plan
    assert [row[:1] for row in rows] == expected
    assert rows != []
