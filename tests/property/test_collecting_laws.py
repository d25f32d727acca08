"""Laws of collecting, over random orders of what may happen to an invoice with direct debit: issued anew, credited, paid by transfer,
given to the bank, booked, refused, returned, tried again, cleared. Nothing is debited that nobody owes, and nothing twice."""

import datetime as dt
import os
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.cases import clearing
from tests.factories.companies import HERE
from tests.factories.creditors import AT_ONCE, Creditor
from tests.factories.status_reports import a_report
from tests.factories.tenants import Tenant

D, ZERO = Decimal, Decimal(0)
STORIES = int(os.environ.get("CONTOR_STORIES", "8"))
STEPS = 24


class Story:
    """One invoice of 119.00 and everything that stands in its place."""

    def __init__(self, creditor: Creditor, seed: int) -> None:
        self.creditor, self.chance = creditor, random.Random(seed)
        self.day = dt.date.fromisoformat(HERE)
        creditor.turn(self.day)
        creditor.mandate()
        creditor.take_parts()
        self.current = creditor.document(**AT_ONCE)
        self.credited, self.transferred = ZERO, ZERO
        self.files: list[str] = []
        self.told: list[str] = []

    # what may happen

    def issue_anew(self) -> None:
        if not self.credited:
            path = f"/v2/documents/{self.current}/actions/reissue"
            self.current = self.creditor.call("POST", path, {}, 202)["documentIdent"]

    def credit(self) -> None:
        net = D(self.chance.choice(["20.00", "50.00", "100.00"]))
        if self.credited + net <= 100:
            self.creditor.document("credit-memos", str(net), relatedDocumentIdent=self.current)
            self.credited += net

    def transfer(self) -> None:
        case = self.creditor.case(self.current)
        owed = D(str(case["balance"])) if case["balanceDebitCreditIndicator"] == "DEBIT" else ZERO
        if owed:
            amount = self.chance.choice([owed, (owed / 2).quantize(D("0.01"))])
            assert self.creditor.pay(str(amount), self.current)["status"] == "ASSIGNED"
            self.transferred += amount

    def collect(self) -> None:
        self.creditor.collect()
        self.owes_what_is_under_way()

    def submit(self) -> None:
        self.files += self.creditor.write().files
        self.owes_what_is_under_way()

    def confirm(self) -> None:
        for attempt in self.attempts("SUBMITTED"):
            self.creditor.pay(str(attempt.amount), "", endToEndIdent=attempt.end_to_end_ident, bookingDate=self.day.isoformat())

    def fail(self) -> None:
        for attempt in self.attempts("SUBMITTED"):
            said = [(attempt.end_to_end_ident, "RJCT", self.chance.choice(["AM04", "MS02"]))]
            report = a_report(f"R-{len(self.told)}", attempt.message_ident, group=attempt.group_ident, transactions=said)
            assert self.creditor.report(report)["rejected"] == 1

    def come_back(self) -> None:
        for attempt in self.attempts("SUCCESSFUL"):
            returned = {"reasonCode": self.chance.choice(["AM04", "MD06"])}
            self.creditor.pay(
                str(attempt.amount),
                "",
                endToEndIdent=attempt.end_to_end_ident,
                creditDebitIndicator="DEBIT",
                returnInformation=returned,
                bookingDate=self.day.isoformat(),
            )

    def try_again(self) -> None:
        """A person does, or the day comes."""
        failed = [it for it in self.intents() if it.status == "FAILED"]
        if failed and self.chance.random() < 0.3:
            path = f"/v2/payment-intents/{failed[-1].ident}/actions/retry"
            answer = self.creditor.client.post(path, headers=self.creditor.headers)
            assert answer.status_code in (200, 400, 409), answer.text
            self.owes_what_is_under_way()
        else:
            self.days_pass()

    def days_pass(self) -> None:
        self.day += dt.timedelta(days=self.chance.choice([1, 3, 7]))
        self.creditor.turn(self.day)

    def clear(self) -> None:
        clearing(self.creditor, customerIdent="muster-handel")

    # what holds

    def attempts(self, state: str) -> list[Any]:
        return self.creditor.tenant.rows(f"SELECT * FROM payment_attempt WHERE state = '{state}' ORDER BY created_at, key")

    def intents(self) -> list[Any]:
        return self.creditor.tenant.rows("SELECT * FROM payment_intent ORDER BY created_at, ident")

    def owes_what_is_under_way(self) -> None:
        """When something was begun anew: all that was asked, less what was credited and what came, is at least what is under way."""
        begun = {it.ident for it in self.intents() if it.status == "CREATED"} | {it.key for it in self.attempts("SUBMITTED")}
        anew, self.begun = begun - getattr(self, "begun", set()), begun
        if anew:
            asked = D(119) - self.credited * D("1.19")
            came = self.transferred + sum((it.amount for it in self.attempts("SUCCESSFUL")), ZERO)
            promised = sum((it.amount for it in self.intents() if it.prebooked), ZERO)
            assert came + promised <= asked, (self.told, came, promised, asked)

    def holds(self) -> None:
        promised = [it for it in self.intents() if it.prebooked]
        assert len(promised) <= 1, self.told
        case = self.creditor.case(self.current)
        assert [D(str(it["amount"])) for it in case["prebookedItems"]] == [it.amount for it in promised], self.told
        assert {it.document_ident for it in promised} <= {self.current}, self.told


@pytest.fixture
def creditor(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Creditor:
    return Creditor(furnished, client, bearer(furnished)).furnish("SEPA_FILE")


@pytest.mark.parametrize("seed", range(STORIES))
def test_nothing_is_debited_that_nobody_owes(creditor: Creditor, seed: int) -> None:
    story = Story(creditor, seed)
    steps: list[Callable[[], None]] = [
        *[story.collect, story.submit] * 3,
        *[story.confirm, story.fail, story.come_back, story.try_again, story.days_pass] * 2,
        *[story.issue_anew] * 4,
        *[story.credit, story.transfer, story.clear],
    ]
    for _ in range(STEPS):
        step = story.chance.choice(steps)
        story.told.append(step.__name__)
        step()
        story.holds()
    creditor.sound()
