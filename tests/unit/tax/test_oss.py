"""Where a supply to a consumer in another member state is taxed: the threshold, its waiver, the one-stop shop."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contor.tax.oss import OssStatus, OssSupply, Waiver, concerns, counted, decided, destination_taxed, in_euro, state_on
from contor.tax.oss.rules import binding_until

D = Decimal
DE = frozenset({"DE"})
MAY = dt.date(2026, 5, 10)


def supply(net: str, day: dt.date = MAY, **more: Any) -> OssSupply:
    return OssSupply(day, D(net), **more)


@pytest.mark.parametrize(
    ("category", "business", "seller", "destination", "expected"),
    [
        ("PHYSICAL_PRODUCT", False, "DE", "FR", True),
        ("DIGITAL_PRODUCT", False, "DE", "FR", True),
        ("DIGITAL_PRODUCT_RENTAL", False, "DE", "FR", True),
        ("PHYSICAL_PRODUCT", False, "DE", "XI", True),  # goods to Northern Ireland
        ("SERVICE", False, "DE", "FR", False),  # taxed where its supplier is
        ("ELECTRICITY", False, "DE", "FR", False),  # taxed where it is used, from the first euro on
        ("PHYSICAL_PRODUCT", True, "DE", "FR", False),
        ("PHYSICAL_PRODUCT", False, "DE", "DE", False),
        ("PHYSICAL_PRODUCT", False, "DE", None, False),  # an export
        ("PHYSICAL_PRODUCT", False, None, "FR", False),
    ],
)
def test_what_counts(category: str, business: bool, seller: str | None, destination: str | None, expected: bool) -> None:
    assert concerns(category, business, seller, destination) is expected


@pytest.mark.parametrize(
    ("status", "day", "state"),
    [
        (OssStatus(DE), MAY, "BELOW"),
        (OssStatus(DE, sums={2026: D(10_000)}), MAY, "BELOW"),  # reached is not crossed
        (OssStatus(DE, crossed={2026: MAY}), MAY, "CROSSED"),
        (OssStatus(DE, crossed={2026: MAY}), dt.date(2026, 5, 9), "BELOW"),
        (OssStatus(DE, crossed={2026: MAY}), dt.date(2027, 1, 1), "BELOW"),  # by what it came to, see the next ones
        (OssStatus(DE, sums={2025: D(10_000)}), MAY, "BELOW"),
        (OssStatus(DE, sums={2025: D("10000.01")}), MAY, "CROSSED_LAST_YEAR"),
        (OssStatus(DE, sums={2024: D(99_000)}), MAY, "BELOW"),
        (OssStatus(DE, registered_from=MAY), MAY, "REGISTERED"),
        (OssStatus(DE, registered_from=MAY), dt.date(2026, 5, 9), "BELOW"),
        (OssStatus(DE, waivers=(Waiver(MAY),)), dt.date(2030, 1, 1), "WAIVED"),
        (OssStatus(DE, waivers=(Waiver(MAY, dt.date(2027, 12, 31)),)), dt.date(2027, 12, 31), "WAIVED"),
        (OssStatus(DE, waivers=(Waiver(MAY, dt.date(2027, 12, 31)),)), dt.date(2028, 1, 1), "BELOW"),
        (OssStatus(frozenset({"DE", "FR"})), MAY, "SEVERAL_STATES"),
        (OssStatus(), MAY, "OUTSIDE_UNION"),
    ],
)
def test_the_state_of_a_day(status: OssStatus, day: dt.date, state: str) -> None:
    assert state_on(status, day) == state
    assert destination_taxed(status, supply("0.01", day)) is (state != "BELOW" or status.sums.get(day.year) == D(10_000))


def test_the_very_supply_that_crosses_is_taxed_where_it_goes() -> None:
    status = OssStatus(DE, sums={2026: D(9_000)})
    assert decided(status, [supply("600"), supply("400"), supply("0.01"), supply("-50"), supply("1")]) == (
        False,
        False,  # 10,000.00 exactly
        True,
        True,  # credits do not undo it within the year
        True,
    )


def test_supplies_are_counted_by_their_days() -> None:
    late, early = dt.date(2026, 5, 20), dt.date(2026, 5, 1)
    assert decided(OssStatus(DE), [supply("9000", late), supply("2000", early), supply("1", early)]) == (True, False, False)
    new_year = dt.date(2027, 1, 1)
    found = decided(OssStatus(DE), [supply("9000", MAY), supply("1000.01", dt.date(2026, 12, 31)), supply("1", new_year)])
    assert found == (False, True, True)  # the year before was crossed
    assert decided(OssStatus(DE), [supply("9000", MAY), supply("9000", new_year)]) == (False, False)


def test_a_deposit_counts_nothing_and_is_taxed_as_its_supply_would_be() -> None:
    status = OssStatus(DE, sums={2026: D(9_999)})
    assert decided(status, [supply("500", counts=False), supply("1"), supply("500", counts=False)]) == (False, False, False)
    assert decided(status, [supply("2"), supply("500", counts=False)]) == (True, True)


@given(
    st.lists(st.tuples(st.integers(-3000, 6000), st.dates(dt.date(2025, 1, 1), dt.date(2027, 12, 31))), min_size=1, max_size=12),
    st.integers(1, 12),
)
def test_however_supplies_come_in_batches_of_their_days_order_the_decision_is_the_same(
    given_ones: list[tuple[int, dt.date]], size: int
) -> None:
    supplies = sorted((OssSupply(day, D(net)) for net, day in given_ones), key=lambda one: one.day)
    together = decided(OssStatus(DE), supplies)
    status, apart = OssStatus(DE), []
    for start in range(0, len(supplies), size):
        part = supplies[start : start + size]
        apart += decided(status, part)
        for one in part:
            status = counted(status, one)
    assert tuple(apart) == together
    for year in (2025, 2026, 2027):
        sums = sum((one.net for one in supplies if one.day.year == year), D(0))
        assert status.sums.get(year, D(0)) == sums
        assert year in status.crossed or sums <= 10_000


@pytest.mark.parametrize(("valid_from", "until"), [("2026-01-01", "2027-12-31"), ("2026-05-10", "2027-12-31")])
def test_a_waiver_binds_two_calendar_years(valid_from: str, until: str) -> None:
    assert binding_until(dt.date.fromisoformat(valid_from)) == dt.date.fromisoformat(until)


@pytest.mark.parametrize(
    ("net", "currency", "ledger", "rate", "expected"),
    [
        ("100", "EUR", "EUR", None, "100"),
        ("108.50", "USD", "EUR", "1.0850", "100.00"),
        ("100", "EUR", "PLN", "0.24", "100"),
        ("42020", "PLN", "PLN", None, "10000.00"),
        ("1000", "USD", "PLN", "0.25", "951.93"),  # 4,000 zloty at 4.2020
    ],
)
def test_other_currencies_count_at_the_rate_of_their_document(
    net: str, currency: str, ledger: str, rate: str | None, expected: str
) -> None:
    assert in_euro(D(net), currency, ledger, D(rate) if rate else None) == D(expected)
