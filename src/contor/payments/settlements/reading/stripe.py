"""STRIPE: the itemised payout reconciliation report, and the export of balance transactions. Pure.

A payout is a report: it begins and ends with nothing. Where its own row is not in the file, it is what the others come to.
Source: docs.stripe.com/reports/report-types/payout-reconciliation, docs.stripe.com/reports/reporting-categories.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from contor.kernel.money import CURRENCIES, ZERO
from contor.payments.settlements.reading.lines import Findings, amount_of, day_of, named_rows
from contor.payments.settlements.types import ASKED_BACK, ItemType, ReadItem, ReadReport

PROVIDER: Final = "STRIPE"
_COLUMNS: Final = {
    "ident": ("balance_transaction_id", "id"),
    "created": ("created", "created_utc", "Created (UTC)"),
    "currency": ("currency", "Currency"),
    "gross": ("gross", "Amount"),
    "fee": ("fee", "Fee"),
    "net": ("net", "Net"),
    "category": ("reporting_category", "Type"),
    "payout": ("automatic_payout_id", "Transfer"),
}
"""What is needed, and the names that it has in either file."""
_MORE: Final = {
    "paid_on": ("automatic_payout_effective_at", "automatic_payout_effective_at_utc", "Transfer Date (UTC)"),
    "intent": ("payment_intent_id",),
    "charge": ("charge_id",),
    "source": ("source_id", "Source"),
    "description": ("description", "Description"),
    "statement": ("statement_descriptor",),
}
_TYPES: Final[Mapping[str, ItemType]] = {
    "charge": "PAYMENT",
    "payment": "PAYMENT",
    "refund": "REFUND",
    "payment_refund": "REFUND",
    "refund_failure": "REFUND",
    "payment_refund_failure": "REFUND",
    "dispute": "CHARGEBACK",
    "dispute_reversal": "CHARGEBACK",
    "charge_failure": "CHARGEBACK",
    "payment_failure_refund": "CHARGEBACK",
    "fee": "FEE",
    "network_cost": "FEE",
    "stripe_fee": "FEE",
    "tax_fee": "FEE",
    "payout": "PAYOUT",
    "topup": "PAYOUT",
}
"""What stands for nothing of these moves the balance all the same: CORRECTION."""


def is_stripe(head: list[str]) -> bool:
    return all(any(name in head for name in names) for names in _COLUMNS.values())


def read_stripe(text: str) -> list[ReadReport]:
    """A report for each payout. Raises `NotRead` with everything that is wrong."""
    findings, known = Findings(), set[str]()
    payouts: dict[tuple[str, str], list[ReadItem]] = {}
    days: dict[tuple[str, str], dt.date] = {}
    for row, cells in named_rows(text, findings):
        currency, payout = _cell(cells, "currency").upper(), _cell(cells, "payout")
        if currency not in CURRENCIES:
            findings.add(row, "settlement_currency_unknown", f"currency {currency[:10]!r} is none")
            continue
        if not payout:
            message = "names no payout: expected is the itemised payout reconciliation, of payouts that are made"
            findings.add(row, "settlement_payout_missing", message)
            continue
        item = _item(row, cells, currency, known, findings)
        payouts.setdefault((payout, currency), []).append(item)
        if paid_on := _cell(cells, "paid_on"):
            days[payout, currency] = day_of(paid_on, row, "automatic_payout_effective_at", findings)
    findings.refuse()
    return [_report(*key, items, days.get(key)) for key, items in payouts.items()]


def _cell(cells: Mapping[str, str], what: str) -> str:
    """The first of its columns that says something."""
    return next((cells[name] for name in (*_COLUMNS.get(what, ()), *_MORE.get(what, ())) if cells.get(name)), "")


def _item(row: int, cells: Mapping[str, str], currency: str, known: set[str], findings: Findings) -> ReadItem:
    gross, fee, net = (amount_of(_cell(cells, name), currency, row, name, findings) for name in ("gross", "fee", "net"))
    kind = _TYPES.get(_cell(cells, "category").lower(), "CORRECTION")
    ident = _cell(cells, "ident")
    if not ident or ident in known:
        findings.add(row, "settlement_row_twice" if ident else "settlement_ident_missing", f"balance transaction {ident!r}")
    known.add(ident)
    # a refund and a payout are what they themselves are called, all else is called after the payment
    own = ("source", "charge", "intent") if kind in ("REFUND", "PAYOUT") else ("intent", "charge", "source")
    return ReadItem(
        row=row,
        external_ident=ident[:255],
        type=kind,
        gross=gross,
        fee=fee,
        net=net,
        booked_on=day_of(_cell(cells, "created"), row, "created", findings),
        references=tuple(found for name in own if (found := _cell(cells, name))),
        description=_described(cells),
        reason_code=ASKED_BACK if kind == "CHARGEBACK" else None,
    )


def _described(cells: Mapping[str, str]) -> str:
    """What the payment says of itself, and what the merchant noted on it: numbers of documents stand in either."""
    noted = [text for name, text in cells.items() if name.startswith("payment_metadata[")]
    return " ".join(dict.fromkeys(text for text in (_cell(cells, "description"), *noted) if text))


def _report(payout: str, currency: str, items: list[ReadItem], paid_on: dt.date | None) -> ReadReport:
    first, last = min(item.booked_on for item in items), max(item.booked_on for item in items)
    paid = sum((item.net for item in items), ZERO)
    if paid and all(item.type != "PAYOUT" for item in items):
        items = [*items, _paid_out(payout, paid, paid_on or last, items[-1].row)]
    return ReadReport(PROVIDER, payout, currency, first, max(last, paid_on or last), tuple(items), ZERO, ZERO)


def _paid_out(payout: str, paid: Decimal, day: dt.date, row: int) -> ReadItem:
    return ReadItem(row, payout, "PAYOUT", -paid, ZERO, -paid, day, references=(payout,), description=f"{PROVIDER} {payout}")
