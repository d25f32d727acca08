"""What fynn's clients do on the wire (the n8n node above all), and what is answered to it: lists, dates, money, empty texts, refusals."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.fynn import Fynn

from contor.api.fynn.kit import SPOKEN
from contor.api.fynn.lists import anywhere, list_query_of, parameters_of
from contor.api.fynn.manners import CustomFields, Day, Every, Instant, Money, interval, money, when
from contor.api.fynn.refusals import feature_off, gone, problem_of
from contor.api.fynn.voice import FYNN
from contor.api.route import By, Sought
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.execute import adapter
from contor.runtime.query.rsql import All, AnyOf, Comparison, Value

SOUGHT = Sought(
    by={
        "customerGroup.name": By(field="group"),
        "companyName": By(field="company", form="PART"),
        "id": By(field="ident"),
        "status": By(field="status", words={"STATUS_PAID": "PAID", "STATUS_NEW": "NEW"}),
        "isVatIdValid": By(field="valid", form="TRUTH"),
        "createdAt": By(field="created_at", form="INSTANT"),
        "dueDate": By(field="due_on", form="DAY"),
        "items.product.id": By(field="product"),
    },
    order={"createdAt": "created_at", "contractDetails.contractEnd": "ends_on"},
    text=anywhere("company", "name"),
    ignored=frozenset({"pagination"}),
)


def asked(*parameters: tuple[str, str]) -> Any:
    return list_query_of(SOUGHT, parameters)


@pytest.mark.parametrize("name", ["customerGroup.name", "customerGroup[name]"])
def test_filters_in_dots_and_in_brackets(name: str) -> None:
    """W2: the node turns dots into brackets."""
    assert asked((name, "Gold")).where == Comparison.of("group", "==", "Gold")


def test_what_is_nested_deeper_and_what_is_an_array() -> None:
    assert asked(("items[product][id]", "p")).where == Comparison.of("product", "==", "p")
    assert asked(("id[]", "a"), ("id[]", "b")).where == Comparison.of("ident", "=in=", "a", "b")
    assert asked(("id[]", "a")).where == Comparison.of("ident", "==", "a")
    assert asked(("status", "STATUS_PAID")).where == Comparison.of("status", "==", "PAID")
    assert asked(("isVatIdValid", "1")).where == Comparison.of("valid", "==", "true")
    assert asked(("companyName", "GmbH")).where == Comparison("company", "==", (Value(("", "GmbH", "")),))
    both = asked(("search", "x"), ("id", "a")).where
    assert both == All(
        (
            Comparison.of("ident", "==", "a"),
            AnyOf((Comparison("company", "==", (Value(("", "x", "")),)), Comparison("name", "==", (Value(("", "x", "")),)))),
        )
    )


def test_orders_and_dates() -> None:
    """W2: orders come in brackets within brackets."""
    query = asked(("order[createdAt]", "asc"), ("order[contractDetails][contractEnd]", "DESC"))
    assert [(one.field, one.direction) for one in query.order] == [("created_at", "asc"), ("ends_on", "desc")]
    assert asked(("createdAt[after]", "2026-01-01")).where == Comparison.of("created_at", ">=", "2026-01-01T00:00:00+00:00")
    assert asked(("createdAt[strictly_before]", "2026-01-01T00:00:00+02:00")).where == Comparison.of(
        "created_at", "<", "2025-12-31T22:00:00+00:00"
    )
    assert asked(("dueDate[before]", "2026-01-31T00:00:00.000Z")).where == Comparison.of("due_on", "<=", "2026-01-31")
    assert asked(("dueDate[strictly_after]", "2026-01-31")).where == Comparison.of("due_on", ">", "2026-01-31")


@pytest.mark.parametrize(
    ("page", "limit", "size", "offset"),
    [
        (None, None, 30, 0),
        ("0", "100", 100, 0),
        ("1", "100", 100, 0),
        ("2", "30", 30, 30),
        ("100", "100", 100, 9900),
        ("1", "0", 0, 0),
    ],
)
def test_pages(page: str | None, limit: str | None, size: int, offset: int) -> None:
    """W3: page 0 is the first."""
    given = [(name, value) for name, value in (("page", page), ("limit", limit)) if value is not None]
    assert (asked(*given).page.size, asked(*given).page.offset) == (size, offset)


def test_what_says_nothing_and_what_is_known_to_be_sent() -> None:
    assert asked(("customerGroup[name]", ""), ("search", ""), ("page", ""), ("pagination", "true")).where is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("page", "-1"),
            ("page", "x"),
            ("limit", "101"),
            ("limit", "1.5"),
            ("limit", "²"),
            ("colour", "red"),
            ("order[colour]", "asc"),
        ),
        *(
            ("order[createdAt]", "up"),
            ("order", "createdAt"),
            ("status", "PAID"),
            ("createdAt", "2026-01-01"),
            ("createdAt[after]", "x"),
        ),
        *(
            ("createdAt[after]", "2026-02-30"),
            ("createdAt[sideways]", "2026-01-01"),
            ("a[", "1"),
            ("[a]", "1"),
            ("a[][b]", "1"),
            ("]", "1"),
        ),
        *(("isVatIdValid", "maybe"), ("id[x]", "1"), ("createdAt[after]", "٢026-01-01"), ("search[x]", "1"), ("a" * 5000, "1")),
    ],
)
def test_what_is_no_parameter_is_refused_in_words(name: str, value: str) -> None:
    with pytest.raises(Refused) as refused:
        asked((name, value))
    status, body = problem_of(refused.value)
    assert status == 400 and body["message"] == body["detail"]


def test_what_is_said_twice() -> None:
    with pytest.raises(Refused) as refused:
        asked(("id", "a"), ("id", "b"), ("page", "1"), ("page", "2"))
    assert [problem.code for problem in refused.value.problems] == ["parameter_repeated"] * 2


def test_every_parameter_is_published() -> None:
    names = [one["name"] for one in parameters_of(SOUGHT)]
    assert "customerGroup.name" in names and "order[contractDetails][contractEnd]" in names and "createdAt[strictly_after]" in names
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-01-31", "2026-01-31T00:00:00+00:00"),
        ("2026-01-31T00:00:00", "2026-01-31T00:00:00+00:00"),
        ("2026-01-31T10:20:30.000Z", "2026-01-31T10:20:30+00:00"),
        ("2026-01-31T10:20:30.123456789Z", "2026-01-31T10:20:30+00:00"),
        ("2026-01-31T10:20+02:00", "2026-01-31T08:20:00+00:00"),
        ("2026-01-31 10:20:30+0200", "2026-01-31T08:20:30+00:00"),
    ],
)
def test_points_in_time_as_pickers_give_them(text: str, instant: str) -> None:
    """W6."""
    read: Any = adapter(Instant).validate_python(text)
    assert when(read) == instant
    assert adapter(Day).validate_python(text) == dt.date(2026, 1, 31)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-1-1",
        "20260101",
        "2026-02-30",
        "2026-01-01 ",
        "2026-01-01T25:00",
        "1767225600",
        "x",
        5,
        None,
        True,
        [],
        {},
        "0000-01-01",
    ],
)
def test_what_is_no_date(text: Any) -> None:
    for kind in (Day, Instant):
        with pytest.raises(ValueError):
            adapter(kind).validate_python(text)


def test_the_day_of_a_point_in_time_is_the_one_that_is_written() -> None:
    assert adapter(Day).validate_python("2026-01-31T00:00:00+02:00") == dt.date(2026, 1, 31)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("123.45", "EUR", 12345),
        ("0.0125", "EUR", Decimal("1.25")),
        ("500", "JPY", 500),
        ("1.234", "KWD", 1234),
        ("-3.00", "EUR", -300),
    ],
)
def test_money_is_in_minor_units(amount: str, currency: str, minor: int | Decimal) -> None:
    shown = money(Decimal(amount), currency)
    assert (shown.amount, type(shown.amount), shown.currency_code) == (minor, type(minor), currency)
    for sent in ({"amount": minor, "currencyCode": currency}, {"amount": minor}, minor):
        read: Any = adapter(Money).validate_python(sent)
        assert read.in_units(currency) == Decimal(amount)


@pytest.mark.parametrize(
    "wrong", [True, {"amount": True}, {"amount": "x"}, {}, [], "x", {"amount": 1, "currencyCode": "QQQ"}, {"amount": 10**30}]
)
def test_what_is_no_money(wrong: Any) -> None:
    with pytest.raises(ValueError):
        adapter(Money).validate_python(wrong)


@pytest.mark.parametrize(
    ("text", "count", "unit"), [("1M", 1, "MONTH"), ("14D", 14, "DAY"), ("1Y", 1, "YEAR"), ("2W", 2, "WEEK"), ("P3M", 3, "MONTH")]
)
def test_intervals(text: str, count: int, unit: str) -> None:
    read: Any = adapter(Every).validate_python(text)
    assert (read.count, read.unit, interval(read.count, read.unit)) == (count, unit, text.removeprefix("P"))


@pytest.mark.parametrize("text", ["0M", "M", "1H", "-1M", "1.5M", "99999D", "PT1M", 1, True, {}])
def test_what_is_no_interval(text: Any) -> None:
    with pytest.raises(ValueError):
        adapter(Every).validate_python(text)


def test_custom_fields_come_as_an_object_or_as_its_text() -> None:
    """W7."""
    for sent in ({"a": "b", "n": 1}, '{"a": "b", "n": 1}'):
        assert adapter(CustomFields).validate_python(sent) == {"a": "b", "n": 1}
    for wrong in ("[1]", "{", "x", 1, [], '{"a": {"b": 1}}', "[" * 100_000):
        with pytest.raises(ValueError):
            adapter(CustomFields).validate_python(wrong)


def test_an_empty_text_is_null_at_whatever_depth() -> None:
    """W5."""
    assert SPOKEN.read({"a": "", "b": {"c": ["", {"d": ""}]}, "e": " "}) == {"a": None, "b": {"c": [None, {"d": None}]}, "e": " "}


@pytest.mark.parametrize(
    ("refused", "status"),
    [
        (Refused(Kind.INVALID, Problem("json_malformed", "The body is not valid JSON.")), 400),
        (Refused(Kind.INVALID, Problem("missing", "is required", "email")), 422),
        (Refused(Kind.UNAUTHENTICATED, Problem("token_missing", "A key is required.")), 401),
        (Refused(Kind.FORBIDDEN, Problem("permission_missing", "This needs the permission x.")), 403),
        (Refused(Kind.NOT_FOUND, Problem("customer_not_found", "There is none.")), 404),
        (Refused(Kind.ILLEGAL_STATE, Problem("invoice_paid", "It is paid.")), 409),
        (Refused(Kind.CONFLICT, Problem("ident_taken", "It is there already.")), 409),
        (Refused(Kind.CONFLICT, Problem("email_taken", "is another customer's", "email")), 422),
        (gone("The offer was valid until yesterday.", "offer_expired"), 410),
        (feature_off("customer.hierarchy"), 501),
        (Refused(Kind.TOO_MANY, Problem("too_many", "Too many requests.")), 429),
        (Refused(Kind.UNAVAILABLE, Problem("busy", "Try again.")), 503),
    ],
)
def test_statuses(refused: Refused, status: int) -> None:
    assert FYNN.refuse(refused, "/x", "r")[0] == status


def test_every_finding_has_its_line_and_its_violation() -> None:
    """W9: `message` says what the node shows."""
    found = Refused(
        Kind.INVALID,
        Problem("missing", "is required", "first_name"),
        Problem("text_too_long", "is too long", "addresses[0].zip_code"),
    )
    status, body = problem_of(found)
    assert status == 422
    assert body == {
        "title": "An error occurred",
        "detail": "firstName: is required\naddresses[0].zipCode: is too long",
        "status": 422,
        "violations": [
            {"propertyPath": "firstName", "message": "is required", "code": "c1051bb4-d103-4f74-8988-acbcafc7fdc3"},
            {"propertyPath": "addresses[0].zipCode", "message": "is too long", "code": "d94b19cc-114f-4f44-9cc4-4138e80a87b9"},
        ],
        "message": "firstName: is required\naddresses[0].zipCode: is too long",
    }


def test_paths_and_methods_that_are_none(fynn: Fynn) -> None:
    missing = fynn.send("GET", "/nothing")
    assert (missing.status_code, missing.json()["title"]) == (404, "An error occurred")
    wrong = fynn.send("DELETE", "/roles")
    assert (wrong.status_code, wrong.json()["status"], wrong.headers["Allow"]) == (405, 405, "GET, HEAD")


def test_a_list_beyond_its_end_and_of_nothing(fynn: Fynn) -> None:
    """W3, and limit=0."""
    beyond = fynn.call("GET", "/notifications?limit=100&page=200")
    assert (beyond["data"], beyond["meta"]["pagination"]["pageTotalItems"]) == ([], 0)
    none = fynn.call("GET", "/notifications?limit=0")
    assert none["data"] == [] and none["meta"]["pagination"] == {
        "totalItems": 0,
        "itemsPerPage": 0,
        "currentPage": 1,
        "lastPage": 1,
        "pageTotalItems": 0,
    }
