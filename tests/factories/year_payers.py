"""Customers of a simulated year: how each pays, and what each does with the papers that reach him."""

import datetime as dt
import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.checkers.bank_double import Bank

D = Decimal
ZERO = D(0)
CENT = D("0.01")
STREETS = ("Allee", "Am Kai", "Gasse", "Hof", "Markt", "Ring")


def german_iban(number: int) -> str:
    """A valid one, of an account of its own."""
    bban = f"12030000{1_000_000_000 + number:010}"
    return f"DE{98 - int(f'{bban}131400') % 97:02}{bban}"


@dataclass
class Bill:
    """An invoice as its customer knows it."""

    ident: str
    gross: Decimal
    date: dt.date
    due: dt.date
    discount: Decimal | None
    """What may be deducted ..."""
    discount_until: dt.date | None
    """... when it is paid until then."""
    rest: Decimal = ZERO
    """What he thinks that he owes."""


@dataclass
class Payer:
    """`way`: DEBIT, CARD or TRANSFER."""

    number: int
    way: str
    is_consumer: bool
    papers: dict[str, Bill] = field(default_factory=dict)
    kept: list[Bill] = field(default_factory=list)
    """To be paid together with the next one."""
    moved_to: str | None = None
    """His account since he left his bank."""
    stubborn: bool = False
    """He pays nothing that was not drawn from his account, whatever letter comes."""

    @property
    def ident(self) -> str:
        return f"k-{self.number:05}"

    @property
    def name(self) -> str:
        return f"Anna Muster{self.number}" if self.is_consumer else f"Werk {self.number} GmbH"

    @property
    def iban(self) -> str:
        return self.moved_to or german_iban(self.number)

    def body(self) -> dict[str, Any]:
        """As it is created."""
        called = (
            {"firstName": "Anna", "lastName": f"Muster{self.number}"}
            if self.is_consumer
            else {"company": f"Werk {self.number} GmbH"}
        )
        address = {
            "addressIdent": f"a-{self.number:05}",
            "addressType": "INVOICE",
            **called,
            "street": STREETS[self.number % len(STREETS)],
            "streetNo": str(1 + self.number % 90),
            "zip": f"{10115 + self.number % 80000:05}",
            "city": "Berlin",
            "country": "DE",
        }
        kind = "B2C" if self.is_consumer else "B2B"
        email = f"post{self.number}@kunde.example"
        return {"customerIdent": self.ident, "customerType": kind, **called, "email": email, "addresses": [address]}

    def account(self, token: str) -> dict[str, Any] | None:
        """How it is collected from him; None: it is not."""
        base = {"ident": f"acc-{self.number:05}", "debtorIdent": self.ident, "accountHolderName": self.name}
        if self.way == "DEBIT":
            mandate = {"reference": f"MND-{self.number:05}", "signedOn": "2024-05-01"}
            sepa = {"iban": self.iban, "bic": "BYLADEM1001", "paymentMethod": "DIRECT_DEBIT", "mandate": mandate}
            return {**base, "merchantPaymentGatewayIdent": "main", **sepa}
        if self.way == "CARD":
            card = {
                "paymentMethod": "CREDIT_CARD",
                "paymentProviderReference": f"cus-{self.number}",
                "paymentMethodReference": token,
            }
            return {**base, "merchantPaymentGatewayIdent": "cards", **card}
        return None


class Payers:
    """All of them, by chance of one seed."""

    def __init__(self, many: int, bank: Bank, chance: random.Random) -> None:
        ways = ("DEBIT",) * 12 + ("CARD",) * 3 + ("TRANSFER",) * 5
        self.bank, self.chance = bank, chance
        self.all = [Payer(n, ways[n * 7 % 20], n % 3 == 0) for n in range(1, many + 1)]
        self.by_ident = {one.ident: one for one in self.all}
        for one in self.all:
            bank.owners[one.iban] = one.ident
            one.stubborn = chance.random() < 0.04

    def get(self, ident: str, paper: Bill) -> None:
        """An invoice arrives."""
        payer = self.by_ident[ident]
        paper.rest = paper.gross
        payer.papers[paper.ident] = paper
        if payer.way == "TRANSFER" and not payer.stubborn:
            self._decide(payer, paper)

    def _decide(self, payer: Payer, paper: Bill) -> None:
        kind, later = self.chance.random(), dt.timedelta(days=self.chance.randrange(1, 5))
        if payer.kept or kind < 0.1:
            payer.kept.append(paper)
            if len(payer.kept) > 1:  # two or more in one transfer
                total = sum((one.rest for one in payer.kept), D(0))
                self._transfer(payer, total, " ".join(one.ident for one in payer.kept), paper.due - later, payer.kept)
                payer.kept = []
        elif paper.discount is not None and paper.discount_until is not None and kind < 0.4:
            day = paper.discount_until - dt.timedelta(days=3) if kind < 0.33 else paper.discount_until + dt.timedelta(days=8)
            self._transfer(payer, paper.rest - paper.discount, f"Rechnung {paper.ident} abzgl. Skonto", day, [paper])
        elif kind < 0.62:
            self._transfer(payer, paper.rest, f"Rechnung {paper.ident}", paper.due - later, [paper])
        elif kind < 0.70:
            self._transfer(payer, paper.rest, self._wrong(paper), paper.due - later, [paper])
        elif kind < 0.76:
            part = (paper.rest / 3).quantize(CENT)
            self._transfer(payer, part, f"Teil {paper.ident}", paper.due - later, [paper])
            if kind < 0.73:
                self._transfer(payer, paper.rest, f"Rest {paper.ident}", paper.due + 4 * later, [paper])
        elif kind < 0.80:
            self._transfer(payer, paper.rest + self.chance.choice((D("0.50"), D("10.00"))), paper.ident, paper.due - later, [paper])
        elif kind < 0.88:
            self._transfer(payer, paper.rest, f"verspaetet {paper.ident}", paper.due + dt.timedelta(days=6) + 3 * later, [paper])
        # else he waits for a letter

    def _wrong(self, paper: Bill) -> str:
        """What is written wrong, or not at all."""
        return self.chance.choice(
            ("Danke", "Rechnung vom Letzten", paper.ident.replace("0", "O", 1), paper.ident[:-1], "KdNr 4711")
        )

    def reminded(self, ident: str, demand: Decimal, outstanding: Decimal, documents: list[str], day: dt.date) -> None:
        """A letter arrives: some pay what it asks for, some the invoices alone, some a part, some nothing."""
        payer, kind = self.by_ident[ident], self.chance.random()
        papers = [payer.papers[one] for one in documents if one in payer.papers]
        text = " ".join(documents)
        if payer.stubborn or not papers:
            return
        soon = day + dt.timedelta(days=self.chance.randrange(2, 12))
        if kind < 0.35:
            self._transfer(payer, demand, f"Mahnung {text}"[:130], soon, papers)
        elif kind < 0.65:
            self._transfer(payer, outstanding, text[:130], soon, papers)
        elif kind < 0.75:
            self._transfer(payer, (outstanding / 2).quantize(CENT), text[:130], soon, papers)

    def _transfer(self, payer: Payer, amount: Decimal, text: str, day: dt.date, papers: list[Bill]) -> None:
        left = amount
        for paper in papers:
            part = min(left, paper.rest)
            paper.rest, left = paper.rest - part, left - part
        if amount > 0:
            self.bank.pays(payer.ident, payer.iban, payer.name, amount, text, day)
