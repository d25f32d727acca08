"""A company that reminds its customers, through the platform API, with its clock turned."""

import datetime as dt
from decimal import Decimal
from typing import Any

from starlette.testclient import TestClient
from tests.factories.companies import Company
from tests.factories.tenants import Tenant

from contor.dunning.letters import MakeFiles, make_files
from contor.dunning.runs.work import look

CONFIGURATION = "/v2/billing/configuration/dunning"
RUNS, LETTERS, CLAIMS = "/v2/dunning-runs", "/v2/dunning-letters", "/v2/dunning-claims"
LEVELS: list[dict[str, Any]] = [
    {"daysAfter": 14, "daysToPay": 7},
    {"daysAfter": 14, "daysToPay": 7, "fee": "10.00"},
    {"daysAfter": 14, "daysToPay": 7, "fee": "15.00", "interest": True},
]


class Reminding(Company):
    """... which is paid, or not."""

    def __init__(self, tenant: Tenant, client: TestClient, headers: dict[str, str]) -> None:
        super().__init__(tenant, client, headers)
        self.day = dt.date(2026, 1, 5)

    def turn(self, day: str) -> None:
        """It is ten o'clock of this day."""
        self.day = dt.date.fromisoformat(day)
        self.tenant.turn_clock(dt.datetime.combine(self.day, dt.time(10), dt.UTC))

    def duns(self, levels: list[dict[str, Any]] | None = None, **switches: Any) -> Any:
        return self.call("POST", CONFIGURATION, {"levels": levels or LEVELS, **switches}, 201)

    def look(self) -> None:
        """What a worker does."""
        look(self.tenant.runtime, self.tenant.id)

    def previewed(self, **body: Any) -> Any:
        made = self.call("POST", RUNS, body, 201)
        self.look()
        return self.call("GET", f"{RUNS}/{made['runIdent']}")

    def run(self, **body: Any) -> Any:
        """A run, approved and carried out."""
        ident = self.previewed(**body)["runIdent"]
        self.call("POST", f"{RUNS}/{ident}/actions/approve")
        self.look()
        return self.call("GET", f"{RUNS}/{ident}")

    def items(self, run: Any) -> dict[str, str]:
        """The outcome of each document."""
        found = self.call("GET", f"{RUNS}/{run['runIdent']}/items?size=100")["_embedded"]
        return {one["documentIdent"]: one["outcome"] for one in found}

    def letters(self, search: str = "status==MADE") -> Any:
        """The oldest first."""
        return self.call("GET", f"{LETTERS}?search={search}&sort=letterId,asc&size=100")["_embedded"]

    def claims(self, search: str = "") -> Any:
        return self.call("GET", f"{CLAIMS}?search={search}&sort=claimId,asc&size=100")["_embedded"]

    def file_all(self) -> None:
        """What the file workers do."""
        ids = [row.letter_id for row in self.tenant.rows("SELECT letter_id FROM dunning_letter WHERE made_at IS NOT NULL")]
        self.tenant.execute(make_files, MakeFiles(letter_ids=tuple(ids)))

    def paid(self, amount: str, text: str, **more: Any) -> Any:
        return self.pay(amount, text, bookingDate=self.day.isoformat(), **more)

    def entries(self, kind: str) -> list[tuple[int, str, Decimal]]:
        """(account, side, amount) of the entries of a kind, in order."""
        rows = self.tenant.rows(
            "SELECT l.account, l.side, l.amount FROM journal_line l JOIN journal_entry e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id"
            " WHERE e.kind = %s ORDER BY e.id, l.position",
            (kind,),
        )
        return [tuple(row) for row in rows]

    def sound(self) -> None:
        """Documents get no files here."""
        assert (found := self.tenant.unsound()) == [], found
