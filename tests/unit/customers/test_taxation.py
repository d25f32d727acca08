"""A customer's exemptions and classifications hold on their days, and by the law of their country."""

import datetime as dt
from typing import Any

import pytest

from contor.customers.taxation import classes_on, exemption_on, exemptions_in, tax_findings, why_taxed

NATO = {
    "code": "VATEX-EU-151-1D",
    "reason": "NATO",
    "certificate_number": "N-1",
    "valid_from": "2026-01-01",
    "valid_until": "2026-03-31",
}
LATER = {**NATO, "certificate_number": "N-2", "valid_from": "2026-04-01", "valid_until": None}


@pytest.mark.parametrize(
    ("stored", "day", "country", "said"),
    [
        ([NATO], "2025-12-31", "DE", None),
        ([NATO], "2026-01-01", "DE", ("VATEX-EU-151-1D", "NATO (N-1)")),
        ([NATO], "2026-03-31", "DE", ("VATEX-EU-151-1D", "NATO (N-1)")),
        ([NATO], "2026-04-01", "DE", None),
        ([NATO, LATER], "2026-04-01", "DE", ("VATEX-EU-151-1D", "NATO (N-2)")),
        ([{**NATO, "country": "FR"}], "2026-02-01", "DE", None),
        ([{**NATO, "country": "FR"}, {**NATO, "country": "DE", "reason": None}], "2026-02-01", "DE", ("VATEX-EU-151-1D", "N-1")),
        ([{"code": "VATEX-EU-132"}], "1999-01-01", "DE", ("VATEX-EU-132", None)),  # stored before there were days
        ([], "2026-02-01", "DE", None),
    ],
)
def test_an_exemption_holds_on_its_days(stored: list[Any], day: str, country: str, said: tuple[str, str | None] | None) -> None:
    found = exemption_on(exemptions_in(stored), dt.date.fromisoformat(day), country)
    assert (found.said if found else None) == said


@pytest.mark.parametrize(
    ("stored", "day", "told"),
    [
        ([NATO], "2026-02-01", None),
        ([], "2026-02-01", None),
        ([NATO], "2026-04-01", "the exemption VATEX-EU-151-1D (N-1) ended on 2026-03-31, the supply is completed on 2026-04-01"),
        ([LATER], "2026-02-01", "the exemption VATEX-EU-151-1D (N-2) begins on 2026-04-01, the supply is completed on 2026-02-01"),
        ([{**NATO, "country": "FR"}], "2026-02-01", "the exemption VATEX-EU-151-1D (N-1) is of FR, the supply is taxed by DE"),
    ],
)
def test_what_is_taxed_all_the_same_says_why(stored: list[Any], day: str, told: str | None) -> None:
    assert why_taxed(exemptions_in(stored), dt.date.fromisoformat(day), "DE") == told


def test_a_classification_holds_on_its_days() -> None:
    stored = [{"code": "A"}, {"code": "B", "valid_until": "2026-03-31"}, {"code": "C", "valid_from": dt.date(2026, 4, 1)}]
    assert [classes_on(stored, dt.date(2026, month, 1)) for month in (3, 4)] == [{"A", "B"}, {"A", "C"}]
    assert classes_on(None, dt.date(2026, 3, 1)) == frozenset()


@pytest.mark.parametrize(
    ("exemptions", "fields"),
    [
        ([NATO, LATER], []),
        ([NATO, {**LATER, "valid_from": "2026-03-31"}], ["taxExemptions[1]"]),
        ([{**NATO, "country": "FR"}, {**NATO, "country": "DE"}], []),
        ([{**NATO, "country": "FR"}, NATO], ["taxExemptions[1]"]),
        ([{**NATO, "valid_until": "2025-12-31"}], ["taxExemptions[0].validUntil"]),
        ([{"code": "A"}, {"code": "B"}], ["taxExemptions[1]"]),
    ],
)
def test_two_exemptions_of_one_day_and_a_time_that_ends_before_it_begins_are_found(
    exemptions: list[Any], fields: list[str]
) -> None:
    assert [problem.field for problem in tax_findings([], exemptions)] == fields
    assert [
        problem.field for problem in tax_findings([{"code": "A", "valid_from": "2026-02-01", "valid_until": "2026-01-31"}], [])
    ] == ["taxClassifications[0].validUntil"]
