"""A company that looks at its bills before it sends them: runs that it holds."""

from typing import Any

from tests.factories.offices import Office

from contor.billing.held.work import work_on_runs
from contor.billing.runs import run_tenant
from contor.commands.demo import CUSTOMER_DATA

RUNS = "/v2/billing-runs"


class Bureau(Office):
    """A company that looks at its bills before it sends them."""

    def customers(self, count: int) -> None:
        for number in range(count):
            address = {name: value for name, value in ADDRESS.items() if value is not None}
            body = {"customerIdent": f"k-{number}", "company": f"Kunde {number}", "customerType": "B2B"}
            self.call("POST", "/v2/customers", {**body, "addresses": [{**address, "addressIdent": f"a-{number}"}]}, 201)

    def sign(self, number: int, ident: str | None = None, **more: Any) -> None:
        self.contract(ident or f"v-{number}", debtorIdent=f"k-{number}", invoiceAddressIdent=f"a-{number}", **more)

    def change_customer(self, number: int, **more: Any) -> None:
        path = f"/v2/customers/k-{number}"
        body = {name: value for name, value in self.call("GET", path).items() if name in ("company", "customerType")}
        self.call("PUT", path, {**body, **more})

    def unpriced(self, option: str) -> None:
        """As older data may have it: its only price holds nowhere, and nothing of who has it can be billed."""
        nowhere = '{"country": "FR", "region": null, "operating_site_ident": null}'
        sql = "UPDATE plan_option_version SET content = jsonb_set(content, '{prices,0,criteria}', %s) WHERE option_ident = %s"
        with self.tenant.runtime.transaction(self.tenant.caller()) as uow:
            uow.run(sql, (nowhere, option))

    def by_clock(self) -> Any:
        return run_tenant(self.tenant.runtime, self.tenant.id, automatic=True)

    def work(self) -> None:
        work_on_runs(self.tenant.runtime, self.tenant.id)

    def previewed(self, **body: Any) -> Any:
        ident = self.call("POST", RUNS, body, 201)["runIdent"]
        self.work()
        return self.call("GET", f"{RUNS}/{ident}")

    def approved(self, ident: str) -> Any:
        assert self.call("POST", f"{RUNS}/{ident}/actions/approve")["status"] == "APPROVED"
        self.work()
        return self.call("GET", f"{RUNS}/{ident}")

    def states(self, run: Any) -> dict[str, tuple[int, int]]:
        return {entry["status"]: (entry["customers"], entry["items"]) for entry in run["counts"]}


ADDRESS = {
    "addressType": "INVOICE",
    "street": "Weg",
    "streetNo": "1",
    "zip": "20095",
    "city": "Hamburg",
    "country": "DE",
    "company": CUSTOMER_DATA["company"],
}
