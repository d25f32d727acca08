"""Usage through fynn's calls, to the cent: tiers, groups, what was used behind an invoice, coupons that many want at once."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.fynn import Fynn
from tests.factories.subscribing_fynn import a_product, a_subscription, billed, run

D = Decimal
TIERS = [{"from": 1, "to": 10, "price": 1000}, {"from": 11, "to": 50, "price": 800}, {"from": 51, "price": 600}]
STEPS = [{"to": 10, "price": 5000}, {"to": 50, "price": 15000}, {"to": None, "price": 30000}]
METER = {"code": "calls", "aggregationType": "sum", "eventName": "call", "property": "n"}


def event(ident: str, n: Any, day: int = 12, **more: Any) -> dict[str, Any]:
    at = f"2027-04-{day:02}T10:00:00.000Z"
    return {
        "transactionId": ident,
        "eventName": "call",
        "customerId": "muster-handel",
        "timestamp": at,
        "properties": {"n": n, **more},
    }


@pytest.mark.parametrize(
    ("units", "tiered", "volume", "stair"),
    [
        (0, "0", "0", "0"),
        (1, "10", "10", "50"),
        (10, "100", "100", "50"),
        (11, "108", "88", "150"),
        (50, "420", "400", "150"),
        (51, "426", "306", "300"),
        (60, "480", "360", "300"),
    ],
)
def test_s6_tiers_of_what_is_used(fynn: Fynn, units: int, tiered: str, volume: str, stair: str) -> None:
    """One subscription of three products at three price plans, each of its own measurement of the same events."""
    fynn.turn("2027-04-01T10:00:00")
    for name, tiers in (("tiered", TIERS), ("volume", TIERS), ("stair_step", STEPS)):
        fynn.call("POST", "/catalogue/measurements", {**METER, "code": name})
        a_product(fynn, name, None, measurement=name, type=name, tiers=tiers)
    a_subscription(fynn, "tiered", "volume", "stair_step", number="S-1", activate=True)
    if units:
        sent = [event(f"e-{number}", 1, 2 + number % 20) for number in range(units)]
        assert fynn.call("POST", "/api/usage-events", {"events": sent}) == {"accepted": units, "created": units, "duplicates": 0}
        assert fynn.call("POST", "/api/usage-events", {"events": sent})["created"] == 0
    run(fynn, "2027-05-01")
    rows = fynn.tenant.rows("SELECT origin_ident, total FROM billable_item WHERE kind = 'USAGE' AND period_start = '2027-04-01'")
    found = {row.origin_ident: row.total for row in rows}
    assert found == {"tiered": D(tiered), "volume": D(volume), "stair_step": D(stair)}


def test_s6_tiers_of_what_is_ordered(fynn: Fynn) -> None:
    """60 seats: 480 by tiers, 360 by volume, 300 by step; five of them free: 440 by tiers."""
    fynn.turn("2027-04-01T10:00:00")
    fynn.call("POST", "/catalogue/measurements", {"code": "seats"})
    for name, more in (
        ("tiered", {"type": "tiered", "tiers": TIERS}),
        ("volume", {"type": "volume", "tiers": TIERS}),
        ("stair", {"type": "stair_step", "tiers": STEPS}),
        ("free", {"type": "tiered", "tiers": TIERS, "freeUnits": 5}),
    ):
        a_product(fynn, name, None, measurement="seats", **more)
    products = [{"pricePlan": name, "quantity": 60} for name in ("tiered", "volume", "stair", "free")]
    fynn.call("POST", "/subscriptions", {"customer": "muster-handel", "products": products, "activate": True})
    assert [row[3] for row in billed(fynn)] == [D(480), D(360), D(300), D(450)]


def test_what_was_used_is_shown_behind_a_link_of_the_invoice(fynn: Fynn) -> None:
    fynn.turn("2027-04-01T10:00:00")
    fynn.call("POST", "/catalogue/measurements", {**METER, "groupBy": ["region"]})
    a_product(fynn, "calls", 250, measurement="calls", type="per_unit")
    a_product(fynn, "base", 3100)
    a_subscription(fynn, "base", "calls", number="S-1", activate=True)
    sent = [event("a", 3, 5, region="<EU>"), event("b", 4, 9, region="<EU>"), event("c", 1.5, region="US")]
    fynn.call("POST", "/api/usage-events", {"events": sent})
    run(fynn, "2027-05-01")
    first, second = fynn.call("GET", "/invoices?order[creationDate]=asc")["data"]
    assert first["usageBreakdownUrl"] is None
    url = fynn.call("GET", f"/invoices/{second['id']}")["usageBreakdownUrl"]
    assert fynn.call("GET", f"/invoices/{second['id']}/billing-run")["usageBreakdownUrl"] == url
    path = url.partition("//")[2].partition("/")[2]
    page = fynn.http.get(f"http://testserver/{path}", headers={"Accept-Language": "de"})
    assert page.status_code == 200, page.text
    assert "cookie" not in {name.lower() for name in page.headers}
    for words in ("region: &lt;EU&gt;", "region: US", "Zusammen", "8,5", "21,25", '<html lang="de">', '<th scope="row">'):
        assert words in page.text, words
    english = fynn.http.get(f"http://testserver/{path}", headers={"Accept-Language": "en"})
    assert "In total" in english.text and "8.5" in english.text
    gone = fynn.http.get(f"http://testserver/{path[:-2]}", headers={"Accept-Language": "en"})
    assert gone.status_code == 404 and "holds no more" in gone.text


def test_late_events_cost_what_they_add_to_their_own_month(fynn: Fynn) -> None:
    """9 units at 10.00 are billed; two that come in May cost 10.00 and 8.00."""
    fynn.turn("2027-04-01T10:00:00")
    fynn.call("POST", "/catalogue/measurements", METER)
    a_product(fynn, "calls", None, measurement="calls", type="tiered", tiers=TIERS)
    a_subscription(fynn, "calls", number="S-1", activate=True)
    fynn.call("POST", "/api/usage-events", {"events": [event("a", 9)]})
    run(fynn, "2027-05-01")
    fynn.call("POST", "/api/usage-events", {"events": [event("late", 2)]})
    fynn.given({"jobs": ["usage_event.count_again"]})
    run(fynn, "2027-06-01")
    assert [row[3] for row in billed(fynn)] == [D(90), D(18)]


def test_of_a_hundred_who_want_the_last_one_has_the_coupon(fynn: Fynn) -> None:
    fynn.turn("2027-04-01T10:00:00")
    a_product(fynn, "basic", 3000)
    coupon = {"code": "LAST", "name": "Last", "type": "percentage", "percentage": 50, "maxRedemptions": 1}
    fynn.call("POST", "/coupons", {**coupon, "limitedToProducts": ["product-basic"]})

    def subscribed(number: int) -> int:
        body = {"customer": "muster-handel", "number": f"S-{number}", "products": [{"pricePlan": "basic"}], "coupons": ["LAST"]}
        return int(fynn.send("POST", "/subscriptions", body).status_code)

    with ThreadPoolExecutor(max_workers=8) as many:
        answers = list(many.map(subscribed, range(100)))
    assert (answers.count(201), answers.count(422)) == (1, 99)
    assert fynn.call("GET", "/coupons/LAST")["redemptions"] == 1


@pytest.mark.parametrize(("fixed", "quantity", "net"), [(500, 4, "0.00"), (500, 4, "12.00")])
def test_s8_an_amount_is_off_the_price_of_each_unit(fynn: Fynn, fixed: int, quantity: int, net: str) -> None:
    """5.00 off 4 x 3.00 and off 4 x 8.00."""
    fynn.turn("2027-04-01T10:00:00")
    fynn.call("POST", "/catalogue/measurements", {"code": "seats"})
    a_product(fynn, "seat", 300 if net == "0.00" else 800, measurement="seats", type="per_unit")
    fynn.call(
        "POST", "/coupons", {"code": "FIVE", "name": "Five", "type": "fixed_amount", "fixedAmount": fixed, "frequency": "lifetime"}
    )
    body = {"products": [{"pricePlan": "seat", "quantity": quantity}], "coupons": ["FIVE"], "activate": True}
    fynn.call("POST", "/subscriptions", {"customer": "muster-handel", **body})
    assert sum(row[3] for row in billed(fynn)) == D(net)


def test_a_customer_is_named_by_id_number_or_what_another_system_calls_him(fynn: Fynn) -> None:
    fynn.turn("2027-04-20T10:00:00")
    body = {"email": "a@b.example", "companyName": "Anders GmbH", "customerNumber": "K-7", "externalId": "crm/7"}
    made = fynn.call("POST", "/customers", body)
    sent = [{**event(name, 1), "customerId": name} for name in (made["id"], "K-7", "crm/7")]
    assert fynn.call("POST", "/api/usage-events", {"events": sent})["created"] == 3
    rows = fynn.tenant.rows("SELECT DISTINCT customer_ident FROM usage_event")
    assert [row.customer_ident for row in rows] == ["K-7"]
