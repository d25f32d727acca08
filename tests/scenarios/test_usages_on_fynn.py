"""A trial, metered usages by tiers, one of them late, a refund and an end within an interval, by the calls of fynn and by those of the
platform: documents as they are calculated by hand, and the same ledger."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Protocol

import pytest
from starlette.testclient import TestClient
from tests.checkers.books import ledger
from tests.factories.companies import BANK
from tests.factories.fynn import Fynn
from tests.factories.tenants import Tenant, a_client, a_tenant

from contor.api.fynn.voice import MOUNT
from contor.app import Application
from contor.commands.demo import master_data
from contor.runtime.execute import Runtime

D = Decimal
TIERS = ((10, 10), (50, 8), (None, 6))
"""Up to which call, in cents each."""
DOCUMENTS = [
    # 30 calls of the trial 2.60, the setup fee 15.00, the first month 30.00
    ("2028-02-14", "INVOICE", D("47.60")),
    # 60 calls 4.80
    ("2028-03-14", "INVOICE", D("34.80")),
    # 10.00 with 19 % of tax
    ("2028-03-20", "CREDIT_MEMO", D("8.40")),
    # 10 calls 1.00, and 7 behind the 60 of the month before 0.42
    ("2028-04-14", "INVOICE", D("31.42")),
    # 18 of 30 days were used
    ("2028-05-01", "CREDIT_MEMO", D("12.00")),
    # 3 calls
    ("2028-05-02", "INVOICE", D("0.30")),
]


class Serving(Protocol):
    """Who does what the story says."""

    tenant: Tenant

    def sell(self) -> None: ...
    def try_out(self) -> None: ...
    def use(self, calls: int, at: str) -> None: ...
    def pay(self, document: str) -> None: ...
    def refund(self, document: str, cents: int) -> None: ...
    def end(self) -> None: ...


class ServedByFynn:
    """fynn's routes, and nothing else."""

    def __init__(self, fynn: Fynn) -> None:
        self.fynn, self.tenant = fynn, fynn.tenant

    def sell(self) -> None:
        self.fynn.call("POST", "/catalogue/measurements", {"code": "calls", "type": "metered", "aggregationType": "sum"})
        for name, more in (("base", {}), ("calls", {"measurement": "calls"})):
            self.fynn.call("POST", "/catalogue/products", {"externalId": f"product-{name}", "name": name.title(), **more})
        base = {"type": "flat_fee", "price": 3000, "setupFee": 1500, "applyTrial": 14}
        tiers = [{"to": to, "price": cents} for to, cents in TIERS]
        for name, price in (("base", base), ("calls", {"type": "tiered", "tiers": tiers})):
            body = {"product": f"product-{name}", "externalId": name, "billingInterval": "1M", **price}
            self.fynn.call("POST", "/price-plans", body)

    def try_out(self) -> None:
        products = [{"pricePlan": "base"}, {"pricePlan": "calls"}]
        self.fynn.call(
            "POST", "/subscriptions", {"customer": "muster-handel", "number": "v-1", "products": products, "activate": True}
        )

    def use(self, calls: int, at: str) -> None:
        body = {"subscription": "v-1", "measurementCode": "calls", "quantity": calls, "measuredAt": at}
        self.fynn.call("POST", "/subscription-measurements", body)

    def pay(self, document: str) -> None:
        self.fynn.call("POST", f"/invoices/{self._invoice(document)}/payments")

    def refund(self, document: str, cents: int) -> None:
        self.fynn.call("POST", f"/invoices/{self._invoice(document)}/refund", {"amount": cents, "reason": "Kulanz"})

    def end(self) -> None:
        self.fynn.call("PUT", "/subscriptions/v-1/cancel", {"cancellationDateType": "immediate"})

    def _invoice(self, document: str) -> Any:
        (found,) = self.fynn.call("GET", f"/invoices?number={document}")["data"]
        return found["id"]


class ServedOnPlatform:
    """The platform's routes, and nothing else."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant, self.used = tenant, 0

    def call(self, path: str, body: Any = None) -> None:
        answer = self.tenant.call("POST", path, body)
        assert answer.status < 300, (path, answer.body)

    def sell(self) -> None:
        tiers = [{"price": D(cents) / 100} if to is None else {"quantity": to, "price": D(cents) / 100} for to, cents in TIERS]
        usage = {"usePooling": True, "usagePrices": [{"pricingModel": "TIER_PRICE", "priceTiers": tiers}]}
        for ident, terms in (
            ("base", {"type": "RECURRING", "prices": [{"price": "30.00"}]}),
            ("setup", {"type": "ONETIME", "prices": [{"price": "15.00"}]}),
            ("calls", {"type": "USAGE", **usage}),
        ):
            self.call("/billing/plan-options", {"optionIdent": ident, "name": ident.title(), "status": "FINAL", **terms})
        links = [{"optionIdent": ident} for ident in ("base", "setup", "calls")]
        month = {"billingInterval": {"value": 1, "unit": "MONTH"}}
        phase = {"ident": "main", "name": "Main", "billingConfig": month, "linkedOptions": links}
        self.call("/plans", {"planIdent": "all", "name": "All", "phases": [phase]})

    def try_out(self) -> None:
        taken = [{"optionIdent": ident, "quantity": 1} for ident in ("base", "setup", "calls")]
        body = {
            "contractIdent": "v-1",
            "planIdent": "all",
            "debtorIdent": "muster-handel",
            "invoiceAddressIdent": "zentrale",
            "optionQuantities": [{"phaseIdent": "main", "optionQuantity": taken}],
            "startDate": "2028-01-31",
            "trial": {"duration": {"value": 14, "unit": "DAY"}},
        }
        self.call("/contracts", body)

    def use(self, calls: int, at: str) -> None:
        self.used += 1
        named = {"usageIdent": f"u-{self.used}", "contractIdent": "v-1", "optionIdent": "calls"}
        self.call("/usages", {**named, "unitQuantity": calls, "startDate": at})

    def pay(self, document: str) -> None:
        self.call(f"/documents/{document}/actions/pay", {})

    def refund(self, document: str, cents: int) -> None:
        body = {"amount": D(cents) / 100, "description": "Kulanz", "kind": "REFUND"}
        self.call(f"/documents/{document}/actions/cancel", body)

    def end(self) -> None:
        self.call("/contracts/v-1/actions/terminate-extraordinarily", {})


def lived(hands: Serving) -> None:
    """31 January to 2 May of a leap year."""
    on(hands, "2028-01-31")
    assert hands.tenant.call("POST", "/merchant-payment-accounts", BANK).status == 201
    hands.sell()
    hands.try_out()
    on(hands, "2028-02-05")
    hands.use(30, "2028-02-05T09:00:00Z")
    on(hands, "2028-02-14")
    on(hands, "2028-03-05")
    hands.use(25, "2028-02-29T22:30:00Z")
    hands.use(35, "2028-03-05T09:00:00Z")
    on(hands, "2028-03-14")
    first = str(hands.tenant.rows("SELECT ident FROM document ORDER BY id LIMIT 1")[0].ident)
    hands.pay(first)
    on(hands, "2028-03-20")
    hands.refund(first, 1000)
    on(hands, "2028-04-02")
    hands.use(7, "2028-03-10T12:00:00Z")
    hands.use(10, "2028-04-02T09:00:00Z")
    on(hands, "2028-04-14")
    on(hands, "2028-05-01")
    hands.use(3, "2028-04-20T09:00:00Z")
    hands.end()
    bill(hands.tenant)
    on(hands, "2028-05-02")


def on(hands: Serving, day: str) -> None:
    hands.tenant.turn_clock(dt.datetime.fromisoformat(f"{day}T10:00:00+00:00"))
    bill(hands.tenant)


def bill(tenant: Tenant) -> None:
    answer = tenant.call("POST", "/billingrun")
    assert answer.status == 200 and answer.body["failed"] == 0, answer.body


def documents(tenant: Tenant) -> list[tuple[str, str, D]]:
    rows = tenant.rows("SELECT document_date::text AS on_day, document_type, net FROM document ORDER BY id")
    return [(row.on_day, row.document_type, row.net) for row in rows]


@pytest.fixture
def company(runtime: Runtime) -> Callable[[], Tenant]:
    def made() -> Tenant:
        tenant = a_tenant(runtime, a_client(runtime))
        master_data(runtime, tenant.caller())
        return tenant

    return made


def test_trials_usages_and_refunds_leave_the_same_ledger_on_both(runtime: Runtime, company: Callable[[], Tenant]) -> None:
    service = TestClient(Application(runtime), base_url=f"http://testserver{MOUNT}", raise_server_exceptions=False)
    fynn, platform = ServedByFynn(Fynn(company(), service)), ServedOnPlatform(company())
    lived(fynn)
    assert documents(fynn.tenant) == DOCUMENTS
    lived(platform)
    assert documents(platform.tenant) == DOCUMENTS
    assert ledger(fynn.tenant) == ledger(platform.tenant)
    assert [fynn.tenant.unsound(), platform.tenant.unsound()] == [[], []]
