"""What other systems call customers and subscriptions leads to them wherever they are named: in paths, filters and bodies."""

from typing import Any

import pytest
from tests.factories.fynn import Fynn
from tests.factories.subscribing_fynn import a_product, a_subscription

SEATS = {"id": "seats", "name": "Seats", "type": "quantity", "config": [{"value": 5}, {"value": 9}]}


@pytest.fixture
def named(fynn: Fynn) -> Any:
    """A subscription that another system calls `theirs`, of a customer whom it calls `them`."""
    fynn.turn("2027-01-01")
    a_product(fynn, "basic")
    address = {"street": "Weg 1", "zip": "10115", "city": "Berlin", "countryCode": "DE"}
    fynn.call("POST", "/customers", {"email": "t@e.example", "companyName": "T GmbH", "externalId": "them", **address})
    fynn.call("POST", "/entitlement/features", SEATS)
    fynn.call("PUT", "/entitlement/features/seats/activate")
    fynn.call("PUT", "/price-plans/basic/features/seats", {"value": 5})
    made = a_subscription(fynn, "basic", customer="them", externalId="theirs", activate=True)
    fynn.work()
    return made


@pytest.mark.parametrize(
    "path",
    [
        "/subscriptions?customer=them",
        "/subscriptions?customer[]=them",
        "/subscriptions?id=theirs",
        "/invoices?customer=them",
        "/invoices?customer.id=them",
        "/invoices?subscription=theirs",
        "/accounting/postings?customer=them",
    ],
)
def test_lists_find_by_what_others_call_things(fynn: Fynn, named: Any, path: str) -> None:
    assert fynn.call("GET", path)["data"], path
    assert not fynn.call("GET", path.replace("the", "who"))["data"], path


def test_invoices_of_a_subscription_are_found_by_its_id(fynn: Fynn, named: Any) -> None:
    for name in (named["id"], named["number"]):
        assert len(fynn.call("GET", f"/invoices?subscription={name}")["data"]) == 1, name


def test_methods_and_groups_are_found_by_what_others_call_their_customer(fynn: Fynn, named: Any) -> None:
    fynn.call("POST", "/payment-methods", {"gateway": "bank_transfer", "type": "bank_transfer", "customerId": "them"})
    group = {"name": "g", "customer": "them", "billingDate": "2027-02-15", "subscriptions": [named["id"]]}
    fynn.call("POST", "/billing-groups", group)
    assert len(fynn.call("GET", "/payment-methods?customer=them")["data"]) == 1
    assert len(fynn.call("GET", "/billing-groups?customer=them")["data"]) == 1


def test_what_may_be_used_is_asked_by_what_others_call_it(fynn: Fynn, named: Any) -> None:
    fynn.call("POST", "/subscriptions/theirs/entitlement-overrides", {"feature": "seats", "value": 9})
    assert len(fynn.call("GET", "/subscriptions/theirs/entitlement-overrides")["data"]) == 1
    for asked in ("customer=them", "subscription=theirs"):
        given = fynn.call("GET", f"/entitlement/state?{asked}")["entitlements"]
        assert [(one["feature"], one["value"]) for one in given] == [("seats", 9)]
    fynn.call("GET", "/entitlement/state?customer=nobody", status=404)


def test_an_ident_goes_before_what_another_system_calls_somebody_else(fynn: Fynn, named: Any) -> None:
    taken = {"email": "o@e.example", "companyName": "O GmbH", "customerNumber": "them"}
    ident = fynn.call("POST", "/customers", taken)["id"]
    assert fynn.call("GET", "/customers/them")["id"] == ident
    assert not fynn.call("GET", "/subscriptions?customer=them")["data"]


def test_the_first_hours_of_the_calendar_are_no_instant(fynn: Fynn, named: Any) -> None:
    for at in ("0001-01-01T00:00:00%2B14:00", "0001-01-01T13:59:59%2B14:00"):
        refused = fynn.call("GET", f"/entitlement/state?customer=them&at={at}", status=400)
        assert [one["propertyPath"] for one in refused["violations"]] == ["at"]
    assert fynn.call("GET", "/entitlement/state?customer=them&at=0001-01-01T14:00:00%2B14:00")["entitlements"] == []
