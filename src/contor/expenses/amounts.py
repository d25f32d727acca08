"""The sums of a received paper: what it says counts, to the cent; what it leaves out follows; what contradicts itself is refused. Pure.

A supplier may round the VAT of each row by itself: the VAT that the paper says may differ by half a unit for each row from that of the rows
added up (section 14 (4) no. 8 UStG asks for the amount, and says no rounding).
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.expenses.types import PaperRow
from contor.kernel.errors import Problem
from contor.kernel.money import ZERO, is_amount, quantum, round_amount, split, too_fine, worded
from contor.kernel.shapes import replace

_HUNDRED = Decimal(100)


class Sums(NamedTuple):
    """Complete: every row has its VAT, and they add up."""

    tax: Decimal
    rows: tuple[PaperRow, ...]
    problems: tuple[Problem, ...] = ()


def sums_of(net: Decimal, tax: Decimal | None, rows: Sequence[PaperRow], currency: str) -> Sums:
    """`tax`: None where the paper does not say it; then it is that of the rows, and without rows there is none."""
    problems = _too_fine(net, tax, rows, currency)
    if problems:
        return Sums(tax or ZERO, tuple(rows), tuple(problems))
    if not rows:
        problems += _turned(net, tax or ZERO)
        return Sums(tax or ZERO, (), tuple(problems))
    problems += _misreckoned(rows, currency)
    added = sum((row.net for row in rows), ZERO)
    if added != net:
        message = f"is {worded(net, currency)}, its rows add up to {worded(added, currency)}"
        problems.append(Problem("net_contradicts", message, "net", net))
    completed = _completed(rows, tax, currency)
    of_rows = sum((row.vat or ZERO for row in completed), ZERO)
    if tax is not None and of_rows != tax:
        message = f"is {worded(tax, currency)}, that of its rows adds up to {worded(of_rows, currency)}"
        problems.append(Problem("tax_contradicts", message, "tax", tax))
    return Sums(of_rows if tax is None else tax, tuple(completed), tuple(problems))


# helpers in calling order


def _too_fine(net: Decimal, tax: Decimal | None, rows: Sequence[PaperRow], currency: str) -> list[Problem]:
    said = [("net", net), ("tax", tax)]
    for place, row in enumerate(rows):
        said += [(f"rows[{place}].net", row.net), (f"rows[{place}].vat", row.vat)]
    return [
        Problem("too_many_decimals", too_fine(currency), name, amount)
        for name, amount in said
        if amount is not None and not is_amount(amount, currency)
    ]


def _turned(net: Decimal, tax: Decimal) -> list[Problem]:
    if net * tax < 0:
        return [Problem("tax_contradicts", "has another sign than the net amount", "tax", tax)]
    return []


def _misreckoned(rows: Sequence[PaperRow], currency: str) -> list[Problem]:
    """Of rows that say a price for one: what so many cost is another amount."""
    return [
        Problem(
            "row_contradicts", f"is {row.quantity} at {row.unit_price}: {worded(made, currency)}", f"rows[{place}].net", row.net
        )
        for place, row in enumerate(rows)
        if row.unit_price is not None and (made := round_amount(row.quantity * row.unit_price, currency)) != row.net
    ]


def _completed(rows: Sequence[PaperRow], tax: Decimal | None, currency: str) -> list[PaperRow]:
    """Each row with its VAT: what is said, else its part of that of its rate. Where none is said, what the paper says more or less than the
    rates make is on the rate with the largest base, as far as rounding explains it."""
    unsaid: dict[Decimal, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row.vat is None:
            unsaid[row.vat_rate].append(place)
    bases = {rate: sum((rows[place].net for place in places), ZERO) for rate, places in unsaid.items()}
    taxes = {rate: round_amount(base * rate / _HUNDRED, currency) for rate, base in bases.items()}
    if tax is not None and taxes and len(rows) == sum(map(len, unsaid.values())):
        rounded = tax - sum(taxes.values(), ZERO)
        taxed = [rate for rate in taxes if rate]
        if taxed and abs(rounded) <= quantum(currency) * len(rows) / 2:
            taxes[max(taxed, key=lambda rate: abs(bases[rate]))] += rounded
    made = list(rows)
    for rate, places in unsaid.items():
        parts = split(taxes[rate], [rows[place].net for place in places], currency)
        for place, part in zip(places, parts, strict=True):
            made[place] = replace(rows[place], vat=part)
    return made
