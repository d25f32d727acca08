"""An overpayment that was kept as revenue goes with the money that it rested on: the customer owes his document, not more."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.companies import Company

D = Decimal
BANK, DEBTOR, KEPT, TAX = 1200, 10000, 8640, 1776
DRAWN = {"endToEndIdent": "E2E-1"}


def kept(company: Company, *paid: tuple[str, dict[str, Any]], **more: Any) -> str:
    """An invoice of 119.00, paid by these; what is too much is kept."""
    company.take_parts()
    number = company.document(**more)
    for amount, said in paid:
        payment = company.pay(amount, number, **said)
        if payment["status"] == "OPEN":
            body = {"paymentIdent": payment["paymentIdent"], "targetIdent": number}
            company.call("POST", "/v2/payment-assignments", body, 201)
    company.call("POST", f"/v2/opos-cases/{number}/decisions", {"type": "OTHER_REVENUE"}, 201)
    assert company.case(number)["balance"] == 0
    return number


def returned(company: Company, amount: str) -> Any:
    return company.pay(amount, "", creditDebitIndicator="DEBIT", returnInformation={"reasonCode": "AC04"}, **DRAWN)


def last(company: Company) -> int:
    return int(company.tenant.rows("SELECT coalesce(max(id), 0) AS id FROM journal_entry")[0].id)


def entries(company: Company, since: int) -> list[tuple[str, int, str, Decimal]]:
    rows = company.tenant.rows(
        "SELECT e.kind, l.account, l.side, l.amount FROM journal_line l JOIN journal_entry e ON e.tenant_id = l.tenant_id"
        " AND e.id = l.entry_id WHERE e.id > %s ORDER BY e.id, l.position",
        (since,),
    )
    return [tuple(row) for row in rows]


TAKEN_BACK = [
    ("OTHER_REVENUE", DEBTOR, "D", D("-11.90")),
    ("OTHER_REVENUE", KEPT, "C", D("-10.00")),
    ("OTHER_REVENUE", TAX, "C", D("-1.90")),
]


def test_the_return_of_all_of_it_takes_back_what_was_kept(company: Company) -> None:
    number = kept(company, ("130.90", DRAWN))
    since = last(company)
    assert returned(company, "130.90")["status"] == "ASSIGNED"
    assert entries(company, since) == [
        *TAKEN_BACK,
        ("PAYMENT_OUT", DEBTOR, "D", D("130.90")),
        ("PAYMENT_OUT", BANK, "C", D("130.90")),
    ]
    assert company.case(number)["balance"] == 119
    assert company.sums() == {8400: D(-100), TAX: D(-19), DEBTOR: D(119)}
    decisions = company.call("GET", f"/v2/opos-cases/{number}/decisions")["_embedded"]
    assert sorted((one["debitCreditIndicator"], one["amount"]) for one in decisions) == [("CREDIT", 11.9), ("DEBIT", 11.9)]
    first = next(one for one in decisions if one["debitCreditIndicator"] == "DEBIT")
    company.call("POST", f"/v2/opos-cases/{number}/decisions/{first['ident']}/actions/revert", {}, 400)
    company.sound()


def test_an_assignment_that_is_reversed_takes_back_what_was_kept(company: Company) -> None:
    number = kept(company, ("130.90", DRAWN))
    (made,) = company.call("GET", "/v2/payment-assignments")["_embedded"]
    since = last(company)
    company.call("POST", f"/v2/payment-assignments/{made['paymentAssignmentIdent']}/actions/reverse")
    assert entries(company, since)[:3] == TAKEN_BACK
    assert company.case(number)["balance"] == 119
    assert company.sums()[DEBTOR] == 119
    company.sound()


@pytest.mark.parametrize(("back", "owed"), [("119.00", 107.1), ("11.90", 0)])
def test_of_two_payments_one_comes_back(company: Company, back: str, owed: float) -> None:
    """What is left of the money pays the invoice, which is owed as far as that is not enough."""
    parts = ["119.00", "11.90"]
    number = kept(company, *((one, DRAWN if one == back else {}) for one in parts))
    returned(company, back)
    assert company.case(number)["balance"] == pytest.approx(owed)
    assert KEPT not in company.sums()
    company.sound()


def test_skonto_stands_where_the_overpayment_alone_comes_back(company: Company) -> None:
    term = {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]}
    number = kept(company, ("116.62", {}), ("11.90", DRAWN), paymentTerm=term)
    returned(company, "11.90")
    assert company.case(number)["balance"] == 0
    assert company.sums() == {8400: D(-100), TAX: D("-18.62"), 8736: D(2), BANK: D("116.62")}
    company.sound()
