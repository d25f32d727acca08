"""A search is checked against the typed fields of a thing, all findings at once; SQL has its values as parameters only."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Column, MetaData, Table, Text
from tests.checkers.wording import unfit

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Amount, Ident, Name255, Text100, shape
from contor.runtime.query import Filterable, Listing, ListQuery, Order, Page, PageRequest, compile_list
from contor.runtime.query.fields import field
from contor.runtime.query.rsql import All, Comparison, Node, Value, parse
from contor.runtime.query.search_form import after_prefix


@shape
class Place:
    country: Text100 | None = None
    floor: int = 0


@shape
class Seat:
    place: Place
    since: dt.date


THING = Table(
    "thing",
    MetaData(),
    Column("tenant_id", BigInteger, primary_key=True),
    Column("id", BigInteger, primary_key=True),
    field("ident", Ident),
    field("name", Name255 | None),
    field("kind", Literal["A", "B"]),
    field("net", Amount),
    field("level", int),
    field("due_on", dt.date | None),
    field("created_at", dt.datetime),
    field("active", bool),
    field("key_id", uuid.UUID),
    field("seat", Seat | None),
    field("tags", tuple[str, ...]),
    Column("note", Text),
)
NAMES = (
    "ident",
    "name",
    "kind",
    "net",
    "level",
    "due_on",
    "active",
    "key_id",
    "seat.since",
    "seat.place.country",
    "seat.place.floor",
)
THINGS = Filterable.of(THING, NAMES, default_sort="created_at,desc")


def listing(search: str | None = None, **options: Any) -> Listing:
    query = ListQuery(parse(search) if search else None, **options)
    return compile_list(THING, query, THINGS, columns=("id", "ident"))


def condition(search: str) -> tuple[str, list[Any]]:
    """(WHERE, parameters)"""
    made = listing(search)
    where = made.count.sql.partition("WHERE ")[2].rpartition(" \n LIMIT")[0].replace("thing.", "")
    assert where in made.walk.sql.replace("thing.", "")
    return " ".join(where.split()), list(made.count.params.values())


UTC = dt.UTC


@pytest.mark.parametrize(
    ("search", "where", "params"),
    [
        ("ident==a", "ident = %(v0)s::VARCHAR", ["a"]),
        ("ident!=a", "ident IS DISTINCT FROM %(v0)s::VARCHAR", ["a"]),
        ("ident>a", '(ident COLLATE "C") > %(v0)s::VARCHAR', ["a"]),
        ("ident=in=(a,b)", "ident = ANY (%(v0)s::TEXT[])", [["a", "b"]]),
        ("name=out=(a,b)", "name IS NULL OR NOT (name = ANY (%(v0)s::TEXT[]))", [["a", "b"]]),
        ("name==Mü*", '(name COLLATE "C") >= %(v0)s::VARCHAR AND (name COLLATE "C") < %(v1)s::VARCHAR', ["Mü", "Mý"]),
        (
            "name!=x*",
            'name IS NULL OR NOT ((name COLLATE "C") >= %(v0)s::VARCHAR AND (name COLLATE "C") < %(v1)s::VARCHAR)',
            ["x", "y"],
        ),
        ("name=='\U0010ffff*'", '(name COLLATE "C") >= %(v0)s::VARCHAR', ["\U0010ffff"]),
        ("name==*x", "name LIKE %(v0)s::VARCHAR", ["%x"]),
        (r"name=='*10%_\\ off*'", "name LIKE %(v0)s::VARCHAR", [r"%10\%\_\\ off%"]),
        ("name!=a*b", "name IS NULL OR name NOT LIKE %(v0)s::VARCHAR", ["a%b"]),
        ("name==*", "name IS NOT NULL", []),
        ("name!=*", "name IS NULL", []),
        ("name=null=true", "name IS NULL", []),
        ("name=null=false", "name IS NOT NULL", []),
        ("kind==A", "kind = %(v0)s::VARCHAR", ["A"]),
        ("net=gt=-12.50", "net > %(v0)s", [Decimal("-12.50")]),
        ("net=in=(1,2.5)", "net = ANY (%(v0)s::NUMERIC[])", [[Decimal(1), Decimal("2.5")]]),
        ("net==123456789012345.1234567891", "net = %(v0)s", [Decimal("123456789012345.1234567891")]),
        ("level<=9223372036854775807", "level <= %(v0)s::BIGINT", [2**63 - 1]),
        ("active!=true", "active IS DISTINCT FROM %(v0)s", [True]),
        ("dueOn>=2026-02-28", "due_on >= %(v0)s::DATE", [dt.date(2026, 2, 28)]),
        ("due_on<2026-02-28", "due_on < %(v0)s::DATE", [dt.date(2026, 2, 28)]),
        ("createdAt>2026-03-01", "created_at > %(v0)s::TIMESTAMP WITH TIME ZONE", [dt.datetime(2026, 3, 1, tzinfo=UTC)]),
        (
            "createdAt<2026-03-01T12:30:00.5Z",
            "created_at < %(v0)s::TIMESTAMP WITH TIME ZONE",
            [dt.datetime(2026, 3, 1, 12, 30, 0, 500_000, tzinfo=UTC)],
        ),
        (
            "createdAt==2026-03-01T12:30+02:00",
            "created_at = %(v0)s::TIMESTAMP WITH TIME ZONE",
            [dt.datetime(2026, 3, 1, 10, 30, tzinfo=UTC)],
        ),
        (
            "keyId==6f0f8b1e-51f6-4f3a-9a38-3fd3a4a3c1a1",
            "key_id = %(v0)s::UUID",
            [uuid.UUID("6f0f8b1e-51f6-4f3a-9a38-3fd3a4a3c1a1")],
        ),
        ("seat.place.country==DE", "(seat #>> '{place,country}') = %(v0)s::VARCHAR", ["DE"]),
        ("seat.place.floor>3", "CAST(seat #>> '{place,floor}' AS BIGINT) > %(v0)s::BIGINT", [3]),
        ("seat.since>2026-01-01", "CAST(seat #>> '{since}' AS DATE) > %(v0)s::DATE", [dt.date(2026, 1, 1)]),
        (
            "ident==a;(name==b,level>1)",
            "ident = %(v0)s::VARCHAR AND (name = %(v1)s::VARCHAR OR level > %(v2)s::BIGINT)",
            ["a", "b", 1],
        ),
        ("name=='; DROP TABLE thing; --'", "name = %(v0)s::VARCHAR", ["; DROP TABLE thing; --"]),
        ("name==%(v0)s", None, None),
    ],
)
def test_a_search_becomes_a_condition_with_parameters(search: str, where: str | None, params: list[Any] | None) -> None:
    if where is None:
        with pytest.raises(Refused):
            condition(search)
    else:
        assert condition(search) == (where, params)


@pytest.mark.parametrize(
    ("search", "code", "message", "rejected"),
    [
        ("nope==1", "search_field_unknown", "'nope' cannot be searched; these can: active, createdAt", "nope"),
        ("note==1", "search_field_unknown", "'note' cannot be searched", "note"),
        ("tenantId==1", "search_field_unknown", "'tenantId' cannot be searched", "tenantId"),
        (
            "name=like=x",
            "search_operator_unknown",
            "'name' does not know '=like='; it knows != < <= == =in= =null= =out= > >=.",
            "=like=",
        ),
        ("kind>A", "search_operator_unknown", "'kind' does not know '>'; it knows != == =in= =null= =out=.", ">"),
        ("active>true", "search_operator_unknown", "'active' does not know '>'", ">"),
        ("kind==C", "search_value_invalid", "kind== takes one of A, B.", "C"),
        (
            "net==1e9999999",
            "search_value_invalid",
            "net== takes a number of at most 15 integral and 10 fractional digits.",
            "1e9999999",
        ),
        ("net==1234567890123456", "search_value_invalid", "net== takes a number", "1234567890123456"),
        ("net==NaN", "search_value_invalid", "net== takes a number", "NaN"),
        ("net==١", "search_value_invalid", "net== takes a number", "١"),
        ("net==1*", "search_value_invalid", "net== takes a whole value: `*` is for texts.", "1*"),
        ("level==1.0", "search_value_invalid", "level== takes a whole number of 64 bits.", "1.0"),
        ("level==9223372036854775808", "search_value_invalid", "level== takes a whole number", "9223372036854775808"),
        ("active==1", "search_value_invalid", "active== takes true or false.", "1"),
        ("dueOn==2026-02-29", "search_value_invalid", "dueOn== takes a date such as 2026-03-31.", "2026-02-29"),
        ("dueOn==20260228", "search_value_invalid", "dueOn== takes a date", "20260228"),
        ("dueOn==0000-01-01", "search_value_invalid", "dueOn== takes a date", "0000-01-01"),
        ("createdAt==2026-03-01T25:00", "search_value_invalid", "createdAt== takes an instant such as", "2026-03-01T25:00"),
        ("createdAt==yesterday", "search_value_invalid", "createdAt== takes an instant", "yesterday"),
        ("keyId==6f0f8b1e", "search_value_invalid", "keyId== takes a UUID.", "6f0f8b1e"),
        ("name=null=maybe", "search_value_invalid", "name=null= takes true or false.", "maybe"),
        ("name=null=(true,false)", "search_value_invalid", "name=null= takes true or false.", "true"),
        ("name==(a,b)", "search_value_invalid", "name== takes one value.", "a"),
        ("name=in=(a*,b)", "search_value_invalid", "name=in= takes a value without `*`.", "a*"),
        ("name>a*", "search_value_invalid", "name> takes a value without `*`.", "a*"),
        ("seat.place==x", "search_field_unknown", "'seat.place' cannot be searched", "seat.place"),
    ],
)
def test_what_does_not_fit_is_named(search: str, code: str, message: str, rejected: str) -> None:
    with pytest.raises(Refused) as refused:
        listing(search)
    assert refused.value.kind is Kind.INVALID
    (problem,) = refused.value.problems
    assert (problem.code, problem.field, problem.rejected_value) == (code, "search", rejected)
    assert problem.message.startswith(message)


def test_every_finding_comes_at_once() -> None:
    with pytest.raises(Refused) as refused:
        listing("nope==1;(net==x,kind=in=(A,C,D));name=like=y", order=(Order("nope"), Order("name"), Order("seat")))
    assert [(p.code, p.field, p.rejected_value) for p in refused.value.problems] == [
        ("search_field_unknown", "search", "nope"),
        ("search_value_invalid", "search", "x"),
        ("search_value_invalid", "search", "C"),
        ("search_value_invalid", "search", "D"),
        ("search_operator_unknown", "search", "=like="),
        ("sort_field_unknown", "sort", "nope"),
        ("sort_field_unknown", "sort", "seat"),
    ]


def test_what_was_sent_as_a_field_is_repeated_in_quotes() -> None:
    with pytest.raises(Refused) as refused:
        listing("made_up==1", order=(Order("made_up"),))
    searched, sorted_by = refused.value.problems
    assert searched.message.startswith("'made_up' cannot be searched; these can: ")
    assert sorted_by.message.startswith("'made_up' cannot be sorted by; these can: ")
    assert not unfit(searched.message) and not unfit(sorted_by.message)


def test_a_plain_parameter_is_checked_like_a_search() -> None:
    query = ListQuery(All((Comparison.of("name", "==", "a*"), Comparison.of("level", "==", "7"))))
    assert list(compile_list(THING, query, THINGS, columns=("id",)).count.params.values()) == ["a*", 7]
    for text in ("a\0", "\ud800"):
        with pytest.raises(Refused) as refused:
            compile_list(THING, ListQuery(Comparison.of("name", "==", text)), THINGS, columns=("id",), parameter="name")
        message = "name is compared with a character that no text may have."
        assert refused.value.problems == (Problem("search_value_invalid", message, "name", text[:-1] + "\ufffd"),)


def test_the_statements_of_a_page() -> None:
    query = ListQuery(parse("level>1"), (Order("name", "desc"),), PageRequest(50, 100))
    made = compile_list(THING, query, THINGS, columns=("id", "ident"), scope={"note": "n", "kind": "A"})
    where = "WHERE thing.note = %(s0)s::VARCHAR AND thing.kind = %(s1)s::VARCHAR AND thing.level > %(v0)s::BIGINT"
    shown, part = (
        "thing.id, thing.ident, thing.name AS k0, thing.id AS k1",
        "LIMIT %(row_limit)s::BIGINT OFFSET %(row_offset)s::BIGINT",
    )
    assert " ".join(made.walk.sql.split()) == f"SELECT {shown} FROM thing {where} ORDER BY thing.name DESC, thing.id DESC {part}"
    assert made.walk.params == {"s0": "n", "s1": "A", "v0": 1, "row_limit": 50, "row_offset": 100}
    few = " ".join(made.few.sql.split())
    assert few.startswith(f"SELECT {shown} FROM (SELECT thing.tenant_id AS tenant_id")
    assert few.endswith(f"{where} LIMIT ALL OFFSET 0) AS thing WHERE true ORDER BY thing.name DESC, thing.id DESC {part}")
    counted = f"FROM (SELECT 1 FROM thing {where} LIMIT %(row_cap)s::BIGINT) AS found"
    assert " ".join(made.count.sql.split()) == f"SELECT count(*) AS count_1 {counted}"
    assert made.count.params == {"s0": "n", "s1": "A", "v0": 1}


@pytest.mark.parametrize(
    ("order", "sql"),
    [
        ((), "thing.created_at DESC, thing.id DESC"),
        ((Order("", "asc"),), "thing.created_at ASC, thing.id ASC"),
        ((Order("dueOn"), Order("net", "desc")), "thing.due_on ASC, thing.net DESC, thing.id DESC"),
        ((Order("seat.place.floor"),), "CAST(thing.seat #>> '{place,floor}' AS BIGINT) ASC, thing.id ASC"),
    ],
)
def test_the_key_makes_every_order_total(order: tuple[Order, ...], sql: str) -> None:
    assert " ".join(listing(order=order).walk.sql.split()).partition("ORDER BY ")[2].partition(" LIMIT")[0] == sql


def test_names_of_a_dialect_are_translated_before() -> None:
    query = ListQuery(parse("contractId==a"), (Order("contractId"),)).renamed({"contractId": "ident"}.__getitem__)
    assert (query.where, query.order) == (Comparison.of("ident", "==", "a"), (Order("ident"),))


@pytest.mark.parametrize("name", ["tags", "seat", "seat.place.nope", "seat.place.country.x", "seat.'; --"])
def test_what_cannot_be_searched_cannot_be_declared(name: str) -> None:
    with pytest.raises(ValueError, match=r"search|member|path"):
        Filterable.of(THING, (name,), default_sort="ident")


@pytest.mark.parametrize(
    ("prefix", "after"),
    [
        ("a", "b"),
        ("az", "a{"),
        ("a\U0010ffff", "b"),
        ("\ud7ff", "\ue000"),
        ("\U0010ffff", None),
        ("\U0010ffff\U0010ffff", None),
    ],
)
def test_a_prefix_ends_where_the_next_text_begins(prefix: str, after: str | None) -> None:
    assert after_prefix(prefix) == after


def test_a_page_knows_how_many_there_are() -> None:
    assert [Page((), 0, 20, total).pages for total in (0, 1, 20, 21)] == [0, 1, 1, 2]
    assert [PageRequest(20, offset).number for offset in (0, 19, 20, 60)] == [0, 0, 1, 3]


WORDS = st.sampled_from([*NAMES, "createdAt", "nope", "seat", "dueOn"])
TEXTS = st.text(max_size=12) | st.sampled_from(["1", "-1.5", "true", "2026-01-01", "A", "1" * 30, "2026-01-01T00:00:00+99:99"])
VALUES = st.lists(TEXTS, min_size=1, max_size=3).map(lambda parts: Value(tuple(parts)))
OPERATORS = st.sampled_from(["==", "!=", ">", ">=", "<", "<=", "=in=", "=out=", "=null=", "=like="])


@given(st.builds(Comparison, WORDS, OPERATORS, st.lists(VALUES, min_size=1, max_size=3).map(tuple)))
def test_any_comparison_is_compiled_or_refused_and_its_text_is_not_in_the_sql(node: Node) -> None:
    marked = Comparison(node.field, node.operator, tuple(Value(tuple(f"{p}§" for p in v.parts)) for v in node.values))  # type: ignore[union-attr]
    for tree in (node, marked):
        try:
            made = compile_list(THING, ListQuery(tree), THINGS, columns=("id",))
        except Refused as refused:
            assert all(problem.message.encode() for problem in refused.problems)
            continue
        assert "§" not in made.walk.sql + made.few.sql + made.count.sql
