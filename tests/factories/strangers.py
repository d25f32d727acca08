"""A company whose people know nothing but the platform API."""

from typing import Any

from tests.factories.agencies import Agency
from tests.factories.bureaus import Bureau
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import Desk
from tests.factories.offices import D

from contor.documents.after import ArchiveDocuments, archive

SIGNS = {"DEBIT": 1, "CREDIT": -1}


class Stranger(Bureau, Desk, Agency):
    """What came of its requests, it reads by requests."""

    def listed(self, path: str) -> list[Any]:
        """All of a list, which is short."""
        answer = self.call("GET", f"{path}{'&' if '?' in path else '?'}size=100")
        assert answer["page"]["totalPages"] <= 1
        return list(answer["_embedded"])

    def papers(self) -> list[Any]:
        return self.listed("/v2/documents?sort=documentId,asc")

    def documents(self) -> list[tuple[str, D, D, D]]:
        return [(one["documentType"], *(D(str(one["totals"][part])) for part in ("net", "tax", "gross"))) for one in self.papers()]

    def nets(self, since: int = 0) -> list[tuple[str, D]]:
        return [(kind, net) for kind, net, _, _ in self.documents()[since:]]

    def owed(self) -> D:
        cases = self.listed("/v2/opos-cases")
        return sum((SIGNS[one["balanceDebitCreditIndicator"]] * D(str(one["balance"])) for one in cases), D(0))

    def accounts(self) -> dict[int, D]:
        """What is left on each account: nothing, where all came back."""
        found: dict[int, D] = {}
        for one in self.listed("/v2/bookingEntries"):
            amount = SIGNS[one["debitCreditIndicator"]] * D(str(one["amount"]))
            found[one["account"]] = found.get(one["account"], D(0)) + amount
        return {account: left for account, left in found.items() if left}

    def ubl(self, paper: Any) -> str:
        """Its e-invoice."""
        self.tenant.execute(archive, ArchiveDocuments(document_ids=(paper["documentId"],)))
        files = self.call("GET", f"/v2/documents/{paper['ident']}")["files"]
        (ident,) = [one["fileIdent"] for one in files if one["name"].endswith(".ubl.xml")]
        return self.client.get(f"/v2/files/{ident}", headers=self.headers).text

    def end(self, ident: str, last: str, verb: str = "terminate-extraordinarily") -> None:
        self.call("POST", f"{CONTRACTS}/{ident}/actions/{verb}", {"terminationDate": last})

    def cancel(self, ident: str) -> None:
        self.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": [ident]}, 204)

    def dearer(self, ident: str, price: str, day: str, plan: str = "basic") -> None:
        """Another price of its own from a day on, beside those that it has."""
        (known,) = self.listed(f"{CONTRACTS}/pageable?search=contractIdent=={ident}")
        more = {"optionPrices": [{"optionIdent": f"{plan}-fee", "prices": [{"price": price}]}], "effectiveFrom": day}
        self.call("PATCH", f"{CONTRACTS}/{known['contractId']}", {"planModifiers": [*known["planModifiers"], more]})

    def due(self, day: str, at: str = "10:00") -> list[tuple[str, D]]:
        """What a run by the clock issues on that day, at that time in UTC."""
        known = len(self.papers())
        self.clock(f"{day}T{at}")
        self.by_clock()
        return self.nets(known)
