"""Whatever happens to invoices and the payments of one customer, in whatever order: nobody owes more than was billed and paid out to him,
and the books have what the open items say."""

import random
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.cases import clearing, decide, tax_on_receipt
from tests.factories.companies import Company

D = Decimal
CUSTOMER, DOUBTFUL, BANK, INTERIM = 10000, 1460, 1200, 1792
BILLED = D("119.00")
SKONTO = {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]}
AMOUNTS = ("119.00", "116.62", "50.00", "200.00", "260.01")
STEPS = ("pay", "pay", "pay", "clear", "refund", "write off", "doubt", "give up", "keep", "reverse", "reverse", "return", "return")


class MovedAccount:
    """What one customer was billed, and what moved since."""

    def __init__(self, company: Company, chance: random.Random) -> None:
        self.company, self.chance = company, chance
        self.numbers = [company.document(paymentTerm=SKONTO), company.document(), company.document()]
        self.paid: dict[str, str] = {}
        """Amounts of payments that can be returned, by their names."""
        self.names = 0

    def step(self, kind: str) -> None:
        number = self.chance.choice(self.numbers)
        if kind == "pay":
            self.names += 1
            name, amount = f"E-{self.names}", self.chance.choice(AMOUNTS)
            made = self.company.pay(amount, "?", endToEndIdent=name)
            self.assign(made["paymentIdent"], number)
            self.paid[name] = amount
        elif kind == "return" and self.paid:
            name = self.chance.choice(sorted(self.paid))
            information = {"reasonCode": "AM04"}
            more = {"creditDebitIndicator": "DEBIT", "endToEndIdent": name, "returnInformation": information}
            self.company.pay(self.paid.pop(name), "", **more)
        elif kind == "reverse":
            standing = self.company.tenant.rows("SELECT ident FROM payment_assignment WHERE status = 'PROCESSED' ORDER BY id")
            if standing:
                ident = self.chance.choice(standing).ident
                self.may("POST", f"/v2/payment-assignments/{ident}/actions/reverse")
        elif kind == "refund" and (credit := -self.balances()[number]) > 0:
            made = self.company.pay(str(credit), "refund", creditDebitIndicator="DEBIT")
            self.assign(made["paymentIdent"], number)
        elif kind == "clear":
            clearing(self.company, customerIdent="muster-handel", currency="EUR")
        else:
            self.decide(kind, number)

    def decide(self, kind: str, number: str) -> None:
        balance = self.balances()[number]
        if kind == "keep" and balance < 0:
            decide(self.company, number, "OTHER_REVENUE")
        elif kind == "write off" and balance > 0:
            decide(self.company, number, "UNCOLLECTABLE_RECEIVABLE")
        elif kind == "give up" and balance > 1:
            decide(self.company, number, "DISCOUNT", amount=1)
        elif kind == "doubt" and balance == BILLED:
            self.may("POST", f"/v2/opos-cases/{number}/decisions", {"type": "DOUBTFUL_RECEIVABLE", "allowance": 60})

    def assign(self, payment: str, number: str) -> None:
        self.company.call("POST", "/v2/payment-assignments", {"paymentIdent": payment, "targetIdent": number}, 201)

    def may(self, method: str, path: str, body: Any = None) -> None:
        """It is done, or refused with a reason."""
        answer = self.company.client.request(method, path, json=body, headers=self.company.headers)
        assert answer.status_code in (200, 201) or (answer.status_code == 400 and answer.json()["errors"]), answer.text

    def balances(self) -> dict[str, Decimal]:
        rows = self.company.tenant.rows("SELECT ident, balance FROM opos_case ORDER BY ident")
        return {row.ident: row.balance for row in rows}

    def check(self) -> None:
        balances, sums = self.balances(), self.company.sums()
        for number, balance in balances.items():
            assert balance <= BILLED + self.went_out(number), (number, balance)
        assert sums.get(CUSTOMER, 0) + sums.get(DOUBTFUL, 0) == sum(balances.values())
        assert sum(sums.values()) == 0
        self.company.sound()

    def went_out(self, number: str) -> Decimal:
        """What was paid out on it."""
        sql = (
            "SELECT coalesce(-sum(amount), 0) AS amount FROM payment_assignment WHERE target_ident = %s AND status = 'PROCESSED'"
            " AND amount < 0 AND returns_ident IS NULL"
        )
        return D(self.company.tenant.rows(sql, (number,))[0].amount)


@pytest.mark.parametrize("cash", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_nobody_owes_more_than_was_billed_and_paid_out(company: Company, seed: int, cash: bool) -> None:
    if cash:
        tax_on_receipt(company)
    account = MovedAccount(company, random.Random(seed))
    steps = []
    for _ in range(14):
        steps.append(account.chance.choice(STEPS))
        account.step(steps[-1])
        account.check()
    # what came back, came back: with nothing paid, nothing is due
    while account.paid:
        account.step("return")
        account.check()
