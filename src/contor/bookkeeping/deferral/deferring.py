"""What the closing of a month defers of the rows booked since the last one, and what it releases of those deferred before. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from contor.bookkeeping.deferral.spreading import Parts, deferred, spread, sum_of, taken_back
from contor.bookkeeping.entries import entry_lines
from contor.bookkeeping.types import Entry, EntryKind, Line
from contor.kernel.money import ZERO

Place = tuple[int, int]
"""Document and position."""
OnAccount = tuple[int, str | None]
"""Account and cost centre."""


class Standing(NamedTuple):
    """A deferred row, and what credits have left of its net."""

    net: Decimal
    start: dt.date
    end: dt.date


class Row(NamedTuple):
    """A row that comes before the closing: as it is booked, and the row that it takes back."""

    place: Place
    document_ident: str
    customer_ident: str
    account: int
    cost_centre: str | None
    net: Decimal
    start: dt.date | None
    end: dt.date | None
    credits: Place | None


class Deferral(NamedTuple):
    """A row of which something is deferred, and what of it belongs to which later month."""

    row: Row
    start: dt.date
    end: dt.date
    parts: Parts
    credits: Place | None
    """The deferred row that it takes back, by whose period it is spread."""

    @property
    def amount(self) -> Decimal:
        return sum_of(self.parts)


def defer_rows(rows: Iterable[Row], standing: dict[Place, Standing], month: str, currency: str) -> list[Deferral]:
    """What the closing of `month` defers of `rows`, which come in the order of their documents. `standing`: the rows deferred before that
    they take back; what is deferred or taken back now is written there."""
    found = []
    for row in rows:
        origin = None if row.credits is None else standing.get(row.credits)
        if origin is not None and row.credits is not None:
            parts = deferred(taken_back(origin.net, row.net, origin.start, origin.end, currency), month)
            standing[row.credits] = origin._replace(net=origin.net + row.net)
            found.append(Deferral(row, origin.start, origin.end, parts, row.credits))
        elif row.start is not None and row.end is not None:
            parts = deferred(spread(row.net, row.start, row.end, currency), month)
            if parts:
                standing[row.place] = Standing(row.net, row.start, row.end)
                found.append(Deferral(row, row.start, row.end, parts, None))
    return found


def by_account(deferrals: Iterable[Deferral]) -> dict[OnAccount, Decimal]:
    """What is deferred on each account."""
    sums: dict[OnAccount, Decimal] = {}
    for it in deferrals:
        key = (it.row.account, it.row.cost_centre)
        sums[key] = sums.get(key, ZERO) + it.amount
    return sums


def deferral_reference(month: str) -> str:
    """Of the entry that defers."""
    return f"deferred-income:{month}"


def release_reference(month: str) -> str:
    """Of the entry that releases."""
    return f"released-income:{month}"


def deferral_entry(sums: Mapping[OnAccount, Decimal], month: str, day: dt.date, account: int, currency: str) -> Entry | None:
    """Row 30 at closing: revenue goes to the account of deferred income. It has no VAT effect: the tax was due with the document."""
    lines = [Line(number, "D", amount, currency, cost_centre=centre) for (number, centre), amount in _ordered(sums)]
    lines.append(Line(account, "C", sum(sums.values(), ZERO), currency))
    return _entry(EntryKind.DEFERRED_INCOME, f"Passive Rechnungsabgrenzung {month}", day, lines, deferral_reference(month))


def release_entry(sums: Mapping[OnAccount, Decimal], month: str, day: dt.date, account: int, currency: str) -> Entry | None:
    """Row 30 per month: the part of the month that is closed becomes revenue."""
    lines = [Line(account, "D", sum(sums.values(), ZERO), currency)]
    lines += [Line(number, "C", amount, currency, cost_centre=centre) for (number, centre), amount in _ordered(sums)]
    text = f"Auflösung Rechnungsabgrenzung {month}"
    return _entry(EntryKind.DEFERRED_INCOME_RELEASED, text, day, lines, release_reference(month))


def _ordered(sums: Mapping[OnAccount, Decimal]) -> list[tuple[OnAccount, Decimal]]:
    return sorted(sums.items(), key=lambda pair: (pair[0][0], pair[0][1] or ""))


def _entry(kind: EntryKind, text: str, day: dt.date, lines: list[Line], reference: str) -> Entry | None:
    booked = entry_lines(lines)
    return Entry(kind, text, day, day, None, None, booked, reference) if booked else None
