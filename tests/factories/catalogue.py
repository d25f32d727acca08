"""A tenant's catalogue as a client of the platform API sees it: options and plans."""

from typing import Any

from starlette.testclient import TestClient
from tests.factories.tenants import Tenant

OPTIONS, PLANS = "/v2/billing/plan-options", "/v2/plans"
MONTH = {"value": 1, "unit": "MONTH"}
OPTION = {"optionIdent": "base", "name": "Base fee", "type": "RECURRING", "prices": [{"price": "10.00"}]}
PHASE = {"ident": "p-1", "name": "Phase", "billingConfig": {"billingInterval": MONTH}, "linkedOptions": [{"optionIdent": "base"}]}
PLAN = {"planIdent": "basic", "name": "Basic", "phases": [PHASE]}


class Shop:
    """A tenant's catalogue as a client sees it."""

    def __init__(self, tenant: Tenant, client: TestClient, headers: dict[str, str]) -> None:
        self.tenant, self.client, self.headers = tenant, client, headers

    def call(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = self.client.request(method, path, json=body, headers=self.headers)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def findings(self, method: str, path: str, body: Any) -> list[str]:
        return sorted(entry["fieldName"] for entry in self.call(method, path, body, 400)["errors"])


QUARTER = {"value": 1, "unit": "QUARTER"}
