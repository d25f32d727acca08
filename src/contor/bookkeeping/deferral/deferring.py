"""What the closing of a month defers of the rows booked since the last one, and what it releases of those deferred before. Pure."""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from contor.bookkeeping.deferral.spreading import Parts, changed, deferred, spread, sum_of
from contor.bookkeeping.entries import entry_lines
from contor.bookkeeping.types import Entry, EntryKind, Line
from contor.kernel.money import ZERO, round_amount

Place = tuple[int, int]
"""Document and position."""
OnAccount = tuple[int, str | None]
"""Account and cost centre."""


class Reduction(NamedTuple):
    """By which the price of a deferred row was reduced, on an account of its own."""

    place: Place
    account: int
    cost_centre: str | None
    net: Decimal
    """Below zero: what credits have left of it."""


class Standing(NamedTuple):
    """A deferred row, and what credits have left of it."""

    account: int
    full: Decimal
    """On its own account."""
    start: dt.date
    end: dt.date
    reductions: tuple[Reduction, ...] = ()
    """On others, the first first."""

    @property
    def net(self) -> Decimal:
        return self.full + sum((it.net for it in self.reductions), ZERO)

    @property
    def levels(self) -> list[Decimal]:
        """What is left on its own account, and after each reduction: what one adds to the level before belongs to months as the two
        levels, spread, differ."""
        return list(itertools.accumulate((it.net for it in self.reductions), initial=self.full))


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
    rows: int
    """How many rows its document has."""


class Deferral(NamedTuple):
    """A row of which something is deferred, and what of it belongs to which later month."""

    row: Row
    start: dt.date
    end: dt.date
    parts: Parts
    credits: Place | None
    """The deferred row that it takes back."""
    of: Place
    """The deferred row by whose period it is spread: its own, or that which is credited."""
    left: Standing
    """Of that row, after it."""

    @property
    def amount(self) -> Decimal:
        return sum_of(self.parts)


def defer_rows(
    rows: Iterable[Row], standing: dict[Place, Standing], month: str, currency: str, *, on_each_account: bool = True
) -> list[Deferral]:
    """What the closing of `month` defers of `rows`, which come in the order of their documents. `standing`: the rows deferred before that
    they take back; what is deferred or taken back now is written there. `on_each_account`: credits
    take back what was deferred of price reductions as well, not only what is left."""
    found: list[Deferral] = []
    last: dict[int, int] = {}  # position taken in each document
    for row in rows:
        origin = None if row.credits is None else standing.get(row.credits)
        if origin is not None and row.credits is not None:
            if row.account != origin.account:
                after = _reduced(origin, row)
                made = [_reducing(row, origin, after, month, currency)]
            else:
                after = _credited(origin, row.net, currency) if on_each_account else origin._replace(full=origin.full + row.net)
                made = list(_crediting(row, origin, after, month, currency, last.get(row.place[0], row.rows)))
                last[row.place[0]] = max(row.rows, *(it.row.place[1] for it in made))
            standing[row.credits] = after
            found += made
        elif row.start is not None and row.end is not None:
            parts = deferred(spread(row.net, row.start, row.end, currency), month)
            if parts:
                standing[row.place] = Standing(row.account, row.net, row.start, row.end)
                found.append(Deferral(row, row.start, row.end, parts, None, row.place, standing[row.place]))
    return found


def _reduced(origin: Standing, row: Row) -> Standing:
    return origin._replace(reductions=(*origin.reductions, Reduction(row.place, row.account, row.cost_centre, row.net)))


def _credited(origin: Standing, net: Decimal, currency: str) -> Standing:
    """After a credit on the row's own account: of the reductions it takes back as much as of what is left of the row, for that much more
    was revenue (posting table row 8, negative)."""
    left, rest = origin.net, origin.net + net
    if not ZERO <= rest < left:
        return origin._replace(full=origin.full + net)
    after = tuple(it._replace(net=round_amount(it.net * rest / left, currency)) for it in origin.reductions)
    return origin._replace(full=rest - sum((it.net for it in after), ZERO), reductions=after)


def _reducing(row: Row, before: Standing, after: Standing, month: str, currency: str) -> Deferral:
    assert row.credits is not None
    parts = deferred(_by_level(after, currency)[-1], month)
    return Deferral(row, before.start, before.end, parts, row.credits, row.credits, after)


def _crediting(row: Row, before: Standing, after: Standing, month: str, currency: str, last: int) -> Iterator[Deferral]:
    """What a credit takes back on each account; that of reductions stands behind the rows of its document."""
    assert row.credits is not None
    changes = [
        deferred(changed(was, stays), month)
        for was, stays in zip(_by_level(before, currency), _by_level(after, currency), strict=True)
    ]
    start, end = before.start, before.end
    yield Deferral(row._replace(net=after.full - before.full), start, end, changes[0], row.credits, row.credits, after)
    for was, stays, parts in zip(before.reductions, after.reductions, changes[1:], strict=True):
        if stays.net != was.net:
            last += 1
            back = row._replace(
                place=(row.place[0], last),
                account=was.account,
                cost_centre=was.cost_centre,
                net=stays.net - was.net,
                credits=was.place,
            )
            yield Deferral(back, start, end, parts, was.place, row.credits, after)


def _by_level(standing: Standing, currency: str) -> list[Parts]:
    """What belongs to each month on the row's own account, and what each reduction takes of it."""
    levels = [spread(level, standing.start, standing.end, currency) for level in standing.levels]
    return [levels[0], *(changed(high, low) for high, low in itertools.pairwise(levels))]


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
