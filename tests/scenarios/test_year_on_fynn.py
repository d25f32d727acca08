"""A year of business, once by the calls of fynn alone and once by those of the platform: the same ledger, entry for entry."""

import calendar
import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import BANK
from tests.factories.fynn import Fynn
from tests.factories.tenants import Tenant, a_client, a_tenant

from contor.api.fynn.voice import MOUNT
from contor.app import Application
from contor.commands.demo import master_data
from contor.runtime.execute import Runtime

SEED = 5
CUSTOMERS = 6
MONTH = {"value": 1, "unit": "MONTH"}
PRICES = {"small": 2990, "large": 4990}
SEAT, SEAT_PRICE = "seat", 750


class Line(NamedTuple):
    """A line of the journal, without what is drawn for it."""

    posting_date: dt.date
    document_ident: str | None
    account: int
    side: str
    amount: Decimal
    tax_key: str | None
    tax_rate: Decimal | None


class Business(Protocol):
    """Who does the business."""

    tenant: Tenant
    day: dt.date

    def sell(self) -> None: ...
    def join(self, number: str) -> None: ...
    def subscribe(self, name: str, customer: str, price: str, quantity: int, seats: int) -> None: ...
    def seats(self, name: str, quantity: int) -> None: ...
    def cancel(self, name: str) -> None: ...
    def pause(self, name: str) -> None: ...
    def resume(self, name: str) -> None: ...
    def unpaid(self) -> list[str]: ...
    def pay(self, document: str) -> None: ...


class ByFynn:
    """fynn's routes, and nothing else."""

    def __init__(self, fynn: Fynn) -> None:
        self.fynn, self.tenant, self.day = fynn, fynn.tenant, dt.date.min
        self.items: dict[str, str] = {}
        self.invoices: dict[str, str] = {}

    def sell(self) -> None:
        for number, amount in {**PRICES, SEAT: SEAT_PRICE}.items():
            self.fynn.call("POST", "/catalogue/products", {"externalId": f"product-{number}", "name": number.title()})
            kind = "per_unit" if number == SEAT else "flat_fee"
            body = {"product": f"product-{number}", "externalId": number, "type": kind, "billingInterval": "1M", "price": amount}
            self.fynn.call("POST", "/price-plans", body)

    def join(self, number: str) -> None:
        address = {"street": "Marktplatz", "houseNumber": "1", "zip": "20095", "city": "Hamburg", "countryCode": "DE"}
        self.fynn.call(
            "POST",
            "/customers",
            {"customerNumber": number, "companyName": f"Laden {number}", "email": f"{number}@laden.example", **address},
        )

    def subscribe(self, name: str, customer: str, price: str, quantity: int, seats: int) -> None:
        products = [{"pricePlan": price, "quantity": quantity}, {"pricePlan": SEAT, "quantity": seats}]
        body = {"customer": customer, "number": name, "products": products, "activate": True}
        made = self.fynn.call("POST", "/subscriptions", body)
        self.items[name] = made["items"][1]["id"]

    def seats(self, name: str, quantity: int) -> None:
        self.fynn.call("PATCH", f"/subscription-items/{self.items[name]}", {"quantity": quantity})

    def cancel(self, name: str) -> None:
        body = {"cancellationDateType": "custom", "cancellationDate": self.day.isoformat(), "sendConfirmationEmail": False}
        self.fynn.call("PUT", f"/subscriptions/{name}/cancel", body)

    def pause(self, name: str) -> None:
        self.fynn.call("PUT", f"/subscriptions/{name}/pause")

    def resume(self, name: str) -> None:
        self.fynn.call("PUT", f"/subscriptions/{name}/resume", {"nextBillingDate": ""})

    def unpaid(self) -> list[str]:
        found = self.fynn.call("GET", "/invoices?limit=100&status[]=STATUS_UNPAID&status[]=STATUS_REMINDED&type=TYPE_INVOICE")[
            "data"
        ]
        self.invoices = {one["number"]: one["id"] for one in found}
        return sorted(self.invoices)

    def pay(self, document: str) -> None:
        self.fynn.call("POST", f"/invoices/{self.invoices[document]}/payments", {})


class OnPlatform:
    """The platform's routes, and nothing else."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant, self.day = tenant, dt.date.min

    def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.tenant.call(method, path, body)
        assert answer.status < 300, (path, answer.body)
        return answer.body

    def sell(self) -> None:
        for number, amount in {**PRICES, SEAT: SEAT_PRICE}.items():
            kind = "QUANTITY" if number == SEAT else "RECURRING"
            body = {"optionIdent": number, "name": number.title(), "type": kind, "status": "FINAL"}
            self.call("POST", "/billing/plan-options", {**body, "prices": [{"price": Decimal(amount) / 100}]})
        links = [{"optionIdent": number, "minimum": 0} for number in (*PRICES, SEAT)]
        phase = {"ident": "main", "name": "Main", "billingConfig": {"billingInterval": MONTH}, "linkedOptions": links}
        self.call("POST", "/plans", {"planIdent": "all", "name": "All", "phases": [phase]})

    def join(self, number: str) -> None:
        address = {"addressIdent": "main", "addressType": "INVOICE", "company": f"Laden {number}", "street": "Marktplatz"}
        place = {"streetNo": "1", "zip": "20095", "city": "Hamburg", "country": "DE"}
        body = {"customerIdent": number, "customerType": "B2B", "company": f"Laden {number}", "addresses": [{**address, **place}]}
        self.call("POST", "/customers", body)

    def subscribe(self, name: str, customer: str, price: str, quantity: int, seats: int) -> None:
        taken = [{"optionIdent": price, "quantity": quantity}, {"optionIdent": SEAT, "quantity": seats}]
        body = {
            "contractIdent": name,
            "planIdent": "all",
            "debtorIdent": customer,
            "invoiceAddressIdent": "main",
            "optionQuantities": [{"phaseIdent": "main", "optionQuantity": taken}],
            "startDate": self.day.isoformat(),
        }
        self.call("POST", "/contracts", body)

    def seats(self, name: str, quantity: int) -> None:
        body = {"optionQuantities": [{"optionIdent": SEAT, "quantity": quantity}]}
        self.call("POST", f"/contracts/{name}/actions/change", body)

    def cancel(self, name: str) -> None:
        self.call("POST", f"/contracts/{name}/actions/terminate-extraordinarily", {"terminationDate": self.day.isoformat()})

    def pause(self, name: str) -> None:
        self.call("POST", f"/contracts/{name}/actions/pause", {})

    def resume(self, name: str) -> None:
        self.call("POST", f"/contracts/{name}/actions/resume", {"missedPeriods": "BILL_MISSED"})

    def unpaid(self) -> list[str]:
        found = self.call("GET", "/documents?size=100&search=outstanding=gt=0;documentType==INVOICE")["_embedded"]
        return sorted(one["ident"] for one in found)

    def pay(self, document: str) -> None:
        self.call("POST", f"/documents/{document}/actions/pay", {})


def live(hands: Business, seed: int) -> list[str]:
    """The same year for the same seed; what was done."""
    chance, done = random.Random(seed), list[str]()
    turn(hands, dt.date(2026, 1, 2))
    assert hands.tenant.call("POST", "/merchant-payment-accounts", BANK).status == 201
    hands.sell()
    running, paused = list[str](), set[str]()
    for month in range(1, 13):
        for day in (2, 9, 17, 25):
            turn(hands, dt.date(2026, month, day))
            bill(hands.tenant)
            if day == 9 and month <= CUSTOMERS:
                hands.join(f"c-{month}")
                price = chance.choice(sorted(PRICES))
                hands.subscribe(f"v-{month}", f"c-{month}", price, chance.randrange(1, 4), chance.randrange(1, 4))
                running.append(f"v-{month}")
                done.append("subscribe")
            for name in list(running):
                done += _act(hands, chance, running, paused, name)
            bill(hands.tenant)
            for document in hands.unpaid():
                if chance.random() < 0.5:
                    hands.pay(document)
                    done.append("pay")
        turn(hands, dt.date(2026, month, calendar.monthrange(2026, month)[1]))
        bill(hands.tenant)
    return done


def _act(hands: Business, chance: random.Random, running: list[str], paused: set[str], name: str) -> list[str]:
    """What happens to a subscription, or not."""
    kind = chance.random()
    if name in paused:
        if kind < 0.4:
            hands.resume(name)
            paused.discard(name)
            return ["resume"]
        return []
    if kind < 0.25:
        hands.seats(name, chance.randrange(1, 6))
        return ["seats"]
    if kind < 0.28:
        hands.cancel(name)
        running.remove(name)
        return ["cancel"]
    if kind < 0.36:
        hands.pause(name)
        paused.add(name)
        return ["pause"]
    return []


def turn(hands: Business, day: dt.date) -> None:
    hands.day = day
    hands.tenant.turn_clock(dt.datetime.combine(day, dt.time(10), dt.UTC))


def bill(tenant: Tenant) -> None:
    """What a worker does: everything that is due, until nothing is."""
    answer = tenant.call("POST", "/billingrun")
    assert answer.status == 200 and answer.body["failed"] == 0, answer.body


def ledger(tenant: Tenant) -> list[Line]:
    rows = tenant.rows(
        "SELECT e.posting_date, e.document_ident, l.account, l.side, l.amount, l.tax_key, l.tax_rate FROM journal_entry e"
        " JOIN journal_line l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id"
    )
    return sorted((Line(*row) for row in rows), key=repr)


@pytest.fixture
def founded(runtime: Runtime) -> Callable[[], Tenant]:
    def made() -> Tenant:
        tenant = a_tenant(runtime, a_client(runtime))
        with runtime.transaction(tenant.caller(), directory=True) as uow:
            uow.run("UPDATE directory.environment SET request_plan = 'UNLIMITED' WHERE id = %s", (tenant.id,))
        master_data(runtime, tenant.caller())
        return tenant

    return made


def test_a_year_on_fynn_leaves_the_same_ledger_as_on_the_platform(runtime: Runtime, founded: Callable[[], Tenant]) -> None:
    service = TestClient(Application(runtime), base_url=f"http://testserver{MOUNT}", raise_server_exceptions=False)
    fynn, platform = ByFynn(Fynn(founded(), service)), OnPlatform(founded())
    done = live(fynn, SEED)
    assert live(platform, SEED) == done
    assert set(done) == {"subscribe", "seats", "cancel", "pay", "pause", "resume"}
    one, other = ledger(fynn.tenant), ledger(platform.tenant)
    assert len(one) > 150
    assert one == other
    assert [fynn.tenant.unsound(), platform.tenant.unsound()] == [[], []]
