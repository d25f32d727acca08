"""Positions of invoices say what of a subscription they bill, and what is ordered later is charged when its time has come."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.fynn import Fynn
from tests.factories.subscribing_fynn import a_product, a_subscription, act, billed, papers, run

from contor.commands.demo import master_data

D = Decimal


def positions(fynn: Fynn) -> list[list[tuple[str, int, str | None, str | None]]]:
    """Of each invoice, the oldest first: type, net, subscription item, product."""
    found = [fynn.call("GET", f"/invoices/{one['id']}") for one in fynn.call("GET", "/invoices?order[number]=asc")["data"]]
    return [
        [(row["type"], row["netAmount"]["amount"], row["subscriptionItem"], row["product"]) for row in one["positions"]]
        for one in sorted(found, key=lambda one: (one["creationDate"], one["number"]))
    ]


def item_and_product(made: Any, name: str) -> tuple[str, str]:
    (found,) = [one for one in made["items"] if one["name"] == name]
    return found["id"], found["product"]["id"]


def test_they_name_the_item_and_its_product_also_of_what_reduces_it_or_takes_it_back(fynn: Fynn) -> None:
    fynn.turn("2028-02-01T10:00:00")
    a_product(fynn, "basic", 2900, setupFee=1500)
    a_product(fynn, "seats", 1000, type="per_unit")
    coupon = {"code": "tenth", "name": "Tenth", "type": "percentage", "percentage": 10, "limitedToPlans": ["seats"]}
    fynn.call("POST", "/coupons", {**coupon, "frequency": "lifetime"})
    made = a_subscription(fynn, "basic", "seats", number="S-1", activate=True, coupons=["tenth"])
    basic, seats = item_and_product(made, "Basic"), item_and_product(made, "Seats")
    setup = item_and_product(made, "Basic – Einrichtung")
    assert setup[1] == basic[1] and setup[0] != basic[0]
    assert positions(fynn) == [
        [("product", 2900, *basic), ("setup", 1500, *setup), ("product", 1000, *seats), ("discount", -100, *seats)],
    ]
    fynn.turn("2028-02-11T10:00:00")
    fynn.call("PATCH", f"/subscription-items/{seats[0]}", {"quantity": 3})
    run(fynn, "2028-02-11")
    assert {row[2:] for row in positions(fynn)[-1]} == {seats}
    first = fynn.call("GET", "/invoices?order[number]=asc")["data"][0]
    fynn.call("POST", f"/invoices/{first['id']}/credit", {"amount": 100})
    assert {row[2:] for row in positions(fynn)[-1]} <= {basic, seats, setup}
    listed = fynn.call("GET", "/invoices?type=TYPE_CREDIT")["data"]
    assert all(row["subscriptionItem"] for one in listed for row in one["positions"])


def test_the_setup_fee_of_a_later_order_is_of_its_item(fynn: Fynn) -> None:
    fynn.turn("2028-02-01T10:00:00")
    a_product(fynn, "basic", 2900)
    a_product(fynn, "support", 2900, setupFee=1500)
    a_product(fynn, "training", 7700, billingInterval=None)
    a_subscription(fynn, "basic", number="S-1", activate=True)
    fynn.turn("2028-02-20T10:00:00")
    body = {"products": [{"pricePlan": "support"}, {"pricePlan": "training", "quantity": 2}]}
    made = fynn.call("POST", "/subscriptions/S-1/products", body)
    support, setup, training = (item_and_product(made, name) for name in ("Support", "Support – Einrichtung", "Training"))
    assert next(one["parent"] for one in made["items"] if one["id"] == setup[0]) == support[0]
    # 10 of 29 days
    assert sorted(positions(fynn)[-1], key=str) == sorted(
        [("setup", 1500, *setup), ("product", 1000, *support), ("product", 15400, *training)], key=str
    )


def test_in_a_trial_the_setup_fee_of_a_later_order_waits_for_its_end_and_is_reduced(fynn: Fynn) -> None:
    fynn.turn("2028-02-15T10:00:00")
    a_product(fynn, "basic", 3100, applyTrial=14)
    a_product(fynn, "support", 2900, setupFee=1500)
    fynn.call("POST", "/coupons", {"code": "half", "name": "Half", "type": "percentage", "percentage": 50, "frequency": "lifetime"})
    a_subscription(fynn, "basic", number="S-1", activate=True, coupons=["half"])
    fynn.turn("2028-02-20T10:00:00")
    made = fynn.call("POST", "/subscriptions/S-1/products", {"products": [{"pricePlan": "support"}]})
    assert item_and_product(made, "Support – Einrichtung") and papers(fynn) == []
    act(fynn, "S-1", "extend-trial", {"trialEndsOn": "2028-03-05"})
    run(fynn, "2028-02-29")
    assert papers(fynn) == []
    run(fynn, "2028-03-05")
    assert papers(fynn) == [("2028-03-05", "INVOICE", D("37.50"))]
    assert sorted(row[3] for row in billed(fynn)) == [D("-15.50"), D("-14.50"), D("-7.50"), D("15.00"), D("29.00"), D("31.00")]
    run(fynn, "2028-04-05")
    assert papers(fynn)[-1] == ("2028-04-05", "INVOICE", D("30.00"))


def test_a_trial_that_is_revoked_charges_the_setup_fee_of_a_later_order_once(fynn: Fynn) -> None:
    fynn.turn("2028-02-15T10:00:00")
    a_product(fynn, "basic", 3100, applyTrial=14)
    a_product(fynn, "support", 2900, setupFee=1500)
    a_subscription(fynn, "basic", number="S-1", activate=True)
    fynn.turn("2028-02-20T10:00:00")
    for _ in range(2):
        fynn.call("POST", "/subscriptions/S-1/products", {"products": [{"pricePlan": "support"}]})
    fynn.turn("2028-02-22T10:00:00")
    act(fynn, "S-1", "revoke-trial")
    assert papers(fynn) == [("2028-02-22", "INVOICE", D("104.00"))]
    fynn.call("POST", "/subscriptions/S-1/products", {"products": [{"pricePlan": "support"}]})
    assert papers(fynn)[-1] == ("2028-02-22", "INVOICE", D("29.00"))


@pytest.mark.parametrize(
    ("off", "first", "second"),
    [
        # 12 seats 116.00, 15 seats 140.00; a tenth off: 10 and 19 of 29 days, each row rounded
        ({"type": "percentage", "percentage": 10}, D("104.40"), D("14.15")),
        ({"type": "fixed_amount", "fixedAmount": 500}, D("56.00"), D("5.89")),
    ],
)
def test_a_coupon_reduces_what_is_priced_by_tiers(fynn: Fynn, off: dict[str, Any], first: D, second: D) -> None:
    fynn.turn("2028-02-01T10:00:00")
    a_product(fynn, "seats", None, type="tiered", tiers=[{"to": 10, "price": 1000}, {"to": None, "price": 800}])
    fynn.call("POST", "/coupons", {"code": "less", "name": "Less", "frequency": "lifetime", **off})
    made = a_subscription(fynn, number="S-1", activate=True, coupons=["less"], products=[{"pricePlan": "seats", "quantity": 12}])
    assert papers(fynn) == [("2028-02-01", "INVOICE", first)]
    fynn.turn("2028-02-11T10:00:00")
    fynn.call("PATCH", f"/subscription-items/{made['items'][0]['id']}", {"quantity": 15})
    run(fynn, "2028-02-11")
    assert papers(fynn)[1:] == [("2028-02-11", "INVOICE", second)]


def test_an_invoice_by_hand_takes_the_billing_group_for_such_though_another_is_the_default(bare_fynn: Fynn) -> None:
    group = {
        "billingGroupIdent": "contracts",
        "name": "Contracts",
        "billing": "NBX_BILLING",
        "localeConfiguration": [{"country": "DE"}],
    }
    answer = bare_fynn.tenant.call(
        "POST", "/billing-groups", {**group, "businessSegments": [{"segmentIdent": "all", "name": "All"}]}
    )
    assert answer.status < 300, answer.body
    master_data(bare_fynn.tenant.runtime, bare_fynn.tenant.caller())
    position = {"name": "Beratung", "quantity": 1, "unitPrice": {"amount": 10000, "currencyCode": "EUR"}}
    made = bare_fynn.call("POST", "/invoices", {"customer": "muster-handel", "positions": [position]}, 201)
    bare_fynn.call("POST", f"/invoices/{made['id']}/finalize", {}, 201)
    assert papers(bare_fynn)[-1][2] == D("100.00")


def test_they_say_the_tax_group_of_what_is_billed(fynn: Fynn) -> None:
    group = fynn.call("POST", "/tax-groups", {"internalDescription": "Bücher", "type": "reduced"})["id"]
    fynn.turn("2028-02-01T10:00:00")
    fynn.call("POST", "/catalogue/products", {"externalId": "books", "name": "Books", "taxGroup": group})
    plan = {"product": "books", "externalId": "book", "type": "flat_fee", "billingInterval": "1M", "price": 1000, "setupFee": 500}
    fynn.call("POST", "/price-plans", plan)
    a_product(fynn, "usual")
    a_subscription(fynn, "book", "usual", activate=True)
    (listed,) = fynn.call("GET", "/invoices")["data"]
    books = {"id": group, "internalDescription": "Bücher", "type": "reduced"}
    for one in (listed, fynn.call("GET", f"/invoices/{listed['id']}")):
        *of_books, usual = [(row["tax"]["rate"], row["taxGroup"]) for row in one["positions"]]
        assert [(rate, {name: said[name] for name in books}) for rate, said in of_books] == [(7, books), (7, books)]
        assert (usual[0], usual[1]["type"]) == (19, "standard")


def test_an_item_says_the_price_that_is_agreed(fynn: Fynn) -> None:
    fynn.turn("2028-02-01T10:00:00")
    a_product(fynn, "basic", 2900)
    a_product(fynn, "seats", 1000, type="per_unit")
    body = {
        "customer": "muster-handel",
        "products": [{"pricePlan": "basic", "price": 2500}, {"pricePlan": "seats"}],
        "activate": True,
    }
    made = fynn.call("POST", "/subscriptions", body)
    assert [one["plan"]["price"]["amount"] for one in made["items"]] == [2500, 1000]
    assert [row["netAmount"]["amount"] for row in fynn.call("GET", "/invoices")["data"][0]["positions"]] == [2500, 1000]
    (basic,) = [one["id"] for one in made["items"] if one["name"] == "Basic"]
    assert fynn.call("GET", f"/subscription-items/{basic}")["plan"]["price"] == {"amount": 2500, "currencyCode": "EUR"}
    ordered = fynn.call("POST", f"/subscriptions/{made['id']}/products", {"products": [{"pricePlan": "seats", "price": 800}]})
    assert sorted(one["plan"]["price"]["amount"] for one in ordered["items"]) == [800, 2500]
