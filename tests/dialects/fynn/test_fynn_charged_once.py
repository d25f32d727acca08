"""What is charged once of a subscription that runs: setup fees of changes, and products without an interval, less what coupons give."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.fynn import Fynn
from tests.factories.subscribing_fynn import a_product, a_subscription, act, billed, papers, run

D = Decimal


def a_group(fynn: Fynn, *price_plans: str, timing: str = "immediately") -> None:
    members = [
        {"pricePlan": one, "position": rank, "changeTiming": timing, "creditType": "pro_rata", "quantityChangeAllowed": True}
        for rank, one in enumerate(price_plans, 1)
    ]
    fynn.call("POST", "/product-groups", {"name": "Plans", "enabled": True, "memberships": members})


def changed(fynn: Fynn, name: str, selected: str) -> Any:
    items = fynn.call("GET", "/subscriptions/S-1")["items"]
    item = next(one["id"] for one in items if one["name"] == name)
    return fynn.call("POST", f"/subscription-items/{item}/change", {"selectedPricePlan": selected})


def a_coupon(fynn: Fynn, **more: Any) -> None:
    fynn.call(
        "POST",
        "/coupons",
        {"code": "less", "name": "Less", "type": "percentage", "percentage": 10, "frequency": "lifetime", **more},
    )


def test_a_change_to_another_product_charges_its_setup_fee_once(fynn: Fynn) -> None:
    fynn.turn("2027-04-01T10:00:00")
    a_product(fynn, "basic", 3000, setupFee=1000)
    a_product(fynn, "pro", 6000, setupFee=5000)
    a_group(fynn, "basic", "pro")
    a_subscription(fynn, "basic", number="S-1", activate=True)
    assert papers(fynn) == [("2027-04-01", "INVOICE", D("40.00"))]
    fynn.turn("2027-04-16T10:00:00")
    made = changed(fynn, "Basic", "pro")
    assert sorted(one["name"] for one in made["items"]) == ["Pro", "Pro – Einrichtung"]
    # 15 of 30 days of 30.00 more, and the fee
    assert papers(fynn)[-1] == ("2027-04-16", "INVOICE", D("65.00"))
    fynn.turn("2027-04-21T10:00:00")
    changed(fynn, "Pro", "basic")
    changed(fynn, "Basic", "pro")
    run(fynn, "2027-05-01", "2027-06-01")
    assert [net for _, _, net in papers(fynn)[-2:]] == [D("60.00"), D("60.00")]
    assert sorted(row[3] for row in billed(fynn)).count(D("50.00")) == 1


def test_with_the_next_interval_the_setup_fee_comes_with_it(fynn: Fynn) -> None:
    fynn.turn("2027-04-01T10:00:00")
    a_product(fynn, "basic", 3000)
    a_product(fynn, "pro", 6000, setupFee=5000)
    a_group(fynn, "basic", "pro", timing="end_of_period")
    a_subscription(fynn, "basic", number="S-1", activate=True)
    fynn.turn("2027-04-16T10:00:00")
    changed(fynn, "Basic", "pro")
    assert len(papers(fynn)) == 1
    run(fynn, "2027-05-01", "2027-06-01")
    assert papers(fynn)[1:] == [("2027-05-01", "INVOICE", D("110.00")), ("2027-06-01", "INVOICE", D("60.00"))]


def test_at_another_interval_the_setup_fee_comes_with_the_new_plan(fynn: Fynn) -> None:
    fynn.turn("2027-04-01T10:00:00")
    a_product(fynn, "basic", 3000)
    a_product(fynn, "yearly", 36500, billingInterval="1Y", setupFee=5000)
    a_group(fynn, "basic", "yearly")
    a_subscription(fynn, "basic", number="S-1", activate=True)
    fynn.turn("2027-04-16T10:00:00")
    changed(fynn, "Basic", "yearly")
    assert papers(fynn)[-1] == ("2027-04-16", "INVOICE", D("400.00"))


def test_another_price_plan_of_a_product_charges_no_setup_fee_again(fynn: Fynn) -> None:
    fynn.turn("2027-04-01T10:00:00")
    a_product(fynn, "basic", 3000, setupFee=1000)
    body = {"product": "product-basic", "externalId": "yearly", "type": "flat_fee", "billingInterval": "1Y", "price": 36500}
    fynn.call("POST", "/price-plans", {**body, "setupFee": 1000})
    a_group(fynn, "basic", "yearly")
    a_subscription(fynn, "basic", number="S-1", activate=True)
    fynn.turn("2027-04-16T10:00:00")
    changed(fynn, "Basic", "yearly")
    assert papers(fynn)[-1] == ("2027-04-16", "INVOICE", D("350.00"))


def test_a_coupon_reduces_what_is_charged_once_and_ordered_later(fynn: Fynn) -> None:
    fynn.turn("2027-04-01T10:00:00")
    a_product(fynn, "basic", 3000)
    a_product(fynn, "support", 3000, setupFee=5000)
    a_product(fynn, "training", 20000, billingInterval=None)
    a_coupon(fynn)
    a_subscription(fynn, "basic", number="S-1", activate=True, coupons=["less"])
    fynn.turn("2027-04-16T10:00:00")
    body = {"products": [{"pricePlan": "support"}, {"pricePlan": "training", "quantity": 2}]}
    fynn.call("POST", "/subscriptions/S-1/products", body)
    # a tenth less than 15.00, 50.00 and 400.00
    assert papers(fynn)[-1] == ("2027-04-16", "INVOICE", D("418.50"))
    fynn.turn("2027-04-16T12:00:00")
    fynn.call("POST", "/subscriptions/S-1/products", {"products": [{"pricePlan": "training"}]})
    assert papers(fynn)[-1] == ("2027-04-16", "INVOICE", D("180.00"))
    fynn.turn("2027-04-20T10:00:00")
    fynn.call("POST", "/subscriptions/S-1/products", {"products": [{"pricePlan": "training", "price": 10000}]})
    assert papers(fynn)[-1] == ("2027-04-20", "INVOICE", D("90.00"))
    run(fynn, "2027-05-01")
    assert papers(fynn)[-1] == ("2027-05-01", "INVOICE", D("54.00"))


def test_a_coupon_whose_intervals_are_over_reduces_no_later_order(fynn: Fynn) -> None:
    fynn.turn("2027-04-01T10:00:00")
    a_product(fynn, "basic", 3000)
    a_product(fynn, "training", 20000, billingInterval=None)
    a_coupon(fynn, frequency="once")
    a_subscription(fynn, "basic", number="S-1", activate=True, coupons=["less"])
    run(fynn, "2027-05-01")
    fynn.turn("2027-05-10T10:00:00")
    fynn.call("POST", "/subscriptions/S-1/products", {"products": [{"pricePlan": "training"}]})
    assert [net for _, _, net in papers(fynn)] == [D("27.00"), D("30.00"), D("200.00")]


def test_in_a_pause_what_is_charged_once_is_billed_at_once(fynn: Fynn) -> None:
    fynn.turn("2027-04-01T10:00:00")
    a_product(fynn, "basic", 3000)
    a_product(fynn, "training", 20000, billingInterval=None)
    a_subscription(fynn, "basic", number="S-1", activate=True)
    fynn.turn("2027-04-16T10:00:00")
    act(fynn, "S-1", "pause")
    run(fynn, "2027-05-01")
    fynn.turn("2027-05-10T10:00:00")
    fynn.call("POST", "/subscriptions/S-1/products", {"products": [{"pricePlan": "training"}]})
    assert papers(fynn)[-1] == ("2027-05-10", "INVOICE", D("200.00"))


@pytest.mark.parametrize(
    ("interval", "made"),
    [
        # of an interval of the same length the fee is due with the change; a plan that begins in the pause is charged behind it
        ("1M", [("2027-05-01", "50.00"), ("2027-07-01", "60.00"), ("2027-08-01", "60.00")]),
        ("2M", [("2027-07-01", "110.00")]),
    ],
)
def test_a_setup_fee_of_a_change_in_a_pause_is_not_lost(fynn: Fynn, interval: str, made: list[tuple[str, str]]) -> None:
    fynn.turn("2027-04-01T10:00:00")
    a_product(fynn, "basic", 3000)
    a_product(fynn, "pro", 6000, billingInterval=interval, setupFee=5000)
    a_group(fynn, "basic", "pro", timing="end_of_period")
    a_subscription(fynn, "basic", number="S-1", activate=True)
    fynn.turn("2027-04-16T10:00:00")
    changed(fynn, "Basic", "pro")
    act(fynn, "S-1", "pause")
    run(fynn, "2027-05-01", "2027-06-01")
    fynn.turn("2027-06-15T10:00:00")
    act(fynn, "S-1", "resume", {"nextBillingDate": "2027-07-01"})
    run(fynn, "2027-06-16", "2027-07-01", "2027-08-01")
    assert papers(fynn)[1:] == [(day, "INVOICE", D(net)) for day, net in made]
    assert fynn.tenant.unsound() == []
