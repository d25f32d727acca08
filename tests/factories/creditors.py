"""A company that collects what it is owed, through the platform API."""

import datetime as dt
from typing import Any

from starlette.testclient import TestClient
from tests.factories.companies import Company
from tests.factories.tenants import Tenant

from contor.openitems.collection import Collected, collect
from contor.payments.intents import worker
from contor.runtime.work.tenants import caller

COLLECTED: dict[str, Any] = {"paymentCollection": {"collect": True}}
AT_ONCE: dict[str, Any] = {**COLLECTED, "paymentTerm": {"periodInDays": 0}}


class Creditor(Company):
    """Its customer pays by a token of the simulated provider."""

    def __init__(self, tenant: Tenant, client: TestClient, headers: dict[str, str]) -> None:
        super().__init__(tenant, client, headers)
        self.accounts = 0

    def furnish(self, provider: str = "SIMULATED", **more: Any) -> "Creditor":
        """A provider, our account there and the gateway to it."""
        self.call("POST", "/v2/payment-providers", {"id": 1, "name": provider, **more}, 201)
        self.open_bank()
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
        """What a worker does with intents."""
        worker.look(self.tenant.runtime, self.tenant.id)

    def collect(self) -> Collected:
        """What a worker does with due documents."""
        return collect(self.tenant.runtime, caller("collection", self.tenant.id))

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
