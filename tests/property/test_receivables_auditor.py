"""The auditor of open items: invoices, credits, payments, decisions, clearing and the way back of each, in any order, with and
without cash taxation, in euro and in dollars. Every check holds after every few steps, and what is taken back is gone."""

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.checkers.datev_books import as_datev_reads
from tests.factories.cases import tax_on_receipt
from tests.factories.companies import Company, a_row_of, day_here
from tests.factories.tenants import Tenant

from contor.openitems.clearing.steps import look

D, CENT = Decimal, Decimal("0.01")
LENGTH, EVERY = 45, 5
TYPES = ("CASH_DISCOUNT", "DISCOUNT", "BANK_FEE", "UNCOLLECTABLE_RECEIVABLE", "DOUBTFUL_RECEIVABLE", "OTHER_REVENUE")


class Walk:
    """Somebody who does anything with open items; each answer is done, or a refusal that says why."""

    def __init__(self, company: Company, seed: int, foreign: bool) -> None:
        self.company, self.random, self.foreign = company, random.Random(seed), foreign
        self.log: list[str] = []
        self.invoices: list[str] = []

    def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.company.client.request(method, path, json=body, headers=self.company.headers)
        self.log.append(f"{method} {path} {body} -> {answer.status_code} {answer.text[:160] if answer.status_code >= 400 else ''}")
        if answer.status_code < 300:
            return answer.json() if answer.content else {}
        assert answer.status_code in (400, 404, 409), (answer.text, self.log)
        return None

    def rate(self) -> dict[str, Any]:
        if not self.foreign:
            return {}
        rate = self.random.choice(["1.07", "1.25", "0.93"])
        return {"currency": "USD", "exchangeRate": {"rate": rate, "date": day_here()}}

    def net(self) -> str:
        return str(D(self.random.randrange(1, 30_000)) / 100)

    def bill(self) -> None:
        rows = [{**a_row_of(self.net(), rate), "ident": f"i-{rate}"} for rate in self.random.choice([(19,), (7,), (19, 7)])]
        self.invoices.append(
            self.company.document(items=rows, paymentTerm={"periodInDays": self.random.randrange(60)}, **self.rate())
        )

    def deposit(self) -> None:
        self.company.document("deposit-invoices", self.net(), **self.rate())

    def credit(self) -> None:
        number = self.random.choice(self.invoices)
        left = self.call("GET", f"/v2/documents/{number}")["items"]
        item = self.random.choice(left)
        net = D(str(item["prices"]["total"]["net"]))
        part = max((net / self.random.choice([1, 1, 2, 3])).quantize(CENT), CENT)
        rate = int(item["taxDetail"]["taxes"][0]["rate"])
        body = self.company.body(items=[{**a_row_of(str(part), rate), "ident": item["ident"]}], relatedDocumentIdent=number)
        if self.foreign:
            body["currency"] = "USD"
        if self.call("POST", "/v2/documents/credit-memos", body) is not None:
            self.company.work()

    def open_case(self, sql: str) -> Any:
        rows = self.company.tenant.rows(f"SELECT ident, opening, balance, currency FROM opos_case WHERE {sql} ORDER BY ident")
        return self.random.choice(rows) if rows else None

    def part_of(self, amount: Decimal, *shares: int) -> Decimal:
        return max((abs(amount) * self.random.choice(shares) / 3).quantize(CENT), CENT)

    def pay(self) -> None:
        """By its text or by hand; also too much, also what is closed."""
        case = self.open_case("opening > 0 AND balance >= 0")
        if case is None:
            return
        amount, by_hand = self.part_of(case.opening, 1, 2, 3, 3, 4), self.random.random() < 0.4
        base, more = amount, {}
        if self.foreign:
            rate = self.random.choice(["1.07", "1.25"])
            base = max((amount / D(rate)).quantize(CENT), CENT)
            more = {"originalAmount": {"amount": str(amount), "currency": "USD"}, "exchangeRate": rate}
        self.company.requests += 1
        body = {
            "externalIdent": f"bank-{self.company.requests}",
            "baseAmount": {"amount": str(base), "currency": "EUR"},
            "bookingDate": day_here(),
            "creditDebitIndicator": "CREDIT",
            "description": "unknown" if by_hand else case.ident,
            **more,
        }
        paid = self.call("POST", "/v2/merchant-payment-accounts/bank/payments", body)
        if paid is not None and paid["status"] == "OPEN":
            self.call("POST", "/v2/payment-assignments", {"paymentIdent": paid["paymentIdent"], "targetIdent": case.ident})

    def bounce(self) -> None:
        found = self.call("GET", "/v2/payment-assignments?size=100&search=status==PROCESSED")["_embedded"]
        if found:
            self.call("POST", f"/v2/payment-assignments/{self.random.choice(found)['paymentAssignmentIdent']}/actions/reverse")

    def decide(self) -> None:
        case = self.open_case("balance <> 0")
        if case is None:
            return
        body: dict[str, Any] = {"type": self.random.choice(TYPES if case.balance > 0 else ("OTHER_REVENUE",))}
        if self.random.random() < 0.6 and body["type"] != "DOUBTFUL_RECEIVABLE":
            body["amount"] = str(self.part_of(case.balance, 1, 2, 3))
        if body["type"] == "DOUBTFUL_RECEIVABLE" and self.random.random() < 0.7:
            body["allowance"] = str(self.part_of(case.balance, 1, 2))
        self.call("POST", f"/v2/opos-cases/{case.ident}/decisions", body)

    def revert(self) -> None:
        found = self.call("GET", "/v2/opos-cases/decisions?size=100")["_embedded"]
        if found:
            row = self.random.choice(found)
            self.call("POST", f"/v2/opos-cases/{row['oposCaseIdent']}/decisions/{row['ident']}/actions/revert")

    def clear(self) -> None:
        if self.call("POST", "/v2/opos-cases/clearing-runs", {}) is not None:
            look(self.company.tenant.runtime, self.company.tenant.id)
            failed = self.company.tenant.rows("SELECT reason FROM clearing_run WHERE status = 'FAILED'")
            assert failed == [], self.log

    def reverse_clearing(self) -> None:
        found = self.call("GET", "/v2/opos-cases/clearing-runs?size=100")["_embedded"]
        if found:
            self.call("POST", f"/v2/opos-cases/clearing-runs/{self.random.choice(found)['ident']}/actions/reverse")

    def recalculate(self) -> None:
        """Nothing is to be put right."""
        case = self.open_case("true")
        if case is not None:
            after = self.call("POST", f"/v2/opos-cases/{case.ident}/actions/recalculate")
            assert D(str(after["balance"])) == abs(case.balance), self.log


STEPS: dict[Callable[[Walk], None], int] = {
    Walk.bill: 6,
    Walk.deposit: 1,
    Walk.credit: 4,
    Walk.pay: 7,
    Walk.bounce: 4,
    Walk.decide: 8,
    Walk.revert: 4,
    Walk.clear: 3,
    Walk.reverse_clearing: 3,
    Walk.recalculate: 1,
}


@pytest.mark.parametrize("seed", range(8))
def test_random_work_with_open_items_leaves_sound_books(
    furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]], seed: int
) -> None:
    company = Company(furnished, client, bearer(furnished))
    company.open_bank(additionallyAcceptedCurrencies=["USD"])
    company.take_parts()
    if seed % 2:
        tax_on_receipt(company)
    walk = Walk(company, seed, foreign=seed % 4 >= 2)
    walk.bill()
    for number in range(LENGTH):
        walk.random.choices(list(STEPS), list(STEPS.values()))[0](walk)
        if number % EVERY == 0:
            assert company.tenant.broken() == [], walk.log
    assert company.tenant.broken() == [], walk.log
    assert as_datev_reads(company.tenant) == [], walk.log
