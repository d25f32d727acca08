"""ADYEN: the settlement details report, a batch of a merchant account each. Pure.

Gross and net may be of two currencies; what moves the balance is the net, and the costs beside it are of the same currency. What a
batch takes over from the one before, or leaves to the next, stands in it as `Balancetransfer`.
Source: docs.adyen.com/reporting/settlement-reconciliation/transaction-level/settlement-details-report.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from contor.kernel.money import CURRENCIES, ZERO, worded
from contor.payments.settlements.reading.lines import Findings, amount_of, day_of, named_rows, once
from contor.payments.settlements.types import ASKED_BACK, ItemType, ReadItem, ReadReport

PROVIDER: Final = "ADYEN"
_COSTS: Final = ("Commission (NC)", "Markup (NC)", "Scheme Fees (NC)", "Interchange (NC)")
_COLUMNS: Final = (
    "Merchant Account",
    "Psp Reference",
    "Merchant Reference",
    "Creation Date",
    "Type",
    "Modification Reference",
    "Gross Currency",
    "Gross Debit (GC)",
    "Gross Credit (GC)",
    "Net Currency",
    "Net Debit (NC)",
    "Net Credit (NC)",
    "Batch Number",
    *_COSTS,
)
_TYPES: Final[Mapping[str, ItemType]] = {
    "settled": "PAYMENT",
    "refunded": "REFUND",
    "refundedreversed": "REFUND",
    "chargeback": "CHARGEBACK",
    "secondchargeback": "CHARGEBACK",
    "chargebackreversed": "CHARGEBACK",
    "fee": "FEE",
    "misccosts": "FEE",
    "paymentcost": "FEE",
    "invoicededuction": "FEE",
    "merchantpayout": "PAYOUT",
}
"""What is none of these moves the balance all the same: CORRECTION."""
_CARRIED: Final = "balancetransfer"
_MOST_CARRIED: Final = 2


class _Batch(NamedTuple):
    items: list[ReadItem]
    carried: list[Decimal]


def is_adyen(head: list[str]) -> bool:
    return set(_COLUMNS) <= set(head)


def read_adyen(text: str) -> list[ReadReport]:
    """A report for each batch. Raises `NotRead` with everything that is wrong."""
    findings, known = Findings(), set[str]()
    batches: dict[tuple[str, str, str], _Batch] = {}
    for row, cells in named_rows(text, findings):
        currency = cells["Net Currency"]
        if currency not in CURRENCIES:
            findings.add(row, "settlement_currency_unknown", f"Net Currency {currency[:10]!r} is none")
            continue
        key = (cells["Merchant Account"], cells["Batch Number"], currency)
        if not all(key):
            findings.add(row, "settlement_batch_missing", "names no merchant account or no batch number")
        batch = batches.setdefault(key, _Batch([], []))
        item = _item(row, cells, currency, known, findings)
        if cells["Type"].lower() == _CARRIED:
            batch.carried.append(item.net)
        else:
            batch.items.append(item)
    reports = [_report(key, batch, findings) for key, batch in batches.items() if batch.items]
    findings.refuse()
    return reports


def _item(row: int, cells: Mapping[str, str], currency: str, known: set[str], findings: Findings) -> ReadItem:
    def amount(name: str, unit: str) -> Decimal:
        return amount_of(cells[name], unit, row, name, findings)

    kind = _TYPES.get(cells["Type"].lower(), "CORRECTION")
    net = amount("Net Credit (NC)", currency) - amount("Net Debit (NC)", currency)
    fee = sum((amount(name, currency) for name in _COSTS), ZERO)
    gross = net + fee
    unit = cells["Gross Currency"]
    if unit == currency and (cells["Gross Credit (GC)"] or cells["Gross Debit (GC)"]):
        gross = amount("Gross Credit (GC)", unit) - amount("Gross Debit (GC)", unit)
    own, payment = cells["Modification Reference"], cells["Psp Reference"]
    named = [own, payment] if kind == "REFUND" else [payment, own]
    what = ":".join(part for part in (cells["Type"], own or payment, cells["Batch Number"]) if part)
    return ReadItem(
        row=row,
        external_ident=once(known, what),
        type=kind,
        gross=gross,
        fee=fee,
        net=net,
        booked_on=day_of(cells.get("Booking Date") or cells["Creation Date"], row, "Creation Date", findings),
        references=tuple(dict.fromkeys(found for found in named if found)),
        description=" ".join(part for part in (cells["Merchant Reference"], _converted(cells, currency)) if part),
        reason_code=ASKED_BACK if kind == "CHARGEBACK" else None,
    )


def _converted(cells: Mapping[str, str], currency: str) -> str:
    """What the payer sent, where that is another currency."""
    unit = cells["Gross Currency"]
    sent = cells["Gross Credit (GC)"] or cells["Gross Debit (GC)"]
    return f"({sent} {unit})" if sent and unit and unit != currency else ""


def _report(key: tuple[str, str, str], batch: _Batch, findings: Findings) -> ReadReport:
    merchant, number, currency = key
    opening, closing = _balances(batch, findings, key)
    first, last = min(item.booked_on for item in batch.items), max(item.booked_on for item in batch.items)
    paid = [
        item._replace(description=f"{PROVIDER} {merchant} batch {number}") if item.type == "PAYOUT" else item
        for item in batch.items
    ]
    return ReadReport(PROVIDER, f"{merchant}/{number}"[:255], currency, first, last, tuple(paid), opening, closing)


def _balances(batch: _Batch, findings: Findings, key: Sequence[str]) -> tuple[Decimal, Decimal]:
    """(opening, closing): of two transfers the first is taken over and the second left; a single one was taken over where the batch was
    paid out, and is left where it was not."""
    if len(batch.carried) > _MOST_CARRIED:
        said = ", ".join(worded(amount, key[2]) for amount in batch.carried[:10])
        message = f"batch {key[1]} has {len(batch.carried)} balance transfers ({said}), of which {_MOST_CARRIED} can be told apart"
        findings.add(None, "settlement_balance_unclear", message)
    if len(batch.carried) == _MOST_CARRIED:
        return batch.carried[0], -batch.carried[1]
    carried = sum(batch.carried, ZERO)
    is_paid_out = any(item.type == "PAYOUT" for item in batch.items)
    return (carried, ZERO) if is_paid_out else (ZERO, -carried)
