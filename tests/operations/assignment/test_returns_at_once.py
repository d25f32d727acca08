"""A return meets what is done with its payment at the same time: the one waits for the other and decides on what it has done, so that all
ends as where one comes after the other."""

from decimal import Decimal
from typing import Any

import pytest
from tests.checkers.meeting import Meeting
from tests.factories.cases import clearing
from tests.factories.companies import Company

D = Decimal
PAY, REVERSE, RUN_REVERSED, DECIDE = "payment.create", "payment_assignment.reverse", "clearing_run.reverse", "opos_decision.create"


@pytest.fixture
def meeting(company: Company, monkeypatch: pytest.MonkeyPatch) -> Meeting:
    company.take_parts()
    return Meeting(company.tenant, monkeypatch)


def paid(company: Company, amount: str, number: str) -> str:
    """The assignment."""
    company.pay(amount, number, endToEndIdent="E-1")
    (made,) = company.call("GET", "/v2/payment-assignments")["_embedded"]
    return str(made["paymentAssignmentIdent"])


def came_back(company: Company, amount: str, answers: list[Any]) -> None:
    information = {"reasonCode": "AM04"}
    answers.append(company.pay(amount, "", creditDebitIndicator="DEBIT", endToEndIdent="E-1", returnInformation=information))


def reverse(company: Company, assignment: str, status: int) -> None:
    company.call("POST", f"/v2/payment-assignments/{assignment}/actions/reverse", status=status)


def statuses(company: Company) -> dict[str, str]:
    return {
        it["paymentIdent"]: it["status"] for it in company.call("GET", "/v2/merchant-payment-accounts/bank/payments")["_embedded"]
    }


def owed(company: Company, number: str) -> Decimal:
    return D(str(company.case(number)["balance"]))


def test_an_assignment_is_reversed_and_its_payment_comes_back(company: Company, meeting: Meeting) -> None:
    """Nothing of it is assigned any more: both wait."""
    number, answers = company.document(), list[Any]()
    made = paid(company, "119.00", number)
    meeting.of(REVERSE, lambda: reverse(company, made, 200), lambda: came_back(company, "119.00", answers))
    assert (owed(company, number), {*statuses(company).values()}) == (119, {"OPEN"})
    assert answers[0]["reason"] == "RETURN_WITHOUT_PAYMENT"
    company.sound()


def test_a_payment_comes_back_and_its_assignment_is_reversed(company: Company, meeting: Meeting) -> None:
    number, answers = company.document(), list[Any]()
    made = paid(company, "119.00", number)
    meeting.of(PAY, lambda: came_back(company, "119.00", answers), lambda: reverse(company, made, 400))
    assert (owed(company, number), {*statuses(company).values()}) == (119, {"ASSIGNED"})
    company.sound()


def overpaid_and_cleared(company: Company) -> tuple[str, str, str]:
    """A document, another one that its surplus pays in part, and the run by which it does."""
    number, another = company.document(), company.document()
    paid(company, "200.00", number)
    run = clearing(company, customerIdent="muster-handel", currency="EUR")
    assert (owed(company, number), owed(company, another)) == (0, 38)
    return number, another, str(run["ident"])


@pytest.mark.parametrize("return_first", [True, False])
def test_a_clearing_is_reversed_and_what_it_cleared_comes_back(company: Company, meeting: Meeting, return_first: bool) -> None:
    """It is taken back once."""
    number, another, run = overpaid_and_cleared(company)
    answers = list[Any]()
    back = (PAY, lambda: came_back(company, "200.00", answers))
    undone = (RUN_REVERSED, lambda: company.call("POST", f"/v2/opos-cases/clearing-runs/{run}/actions/reverse"))
    (operation, first), (_, second) = (back, undone) if return_first else (undone, back)
    meeting.of(operation, first, second)
    assert (owed(company, number), owed(company, another), answers[0]["status"]) == (119, 119, "ASSIGNED")
    company.sound()


def test_a_surplus_is_kept_and_what_made_it_reversed(company: Company, meeting: Meeting) -> None:
    """What rests on a clearing is asked for when nobody decides on it any more: it stays."""
    number, another, run = overpaid_and_cleared(company)
    company.pay("119.00", another)
    assert owed(company, another) == 81  # too much
    path = f"/v2/opos-cases/clearing-runs/{run}/actions/reverse"
    meeting.of(
        DECIDE,
        lambda: company.call("POST", f"/v2/opos-cases/{another}/decisions", {"type": "OTHER_REVENUE"}, 201),
        lambda: company.call("POST", path, status=400),
    )
    assert (owed(company, number), owed(company, another)) == (0, 0)
    company.sound()
