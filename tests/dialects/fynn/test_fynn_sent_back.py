"""What is read can be sent back as it is: each thing that can be written, and nothing of it changes."""

from typing import Any

import pytest
from tests.factories.fynn import Fynn, differences, filled
from tests.factories.fynn_cases import ALL, route_of
from tests.factories.subscribing_fynn import a_product, a_subscription

from contor.api.fynn.routes import ROUTES

READ = {row.path for row in ROUTES if row.method == "GET"}
SAID_OTHERWISE = "updateSettingsContext"
"""A context is answered as a list of its settings, and written as an object of them."""
SHOWN = [
    pytest.param(case, id=f"{operation}-{case['name'].replace(' ', '_')}")
    for operation, case in ALL
    if case["status"] == 200
    and case["request"][0] in ("PUT", "PATCH")
    and route_of(*case["request"][:2]).path in READ
    and SAID_OTHERWISE not in operation
]


def without_dates(answer: Any) -> Any:
    """When something was written last may differ."""
    if isinstance(answer, dict):
        return {name: without_dates(value) for name, value in answer.items() if name != "updatedAt"}
    return [without_dates(one) for one in answer] if isinstance(answer, list) else answer


def same_again(fynn: Fynn, method: str, path: str) -> None:
    before = fynn.call("GET", path)
    wrong = differences(without_dates(before), without_dates(fynn.call(method, path, before)), {})
    assert not wrong, "\n".join(wrong)
    assert without_dates(fynn.call("GET", path)) == without_dates(before)


@pytest.mark.parametrize("case", SHOWN)
def test_what_is_read_is_sent_back_as_it_is(request: pytest.FixtureRequest, case: dict[str, Any]) -> None:
    fynn: Fynn = request.getfixturevalue("bare_fynn" if case.get("bare") else "fynn")
    for step in case.get("given", ()):
        fynn.given(step)
    method, path, *body = filled(case["request"], fynn.kept)
    fynn.call(method, path, body[0] if body else None, 200, **filled(case.get("headers", {}), fynn.kept))
    same_again(fynn, method, path)


def test_things_within_things_are_sent_back_too(fynn: Fynn) -> None:
    """Rows with their amounts, a headline, a group of the customer, what a contract binds."""
    group = fynn.call("POST", "/customer-groups", {"name": "VIP"})
    body = {"language": "de", "timeZone": "Europe/Berlin", "countryCode": "DE", "customerGroup": group["id"]}
    fynn.call("PUT", "/customers/muster-handel", body)
    same_again(fynn, "PUT", "/customers/muster-handel")
    children = [{"name": "Anfahrt", "quantity": 2, "unitPrice": {"amount": 700, "currencyCode": "EUR"}}]
    row = {
        "name": "Beratung",
        "group": "Dienste",
        "quantity": 1,
        "unit": "DAY",
        "unitPrice": {"amount": 80000},
        "unitPriceInterval": "1M",
    }
    draft = fynn.call("POST", "/invoices", {"customer": "muster-handel", "positions": [{**row, "children": children}]})
    same_again(fynn, "PUT", f"/invoices/{draft['id']}")
    a_product(fynn, "basic")
    details = {"contractStart": "2027-01-01", "term": "12M", "noticePeriod": "1M"}
    for number, activate in (("S-1", False), ("S-2", True)):
        a_subscription(fynn, "basic", number=number, contractDetails=details, activate=activate)
        same_again(fynn, "PUT", f"/subscriptions/{number}")


def test_what_only_is_answered_within_a_thing_is_not_changed(fynn: Fynn) -> None:
    row = {"name": "Beratung", "quantity": 1, "unitPrice": {"amount": 80000}}
    draft = fynn.call("POST", "/invoices", {"customer": "muster-handel", "positions": [row, row]})
    draft["positions"][1]["netAmount"]["amount"] = 1
    refused = fynn.call("PUT", f"/invoices/{draft['id']}", draft, 422)
    assert [one["propertyPath"] for one in refused["violations"]] == ["positions[1].netAmount"]
    draft["positions"][1] = {**draft["positions"][0], "id": None}
    refused = fynn.call("PUT", f"/invoices/{draft['id']}", draft, 422)
    assert "positions[1].netAmount" in [one["propertyPath"] for one in refused["violations"]]


def test_an_address_becomes_the_default_one_again(fynn: Fynn) -> None:
    addresses = "/customers/muster-handel/addresses"
    first = fynn.call("GET", addresses)["data"][0]["id"]
    second = fynn.call("POST", addresses, {"street": "Kai", "zip": "20457", "city": "Hamburg"})
    assert fynn.call("DELETE", f"{addresses}/{second['id']}", None, 409)
    fynn.call("PUT", f"{addresses}/{first}", {**fynn.call("GET", f"{addresses}/{first}"), "default": True})
    assert [(one["id"], one["default"]) for one in fynn.call("GET", addresses)["data"]] == [(first, True), (second["id"], False)]
    refused = fynn.call("PUT", f"{addresses}/{first}", {"street": "Kai", "default": False}, 422)
    assert [one["propertyPath"] for one in refused["violations"]] == ["default"]
    fynn.call("DELETE", f"{addresses}/{second['id']}", None, 204)


@pytest.mark.parametrize("named", [{"id": "x"}, ["x"], {}, 7, True, None])
def test_a_row_that_is_named_by_no_text_is_a_finding(fynn: Fynn, named: Any) -> None:
    """What is repeated of it is compared with nothing."""
    made = fynn.call("POST", "/invoices", {"customer": "muster-handel"}, 201)
    row = {
        "id": named,
        "name": "Beratung",
        "unitPrice": {"amount": 700, "currencyCode": "EUR"},
        "netAmount": {"amount": 1, "currencyCode": "EUR"},
    }
    answer = fynn.send("PUT", f"/invoices/{made['id']}", {"positions": [row]})
    assert answer.status_code == 422, answer.text
