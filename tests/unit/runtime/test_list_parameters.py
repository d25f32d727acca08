"""Searching, sorting and paging in a query string."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contor.kernel.errors import Kind, Refused
from contor.runtime.query import ListQuery, Order, PageRequest
from contor.runtime.query.list_parameters import list_query
from contor.runtime.query.rsql import Comparison

Parameters = list[tuple[str, str]]


@pytest.mark.parametrize(
    ("parameters", "older", "query"),
    [
        ([], False, ListQuery()),
        ([("page", "3"), ("size", "50")], False, ListQuery(page=PageRequest(50, 150))),
        ([("size", "100"), ("page", "2147483647")], False, ListQuery(page=PageRequest(100, 214748364700))),
        ([("page", ""), ("search", "")], False, ListQuery()),
        ([("search", "a==1")], False, ListQuery(Comparison.of("a", "==", "1"))),
        ([("sort", "name")], False, ListQuery(order=(Order("name"),))),
        ([("sort", "name,DESC"), ("sort", "net, Asc")], False, ListQuery(order=(Order("name", "desc"), Order("net")))),
        ([], True, ListQuery(page=PageRequest(100, 0))),
        ([("pageNumber", "2"), ("pageSize", "10")], True, ListQuery(page=PageRequest(10, 20))),
        ([("orderBy", "name"), ("direction", "ASC")], False, ListQuery(order=(Order("name", "asc"),), page=PageRequest(100, 0))),
        ([("sort", "name"), ("page", "1")], True, ListQuery(order=(Order("name"),), page=PageRequest(20, 20))),
    ],
)
def test_parameters_mean_a_query(parameters: Parameters, older: bool, query: ListQuery) -> None:
    assert list_query(parameters, older=older) == query


@pytest.mark.parametrize(
    ("parameters", "findings"),
    [
        ([("page", "-1")], [("page_invalid", "page", "-1")]),
        ([("page", "2147483648")], [("page_invalid", "page", "2147483648")]),
        ([("page", "1.0")], [("page_invalid", "page", "1.0")]),
        ([("page", "²")], [("page_invalid", "page", "²")]),
        ([("size", "0")], [("page_invalid", "size", "0")]),
        ([("size", "101")], [("page_invalid", "size", "101")]),
        ([("size", "9" * 5000)], [("page_invalid", "size", "9" * 100)]),
        ([("pageSize", "101")], [("page_invalid", "pageSize", "101")]),
        ([("page", "1"), ("page", "2")], [("parameter_repeated", "page", "2")]),
        ([("sort", "name,up")], [("sort_direction_unknown", "sort", "up")]),
        ([("sort", "a,b,desc")], [("sort_direction_unknown", "sort", "b,desc")]),
        ([("direction", "\ud800")], [("sort_direction_unknown", "direction", "?")]),
        ([("sort", "name")] * 11, [("sort_too_long", "sort", None)]),
        ([("other", "x"), ("other", "y")], [("parameter_unknown", "other", None)]),
        ([("pageSze", "5"), ("size", "0")], [("parameter_unknown", "pageSze", None), ("page_invalid", "size", "0")]),
        ([("page", "1"), ("orderBy", "x")], [("paging_mixed", "orderBy", None)]),
        (
            [("search", "a=="), ("page", "x"), ("size", "y"), ("sort", "a,b")],
            [
                ("search_malformed", "search", "a=="),
                ("page_invalid", "size", "y"),
                ("page_invalid", "page", "x"),
                ("sort_direction_unknown", "sort", "b"),
            ],
        ),
    ],
)
def test_every_wrong_parameter_is_named_at_once(parameters: Parameters, findings: list[tuple[str, str, str | None]]) -> None:
    with pytest.raises(Refused) as refused:
        list_query(parameters)
    assert refused.value.kind is Kind.INVALID
    assert [(p.code, p.field, p.rejected_value) for p in refused.value.problems] == findings


NAMES = st.sampled_from(["search", "page", "size", "sort", "pageNumber", "pageSize", "orderBy", "direction", "x"])


@given(st.lists(st.tuples(NAMES, st.text(max_size=12)), max_size=4), st.booleans())
def test_any_parameters_are_read_or_refused(parameters: Parameters, older: bool) -> None:
    try:
        page = list_query(parameters, older=older).page
    except Refused as refused:
        assert refused.problems
        return
    assert 1 <= page.size <= 100
    assert 0 <= page.offset < 2**63
