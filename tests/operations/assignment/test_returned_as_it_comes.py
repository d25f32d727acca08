"""Money and its return meet in one transaction, whichever comes first: what rested on it, Skonto or what banks took, falls with it, and the
invoice is owed as if nothing had come (money 5; posting table rows 17 and 19)."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.companies import Company, a_row_of, day_here
from tests.factories.settlements import Moved, Settled, stripe_file
from tests.factories.statements import OWN, BankLine, BankPaper, Reader

D = Decimal


def this_day() -> dt.date:
    return dt.date.fromisoformat(day_here())


def day_before() -> dt.date:
    return this_day() - dt.timedelta(days=1)


TERM = {"periodInDays": 14, "cashDiscount": [{"days": 10, "percentage": 2}]}
BOUND = {"bankChargesBound": "5.00", "overpaymentAssignmentToDocuments": True}


def invoice(company: Company, **more: Any) -> str:
    """103.43, or 101.36 in time."""
    rows = [a_row_of("61.37"), {**a_row_of("28.41", 7), "ident": "i-2"}]
    return company.document(items=rows, paymentTerm=TERM, **more)


def configure(company: Company, **switches: Any) -> None:
    company.call("POST", "/v2/merchant-payment-accounts/bank/assignment-configuration", switches, 201)


def returned(company: Company, amount: str, ident: str, status: str = "OPEN") -> None:
    more: dict[str, Any] = {"returnInformation": {"reasonCode": "AM04", "originalAmount": amount}}
    made = company.pay(amount, "", creditDebitIndicator="DEBIT", endToEndIdent=ident, bookingDate=day_here(), **more)
    assert made["status"] == status, made


def credit(company: Company, amount: str, text: str, **more: Any) -> Any:
    return company.pay(amount, text, endToEndIdent="E", bookingDate=day_here(), **more)


def payment_behind(company: Company, number: str) -> None:
    returned(company, "101.36", "E")
    credit(company, "101.36", number)


def by_hand(company: Company, number: str) -> None:
    returned(company, "101.36", "E")
    waits = credit(company, "101.36", "?")
    company.call("POST", "/v2/payment-assignments", {"paymentIdent": waits["paymentIdent"], "targetIdent": number}, 201)


def accepted(company: Company, number: str) -> None:
    """What foreign banks took falls as well."""
    configure(company, **BOUND)
    returned(company, "100.00", "E")
    waits = credit(company, "100.00", number, counterpart={"iban": "AT611904300234573201"})
    path = f"/v2/payments/{waits['paymentIdent']}/suggestions"
    (found,) = company.call("GET", path)["suggestions"]
    assert found["reason"] == "BANK_FEE"
    company.call("POST", f"{path}/actions/accept", {"suggestionIdents": [found["suggestionIdent"]]})


def came(amount: str, text: str, ident: str = "E", day: dt.date | None = None) -> BankLine:
    return BankLine(D(amount), day or this_day(), text, end_to_end=ident)


def back(amount: str, ident: str = "E", day: dt.date | None = None) -> BankLine:
    return BankLine(-D(amount), day or this_day(), "return", end_to_end=ident, reason="AM04")


def read(company: Company, *papers: BankPaper) -> None:
    for paper in papers:
        assert Reader(company).send(paper.camt())["state"] == "READ"


def statement(turned: bool) -> Callable[[Company, str], None]:
    def told(company: Company, number: str) -> None:
        lines = [came("101.36", number), back("101.36")]
        read(company, BankPaper(D(0), this_day(), lines[::-1] if turned else lines))

    return told


def parts(company: Company, number: str) -> None:
    """The first of two goes again; the Skonto was granted for the last."""
    company.take_parts()
    lines = [came("50.00", number), came("51.36", number, "F"), back("50.00"), back("51.36", "F")]
    read(company, BankPaper(D(0), this_day(), lines))


def next_day(company: Company, number: str) -> None:
    """Another customer's line is not stuck with it."""
    other = company.document(net="20.00")
    read(
        company,
        BankPaper(D(0), day_before(), [back("101.36", day=day_before())]),
        BankPaper(D("-101.36"), this_day(), [came("101.36", number), came("23.80", other, "G")], number=2),
    )
    assert company.case(other)["status"] == "CLOSED"


OTHER = {1200: D("23.80"), 8400: D(-20), 1776: D("-3.80")}
WAYS: dict[str, Callable[[Company, str], None]] = {
    "a payment behind its return": payment_behind,
    "assigned by hand": by_hand,
    "a suggestion is accepted": accepted,
    "one statement": statement(False),
    "one statement, the return first": statement(True),
    "two parts and their returns": parts,
    "the statement of the next day": next_day,
}


@pytest.fixture
def company(furnished: Any, client: Any, bearer: Any) -> Company:
    made = Company(furnished, client, bearer(furnished))
    made.open_bank(**OWN)
    return made


@pytest.mark.parametrize("cash", [False, True])
@pytest.mark.parametrize("way", WAYS)
def test_the_invoice_is_owed_again_and_nothing_else_stays(company: Company, way: str, cash: bool) -> None:
    if cash:
        with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
            uow.run("UPDATE operating_site SET taxation_mode = 'CASH'")
    number = invoice(company)
    before = company.sums()
    WAYS[way](company, number)
    case = company.case(number)
    assert (case["status"], case["balance"]) == ("OPEN", 103.43)
    company.sound()
    if way == "the statement of the next day":  # with what the other one has paid
        before = {account: before.get(account, D(0)) + OTHER.get(account, 0) for account in {*before, *OTHER}}
    assert company.sums() == before


@pytest.fixture
def settled(company: Company) -> Settled:
    made = Settled(company.tenant, company.client, company.headers)
    made.open_provider()
    return made


def test_a_charge_and_its_dispute_in_one_report(settled: Settled) -> None:
    number = invoice(settled)
    before = settled.sums()
    moved = [Moved("charge", "101.36", ident="9", text=number), Moved("dispute", "-101.36", ident="10", original="9")]
    assert settled.upload(stripe_file(*moved))["state"] == "READ"
    assert settled.case(number)["balance"] == 103.43
    assert settled.sums() == before
    settled.sound()
