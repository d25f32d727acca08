"""A company that sells by orders, through the platform API."""

from typing import Any

from starlette.testclient import TestClient
from tests.factories.companies import BANK
from tests.factories.offices import GROUP, D, Office
from tests.factories.tenants import Tenant

ORDERS = "/v2/orders"
S19 = [{"taxRate": 19, "taxCategoryCode": "S"}]
OTHER_SITE: dict[str, Any] = {
    "ident": "munich",
    "name": "munich",
    "companyName": "Isar GmbH",
    "address": {"street": "Weg", "streetNo": "1", "zip": "80331", "city": "München", "country": "DE"},
    "vatId": "DE134445555",
    "contact": {"name": "Büro", "email": "isar@company.example", "phone": "+49 89 1"},
}
"""Of another company of the tenant."""


class Desk(Office):
    """A company that sells, bills and is paid."""

    payments = 0

    def order(self, ident: str = "o-1", status: int = 201, **more: Any) -> Any:
        body = {"orderIdent": ident, "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "lineItems": [a_line()], **more}
        return self.call("POST", ORDERS, body, status)

    def group(self, **changes: Any) -> None:
        known = self.call("GET", GROUP)
        kept = ("name", "localeConfiguration", "contractDocumentDateDetermination", "depositReceivableRelevant")
        self.call("PUT", GROUP, {**{name: known[name] for name in kept}, **changes})

    def pay(self, amount: str, document: str) -> None:
        self.payments += 1
        body = {
            "externalIdent": f"bank-{self.payments}",
            "baseAmount": {"amount": amount, "currency": "EUR"},
            "bookingDate": "2026-05-10",
            "creditDebitIndicator": "CREDIT",
            "description": document,
        }
        assert self.call("POST", "/v2/merchant-payment-accounts/bank/payments", body, 201)["status"] == "ASSIGNED"

    def idents(self, kind: str) -> list[str]:
        rows = self.tenant.rows("SELECT ident FROM document WHERE document_type = %s ORDER BY id", (kind,))
        return [row.ident for row in rows]

    def balances(self) -> dict[int, D]:
        rows = self.tenant.rows(
            "SELECT account, sum(CASE side WHEN 'D' THEN amount ELSE -amount END) AS balance FROM journal_line GROUP BY account"
        )
        return {row.account: row.balance for row in rows if row.balance}


def a_line(ident: str = "l-1", net: str = "100.00", **more: Any) -> dict[str, Any]:
    return {
        "ident": ident,
        "name": "Machine",
        "category": "PHYSICAL_PRODUCT",
        "unitPriceNet": net,
        "deliveryDate": "2026-05-09",
        **more,
    }


def a_deposit(ident: str, gross: str, **more: Any) -> dict[str, Any]:
    return {"ident": ident, "grossValue": gross, "taxInformation": S19, "name": f"Deposit {ident}", **more}


TRADE_IN = {
    "ident": "t",
    "name": "Old machine",
    "itemType": "TRADE_IN",
    "rowTotalNet": "20.00",
    "rowTotalGross": "20.00",
    "taxInformation": S19,
}


def a_desk(tenant: Tenant, client: TestClient, headers: dict[str, str]) -> Desk:
    """In May 2026, with a bank account whose payments may be less than what is owed."""
    made = Desk(tenant, client, headers)
    made.clock("2026-05-10T10:00")
    made.call("POST", "/v2/merchant-payment-accounts", BANK, 201)
    partial = {"underpaymentAssignmentToDocuments": True}
    made.call("POST", "/v2/merchant-payment-accounts/bank/assignment-configuration", partial, 201)
    return made
