"""Whatever comes back of a customer's payments, by name, by hand or in parts, truly or entered twice: no open item owes more than it bills,
what returns took never exceeds what payments brought, and the bank has in the books what came and went."""

import random
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.cases import clearing, tax_on_receipt
from tests.factories.companies import Company

D = Decimal
BANK, DEBTOR = 1200, 10000
BILLED = D("119.00")
SKONTO = {"periodInDays": 30, "cashDiscount": [{"days": 10, "percentage": 2}]}
CAME = ("119.00", "116.62", "60.00", "59.00", "178.50")
WENT = ("119.00", "50.00", "31.00", "69.00", "60.00")
STEPS = ("pay", "pay", "pay", "by hand", "by hand", "by hand", "by name", "by name", "reverse", "reissue", "clear", "credit")


class Customer:
    """What he was billed, and what moved since."""

    def __init__(self, company: Company, chance: random.Random) -> None:
        self.company, self.chance = company, chance
        self.numbers = [company.document(paymentTerm=SKONTO), company.document()]
        self.paid: dict[str, str] = {}
        self.bank = D(0)

    def step(self, kind: str) -> None:
        number = self.chance.choice(self.numbers)
        if kind == "pay":
            self.pays(number)
        elif kind == "by hand":
            self.comes_back(self.chance.choice(WENT), number)
        elif kind == "by name" and self.paid:
            name = self.chance.choice(sorted(self.paid))
            self.comes_back(self.paid[name], number, endToEndIdent=name)
        elif kind == "reverse":
            self.reverses()
        elif kind == "clear":
            clearing(self.company, customerIdent="muster-handel", currency="EUR")
        elif kind == "credit":
            self.billed("credit-memos", number)
        elif kind == "reissue":
            self.billed("reissue", number)

    def pays(self, number: str) -> None:
        name, amount = f"E-{len(self.paid) + 1}", self.chance.choice(CAME)
        made = self.company.pay(amount, "?", endToEndIdent=name)
        self.put(made, number)
        self.paid[name] = amount
        self.bank += D(amount)

    def comes_back(self, amount: str, number: str, **named: str) -> None:
        """What is not found by itself a person puts somewhere, or it waits."""
        back = self.company.pay(amount, "", creditDebitIndicator="DEBIT", returnInformation={"reasonCode": "AM04"}, **named)
        self.bank -= D(amount)
        if back["status"] == "OPEN":
            self.put(back, number)

    def put(self, payment: Any, number: str) -> None:
        self.may("POST", "/v2/payment-assignments", {"paymentIdent": payment["paymentIdent"], "targetIdent": number})

    def reverses(self) -> None:
        standing = self.company.tenant.rows("SELECT ident FROM payment_assignment WHERE status = 'PROCESSED' ORDER BY id")
        if standing:
            self.may("POST", f"/v2/payment-assignments/{self.chance.choice(standing).ident}/actions/reverse")

    def billed(self, kind: str, number: str) -> None:
        if kind == "reissue":
            self.may("POST", f"/v2/documents/{number}/actions/reissue", {})
        else:
            body = self.company.body(self.chance.choice(("100.00", "40.00")), relatedDocumentIdent=number)
            self.may("POST", f"/v2/documents/{kind}", body)
        self.company.work()
        rows = self.company.tenant.rows("SELECT ident FROM document WHERE document_type = 'INVOICE' ORDER BY id")
        self.numbers = [row.ident for row in rows]

    def may(self, method: str, path: str, body: Any = None) -> None:
        """It is done, or refused with a reason."""
        answer = self.company.client.request(method, path, json=body, headers=self.company.headers)
        assert answer.status_code in (200, 201, 202) or (answer.status_code == 400 and answer.json()["errors"]), answer.text

    def check(self) -> None:
        rows = self.company.tenant.rows("SELECT ident, balance FROM opos_case ORDER BY ident")
        sums = self.company.sums()
        assert all(row.balance <= BILLED for row in rows), rows
        assert (sums.get(BANK, 0), sums.get(DEBTOR, 0)) == (self.bank, sum(row.balance for row in rows))
        assert sum(sums.values()) == 0
        self.company.sound()


@pytest.mark.parametrize("cash", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_no_open_item_owes_more_than_it_bills(company: Company, seed: int, cash: bool) -> None:
    if cash:
        tax_on_receipt(company)
    customer = Customer(company, random.Random(seed))
    for _ in range(16):
        customer.step(customer.chance.choice(STEPS))
        customer.check()
