"""The verbs of contracts and usages, each as a step that a merchant may take at random."""

import datetime as dt
from typing import Any

from tests.factories.merchants.book import DAY
from tests.factories.merchants.merchant import CALL, CONTRACTS, EVEN, ONE, Merchant


def contract(m: Merchant) -> None:
    ident, plan, quantity = m.name("v"), m.random.choice(["advance", "arrears", "arrears"]), m.random.randrange(1, 4)
    start = m.day + dt.timedelta(days=m.random.randrange(-40, 10)) if m.random.random() < 0.9 else None
    since = m.day if start is not None and start < m.day and m.random.random() < 0.3 else None
    body = {
        "contractIdent": ident,
        "planIdent": plan,
        "debtorIdent": "muster-handel",
        "invoiceAddressIdent": "zentrale",
        "optionQuantities": [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "fee", "quantity": quantity}]}],
        **({"startDate": start.isoformat()} if start else {}),
        **({"billingStartDate": since.isoformat()} if since else {}),
    }
    made = m.call("POST", CONTRACTS, body)
    if made is not None:
        m.ids[ident] = made["contractId"]
        m.agreed(ident, start, plan, quantity, since)


def activate(m: Merchant) -> None:
    ident = m.random.choice(list(m.ids))
    start = m.day + dt.timedelta(days=m.random.randrange(-20, 5))
    if m.call("POST", f"{CONTRACTS}/{ident}/actions/activate", {"startDate": start.isoformat()}) is not None:
        m.book.contracts[ident].start = start


def change_price(m: Merchant) -> None:
    ident = m.random.choice(list(m.ids))
    prices, day, price = m.book.contracts[ident].prices, m.day + dt.timedelta(days=m.random.randrange(-10, 60)), m.money(9_000)
    modifiers = [
        {"effectiveFrom": since.isoformat(), "optionPrices": [{"optionIdent": "fee", "prices": [{"price": str(own)}]}]}
        for since, own in [*prices, (day, price)]
    ]
    if m.call("PATCH", f"{CONTRACTS}/{m.ids[ident]}", {"planModifiers": modifiers}) is not None:
        m.book.contracts[ident].prices = sorted([*prices, (day, price)], key=lambda entry: entry[0])


def amend(m: Merchant) -> None:
    """Another quantity or price, from any day on: billed already, in the middle of a period, or to come."""
    ident = m.random.choice(list(m.ids))
    kind, quantity, price = m.random.random(), m.random.randrange(1, 6), m.money(9_000)
    body: dict[str, Any] = {}
    if kind < 0.7:
        body["optionQuantities"] = [{"optionIdent": "fee", "quantity": quantity}]
    if kind > 0.4:
        body["optionPrices"] = [{"optionIdent": "fee", "prices": [{"price": str(price)}]}]
    when = m.random.random()
    if when < 0.5:
        body["effectiveDate"] = (m.day + dt.timedelta(days=m.random.randrange(-45, 20))).isoformat()
    elif when < 0.7:
        body["timing"] = "END_OF_PERIOD"
    made = m.call("POST", f"{CONTRACTS}/{ident}/actions/change", body)
    if made is not None:
        day = dt.date.fromisoformat(max(made["changes"], key=lambda it: it["changeId"])["effectiveDate"])
        m.book.contracts[ident].changes.append((day, quantity if kind < 0.7 else None, price if kind > 0.4 else None))


def withdraw(m: Merchant) -> None:
    """The only change that is to come never was."""
    ident = m.random.choice(list(m.ids))
    if m.call("POST", f"{CONTRACTS}/{ident}/actions/withdraw-change", {}) is not None:
        known = m.book.contracts[ident]
        (day,) = {day for day, _, _ in known.changes if day > m.day}
        known.changes = [change for change in known.changes if change[0] != day]


def reduce_contract(m: Merchant) -> None:
    """An allowance comes, ends or goes; what it gives is known to the checks alone."""
    ident = m.random.choice(list(m.ids))
    name, path = f"r-{m.random.randrange(2)}", f"{CONTRACTS}/{ident}/allowances"
    given = m.random.choice([{"amount": "3.33"}, {"amount": "50.00"}, {"type": "PERCENTAGE", "percentage": "12.5"}])
    body = {
        "optionIdent": "fee",
        "name": "Less",
        "validTo": (m.day + dt.timedelta(days=m.random.randrange(0, 90))).isoformat(),
        **given,
    }
    verb = m.random.choice(["POST", "POST", "PUT", "DELETE"])
    if verb == "POST":
        m.call("POST", path, {"ident": name, **body})
    else:
        m.call(verb, f"{path}/{name}", body if verb == "PUT" else None)


def end(m: Merchant) -> None:
    ident = m.random.choice(list(m.ids))
    verb = m.random.choice(["terminate", "terminate-extraordinarily", "terminate-extraordinarily", "termination-adaptation"])
    last = m.day + dt.timedelta(days=m.random.randrange(-45, 40))
    body = {"terminationDate": last.isoformat()} if verb != "terminate" else {}
    made = m.call("POST", f"{CONTRACTS}/{ident}/actions/{verb}", body)
    if made is not None:
        found = dt.date.fromisoformat(made["endDate"])
        assert verb == "terminate" or found == last
        m.book.contracts[ident].end = found + DAY


def cancel_contract(m: Merchant) -> None:
    ident = m.random.choice(list(m.ids))
    if m.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": [ident]}) is not None:
        m.book.contracts[ident].is_cancelled = True
        all_cancelled(m, ident)


def options_and_partners(m: Merchant) -> None:
    ident = m.random.choice(list(m.ids))
    added = {"optionQuantities": [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "late"}]}]}
    m.call("POST", f"{CONTRACTS}/{ident}/actions/add-options", added)
    path = f"{CONTRACTS}/p-1/related-contracts{m.random.choice(['', '', '/actions/remove'])}"
    m.call("POST", path, [{"contractIdent": ident}])


def use(m: Merchant) -> None:
    """Usages and rated usages, some late."""
    metered = [ident for ident, known in m.book.contracts.items() if known.plan == "arrears"]
    ident = m.random.choice(metered or list(m.ids))
    for _ in range(m.random.randrange(1, 4)):
        option = m.random.choice(["power", "calls", "late", "sms"])
        name, quantity = m.name("u"), m.random.randrange(1, 90)
        day = m.day - dt.timedelta(days=m.random.choice([0, 0, 3, 20, 50]))
        body: dict[str, Any] = {
            "contractIdent": ident,
            "optionIdent": option,
            "startDate": f"{day}T09:00:00Z",
            "unitQuantity": quantity,
        }
        if option == "sms":
            m.call("POST", "/v2/rated-usages", {**body, "ratedUsageIdent": name, "netPrice": str(CALL * quantity)})
            m.rated.append(name)
        elif m.call("POST", "/v2/usages", {**body, "usageIdent": name}) is not None:
            m.book.usages[name] = (ident, EVEN.get(option, ONE) * quantity)


def take_usage_back(m: Merchant) -> None:
    if m.book.usages:
        name = m.random.choice(list(m.book.usages))
        if m.random.random() < 0.2:
            if m.call("DELETE", "/v2/usages", {"usageIdents": [name]}) is not None:
                del m.book.usages[name]
        elif m.call("POST", "/v2/usages/actions/cancel", {"usageIdents": [name]}) is not None:
            m.book.cancelled.add(name)
    if m.rated:
        name = m.random.choice(m.rated)
        m.call("POST", f"/v2/rated-usages/{name}/actions/{m.random.choice(['cancel', 'cancel', 'retry'])}")
    found = m.call("GET", "/v2/rated-usage-aggregations?search=status==OPEN&size=100")["_embedded"]
    if found and m.random.random() < 0.5:
        m.call("POST", f"/v2/rated-usage-aggregations/{m.random.choice(found)['aggregationIdent']}/actions/close")


def all_cancelled(m: Merchant, ident: str) -> None:
    for key, line in m.book.lines.items():
        if key[0] == ident:
            line.is_cancelled = True
