"""Rows, tax and days as FastBill's clients say them: pure rules as tables."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contor.api.fastbill.invoices.content import times_of
from contor.api.fastbill.invoices.rows import (
    Around,
    description_of,
    drawn_of,
    in_order,
    named,
    paper_of_row,
    row,
    row_number,
    row_numbers,
)
from contor.api.fastbill.invoices.types import ItemData
from contor.api.fastbill.invoices.vat import Where, differing, said
from contor.kernel.errors import Refused

HERE = Where("DE", small_business=False, place="DE", day=dt.date(2026, 11, 30))
AROUND = Around("EUR", is_gross=False, case=None, where=HERE, times={}, cost_centre=None)


@given(st.text(alphabet="ab c\n", max_size=600))
def test_a_description_comes_back_line_by_line(text: str) -> None:
    """But for blanks around it; line ends are those of a browser."""
    name, rest = named(text)
    wanted = text.strip().split("\n")
    found = description_of(name, rest).split("<br>")
    assert [line.strip() for line in found if line.strip()] == [line.strip() for line in wanted if line.strip()]
    assert len(name) <= 255


@given(st.integers(1, 10**11), st.integers(1, 100), st.text(alphabet="0123456789ab-", min_size=1, max_size=25))
def test_of_which_invoice_a_row_is_can_be_read_off_its_number(paper: int, place: int, ident: str) -> None:
    number = row_number(paper, place, ident)
    assert paper_of_row(number) == paper
    assert row_number(paper, place, str(number)) == number


def test_a_number_of_a_row_is_not_given_anew() -> None:
    first = row_numbers(7, None)
    given_away = [next(first) for _ in range(3)]
    later = row_numbers(7, {"properties": [{"key": "rowsDrawn", "value": drawn_of(first)}]})
    assert next(later) not in given_away


@pytest.mark.parametrize(
    ("percent", "case", "where", "taxes", "compared"),
    [
        ("19", None, HERE, [{"rate": "19", "category_code": "S"}], None),
        ("10.7", None, HERE._replace(day=dt.date(2020, 8, 1)), [{"rate": "10.7", "category_code": "S"}], None),
        ("0", None, HERE, [{"code": "ZERO"}], "0"),
        ("7", "standard", HERE, [{"code": "REDUCED"}], "7"),
        ("20", None, HERE._replace(place="AT"), [{"code": "STANDARD"}], "20"),
        ("0", "b2b_eu_services", HERE._replace(place="AT"), [{"code": "STANDARD"}], "0"),
        ("0", "small_business_regulation", HERE._replace(small_business=True), [{"code": "STANDARD"}], "0"),
        ("16", None, HERE._replace(day=dt.date(2020, 8, 1)), [{"rate": "16", "category_code": "S"}], None),
    ],
)
def test_what_is_said_of_tax(percent: str, case: Any, where: Where, taxes: Any, compared: str | None) -> None:
    found = said(case, Decimal(percent), where)
    assert (found.taxes, found.percent) == (taxes, None if compared is None else Decimal(compared))


@pytest.mark.parametrize(
    ("percent", "case", "where"),
    [
        ("13", None, HERE),
        ("20", None, HERE),
        ("19", "b2b_eu_goods", HERE),
        ("0", "small_business_regulation", HERE),
        ("19", None, HERE._replace(day=dt.date(2020, 8, 1))),
    ],
)
def test_what_cannot_be_is_refused(percent: str, case: Any, where: Where) -> None:
    with pytest.raises(Refused):
        said(case, Decimal(percent), where)


def test_what_was_determined_is_compared_row_by_row() -> None:
    def a_row(rate: str, category: str, wanted: str | None) -> dict[str, Any]:
        properties = [] if wanted is None else [{"key": "vatPercent", "value": wanted}]
        return {"tax_detail": {"taxes": [{"rate": rate, "category_code": category}]}, "properties": properties}

    rows = [a_row("19", "S", None), a_row("0", "Z", "0"), a_row("19", "S", "0"), a_row("0", "AE", "0")]
    assert [one.field for one in differing({"items": rows})] == ["items[2].VAT_PERCENT"]
    case = [{"key": "vatCase", "value": "b2b_eu_services"}]
    assert [one.field for one in differing({"items": rows, "properties": case})] == ["items[1].VAT_CASE", "items[2].VAT_CASE"]


@pytest.mark.parametrize(
    ("quantity", "price", "total", "sign"),
    [
        ("3", "8.11475410", "24.34", None),
        ("-1", "10", "10.00", "CREDIT"),
        ("1", "-10", "10.00", "CREDIT"),
        ("-2", "-5", "10.00", None),
    ],
)
def test_a_price_below_zero_is_a_row_that_reduces(quantity: str, price: str, total: str, sign: str | None) -> None:
    data = ItemData(description="A", quantity=Decimal(quantity), unit_price=Decimal(price), vat_percent=Decimal(19))
    made = row(data, "1", 0, AROUND, None)
    assert (made["prices"]["total"]["net"], made.get("debit_credit_indicator")) == (total, sign)


def test_rows_are_in_the_order_of_their_keys_and_the_others_behind() -> None:
    keys = {"a": "7", "b": "", "c": "3", "d": ""}
    rows = [{"ident": name, "properties": [{"key": "sortOrder", "value": key}] if key else []} for name, key in keys.items()]
    assert [it["ident"] for it in in_order(rows)] == ["c", "a", "b", "d"]


@pytest.mark.parametrize("text", ["", "demnächst", "13/2026", "2026-13-01", "02.10.2026 - 01.10.2026"])
def test_words_that_are_no_days_are_no_days(text: str) -> None:
    assert times_of(text, None, None) == {}


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Refused):
        times_of(None, dt.date(2026, 2, 1), dt.date(2026, 1, 1))
