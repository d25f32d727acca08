"""Laws of assignment over random input: money is conserved, nothing gets more than it is owed, and random days of payments, returns,
reversals and suggestions leave books in which every check holds."""

import dataclasses
import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.factories.companies import IN_PARTS, Company
from tests.factories.documents import a_document, an_item
from tests.factories.tenants import Tenant

from contor.assignment.rules import by_law, outcome
from contor.assignment.types import AssignmentConfiguration, Reason
from contor.documents.types import CashDiscount, PaymentTerm
from contor.openitems.rules import open_case
from contor.openitems.types import Case

CENT = Decimal("0.01")
DAY = dt.date(2026, 11, 25)
TERMS = (
    PaymentTerm(period_in_days=14),
    PaymentTerm(period_in_days=30, cash_discount=(CashDiscount(days=10, percentage=Decimal(2)),)),
)
AMOUNTS = st.integers(1, 50_000).map(lambda cents: CENT * cents)


@st.composite
def cases(draw: st.DrawFn) -> list[Case]:
    made = []
    for number in range(draw(st.integers(1, 5))):
        document = a_document(ident=f"RE-{number}", items=(an_item(str(draw(AMOUNTS))),), payment_term=draw(st.sampled_from(TERMS)))
        case = open_case(document)
        assert case is not None
        due = DAY + dt.timedelta(days=draw(st.integers(-20, 20)))
        made.append(
            dataclasses.replace(case, due_date=due, balance=draw(st.sampled_from([case.balance, -case.balance, Decimal(0)])))
        )
    return made


@given(cases(), st.data(), st.booleans(), st.booleans())
def test_what_is_assigned_is_the_payment_and_no_more_than_is_owed(
    named: list[Case], data: st.DataObject, over: bool, under: bool
) -> None:
    owed = [case.balance for case in named if case.balance > 0]
    exact = [sum(owed, Decimal(0)), *owed, *(balance - CENT for balance in owed), *(sum(owed[:n]) for n in range(len(owed)))]
    amount = data.draw(st.one_of(AMOUNTS, st.sampled_from([it for it in exact if it > 0] or [CENT])))
    switches = AssignmentConfiguration(overpayment_assignment_to_documents=over, underpayment_assignment_to_documents=under)
    found = outcome(Decimal(amount), "EUR", DAY, named, switches)
    assert bool(found.assignments) != bool(found.reason)
    balances = {case.ident: case.balance for case in named}
    if not found.assignments:
        assert owed or found.reason in (Reason.TARGET_NOT_FOUND, Reason.TARGET_CLOSED)
        return
    assert sum((part.amount for part in found.assignments), Decimal(0)) == amount
    assert len({part.case_ident for part in found.assignments}) == len(found.assignments)
    for at, part in enumerate(found.assignments):
        beyond = part.amount + (part.cash_discount or 0) > balances[part.case_ident]
        assert part.amount > 0 and (not beyond or (over and at == len(found.assignments) - 1))
        # in part only the last one, by the switch
        closes = part.amount + (part.cash_discount or 0) >= balances[part.case_ident]
        assert closes or (under and at == len(found.assignments) - 1)


@given(cases())
def test_what_is_due_comes_first(named: list[Case]) -> None:
    ordered = by_law(named, DAY)
    dues = [case.due_date for case in ordered]
    assert sorted(case.ident for case in ordered) == sorted(case.ident for case in named)
    assert dues == sorted(dues)


class Days:
    """Random days of a company that is paid, by its own memory of what it was told."""

    def __init__(self, company: Company, chance: random.Random) -> None:
        self.company, self.chance = company, chance
        self.numbers: list[str] = []
        self.named = 0

    def step(self) -> None:
        verbs = (self.bill, self.pay, self.pay, self.pay, self.give_back, self.reverse, self.choose, self.split, self.ignore)
        self.chance.choice(verbs if self.numbers else (self.bill,))()

    def bill(self) -> None:
        term = {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]}
        more = {"paymentTerm": term} if self.chance.random() < 0.3 else {}
        net = str(Decimal(self.chance.choice([10000, 10000, 5033, 20001])) / 100)
        self.numbers.append(self.company.document("invoices", net, **more))

    def pay(self) -> None:
        number = self.chance.choice(self.numbers)
        balance = Decimal(str(self.company.case(number)["balance"]))
        amounts = [balance, balance / 2, balance + 7, balance * Decimal("0.98"), Decimal("119.00")]
        amount = max(CENT, self.chance.choice(amounts)).quantize(CENT)
        text = self.chance.choice([number, number.replace("-", " "), f"{number} {self.chance.choice(self.numbers)}", "Danke"])
        self.named += 1
        payer = {"name": "P", "iban": self.chance.choice(["DE89370400440532013000", "FR1420041010050500013M02606"])}
        self.company.pay(str(amount), text, endToEndIdent=f"E-{self.named}", counterpart=payer)

    def give_back(self) -> None:
        """Also of what is not there yet, or was returned before."""
        payments = self.company.call("GET", "/v2/merchant-payment-accounts/bank/payments?size=100")["_embedded"]
        credits = [it for it in payments if it["creditDebitIndicator"] == "CREDIT"]
        name = self.chance.choice(credits)["endToEndIdent"] if credits and self.chance.random() < 0.8 else f"E-{self.named + 1}"
        amount = next((Decimal(str(it["originalAmount"]["amount"])) for it in credits if it["endToEndIdent"] == name), Decimal(119))
        charges = self.chance.choice([Decimal(0), Decimal(3)])
        said = {"reasonCode": self.chance.choice(["AC04", "AM04", "MD06", "0000"]), "charges": str(charges)}
        self.company.pay(str(amount + charges), "", creditDebitIndicator="DEBIT", endToEndIdent=name, returnInformation=said)

    def reverse(self) -> None:
        made = self.company.call("GET", "/v2/payment-assignments?size=100&search=status==PROCESSED")["_embedded"]
        if made:
            ident = self.chance.choice(made)["paymentAssignmentIdent"]
            self._may_be_refused("POST", f"/v2/payment-assignments/{ident}/actions/reverse")

    def choose(self) -> None:
        for payment in self._open():
            path = f"/v2/payments/{payment}/suggestions"
            ones = [it for it in self.company.call("GET", path)["suggestions"] if it["status"] == "OPEN"]
            if ones:
                verb = self.chance.choice(["accept", "refuse", "refresh"])
                chosen = self.chance.sample(ones, self.chance.randint(1, len(ones)))
                body = None if verb == "refresh" else {"suggestionIdents": [it["suggestionIdent"] for it in chosen]}
                self._may_be_refused("POST", f"{path}/actions/{verb}", body)

    def split(self) -> None:
        for payment in self._open()[:1]:
            wanted = [{"paymentIdent": payment, "targetIdent": it, "amount": "5.00"} for it in self.numbers[-2:]]
            self._may_be_refused("POST", "/v2/payment-assignments/actions/split", {"assignments": wanted})

    def ignore(self) -> None:
        for payment in self._open()[:1]:
            path = f"/v2/merchant-payment-accounts/bank/payments/{payment}/actions/update-status"
            self._may_be_refused("POST", path, {"status": "IGNORED", "reason": "not ours"})
            if self.chance.random() < 0.5:
                self._may_be_refused("POST", path, {"status": "OPEN"})

    def _open(self) -> list[str]:
        found = self.company.call("GET", "/v2/merchant-payment-accounts/bank/payments?search=status==OPEN&size=100")["_embedded"]
        return [it["paymentIdent"] for it in found if it["creditDebitIndicator"] == "CREDIT"]

    def _may_be_refused(self, method: str, path: str, body: Any = None) -> None:
        """A refusal is no fault, and changes nothing; the server's own failure is one."""
        answer = self.company.client.request(method, path, json=body, headers=self.company.headers)
        assert answer.status_code < 500, answer.text


@pytest.mark.parametrize("seed", range(6))
def test_random_days_leave_sound_books(
    furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]], seed: int
) -> None:
    company = Company(furnished, client, bearer(furnished))
    company.open_bank()
    switches = {**IN_PARTS, "automaticByScore": True, "bankChargesBound": 10} if seed % 2 else {"bankChargesBound": 10}
    company.call("POST", "/v2/merchant-payment-accounts/bank/assignment-configuration", switches, 201)
    if seed % 3 == 2:
        with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
            uow.run("UPDATE operating_site SET taxation_mode = 'CASH'")
    days = Days(company, random.Random(seed))
    for _ in range(30):
        days.step()
    company.sound()
    assert sum(company.sums().values()) == 0
