"""Skonto that was granted on a document falls with what it rested on as well once that document was issued anew (money 4.4)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.cases import clearing, tax_on_receipt
from tests.factories.companies import Company, day_here

D = Decimal
SKONTO = {"paymentTerm": {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]}}
GRANTED = (8736, 8731)


class Reissuer(Company):
    def paid(self, amount: str, number: str, name: str, **more: Any) -> None:
        made = self.pay(amount, "?", endToEndIdent=name, **more)
        self.call("POST", "/v2/payment-assignments", {"paymentIdent": made["paymentIdent"], "targetIdent": number}, 201)

    def came_back(self, amount: str, name: str | None, number: str = "", **more: Any) -> None:
        named = {} if name is None else {"endToEndIdent": name}
        back = self.pay(amount, "", creditDebitIndicator="DEBIT", returnInformation={"reasonCode": "AM04"}, **named, **more)
        if number:
            body = {"paymentIdent": back["paymentIdent"], "targetIdent": number}
            self.call("POST", "/v2/payment-assignments", body, 201)
        else:
            assert back["status"] == "ASSIGNED", back

    def reissue(self, number: str) -> str:
        self.call("POST", f"/v2/documents/{number}/actions/reissue", {}, 202)
        self.work()
        (row,) = self.tenant.rows("SELECT ident FROM document WHERE document_type = 'INVOICE' ORDER BY id DESC LIMIT 1")
        return str(row.ident)

    def owed(self, *numbers: str) -> list[Decimal]:
        cases = [self.case(number) for number in numbers]
        return [D(str(it["balance"])) * (-1 if it["balanceDebitCreditIndicator"] == "CREDIT" else 1) for it in cases]

    def granted(self) -> Decimal:
        return sum((amount for account, amount in self.sums().items() if account in GRANTED), D(0))


@pytest.fixture(params=[False, True], ids=["billed", "received"])
def seller(request: pytest.FixtureRequest, company: Company) -> Reissuer:
    made = Reissuer(company.tenant, company.client, company.headers)
    made.take_parts()
    if request.param:
        tax_on_receipt(made)
    return made


def cleared_with_a_credit(seller: Reissuer) -> tuple[str, Any]:
    """238.00, paid by 173.74, a credit of 59.50, and Skonto of 4.76 with the clearing."""
    other = seller.document(net="50.00")
    seller.paid("59.50", other, "E-0")
    memo = seller.document("credit-memos", "50.00", relatedDocumentIdent=other)
    number = seller.document(net="200.00", **SKONTO)
    seller.paid("173.74", number, "E-1")
    run = clearing(seller, cases=[memo, number])
    assert (seller.owed(number), seller.granted()) == ([0], 4)
    return number, run


@pytest.mark.parametrize("is_reissued", [False, True])
def test_with_the_payment_beside_a_clearing(seller: Reissuer, is_reissued: bool) -> None:
    number, _ = cleared_with_a_credit(seller)
    new = seller.reissue(number) if is_reissued else number
    seller.came_back("173.74", "E-1")
    assert (seller.owed(new), seller.granted()) == ([D("178.50")], 0)
    seller.sound()


@pytest.mark.parametrize("is_reissued", [False, True])
def test_with_the_clearing_beside_a_payment(seller: Reissuer, is_reissued: bool) -> None:
    number, run = cleared_with_a_credit(seller)
    new = seller.reissue(number) if is_reissued else number
    seller.call("POST", f"/v2/opos-cases/clearing-runs/{run['ident']}/actions/reverse")
    assert (seller.owed(new), seller.granted()) == ([D("64.26")], 0)
    seller.sound()


def by_hand(amount: str) -> Callable[[Reissuer, str], None]:
    return lambda seller, number: seller.came_back(amount, None, number)


@pytest.mark.parametrize(
    ("goes", "left"),
    [
        (by_hand("100.00"), "104.76"),
        (by_hand("50.00"), "54.76"),
        (by_hand("133.24"), "138.00"),
        (lambda seller, number: seller.came_back("133.24", "E-1"), "138.00"),
        (lambda seller, number: seller.came_back("100.00", "E-2"), "104.76"),
    ],
)
@pytest.mark.parametrize("times", [0, 1, 2])
def test_with_one_of_two_payments(seller: Reissuer, times: int, goes: Callable[[Reissuer, str], None], left: str) -> None:
    number = seller.document(net="200.00", **SKONTO)
    seller.paid("133.24", number, "E-1")
    seller.paid("100.00", number, "E-2")
    assert (seller.owed(number), seller.granted()) == ([0], 4)
    for _ in range(times):
        number = seller.reissue(number)
    goes(seller, number)
    assert (seller.owed(number), seller.granted()) == ([D(left)], 0)
    seller.sound()


def test_it_stays_where_it_is_earned_still(seller: Reissuer) -> None:
    """What goes had been too much."""
    number = seller.document(net="200.00", **SKONTO)
    seller.paid("233.24", number, "E-1")
    seller.paid("50.00", number, "E-2")
    new = seller.reissue(number)
    seller.came_back("50.00", "E-2")
    assert (sum(seller.owed(number, new)), seller.granted()) == (0, 4)
    seller.sound()


def test_in_dollars_with_a_surplus_of_another_rate(seller: Reissuer) -> None:
    def in_dollars(euro: str, amount: str) -> dict[str, Any]:
        rate = (D(amount) / D(euro)).quantize(D("0.00001"))
        return {"originalAmount": {"amount": amount, "currency": "USD"}, "exchangeRate": str(rate)}

    def billed(net: str, rate: str, **more: Any) -> str:
        return seller.document(net=net, currency="USD", exchangeRate={"rate": rate, "date": day_here()}, **more)

    other, number = billed("50.00", "1.10"), billed("200.00", "1.25", **SKONTO)
    seller.paid("100.00", other, "E-0", **in_dollars("100.00", "119.00"))
    seller.paid("150.00", number, "E-1", **in_dollars("150.00", "173.74"))
    clearing(seller, customerIdent="muster-handel")
    assert seller.owed(other, number) == [0, 0]
    new = seller.reissue(number)
    seller.came_back("95.00", "E-0", **in_dollars("95.00", "119.00"))
    assert seller.owed(other, number, new) == [D("59.50"), 0, D("64.26")]
    seller.came_back("150.00", None, new, **in_dollars("150.00", "173.74"))
    assert (seller.owed(other, number, new), seller.granted()) == ([D("59.50"), 0, 238], 0)
    seller.sound()
