"""What is decided and cleared, each as a step that a merchant may take at random."""

from decimal import Decimal
from typing import Any

from tests.factories.merchants.merchant import Merchant

from contor.openitems.clearing.steps import look

CASES, RUNS = "/v2/opos-cases", "/v2/opos-cases/clearing-runs"
CENT = Decimal("0.01")
TYPES = (
    "CASH_DISCOUNT",
    "DISCOUNT",
    "BANK_FEE",
    "UNCOLLECTABLE_RECEIVABLE",
    "DOUBTFUL_RECEIVABLE",
    "EXTERNAL_CLOSED",
    "OTHER_REVENUE",
)


def decide(m: Merchant) -> None:
    """On an open case, all of it or a part; what does not fit is refused."""
    rows = m.tenant.rows("SELECT ident, balance FROM opos_case WHERE balance <> 0 ORDER BY ident")
    if not rows:
        return
    row, kind = m.random.choice(rows), m.random.choice(TYPES)
    body: dict[str, Any] = {"type": kind}
    if m.random.random() < 0.5:
        part = (abs(row.balance) * m.random.choice([1, 2, 3]) / 3).quantize(CENT)
        body["amount"] = str(max(part, CENT))
    if kind == "DOUBTFUL_RECEIVABLE" and m.random.random() < 0.7:
        body["allowance"] = str(max((abs(row.balance) / 2).quantize(CENT), CENT))
    made = m.call("POST", f"{CASES}/{row.ident}/decisions", body)
    if made is not None and kind != "DOUBTFUL_RECEIVABLE":
        amount = Decimal(str(made["amount"]))
        m.book.paid[made["ident"]] = amount if row.balance > 0 else -amount


def revert(m: Merchant) -> None:
    found = m.call("GET", f"{CASES}/decisions?size=100")["_embedded"]
    if found:
        row = m.random.choice(found)
        back = m.call("POST", f"{CASES}/{row['oposCaseIdent']}/decisions/{row['ident']}/actions/revert")
        if back is not None and row["type"] != "DOUBTFUL_RECEIVABLE":
            amount = Decimal(str(back["amount"]))  # less what a credit took back of it before
            m.book.paid[back["ident"]] = -amount if back["debitCreditIndicator"] == "DEBIT" else amount


def pay_by_hand(m: Merchant) -> None:
    """Money that is put to any case, also to one that is closed or was written off."""
    rows = m.tenant.rows("SELECT ident, opening, balance FROM opos_case WHERE opening > 0 ORDER BY ident DESC LIMIT 12")
    if not rows:
        return
    row = m.random.choice(rows)
    amount = max((row.opening * m.random.choice([1, 1, 2, 3]) / 3).quantize(CENT), CENT)
    body = {
        "externalIdent": m.name("bank"),
        "baseAmount": {"amount": str(amount), "currency": "EUR"},
        "bookingDate": m.day.isoformat(),
        "creditDebitIndicator": "CREDIT",
        "description": "unknown",
    }
    paid = m.call("POST", "/v2/merchant-payment-accounts/bank/payments", body)
    target = {"paymentIdent": paid["paymentIdent"], "targetIdent": row.ident}
    before = m.tenant.rows("SELECT sum(balance) AS owed FROM opos_case")[0].owed
    if m.call("POST", "/v2/payment-assignments", target) is not None:
        after = m.tenant.rows("SELECT sum(balance) AS owed FROM opos_case")[0].owed
        # what was written off is not owed any more, and is not owed less when it is paid
        assert Decimal(0) <= before - after <= amount, (before, after, amount, m.log[-5:])
        m.book.paid[paid["paymentIdent"]] = before - after


def clear(m: Merchant) -> None:
    body = m.random.choice([{}, {"customerIdent": "muster-handel"}, {"currency": "EUR"}])
    if m.call("POST", RUNS, body) is not None:
        look(m.tenant.runtime, m.tenant.id)
        assert m.tenant.rows("SELECT reason FROM clearing_run WHERE status <> 'COMPLETED' AND status <> 'REVERSED'") == []


def reverse_clearing(m: Merchant) -> None:
    found = m.call("GET", f"{RUNS}?size=100")["_embedded"]
    if found:
        m.call("POST", f"{RUNS}/{m.random.choice(found)['ident']}/actions/reverse")


def block(m: Merchant) -> None:
    rows = m.tenant.rows("SELECT ident FROM opos_case ORDER BY ident")
    if rows:
        is_blocked = m.random.random() < 0.5
        body = {"blocked": True, "reason": "in dispute"} if is_blocked else {"blocked": False}
        m.call("PUT", f"{CASES}/{m.random.choice(rows).ident}/dunning-block", body)
