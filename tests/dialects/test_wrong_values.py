"""Whatever is wrong in a body or a search is refused in words of the domain: every field of every body, every field of every list, each
with values of every kind. Numbers and dates have the digits 0 to 9, whatever else Python would read as such."""

import re
import unicodedata
from functools import cache
from typing import Any

import pytest
from tests.checkers.body_fields import BodyField, fields_of
from tests.checkers.wording import unfit

from contor.api.exchange import shaped
from contor.api.fynn.routes import ROUTES as FYNN
from contor.api.management.routes import ROUTES as MANAGEMENT
from contor.api.platform.routes import ROUTES as PLATFORM
from contor.api.route import Route
from contor.kernel.errors import Problem, Refused
from contor.runtime.query.list_parameters import list_query
from contor.runtime.query.lists import compile_list
from contor.runtime.query.search_form import Binding
from contor.runtime.tables import audit_entry

BODIES = [
    (row, row not in MANAGEMENT)
    for row in (*PLATFORM, *MANAGEMENT, *FYNN)
    if row.body is not None and not row.upload and row.filterable is None
]
WRONG: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    10**40,
    1.5,
    "",
    "x",
    "\x00",
    "\ud800",
    "z" * 20_000,
    [],
    [None],
    ["x"],
    {},
    {"x": 1},
    "9999-12-31",
)
DIGITS = [unicodedata.lookup(f"{script} DIGIT TWO") for script in ("ARABIC-INDIC", "DEVANAGARI", "FULLWIDTH")]


def findings(row: Route, body: Any, camel: bool) -> tuple[Problem, ...]:
    try:
        shaped(row.body, body, camel=camel, in_part=row.in_part)
    except Refused as refused:
        return refused.problems
    return ()


@cache
def each_form_once() -> dict[tuple[str, str], list[BodyField]]:
    """What each row (method, path) is asked. Fields of one name and form in one shape are judged alike, however often they stand in a body
    and in whichever bodies of a dialect: of those the first is asked. What is all null where a body changes a part is judged apart."""
    seen = set()
    asked: dict[tuple[str, str], list[BodyField]] = {}
    for row, camel in BODIES:
        fields = asked.setdefault((row.method, row.path), [])
        for field in fields_of(row.body, camel=camel):
            if (key := (camel, row in PLATFORM, row.in_part, field.owner, field.name, str(field.forms))) not in seen:
                seen.add(key)
                fields.append(field)
    return asked


@pytest.mark.parametrize(("row", "camel"), BODIES, ids=[f"{row.method} {row.path}" for row, _ in BODIES])
def test_every_field_of_a_body(row: Route, camel: bool) -> None:
    wrong = []
    for field in each_form_once()[row.method, row.path]:
        for value in WRONG:
            for problem in findings(row, field.body(value), camel):
                if reason := unfit(problem.message, names=row in PLATFORM):
                    wrong.append((field.path, value, problem.message, reason))
    assert wrong == []


@pytest.mark.parametrize(("row", "camel"), BODIES, ids=[f"{row.method} {row.path}" for row, _ in BODIES])
def test_numbers_and_dates_have_the_digits_of_json(row: Route, camel: bool) -> None:
    read = []
    for field in each_form_once()[row.method, row.path]:
        kinds = {form.get("type") for form in field.forms} | {form.get("format") for form in field.forms}
        texts = []
        if any(form.get("type") == "string" and not form.keys() & {"pattern", "format"} for form in field.forms):
            continue  # any text is a value of it, too
        if kinds & {"number", "integer"}:
            texts = [*DIGITS, "1_0", " 1", "1 ", "0x1", "inf", "NaN", "1,5", f"1.{DIGITS[0]}"]
        elif kinds & {"date", "date-time"}:
            texts = [f"{digit}026-01-01" for digit in DIGITS] + ["2026-01-01 ", "2026-1-1", "20260101", "1.1.2026", "1767225600"]
        read += [
            (field.path, text) for text in texts if field.path not in {p.field for p in findings(row, field.body(text), camel)}
        ]
    assert read == []


LISTS = [row for row in PLATFORM if row.filterable is not None]
TERMS = (
    "=={}",
    "=in=({},{})",
    "=like=x",
    "=gt=*",
    "==a*b",
    "=null=perhaps",
    "==" + DIGITS[0],
    "==1_0",
    "=ge=2026-13-01",
    "=in=()",
    "",
    "=",
)


@pytest.mark.parametrize("row", LISTS, ids=lambda row: row.path)
def test_every_field_of_a_list(row: Route) -> None:
    assert row.filterable is not None
    said: list[Problem] = []
    for name in (*row.filterable.fields, "no_such_field", "noSuchField"):
        for term in TERMS:
            try:
                binding = Binding(row.filterable, "search")
                binding.form(list_query([("search", f"{name}{term.format('x', 'y')}")]).where)
                said += binding.problems
            except Refused as refused:
                said += refused.problems
        for parameters in ([("sort", f"{name},sideways")], [("sort", f"{name}.x")], [("orderBy", name), ("direction", "UP")]):
            with pytest.raises(Refused) as wrong:
                compile_list(audit_entry, list_query(parameters), row.filterable, columns=())
            said += wrong.value.problems
    # fields may be named as the books of this list have them, in snake case
    assert {p.message for p in said if unfit(re.sub(r"these can: .*", "", p.message), names=False)} == set()


def test_paging_and_searches_that_are_none() -> None:
    for name in ("page", "size", "pageNumber", "pageSize"):
        for text in (DIGITS[0], "-1", "1.0", "1e1", "1_0", "²", "x", "9" * 30):
            with pytest.raises(Refused) as refused:
                list_query([(name, text)])
            assert [problem for problem in refused.value.problems if unfit(problem.message, names=False)] == []
    for text in ("(", "a==", "a==b;", "a==b or", "=x=y", "a==(b", "a=='b", "a" * 5000):
        with pytest.raises(Refused) as refused:
            list_query([("search", text)])
        assert [problem for problem in refused.value.problems if unfit(problem.message, names=False)] == []
