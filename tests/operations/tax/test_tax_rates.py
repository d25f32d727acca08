"""The table of tax rates is shown, of a country and a day."""

from typing import Any

import pytest
from tests.factories.tenants import Tenant
from typer.testing import CliRunner

from contor import cli
from contor.commands.lines import taxes
from contor.tax.compared import Compared

PATH = "/tax/rates"


def kinds(body: Any) -> list[tuple[str, str, str]]:
    return [(rate.get("region", rate["country"]), rate["kind"], str(rate["rate"])) for rate in body["rates"]]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("country=DE&day=2020-06-30", [("DE", "STANDARD", "19"), ("DE", "REDUCED", "7")]),
        ("country=DE&day=2020-07-01", [("DE", "STANDARD", "16"), ("DE", "REDUCED", "5")]),
        ("country=FRA&day=2026-05-31", [("FR", "STANDARD", "20"), ("FR", "REDUCED", "5.5"), ("FR", "SECOND_REDUCED", "10")]),
        ("country=EL&day=2026-05-31", [("GR", "STANDARD", "24"), ("GR", "REDUCED", "13"), ("GR", "SECOND_REDUCED", "6")]),
        ("country=XI&day=2026-05-31", [("XI", "STANDARD", "20"), ("XI", "REDUCED", "5")]),
        ("country=DE&day=1999-12-31", []),
    ],
)
def test_the_rates_of_a_country_on_a_day(tenant: Tenant, asked: str, expected: list[tuple[str, str, str]]) -> None:
    found = tenant.call("GET", f"{PATH}?{asked}")
    assert (found.status, kinds(found.body)[: len(expected)]) == (200, expected)
    assert found.body["day"] == asked[-10:]


def test_those_of_all_countries_with_their_parts(tenant: Tenant) -> None:
    body = tenant.call("GET", f"{PATH}?day=2026-05-31").body
    found = kinds(body)
    assert len({place for place, _, _ in found}) == 30  # 27 states, the Azores, Madeira, Northern Ireland
    assert [rate for place, _, rate in found if place == "PT-20"] == ["16", "4", "9", "9"]
    assert ("DE", "OTHER", "5.5") in found
    assert "FR" in body["complete"]
    assert "IT" not in body["complete"]
    assert tenant.call("GET", PATH).body["day"] >= "2026"


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        ("country=US", ["country"]),
        ("country=nowhere&day=yesterday", ["country", "day"]),
        ("day=0001-01-01", ["day"]),
        ("country=DE&country=FR", ["country"]),
        ("land=DE", ["land"]),
    ],
)
def test_what_cannot_be_asked_is_refused(tenant: Tenant, asked: str, fields: list[str]) -> None:
    refused = tenant.call("GET", f"{PATH}?{asked}")
    assert (refused.status, [found["fieldName"] for found in refused.body["errors"]]) == (400, fields)


def ran(*arguments: str) -> tuple[int, str]:
    done = CliRunner(env={"COLUMNS": "200"}).invoke(cli.app, ["tax-rates", *arguments])
    return done.exit_code, done.output


def test_the_command_shows_and_compares(monkeypatch: pytest.MonkeyPatch) -> None:
    code, shown = ran("list", "DE", "--day", "2020-07-01")
    assert (code, next(line.split() for line in shown.splitlines() if "STANDARD" in line)[3:6:2]) == (0, ["STANDARD", "16"])
    assert ran("list", "US")[0] == 2
    monkeypatch.setattr(taxes, "comparisons", lambda: {"one": Compared(5, ()), "other": None})
    assert ran("check") == (0, "one: 5 rates compared, 0 differ\nother is not installed\n")
    monkeypatch.setattr(taxes, "comparisons", lambda: {"one": Compared(5, ("DE differs",))})
    assert ran("check") == (1, "one: 5 rates compared, 1 differ\nDE differs\n")
    monkeypatch.setattr(taxes, "comparisons", lambda: {"one": None})
    assert ran("check") == (1, "one is not installed\n")
