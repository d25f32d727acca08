"""What a bookkeeper decides and clears, and what should follow: computed here again from the law alone."""

from decimal import Decimal
from typing import Any

from tests.factories.bookkeeper import Bookkeeper
from tests.factories.second_book import (
    DEBTOR,
    DOUBTFUL,
    FEES,
    LOST,
    TAX,
    ZERO,
    Paper,
    Verdict,
    shares,
    tax_of,
)

from contor.kernel.errors import Kind, Refused
from contor.openitems.clearing import create_run, reverse_run
from contor.openitems.clearing.runs import ClearingRunBody, CreateRun, OneRun
from contor.openitems.clearing.steps import look
from contor.openitems.decisions import add_decision, revert_decision
from contor.openitems.decisions.decide import Decide
from contor.openitems.decisions.read import OneDecision
from contor.openitems.decisions.types import DecisionBody
from contor.openitems.types import DecisionType
from contor.runtime.execute import validated


class Receivables:
    """Decisions and clearing of one bookkeeper."""

    def __init__(self, keeper: Bookkeeper) -> None:
        self.keeper = keeper
        self.verdicts: list[Verdict] = []
        self.runs: list[list[Verdict]] = []

    def decidable(self) -> list[Paper]:
        """Invoices of which something is owed and nothing was credited: what a credit takes back of a reduction is told elsewhere."""
        return [
            paper
            for paper in self.keeper.papers.values()
            if paper.kind == "INVOICE" and paper.balance > 0 and all(paper.left[it] == row.agreed for it, row in paper.rows.items())
        ]

    def decide(self, paper: Paper, kind: str, part: Decimal) -> None:
        """Decide on so much of a balance; only the whole of it is doubtful."""
        amount = paper.balance if kind == "DOUBTFUL_RECEIVABLE" else part
        is_refused = (kind == "DOUBTFUL_RECEIVABLE" and paper.doubtful) or (kind in LOST and self._left_of(paper) < amount)
        body = validated(DecisionBody, {"type": DecisionType(kind), "amount": str(amount)})
        made: Any = self._do(add_decision, Decide(paper.ident, body), Kind.INVALID if is_refused else None)
        if made is None:
            return
        side = DOUBTFUL if paper.doubtful else DEBTOR
        verdict = Verdict(made.ident, {paper.ident: -amount}, {side: -amount}, 1)
        if kind == "DOUBTFUL_RECEIVABLE":
            verdict = Verdict(made.ident, {paper.ident: ZERO}, {DOUBTFUL: amount, DEBTOR: -amount}, 1, doubts=True)
        elif kind == "BANK_FEE":
            verdict.booked[FEES] = amount
        else:
            self._reduce(paper, kind, amount, verdict)
        self._happens(verdict, 1)
        self.verdicts.append(verdict)
        if verdict.parts:
            self.keeper.reduced.append(verdict)

    def revert(self, verdict: Verdict) -> None:
        """Only once, and not while the claim stands elsewhere than it did then."""
        (name,) = verdict.papers
        self._do(revert_decision, OneDecision(name, verdict.ident), Kind.ILLEGAL_STATE if verdict.is_back else None)
        if verdict.is_back:
            return
        verdict.is_back = True
        paper = self.keeper.papers[name]
        booked = dict(verdict.booked)
        if verdict.doubts:  # what stands of it now
            booked = {DOUBTFUL: paper.balance, DEBTOR: -paper.balance}
        elif (there := DOUBTFUL if paper.doubtful else DEBTOR) not in booked:
            booked[there] = booked.pop(DEBTOR if paper.doubtful else DOUBTFUL)
        back = Verdict(verdict.ident, verdict.papers, booked, 1 if any(booked.values()) else 0, verdict.doubts)
        self._happens(back, -1)

    def clear(self) -> None:
        """Debits against credits, the first issued first, for all are due alike; no deposit, nothing doubtful."""
        self.keeper.tenant.execute(create_run, CreateRun(ClearingRunBody()))
        look(self.keeper.tenant.runtime, self.keeper.tenant.id)
        (run,) = self.keeper.tenant.rows("SELECT ident, status FROM clearing_run ORDER BY id DESC LIMIT 1")
        assert run.status == "COMPLETED"
        free = [it for it in self.keeper.papers.values() if it.kind in ("INVOICE", "CREDIT_MEMO") and not it.doubtful]
        made = []
        while True:
            debit = next((it for it in free if it.balance > 0), None)
            credit = next((it for it in free if it.balance < 0), None)
            if debit is None or credit is None:
                break
            amount = min(debit.balance, -credit.balance)
            verdict = Verdict(run.ident, {debit.ident: -amount, credit.ident: amount}, {}, 1)
            self._happens(verdict, 1)
            made.append(verdict)
        self.runs.append(made)

    def reverse(self, made: list[Verdict]) -> None:
        """All of a run, once."""
        if not made:
            return
        is_back = made[0].is_back
        self._do(reverse_run, OneRun(made[0].ident), Kind.ILLEGAL_STATE if is_back else None)
        if is_back:
            return
        for verdict in made:
            verdict.is_back = True
            booked = {}
            for name, moved in verdict.papers.items():
                if moved < 0 and self.keeper.papers[name].doubtful:  # the claim stands there now
                    booked = {DOUBTFUL: moved, DEBTOR: -moved}
            self._happens(Verdict(verdict.ident, verdict.papers, booked, 1), -1)

    def _left_of(self, paper: Paper) -> Decimal:
        reduced = [it for it in self.keeper.reduced if paper.ident in it.papers and not it.is_back]
        return paper.gross + sum((it.papers[paper.ident] for it in reduced), ZERO)

    def _reduce(self, paper: Paper, kind: str, amount: Decimal, verdict: Verdict) -> None:
        """Over what is left of the groups by gross; a part that is all of a group takes all of its tax."""
        left = {rate: net + tax for rate, (net, tax) in paper.taxes.items()}
        taxes = {rate: tax for rate, (_, tax) in paper.taxes.items()}
        for other in self.verdicts:
            if paper.ident in other.papers and not other.is_back:
                for rate in left:
                    left[rate] -= other.parts.get(rate, (ZERO, ZERO))[0]
                    taxes[rate] -= other.parts.get(rate, (ZERO, ZERO))[1]
        for rate, part in shares(amount, {rate: gross for rate, gross in left.items() if gross}).items():
            tax = taxes[rate] if part == left[rate] else tax_of(part, rate, "GROSS")
            verdict.parts[rate] = (part, tax)
            verdict.booked[LOST[kind][rate]] = part - tax
            verdict.booked[TAX[rate]] = tax

    def _happens(self, verdict: Verdict, sign: int) -> None:
        for name, moved in verdict.papers.items():
            self.keeper.papers[name].moved += sign * moved
            if verdict.doubts:
                self.keeper.papers[name].doubtful = sign > 0
        for account, amount in verdict.booked.items():
            self.keeper.accounts[account] += sign * amount
        self.keeper.further += verdict.entries

    def _do(self, operation: Any, command: Any, refused: Kind | None) -> Any:
        made, found = None, None
        try:
            made = self.keeper.tenant.execute(operation, command)
        except Refused as refusal:
            found = refusal.kind
        assert found == refused, f"{command}: expected {refused}, found {found}"
        return made
