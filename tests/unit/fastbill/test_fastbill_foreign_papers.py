"""A paper of another account: its sums to the cent, what of it is open, and its rows as they are taken."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from contor.api.fastbill.taking.foreign import amount_of, open_of, paper_of, rows_of, settled_on, sums_of

TODAY = dt.date(2026, 3, 10)
PAPER = {
    "SUB_TOTAL": Decimal("8.1147541"),
    "VAT_TOTAL": Decimal("1.5418033"),
    "TOTAL": Decimal("9.6565574"),
    "INVOICE_DATE": "2026-02-01",
}


def test_sums_are_rounded_once_each() -> None:
    assert sums_of(PAPER) == (Decimal("8.11"), Decimal("1.54"), Decimal("9.66"))
    assert sums_of({**PAPER, "TOTAL": None}) == (Decimal("8.11"), Decimal("1.54"), Decimal("9.65"))


@pytest.mark.parametrize(
    ("said", "amount"),
    [("1.234,50", "1234.50"), ("0,00", "0"), ("1234.5", "1234.5"), (None, "0"), ("", "0"), ("-12,30", "-12.30"), (7, "7")],
)
def test_amounts_are_read_as_they_are_written(said: object, amount: str) -> None:
    assert amount_of(said) == Decimal(amount)


@pytest.mark.parametrize(
    ("more", "left"),
    [
        ({}, "9.66"),
        ({"OUTSTANDING_AMOUNT": "3,50"}, "3.50"),
        ({"OUTSTANDING_AMOUNT": "0,00"}, "0"),
        ({"PAID_DATE": "2026-02-03 00:00:00"}, "0"),
        ({"PAID_DATE": "0000-00-00 00:00:00"}, "9.66"),
        ({"IS_CANCELED": "1"}, "0"),
        ({"STATE": "paid"}, "0"),
        ({"PAYMENTS": [{"AMOUNT": "4.00"}, {"AMOUNT": "1.66"}]}, "4.00"),
    ],
)
def test_what_is_open(more: dict[str, Any], left: str) -> None:
    assert open_of({**PAPER, **more}) == Decimal(left)


def test_what_is_settled_was_so_on_a_day_that_has_been() -> None:
    assert settled_on(PAPER, TODAY) is None
    assert settled_on({**PAPER, "PAID_DATE": "2026-02-03 00:00:00"}, TODAY) == dt.date(2026, 2, 3)
    assert settled_on({**PAPER, "OUTSTANDING_AMOUNT": "0,00", "LASTUPDATE": "2026-02-04 10:00:00"}, TODAY) == dt.date(2026, 2, 4)
    assert settled_on({**PAPER, "IS_CANCELED": "1", "INVOICE_DATE": "2026-09-01"}, TODAY) == TODAY


ROW = {"DESCRIPTION": "A", "QUANTITY": "1", "UNIT_PRICE": "8.1147541", "VAT_PERCENT": "19", "COMPLETE_NET": Decimal("8.1147541")}


def test_rows_that_add_up_are_taken_and_others_left_out() -> None:
    row = {**ROW, "VAT_VALUE": Decimal("1.5418033")}
    (made,) = paper_of({**PAPER, "ITEMS": [row]}, TODAY)["ITEMS"]  # type: ignore[misc]  # a list
    assert (made["net_value"], made["vat_value"], made["unit_price"]) == (Decimal("8.11"), Decimal("1.54"), Decimal("8.1147541"))
    halves = [{**row, "COMPLETE_NET": Decimal("4.055"), "VAT_VALUE": Decimal("0.77")}] * 2
    assert paper_of({**PAPER, "ITEMS": halves}, TODAY)["ITEMS"] == []


@pytest.mark.parametrize(
    ("row", "is_gross"),
    [
        ({"IS_GROSS": 1}, True),
        ({"IS_GROSS": "0"}, False),
        ({"UNIT_PRICE": "11.90", "COMPLETE_NET": 10, "COMPLETE_GROSS": "11.90"}, True),
        ({"UNIT_PRICE": "10.00", "COMPLETE_NET": 10, "COMPLETE_GROSS": "11.90"}, False),
        ({"UNIT_PRICE": "10.00", "COMPLETE_NET": 10, "COMPLETE_GROSS": 10}, False),
    ],
)
def test_whether_a_price_is_gross_is_said_or_seen(row: dict[str, Any], is_gross: bool) -> None:
    (made,) = rows_of({"ITEMS": [{"DESCRIPTION": "A", "QUANTITY": 1, **row}]})
    assert made["is_gross"] is is_gross


def test_rows_get_numbers_of_their_own() -> None:
    (made,) = rows_of({"ITEMS": [{**ROW, "INVOICE_ITEM_ID": 7, "INVOICE_ID": "3"}]})
    assert made.keys() == {"description", "quantity", "unit_price", "vat_percent", "is_gross"}
