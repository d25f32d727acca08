"""A contract is changed while it runs: what is billed already is corrected to the cent, what is agreed for later waits for its day."""

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


def test_s1_a_price_in_the_middle_of_a_month(office: Office) -> None:
    office.plan("30.00")
    office.clock("2026-04-01T10:00")
    office.contract(startDate="2026-04-01")
    office.bill()
    office.clock("2026-04-16T10:00")
    change(office, optionPrices=own_price("60.00"))
    office.bill()
    assert papers(office) == [("INVOICE", D(30)), ("INVOICE", D(15))]
    office.clock("2026-05-01T10:00")
    office.bill()
    assert papers(office)[2:] == [("INVOICE", D(60))]


def test_s2_a_price_in_a_period_that_was_clipped(office: Office) -> None:
    office.plan("29.90")
    office.clock("2027-01-31T10:00")
    office.contract(startDate="2027-01-31")
    office.bill()
    office.clock("2027-02-28T10:00")
    office.bill()
    office.clock("2027-03-10T10:00")
    change(office, optionPrices=own_price("49.90"))
    office.bill()
    assert papers(office) == [("INVOICE", D("29.90")), ("INVOICE", D("29.90")), ("INVOICE", D("13.55"))]
    assert rows_of_last(office) == [(D("-20.25"), "2027-03-10"), (D("33.80"), "2027-03-10")]


def test_s3_further_seats(office: Office) -> None:
    office.plan("10.00")
    office.clock("2026-04-01T10:00")
    office.contract(startDate="2026-04-01", quantity=5)
    office.bill()
    office.clock("2026-04-11T10:00")
    change(office, optionQuantities=seats(8))
    office.bill()
    assert papers(office) == [("INVOICE", D(50)), ("INVOICE", D(20))]


def test_s4_up_and_down_within_a_month(office: Office) -> None:
    office.plan("30.00")
    office.clock("2026-04-01T10:00")
    office.contract(startDate="2026-04-01")
    office.bill()
    office.clock("2026-04-11T10:00")
    change(office, optionPrices=own_price("60.00"))
    office.bill()
    assert rows_of_last(office) == [(D(-20), "2026-04-11"), (D(40), "2026-04-11")]
    office.clock("2026-04-21T10:00")
    change(office, optionPrices=own_price("45.00"))
    office.bill()
    assert papers(office) == [("INVOICE", D(30)), ("INVOICE", D(20)), ("CREDIT_MEMO", D(-5))]
    assert sorted(rows_of_last(office)) == [(D(-15), "2026-04-21"), (D(20), "2026-04-21")]  # a credit memo shows what it gives
    assert sum(net for _, net in papers(office)) == D(45)
