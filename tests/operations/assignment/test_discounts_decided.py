"""Skonto that a person decided rests on no money: it stays when a payment goes, as what that has earned itself does not."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.cases import clearing, decide, revert
from tests.factories.companies import Company

D = Decimal
SKONTO: dict[str, Any] = {"paymentTerm": {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]}}


def paid(company: Company, amount: str, number: str, name: str) -> str:
    """Put there by hand, whatever is left."""
    made = company.pay(amount, "?", endToEndIdent=name)
    company.call("POST", "/v2/payment-assignments", {"paymentIdent": made["paymentIdent"], "targetIdent": number}, 201)
    return str(made["paymentIdent"])


def returned(company: Company, amount: str, name: str, payment: str) -> None:
    information = {"reasonCode": "AM04"}
    back = company.pay(amount, "", creditDebitIndicator="DEBIT", endToEndIdent=name, returnInformation=information)
    assert back["status"] == "ASSIGNED"


def reversed_by_hand(company: Company, amount: str, name: str, payment: str) -> None:
    made = company.call("GET", f"/v2/payment-assignments?search=paymentIdent=={payment}")["_embedded"]
    for it in made:
        company.call("POST", f"/v2/payment-assignments/{it['paymentAssignmentIdent']}/actions/reverse")


GOING = pytest.mark.parametrize("goes", [returned, reversed_by_hand])


def balance(company: Company, number: str) -> Decimal:
    return D(str(company.case(number)["balance"]))


@GOING
@pytest.mark.parametrize(
    ("steps", "first", "left"),
    [
        (("115.00", "decide 4.00"), "115.00", "115.00"),
        (("decide 4.00", "115.00"), "115.00", "115.00"),
        (("decide 1.00", "116.62"), "116.62", "118.00"),
        (("60.00", "decide 1.00", "56.62"), "60.00", "61.38"),
        (("60.00", "decide 1.00", "56.62"), "56.62", "58.00"),
        (("60.00", "55.00", "decide 4.00"), "60.00", "60.00"),
    ],
    ids=[
        "paid, decided",
        "decided, paid",
        "decided in part, the rest earned",
        "earned by the last",
        "the last goes",
        "two payments",
    ],
)
def test_it_stays_when_a_payment_goes(
    company: Company, goes: Callable[[Company, str, str, str], None], steps: tuple[str, ...], first: str, left: str
) -> None:
    number, payments = company.document(**SKONTO), dict[str, str]()
    for step in steps:
        if step.startswith("decide"):
            decide(company, number, "CASH_DISCOUNT", amount=step.partition(" ")[2])
        else:
            payments[step] = paid(company, step, number, f"E-{step}")
    assert company.case(number)["status"] == "CLOSED"
    goes(company, first, f"E-{first}", payments[first])
    assert (balance(company, number), company.case(number)["status"]) == (D(left), "OPEN")
    company.sound()
    decided = next(it["decisionIdent"] for it in company.case(number)["items"] if "decisionIdent" in it)
    revert(company, {"oposCaseIdent": number, "ident": decided})
    company.sound()


@GOING
def test_it_stays_when_a_payment_over_two_documents_goes(company: Company, goes: Callable[[Company, str, str, str], None]) -> None:
    one, other = company.document(**SKONTO), company.document(**SKONTO)
    payment = company.pay("231.62", "?", endToEndIdent="E-1")["paymentIdent"]
    parts = [
        {"paymentIdent": payment, "targetIdent": number, "amount": amount} for number, amount in ((one, 115), (other, "116.62"))
    ]
    company.call("POST", "/v2/payment-assignments/actions/split", {"assignments": parts}, 201)
    decide(company, one, "CASH_DISCOUNT")
    goes(company, "231.62", "E-1", payment)
    assert (balance(company, one), balance(company, other)) == (D("115.00"), D("119.00"))
    company.sound()


@GOING
def test_it_stays_on_what_stands_in_place_of_a_document(company: Company, goes: Callable[[Company, str, str, str], None]) -> None:
    """Paid before it was issued anew; the rest decided on the new one."""
    number = company.document(**SKONTO)
    payment = paid(company, "115.00", number, "E-1")
    anew = str(company.call("POST", f"/v2/documents/{number}/actions/reissue", {}, 202)["documentIdent"])
    clearing(company, customerIdent="muster-handel", currency="EUR")
    decide(company, anew, "CASH_DISCOUNT", amount="4.00")
    goes(company, "115.00", "E-1", payment)
    assert balance(company, anew) == D("115.00")
    company.sound()
