"""What could not be billed is said where the subscription is shown, and billed when its cause is mended and somebody asks for it."""

from decimal import Decimal
from typing import Any

from tests.factories.fynn import Fynn
from tests.factories.subscribing_fynn import a_product, a_subscription, act, papers, run

from contor.billing.runs.parking import ParkCustomer, park


def change(fynn: Fynn, vat_id: str) -> str:
    """Of the customer; the one before."""
    body: Any = fynn.tenant.call("GET", "/customers/muster-handel").body
    for name in ("addresses", "createdAt", "lastModifiedAt", "debtorId", "debtorAccount", "creditorAccount"):
        body.pop(name, None)
    said = fynn.tenant.call("PUT", "/customers/muster-handel", {**body, "vatId": vat_id})
    assert said.status < 300, said.body
    return str(body["vatId"])


def test_what_could_not_be_billed_says_why_until_it_is(fynn: Fynn) -> None:
    """A customer with the VAT id of the seller."""
    fynn.turn("2027-04-01T10:00:00+00:00")
    a_product(fynn, "basic")
    a_subscription(fynn, "basic", number="S-1")
    right = change(fynn, "DE136695976")
    shown = act(fynn, "S-1", "activate")
    (error,) = shown["billingErrors"]
    (item,) = shown["items"]
    assert (error["code"], error["item"]) == ("ERROR", item["id"])
    assert "VAT id of the seller" in error["message"]
    assert (error["dateFrom"], error["dateTo"]) == ("2027-04-01T00:00:00+00:00", "2027-04-30T00:00:00+00:00")
    assert item["billingErrors"] == [error]
    assert fynn.call("GET", f"/subscription-items/{item['id']}")["billingErrors"] == [error]
    (listed,) = fynn.call("GET", "/subscriptions")["data"]
    assert listed["billingErrors"] == [error]
    assert [one["message"] for one in act(fynn, "S-1", "bill")["billingErrors"]] == [error["message"]]
    change(fynn, right)
    run(fynn, "2027-04-02")
    assert papers(fynn) == [], "nobody has said yet that it is mended"
    assert act(fynn, "S-1", "bill")["billingErrors"] == []
    assert papers(fynn) == [("2027-04-02", "INVOICE", Decimal("31.00"))]


def test_who_is_left_out_by_runs_is_shown_with_the_reason(fynn: Fynn) -> None:
    fynn.turn("2027-04-01T10:00:00+00:00")
    a_product(fynn, "basic")
    a_subscription(fynn, "basic", number="S-1", activate=True)
    assert fynn.tenant.execute(park, ParkCustomer(customer_ident="muster-handel", reason="Too much at once.")) is None
    (error,) = fynn.call("GET", "/subscriptions/S-1")["billingErrors"]
    assert (error["code"], error["message"], error["item"]) == ("CUSTOMER_PARKED", "Too much at once.", None)
    assert act(fynn, "S-1", "bill")["billingErrors"] == []
