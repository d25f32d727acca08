"""Which days are no working days, as the laws of the states say them for 2026 and as they changed."""

import datetime as dt

import pytest

from contor.kernel.days import is_working_day, next_working_day

NATIONWIDE = ["01-01", "04-03", "04-06", "05-01", "05-14", "05-25", "10-03", "12-25", "12-26"]
EPIPHANY, WOMEN, CORPUS_CHRISTI, ASSUMPTION, CHILDREN = "01-06", "03-08", "06-04", "08-15", "09-20"
REFORMATION, ALL_SAINTS, REPENTANCE = "10-31", "11-01", "11-18"
STATES = {
    "Baden-Württemberg": [EPIPHANY, CORPUS_CHRISTI, ALL_SAINTS],
    "Bayern": [EPIPHANY, CORPUS_CHRISTI, ALL_SAINTS],
    "Berlin": [WOMEN],
    "Brandenburg": [REFORMATION],
    "Bremen": [REFORMATION],
    "Hamburg": [REFORMATION],
    "Hessen": [CORPUS_CHRISTI],
    "Mecklenburg-Vorpommern": [WOMEN, REFORMATION],
    "Niedersachsen": [REFORMATION],
    "Nordrhein-Westfalen": [CORPUS_CHRISTI, ALL_SAINTS],
    "Rheinland-Pfalz": [CORPUS_CHRISTI, ALL_SAINTS],
    "Saarland": [CORPUS_CHRISTI, ASSUMPTION, ALL_SAINTS],
    "Sachsen": [REFORMATION, REPENTANCE],
    "Sachsen-Anhalt": [EPIPHANY, REFORMATION],
    "Schleswig-Holstein": [REFORMATION],
    "Thüringen": [CHILDREN, REFORMATION],
}


def working_week(year: int, days: list[str]) -> list[str]:
    """Those that are no weekend."""
    return sorted(day for day in days if dt.date.fromisoformat(f"{year}-{day}").weekday() < 5)


def holidays(year: int, country: str, state: str | None) -> list[str]:
    days = [dt.date(year, 1, 1) + dt.timedelta(days=n) for n in range(365)]
    return [f"{day:%m-%d}" for day in days if day.weekday() < 5 and not is_working_day(day, country, state)]


@pytest.mark.parametrize("state", STATES)
def test_the_holidays_of_a_state(state: str) -> None:
    assert holidays(2026, "DE", state) == working_week(2026, [*NATIONWIDE, *STATES[state]])
    assert holidays(2026, "XX", state) == working_week(
        2026, ["01-01", "04-03", "04-06", "05-01", "12-25", "12-26"]
    )  # of none but TARGET


@pytest.mark.parametrize("state", [None, "", "somewhere"])
def test_of_a_state_that_is_not_said_those_of_all_count(state: str | None) -> None:
    assert holidays(2026, "DE", state) == working_week(2026, NATIONWIDE)


@pytest.mark.parametrize("said", ["SN", "DE-SN", "sachsen", "Sachsen"])
def test_a_state_is_said_by_its_name_or_its_code(said: str) -> None:
    assert not is_working_day(dt.date(2026, 11, 18), "DE", said)


def test_the_holidays_of_austria() -> None:
    own = ["01-06", "05-14", "05-25", "06-04", "08-15", "10-26", "11-01", "12-08"]
    assert holidays(2026, "AT", "Tirol") == working_week(2026, ["01-01", "04-03", "04-06", "05-01", "12-25", "12-26", *own])


@pytest.mark.parametrize(
    ("day", "state", "works"),
    [
        ("2018-03-08", "Berlin", True),
        ("2019-03-08", "Berlin", False),
        ("2022-03-08", "MV", True),
        ("2023-03-08", "MV", False),
        ("2016-10-31", "Hamburg", True),
        ("2018-10-31", "Hamburg", False),
        ("2016-03-25", None, False),
        ("2000-04-24", None, False),
        ("2038-04-26", None, False),
        ("2025-11-19", "Sachsen", False),
    ],
)
def test_holidays_of_other_years(day: str, state: str | None, works: bool) -> None:
    assert is_working_day(dt.date.fromisoformat(day), "DE", state) is works


def test_the_next_working_day() -> None:
    assert next_working_day(dt.date(2026, 11, 20), "DE") == dt.date(2026, 11, 20)
    assert next_working_day(dt.date(2026, 4, 3), "DE") == dt.date(2026, 4, 7)
    assert next_working_day(dt.date(2026, 10, 31), "DE", "Bayern") == dt.date(2026, 11, 2)
