"""Document numbers: what they look like, which counters may not stand together, and which one a document draws from."""

import datetime as dt
from typing import Any

import pytest

from contor.settings.numbers import Counter, can_collide, counter_problems, number_rule, resolve
from contor.settings.numbers.masks import Strategy, number, up_to

DAY = dt.date(2026, 11, 20)


def a_counter(**overrides: Any) -> Counter:
    return Counter(**{"ident": "c"} | overrides)


@pytest.mark.parametrize(
    ("fields", "value", "expected"),
    [
        ({"prefix": "RE-##YEAR##-", "mask": "000000"}, 7, "RE-2026-000007"),
        ({"prefix": "RE-##YEAR##-", "mask": "000000"}, 1234567, "RE-2026-1234567"),
        ({"prefix": "##YEAR_SHORT##", "mask": "0000", "suffix": "-X"}, 12, "260012-X"),
        ({"suffix": "##YEAR##"}, 5, "52026"),
        ({}, 42, "42"),
        ({"mask": "00-00"}, 7, "00-07"),
        ({"mask": "00-00"}, 1234, "12-34"),
        ({"mask": "00-00"}, 98765, "987-65"),
        ({"mask": "A00B"}, 1, "A01B"),
        ({"mask": "A00B"}, 123, "A123B"),
        ({"mask": "K"}, 9, "K9"),
        ({"lower_limit": 0, "mask": "00"}, 0, "00"),
    ],
)
def test_a_number(fields: dict[str, Any], value: int, expected: str) -> None:
    assert number(a_counter(**fields), value, DAY) == expected


def test_the_year_is_that_of_the_document_date() -> None:
    counter = a_counter(prefix="##YEAR##-", reset="NEW_YEAR")
    assert [counter.year(dt.date(year, 1, 1)) for year in (2026, 2027)] == [2026, 2027]
    assert number(counter, 1, dt.date(2027, 1, 1)) == "2027-1"
    assert a_counter(prefix="##YEAR##-").year(DAY) == 0


def test_a_value_outside_the_limits_is_never_printed() -> None:
    counter = a_counter(lower_limit=10, upper_limit=12)
    assert [counter.is_exhausted(value) for value in (12, 13)] == [False, True]
    assert number(counter, 12, DAY) == "12"
    for value in (9, 13):
        with pytest.raises(ValueError, match="outside the limits"):
            number(counter, value, DAY)


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"prefix": "A" * 17 + "##YEAR##"}, "affix_too_long", "prefix"),
        ({"suffix": "A" * 21}, "affix_too_long", "suffix"),
        ({"prefix": "RE/"}, "affix_characters", "prefix"),
        ({"prefix": "##MONTH##"}, "affix_characters", "prefix"),
        ({"mask": "0" * 176}, "mask_too_long", "mask"),
        ({"mask": "00/00"}, "mask_characters", "mask"),
        ({"lower_limit": -1}, "lower_limit_negative", "lowerLimit"),
        ({"lower_limit": 5, "upper_limit": 5}, "upper_limit_too_low", "upperLimit"),
        ({"reset": "NEW_YEAR"}, "reset_without_year", "reset"),
    ],
)
def test_a_counter_that_cannot_be(fields: dict[str, Any], code: str, field: str) -> None:
    assert [(problem.code, problem.field) for problem in counter_problems(a_counter(**fields))] == [(code, field)]


@pytest.mark.parametrize(
    "fields",
    [
        {"prefix": "A" * 16 + "##YEAR##", "suffix": "A" * 18 + "##YEAR_SHORT##", "mask": "0" * 175},
        {"lower_limit": 0, "upper_limit": 1},
        {"prefix": "##YEAR_SHORT##", "reset": "NEW_YEAR"},
        {"prefix": "##YEAR##-", "reset": "NEW_YEAR"},
        {"suffix": "-##YEAR##", "reset": "NEW_YEAR"},
        {"suffix": "-##YEAR_SHORT##", "reset": "NEW_YEAR"},
        {"lower_limit": 5, "upper_limit": 6},
    ],
)
def test_a_counter_within_its_limits(fields: dict[str, Any]) -> None:
    assert counter_problems(a_counter(**fields)) == []


@pytest.mark.parametrize(
    ("one", "other", "collide"),
    [
        ({"prefix": "RE-"}, {"prefix": "RE-"}, True),
        ({"prefix": "RE-"}, {"prefix": "GS-"}, False),
        ({"prefix": "RE-"}, {"prefix": "RE-", "mask": "000000"}, True),
        ({"prefix": "RE-", "upper_limit": 999}, {"prefix": "RE-", "mask": "000000"}, True),
        ({"prefix": "RE-", "upper_limit": 499}, {"prefix": "RE-", "lower_limit": 500}, False),
        ({"prefix": "RE-", "upper_limit": 500}, {"prefix": "RE-", "lower_limit": 500}, True),
        ({"prefix": "RE-##YEAR##-"}, {"prefix": "RE-2026-"}, True),
        ({"prefix": "RE-##YEAR##-"}, {"prefix": "RE-20X6-"}, False),
        ({"prefix": "##YEAR##"}, {}, True),
        ({"prefix": "##YEAR##-"}, {}, False),
        ({"prefix": "1", "mask": "000", "upper_limit": 999}, {"prefix": "2", "mask": "000", "upper_limit": 999}, False),
        ({"prefix": "1", "mask": "000", "upper_limit": 999}, {"mask": "0000", "upper_limit": 9999}, True),
        ({"mask": "000", "upper_limit": 999}, {"mask": "0000", "upper_limit": 9999}, False),
        ({"mask": "000"}, {"mask": "0000", "upper_limit": 9999}, True),
        ({"prefix": "RE", "mask": "000", "suffix": "A"}, {"prefix": "RE", "mask": "000", "suffix": "B"}, False),
        ({"prefix": "RE-##YEAR_SHORT##"}, {"prefix": "RE-##YEAR##"}, True),
        ({"mask": "00-00", "upper_limit": 9999}, {"mask": "0-000", "upper_limit": 9999}, False),
        ({"mask": "00-00"}, {"mask": "0-00"}, True),
        ({"mask": "000", "upper_limit": 99999}, {"mask": "00000", "upper_limit": 99999}, True),
        ({"mask": "000", "upper_limit": 999}, {"mask": "00000", "upper_limit": 99999}, False),
    ],
)
def test_counters_that_can_give_the_same_number(one: dict[str, Any], other: dict[str, Any], collide: bool) -> None:
    assert can_collide(a_counter(**one), a_counter(**other)) is collide
    assert can_collide(a_counter(**other), a_counter(**one)) is collide


STRATEGIES = (
    Strategy("default", "DEFAULT", "c-default"),
    Strategy("memo", "DOCUMENT_TYPE", "c-memo", key="CREDIT_MEMO"),
    Strategy("group", "BILLING_GROUP", "c-group", key="external"),
    Strategy("group-memo", "BILLING_GROUP", "c-group-memo", key="external", document_type="CREDIT_MEMO"),
    Strategy("at", "SERVICE_COUNTRY", "c-at", key="AT"),
)


@pytest.mark.parametrize(
    ("document_type", "group", "country", "expected"),
    [
        ("INVOICE", "other", "DE", "default"),
        ("CREDIT_MEMO", "other", "DE", "memo"),
        ("INVOICE", "external", "DE", "group"),
        ("CREDIT_MEMO", "external", "DE", "group-memo"),
        ("CREDIT_MEMO", "external", "AT", "at"),
        ("INVOICE", "other", None, "default"),
    ],
)
def test_the_most_specific_strategy(document_type: str, group: str, country: str | None, expected: str) -> None:
    for strategies in (STRATEGIES, STRATEGIES[::-1]):
        found = resolve(strategies, document_type=document_type, billing_group=group, service_country=country)
        assert found is not None
        assert found.ident == expected


def test_without_a_strategy_there_is_no_number() -> None:
    assert resolve(STRATEGIES[1:2], document_type="INVOICE", billing_group="g", service_country="DE") is None


@pytest.mark.parametrize(
    ("active", "override", "strategy", "expected"),
    [
        ("DEFAULT", None, STRATEGIES[0], "PLATFORM"),
        ("DEFAULT", None, None, None),
        ("EXTERNAL", None, STRATEGIES[0], "EXTERNAL"),
        ("EXTERNAL", "FORBIDDEN", STRATEGIES[0], "PLATFORM"),
        ("DEFAULT", "REQUIRED", STRATEGIES[0], "EXTERNAL"),
        (None, None, None, None),
    ],
)
def test_who_gives_the_number(active: Any, override: Any, strategy: Strategy | None, expected: str | None) -> None:
    assert number_rule(active, override, strategy) == expected


@pytest.mark.parametrize(
    ("active", "kinds"),
    [
        ("SERVICE_COUNTRY", ["DEFAULT", "BILLING_GROUP", "DOCUMENT_TYPE", "SERVICE_COUNTRY"]),
        ("BILLING_GROUP", ["DEFAULT", "BILLING_GROUP", "DOCUMENT_TYPE"]),
        ("DOCUMENT_TYPE", ["DEFAULT", "DOCUMENT_TYPE"]),
        ("DEFAULT", ["DEFAULT"]),
        ("EXTERNAL", ["DEFAULT", "BILLING_GROUP", "DOCUMENT_TYPE", "SERVICE_COUNTRY"]),
    ],
)
def test_the_active_kind_and_what_is_less_specific(active: Any, kinds: list[Any]) -> None:
    found = up_to(active, [Strategy(kind, kind, "c") for kind in ("DEFAULT", "BILLING_GROUP", "DOCUMENT_TYPE", "SERVICE_COUNTRY")])
    assert [strategy.kind for strategy in found] == kinds
