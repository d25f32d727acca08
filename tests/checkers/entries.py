"""How the tests write entries: one line per entry, `INVOICE: D 10001 119.00, C 8400 100.00, C 1776 19.00`."""

import re
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from contor.bookkeeping.chart.chart import SKR03, SKR04
from contor.bookkeeping.entries.entries import why_not_balanced
from contor.bookkeeping.types import Entry


def written(entries: Iterable[Entry]) -> list[str]:
    """The entries in the notation; every one of them balances and has no empty line."""
    entries = list(entries)
    assert why_not_balanced(entries) == []
    return [f"{entry.kind}: " + ", ".join(f"{line.side} {line.account} {line.amount}" for line in entry.lines) for entry in entries]


def in_skr04(text: str) -> str:
    """The same entry with the accounts that have the same roles in SKR04."""
    numbers = {account.number: SKR04[role].number for role, account in SKR03.items()}
    return re.sub(r"\b([DC]) (\d+)", lambda found: f"{found[1]} {numbers.get(int(found[2]), int(found[2]))}", text)


def balances(*entries: Entry) -> dict[int, str]:
    """Debit less credit per account, as text; accounts that are even are left out."""
    sums: defaultdict[int, Decimal] = defaultdict(Decimal)
    for entry in entries:
        for line in entry.lines:
            sums[line.account] += line.amount if line.side == "D" else -line.amount
    return {account: str(amount) for account, amount in sorted(sums.items()) if amount}
