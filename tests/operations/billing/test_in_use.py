"""What is still to be billed by, or was priced by, stays: a site that orders or contracts name, a value of an index whose time has come."""

from typing import Any

import pytest
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS, a_line
from tests.factories.offices import D, Office

SITES = "/v2/billing/configuration/operating-sites"
INDEX = "/v2/price-adaptations"
ADDRESS = {"street": "Weg", "streetNo": "1", "zip": "20095", "city": "Hamburg", "country": "DE"}


def a_site(office: Office, ident: str = "branch") -> str:
    body = {"ident": ident, "name": "Branch", "companyName": "Branch GmbH", "address": ADDRESS, "taxNumber": "22/815/08155"}
    office.call("POST", SITES, body, 201)
    return f"{SITES}/{ident}"


def an_order(office: Office, ident: str = "o-1", **more: Any) -> None:
    body = {"orderIdent": ident, "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "lineItems": [a_line()], **more}
    office.call("POST", ORDERS, body, 201)


@pytest.mark.parametrize(
    "by_order", [{"operatingSiteIdent": "branch"}, {"lineItems": [a_line(operatingSiteIdent="branch")]}], ids=["order", "line"]
)
def test_a_site_that_an_open_order_names_stays_until_it_is_billed(office: Office, by_order: dict[str, Any]) -> None:
    site = a_site(office)
    an_order(office, **by_order)
    refused = office.call("DELETE", site, status=409)
    assert "o-1" in str(refused) and "still to be billed" in str(refused)
    office.call("POST", f"{ORDERS}/o-1/actions/cancel", status=204)
    office.call("DELETE", site, status=204)
    office.call("GET", site, status=404)


def test_a_site_that_a_contract_names_stays_until_it_ends(office: Office) -> None:
    site = a_site(office)
    office.plan()
    office.contract(operatingSiteIdent="branch")
    assert "contracts v-1 are" in str(office.call("DELETE", site, status=409))
    office.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    office.call("DELETE", site, status=204)
    unused = a_site(office, "unused")
    office.call("DELETE", unused, status=204)


@pytest.mark.parametrize(("day", "is_past"), [("2026-04-01", True), ("2026-05-10", True), ("2026-05-11", False)])
def test_a_value_whose_time_has_come_stays(office: Office, day: str, is_past: bool) -> None:
    office.call("POST", INDEX, {"ident": "vpi", "name": "Consumer prices"}, 201)
    office.call("POST", f"{INDEX}/vpi/values", {"ident": "v", "date": day, "value": "104.5"}, 201)
    office.call("PUT", f"{INDEX}/vpi/values/v", {"ident": "v", "date": day, "value": "109"}, 400 if is_past else 200)
    answer = office.call("DELETE", f"{INDEX}/vpi/values/v", status=409 if is_past else 204)
    assert not is_past or f"since {day}" in str(answer)


@pytest.mark.parametrize(
    ("day", "start", "refused"),
    [
        ("2026-04-01", "2026-04-10", False),
        ("2026-05-09", "2026-04-10", True),
        ("2026-05-10", "2026-04-10", True),
        ("2026-05-11", "2026-04-10", False),
        ("2026-06-10", "2026-04-10", False),
        ("2026-04-01", "2026-01-10", True),
        ("2026-01-01", "2026-04-10", False),
    ],
    ids=["from the start", "within a period", "on a period", "later", "on the next", "after the start", "elder"],
)
def test_a_value_prices_no_period_that_was_proposed(office: Office, day: str, start: str, refused: bool) -> None:
    """Monthly 240.00 in advance from the tenth, billed to 9 June; the index stands at 100 since 10 January, and again since 1 March."""
    office.call("POST", INDEX, {"ident": "vpi", "name": "Consumer prices"}, 201)
    for since in ("2026-01-10", "2026-03-01"):
        office.call("POST", f"{INDEX}/vpi/values", {"ident": since, "date": since, "value": "100"}, 201)
    office.plan("240.00", timing="INTERVAL_START")
    office.contract(startDate=start, contractPriceAdaptation="vpi")
    office.clock("2026-05-12T10:00")
    office.bill()
    value = {"ident": "v", "date": day, "value": "150"}
    answer = office.call("POST", f"{INDEX}/vpi/values", value, 400 if refused else 201)
    assert not refused or ("future periods" in str(answer) and "date" in str(answer))
    office.call("GET", f"{INDEX}/vpi/values/v", status=404 if refused else 200)
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-05-24"})
    office.bill()  # and the books say what the contract does
    assert office.documents()[-1][:2] == ("CREDIT_MEMO", D("123.87"))  # 16 of 31 days, at the price that was billed


def test_the_history_of_an_index_that_prices_nothing_may_be_told(office: Office) -> None:
    """Before its first value an index says nothing: what was billed keeps its price."""
    office.call("POST", INDEX, {"ident": "vpi", "name": "Consumer prices"}, 201)
    office.plan("240.00", timing="INTERVAL_START")
    office.contract(startDate="2026-04-10", contractPriceAdaptation="vpi")
    office.bill()
    office.call("POST", f"{INDEX}/vpi/values", {"ident": "first", "date": "2026-04-20", "value": "100"}, 201)
    office.call("POST", f"{INDEX}/vpi/values", {"ident": "second", "date": "2026-05-01", "value": "150"}, 400)
    office.bill()
