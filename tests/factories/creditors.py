"""A company that collects what it is owed, through the platform API."""

import datetime as dt
from typing import Any

from starlette.testclient import TestClient
from tests.checkers.waiting import until
from tests.factories.companies import Company
from tests.factories.tenants import Tenant

from contor.kernel.work import Elsewhere
from contor.openitems.collection import Collected, collect
from contor.payments.files import Wrote, write_files
from contor.payments.intents import worker
from contor.runtime.work.tenants import caller

COLLECTED: dict[str, Any] = {"paymentCollection": {"collect": True}}
OUR_IBAN = "DE75512108001245126199"
SEPA: dict[str, Any] = {
    "holderName": "Elbe GmbH",
    "creditorIdentifier": "DE98ZZZ09999999999",
    "preNotificationDays": 0,
    "leadDays": 1,
}
AT_ONCE: dict[str, Any] = {**COLLECTED, "paymentTerm": {"periodInDays": 0}}


class Creditor(Company):
    """Its customer pays by a token of the simulated provider."""

    def __init__(self, tenant: Tenant, client: TestClient, headers: dict[str, str]) -> None:
        super().__init__(tenant, client, headers)
        self.accounts = 0

    def furnish(self, provider: str = "SIMULATED", **more: Any) -> "Creditor":
        """A provider, our account there and the gateway to it."""
        self.call("POST", "/v2/payment-providers", {"id": 1, "name": provider, **more}, 201)
        bank = {"iban": OUR_IBAN, "bic": "SOGEDEFFXXX", "sepa": SEPA} if provider == "SEPA_FILE" else {}
        self.open_bank(**bank)
        accounts = [{"merchantPaymentAccountIdent": "bank", "currency": "EUR"}]
        self.call("POST", "/v2/merchant-payment-gateways", {"ident": "main", "name": "Main", "accounts": accounts}, 201)
        return self

    def account(self, token: str | None = "ok", **more: Any) -> str:
        """A payment account of the customer; its ident."""
        self.accounts += 1
        body = {
            "ident": f"account-{self.accounts}",
            "debtorIdent": "muster-handel",
            "merchantPaymentGatewayIdent": "main",
            "accountHolderName": "Muster Handel GmbH",
            **({"paymentMethodReference": token, "paymentProviderReference": "cus-1"} if token is not None else {}),
            **more,
        }
        return str(self.call("POST", "/v2/customer-payment-accounts", body, 201)["ident"])

    def mandate(self, reference: str = "M-1", **more: Any) -> str:
        """A payment account with bank data and a mandate; its ident."""
        said = {"reference": reference, "signedOn": "2025-05-01"}
        return self.account(None, iban="DE02120300000000202051", bic="BYLADEM1001", mandate=said, **more)

    def intend(self, document: str, status: int = 201, **more: Any) -> Any:
        return self.call("POST", "/v2/payment-intents", {"targetIdent": document, **more}, status)

    def intent(self, ident: str) -> Any:
        return self.call("GET", f"/v2/payment-intents/{ident}")

    def intents(self, query: str = "") -> list[Any]:
        return list(self.call("GET", f"/v2/payment-intents?sort=createdAt{query}").get("_embedded", []))

    def tasks(self) -> list[Any]:
        return list(self.call("GET", "/v2/payment-intent-tasks?sort=createdAt").get("_embedded", []))

    def act(self, ident: str, verb: str, status: int = 200, body: Any = None) -> Any:
        return self.call("POST", f"/v2/payment-intents/{ident}/actions/{verb}", body, status)

    def submit(self) -> None:
        """What a worker does with intents; who was killed at them may hold them for a moment yet."""
        until(lambda: worker.look(self.tenant.runtime, self.tenant.id) is not Elsewhere.BUSY, "another worker holds them")

    def collect(self) -> Collected:
        """What a worker does with due documents."""
        return collect(self.tenant.runtime, caller("collection", self.tenant.id))

    def write(self) -> Wrote:
        """What a worker does with intents that go out in files."""
        return write_files(self.tenant.runtime, caller("payment_files", self.tenant.id))

    def file(self, ident: str) -> bytes:
        answer = self.client.get(f"/v2/payment-files/{ident}/content", headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.content

    def report(self, content: bytes, status: int = 201) -> Any:
        """The bank says something to a file."""
        path = "/v2/merchant-payment-accounts/bank/status-reports"
        answer = self.client.post(path, files={"file": ("report.xml", content, "application/xml")}, headers=self.headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    def turn(self, day: dt.date, hour: int = 9) -> None:
        self.tenant.turn_clock(dt.datetime.combine(day, dt.time(hour), dt.UTC))

    def sound(self) -> None:
        """Today, whatever the test clock says: other work is not behind by it."""
        self.tenant.turn_clock(None)
        super().sound()

    def moved(self) -> list[Any]:
        """What the simulated provider did: (amount, outcome)."""
        rows = self.tenant.rows("SELECT amount, outcome FROM simulated_transfer ORDER BY created_at, key")
        return [(row.amount, row.outcome) for row in rows]
