"""Skonto goes with whatever it rested on, a payment, a clearing, a decision, unless what is left has earned it still (money 4.4)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.cases import clearing, decide, revert, tax_on_receipt
from tests.factories.companies import Company

D = Decimal
SKONTO = {"paymentTerm": {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]}}
Way = Callable[[], object]


def balance(company: Company, number: str) -> Decimal:
    """Positive is owed to us."""
    case = company.case(number)
    return D(str(case["balance"])) * (-1 if case["balanceDebitCreditIndicator"] == "CREDIT" else 1)


def assigned(company: Company, amount: str, number: str, **more: Any) -> Any:
    """The assignment of a payment, made by hand where it does not go by itself."""
    made = company.pay(amount, number, **more)
    if made["status"] != "ASSIGNED":
        company.call("POST", "/v2/payment-assignments", {"paymentIdent": made["paymentIdent"], "targetIdent": number}, 201)
    return company.call("GET", "/v2/payment-assignments?sort=createdAt,desc")["_embedded"][0]


def reverse(company: Company, assignment: Any) -> None:
    company.call("POST", f"/v2/payment-assignments/{assignment['paymentAssignmentIdent']}/actions/reverse")


def reverse_run(company: Company, run: Any) -> None:
    company.call("POST", f"/v2/opos-cases/clearing-runs/{run['ident']}/actions/reverse")


def came_back(company: Company, amount: str, ident: str) -> None:
    more: dict[str, Any] = {"creditDebitIndicator": "DEBIT", "endToEndIdent": ident, "returnInformation": {"reasonCode": "AM04"}}
    assert company.pay(amount, "", **more)["status"] == "ASSIGNED"


def surplus_that_bounces(company: Company, number: str) -> Way:
    other = company.document()
    company.take_parts()
    assigned(company, "169.00", other, endToEndIdent="E-1")
    clearing(company, customerIdent="muster-handel")
    return lambda: came_back(company, "169.00", "E-1")


def surplus_whose_run_is_reversed(company: Company, number: str) -> Way:
    other = company.document()
    company.take_parts()
    assigned(company, "169.00", other)
    run = clearing(company, cases=[other, number])
    return lambda: reverse_run(company, run)


def credit_whose_run_is_reversed(company: Company, number: str) -> Way:
    other = company.document()
    assigned(company, "119.00", other)
    memo = company.document("credit-memos", "42.02", relatedDocumentIdent=other)  # 50.00
    run = clearing(company, cases=[memo, number])
    return lambda: reverse_run(company, run)


def decision_that_is_reverted(kind: str) -> Callable[[Company, str], Way]:
    def made(company: Company, number: str) -> Way:
        decision = decide(company, number, kind, amount="50.00")
        return lambda: revert(company, decision)

    return made


def part_that_bounces(company: Company, number: str) -> Way:
    company.take_parts()
    assigned(company, "50.00", number, endToEndIdent="E-1")
    return lambda: came_back(company, "50.00", "E-1")


RESTS_ON: dict[str, Callable[[Company, str], Way]] = {
    "surplus of a payment that bounces": surplus_that_bounces,
    "surplus, the run is reversed": surplus_whose_run_is_reversed,
    "credit memo, the run is reversed": credit_whose_run_is_reversed,
    "price reduction": decision_that_is_reverted("DISCOUNT"),
    "charges of banks": decision_that_is_reverted("BANK_FEE"),
    "payment": part_that_bounces,
}


@pytest.mark.parametrize("cash", [False, True])
@pytest.mark.parametrize("on", RESTS_ON)
def test_it_goes_with_what_it_rested_on(company: Company, on: str, cash: bool) -> None:
    if cash:
        tax_on_receipt(company)
    number = company.document(**SKONTO)
    take_back = RESTS_ON[on](company, number)
    assert balance(company, number) == 69
    before = company.sums()
    paid = assigned(company, "66.62", number)
    assert balance(company, number) == 0
    assert company.sums()[8736] == 2
    company.sound()
    take_back()
    assert balance(company, number) == D("52.38")
    sums = company.sums()
    assert 8736 not in sums
    company.sound()
    reverse(company, paid)
    assert balance(company, number) == 119
    assert 8736 not in before
    company.sound()


@pytest.mark.parametrize("cash", [False, True])
def test_it_stays_where_what_is_left_has_earned_it(company: Company, cash: bool) -> None:
    """The rest is paid in time; what was cleared before is a surplus then, and the other memo's clearing is none of its business."""
    if cash:
        tax_on_receipt(company)
    number = company.document(**SKONTO)
    take_back = surplus_whose_run_is_reversed(company, number)
    assigned(company, "66.62", number)
    company.take_parts()
    assigned(company, "50.00", number)
    assert balance(company, number) == -50
    take_back()
    assert (balance(company, number), company.sums()[8736]) == (0, 2)
    company.sound()


def test_what_a_person_decides_stays_until_he_reverts_it(company: Company) -> None:
    company.take_parts()
    number = company.document(**SKONTO)
    assigned(company, "100.00", number, endToEndIdent="E-1")
    decision = decide(company, number, "CASH_DISCOUNT", amount="19.00")
    came_back(company, "100.00", "E-1")
    assert balance(company, number) == 100
    company.sound()
    revert(company, decision)
    assert balance(company, number) == 119
    company.sound()


@pytest.mark.parametrize("cash", [False, True])
def test_whether_a_clearing_or_the_payment_comes_first_it_is_earned(company: Company, cash: bool) -> None:
    if cash:
        tax_on_receipt(company)
    company.take_parts()
    number, other = company.document(**SKONTO), company.document()
    assigned(company, "169.00", other, endToEndIdent="E-1")
    paid = assigned(company, "66.62", number)
    assert balance(company, number) == D("52.38")
    run = clearing(company, customerIdent="muster-handel")
    assert (balance(company, number), company.sums()[8736]) == (0, 2)
    company.sound()
    reverse_run(company, run)
    assert (balance(company, number), company.sums().get(8736)) == (D("52.38"), None)
    company.sound()
    clearing(company, customerIdent="muster-handel")
    assert balance(company, number) == 0
    reverse(company, paid)
    assert (balance(company, number), company.sums().get(8736)) == (69, None)
    company.sound()


def test_a_clearing_alone_earns_none(company: Company) -> None:
    """Nobody has deducted anything: the rest may be on its way."""
    company.take_parts()
    number, other = company.document(**SKONTO), company.document()
    assigned(company, "236.00", other)
    clearing(company, customerIdent="muster-handel")
    assert balance(company, number) == 2
    company.sound()
