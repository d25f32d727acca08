"""A company that issues documents and is paid, through the platform API."""

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from starlette.testclient import TestClient
from tests.factories.tenants import Tenant

from contor.documents.issue import worker

BANK: dict[str, Any] = {
    "ident": "bank",
    "name": "House bank",
    "active": True,
    "country": "DE",
    "currency": "EUR",
    "paymentServiceProviderId": 1,
}
IN_PARTS = {"overpaymentAssignmentToDocuments": True, "underpaymentAssignmentToDocuments": True}
"""What is paid may be more or less than what is owed."""


def day_here() -> str:
    """The day where the companies are, of the clock as it is now: a run of the tests passes midnight, and by night it is another one than
    in UTC."""
    return dt.datetime.now(ZoneInfo("Europe/Berlin")).date().isoformat()


def a_row_of(net: str, rate: int = 19) -> dict[str, Any]:
    """A row as it is sent."""
    return {
        "ident": "i-1",
        "category": "SERVICE",
        "name": "Work",
        "quantity": 1,
        "quantityType": "PC",
        "prices": {"unit": {"net": net}, "originalTotal": {"net": net}, "total": {"net": net}},
        "taxDetail": {"taxes": [{"rate": rate, "categoryCode": "S"}]},
        "performanceLocation": {"country": "DE"},
    }


class Company:
    """A company that speaks the platform API."""

    def __init__(self, tenant: Tenant, client: TestClient, headers: dict[str, str]) -> None:
        self.tenant, self.client, self.headers = tenant, client, headers
        self.requests = 0

    def call(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = self.client.request(method, path, json=body, headers=self.headers)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def document(self, kind: str = "invoices", net: str = "100.00", **more: Any) -> str:
        number = self.ask(kind, 202, net, **more)["requestId"]
        self.work()
        state = self.call("GET", f"/v2/documents/requests/{number}")
        assert state["status"] == "COMPLETED", state
        return str(state["documentIdent"])

    def work(self) -> None:
        worker.drain(self.tenant.runtime, self.tenant.id)

    def waiting(self) -> int:
        """How many requests are neither issued nor refused."""
        return len(self.tenant.rows("SELECT id FROM document_queue"))

    def ask(self, kind: str, status: int, net: str = "100.00", **more: Any) -> Any:
        return self.call("POST", f"/v2/documents/{kind}", self.body(net, **more), status)

    def body(self, net: str = "100.00", **more: Any) -> dict[str, Any]:
        self.requests += 1
        return {
            "requestId": f"r-{self.requests}",
            "billingGroupIdent": "external",
            "currency": "EUR",
            "language": "de",
            "customerDetail": {"customerIdent": "muster-handel", "invoiceAddressIdent": "zentrale"},
            "items": [a_row_of(net)],
            "paymentCollection": {"collect": False},
            **more,
        }

    def open_bank(self, **more: Any) -> None:
        """An account on which it is paid."""
        self.call("POST", "/v2/merchant-payment-accounts", {**BANK, **more}, 201)

    def take_parts(self) -> None:
        self.call("POST", "/v2/merchant-payment-accounts/bank/assignment-configuration", IN_PARTS, 201)

    def pay(self, amount: str, text: str, **more: Any) -> Any:
        self.requests += 1
        body = {
            "externalIdent": f"bank-{self.requests}",
            "baseAmount": {"amount": amount, "currency": "EUR"},
            "bookingDate": day_here(),
            "creditDebitIndicator": "CREDIT",
            "description": text,
            **more,
        }
        return self.call("POST", "/v2/merchant-payment-accounts/bank/payments", body, 201)

    def case(self, ident: str) -> Any:
        return self.call("GET", f"/v2/opos-cases/{ident}")

    def sums(self) -> dict[int, Decimal]:
        """Debit minus credit per account; accounts without balance are left out."""
        rows = self.tenant.rows(
            "SELECT account, sum(CASE side WHEN 'D' THEN amount ELSE -amount END) AS balance FROM journal_line GROUP BY account"
        )
        return {row.account: row.balance for row in rows if row.balance}

    def sound(self) -> None:
        """Documents get no files here."""
        assert (found := self.tenant.unsound()) == [], found
