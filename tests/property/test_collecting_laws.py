"""Laws of collecting, over random orders of what may happen to an invoice with direct debit, or to deposits and their final invoice:
issued anew, credited, corrected, paid by transfer, given to the bank, booked, refused, returned, tried again, cleared. Nothing is debited
that nobody owes, and nothing twice."""

import datetime as dt
import os
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.cases import clearing
from tests.factories.companies import a_row_of, day_here
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
        self.day = dt.date.fromisoformat(day_here())
        creditor.turn(self.day)
        creditor.mandate()
        creditor.take_parts()
        self.credited, self.transferred = ZERO, ZERO
        self.paid: dict[str, Decimal] = {}
        self.files: list[str] = []
        self.told: list[str] = []
        self.current = self.first()

    def first(self) -> str:
        return self.creditor.document(**AT_ONCE)

    def documents(self) -> list[str]:
        """What may be paid."""
        return [self.current]

    def asked(self) -> Decimal:
        """Of the customer, less what was credited."""
        return D(119) - self.credited * D("1.19")

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
        number = self.chance.choice(self.documents())
        case = self.creditor.case(number)
        owed = D(str(case["balance"])) if case["balanceDebitCreditIndicator"] == "DEBIT" else ZERO
        if owed:
            amount = self.chance.choice([owed, (owed / 2).quantize(D("0.01"))])
            assert self.creditor.pay(str(amount), number)["status"] == "ASSIGNED"
            self.transferred += amount
            self.paid[number] = self.paid.get(number, ZERO) + amount

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
            asked = self.asked()
            came = self.transferred + sum((it.amount for it in self.attempts("SUCCESSFUL")), ZERO)
            promised = sum((it.amount if it.type == "CHARGE" else -it.amount for it in self.intents() if it.prebooked), ZERO)
            assert came + promised <= asked, (" ".join(self.told), came, promised, asked)

    def holds(self) -> None:
        promised = [it for it in self.intents() if it.prebooked]
        assert len({it.document_ident for it in promised}) == len(promised), self.told
        for number in self.documents():
            items = self.creditor.case(number)["prebookedItems"]
            assert [D(str(it["amount"])) for it in items] == [it.amount for it in promised if it.document_ident == number], (
                self.told
            )
        assert {it.document_ident for it in promised} <= set(self.documents()), self.told


class Deposits(Story):
    """Two deposit invoices of 119.00, and in the end a final invoice of 1,190.00 over both."""

    def first(self) -> str:
        self.deposits = [self.creditor.document("deposit-invoices", items=[self.row("100.00")], **AT_ONCE) for _ in range(2)]
        self.corrections: dict[str, str] = {}
        return ""

    @staticmethod
    def row(net: str) -> dict[str, Any]:
        return {**a_row_of(net), "ident": "i-1"}

    def documents(self) -> list[str]:
        return [*self.deposits, *([self.current] if self.current else [])]

    def asked(self) -> Decimal:
        # what was paid on one that was taken back, and what the bank had of it already, is given back
        taken = [it for it in self.intents() if it.document_ident in self.corrections and it.type == "CHARGE"]
        credits = sum((it.amount for it in taken if it.prebooked or it.status == "SUCCESSFUL"), ZERO)
        credits += sum((self.paid.get(it, ZERO) for it in self.corrections), ZERO)
        if self.current:
            return D(1190) - self.credited * D("1.19") + credits
        return D(119) * (len(self.deposits) - len(self.corrections)) + credits

    def correct(self) -> None:
        """One deposit invoice is taken back, before there is a final invoice."""
        left = [it for it in self.deposits if it not in self.corrections]
        if not self.current and len(left) == 2:
            number = self.chance.choice(left)
            self.corrections[number] = self._corrected(number)

    def finish(self) -> None:
        if self.current:
            return
        method = self.chance.choice(["REMAINDER", "FINAL", "REVERSAL"])
        related = [it for it in self.deposits if it not in self.corrections]
        if method == "REVERSAL":
            related = [self.corrections.get(it) or self._corrected(it) for it in self.deposits]
        properties = [{"key": "finalInvoiceMethod", "value": method}]
        self.told.append(method)
        self.current = self.creditor.document(
            items=[self.row("1000.00")], properties=properties, relatedDocumentIdents=related, **AT_ONCE
        )

    def _corrected(self, number: str) -> str:
        return self.creditor.document("deposit-invoice-corrections", items=[self.row("100.00")], relatedDocumentIdent=number)

    def credit(self) -> None:
        if self.current:
            super().credit()


@pytest.fixture
def creditor(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Creditor:
    return Creditor(furnished, client, bearer(furnished)).furnish("SEPA_FILE")


@pytest.mark.parametrize("seed", range(STORIES))
@pytest.mark.parametrize("kind", [Story, Deposits])
def test_nothing_is_debited_that_nobody_owes(creditor: Creditor, kind: type[Story], seed: int) -> None:
    story = kind(creditor, seed)
    steps: list[Callable[[], None]] = [
        *[story.collect, story.submit] * 3,
        *[story.confirm, story.fail, story.come_back, story.try_again, story.days_pass] * 2,
        *[story.credit, story.transfer, story.clear],
    ]
    # what deducts, and what is deducted, cannot be issued anew
    steps += [story.finish, story.finish, story.correct] if isinstance(story, Deposits) else [story.issue_anew] * 4
    for _ in range(STEPS):
        step = story.chance.choice(steps)
        story.told.append(step.__name__)
        step()
        story.holds()
    creditor.sound()
