"""What must be true of a company's money, judged from outside: by what its API answers, the books of its bank, and what its people did."""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.checkers.bank_double import Booked, is_open
from tests.factories.year_clerk import ACCOUNT, Clerk
from tests.factories.year_treasurer import Treasurer

D = Decimal
BANK_LEDGER, PROVIDER, UNASSIGNED, DOUBTFUL, FEES = 1200, 1360, 1792, 1460, 4970
CUSTOMERS_FROM = 10_000
TAXES = (1776, 1771)
CENT = D("0.01")


def signed(row: Mapping[str, Any], amount: str, indicator: str, positive: str) -> Decimal:
    value = D(row[amount]["amount"]) if isinstance(row[amount], dict) else D(row[amount])
    return value if row[indicator] == positive else -value


class Laws:
    """Of the company of `clerk`."""

    def __init__(self, clerk: Clerk, treasurer: Treasurer) -> None:
        self.clerk, self.treasurer, self.bank, self.api = clerk, treasurer, clerk.bank, clerk.api
        self.ledger: dict[int, Decimal] = defaultdict(Decimal)
        """Debit minus credit of each account."""
        self._entry = 0

    def hold(self, day: dt.date) -> None:
        """All of them; each finding is said."""
        self._read()
        found = [
            *self._statements(),
            *self._bank(),
            *self._payments(),
            *self._cases(),
            *self._customers(),
            *self._debits(),
            *self._receivables(),
            *self._taxes(),
            *self._numbers(),
        ]
        assert not found, f"{day}: {len(found)} findings\n" + "\n".join(map(str, found[:25]))

    def hold_at_the_end(self) -> None:
        """When nothing is under way any more."""
        found = [f"{one.key} is still ordered" for one in self.bank.orders.values() if one.state == "ORDERED"]
        found += [f"{it['ident']}: something is under way" for it in self.cases.values() if it["prebookedItems"]]
        if self.ledger[PROVIDER]:
            found.append(f"{self.ledger[PROVIDER]} are left at the provider")
        assert not found, "\n".join(found[:25])

    def _read(self) -> None:
        self.cases = {it["ident"]: it for it in self.api.all("/v2/opos-cases?sort=documentId,asc")}
        self.payments = {}
        for account in ("bank", "psp"):
            path = f"/v2/merchant-payment-accounts/{account}/payments?sort=paymentIdent,asc"
            self.payments |= {it["paymentIdent"]: it for it in self.api.all(path)}
        self.assignments = {it["paymentAssignmentIdent"]: it for it in self.api.all("/v2/payment-assignments?sort=createdAt,asc")}
        self.claims = list(self.api.all("/v2/dunning-claims?sort=claimId,asc"))
        for row in self.api.all("/v2/bookingEntries?sort=entryId,asc", f"entryId=gt={self._entry}"):
            self._entry = max(self._entry, row["entryId"])
            self.ledger[row["account"]] += signed(row, "amount", "debitCreditIndicator", "DEBIT")

    def _statements(self) -> Iterable[str]:
        for it in self.api.all(f"{ACCOUNT}/statements"):
            if it["state"] != "READ":
                yield f"the statement {it['statementIdent']} is {it['state']}: {it['reasons']}"

    def _bank(self) -> Iterable[str]:
        """The ledger's account is the bank's, and each booking is a payment, once."""
        if self.ledger[BANK_LEDGER] != self.bank.balance - self.bank.opening:
            yield f"bank {self.bank.balance - self.bank.opening}, ledger {self.ledger[BANK_LEDGER]}"
        here = Counter(
            (it.get("endToEndIdent") or it["description"], signed(it, "baseAmount", "creditDebitIndicator", "CREDIT"))
            for it in self.payments.values()
            if it["merchantPaymentAccountIdent"] == "bank" and it.get("reason") != "REPLACED"
        )
        there = Counter((one.key or one.text, one.amount) for one in self.bank.booked)
        yield from (f"booked by the bank, and no payment: {one}" for one in (there - here).elements())
        yield from (f"a payment that the bank never booked: {one}" for one in (here - there).elements())
        fees = sum((one.charges for one in self.bank.booked), D(0))
        said = sum((D(fee["amount"]) for it in self._standing() for fee in it["fees"]), D(0))
        if said != fees:
            yield f"charges of {fees} at the bank, {said} here"

    def _standing(self) -> Iterable[Any]:
        return [
            it for it in self.payments.values() if it["merchantPaymentAccountIdent"] == "bank" and it.get("reason") != "REPLACED"
        ]

    def _payments(self) -> Iterable[str]:
        """What is assigned of a payment is what its assignments and claims say."""
        used: dict[str, Decimal] = defaultdict(Decimal)
        for it in self.assignments.values():
            if it["status"] == "PROCESSED" and it["targetType"] != "BANK_FEE":
                used[it["paymentIdent"]] += signed(it, "amount", "creditDebitIndicator", "CREDIT")
        for claim in self.claims:
            for item in claim["items"]:
                if item.get("paymentIdent"):
                    used[item["paymentIdent"]] += D(item["amount"])
        self.rests = {}
        for ident, it in self.payments.items():
            amount = signed(it, "baseAmount", "creditDebitIndicator", "CREDIT")
            assigned = D(it["assignedAmount"]) * (1 if amount > 0 else -1)
            if assigned != used[ident]:
                yield f"payment {ident} ({amount}): {assigned} assigned, {used[ident]} by assignments and claims"
            if abs(assigned) > abs(amount):
                yield f"payment {ident} ({amount}): {assigned} assigned"
            if it.get("reason") not in ("REPLACED", "OWN_TRANSFER"):
                self.rests[ident] = amount - assigned

    def _cases(self) -> Iterable[str]:
        """No case closes without money or decision, and each item has its source."""
        for ident, it in self.cases.items():
            of = self.clerk.issued.get(ident)
            opening = signed(it["items"][0], "amount", "debitCreditIndicator", "DEBIT")
            if of is None or opening != of.gross:
                yield f"{ident} opens with {opening}, issued over {of and of.gross}"
                continue
            items = [(one, signed(one, "amount", "debitCreditIndicator", "DEBIT")) for one in it["items"]]
            balance = signed(it, "balance", "balanceDebitCreditIndicator", "DEBIT")
            if sum((amount for _, amount in items), D(0)) != balance:
                yield f"{ident}: balance {balance}, items {[(one['type'], str(amount)) for one, amount in items]}"
            if (it["status"] == "CLOSED") != (balance == 0):
                yield f"{ident} is {it['status']} with {balance}"
            yield from self._sources(ident, items[1:])

    def _sources(self, ident: str, items: list[tuple[Any, Decimal]]) -> Iterable[str]:
        paid: dict[str, Decimal] = defaultdict(Decimal)
        decided: dict[str, Decimal] = defaultdict(Decimal)
        for one, amount in items:
            if one["type"] == "PAYMENT":
                paid[one["paymentAssignmentIdent"]] -= amount
            elif one["type"] == "DECISION":
                decided[one["decision"]] -= amount
            elif one["type"] == "CLEARING":
                if one.get("counterCaseIdent") not in self.cases:
                    yield f"{ident} was cleared with {one}"
            else:
                yield f"{ident} moved by {one}"
        for assignment, amount in paid.items():
            it = self.assignments.get(assignment)
            standing = D(0) if it is None or it["status"] == "REVERSED" else signed(it, "amount", "creditDebitIndicator", "CREDIT")
            if it is None or it["targetIdent"] != ident or standing != amount:
                yield f"{ident}: paid {amount} by {assignment}, which is {it}"
        for kind, amount in decided.items():
            people = self.clerk.decided.get((ident, kind), D(0))
            signs = amount if self.clerk.issued[ident].gross > 0 and kind != "OTHER_REVENUE" else -amount
            if kind == "CASH_DISCOUNT":
                if amount and not self._may_deduct(ident, amount):
                    yield f"{ident}: Skonto of {amount} that nobody earned"
            elif kind == "OTHER_REVENUE":
                if signs != people and not (0 <= signs < people and self._lost_money(ident)):
                    yield f"{ident}: {signs} kept as revenue, decided {people}"
            elif signs != people:
                yield f"{ident}: {kind} of {signs}, decided {people}"

    def _lost_money(self, ident: str) -> bool:
        """Whether something that was paid on it was taken back: what was kept of it as revenue goes, too, and may be kept anew later."""
        mine = [it for it in self.assignments.values() if it.get("targetIdent") == ident]
        return any(it["status"] == "REVERSED" or it.get("returnsPaymentAssignmentIdent") for it in mine)

    def _may_deduct(self, ident: str, amount: Decimal) -> bool:
        """The customer paid while he might deduct it: a last day on which no bank works moves on."""
        paper = self.clerk.payers.by_ident[self.clerk.issued[ident].customer].papers[ident]
        if paper.discount is None or paper.discount_until is None or amount > paper.discount:
            return False
        last = paper.discount_until
        while not is_open(last):
            last += dt.timedelta(days=1)
        return any(one.day <= last and one.amount > 0 for one in self._of(self.clerk.issued[ident].customer))

    def _of(self, customer: str) -> list[Booked]:
        return [one for one in self.bank.booked if one.customer == customer]

    def _customers(self) -> Iterable[str]:
        """What each owes: documents, less what was assigned to them, less what was decided."""
        owed: dict[str, Decimal] = defaultdict(Decimal)
        for of in self.clerk.issued.values():
            owed[of.customer] += of.gross
        for it in self.assignments.values():
            if it["status"] == "PROCESSED" and it["targetType"] == "DOCUMENT":
                owed[self.clerk.issued[it["targetIdent"]].customer] -= signed(it, "amount", "creditDebitIndicator", "CREDIT")
        for (ident, kind), amount in self.clerk.decided.items():
            if kind != "OTHER_REVENUE":
                owed[self.clerk.issued[ident].customer] -= amount
        balances: dict[str, Decimal] = defaultdict(Decimal)
        for it in self.cases.values():
            balances[it["customerIdent"]] += signed(it, "balance", "balanceDebitCreditIndicator", "DEBIT")
            off = [one for one in it["items"] if one.get("decision") in ("CASH_DISCOUNT", "OTHER_REVENUE")]
            owed[it["customerIdent"]] += sum((signed(one, "amount", "debitCreditIndicator", "DEBIT") for one in off), D(0))
        for customer in sorted({*owed, *balances}):
            if owed[customer] != balances[customer]:
                yield f"{customer} owes {owed[customer]} by the facts, {balances[customer]} by his open items"

    def _debits(self) -> Iterable[str]:
        """What is drawn for a document, or will be, is no more than it asks for."""
        drawn: dict[str, Decimal] = defaultdict(Decimal)
        for one in self.bank.orders.values():
            if one.amount > 0 and one.state in ("ORDERED", "EXECUTED"):
                drawn[one.text] += one.amount
        for text, amount in drawn.items():
            if text not in self.clerk.issued or amount > self.clerk.issued[text].gross:
                yield f"{amount} drawn for {text}, issued over {self.clerk.issued.get(text)}"

    def _receivables(self) -> Iterable[str]:
        accounts = sum(amount for number, amount in self.ledger.items() if number >= CUSTOMERS_FROM or number == DOUBTFUL)
        balances = sum((signed(it, "balance", "balanceDebitCreditIndicator", "DEBIT") for it in self.cases.values()), D(0))
        if accounts != balances:
            yield f"receivables {accounts} in the ledger, open items {balances}"
        waiting = sum(self.rests.values(), -self.bank.in_transit)
        if -self.ledger[UNASSIGNED] != waiting:
            yield f"unassigned {-self.ledger[UNASSIGNED]} in the ledger, payments wait with {waiting}"
        if sum(self.ledger.values()) != 0:
            yield f"the ledger is out of balance by {sum(self.ledger.values())}"

    def _taxes(self) -> Iterable[str]:
        """Output tax: of the documents, less that of what was deducted and given up, to the cent of each decision."""
        expected, decisions = sum((of.tax for of in self.clerk.issued.values()), D(0)), 0
        for ident, it in self.cases.items():
            of = self.clerk.issued[ident]
            for one in it["items"]:
                if one["type"] == "DECISION":
                    # what is kept of too much is consideration for the same supply (UStAE 10.1 (3)): at its rates, too
                    expected += signed(one, "amount", "debitCreditIndicator", "DEBIT") * of.tax / of.gross
                    decisions += 1
        booked = -sum((self.ledger[number] for number in TAXES), D(0))
        if abs(booked - expected) > CENT * (decisions + 1):
            yield f"output tax {booked} in the ledger, {expected.quantize(CENT, ROUND_HALF_UP)} by documents and {decisions} decisions"

    def _numbers(self) -> Iterable[str]:
        series: dict[str, list[int]] = defaultdict(list)
        for ident in self.clerk.issued:
            prefix, _, number = ident.rpartition("-")
            series[prefix].append(int(re.sub(r"\D", "", number)))
        for prefix, numbers in series.items():
            if sorted(numbers) != list(range(1, len(numbers) + 1)):
                yield f"{prefix}: numbers {sorted(numbers)[:5]} ... {len(numbers)}"
