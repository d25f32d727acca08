"""Contracts that are changed while they run, through the platform API."""

from decimal import Decimal
from typing import Any

from tests.factories.contracts import CONTRACTS
from tests.factories.offices import Office

D = Decimal
FEE = "basic-fee"


def change(office: Office, status: int = 200, ident: str = "v-1", **body: Any) -> Any:
    return office.call("POST", f"{CONTRACTS}/{ident}/actions/change", body, status)


def own_price(price: str, option: str = FEE, side: str = "NET") -> Any:
    return [{"optionIdent": option, "prices": [{"price": price, "netGrossIndicator": side}]}]


def seats(quantity: float, option: str = FEE) -> Any:
    return [{"optionIdent": option, "quantity": quantity}]


def papers(office: Office) -> list[tuple[str, D]]:
    """Type and net of each document; credit memos below zero."""
    return [(kind, -net if kind == "CREDIT_MEMO" else net) for kind, net, _, _ in office.documents()]


def rows_of_last(office: Office) -> list[tuple[D, str]]:
    """What the rows of the last document come to, and their first days."""
    (found,) = office.tenant.rows("SELECT ident FROM document ORDER BY id DESC LIMIT 1")
    (paper,) = office.call("GET", f"/v2/documents?search=ident=={found.ident}")["_embedded"]
    return [(D(str(row["prices"]["total"]["net"])), row["servicePeriod"]["start"]) for row in paper["items"]]


def begun(office: Office, price: str = "30.00", quantity: int = 1, **plan: Any) -> None:
    """A contract since April, which is billed."""
    office.plan(price, **plan)
    office.clock("2026-04-01T10:00")
    office.contract(startDate="2026-04-01", quantity=quantity)
    office.bill()
