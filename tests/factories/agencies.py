"""A company whose partners earn from related contracts."""

from typing import Any

from tests.factories.catalogue import MONTH, OPTIONS, PHASE, PLAN, PLANS
from tests.factories.contracts import CONTRACTS, a_contract
from tests.factories.offices import D, Office

RELATED = f"{CONTRACTS}/p-1/related-contracts"
PARTNER = {
    "customerIdent": "partner",
    "company": "Partner GmbH",
    "customerType": "B2B",
    "vatId": "DE129273398",
    "selfBillingAgreementOn": "2026-01-01",
}
HOME = {
    "addressIdent": "a",
    "addressType": "INVOICE",
    "company": "Partner GmbH",
    "street": "Weg",
    "streetNo": "1",
    "zip": "20095",
    "city": "Hamburg",
    "country": "DE",
}


class Agency(Office):
    """An office with a partner who earns 25 % of what `v-1` is billed."""

    def partner(self, country: str = "DE", percentage: Any = 25, interval: Any = MONTH, **more: Any) -> None:
        self.call("POST", "/v2/customers", {**PARTNER, **more, "addresses": [{**HOME, "country": country}]}, 201)
        option = {"optionIdent": "share", "name": "Commission", "type": "COMMISSION", "commissionPercentage": percentage}
        self.call("POST", OPTIONS, {**option, "status": "FINAL"}, 201)
        phase = {**PHASE, "billingConfig": {"billingInterval": interval}, "linkedOptions": [{"optionIdent": "share"}]}
        self.call("POST", PLANS, {**PLAN, "planIdent": "agency", "type": "PARTNER", "phases": [phase]}, 201)

    def earning(self, ident: str = "p-1", of: tuple[str, ...] = ("v-1",), **more: Any) -> Any:
        related = {"relatedContracts": [{"contractIdent": one} for one in of]} if of else {}
        whose = {"planIdent": "agency", "debtorIdent": "partner", "invoiceAddressIdent": "a", "optionQuantities": []}
        return self.call("POST", CONTRACTS, a_contract(ident, **{**whose, **related, **more}), 201)

    def self_billed(self) -> list[tuple[str, D, D, D]]:
        return [document for document in self.documents() if document[0].startswith("SELF_BILLING")]

    def balance(self) -> dict[str, D]:
        rows = self.tenant.rows(
            "SELECT l.account, sum(CASE side WHEN 'D' THEN amount ELSE -amount END) AS b FROM journal_line l"
            " JOIN journal_entry e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id WHERE e.kind LIKE 'SELF_BILLING%' GROUP BY 1"
        )
        return {str(row.account): row.b for row in rows}
