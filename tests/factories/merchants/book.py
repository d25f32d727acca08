"""A second book of what a merchant sold, kept by hand from the law and the terms alone: no rule of the engine is used for what is
expected. It is compared with what the engine has stored.
"""

import datetime as dt
import itertools
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

CENT, ZERO, DAY = Decimal("0.01"), Decimal(0), dt.timedelta(days=1)
FEE, SIGNS = (
    Decimal("31.00"),
    {
        "INVOICE": 1,
        "CREDIT_MEMO": -1,
        "DEPOSIT_INVOICE": 1,
        "DEPOSIT_INVOICE_CORRECTION": -1,
        "SELF_BILLING_INVOICE": -1,
        "SELF_BILLING_INVOICE_CORRECTION": 1,
    },
)


def cents(amount: Decimal) -> Decimal:
    """To the cent, half away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def month_later(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, else that month's last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return dt.date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("no month is shorter than 28 days")


@dataclass
class Line:
    """A line or allowance of an order or contract."""

    says: Decimal
    kind: str = "LINE_ITEM"
    pays: bool = False
    is_cancelled: bool = False
    granted: Decimal = ZERO


@dataclass
class Agreed:
    """A contract of a monthly fee."""

    start: dt.date | None
    plan: str
    quantity: int = 1
    prices: list[tuple[dt.date, Decimal]] = field(default_factory=list)
    """From which day on which own price."""
    end: dt.date | None = None
    """Exclusive."""
    since: dt.date | None = None
    """Billed from the first whole period on this day or later."""
    is_cancelled: bool = False
    granted: Decimal = ZERO
    changes: list[tuple[dt.date, int | None, Decimal | None]] = field(default_factory=list)
    """From which day on which quantity, which price; in the order in which they were agreed."""

    def terms(self, day: dt.date, begin: dt.date, today: dt.date) -> tuple[int, Decimal]:
        """Quantity and price on a day of the period that begins on another: an own price counts from a period on, a changed one from its
        day on, and what was agreed for the future does not count yet."""
        known = [change for change in self.changes if change[0] <= min(day, today)]
        quantity = next((many for _, many, _ in sorted(known, key=lambda it: it[0])[::-1] if many is not None), self.quantity)
        own = [(since, 0, price) for since, price in self.prices if since <= begin]
        own += [(since, 1, price) for since, _, price in known if price is not None]
        return quantity, sorted(own, key=lambda it: it[:2])[-1][2] if own else FEE

    def fees(self, until: dt.date, today: dt.date) -> dict[dt.date, Decimal]:
        """What each stretch of a period costs that has begun on a day or before, by its first day."""
        found: dict[dt.date, Decimal] = {}
        if self.start is None or self.is_cancelled:
            return found
        for number in range(1000):
            begin, end = month_later(self.start, number), month_later(self.start, number + 1)
            if begin > until or (self.end is not None and begin >= self.end):
                break
            if self.since is not None and begin < self.since:
                continue
            stop = min(end, self.end) if self.end is not None else end
            days = [begin + number * DAY for number in range((stop - begin).days)]
            for _, same in itertools.groupby(days, lambda day, begin=begin: self.terms(day, begin, today)):
                stretch = list(same)
                quantity, price = self.terms(stretch[0], begin, today)
                found[stretch[0]] = cents(price * quantity * len(stretch) / (end - begin).days)
        return found


@dataclass
class Book:
    """What should be."""

    lines: dict[tuple[str, str], Line] = field(default_factory=dict)
    """By order or contract, and its own ident."""
    contracts: dict[str, Agreed] = field(default_factory=dict)
    usages: dict[str, tuple[str, Decimal]] = field(default_factory=dict)
    """Usage of whatever kind that was not cancelled: contract, cost."""
    cancelled: set[str] = field(default_factory=set)
    paid: dict[str, Decimal] = field(default_factory=dict)
    """Payment that was assigned and not taken back: amount."""

    def differences(self, rows: "Rows") -> list[str]:
        """Where what is stored is not what should be."""
        return [*self._lines(rows), *self._periods(rows), *self._usages(rows), *self._owed(rows)]

    def _lines(self, rows: "Rows") -> list[str]:
        found = []
        for key, line in self.lines.items():
            stands, paying = rows.lines.get((*key, line.kind), (ZERO, ZERO))
            says = ZERO if line.is_cancelled else line.says
            if line.is_cancelled and line.pays and stands == paying:
                continue  # what has paid on a document stays paid
            if not says - line.granted <= stands <= says:
                found.append(f"line {key}: {stands} stand, says {says}, of which {line.granted} are given back")
        return found

    def _periods(self, rows: "Rows") -> list[str]:
        found = []
        for ident, contract in self.contracts.items():
            reached = rows.reached.get(ident)
            expected = contract.fees(reached - DAY, rows.today) if reached is not None else {}
            stands = {day: amount for (holder, day), amount in rows.periods.items() if holder == ident}
            for day in sorted(expected.keys() | stands.keys()):
                costs, stand = expected.get(day, ZERO), stands.get(day, ZERO)
                if not costs - contract.granted <= stand <= costs:
                    found.append(f"contract {ident} from {day}: {stand} stand, costs {costs}, given {contract.granted}")
        return found

    def _usages(self, rows: "Rows") -> list[str]:
        """Prices are even: nothing is rounded, so all of a contract's usages that are billed cost what its items stand for."""
        found = []
        for ident, contract in self.contracts.items():
            billed = sum((rows.costs[name] for name in rows.billed if rows.owners[name] == ident), ZERO)
            expected = ZERO if contract.is_cancelled else billed
            stands = rows.used.get(ident, ZERO)
            if not expected - contract.granted <= stands <= expected and not rows.is_moving:
                found.append(f"usages of {ident}: {stands} stand, they cost {expected}, given {contract.granted}")
        return found + [f"usage {name} is billed, but was cancelled" for name in sorted(rows.billed & self.cancelled)]

    def _owed(self, rows: "Rows") -> list[str]:
        owed = sum((SIGNS[kind] * payable for kind, payable in rows.documents), ZERO) - sum(self.paid.values(), ZERO)
        return [] if owed == rows.owed else [f"{rows.owed} are owed, documents less payments are {owed}"]


@dataclass
class Rows:
    """What is stored, in the same words."""

    lines: dict[tuple[str, str, str], tuple[Decimal, Decimal]]
    """Order or contract, line, kind: what stands, and what of it has paid on a document."""
    today: dt.date
    reached: dict[str, dt.date]
    periods: dict[tuple[str, dt.date], Decimal]
    used: dict[str, Decimal]
    """Contract: what its items of usages stand for."""
    billed: set[str]
    owners: dict[str, str]
    costs: dict[str, Decimal]
    is_moving: bool
    """Items of usages wait for the run."""
    documents: list[tuple[str, Decimal]]
    owed: Decimal
