"""The rate is that of the day on which the supply is completed; the one table agrees with what others publish."""

import datetime as dt
from decimal import Decimal
from itertools import pairwise

import pytest

from contor.commands.lines.taxes import ALL_RATES, STANDARD_RATES, comparisons
from contor.kernel.places import EU_COUNTRIES
from contor.tax.compared import Published, with_all_rates, with_standard_rates
from contor.tax.history import RATES
from contor.tax.rates import HISTORY, KINDS, RateKind, first_change, rate_of, rates_of

DAY = dt.timedelta(days=1)
DAY_2026 = dt.date(2026, 11, 30)


@pytest.mark.parametrize(
    ("country", "day", "before", "since", "kind"),
    [
        ("AT", "2016-01-01", None, "13", "SECOND_REDUCED"),
        ("AT", "1995-01-01", None, "12", "PARKING"),
        ("AT", "2016-01-01", "12", "13", "PARKING"),
        ("AT", "2026-07-01", None, "4.9", "SUPER_REDUCED"),
        ("CY", "2023-07-01", None, "3", "SUPER_REDUCED"),
        ("CZ", "2015-01-01", None, "10", "SECOND_REDUCED"),
        ("CZ", "2024-01-01", "15", "12", "REDUCED"),
        ("CZ", "2024-01-01", "10", None, "SECOND_REDUCED"),
        ("DE", "2020-07-01", "19", "16", "STANDARD"),
        ("DE", "2020-07-01", "7", "5", "REDUCED"),
        ("DE", "2021-01-01", "16", "19", "STANDARD"),
        ("DE", "2021-01-01", "5", "7", "REDUCED"),
        ("EE", "2022-08-01", None, "5", "SECOND_REDUCED"),
        ("EE", "2024-01-01", "20", "22", "STANDARD"),
        ("EE", "2025-01-01", "5", "13", "SECOND_REDUCED"),
        ("EE", "2025-07-01", "22", "24", "STANDARD"),
        ("FI", "2024-09-01", "24", "25.5", "STANDARD"),
        ("FI", "2026-01-01", "14", "13.5", "REDUCED"),
        ("GR", "2016-06-01", "23", "24", "STANDARD"),
        ("GR", "2026-01-01", None, "4", "SUPER_REDUCED"),
        ("HR", "2014-01-01", "10", "13", "REDUCED"),
        ("IE", "2020-09-01", "23", "21", "STANDARD"),
        ("IE", "2021-03-01", "21", "23", "STANDARD"),
        ("IT", "2016-01-01", None, "5", "SECOND_REDUCED"),
        ("LT", "2026-01-01", "9", "12", "REDUCED"),
        ("LU", "2023-01-01", "17", "16", "STANDARD"),
        ("LU", "2023-01-01", "8", "7", "REDUCED"),
        ("LU", "2023-01-01", "14", "13", "SECOND_REDUCED"),
        ("LU", "2023-01-01", "14", "13", "PARKING"),
        ("LU", "2024-01-01", "16", "17", "STANDARD"),
        ("LU", "2024-01-01", "7", "8", "REDUCED"),
        ("LU", "2024-01-01", "13", "14", "SECOND_REDUCED"),
        ("LU", "2024-01-01", "13", "14", "PARKING"),
        ("LV", "2018-01-01", None, "5", "SECOND_REDUCED"),
        ("MT", "2011-01-01", None, "7", "SECOND_REDUCED"),
        ("MT", "2024-01-01", None, "12", "PARKING"),
        ("NL", "2019-01-01", "6", "9", "REDUCED"),
        ("RO", "2017-01-01", "20", "19", "STANDARD"),
        ("RO", "2025-08-01", "19", "21", "STANDARD"),
        ("RO", "2025-08-01", "9", "11", "REDUCED"),
        ("RO", "2025-08-01", "5", None, "SECOND_REDUCED"),
        ("SI", "2020-01-01", None, "5", "SECOND_REDUCED"),
        ("SK", "2023-01-01", None, "5", "SECOND_REDUCED"),
        ("SK", "2025-01-01", "20", "23", "STANDARD"),
        ("SK", "2025-01-01", "10", "19", "REDUCED"),
    ],
)
def test_a_rate_changes_on_its_day(country: str, day: str, before: str | None, since: str | None, kind: RateKind) -> None:
    """Completed on the last day of the old rate, or on the first of the new one."""
    changed = dt.date.fromisoformat(day)
    found = [rate_of(country, changed - DAY, kind), rate_of(country, changed, kind)]
    assert found == [None if rate is None else Decimal(rate) for rate in (before, since)]


def test_every_change_of_the_table_is_tested() -> None:
    """A line that is added is one of the days above, or changes nothing that a kind names."""
    (mark,) = [one for one in test_a_rate_changes_on_its_day.pytestmark if one.name == "parametrize"]  # type: ignore[attr-defined]
    tested = {(country, dt.date.fromisoformat(day), kind) for country, day, _, _, kind in mark.args[1]}
    missing = [
        (country, now.applicable_from, kind)
        for country, entries in HISTORY.items()
        for before, now in pairwise(entries)
        for kind in KINDS
        if before.of(kind) != now.of(kind)
    ]
    assert set(missing) == tested


@pytest.mark.parametrize(
    ("country", "day", "kind", "rate"),
    [
        ("DE", "2020-07-14", "STANDARD", "16"),
        ("FR", "2026-01-01", "REDUCED", "5.5"),
        ("FR", "2026-01-01", "SUPER_REDUCED", "2.1"),
        ("ES", "2026-01-01", "SUPER_REDUCED", "4"),
        ("IE", "2026-01-01", "SUPER_REDUCED", "4.8"),
        ("IT", "2026-01-01", "SUPER_REDUCED", "4"),
        ("LU", "2026-01-01", "SUPER_REDUCED", "3"),
        ("BE", "2026-01-01", "PARKING", "12"),
        ("PT", "2026-01-01", "PARKING", "13"),
        ("DK", "2026-01-01", "REDUCED", "25"),
        ("DE", "2026-01-01", "SUPER_REDUCED", None),
        ("XI", "2026-01-01", "STANDARD", "20"),
        ("CH", "2026-01-01", "STANDARD", None),
        ("GB", "2026-01-01", "STANDARD", None),
        ("DE", "1999-01-01", "STANDARD", None),
    ],
)
def test_the_rate_of_a_day(country: str, day: str, kind: RateKind, rate: str | None) -> None:
    assert rate_of(country, dt.date.fromisoformat(day), kind) == (None if rate is None else Decimal(rate))


@pytest.mark.parametrize(
    ("region", "day", "rates"),
    [
        ("PT-20", "2021-06-30", ("23", "6", "13")),  # not known then: those of the mainland
        ("PT-20", "2021-07-01", ("16", "4", "9")),
        ("PT-30", "2024-09-30", ("22", "5", "12")),
        ("PT-30", "2024-10-01", ("22", "4", "12")),
        (None, "2024-10-01", ("23", "6", "13")),
    ],
)
def test_the_islands_have_rates_of_their_own(region: str | None, day: str, rates: tuple[str, ...]) -> None:
    found = [rate_of("PT", dt.date.fromisoformat(day), kind, region) for kind in KINDS[:3]]
    assert found == list(map(Decimal, rates))


def test_every_member_state_has_a_history_in_order() -> None:
    assert HISTORY.keys() == EU_COUNTRIES
    for entries in RATES.values():
        days = [entry.applicable_from for entry in entries]
        assert days == sorted(set(days))
    assert first_change() == dt.date(1995, 1, 1)


@pytest.mark.parametrize(("package", "least"), [(STANDARD_RATES, 100), (ALL_RATES, 108)])
def test_the_table_agrees_with_what_others_publish(package: str, least: int) -> None:
    pytest.importorskip(package)
    found = comparisons()[package]
    assert found is not None
    assert (found.differences, found.rates >= least) == ((), True)


def test_another_rate_is_told() -> None:
    theirs = {country: _there(country) for country in HISTORY}
    assert with_all_rates(theirs, DAY_2026).differences == ()
    theirs["DE"] = theirs["DE"]._replace(standard=18.0)
    theirs["NL"] = theirs["NL"]._replace(reduced=(9.0, 5.0))
    theirs["LU"] = theirs["LU"]._replace(parking=12.0)
    del theirs["FI"]
    assert with_all_rates(theirs, DAY_2026).differences == (
        "DE on 2026-11-30: standard is 19, there it is 18.0",
        "FI on 2026-11-30: there are no rates to compare",
        "LU on 2026-11-30: parking is 14, there it is 12.0",
        "NL on 2026-11-30: reduced is 9, there it is 5.0, 9.0",
    )

    def standard(country: str, day: dt.date) -> Decimal:
        return Decimal(17) if (country, day) == ("DE", dt.date(2020, 12, 31)) else rate_of(country, day) or Decimal(0)

    since = {country: {dt.date(2019, 1, 1)} for country in HISTORY}
    assert with_standard_rates(standard, since, DAY_2026).differences == (
        "DE on 2020-12-31: the standard rate is 16, there it is 17",
    )


def _there(country: str) -> Published:
    """What the package would say of a country."""
    ours = rates_of(country, DAY_2026)
    assert ours is not None
    regional = {"AT": "19", "FR": "0.9 1.05 8.5 13", "GR": "17", "PT": "16 22"}.get(country, "").split()
    named = {ours.reduced, ours.second_reduced} - {None, ours.standard}
    return Published(
        float(ours.standard),
        tuple(float(rate) for rate in (*named, *regional) if rate is not None),
        None if country == "IE" or ours.super_reduced is None else float(ours.super_reduced),
        None if ours.parking is None else float(ours.parking),
    )
