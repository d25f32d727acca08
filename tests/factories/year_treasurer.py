"""Who looks after the money of a company over a simulated year: files to the bank, statements from it, letters, and what is left over."""

import datetime as dt
import itertools
import os
import random
import time
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from tests.checkers.bank_double import Bank, Day
from tests.factories.hands import Hands
from tests.factories.insistent import Insistent, Refusal
from tests.factories.year_clerk import ACCOUNT, Clerk

D = Decimal
FEE = D("0.015"), D("0.25")
"""What the provider of cards takes: of each payment a share, and a sum."""


MOVED = (
    "SELECT key, type, amount FROM simulated_transfer WHERE outcome = 'SUCCESSFUL' AND cancelled_at IS NULL"
    " ORDER BY created_at, key"
)
"""The books of the provider that moves no money."""


class Treasurer:
    """Of the company of `clerk`."""

    def __init__(self, hands: Hands, clerk: Clerk, chance: random.Random, folder: Path) -> None:
        self.hands, self.clerk, self.chance, self.folder = hands, clerk, chance, folder
        self.api: Insistent = clerk.api
        self.bank: Bank = clerk.bank
        self.letters = self.duplicates = 0
        self.handed: dict[str, dt.date] = {}
        """Documents that went to collection."""
        self._given: set[str] = set()
        self._held: list[bytes] = []
        self._last = dt.date.min
        self._settled: set[str] = set()
        self._back: list[tuple[str, Decimal]] = []
        self.charged_back: list[str] = []
        """Payments by card that their payers asked back."""
        self._numbers = itertools.count(1)

    # --- to the bank ---

    def collect(self) -> None:
        """What is due is collected and paid, and the bank gets the files."""
        self.hands.begin("collection", "payment_intents", "payment_files")
        for one in self.api.all("/v2/payment-files", "status==CREATED"):
            ident = one["paymentFileIdent"]
            if ident in self._given:
                continue
            self._given.add(ident)
            content = self.api.call("GET", f"/v2/payment-files/{ident}/content")
            assert self.bank.take(content) == ident
            self.api.call("POST", f"/v2/payment-files/{ident}/actions/confirm")
            if self.chance.random() < 0.2 and (report := self.bank.reject(ident, 0.1)) is not None:
                for _ in range(self.chance.choice((1, 2))):
                    self.api.call("POST", f"{ACCOUNT}/status-reports", file=("report.xml", report))

    # --- from the bank ---

    def read(self, days: list[Day]) -> None:
        """Statements come as they come: by upload or into the folder, some twice, some behind later ones."""
        messages = list(self._held)
        self._held = []
        for day in days:
            made = day.messages(self.chance, self._last)
            self._last = day.paper.day
            messages += made
        if len(messages) > 1 and self.chance.random() < 0.3:
            self.chance.shuffle(messages)
        elif messages and self.chance.random() < 0.1:
            self._held.append(messages.pop())
        for content in messages:
            self._bring(content)
            if self.chance.random() < 0.15:
                self.duplicates += 1
                self._bring(content)

    def settle_all(self) -> None:
        """What was kept back comes, too; what waited for it follows."""
        for content in self._held:
            self._bring(content)
        self._held = []
        self.hands.until(lambda: not list(self.api.all(f"{ACCOUNT}/statements", "state!=READ")), "all statements are read")

    def _bring(self, content: bytes) -> None:
        if self.chance.random() < 0.3:
            path = self.folder / f"statement-{next(self._numbers)}.txt"
            path.with_suffix(".part").write_bytes(content)
            os.utime(path.with_suffix(".part"), (time.time() - 60, time.time() - 60))
            path.with_suffix(".part").rename(path)
            self.hands.until(lambda: self.hands.begin("statement_directory") or not path.exists(), f"{path.name} is read")
        else:
            made = self.api.call("POST", f"{ACCOUNT}/statements", file=("statement.txt", content))
            self.hands.until(lambda: self._state(made["statementIdent"]) != "RECEIVED", "the statement is read")

    def _state(self, ident: str) -> str:
        return str(self.api.call("GET", f"{ACCOUNT}/statements/{ident}")["state"])

    # --- letters ---

    def dun(self, day: dt.date) -> None:
        """A run is made, looked at, approved; the letters reach their customers."""
        run = self.api.call("POST", "/v2/dunning-runs", {})["runIdent"]
        self._until(run, "PREVIEWED")
        self.judge(run)
        self.api.call("POST", f"/v2/dunning-runs/{run}/actions/approve")
        self._until(run, "COMPLETED")
        for letter in self.api.all("/v2/dunning-letters", f"runIdent=={run};status==MADE"):
            self.letters += 1
            documents = [it["documentIdent"] for it in letter["items"]]
            self.clerk.payers.reminded(letter["customerIdent"], letter["demand"], letter["outstanding"], documents, day)
        for one in self.api.all("/v2/dunning-handovers", f"runIdent=={run}"):
            assert one["documentIdent"] not in self.handed, f"{one['documentIdent']} went to collection twice"
            self.handed[one["documentIdent"]] = day

    def judge(self, run: str) -> None:
        """Nobody is dunned for what is paid, under way, or with the collection agency."""
        dunned = [it for it in self.api.all(f"/v2/dunning-runs/{run}/items") if it["outcome"] == "DUNNED"]
        under_way = self.bank.to_be_drawn()
        for it in dunned:
            ident = it["documentIdent"]
            assert it["outstanding"] > 0 and ident not in self.handed, it
            assert ident not in under_way, f"{ident} is dunned while it is collected"

    def _until(self, run: str, status: str) -> None:
        self.hands.until(lambda: self.api.call("GET", f"/v2/dunning-runs/{run}")["status"] == status, f"the run is {status}")

    # --- what is left over ---

    def standing(self, day: dt.date) -> list[Any]:
        """Assignments of the last weeks that were not reversed."""
        since = (day - dt.timedelta(days=31)).isoformat()
        return list(
            self.api.all("/v2/payment-assignments", f"status==PROCESSED;targetType==DOCUMENT;createdAt=gt={since}T00:00:00Z")
        )

    def look_through(self, day: dt.date) -> None:
        """Payments that wait: what is suggested is taken where it is the payer's own, else the oldest that he owes."""
        for payment in list(
            self.api.all(f"{ACCOUNT}/payments", "status=in=(OPEN,PARTIALLY_ASSIGNED);creditDebitIndicator==CREDIT")
        ):
            sender = self.bank.senders.get(payment.get("endToEndIdent"))
            if sender is not None and not payment.get("returnInformation"):
                self._place(payment, sender)

    def _place(self, payment: Any, customer: str) -> None:
        path = f"/v2/payments/{payment['paymentIdent']}/suggestions"
        for one in self.api.call("GET", path)["suggestions"]:
            is_his = one["status"] == "OPEN" and one.get("amount") is not None and one["customerIdent"] == customer
            if is_his and self.tried("POST", f"{path}/actions/accept", {"suggestionIdents": [one["suggestionIdent"]]}):
                return
        owed = list(self.api.all("/v2/opos-cases", f"customerIdent=={customer};status==OPEN;balanceDebitCreditIndicator==DEBIT"))
        others = list(self.api.all("/v2/opos-cases", f"customerIdent=={customer};documentType==INVOICE"))[-1:]
        for case in sorted(owed, key=lambda it: it["dueDate"])[:1] or others:
            rest = payment["baseAmount"]["amount"] - payment["assignedAmount"]
            body = {"paymentIdent": payment["paymentIdent"], "targetIdent": case["ident"], "amount": str(rest)}
            self.tried("POST", "/v2/payment-assignments", body)

    def tried(self, method: str, path: str, body: Any) -> bool:
        """Whether it was taken; what is refused says why, and is left."""
        try:
            self.api.call(method, path, body)
        except Refusal as refusal:
            assert refusal.status in (400, 409), refusal
            return False
        return True

    def clear(self) -> None:
        """Credits pay debits; what is left of credits is paid back, or kept where it is small."""
        run = f"/v2/opos-cases/clearing-runs/{self.api.call('POST', '/v2/opos-cases/clearing-runs', {})['ident']}"
        self.hands.until(lambda: self.api.call("GET", run)["status"] == "COMPLETED", "credits are cleared")
        for case in list(self.api.all("/v2/opos-cases", "status==OPEN;balanceDebitCreditIndicator==CREDIT")):
            if case["prebookedItems"]:
                continue
            payer = self.clerk.payers.by_ident[case["customerIdent"]]
            if case["balance"] < 1:
                self.decide(case, "OTHER_REVENUE", case["balance"])
            elif payer.way == "DEBIT":
                self.tried("POST", "/v2/payment-intents", {"targetIdent": case["ident"]})

    def decide(self, case: Any, kind: str, amount: Decimal) -> None:
        path = f"/v2/opos-cases/{case['ident']}/decisions"
        if self.tried("POST", path, {"type": kind, "amount": str(amount), "note": "decided"}):
            key = (case["ident"], kind)
            self.clerk.decided[key] = self.clerk.decided.get(key, D(0)) + amount

    def give_up(self, day: dt.date) -> None:
        """Of what went to collection two months ago something is given up; small rests are let go."""
        for ident, since in self.handed.items():
            if day - since > dt.timedelta(days=60) and self.chance.random() < 0.3:
                case = self.api.call("GET", f"/v2/opos-cases/{ident}")
                if case["status"] == "OPEN" and not case["prebookedItems"]:
                    self.decide(case, "UNCOLLECTABLE_RECEIVABLE", case["balance"])
        for case in list(self.api.all("/v2/opos-cases", "status==OPEN;balanceDebitCreditIndicator==DEBIT;balance=lt=5")):
            if not case["prebookedItems"] and case["balance"] < case["openingAmount"]:
                self.decide(case, "DISCOUNT", case["balance"])

    # --- the provider of cards ---

    def settle(self, day: dt.date) -> None:
        """The provider's report of the month, and its payout at the bank two days later."""
        fresh = [row for row in self.hands.rows(MOVED) if row.key not in self._settled]
        if not fresh:
            return
        self._settled |= {row.key for row in fresh}
        period = {"periodStart": day.replace(day=1).isoformat(), "periodEnd": day.isoformat()}
        head = {"provider": "CARDPAY", "externalIdent": f"report-{day}", "closingBalance": "0", **period}
        path = "/v2/merchant-payment-accounts/psp/settlement-reports"
        report = self.api.call("POST", path, head)["settlementReportIdent"]
        items, total = f"{path}/{report}/settlement-items", D(0)
        for row in fresh:
            sign = 1 if row.type == "CHARGE" else -1
            gross = sign * row.amount
            fee = (row.amount * FEE[0] + FEE[1]).quantize(D("0.01"), ROUND_HALF_UP) if sign > 0 else D(0)
            kind = "PAYMENT" if sign > 0 else "REFUND"
            self._item(items, kind, gross, fee, day, row.key)
            total += gross - fee
            if sign > 0 and self.chance.random() < 0.05:
                self._back.append((row.key, gross))
        for key, gross in [one for one in self._back if total > one[1] and self.chance.random() < 0.5]:
            self._back.remove((key, gross))
            self.charged_back.append(key)
            self._item(items, "CHARGEBACK", -gross, D(0), day, key)
            total -= gross
        if total > 0:
            self._item(items, "PAYOUT", -total, D(0), day, f"po-{day}")
            self.bank.moves(total, f"CARDPAY PAYOUT PO-{day}", day + dt.timedelta(days=2), "PAYOUT")

    def _item(self, path: str, kind: str, gross: Decimal, fee: Decimal, day: dt.date, reference: str) -> None:
        body = {
            "externalIdent": f"{kind}-{reference}",
            "type": kind,
            "gross": str(gross),
            "fee": str(fee),
            "net": str(gross - fee),
            "bookingDate": day.isoformat(),
            "reference": reference,
        }
        self.api.call("POST", path, body)
