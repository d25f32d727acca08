"""A customer who was merged: his contracts go on to be billed, and what is told and asked by the one who took his place reaches them."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.fynn import Fynn
from tests.factories.subscribing_fynn import a_product, a_subscription, billed, run

D = Decimal
METER = {"code": "calls", "aggregationType": "sum", "eventName": "call", "property": "n"}
PLACE = {"street": "Weg 1", "zip": "10115", "city": "Berlin", "countryCode": "DE"}


@pytest.fixture
def merged(fynn: Fynn) -> Any:
    """The subscription of `first`, whom another system calls `them`; he was merged into `second`, and `second` into `third`."""
    fynn.turn("2027-01-01")
    fynn.call("POST", "/catalogue/measurements", METER)
    a_product(fynn, "metered", 10, measurement="calls", type="per_unit", payInAdvance=False)
    fynn.call("POST", "/entitlement/features", {"id": "api", "name": "API", "type": "switch"})
    fynn.call("PUT", "/entitlement/features/api/activate")
    fynn.call("PUT", "/price-plans/metered/features/api", {"value": True})
    for name, more in (("first", {"externalId": "them"}), ("second", {}), ("third", {})):
        body = {"email": f"{name}@e.example", "companyName": name, "customerNumber": name, **PLACE, **more}
        fynn.call("POST", "/customers", body)
    made = a_subscription(fynn, "metered", customer="first", activate=True)
    fynn.work()
    tell(fynn, "before", 3, "them", "2027-01-02T10:00:00Z")
    for who, into in (("first", "second"), ("second", "third")):
        fynn.call("POST", f"/customers/{who}/merge", {"targetCustomerId": into})
    return made


def tell(fynn: Fynn, ident: str, n: int, who: str, at: str = "2027-01-10T10:00:00Z") -> None:
    event = {"transactionId": ident, "eventName": "call", "customerId": who, "timestamp": at, "properties": {"n": n}}
    assert fynn.call("POST", "/api/usage-events", {"events": [event]})["created"] == 1


def test_what_is_used_by_his_name_is_billed_by_his_contract(fynn: Fynn, merged: Any) -> None:
    tell(fynn, "by-name", 40, "them")  # leads to `third` now
    tell(fynn, "by-number", 7, "third")
    tell(fynn, "himself", 50, "first")
    run(fynn, "2027-02-01")
    assert billed(fynn) == [("2027-02-01", "2027-01-01", "2027-01-31", D("10.00"))]  # 100 at 0.10


def test_the_contract_that_began_first_counts(fynn: Fynn, merged: Any) -> None:
    fynn.turn("2027-01-05")
    a_subscription(fynn, "metered", customer="third", activate=True)
    tell(fynn, "first-counts", 97, "third")
    run(fynn, "2027-02-01", "2027-02-05")
    assert [net for *_, net in billed(fynn)] == [D("10.00")]


def test_events_behind_the_end_of_his_contract_are_those_of_who_took_his_place(fynn: Fynn, merged: Any) -> None:
    fynn.turn("2027-01-05")
    a_subscription(fynn, "metered", customer="third", activate=True)
    fynn.call("PUT", f"/subscriptions/{merged['id']}/cancel", {"cancellationDateType": "custom", "cancellationDate": "2027-01-08"})
    tell(fynn, "behind", 50, "them")
    run(fynn, "2027-02-05")
    assert sorted(net for *_, net in billed(fynn)) == [D("0.30"), D("5.00")]


def test_what_he_may_use_is_used_by_who_took_his_place(fynn: Fynn, merged: Any) -> None:
    for asked in ("them", "third", "second", "first"):
        given = fynn.call("GET", f"/entitlement/state?customer={asked}")["entitlements"]
        assert [(one["feature"], one["value"], one["subscription"]) for one in given] == [("api", True, merged["id"])], asked
    assert fynn.call("GET", "/entitlement/state?customer=muster-handel")["entitlements"] == []
