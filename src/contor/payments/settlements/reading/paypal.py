"""PAYPAL: the settlement report, a section for each account and a footer for each of its currencies. Pure.

Amounts are whole numbers of the currency's smallest unit, their direction stands beside them. What the rows come to is in the footers: each
sum, the balances before and after, the number of rows.
Source: developer.paypal.com/docs/reports/sftp-reports/settlement-report (columns, section footer), .../tcodes (event codes).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from contor.kernel.money import CURRENCIES, ZERO, counted, quantum, worded
from contor.payments.settlements.reading.lines import Findings, day_of, lines_of, once, unreadable
from contor.payments.settlements.types import ASKED_BACK, ItemType, ReadItem, ReadReport

PROVIDER: Final = "PAYPAL"
_WHOLE: Final = re.compile(r"[0-9]{1,15}")
_NEEDED: Final = (
    "Transaction ID",
    "Invoice ID",
    "PayPal Reference ID",
    "Transaction Event Code",
    "Transaction Initiation Date",
    "Transaction Debit or Credit",
    "Gross Transaction Amount",
    "Gross Transaction Currency",
    "Fee Debit or Credit",
    "Fee Amount",
)
_CODES: Final[Sequence[tuple[str, ItemType]]] = (
    ("T1107", "REFUND"),
    ("T1106", "CHARGEBACK"),
    ("T1201", "CHARGEBACK"),
    ("T1202", "CHARGEBACK"),
    ("T01", "FEE"),
    ("T03", "PAYOUT"),
    ("T04", "PAYOUT"),
)
"""The first whose letters an event code begins with. T00: a payment, where it came in. All else is a CORRECTION."""
_FOOTER: Final = 10
"""Cells of a currency's footer up to its balance at the end."""


@dataclass(slots=True)
class _Section:
    """What one account did."""

    account: str
    start: str
    end: str
    row: int
    head: list[str] = field(default_factory=list)
    items: dict[str, list[ReadItem]] = field(default_factory=dict)
    footers: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    rows: int = 0


def is_paypal(head: list[str]) -> bool:
    return head[:1] == ["RH"]


def read_paypal(text: str) -> list[ReadReport]:
    """A report for each account and currency. Raises `NotRead` with everything that is wrong."""
    findings = Findings()
    found = list(_sections(text, findings))
    findings.refuse()
    reports = [made for section in found for made in _reports(section, findings)]
    findings.refuse()
    return reports


def _sections(text: str, findings: Findings) -> Iterator[_Section]:
    section: _Section | None = None
    known = set[str]()
    is_ended = False
    for row, cells in lines_of(text):
        kind, rest = cells[0], cells[1:]
        if kind == "SH":
            section = _Section(*_filled(rest, 3, row, "SH", findings, order=(2, 0, 1)), row)
        elif section is None:
            if kind not in ("RH", "FH", "RF", "RC", "FF", "FC"):
                raise unreadable(f"has a line {kind[:10]!r} before its first section", row)
        elif kind == "CH":
            section.head = rest
            if missing := [name for name in _NEEDED if name not in map(_tidy, rest)]:
                raise unreadable(f"lacks the column {missing[0]!r}", row)
        elif kind == "SB":
            _take(section, row, rest, known, findings)
        elif kind == "SF":
            if len(rest) < _FOOTER - 1:
                findings.add(row, "settlement_row_incomplete", f"a footer has {_FOOTER} cells and more, this one {len(cells)}")
            else:
                section.footers[rest[0]] = (row, rest)
        elif kind == "SC":
            if rest[:1] != [str(section.rows)]:
                findings.add(row, "settlement_rows_missing", f"says {rest[0] if rest else ''} rows, there are {section.rows}")
            yield section
            section, is_ended = None, True
    if section is not None or not is_ended:
        raise unreadable("breaks off: its last section has no end")


def _filled(cells: list[str], count: int, row: int, kind: str, findings: Findings, *, order: Sequence[int]) -> tuple[str, str, str]:
    if len(cells) < count:
        findings.add(row, "settlement_row_incomplete", f"{kind} has {len(cells) + 1} cells, {count + 1} are expected")
    first, second, third = ((cells[place] if place < len(cells) else "") for place in order)
    return first, second, third


def _tidy(name: str) -> str:
    """The specification writes some names with two blanks."""
    return " ".join(name.split())


def _take(section: _Section, row: int, cells: list[str], known: set[str], findings: Findings) -> None:
    section.rows += 1
    if len(cells) != len(section.head):
        findings.add(row, "settlement_row_incomplete", f"has {counted(len(cells), 'cell')}, its columns are {len(section.head)}")
        return
    named = dict(zip(map(_tidy, section.head), cells, strict=True))
    currency = named["Gross Transaction Currency"]
    if currency not in CURRENCIES:
        findings.add(row, "settlement_currency_unknown", f"currency {currency[:10]!r} is none")
        return
    section.items.setdefault(currency, []).append(_item(row, named, currency, known, findings))


def _item(row: int, cells: Mapping[str, str], currency: str, known: set[str], findings: Findings) -> ReadItem:
    gross = _signed(cells["Gross Transaction Amount"], cells["Transaction Debit or Credit"], currency, row, findings)
    fee = -_signed(cells["Fee Amount"], cells["Fee Debit or Credit"], currency, row, findings)
    code, own, other = cells["Transaction Event Code"], cells["Transaction ID"], cells["PayPal Reference ID"]
    kind: ItemType = next((kind for begins, kind in _CODES if code.startswith(begins)), "CORRECTION")
    if code.startswith("T00") and gross > 0:
        kind = "PAYMENT"
    named = (other, own) if kind == "CHARGEBACK" else (own, other)
    said = (cells["Invoice ID"], cells.get("Custom Field", ""))
    return ReadItem(
        row=row,
        external_ident=once(known, own or f"{code}:{row}"),
        type=kind,
        gross=gross,
        fee=fee,
        net=gross - fee,
        booked_on=day_of(cells["Transaction Initiation Date"], row, "Transaction Initiation Date", findings),
        references=tuple(dict.fromkeys(found for found in named if found)),
        description=" ".join(dict.fromkeys(found for found in said if found)),
        reason_code=ASKED_BACK if kind == "CHARGEBACK" else None,
    )


def _signed(cell: str, side: str, currency: str, row: int, findings: Findings) -> Decimal:
    """A whole number of smallest units with CR or DR beside it; empty: nothing."""
    if not cell or (_WHOLE.fullmatch(cell) and not int(cell)):
        return ZERO
    if _WHOLE.fullmatch(cell) is None or side not in ("CR", "DR"):
        findings.add(row, "settlement_amount_malformed", f"{cell[:40]!r} {side[:10]!r} is no amount with CR or DR")
        return ZERO
    return int(cell) * quantum(currency) * (1 if side == "CR" else -1)


def _reports(section: _Section, findings: Findings) -> Iterator[ReadReport]:
    start = day_of(section.start, section.row, "start of the section", findings)
    end = day_of(section.end, section.row, "end of the section", findings)
    for currency, items in section.items.items():
        if currency not in section.footers:
            findings.add(section.row, "settlement_balance_missing", f"the section has no footer for {currency}")
            continue
        row, cells = section.footers[currency]
        opening = _signed(cells[6], cells[5], currency, row, findings)
        closing = _signed(cells[8], cells[7], currency, row, findings)
        _compare(row, cells, items, currency, findings)
        ident = f"{section.account}/{start}/{currency}"
        yield ReadReport(PROVIDER, ident, currency, start, end, tuple(items), opening, closing)


def _compare(row: int, cells: list[str], items: list[ReadItem], currency: str, findings: Findings) -> None:
    """The footer's sums are those of the rows."""
    sums = (
        ("credits", sum((item.gross for item in items if item.gross > 0), ZERO)),
        ("debits", -sum((item.gross for item in items if item.gross < 0), ZERO)),
        ("fee credits", -sum((item.fee for item in items if item.fee < 0), ZERO)),
        ("fee debits", sum((item.fee for item in items if item.fee > 0), ZERO)),
    )
    for (name, there), cell in zip(sums, cells[1:5], strict=True):
        said = _signed(cell, "CR", currency, row, findings)
        if said != there:
            message = f"says {name} of {worded(said, currency)}, the rows come to {worded(there, currency)}"
            findings.add(row, "settlement_sums_differ", message)
