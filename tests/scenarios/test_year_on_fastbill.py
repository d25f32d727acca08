"""A year of business, once by the calls of FastBill alone and once by those of the platform: the same ledger, entry for entry."""

import calendar
import datetime as dt
import random
from collections.abc import Callable
from typing import Any, Protocol

import pytest
from starlette.testclient import TestClient
from tests.checkers.books import ledger
from tests.factories.companies import BANK
from tests.factories.fastbill import Account
from tests.factories.reminding import CONFIGURATION, LEVELS, RUNS
from tests.factories.tenants import Tenant, a_client, a_tenant

from contor.api.fastbill.services import SERVICES
from contor.api.fastbill.voice import FASTBILL
from contor.api.serve import build_named
from contor.commands.demo import master_data
from contor.dunning.runs.work import look
from contor.runtime.execute import Runtime

SEED = 12
CUSTOMERS = 8
MONTH = {"value": 1, "unit": "MONTH"}
ARTICLES = {"small": "29.90", "large": "49.90"}
ADDON, ADDON_PRICE = "seat", "7.50"
COUPONS: tuple[dict[str, Any], ...] = (
    {"code": "TEN", "name": "Ten off", "type": "PERCENTAGE", "percentage": 10, "duration": "FOREVER"},
    {"code": "FIVE", "name": "Five off", "type": "AMOUNT", "amount": "5.00", "amountOn": "SUM", "duration": "ONCE"},
)


class Trade(Protocol):
    """Who does the business."""

    tenant: Tenant
    day: dt.date

    def sell(self) -> None: ...
    def join(self, number: str) -> None: ...
    def subscribe(self, name: str, customer: str, article: str, quantity: int, seats: int, coupon: str | None) -> None: ...
    def use(self, name: str, quantity: str, price: str) -> None: ...
    def change(self, name: str, article: str) -> None: ...
    def seats(self, name: str, quantity: int) -> None: ...
    def cancel(self, name: str) -> None: ...
    def take_back(self, name: str) -> None: ...
    def pause(self, name: str) -> None: ...
    def resume(self, name: str) -> None: ...
    def unpaid(self) -> list[str]: ...
    def pay(self, document: str) -> None: ...


class ByFastbill:
    """FastBill's services, and nothing else."""

    def __init__(self, account: Account) -> None:
        self.account, self.tenant, self.day = account, account.tenant, dt.date.min
        self.customers: dict[str, int] = {}
        self.numbers: dict[str, int] = {}
        self.invoices: dict[str, str] = {}

    def call(self, service: str, **data: Any) -> Any:
        said = self.account.call(service, {name.upper(): value for name, value in data.items()})
        assert "ERRORS" not in said, (service, said)
        return said

    def sell(self) -> None:
        common = {"currency_code": "EUR", "description": "", "vat_percent": "19", "subscription_interval": "1 month"}
        for number, price in ARTICLES.items():
            terms = {
                "subscription_duration": "1 month",
                "subscription_duration_follow": "1 month",
                "subscription_cancellation": "14 day",
            }
            self.call("article.create", article_number=number, title=number.title(), unit_price=price, **common, **terms)
        assigned = ",".join(ARTICLES)
        addon = {"is_addon": "1", "assigned_articles": assigned}
        self.call("article.create", article_number=ADDON, title="Seat", unit_price=ADDON_PRICE, **common, **addon)

    def join(self, number: str) -> None:
        address = {"address": "Marktplatz 1", "zipcode": "20095", "city": "Hamburg", "country_code": "DE"}
        made = self.call(
            "customer.create", customer_type="business", customer_number=number, organization=f"Laden {number}", **address
        )
        self.customers[number] = made["CUSTOMER_ID"]

    def subscribe(self, name: str, customer: str, article: str, quantity: int, seats: int, coupon: str | None) -> None:
        addons = [{"ARTICLE_NUMBER": ADDON, "QUANTITY": seats}] if seats else []
        number = self.customers[customer]
        reduced = {} if coupon is None else {"coupon": coupon}
        taken = {"article_number": article, "quantity": quantity, "addons": addons, **reduced}
        made = self.call("subscription.create", customer_id=number, **taken)
        self.numbers[name] = made["SUBSCRIPTION_ID"]

    def use(self, name: str, quantity: str, price: str) -> None:
        article = self._found(name)["ARTICLE_NUMBER"]
        usage = {"article_number": article, "quantity": quantity, "unit_price": price}
        self.call("subscription.setusagedata", subscription_id=self.numbers[name], **usage)

    def change(self, name: str, article: str) -> None:
        self.call("subscription.changearticle", subscription_id=self.numbers[name], article_number=article)

    def seats(self, name: str, quantity: int) -> None:
        self.call("subscription.setaddon", subscription_id=self.numbers[name], article_number=ADDON, quantity=quantity)

    def cancel(self, name: str) -> None:
        self.call("subscription.cancel", subscription_id=self.numbers[name])

    def take_back(self, name: str) -> None:
        self.call("subscription.reactivate", subscription_id=self.numbers[name])

    def pause(self, name: str) -> None:
        self.call("subscription.update", subscription_id=self.numbers[name], status="inactive")

    def resume(self, name: str) -> None:
        self.call("subscription.update", subscription_id=self.numbers[name], status="active")

    def unpaid(self) -> list[str]:
        found = self.account.call("invoice.get", FILTER={"STATE": "unpaid", "TYPE": "outgoing"}, LIMIT=100)["INVOICES"]
        self.invoices = {one["INVOICE_NUMBER"]: one["INVOICE_ID"] for one in found}
        return sorted(self.invoices)

    def pay(self, document: str) -> None:
        self.call("invoice.setpaid", invoice_id=self.invoices[document])

    def _found(self, name: str) -> Any:
        (found,) = self.account.call("subscription.get", FILTER={"SUBSCRIPTION_ID": self.numbers[name]})["SUBSCRIPTIONS"]
        return found


class ByPlatform:
    """The platform's routes, and nothing else."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant, self.day = tenant, dt.date.min
        self.articles: dict[str, str] = {}
        self.usages = 0

    def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.tenant.call(method, path, body)
        assert answer.status < 300, (path, answer.body)
        return answer.body

    def sell(self) -> None:
        options = [(number, price, "RECURRING") for number, price in {**ARTICLES, ADDON: ADDON_PRICE}.items()]
        for number, price, kind in options:
            body = {"optionIdent": number, "articleNumber": number, "name": number.title(), "type": kind, "status": "FINAL"}
            self.call("POST", "/billing/plan-options", {**body, "prices": [{"price": price}]})
        for number in ARTICLES:
            used = {"optionIdent": f"{number}.work", "name": number.title(), "type": "RATED_USAGE", "status": "FINAL"}
            self.call("POST", "/billing/plan-options", used)
            links = [
                {"optionIdent": number},
                {"optionIdent": f"{number}.work", "minimum": 0, "enableForAllContracts": True},
                {"optionIdent": ADDON, "minimum": 0},
            ]
            phase = {
                "ident": "first",
                "name": number.title(),
                "billingConfig": {"billingInterval": MONTH},
                "termDuration": MONTH,
                "termSync": False,
                "noticePeriod": {"value": 14, "unit": "DAY"},
                "transition": {"type": "AUTO_RENEWAL"},
                "linkedOptions": links,
            }
            self.call("POST", "/plans", {"planIdent": number, "name": number.title(), "phases": [phase]})

    def join(self, number: str) -> None:
        address = {"addressIdent": "main", "addressType": "INVOICE", "company": f"Laden {number}", "street": "Marktplatz 1"}
        place = {"zip": "20095", "city": "Hamburg", "country": "DE"}
        body = {"customerIdent": number, "customerType": "B2B", "company": f"Laden {number}", "addresses": [{**address, **place}]}
        self.call("POST", "/customers", body)

    def subscribe(self, name: str, customer: str, article: str, quantity: int, seats: int, coupon: str | None) -> None:
        taken = [{"optionIdent": article, "quantity": quantity}, *([{"optionIdent": ADDON, "quantity": seats}] if seats else [])]
        body = {
            "contractIdent": name,
            "planIdent": article,
            "debtorIdent": customer,
            "invoiceAddressIdent": "main",
            "optionQuantities": [{"phaseIdent": "first", "optionQuantity": taken}],
            "startDate": self._today(),
            **({} if coupon is None else {"coupons": [coupon]}),
        }
        self.call("POST", "/contracts", body)
        self.articles[name] = article
        self.call("POST", "/billingrun", {"debtorIdent": customer})

    def use(self, name: str, quantity: str, price: str) -> None:
        self.usages += 1
        body = {
            "ratedUsageIdent": f"u-{self.usages}",
            "contractIdent": name,
            "optionIdent": f"{self.articles[name]}.work",
            "startDate": f"{self._today()}T10:00:00+01:00",
            "unitQuantity": quantity,
            "unitPrice": price,
        }
        self.call("POST", "/rated-usages", body)

    def change(self, name: str, article: str) -> None:
        mapping = [{"optionIdent": self.articles[name], "becomes": article}]
        self.call("POST", f"/contracts/{name}/actions/change", {"planIdent": article, "optionMappings": mapping})
        self.articles[name] = article

    def seats(self, name: str, quantity: int) -> None:
        body = {"optionQuantities": [{"optionIdent": ADDON, "quantity": quantity}]}
        self.call("POST", f"/contracts/{name}/actions/change", body)

    def cancel(self, name: str) -> None:
        self.call("POST", f"/contracts/{name}/actions/terminate", {})

    def take_back(self, name: str) -> None:
        self.call("POST", f"/contracts/{name}/actions/withdraw-termination")

    def pause(self, name: str) -> None:
        self.call("POST", f"/contracts/{name}/actions/pause", {})

    def resume(self, name: str) -> None:
        self.call("POST", f"/contracts/{name}/actions/resume", {})

    def unpaid(self) -> list[str]:
        found = self.call("GET", "/documents?size=100&search=outstanding=gt=0;documentType==INVOICE")["_embedded"]
        return sorted(one["ident"] for one in found)

    def pay(self, document: str) -> None:
        self.call("POST", f"/documents/{document}/actions/pay", {})

    def _today(self) -> str:
        return self.day.isoformat()


def live(hands: Trade, seed: int) -> list[str]:
    """The same year for the same seed; what was done."""
    chance, done = random.Random(seed), list[str]()
    tenant = hands.tenant
    turn(hands, dt.date(2026, 1, 2))
    assert tenant.call("POST", "/merchant-payment-accounts", BANK).status == 201
    assert tenant.call("POST", CONFIGURATION.removeprefix("/v2"), {"levels": LEVELS}).status == 201
    hands.sell()
    for reduction in COUPONS:  # FastBill has no service that makes one
        assert tenant.call("POST", "/coupons", reduction).status == 201
    running: dict[str, str] = {}
    ending, paused = set[str](), set[str]()
    for month in range(1, 13):
        for day in (2, 9, 17, 25):
            turn(hands, dt.date(2026, month, day))
            bill(tenant)
            if day == 9 and month <= CUSTOMERS:
                customer, article = f"c-{month}", chance.choice(sorted(ARTICLES))
                hands.join(customer)
                coupon = chance.choice([None, *(str(one["code"]) for one in COUPONS)])
                hands.subscribe(f"v-{month}", customer, article, chance.randrange(1, 4), chance.randrange(0, 3), coupon)
                running[f"v-{month}"] = article
                done += ["subscribe", *([f"coupon {coupon}"] if coupon else [])]
            for name in sorted(running):
                done += _act(hands, chance, running, (ending, paused), name)
            bill(tenant)
            if day == 17:
                dun(tenant)
            for document in hands.unpaid():
                if chance.random() < 0.4:
                    hands.pay(document)
                    done.append("pay")
        turn(hands, dt.date(2026, month, calendar.monthrange(2026, month)[1]))
        bill(tenant)
    return done


def _act(hands: Trade, chance: random.Random, running: dict[str, str], states: tuple[set[str], set[str]], name: str) -> list[str]:
    """What happens to a subscription, or not."""
    kind, (ending, paused) = chance.random(), states
    if name in paused:
        if kind < 0.3:
            hands.resume(name)
            paused.discard(name)
            return ["resume"]
        return []
    if name in ending:
        if kind < 0.5:  # at once or never: its term ends soon
            hands.take_back(name)
            ending.discard(name)
            return ["take back"]
        del running[name]
        ending.discard(name)
        return []
    if kind < 0.3:
        hands.use(name, str(chance.randrange(1, 9)), f"{chance.randrange(500, 9000) / 100:.2f}")
        return ["use"]
    if kind < 0.4:
        other = next(one for one in sorted(ARTICLES) if one != running[name])
        hands.change(name, other)
        running[name] = other
        return ["change"]
    if kind < 0.5:
        hands.seats(name, chance.randrange(0, 5))
        return ["seats"]
    if kind < 0.55:
        hands.cancel(name)
        ending.add(name)
        return ["cancel"]
    if kind < 0.65:
        hands.pause(name)
        paused.add(name)
        return ["pause"]
    return []


def turn(hands: Trade, day: dt.date) -> None:
    hands.day = day
    hands.tenant.turn_clock(dt.datetime.combine(day, dt.time(10), dt.UTC))


def bill(tenant: Tenant) -> None:
    """What a worker does: everything that is due, until nothing is."""
    answer = tenant.call("POST", "/billingrun")
    assert answer.status == 200 and answer.body["failed"] == 0, answer.body


def dun(tenant: Tenant) -> None:
    """A run, approved and carried out."""
    path = RUNS.removeprefix("/v2")
    ident = tenant.call("POST", path, {}).body["runIdent"]
    look(tenant.runtime, tenant.id)
    tenant.call("POST", f"{path}/{ident}/actions/approve")
    look(tenant.runtime, tenant.id)


@pytest.fixture
def founded(runtime: Runtime) -> Callable[[], Tenant]:
    def made() -> Tenant:
        tenant = a_tenant(runtime, a_client(runtime))
        with runtime.transaction(tenant.caller(), directory=True) as uow:
            uow.run("UPDATE directory.environment SET request_plan = 'UNLIMITED' WHERE id = %s", (tenant.id,))
        master_data(runtime, tenant.caller())
        return tenant

    return made


def test_a_year_on_fastbill_leaves_the_same_ledger_as_on_the_platform(runtime: Runtime, founded: Callable[[], Tenant]) -> None:
    service = TestClient(build_named(FASTBILL, SERVICES, runtime), raise_server_exceptions=False)
    fastbill, platform = ByFastbill(Account(founded(), service)), ByPlatform(founded())
    done = live(fastbill, SEED)
    assert live(platform, SEED) == done
    acts = {"subscribe", "use", "change", "seats", "cancel", "take back", "pay", "pause", "resume"}
    assert set(done) == acts | {f"coupon {one['code']}" for one in COUPONS}
    one, other = ledger(fastbill.tenant), ledger(platform.tenant)
    assert len(one) > 200
    assert one == other
    for hands in (fastbill, platform):
        letters = hands.tenant.rows("SELECT count(*) AS n FROM dunning_letter")[0].n
        assert letters > 0, "customers were reminded"
        assert hands.tenant.unsound() == []
