"""The rate is that of the day on which the supply is completed."""

import datetime as dt
from decimal import Decimal

import pytest

from contor.tax.rates import HISTORY, rate_of


@pytest.mark.parametrize(
    ("country", "day", "kind", "rate"),
    [
        ("DE", "2020-06-30", "STANDARD", "19"),
        ("DE", "2020-07-01", "STANDARD", "16"),
        ("DE", "2020-07-14", "REDUCED", "5"),
        ("DE", "2020-12-31", "STANDARD", "16"),
        ("DE", "2021-01-01", "STANDARD", "19"),
        ("FI", "2024-08-31", "STANDARD", "24"),
        ("FI", "2024-09-01", "STANDARD", "25.5"),
        ("FR", "2026-01-01", "REDUCED", "5.5"),
        ("DK", "2026-01-01", "REDUCED", "25"),
        ("CH", "2026-01-01", "STANDARD", None),
        ("DE", "1999-01-01", "STANDARD", None),
    ],
)
def test_the_rate_of_a_day(country: str, day: str, kind: str, rate: str | None) -> None:
    assert rate_of(country, dt.date.fromisoformat(day), kind) == (None if rate is None else Decimal(rate))  # type: ignore[arg-type]


def test_every_member_state_has_a_history_in_order() -> None:
    assert len(HISTORY) == 27
    for entries in HISTORY.values():
        days = [entry.applicable_from for entry in entries]
        assert days == sorted(set(days))
