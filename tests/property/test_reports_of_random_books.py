"""Over random months of a company: whatever was sold, credited, paid, decided and taken back, and when, the reports of each month agree
with each other and with the books."""

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.cases import tax_on_receipt
from tests.factories.companies import a_row_of
from tests.factories.reported import OF, Reported
from tests.factories.tenants import Tenant

D = Decimal
FRANCE = {
    "taxes": [{"rate": 0, "categoryCode": "AE", "exemptionReasonCode": "VATEX-EU-AE"}],
    "performanceLocation": {"country": "FR"},
}
KINDS = ("CASH_DISCOUNT", "DISCOUNT", "UNCOLLECTABLE_RECEIVABLE", "DOUBTFUL_RECEIVABLE", "OTHER_REVENUE")


class Quarter:
    """Somebody who does anything, one day after the other, from September to November."""

    def __init__(self, company: Reported, seed: int) -> None:
        self.company, self.random = company, random.Random(seed)
        self.day = dt.date(2026, 9, 1)
        self.invoices: list[str] = []

    def call(self, method: str, path: str, body: Any) -> Any:
        """Done, or a refusal that says why."""
        answer = self.company.client.request(method, path, json=body, headers=self.company.headers)
        assert answer.status_code in (200, 201, 202, 400, 404, 409), answer.text
        return answer.json() if answer.status_code < 300 else None

    def sell(self) -> None:
        net = str(D(self.random.randrange(100, 90_000)) / 100)
        if self.random.random() < 0.3:
            self.invoices.append(self.company.sell(self.day.isoformat(), net, "paris", **FRANCE))
            return
        rate = self.random.choice([19, 7])
        kind = self.random.choice(["invoices", "invoices", "deposit-invoices"])
        taxes = [{"rate": rate, "categoryCode": "S"}]
        number = self.company.sell(self.day.isoformat(), net, kind=kind, taxes=taxes)
        self.invoices += [number] if kind == "invoices" else []
        if kind != "invoices":
            self.company.paid(self.day.isoformat(), net, number)

    def credit(self) -> None:
        number = self.random.choice(self.invoices)
        item = self.company.call("GET", f"/v2/documents/{number}")["items"][0]
        rate = int(item["taxDetail"]["taxes"][0]["rate"])
        net = D(str(item["prices"]["total"]["net"])) / self.random.choice([1, 2, 3])
        row = {**a_row_of(f"{net:.2f}", rate), "ident": "g-1", "referenceIdent": "i-1"}
        if not rate:
            row |= {"taxDetail": {"taxes": FRANCE["taxes"]}, "performanceLocation": {"country": "FR"}}
        who = OF["muster-handel" if rate else "paris"]
        body = self.company.body(items=[row], relatedDocumentIdent=number, customerDetail=who)
        if self.call("POST", "/v2/documents/credit-memos", body) is not None:  # else more than is left of the row
            self.company.work()

    def pay(self) -> None:
        number = self.random.choice(self.invoices)
        back = self.day - dt.timedelta(days=self.random.randrange(4))
        self.company.pay(str(D(self.random.randrange(1, 60_000)) / 100), number, bookingDate=back.isoformat())

    def decide(self) -> None:
        number = self.random.choice(self.invoices)
        made = self.call("POST", f"/v2/opos-cases/{number}/decisions", {"type": self.random.choice(KINDS)})
        if made is not None and self.random.random() < 0.4:
            self.call("POST", f"/v2/opos-cases/{number}/decisions/{made['ident']}/actions/revert", None)

    def step(self) -> None:
        self.day += dt.timedelta(days=self.random.randrange(1, 7))
        self.company.turn(self.day.isoformat())
        ways = [self.sell, self.credit, self.pay, self.decide] if self.invoices else [self.sell]
        self.random.choice(ways)()


@pytest.mark.parametrize("seed", range(4))
def test_the_reports_of_each_month_agree(
    furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]], seed: int
) -> None:
    company = Reported(furnished, client, bearer(furnished))
    company.turn("2026-09-01")
    company.furnish()
    if seed % 2:
        tax_on_receipt(company)
    quarter = Quarter(company, seed)
    while quarter.day < dt.date(2026, 11, 20):
        quarter.step()
    company.turn("2026-11-30")
    company.sound()
    for period in ("2026-09", "2026-10", "2026-11"):
        balance = {row["Account"]: row for row in company.read("TRIAL_BALANCE", period)}
        closing = {account: D(row["Closing (debit positive)"]) for account, row in balance.items()}
        assert sum(closing.values()) == 0
        journal = company.read("JOURNAL", period)
        assert sum(D(row["Debit"] or 0) for row in journal) == sum(D(row["Debit"]) for row in balance.values())
        opened = sum(D(row["Open in ledger currency"]) for row in company.read("OPEN_ITEMS", period))
        assert opened == closing.get("1400", D(0)) + closing.get("1460", D(0))
        assert opened == sum(D(row["Open"]) for row in company.read("AGEING", period))
        revenue = sum(D(row["Revenue, net"]) for row in company.read("REVENUE", period))
        earned = sum(
            D(row["Credit"] or 0) - D(row["Debit"] or 0) for row in journal if row["Account"][:2] in {"84", "83", "87", "86"}
        )
        assert revenue == earned
        returned = {row["Number"]: row for row in company.read("VAT", period) if row["Section"] == "Return"}
        taxes = ("1776", "1771", "1766", "1761", "1760", "1770")
        moved = sum(D(row["Credit"] or 0) - D(row["Debit"] or 0) for row in journal if row["Account"] in taxes)
        assert moved == sum(D(returned[key]["Tax by the books"] or 0) for key in ("81", "86", "35", "NOT_DUE"))
        late = [row for row in company.read("VAT", period) if row["Section"] != "Return"]
        listed = company.read("EC_SALES", period)
        for is_late, rows in ((False, returned.values()), (True, late)):
            stated = sum(D(row["Base by the books"]) for row in listed if (row["Section"] != "Statement") is is_late)
            assert stated == sum(D(row["Base by the books"]) for row in rows if row["Number"] in ("41", "21", "42"))
