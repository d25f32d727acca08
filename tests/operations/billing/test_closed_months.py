"""A month is over by the tenant's zone, while elsewhere it still is its last day: what is issued then is of the first open day."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.closers import Closer
from tests.factories.offices import Office, group
from tests.factories.tenants import Tenant

LAST_NIGHT = "2026-05-31T22:30"
"""In UTC; half past midnight in Berlin, where the company is."""


class NightBiller(Closer, Office):
    """Bills contracts, issues documents and closes months."""

    clock = Office.clock

    def close_may(self, **more: Any) -> None:
        self.sell()
        group(self, **more)
        self.plan()
        self.contract(startDate="2026-05-01")
        self.clock(LAST_NIGHT)
        self.close("2026-05", "ITEMS_UNBILLED")

    def dates(self) -> list[str]:
        """Of the documents after the closing."""
        return [str(row.document_date) for row in self.tenant.rows("SELECT document_date FROM document ORDER BY id")][1:]


@pytest.fixture
def biller(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> NightBiller:
    made = NightBiller(furnished, client, bearer(furnished))
    made.clock("2026-05-10T10:00")
    return made


@pytest.mark.parametrize("zone", ["America/Sao_Paulo", "Europe/Berlin", "Pacific/Auckland"])
def test_a_run_bills_on_the_first_open_day_wherever_the_group_is(biller: NightBiller, zone: str) -> None:
    biller.close_may(timeZone=zone)
    report = biller.bill()
    assert (report["billed"] > 0, report["failed"]) == (True, 0)
    assert biller.dates() == ["2026-06-01"]


@pytest.mark.parametrize("setting", ["UTC", "TENANT"])
def test_a_document_that_is_asked_for_without_a_date_is_of_the_first_open_day(biller: NightBiller, setting: str) -> None:
    biller.call("PATCH", "/v2/tenant-settings", {"documentDateZone": setting})
    biller.close_may(timeZone="America/Sao_Paulo")
    number = biller.document()
    address = {
        "company": "Muster Handel GmbH",
        "street": "Weg",
        "streetNo": "7",
        "zip": "20099",
        "city": "Hamburg",
        "country": "DE",
    }
    biller.call("POST", f"/v2/documents/{number}/actions/reissue", {"invoiceAddress": address}, 202)
    assert biller.dates() == ["2026-06-01"] * 3


def test_a_clock_that_was_turned_back_dates_nothing_in_the_future(biller: NightBiller) -> None:
    biller.close_may()
    biller.clock("2026-05-20T10:00")
    refused = biller.ask("invoices", 400)
    assert [it["error"] for it in refused["errors"]] == ["the books are closed through 2026-05-31"]
