"""How old a usage may be."""

import datetime as dt

import pytest

from contor.settings.groups import LateUsages


@pytest.mark.parametrize(
    ("today", "months", "first"),
    [
        ("2026-06-30", 24, "2024-06-01"),
        ("2026-01-15", 1, "2025-12-01"),
        ("2026-12-31", 12, "2025-12-01"),
        ("2026-03-01", 15, "2024-12-01"),
    ],
)
def test_the_first_day_of_which_usages_are_taken(today: str, months: int, first: str) -> None:
    assert LateUsages("CARRY_OVER", months).oldest(dt.date.fromisoformat(today)) == dt.date.fromisoformat(first)
