"""The net of a row over the months of its service period: by days, in cents that add up (section 250 (2) HGB)."""

import datetime as dt
from decimal import Decimal

import pytest

from contor.bookkeeping.deferral.spreading import MOST_MONTHS, changed, deferred, spread, sum_of

D = Decimal


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("net", "start", "end", "parts"),
    [
        ("90.00", "2026-04-01", "2026-06-30", {"2026-04": "29.67", "2026-05": "30.66", "2026-06": "29.67"}),
        ("100.00", "2026-03-31", "2026-04-01", {"2026-03": "50.00", "2026-04": "50.00"}),
        ("0.01", "2026-03-31", "2026-04-01", {"2026-03": "0.01", "2026-04": "0.00"}),
        ("0.03", "2026-01-01", "2026-02-28", {"2026-01": "0.02", "2026-02": "0.01"}),
        ("-90.00", "2026-04-01", "2026-06-30", {"2026-04": "-29.67", "2026-05": "-30.66", "2026-06": "-29.67"}),
        ("50.00", "2028-02-29", "2028-02-29", {"2028-02": "50.00"}),
        ("0.00", "2026-12-31", "2027-01-01", {"2026-12": "0.00", "2027-01": "0.00"}),
    ],
)
def test_by_days_and_largest_remainder(net: str, start: str, end: str, parts: dict[str, str]) -> None:
    assert spread(D(net), day(start), day(end), "EUR") == {month: D(part) for month, part in parts.items()}


def test_a_currency_without_decimals_has_whole_parts() -> None:
    assert spread(D(100), day("2026-04-01"), day("2026-06-30"), "JPY") == {"2026-04": D(33), "2026-05": D(34), "2026-06": D(33)}


def test_the_year_of_the_law_to_the_cent() -> None:
    parts = spread(D("1200.00"), day("2026-03-15"), day("2027-03-14"), "EUR")
    assert parts == {
        "2026-03": D("55.89"),
        "2026-04": D("98.63"),
        "2026-05": D("101.92"),
        "2026-06": D("98.63"),
        "2026-07": D("101.92"),
        "2026-08": D("101.92"),
        "2026-09": D("98.63"),
        "2026-10": D("101.92"),
        "2026-11": D("98.63"),
        "2026-12": D("101.92"),
        "2027-01": D("101.92"),
        "2027-02": D("92.05"),
        "2027-03": D("46.02"),
    }
    assert sum_of(deferred(parts, "2026-03")) == D("1144.11")


@pytest.mark.parametrize(("month", "left"), [("2026-02", "90.00"), ("2026-04", "60.33"), ("2026-06", "0"), ("2027-01", "0")])
def test_what_belongs_to_later_months_is_deferred(month: str, left: str) -> None:
    assert sum_of(deferred(spread(D("90.00"), day("2026-04-01"), day("2026-06-30"), "EUR"), month)) == D(left)


def test_a_credit_leaves_what_is_left_spread_as_if_it_had_been_that() -> None:
    was, stays = (spread(D(net), day("2026-04-01"), day("2026-06-30"), "EUR") for net in ("90.00", "60.00"))
    assert changed(was, stays) == {"2026-04": D("-9.89"), "2026-05": D("-10.22"), "2026-06": D("-9.89")}


def test_a_period_of_thousands_of_years_ends_after_a_hundred() -> None:
    parts = spread(D("1200.00"), day("2026-01-01"), day("9999-12-30"), "EUR")
    assert len(parts) == MOST_MONTHS
    assert sum_of(parts) == D("1200.00")
