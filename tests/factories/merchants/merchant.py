"""A merchant who sells by orders and contracts, at random, through the platform API; and keeps a second book."""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from tests.factories.merchants.book import DAY, ZERO, Agreed, Book, Line, Rows, cents

from contor.billing.runs import run_tenant

MONTH = {"value": 1, "unit": "MONTH"}
S19 = [{"taxRate": 19, "taxCategoryCode": "S"}]
ONE, CALL = Decimal("0.10"), Decimal("0.20")
EVEN = {"power": ONE, "calls": CALL, "late": ONE}
ORDERS, CONTRACTS = "/v2/orders", "/v2/contracts"
GROUP = "/v2/billing-groups/external"
SUMS = """
SELECT i.holder_ident, coalesce(r.origin_ident, i.origin_ident) AS origin, coalesce(r.kind, i.kind) AS kind,
  coalesce(r.origin_type, i.origin_type) AS origin_type, i.period_start, i.currency,
  sum(CASE WHEN i.kind = 'CREDIT' THEN -i.total ELSE i.total END) AS stands,
  coalesce(sum(i.total) FILTER (WHERE i.document_id IS NOT NULL AND (i.content ->> 'pays')::boolean), 0) AS paid,
  bool_or(i.processing_status NOT IN ('COMPLETED', 'TERMINATED')) AS waits
FROM billable_item i LEFT JOIN billable_item r ON r.item_id = i.related_item_id AND i.kind = 'CREDIT'
WHERE i.processing_status <> 'TERMINATED' GROUP BY 1, 2, 3, 4, 5, 6
"""


class Merchant:
    """What its people do; each answer is either done, or a refusal that says why. Anything else is a bug."""

    def __init__(self, desk: Any, seed: int) -> None:
        self.desk, self.tenant, self.random = desk, desk.tenant, random.Random(seed)
        self.book = Book()
        self.day = dt.date(2026, 1, 5)
        self.numbers = 0
        self.refused: dict[str, int] = {}
        self.done: dict[str, int] = {}
        self.log: list[str] = []
        self.orders: list[str] = []
        self.ids: dict[str, int] = {}
        self.deposits: list[tuple[str, str, str]] = []
        self.rated: list[str] = []
        self.sides: dict[str, str] = {}

    # --- the company -------------------------------------------------------------------------------------------------------------

    def open_shop(self) -> None:
        """Plans: a monthly fee in advance, one in arrears with usages, one for a partner; deposits are invoiced with the order."""
        self.turn()
        self.mode(self.random.choice(["ITEM_BASED", "DOCUMENT_BASED"]))
        named = {"status": "FINAL", "name": "Something"}
        linear = {price: [{"pricingModel": "TIER_PRICE", "priceTiers": [{"price": str(price)}]}] for price in (ONE, CALL)}
        options = [
            {"optionIdent": "fee", "type": "RECURRING", "prices": [{"price": "31.00"}]},
            {"optionIdent": "power", "type": "USAGE", "usePooling": True, "usagePrices": linear[ONE]},
            {"optionIdent": "calls", "type": "USAGE", "usagePrices": linear[CALL]},
            {"optionIdent": "late", "type": "USAGE", "usePooling": True, "usagePrices": linear[ONE]},
            {"optionIdent": "sms", "type": "RATED_USAGE", "aggregationDelayInSeconds": 86_400},
            {"optionIdent": "share", "type": "COMMISSION", "commissionPercentage": 10},
        ]
        for option in options:
            self.desk.call("POST", "/v2/billing/plan-options", {**named, **option}, 201)
        advance = {"billingConfig": {"billingInterval": MONTH}, "linkedOptions": [{"optionIdent": "fee"}]}
        arrears = {
            "billingConfig": {"billingInterval": MONTH, "timing": "INTERVAL_END"},
            "linkedOptions": [
                {"optionIdent": "fee"},
                *({"optionIdent": ident, "minimum": 1} for ident in ("power", "calls", "sms")),
                {"optionIdent": "late", "minimum": 0},
            ],
        }
        agency = {"billingConfig": {"billingInterval": MONTH}, "linkedOptions": [{"optionIdent": "share"}]}
        for ident, phase, more in (("advance", advance, {}), ("arrears", arrears, {}), ("agency", agency, {"type": "PARTNER"})):
            body = {"planIdent": ident, "name": ident, "phases": [{"ident": "p-1", "name": "Phase", **phase}], **more}
            self.desk.call("POST", "/v2/plans", body, 201)
        home = {
            "addressIdent": "a",
            "addressType": "INVOICE",
            "company": "Partner GmbH",
            "street": "Weg",
            "streetNo": "1",
            "zip": "20095",
            "city": "Hamburg",
            "country": "DE",
        }
        partner = {
            "customerIdent": "partner",
            "company": "Partner GmbH",
            "customerType": "B2B",
            "vatId": "DE129273398",
            "selfBillingAgreementOn": "2025-01-01",
            "addresses": [home],
        }
        self.desk.call("POST", "/v2/customers", partner, 201)
        body = {
            "contractIdent": "p-1",
            "planIdent": "agency",
            "debtorIdent": "partner",
            "invoiceAddressIdent": "a",
            "optionQuantities": [],
            "startDate": "2026-01-01",
        }
        self.desk.call("POST", CONTRACTS, body, 201)

    def mode(self, mode: str) -> None:
        late = self.random.choice(["CARRY_OVER", "CORRECTIVE"])
        self.desk.group(
            documentCorrectionMode=mode,
            depositInvoiceCreation="AT_ORDER_CREATION",
            lateUsageBehaviour=late,
            depositReceivableRelevant=True,
        )

    def turn(self, days: int = 0) -> None:
        self.day += dt.timedelta(days=days)
        self.tenant.turn_clock(dt.datetime.combine(self.day, dt.time(10), dt.UTC) + dt.timedelta(seconds=self.numbers))

    def run(self) -> None:
        """The run: nothing of what is sold here can fail."""
        self.numbers += 1
        self.turn()
        report = run_tenant(self.tenant.runtime, self.tenant.id)
        errors = self.tenant.rows(
            "SELECT holder_ident, origin_ident, kind, processing_error FROM billable_item WHERE processing_status = 'ERROR'"
        )
        parked = self.tenant.rows("SELECT customer_ident, reason FROM billing_parking")
        assert (errors, parked, report.failed) == ([], [], 0), (errors, parked, self.log[-30:])

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send it: what was done, or None for a refusal that names its reason."""
        answer = self.desk.client.request(method, path, json=body, headers=self.desk.headers)
        self.log.append(f"{self.day} {method} {path} {body} -> {answer.status_code}")
        verb = f"{method} {'/'.join(part for part in path.split('/')[2:] if not any(sign.isdigit() for sign in part))}"
        if answer.status_code in (200, 201, 202, 204):
            self.done[verb] = self.done.get(verb, 0) + 1
            return answer.json() if answer.content else {}
        assert answer.status_code in (400, 404, 409), (answer.text, self.log[-20:])
        assert answer.json()["message"], answer.text
        self.refused[verb] = self.refused.get(verb, 0) + 1
        return None

    def name(self, letter: str) -> str:
        self.numbers += 1
        return f"{letter}-{self.numbers}"

    def money(self, most: int = 20_000) -> Decimal:
        return Decimal(self.random.randrange(1, most)) / 100

    # --- what is there -----------------------------------------------------------------------------------------------------------

    def differences(self) -> list[str]:
        rows = self.tenant.rows
        sums = rows(SUMS)
        usages = rows(
            "SELECT u.usage_ident AS ident, u.status, c.contract_ident, u.quantity * CASE u.option_ident WHEN 'calls' THEN 0.20 ELSE 0.10"
            " END AS cost FROM usage u JOIN contract c USING (contract_id) UNION ALL SELECT r.rated_usage_ident, r.status,"
            " c.contract_ident, r.net_price FROM rated_usage r JOIN contract c USING (contract_id)"
        )
        used, periods = dict[str, Decimal](), dict[tuple[str, dt.date], Decimal]()
        for row in sums:
            if row.kind in ("USAGE", "USAGE_CORRECTION", "RATED_USAGE"):
                used[row.holder_ident] = used.get(row.holder_ident, ZERO) + row.stands
            elif row.origin_type == "OPTION" and row.kind == "RECURRING":
                periods[row.holder_ident, row.period_start] = row.stands
        found = Rows(
            lines={(r.holder_ident, r.origin, r.kind): (r.stands, r.paid) for r in sums if r.kind in ("LINE_ITEM", "ALLOWANCE")},
            today=self.day,
            reached={
                r.contract_ident: r.proposed_through
                for r in rows("SELECT contract_ident, proposed_through FROM contract")
                if r.proposed_through is not None
            },
            periods=periods,
            used=used,
            billed={row.ident for row in usages if row.status == "BILLED"},
            owners={row.ident: row.contract_ident for row in usages},
            costs={row.ident: row.cost for row in usages},
            is_moving=any(row.waits for row in sums if row.kind in ("USAGE", "USAGE_CORRECTION", "RATED_USAGE")),
            documents=[(r.document_type, r.payable) for r in rows("SELECT document_type, payable FROM document")],
            owed=rows("SELECT coalesce(sum(balance), 0) AS owed FROM opos_case")[0].owed,
        )
        return self.book.differences(found)

    def broken(self) -> list[str]:
        return self.tenant.unsound()

    # --- shapes ------------------------------------------------------------------------------------------------------------------

    def a_line(self, ident: str, side: str = "Net") -> tuple[dict[str, Any], Line]:
        """A line as it is sent, and what it comes to."""
        unit, quantity = self.money(), self.random.choice([1, 1, 2, 3])
        total = cents(unit * quantity)
        body: dict[str, Any] = {
            "ident": ident,
            "name": self.random.choice(["Machine", "Table"]),
            "category": "PHYSICAL_PRODUCT",
            f"unitPrice{side}": str(unit),
            "quantity": quantity,
            "deliveryDate": "2026-01-05",
            "taxInformation": self.random.choice([S19, []]),
        }
        if self.random.random() < 0.2 and total > 1:
            less = cents(total / 10)
            body["preTaxExtras"] = [{"ident": "x", "name": "Spring", f"amount{side}": str(-less)}]
            total -= less
        if self.random.random() < 0.1:
            body["postTaxExtras"] = [{"ident": "p", "name": "Gift card", "amountGross": "0.01"}]
        config = self.random.random()
        if config < 0.15:
            body["processingConfig"] = {"type": "ON_HOLD"}
        elif config < 0.3:
            day = self.day + dt.timedelta(days=self.random.randrange(0, 20))
            body["processingConfig"] = {"type": "AT_DATE", "date": day.isoformat()}
        return body, Line(total)

    def an_allowance(self, ident: str, side: str) -> tuple[dict[str, Any], Line]:
        net = self.money(2_000)
        kind = self.random.choice(["DISCOUNT_USE", "DISCOUNT_USE", "TRADE_IN", "MULTI_PURPOSE_VOUCHER_USE"])
        pays = kind != "DISCOUNT_USE"
        gross = net if pays else cents(net * Decimal("1.19"))
        body = {
            "ident": ident,
            "name": "Less",
            "itemType": kind,
            "rowTotalNet": str(net),
            "rowTotalGross": str(gross),
            "taxInformation": S19,
        }
        return body, Line(gross if pays or side == "Gross" else net, "ALLOWANCE", pays)

    def a_deposit(self, ident: str) -> dict[str, Any]:
        return {"ident": ident, "grossValue": str(self.money(8_000)), "taxInformation": S19, "name": f"Deposit {ident}"}

    def agreed(self, ident: str, start: dt.date | None, plan: str, quantity: int, since: dt.date | None) -> None:
        self.book.contracts[ident] = Agreed(start, plan, quantity, since=since)

    def yesterday(self) -> str:
        return (self.day - DAY).isoformat()
