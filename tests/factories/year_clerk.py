"""The people of a company over a simulated year: what they do, by the API of a running installation."""

import datetime as dt
import random
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.checkers.bank_double import Bank
from tests.factories.companies import BANK
from tests.factories.creditors import SEPA
from tests.factories.insistent import Insistent, Refusal
from tests.factories.year_payers import CENT, Bill, Payer, Payers

D, ZERO = Decimal, Decimal(0)
REDUCING = ("CASH_DISCOUNT", "DISCOUNT", "UNCOLLECTABLE_RECEIVABLE")
"""Decisions by which less is owed for a supply."""
ACCOUNT = "/v2/merchant-payment-accounts/bank"
LEVELS = [
    {"daysAfter": 5, "daysToPay": 7},
    {"daysAfter": 10, "daysToPay": 7, "fee": "5.00"},
    {"daysAfter": 10, "daysToPay": 7, "fee": "7.50", "interest": True},
]
DUNNING = {
    "levels": LEVELS,
    "firstLevelFrom": "DUE_DATE",
    "minimumAmount": "5.00",
    "collectionAfterLevel": 3,
    "claimReturnCosts": True,
}
ASSIGNING = {
    "overpaymentAssignmentToDocuments": True,
    "underpaymentAssignmentToDocuments": True,
    "automaticByScore": True,
}


@dataclass
class Issued:
    """A document, as what was asked for makes it."""

    ident: str
    kind: str
    customer: str
    gross: Decimal
    tax: Decimal
    due: dt.date
    credits: str | None = None


class Clerk:
    """Whoever works there."""

    def __init__(self, api: Insistent, bank: Bank, payers: Payers, chance: random.Random) -> None:
        self.api, self.bank, self.payers, self.chance = api, bank, payers, chance
        self.issued: dict[str, Issued] = {}
        """Every document by its number."""
        self.decided: dict[tuple[str, str], Decimal] = {}
        """Case and type: what people decided, less what they reverted."""
        self._asked: dict[str, tuple[str, Decimal, Decimal, str | None]] = {}
        self._learned: dict[str, str | None] = {}
        self.olds: dict[str, str] = {}
        """By the document that stands in its place, the one that was reissued."""
        self._requests = 0

    # --- the beginning ---

    def furnish(self) -> None:
        """Accounts, gateways, how payments are assigned and who is dunned; the customers."""
        call = self.api.call
        call("POST", "/v2/payment-providers", {"id": 1, "name": "SEPA_FILE"})
        call("POST", "/v2/payment-providers", {"id": 2, "name": "SIMULATED"})
        sepa = {**SEPA, "preNotificationDays": 5}
        call("POST", "/v2/merchant-payment-accounts", {**BANK, "iban": self.bank.iban, "bic": "SOGEDEFFXXX", "sepa": sepa})
        psp = {**BANK, "ident": "psp", "name": "Cards", "paymentServiceProviderId": 2}
        call("POST", "/v2/merchant-payment-accounts", psp)
        for gateway, account in (("main", "bank"), ("cards", "psp")):
            accounts = [{"merchantPaymentAccountIdent": account, "currency": "EUR"}]
            call("POST", "/v2/merchant-payment-gateways", {"ident": gateway, "name": gateway, "accounts": accounts})
        for account in ("bank", "psp"):
            call("POST", f"/v2/merchant-payment-accounts/{account}/assignment-configuration", ASSIGNING)
        call("POST", "/v2/billing/configuration/dunning", DUNNING)
        with ThreadPoolExecutor(3) as at_once:
            list(at_once.map(self._sign, self.payers.all))

    def _sign(self, payer: Payer) -> None:
        self.api.call("POST", "/v2/customers", payer.body())
        account = payer.account("ok" if payer.number % 5 else "fail-AM04" if payer.number % 2 else "slow")
        if account is not None:
            self.api.call("POST", "/v2/customer-payment-accounts", account)

    # --- documents ---

    def bill(self, payers: Iterable[Payer]) -> None:
        """The month's invoice of each."""
        asked = [self._invoice(payer) for payer in payers]
        with ThreadPoolExecutor(3) as at_once:
            list(at_once.map(lambda body: self.api.call("POST", "/v2/documents/invoices", body), asked))

    def _invoice(self, payer: Payer) -> dict[str, Any]:
        nets = [D(self.chance.randrange(1_000, 40_000)) / 100 for _ in range(self.chance.choice((1, 1, 2, 3)))]
        rates = [self.chance.choice((19, 19, 19, 7)) for _ in nets]
        discounts = [{"days": 10, "percentage": 2}] if payer.way == "TRANSFER" and payer.number % 2 else []
        collected = {"customerPaymentAccountIdent": f"acc-{payer.number:05}"} if payer.way != "TRANSFER" else {}
        method = {"DEBIT": "DIRECT_DEBIT", "CARD": "CREDIT_CARD"}.get(payer.way, "BANK_TRANSFER")
        tax = sum((part_of(sum(n for n, r in zip(nets, rates, strict=True) if r == rate), rate) for rate in {*rates}), D(0))
        body = {
            **self._body(payer, list(zip(nets, rates, strict=True))),
            "paymentTerm": {"periodInDays": 14, "cashDiscount": discounts},
            "paymentInformation": {"paymentType": method, **collected},
            "paymentCollection": {"collect": payer.way != "TRANSFER"},
        }
        self._asked[body["requestId"]] = (payer.ident, sum(nets, D(0)) + tax, tax, None)
        return body

    def _body(self, payer: Payer, rows: list[tuple[Decimal, int]]) -> dict[str, Any]:
        self._requests += 1
        items = [
            {
                "ident": f"i-{at}",
                "category": "SERVICE",
                "name": f"Leistung {at}",
                "quantity": 1,
                "quantityType": "PC",
                "prices": {"unit": {"net": str(net)}, "originalTotal": {"net": str(net)}, "total": {"net": str(net)}},
                "taxDetail": {"taxes": [{"rate": rate, "categoryCode": "S"}]},
                "performanceLocation": {"country": "DE"},
            }
            for at, (net, rate) in enumerate(rows, 1)
        ]
        return {
            "requestId": f"year-{self._requests}",
            "billingGroupIdent": "external",
            "currency": "EUR",
            "language": "de",
            "customerDetail": {"customerIdent": payer.ident, "invoiceAddressIdent": f"a-{payer.number:05}"},
            "items": items,
            "paymentCollection": {"collect": False},
        }

    def credit(self, invoice: str) -> bool:
        """All of an invoice is taken back; whether it may be."""
        said = self.api.call("GET", f"/v2/documents/{invoice}")
        payer, of = self.payers.by_ident[self.issued[invoice].customer], self.issued[invoice]
        rows = [(D(str(it["prices"]["total"]["net"])), int(it["taxDetail"]["taxes"][0]["rate"])) for it in said["items"]]
        body = {**self._body(payer, rows), "relatedDocumentIdent": invoice}
        try:
            self.api.call("POST", "/v2/documents/credit-memos", body)
        except Refusal as refusal:
            assert refusal.status == 400, refusal
            return False
        self._asked[body["requestId"]] = (payer.ident, -of.gross, -of.tax, invoice)
        return True

    def learn(self) -> None:
        """What was issued since; each says what was asked for, and reaches its customer."""
        waiting = [one for one in self._asked if one not in self._learned]
        with ThreadPoolExecutor(3) as at_once:
            found = list(at_once.map(self._ask, waiting))
        for request, said in zip(waiting, found, strict=True):
            self._learned[request] = None if said is None else said["ident"]
            if said is not None:
                self._keep(request, said)

    def _ask(self, request: str) -> Any:
        """The document; None: it was refused."""
        state = self.api.call("GET", f"/v2/documents/requests/{request}")
        assert state["status"] in ("COMPLETED", "FAILED"), state
        assert state["status"] == "COMPLETED" or self._asked[request][3] is not None, state
        return self.api.call("GET", f"/v2/documents/{state['documentIdent']}") if state["status"] == "COMPLETED" else None

    def _keep(self, request: str, said: Any) -> None:
        customer, gross, tax, credits = self._asked[request]
        ident = said["ident"]
        sign = -1 if credits else 1
        assert (said["totals"]["gross"] * sign, said["totals"]["tax"] * sign) == (gross, tax), said["totals"]
        due = dt.date.fromisoformat(said["dueDate"])
        off = self._taken_back(said, credits)
        self.issued[ident] = Issued(ident, said["documentType"], customer, gross + off[0], tax + off[1], due, credits)
        if not credits:
            date = dt.date.fromisoformat(said["documentDate"])
            discounts = said["paymentTerm"].get("cashDiscount") or []
            off = (gross * D("0.02")).quantize(CENT, ROUND_HALF_UP) if discounts else None
            until = date + dt.timedelta(days=10) if discounts else None
            self.payers.get(customer, Bill(ident, gross, date, due, off, until))

    def reissue(self, invoice: str) -> bool:
        """An invoice is taken back and issued anew; whether it may be."""
        self._requests += 1
        number, of = f"year-{self._requests}", self.issued[invoice]
        try:
            made = self.api.call("POST", f"/v2/documents/{invoice}/actions/reissue", {"requestId": number})
        except Refusal as refusal:
            assert refusal.status in (400, 409), refusal
            return False
        memo = made["creditMemoIdent"]
        assert not self.api.call("GET", f"/v2/documents/{memo}").get("discounts"), (
            f"{memo} takes back what the new one goes on with"
        )
        self.issued[memo] = Issued(memo, "CREDIT_MEMO", of.customer, -of.gross, -of.tax, of.due, invoice)
        self._asked[number] = (of.customer, of.gross, of.tax, None)
        self.olds[made["documentIdent"]] = invoice
        return True

    def _taken_back(self, said: Any, credits: str | None) -> tuple[Decimal, Decimal]:
        """Of a credit memo: the reductions that it takes back with what it credits, which are owed to nobody: gross and tax."""
        off = said.get("discounts") or []
        gross, tax = sum((D(it["gross"]) for it in off), ZERO), sum((D(it["tax"]) for it in off), ZERO)
        if credits is None:
            return ZERO, ZERO
        chain: list[str] = []
        while credits is not None:  # what was decided on a document goes on with the one that stands in its place
            chain.append(credits)
            credits = self.olds.get(credits)
        items = [it for ident in chain for it in self.api.call("GET", f"/v2/opos-cases/{ident}")["items"]]
        granted = [it for it in items if it.get("decision") in REDUCING]
        stands = sum((D(it["amount"]) * (1 if it["debitCreditIndicator"] == "CREDIT" else -1) for it in granted), ZERO)
        assert gross == stands, f"{said['ident']} takes back {gross} of the {stands} that were decided on {chain}"
        return gross, tax


def part_of(net: Decimal, rate: int) -> Decimal:
    return (net * rate / 100).quantize(CENT, ROUND_HALF_UP)
