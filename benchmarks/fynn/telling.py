"""`usage_events`: events of usage as they come over HTTP, a thousand a call, by several callers at once; then the same ones again, which
change nothing."""

import datetime as dt
import json

from benchmarks.fynn.serving import Client, measured, served, together
from benchmarks.issuing import CUSTOMERS, new_tenant
from benchmarks.measure import Parts, Result, rss_mb
from contor.organizations.access import bearer_secret
from contor.runtime.execute import Runtime

CALLERS = 4
EACH = 1_000
"""Events of a call."""
PATH = "/fynn/api/usage-events"


def usage_events(
    runtime: Runtime, environment: dict[str, str], servers: int, database: tuple[str, int], count: int
) -> list[Result]:
    """`count` events of 200 customers who subscribe to what is measured. `servers`: API processes; `database`: address, process id."""
    founded, _ = new_tenant(runtime, "bench-events")
    token = bearer_secret(founded.test.api_key, founded.test.api_secret)
    results = []
    with served(environment, api=servers) as (port, pids):
        first = Client(port, token)
        _furnish(first)
        calls = max(1, count // EACH)
        for number in range(2 * servers):  # what a running server has prepared already
            first.call("POST", PATH, json.loads(_body(-1 - number)))
        bodies = [_body(number) for number in range(calls)]
        for name, wanted in (("usage_events", EACH), ("usage_events_again", 0)):
            result = Result(
                name, calls * EACH, note=f"{servers} API processes; wanted: 20,000 a second on two cores, at most 0.1 CPU s"
            )
            with measured(result, lambda: Parts(*database, pids), ["api"]):
                _tell_all(port, token, bodies, wanted)
            result.rss_mb = max(map(rss_mb, pids["api"]))
            results.append(result)
    return results


def _furnish(client: Client) -> None:
    """Something that is measured, priced by tiers, and a subscription of it for each customer."""
    meter = {"code": "calls", "aggregationType": "sum", "eventName": "call", "property": "n"}
    client.call("POST", "/fynn/catalogue/measurements", meter)
    client.call("POST", "/fynn/catalogue/products", {"externalId": "p-calls", "name": "Calls", "measurement": "calls"})
    tiers = [{"from": 1, "to": 1000, "price": 10}, {"from": 1001, "price": 8}]
    price = {"product": "p-calls", "externalId": "calls", "type": "tiered", "billingInterval": "1M", "tiers": tiers}
    client.call("POST", "/fynn/price-plans", price)
    for number in range(CUSTOMERS):
        products = [{"pricePlan": "calls"}]
        client.call("POST", "/fynn/subscriptions", {"customer": f"c-{number}", "products": products, "activate": True})


def _body(call: int) -> bytes:
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    events = [
        {
            "transactionId": f"t-{call}-{number}",
            "eventName": "call",
            "customerId": f"c-{number % CUSTOMERS}",
            "timestamp": now,
            "properties": {"n": 1 + number % 7, "region": f"r-{number % 5}"},
        }
        for number in range(EACH)
    ]
    return json.dumps({"events": events}).encode()


def _tell_all(port: int, token: str, bodies: list[bytes], wanted: int) -> None:
    together(CALLERS, lambda start: _tell(port, token, bodies[start::CALLERS], wanted))


def _tell(port: int, token: str, bodies: list[bytes], wanted: int) -> None:
    client = Client(port, token)
    for body in bodies:
        status, answer = client.ask("POST", PATH, body)
        assert status < 300 and json.loads(answer)["created"] == wanted, answer
    client.close()
