"""`carts`: from a link to a paid contract: a cart is made of a checkout link and ordered by who has its address, by card; then a worker
charges the first invoice. By several buyers at once, each of whom is a new customer."""

import math
import time

from benchmarks.fynn.serving import Client, measured, served, together
from benchmarks.issuing import new_tenant, token_of
from benchmarks.measure import Parts, Result, rss_mb
from contor.organizations.access import bearer_secret
from contor.runtime.execute import Runtime

BUYERS = 2
WARM = 6
MONTH = {"value": 1, "unit": "MONTH"}
CARD = {"gateway": "testing", "type": "card", "testing": {"paymentMethodId": "ok"}}
LOOK = 0.01
"""Seconds between two looks at whether it was charged."""


def carts(
    runtime: Runtime, environment: dict[str, str], counts: dict[str, int], database: tuple[str, int], count: int
) -> list[Result]:
    """`counts`: processes by part; `database`: address, process id."""
    founded, caller = new_tenant(runtime, "bench-carts")
    key = founded.test.api_key, founded.test.api_secret
    ordered, charged = Result("cart_ordered", count), Result("cart_charged", count)
    with served(environment, **counts) as (port, pids):
        tokens = bearer_secret(*key), token_of(("127.0.0.1", port), founded.test.realm, *key)
        _furnish(Client(port, tokens[1]))
        sold = {"items": [{"type": "plan", "plan": "team", "quantity": 2}], "slug": "team"}
        link = Client(port, tokens[0]).call("POST", "/fynn/checkout-links", sold)["id"]
        took: list[tuple[float, float]] = []
        together(BUYERS, lambda buyer: _buy(port, tokens, link, range(-1 - buyer, -1 - WARM, -BUYERS), []))
        with measured(charged, lambda: Parts(*database, pids), list(counts)):
            together(BUYERS, lambda buyer: _buy(port, tokens, link, range(buyer, count, BUYERS), took))
        charged.rss_mb = ordered.rss_mb = max(map(rss_mb, pids["api"]))
    ordered.per_s = charged.per_s
    for result, name, seconds in (
        (ordered, "contract and invoice", sorted(order for order, _ in took)),
        (charged, "charged, seen every 10 ms", sorted(whole for _, whole in took)),
    ):
        result.p99_s = seconds[math.ceil(0.99 * len(seconds)) - 1]
        half = seconds[len(seconds) // 2]
        result.note = f"link to {name}: half within {half:.3f} s, 99 of 100 within {result.p99_s:.3f} s; wanted: 1 s{result.note}"
    with runtime.transaction(caller, reads=True) as uow:
        (made,) = uow.records(
            "SELECT (SELECT count(*) FROM contract) AS contracts, (SELECT count(*) FROM document) AS documents,"
            " (SELECT count(*) FROM payment_intent WHERE status = 'SUCCESSFUL') AS paid"
        )
    assert len({*made.values(), count + WARM}) == 1, made
    return [ordered, charged]


def _furnish(seller: Client) -> None:
    """A plan of 30.00 a month, and money by card."""
    account = {"merchantPaymentAccountIdent": "cards", "currency": "EUR"}
    cards = {"ident": "cards", "name": "Cards", "active": True, "country": "DE", "currency": "EUR", "paymentServiceProviderId": 1}
    option = {"optionIdent": "seat", "name": "Seat", "type": "QUANTITY", "status": "FINAL", "prices": [{"price": "30.00"}]}
    phase = {
        "ident": "p-1",
        "name": "Monthly",
        "billingConfig": {"billingInterval": MONTH},
        "linkedOptions": [{"optionIdent": "seat"}],
        "termDuration": MONTH,
        "termSync": False,
        "noticePeriod": MONTH,
        "transition": {"type": "AUTO_RENEWAL"},
    }
    plan = {"planIdent": "team", "name": "Team", "businessSegmentIdent": "main", "phases": [phase]}
    seller.call("POST", "/v2/payment-providers", {"id": 1, "name": "SIMULATED"})
    seller.call("POST", "/v2/merchant-payment-accounts", {**cards, "paymentCollectionConfig": {"daysAfterDueDate": 0}})
    seller.call("POST", "/v2/merchant-payment-gateways", {"ident": "cards", "name": "Cards", "accounts": [account]})
    seller.call("POST", "/v2/billing/plan-options", option)
    seller.call("POST", "/v2/plans", plan)


def _buy(port: int, tokens: tuple[str, str], link: str, numbers: range, took: list[tuple[float, float]]) -> None:
    """`tokens`: of fynn and of `/v2`. `took`: seconds until the contract was there, and until its invoice was charged."""
    seller, watcher, buyer = Client(port, tokens[0]), Client(port, tokens[1]), Client(port, "")
    for number in numbers:
        began = time.perf_counter()
        cart = seller.call("POST", f"/fynn/checkout-links/{link}/cart")
        address = {"lastName": f"Muster {number}", "street": "Weg", "houseNumber": "1", "zip": "20095", "city": "Hamburg"}
        said = {"email": f"buyer{number}@muster.example", "newInvoiceAddress": address, "newPaymentMethod": CARD}
        made = buyer.call("PUT", f"/fynn/public/checkout/cart/{cart['publicId']}/confirm", {**said, "agreedText": "Terms"})
        assert made["status"] == "completed", made
        ordered = time.perf_counter() - began
        found = seller.call("GET", f"/fynn/checkout/carts/{cart['id']}")
        assert found["subscription"] and found["invoice"] and found["payment"], found
        while watcher.call("GET", f"/v2/payment-intents/{found['payment']}")["status"] != "SUCCESSFUL":
            time.sleep(LOOK)
            assert time.perf_counter() - began < 30, found
        took.append((ordered, time.perf_counter() - began))
    for client in (seller, watcher, buyer):
        client.close()
