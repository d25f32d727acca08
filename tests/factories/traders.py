"""A company that sells whatever a posting table has a row for: at home and abroad, for euros and dollars, taxed by agreement and on
receipt, before and after the supply; and what its customers do with it. By chance of one seed, through the platform API."""

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

from tests.factories.companies import Company
from tests.factories.tenants import Tenant
from tests.factories.traders_goods import ALL, CUSTOMERS, GROUPS, SITES, Sale, customer, row_of

D, CENT = Decimal, Decimal("0.01")
DAYS = (4, 11, 18, 25)
"""Of each month, on which people work."""
REFUSED = (400, 409)
NUMBERS = "/v2/billing/configuration/document-numbers"


@dataclass
class Sold:
    """A document that somebody owes."""

    number: str
    sale: Sale
    day: dt.date
    net: Decimal
    lost: bool = False


class Trader(Company):
    """See above."""

    def __init__(self, tenant: Tenant, client: Any, headers: dict[str, str], seed: int) -> None:
        super().__init__(tenant, client, headers)
        self.chance = random.Random(seed)
        self.owed: list[Sold] = []
        self.deposits: list[tuple[str, str, str, Decimal]] = []
        """Number, method, group and net of those that wait for their final invoice."""
        self.happened: Counter[str] = Counter()
        self._decided: list[str] = []
        """Documents on which somebody decided."""
        self.today = dt.date.min

    def furnish(self, day: dt.date) -> None:
        self.turn(day)
        for site in SITES:
            self.call("POST", "/v2/billing/configuration/operating-sites", site, 201)
        for group in GROUPS:
            self.call("POST", "/v2/billing-groups", group, 201)
        # a company of its own has numbers of its own
        self.call("POST", f"{NUMBERS}/counters", {"ident": "own", "prefix": "AT-", "lowerLimit": 1})
        self.call("POST", f"{NUMBERS}/strategies/billing-groups", {"ident": "own", "counterIdent": "own", "key": "atelier"}, 201)
        for number in range(len(CUSTOMERS)):
            self.call("POST", "/v2/customers", customer(number), 201)
        self.open_bank(additionallyAcceptedCurrencies=["USD"])
        self.take_parts()
        self.call("PATCH", "/v2/tenant-settings", {"deferredIncome": "MONTHLY", "revaluation": "MONTHLY"})

    def turn(self, day: dt.date) -> None:
        self.today = day
        self.tenant.turn_clock(dt.datetime.combine(day, dt.time(10), dt.UTC))

    def live(self, month: dt.date) -> None:
        """A month, from its first day: everything is sold once, and most of it is paid in one way or another."""
        sales = self.chance.sample(ALL, len(ALL))
        for place, number in enumerate(DAYS):
            self.turn(month.replace(day=number))
            for sale in sales[place :: len(DAYS)]:
                self._sell(sale)
            if place == 1:
                self._take_deposit(month.month)
            for sold in self.chance.sample(self.owed, len(self.owed)):
                if (self.today - sold.day).days >= 5:
                    self._end(sold)
            self.owed = [it for it in self.owed if it.lost or self._open(it.number)]
        self._partners()
        self._mishaps()

    # --- what is sold

    def _sell(self, sale: Sale) -> None:
        net = D(self.chance.randrange(500, 90_000)) / 100
        rows = [row_of(f"i-{at}", part, sale, rate, self.today) for at, (part, rate) in enumerate(self._parts(net, sale), 1)]
        number = self.document(items=rows, customerDetail=self._detail(sale.customer), **self._terms(sale))
        self.owed.append(Sold(number, sale, self.today, net))
        self.happened[sale.name] += 1

    def _parts(self, net: Decimal, sale: Sale) -> list[tuple[Decimal, Decimal]]:
        if len(sale.rates) == 1:
            return [(net, sale.rates[0])]
        part = (net / 3).quantize(CENT, ROUND_HALF_UP)
        return list(zip((net - part, part), sale.rates, strict=True))

    def _terms(self, sale: Sale) -> dict[str, Any]:
        more: dict[str, Any] = {"paymentTerm": {"periodInDays": 14, "cashDiscount": [{"days": 10, "percentage": 2}]}}
        more |= self._company(sale)
        if sale.currency != "EUR":
            more |= {"currency": sale.currency, "exchangeRate": {"rate": str(self._rate()), "date": self.today.isoformat()}}
        return more

    def _company(self, sale: Sale) -> dict[str, Any]:
        group = {"billingGroupIdent": "atelier"} if sale.site == "atelier" else {}
        return {"operatingSiteIdent": sale.site, **group} if sale.site else {}

    def _rate(self) -> Decimal:
        return D(self.chance.randrange(10_300, 11_900)) / 10_000

    def _detail(self, number: int) -> dict[str, Any]:
        return {"customerIdent": f"c-{number}", "invoiceAddressIdent": f"a-{number}"}

    # --- deposits

    def _take_deposit(self, month: int) -> None:
        """One is taken, of another method each month; that of the month before gets its final invoice."""
        if self.deposits:
            self._final(*self.deposits.pop())
        method, group = ("REMAINDER", "FINAL", "REVERSAL")[month % 3], ("deposits", "memos")[month // 3 % 2]
        net = D(self.chance.randrange(10_000, 90_000)) / 100
        detail = self._detail(0)
        row = row_of("i-1", net, ALL[0], D(19), self.today)
        number = self.document("deposit-invoices", items=[row], customerDetail=detail, billingGroupIdent=group)
        owed = self._balance(number)
        paid = owed if month % 2 else (owed / 3).quantize(CENT)
        self._pay(number, paid, "EUR")
        self.deposits.append((number, method, group, net))
        self.happened[f"deposit {method} {group}"] += 1

    def _final(self, deposit: str, method: str, group: str, net: Decimal) -> None:
        more: dict[str, Any] = {"billingGroupIdent": group, "customerDetail": self._detail(0)}
        related = deposit
        if method == "REVERSAL":
            back = row_of("i-1", net, ALL[0], D(19), self.today)
            related = self.document("deposit-invoice-corrections", items=[back], relatedDocumentIdent=deposit, **more)
            more["relatedDocumentIdent"] = deposit
        row = row_of("i-1", net * 3, ALL[0], D(19), self.today)
        said = [{"key": "finalInvoiceMethod", "value": method}]
        number = self.document(items=[row], relatedDocumentIdents=[related], properties=said, **more)
        self.owed.append(Sold(number, ALL[0], self.today, net * 3))

    # --- how it ends

    def _end(self, sold: Sold) -> None:
        kind, balance = self.chance.random(), self._balance(sold.number)
        if balance <= 0:
            return
        if sold.lost:
            self._pay(sold.number, (balance / 2).quantize(CENT, ROUND_UP), sold.sale.currency)
        elif kind < 0.25:
            self._pay(sold.number, balance, sold.sale.currency)
        elif kind < 0.40:
            self._pay(sold.number, balance - (balance * 2 / 100).quantize(CENT, ROUND_HALF_UP), sold.sale.currency)
        elif kind < 0.50:
            self._pay(sold.number, (balance / 3).quantize(CENT, ROUND_UP), sold.sale.currency)
        elif kind < 0.55:
            self._pay(sold.number, balance + 1, sold.sale.currency)
        elif kind < 0.60:
            self._decide(sold.number, "DISCOUNT", (balance / 10).quantize(CENT, ROUND_UP))
        elif kind < 0.64:
            self._decide(sold.number, "UNCOLLECTABLE_RECEIVABLE", balance)
        elif kind < 0.68:
            self._decide(sold.number, "DOUBTFUL_RECEIVABLE", balance, allowance="1.00")
        elif kind < 0.72:
            self._decide(sold.number, "BANK_FEE", min(balance, D("1.50")))
        elif kind < 0.80:
            self._credit(sold, self.chance.choice(("RETURN", "GOODWILL")))
        elif kind < 0.83:
            self._reissue(sold)

    def _credit(self, sold: Sold, reason: str) -> None:
        part = (sold.net / 4).quantize(CENT)
        row = {**row_of("i-1", part, sold.sale, sold.sale.rates[0], sold.day), "ident": "i-1"}
        detail = self._detail(sold.sale.customer)
        more = {"customerDetail": detail, "currency": sold.sale.currency, **self._company(sold.sale)}
        body = self.body(items=[row], relatedDocumentIdent=sold.number, properties=[{"key": "reason", "value": reason}], **more)
        if self._tried("POST", "/v2/documents/credit-memos", body, f"credit {reason}"):
            self.work()

    def _reissue(self, sold: Sold) -> None:
        self.requests += 1
        path = f"/v2/documents/{sold.number}/actions/reissue"
        if self._tried("POST", path, {"requestId": f"r-{self.requests}"}, "reissue"):
            self.work()

    def _decide(self, number: str, kind: str, amount: Decimal, **more: Any) -> None:
        path = f"/v2/opos-cases/{number}/decisions"
        if self._tried("POST", path, {"type": kind, "amount": str(amount), **more}, kind):
            self._decided.append(number)

    def _pay(self, number: str, amount: Decimal, currency: str) -> None:
        more: dict[str, Any] = {}
        if currency != "EUR":
            rate = self._rate()
            more = {"originalAmount": {"amount": str(amount), "currency": currency}, "exchangeRate": str(rate)}
            amount = max((amount / rate).quantize(CENT, ROUND_HALF_UP), CENT)
        # now and then what the bank books late, in a month that is closed by then
        day = self.today - dt.timedelta(days=self.chance.choice((0, 0, 1, 2, 5)))
        self.pay(str(amount), number, bookingDate=day.isoformat(), **more)
        self.happened["payment"] += 1

    def _open(self, number: str) -> bool:
        return str(self.case(number)["status"]) == "OPEN"

    def _balance(self, number: str) -> Decimal:
        case = self.case(number)
        balance = D(str(case["balance"]))
        return balance if case["balanceDebitCreditIndicator"] == "DEBIT" else -balance

    # --- what else happens

    def _partners(self) -> None:
        """Commissions of a month, one of them corrected."""
        for number, rate, code in ((7, 19, "S"), (8, 0, "AE")):
            sale = Sale("commission", number, (D(rate),), code=code)
            row = row_of("i-1", D(self.chance.randrange(5_000, 30_000)) / 100, sale, D(rate), self.today)
            detail = self._detail(number)
            made = self.document("self-billing-invoices", items=[row], customerDetail=detail)
            self.happened["self-billing"] += 1
            if self.chance.random() < 0.3:
                back = row_of("i-1", D("10.00"), sale, D(rate), self.today)
                more = {"relatedDocumentIdent": made, "customerDetail": detail}
                self.document("self-billing-invoice-corrections", items=[back], **more)
                self.happened["self-billing correction"] += 1

    def _mishaps(self) -> None:
        """Money of nobody, assignments and decisions that are taken back, credits that pay debts."""
        self.pay("12.34", "Danke", bookingDate=self.today.isoformat())
        standing = self.call("GET", "/v2/payment-assignments?search=status==PROCESSED;targetType==DOCUMENT&size=50")["_embedded"]
        for it in self.chance.sample(standing, min(2, len(standing))):
            self._tried("POST", f"/v2/payment-assignments/{it['paymentAssignmentIdent']}/actions/reverse", None, "bounce")
        found = self.call("GET", "/v2/opos-cases?search=status==OPEN&size=100&sort=createdAt,desc")["_embedded"]
        for case in found:
            if case["balanceDebitCreditIndicator"] == "CREDIT" and D(str(case["balance"])) <= 1:
                self._decide(case["ident"], "OTHER_REVENUE", D(str(case["balance"])))
        for number in self.chance.sample(self._decided, min(2, len(self._decided))):
            path = f"/v2/opos-cases/{number}/decisions"
            for it in self.call("GET", path)["_embedded"][:1]:
                self._tried("POST", f"{path}/{it['ident']}/actions/revert", None, "revert")
        self.call("POST", "/v2/opos-cases/clearing-runs", {}, 201)

    def _tried(self, method: str, path: str, body: Any, name: str) -> bool:
        """Whether it was taken; what is refused says why, and is left."""
        answer = self.client.request(method, path, json=body, headers=self.headers)
        assert answer.status_code < 300 or answer.status_code in REFUSED, answer.text
        self.happened[name if answer.status_code < 300 else f"refused: {name}"] += 1
        return bool(answer.status_code < 300)
