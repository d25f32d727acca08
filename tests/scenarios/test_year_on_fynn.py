"""A year of business, once by the calls of fynn and once by those of the platform: the same ledger, entry for entry, and the same letters.

Both have the company's bank account, billing runs and runs of dunning in the same way: by the platform, and as a worker does them. fynn
bills at once what begins, is measured, changed to, ordered, ended of a subscription and resumed; on the platform a call bills the customer
after those."""

import calendar
import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

import pytest
from starlette.testclient import TestClient
from tests.checkers.books import ledger
from tests.factories.companies import BANK
from tests.factories.fynn import Fynn
from tests.factories.tenants import Tenant, a_client, a_tenant

from contor.api.fynn.voice import MOUNT
from contor.app import Application
from contor.commands.demo import master_data
from contor.dunning.runs import dun_tenant
from contor.runtime.execute import Runtime

SEED = 12
CUSTOMERS = 6
MONTH = {"value": 1, "unit": "MONTH"}
PRICES = {"small": 2990, "large": 4990}
SEAT, SEAT_PRICE = "seat", 750
HELP, HELP_PRICE = "help", 12000
COUPONS = ("TEN", "FIVE")
ACTS = {
    *("subscribe", *(f"coupon {code}" for code in COUPONS), "seats", "measure", "change", "order"),
    *("draft", "begin", "drop seats", "add seats", "cancel", "take back", "end", "pause", "resume", "resume later"),
    *("pay", "pay a part", "take an invoice back", "credit a part"),
}


class Letter(NamedTuple):
    """A letter that reminds, without what is drawn for it."""

    letter_date: dt.date
    customer_ident: str
    level: int
    demand: Decimal
    costs: Decimal


class Doing(Protocol):
    """Who does what a business does."""

    tenant: Tenant
    day: dt.date

    def sell(self) -> None: ...
    def remind(self) -> None: ...
    def join(self, number: str) -> None: ...
    def subscribe(
        self, name: str, customer: str, price: str, quantity: int, seats: int, coupon: str | None, is_draft: bool
    ) -> None: ...
    def begin(self, name: str) -> None: ...
    def seats(self, name: str, quantity: int) -> None: ...
    def drop_seats(self, name: str) -> None: ...
    def add_seats(self, name: str, quantity: int) -> None: ...
    def measure(self, name: str, quantity: int) -> None: ...
    def change(self, name: str, price: str) -> None: ...
    def order(self, name: str, quantity: int) -> None: ...
    def cancel(self, name: str) -> None: ...
    def end(self, name: str) -> None: ...
    def take_back(self, name: str) -> None: ...
    def pause(self, name: str) -> None: ...
    def resume(self, name: str, is_missed_billed: bool) -> None: ...
    def unpaid(self) -> list[tuple[str, Decimal]]: ...
    def pay(self, document: str, cents: int | None) -> None: ...
    def take_document_back(self, document: str) -> None: ...
    def credit(self, document: str, cents: int) -> None: ...


class ByFynn:
    """fynn's routes, and nothing else."""

    def __init__(self, fynn: Fynn) -> None:
        self.fynn, self.tenant, self.day = fynn, fynn.tenant, dt.date.min
        self.invoices: dict[str, str] = {}

    def sell(self) -> None:
        for number, amount in {**PRICES, SEAT: SEAT_PRICE, HELP: HELP_PRICE}.items():
            self.fynn.call("POST", "/catalogue/products", {"externalId": f"product-{number}", "name": number.title()})
            kind, every = "flat_fee" if number in PRICES else "per_unit", {} if number == HELP else {"billingInterval": "1M"}
            body = {"product": f"product-{number}", "externalId": number, "type": kind, "price": amount, **every}
            self.fynn.call("POST", "/price-plans", body)
        self.fynn.call("POST", "/product-groups", {"name": "Sizes", "memberships": [{"pricePlan": one} for one in PRICES]})
        ten = {"code": "TEN", "name": "Ten off", "type": "percentage", "percentage": 10, "frequency": "lifetime"}
        five = {"code": "FIVE", "name": "Five off", "type": "fixed_amount", "fixedAmount": 500, "frequency": "once"}
        for coupon in (ten, five):
            self.fynn.call("POST", "/coupons", coupon)

    def remind(self) -> None:
        ((site,),) = self.tenant.rows("SELECT ident FROM operating_site")
        self.fynn.call("POST", "/dunning/overdue-rules", {"daysOverdue": 7, "dueInDays": 7, "type": "reminder"})
        fee = {"amountInCents": 1000, "documentTemplate": site}
        self.fynn.call("POST", "/dunning/overdue-rules", {"daysOverdue": 14, "dueInDays": 7, "type": "dunning", **fee})

    def join(self, number: str) -> None:
        address = {"street": "Marktplatz", "houseNumber": "1", "zip": "20095", "city": "Hamburg", "countryCode": "DE"}
        self.fynn.call(
            "POST",
            "/customers",
            {"customerNumber": number, "companyName": f"Laden {number}", "email": f"{number}@laden.example", **address},
        )

    def subscribe(
        self, name: str, customer: str, price: str, quantity: int, seats: int, coupon: str | None, is_draft: bool
    ) -> None:
        products = [{"pricePlan": price, "quantity": quantity}, {"pricePlan": SEAT, "quantity": seats}]
        terms = {"contractDetails": {"term": "1M", "noticePeriod": "14D"}, "coupons": [coupon] if coupon else []}
        body = {"customer": customer, "number": name, "products": products, "activate": not is_draft, **terms}
        self.fynn.call("POST", "/subscriptions", body)

    def begin(self, name: str) -> None:
        self.fynn.call("PUT", f"/subscriptions/{name}/activate")

    def seats(self, name: str, quantity: int) -> None:
        self.fynn.call("PATCH", f"/subscription-items/{self._item(name, SEAT)}", {"quantity": quantity})

    def drop_seats(self, name: str) -> None:
        self.fynn.call("PUT", f"/subscription-items/{self._item(name, SEAT)}/terminate", {"terminationDateType": "immediate"})

    def add_seats(self, name: str, quantity: int) -> None:
        self.fynn.call("POST", f"/subscriptions/{name}/products", {"products": [{"pricePlan": SEAT, "quantity": quantity}]})

    def measure(self, name: str, quantity: int) -> None:
        body = {"subscription": name, "subscriptionItem": self._item(name, SEAT), "quantity": quantity}
        self.fynn.call("POST", "/subscription-measurements", body)

    def change(self, name: str, price: str) -> None:
        other = next(one for one in PRICES if one != price)
        self.fynn.call("POST", f"/subscription-items/{self._item(name, other)}/change", {"selectedPricePlan": price})

    def order(self, name: str, quantity: int) -> None:
        self.fynn.call("POST", f"/subscriptions/{name}/products", {"products": [{"pricePlan": HELP, "quantity": quantity}]})

    def cancel(self, name: str) -> None:
        self.fynn.call("PUT", f"/subscriptions/{name}/cancel", {"cancellationDateType": "next_possible"})

    def end(self, name: str) -> None:
        self.fynn.call("PUT", f"/subscriptions/{name}/cancel", {"cancellationDateType": "immediate"})

    def take_back(self, name: str) -> None:
        self.fynn.call("PUT", f"/subscriptions/{name}/revoke-cancellation")

    def pause(self, name: str) -> None:
        self.fynn.call("PUT", f"/subscriptions/{name}/pause")

    def resume(self, name: str, is_missed_billed: bool) -> None:
        body = {} if is_missed_billed else {"nextBillingDate": _ninth_after(self.day).isoformat()}
        self.fynn.call("PUT", f"/subscriptions/{name}/resume", body)

    def unpaid(self) -> list[tuple[str, Decimal]]:
        found = self.fynn.call("GET", "/invoices?limit=100&type=TYPE_INVOICE&order[creationDate]=desc")["data"]
        found = [one for one in found if one["number"] is not None and one["unpaidAmount"]["amount"]]
        self.invoices = {one["number"]: one["id"] for one in found}
        return sorted((one["number"], Decimal(one["unpaidAmount"]["amount"]) / 100) for one in found)

    def pay(self, document: str, cents: int | None) -> None:
        self.fynn.call("POST", f"/invoices/{self.invoices[document]}/payments", {} if cents is None else {"amount": cents})

    def take_document_back(self, document: str) -> None:
        self.fynn.call("POST", f"/invoices/{self.invoices[document]}/cancel")

    def credit(self, document: str, cents: int) -> None:
        self.fynn.call("POST", f"/invoices/{self.invoices[document]}/credit", {"amount": cents, "reason": "Kulanz"})

    def _item(self, name: str, price: str) -> str:
        items = self.fynn.call("GET", f"/subscriptions/{name}")["items"]
        (found,) = [one["id"] for one in items if one["product"] is not None and one["product"]["name"] == price.title()]
        return str(found)


class OnPlatform:
    """The platform's routes, and nothing else; who bills at once on fynn has the customer billed here."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant, self.day = tenant, dt.date.min
        self.customers: dict[str, str] = {}
        self.taken: dict[str, int] = {}
        self.ordered: dict[str, int] = {}

    def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.tenant.call(method, path, body)
        assert answer.status < 300, (path, answer.body)
        return answer.body

    def sell(self) -> None:
        for number, amount in {**PRICES, SEAT: SEAT_PRICE, HELP: HELP_PRICE}.items():
            kind = {SEAT: "QUANTITY", HELP: "ONETIME"}.get(number, "RECURRING")
            body = {"optionIdent": number, "name": number.title(), "type": kind, "status": "FINAL"}
            self.call("POST", "/billing/plan-options", {**body, "prices": [{"price": Decimal(amount) / 100}]})
        links = [{"optionIdent": number, "minimum": 0} for number in (*PRICES, SEAT, HELP)]
        bound = {"termDuration": MONTH, "termSync": False, "noticePeriod": {"value": 14, "unit": "DAY"}}
        phase = {"ident": "main", "name": "Main", "billingConfig": {"billingInterval": MONTH}, "linkedOptions": links, **bound}
        renewed = {"transition": {"type": "AUTO_RENEWAL"}}
        self.call("POST", "/plans", {"planIdent": "all", "name": "All", "phases": [{**phase, **renewed}]})
        ten = {"code": "TEN", "name": "Ten off", "type": "PERCENTAGE", "percentage": 10, "duration": "FOREVER"}
        five = {"code": "FIVE", "name": "Five off", "type": "AMOUNT", "amount": "5.00", "duration": "ONCE"}
        for coupon in (ten, five):
            self.call("POST", "/coupons", coupon)

    def remind(self) -> None:
        levels = [
            {"daysAfter": 7, "daysToPay": 7, "kind": "REMINDER"},
            {"daysAfter": 21, "daysToPay": 7, "kind": "DUNNING", "fee": "10.00"},
        ]
        self.call("POST", "/billing/configuration/dunning", {"levels": levels, "combine": False, "firstLevelFrom": "DUE_DATE"})

    def join(self, number: str) -> None:
        address = {"addressIdent": "main", "addressType": "INVOICE", "company": f"Laden {number}", "street": "Marktplatz"}
        place = {"streetNo": "1", "zip": "20095", "city": "Hamburg", "country": "DE"}
        body = {"customerIdent": number, "customerType": "B2B", "company": f"Laden {number}", "addresses": [{**address, **place}]}
        self.call("POST", "/customers", body)

    def subscribe(
        self, name: str, customer: str, price: str, quantity: int, seats: int, coupon: str | None, is_draft: bool
    ) -> None:
        taken = [{"optionIdent": price, "quantity": quantity}, {"optionIdent": SEAT, "quantity": seats}]
        body = {
            "contractIdent": name,
            "planIdent": "all",
            "debtorIdent": customer,
            "invoiceAddressIdent": "main",
            "optionQuantities": [{"phaseIdent": "main", "optionQuantity": taken}],
            **({} if is_draft else {"startDate": self.day.isoformat()}),
            **({} if coupon is None else {"coupons": [coupon]}),
        }
        self.call("POST", "/contracts", body)
        self.customers[name], self.taken[name] = customer, quantity
        if not is_draft:
            self._bill(name)

    def begin(self, name: str) -> None:
        self.call("POST", f"/contracts/{name}/actions/activate", {"startDate": self.day.isoformat()})
        self._bill(name)

    def drop_seats(self, name: str) -> None:
        self._change(name, {"optionIdent": SEAT, "quantity": 0}, effectiveDate=(self.day + dt.timedelta(days=1)).isoformat())
        self._bill(name)

    def add_seats(self, name: str, quantity: int) -> None:
        self.measure(name, quantity)

    def seats(self, name: str, quantity: int) -> None:
        self._change(name, {"optionIdent": SEAT, "quantity": quantity})

    def measure(self, name: str, quantity: int) -> None:
        self._change(name, {"optionIdent": SEAT, "quantity": quantity})
        self._bill(name)

    def change(self, name: str, price: str) -> None:
        other = next(one for one in PRICES if one != price)
        self._change(name, {"optionIdent": other, "quantity": 0}, {"optionIdent": price, "quantity": self.taken[name]})
        self._bill(name)

    def order(self, name: str, quantity: int) -> None:
        self.ordered[name] = self.ordered.get(name, 0) + quantity
        self._change(name, {"optionIdent": HELP, "quantity": self.ordered[name]})
        self._bill(name)

    def cancel(self, name: str) -> None:
        self.call("POST", f"/contracts/{name}/actions/terminate", {})

    def end(self, name: str) -> None:
        self.call("POST", f"/contracts/{name}/actions/terminate-extraordinarily", {})

    def take_back(self, name: str) -> None:
        self.call("POST", f"/contracts/{name}/actions/withdraw-termination")

    def pause(self, name: str) -> None:
        self.call("POST", f"/contracts/{name}/actions/pause", {})

    def resume(self, name: str, is_missed_billed: bool) -> None:
        body = {"missedPeriods": "BILL_MISSED"} if is_missed_billed else {"resumeDate": _ninth_after(self.day).isoformat()}
        self.call("POST", f"/contracts/{name}/actions/resume", body)
        self._bill(name)

    def unpaid(self) -> list[tuple[str, Decimal]]:
        found = self.call("GET", "/documents?size=100&search=outstanding=gt=0;documentType==INVOICE")["_embedded"]
        return sorted((one["ident"], one["outstanding"]) for one in found)

    def pay(self, document: str, cents: int | None) -> None:
        self.call("POST", f"/documents/{document}/actions/pay", {} if cents is None else {"amount": Decimal(cents) / 100})

    def take_document_back(self, document: str) -> None:
        self.call("POST", f"/documents/{document}/actions/cancel")

    def credit(self, document: str, cents: int) -> None:
        body = {"amount": Decimal(cents) / 100, "description": "Kulanz", "kind": "CREDIT"}
        self.call("POST", f"/documents/{document}/actions/cancel", body)

    def _change(self, name: str, *quantities: dict[str, Any], **more: str) -> None:
        self.call("POST", f"/contracts/{name}/actions/change", {"optionQuantities": list(quantities), **more})

    def _bill(self, name: str) -> None:
        self.call("POST", "/billingrun", {"debtorIdent": self.customers[name]})


def live(hands: Doing, seed: int) -> list[str]:
    """The same year for the same seed; what was done."""
    chance, done, tenant = random.Random(seed), list[str](), hands.tenant
    turn(hands, dt.date(2026, 1, 2))
    assert tenant.call("POST", "/merchant-payment-accounts", BANK).status == 201
    hands.sell()
    hands.remind()
    standing: dict[str, str] = {}
    held: dict[str, str] = {}
    for month in range(1, 13):
        for day in (2, 9, 17, 25):
            turn(hands, dt.date(2026, month, day))
            bill(tenant)
            if day in (2, 9) and month <= CUSTOMERS:
                done += _join(hands, chance, standing, held, f"{month}-{day}")
            for name in sorted(standing):
                done += _act(hands, chance, standing, held, name)
            bill(tenant)
            if day == 17:
                dun_tenant(tenant.runtime, tenant.caller())
            for document, open_amount in hands.unpaid():
                done += _settle(hands, chance, document, open_amount)
        turn(hands, dt.date(2026, month, calendar.monthrange(2026, month)[1]))
        bill(tenant)
    return done


def _join(hands: Doing, chance: random.Random, standing: dict[str, str], held: dict[str, str], number: str) -> list[str]:
    """Of the second a customer whose subscription is a draft till the ninth; of the ninth one with a subscription that begins."""
    if number.endswith("-2") and chance.random() < 0.7:
        return []
    name, is_draft = f"v-{number}", number.endswith("-2")
    hands.join(f"c-{number}")
    price, coupon = chance.choice(sorted(PRICES)), chance.choice([None, *COUPONS])
    hands.subscribe(name, f"c-{number}", price, chance.randrange(1, 4), chance.randrange(1, 4), coupon, is_draft)
    standing[name], held[name] = "draft" if is_draft else "running", price
    return ["draft" if is_draft else "subscribe", *([f"coupon {coupon}"] if coupon else [])]


def _settle(hands: Doing, chance: random.Random, document: str, open_amount: Decimal) -> list[str]:
    """What happens to an invoice, or not."""
    kind, part = chance.random(), min(100, int(open_amount * 100))
    if kind < 0.33:
        hands.pay(document, None)
        return ["pay"]
    if kind < 0.4:
        hands.pay(document, part)
        return ["pay a part"]
    if kind < 0.43:
        hands.take_document_back(document)
        return ["take an invoice back"]
    if kind < 0.46:
        hands.credit(document, part)
        return ["credit a part"]
    return []


def _act(hands: Doing, chance: random.Random, standing: dict[str, str], held: dict[str, str], name: str) -> list[str]:
    """What happens to a subscription, or not."""
    kind = chance.random()
    if standing[name] == "draft":
        if hands.day.day != 9:
            return []
        hands.begin(name)
        standing[name] = "running"
        return ["begin"]
    if standing[name] == "without seats":
        if kind < 0.4:
            hands.add_seats(name, chance.randrange(1, 6))
            standing[name] = "running"
            return ["add seats"]
        return []
    if standing[name] == "paused":
        if kind < 0.4:
            is_missed_billed = chance.random() < 0.5
            hands.resume(name, is_missed_billed)
            standing[name] = "running"
            return ["resume" if is_missed_billed else "resume later"]
        return []
    if standing[name] == "ending":  # at once or never: its term ends soon
        if kind < 0.5:
            hands.take_back(name)
            standing[name] = "running"
            return ["take back"]
        del standing[name]
        return []
    acts: list[tuple[str, Callable[[], None], float]] = [
        ("seats", lambda: hands.seats(name, chance.randrange(1, 6)), 0.1),
        ("measure", lambda: hands.measure(name, chance.randrange(1, 6)), 0.1),
        ("drop seats", lambda: hands.drop_seats(name), 0.05),
        ("change", lambda: _other(hands, held, name), 0.1),
        ("order", lambda: hands.order(name, chance.randrange(1, 4)), 0.06),
        ("cancel", lambda: hands.cancel(name), 0.05),
        ("pause", lambda: hands.pause(name), 0.08),
        ("end", lambda: hands.end(name), 0.02),
    ]
    for act, do, share in acts:
        if kind < share:
            do()
            standing[name] = {"cancel": "ending", "pause": "paused", "drop seats": "without seats"}.get(act, "running")
            if act == "end":
                del standing[name]
            return [act]
        kind -= share
    return []


def _other(hands: Doing, held: dict[str, str], name: str) -> None:
    held[name] = next(one for one in PRICES if one != held[name])
    hands.change(name, held[name])


def _ninth_after(day: dt.date) -> dt.date:
    """The next first day of an interval: all subscriptions begin on a ninth."""
    later = day.replace(day=9)
    return later if later > day else (later + dt.timedelta(days=31)).replace(day=9)


def turn(hands: Doing, day: dt.date) -> None:
    hands.day = day
    hands.tenant.turn_clock(dt.datetime.combine(day, dt.time(10), dt.UTC))


def bill(tenant: Tenant) -> None:
    """What a worker does: everything that is due, until nothing is."""
    answer = tenant.call("POST", "/billingrun")
    assert answer.status == 200 and answer.body["failed"] == 0, answer.body


def letters(tenant: Tenant) -> list[Letter]:
    rows = tenant.rows("SELECT letter_date, customer_ident, level, demand, costs FROM dunning_letter WHERE status = 'MADE'")
    return sorted(Letter(*row) for row in rows)


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
    assert set(done) == ACTS
    one, other = ledger(fynn.tenant), ledger(platform.tenant)
    assert len(one) > 400
    assert one == other
    reminded = letters(fynn.tenant)
    assert {letter.level for letter in reminded} == {1, 2}
    assert reminded == letters(platform.tenant)
    assert [fynn.tenant.unsound(), platform.tenant.unsound()] == [[], []]
