"""Payments that come together are decided one behind the other: each on what those before it leave."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.companies import IN_PARTS, Company, day_here

from contor.kernel.operations import Operation
from contor.payments.accounts import ACCOUNTS
from contor.payments.receiving import receive
from contor.payments.types import Counterpart, MonetaryValue, PaymentBody, ReturnInformation

D = Decimal
CONFIGURATION = "/v2/merchant-payment-accounts/bank/assignment-configuration"


def a_line(number: int, amount: str, text: str, **more: Any) -> PaymentBody:
    return PaymentBody(
        external_ident=f"l-{number}",
        base_amount=MonetaryValue(amount=D(amount)),
        booking_date=dt.date.fromisoformat(day_here()),
        credit_debit_indicator=more.pop("direction", "CREDIT"),
        description=text,
        **more,
    )


def come(company: Company, lines: Sequence[PaymentBody]) -> list[tuple[str, str | None]]:
    """The lines of one statement; how each stands."""

    def run(uow: Any, command: Any) -> None:
        receive(uow, ACCOUNTS.require(uow, ("bank",)), command)

    made: Operation[Any, None] = Operation("test.receive", "payments.write", tuple[PaymentBody, ...], None, run)
    company.tenant.execute(made, tuple(lines))
    rows = company.tenant.rows("SELECT external_ident, status, reason FROM payment")
    known = {row.external_ident: (row.status, row.reason) for row in rows}
    return [known[line.external_ident] for line in lines]


@pytest.mark.parametrize("mode", ["ACCRUAL", "CASH"])
def test_parts_of_one_case_and_a_return_of_what_came_with_it(company: Company, mode: str) -> None:
    if mode == "CASH":
        with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
            uow.run("UPDATE operating_site SET taxation_mode = 'CASH'")
    company.call("POST", CONFIGURATION, IN_PARTS, 201)
    first, second, third = (company.document() for _ in range(3))
    stood = come(
        company,
        [
            a_line(1, "59.50", first),
            a_line(
                2, "119.00", "", direction="DEBIT", end_to_end_ident="E", return_information=ReturnInformation(reason_code="AM04")
            ),
            a_line(3, "59.50", first),
            a_line(4, "59.50", first),
            a_line(5, "119.00", second, end_to_end_ident="E"),
            a_line(6, "178.50", f"{third} {first}"),
            a_line(7, "10.00", "nothing"),
        ],
    )
    assert stood == [
        ("ASSIGNED", None),
        ("ASSIGNED", None),
        ("ASSIGNED", None),
        ("OPEN", "TARGET_CLOSED"),
        ("ASSIGNED", None),
        ("ASSIGNED", None),
        ("OPEN", "NO_MATCH"),
    ]
    balances = [company.case(number)["balance"] for number in (first, second, third)]
    assert balances == [0, 119, 59.5]
    assert company.case(third)["balanceDebitCreditIndicator"] == "CREDIT"
    company.sound()


def test_a_credit_that_came_after_its_return_of_an_earlier_statement(company: Company) -> None:
    number = company.document()
    back = ReturnInformation(reason_code="MD06", original_amount=D(119), charges=D("2.50"))
    lines = [a_line(1, "121.50", "", direction="DEBIT", provider_reference="P", return_information=back)]
    assert come(company, lines) == [("OPEN", "RETURN_WITHOUT_PAYMENT")]
    assert come(company, [a_line(2, "119.00", number, provider_reference="P"), a_line(3, "1.00", "?")])[0] == ("ASSIGNED", None)
    assert company.case(number)["balance"] == 119
    assert company.sums()[4970] == D("2.50")
    company.sound()


@pytest.mark.parametrize("switch", [True, False])
def test_many_without_a_name_are_scored_on_what_is_left(company: Company, switch: bool) -> None:
    company.call("POST", CONFIGURATION, {"automaticByScore": switch}, 201)
    number = company.document(net="77.00", paymentTerm={"periodInDays": 10})
    # the amount is alone, the name is the customer's, and it is due within two weeks
    lines = [a_line(n, "91.63", "Danke", counterpart=Counterpart(name="Muster Handel")) for n in range(2)]
    stood = come(company, lines)
    assert stood == [("ASSIGNED", None) if switch else ("OPEN", "CANDIDATES"), ("OPEN", "CANDIDATES")]
    assert company.case(number)["balance"] == (0 if switch else 91.63)
    company.sound()


def test_what_is_suggested_is_left_by_those_that_came_with_it(company: Company) -> None:
    number = company.document()
    stood = come(company, [a_line(1, "100.00", number), a_line(2, "119.00", number)])
    assert stood == [("OPEN", "UNDERPAID"), ("ASSIGNED", None)]
    company.sound()


def test_a_returned_deposit_is_taxed_no_more_and_a_deducted_one_stays(company: Company) -> None:
    deposit = company.document("deposit-invoices", "1000.00")
    company.pay("1190.00", deposit, endToEndIdent="E-1")
    assert company.sums() == {1200: D(1190), 1718: D(-1000), 1776: D(-190)}
    back = {"creditDebitIndicator": "DEBIT", "returnInformation": {"reasonCode": "AM04"}}
    assert company.pay("1190.00", "", endToEndIdent="E-1", **back)["status"] == "ASSIGNED"
    assert company.sums() == {}
    company.sound()
    company.pay("1190.00", deposit, endToEndIdent="E-2")
    company.document("invoices", "3000.00", relatedDocumentIdent=deposit)
    refused = company.pay("1190.00", "", endToEndIdent="E-2", **back)
    assert (refused["status"], refused["reason"]) == ("OPEN", "RETURN_REFUSED")
    company.sound()
