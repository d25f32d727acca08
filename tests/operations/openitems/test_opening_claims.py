"""Open invoices of a former system: they are open items under their own numbers, and neither revenue nor VAT once more."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.received import CUSTOMER, PaperKeeper, a_plain_pdf, a_ubl
from tests.factories.tenants import Tenant

CLAIMS = "/v2/opening-claims"
D = Decimal
LINES = (
    "SELECT e.kind, l.account, l.side, l.amount, e.posting_date::text AS day, e.document_date::text AS dated FROM journal_line l"
    " JOIN journal_entry e ON e.id = l.entry_id ORDER BY e.fiscal_year, e.journal_number, l.position"
)


@pytest.fixture
def mover(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> PaperKeeper:
    """A company that comes from another system."""
    return PaperKeeper(furnished, client, bearer(furnished))


def a_claim(**more: Any) -> dict[str, Any]:
    rows = [{"description": "Work", "net": "100.00", "vatRate": 19}]
    said = {"number": "FB/1024", "customerIdent": CUSTOMER, "documentDate": "2026-03-02", "dueDate": "2026-03-16", "rows": rows}
    return {**said, "openedOn": "2026-04-01", **more}


def booked(mover: PaperKeeper) -> list[tuple[Any, ...]]:
    return [(row.kind, row.account, row.side, row.amount) for row in mover.tenant.rows(LINES)]


def test_what_is_open_is_carried_forward_without_revenue_and_vat(mover: PaperKeeper) -> None:
    made = mover.call("POST", CLAIMS, a_claim(), 201)
    assert (made["documentIdent"], made["gross"], made["paid"], made["opening"], made["balance"]) == ("FB/1024", 119, 0, 119, 119)
    assert booked(mover) == [("OPENING", 10000, "D", 119), ("OPENING", 9008, "C", 119)]
    (row, _) = mover.tenant.rows(LINES)
    assert (row.day, row.dated) == ("2026-04-01", "2026-03-02")
    assert mover.call("GET", f"{CLAIMS}/{made['documentId']}") == made
    mover.sound()
