"""An expense by account and rate, as the books take it. What it does not say of its VAT is found where only one rate makes it. Pure.

Source: section 15 (1) UStG: tax of this country, of an invoice that shows it, is deducted; section 13b UStG: where the recipient owes
it, the invoice shows none.
"""

from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.expenses.events import ExpensePart
from contor.expenses.types import PaperRow, TaxTreatment
from contor.kernel.errors import Problem
from contor.kernel.money import HUNDRED, ZERO, quantum, round_amount, worded

Accounts = Callable[[str | None], int | None]
"""The account of a row's category; None: the usual one."""


class Judged(NamedTuple):
    """What else of an expense says what its VAT may be."""

    treatment: TaxTreatment
    currency: str
    rows: int


def parts_of(net: Decimal, tax: Decimal, rows: Sequence[PaperRow], account: Accounts) -> tuple[ExpensePart, ...]:
    """In the order of the rows. Without rows no rate is said: see `with_rate`."""
    if not rows:
        return (ExpensePart(account(None), ZERO, net, tax),)
    sums: dict[tuple[int | None, Decimal], tuple[Decimal, Decimal]] = {}
    for row in rows:
        key = account(row.category), row.vat_rate
        before = sums.get(key, (ZERO, ZERO))
        sums[key] = (before[0] + row.net, before[1] + (row.vat or ZERO))
    return tuple(ExpensePart(number, rate, *both) for (number, rate), both in sums.items())


def with_rate(part: ExpensePart, rates: Collection[Decimal], currency: str) -> ExpensePart:
    """Of an expense without rows: at the one rate that makes its tax of its net."""
    if not part.tax:
        return part
    fitting = [rate for rate in rates if round_amount(part.net * rate / HUNDRED, currency) == part.tax]
    return part._replace(rate=fitting[0]) if len(fitting) == 1 else part


def why_not(parts: Sequence[ExpensePart], paper: Judged, rates: Collection[Decimal], country: str) -> list[Problem]:
    """Why an expense cannot be posted as it is. `rates`: those of the country on the day of the supply; empty: they are not known."""
    treatment = paper.treatment
    tax = sum((abs(part.tax) for part in parts), ZERO)
    if treatment == "INTRA_COMMUNITY":
        message = "acquisitions from another member state (section 1a UStG) are not posted: keep the expense with posted = false"
        return [Problem("acquisition_not_posted", message, "taxTreatment", treatment)]
    if treatment.startswith("REVERSE_CHARGE") and tax:
        message = "shows VAT, which a supply whose recipient owes the tax does not (section 14a (5) UStG)"
        return [Problem("tax_contradicts", message, "tax", tax)]
    if treatment != "DOMESTIC":
        return []
    problems = []
    # each row may have been rounded by itself, also out of its gross
    rounded = quantum(paper.currency) * max(paper.rows, 1)
    for part in parts:
        if part.tax and not part.rate:
            message = f"is at no single rate: say the rows with their rates ({_worded(rates)}), or taxTreatment NOT_DEDUCTIBLE"
            problems.append(Problem("vat_rate_unknown", message, "tax", part.tax))
        elif part.tax and rates and part.rate not in rates:
            message = (
                f"{part.rate:f} % is no rate of {country} on that day ({_worded(rates)}): VAT of another country is not deducted"
            )
            problems.append(Problem("vat_rate_foreign", f"{message}; say taxTreatment NOT_DEDUCTIBLE", "rows", part.rate))
        elif part.rate and abs(part.tax - (lawful := round_amount(part.net * part.rate / HUNDRED, paper.currency))) > rounded:
            message = f"is {worded(part.tax, paper.currency)} on {worded(part.net, paper.currency)} at {part.rate.normalize():f} %"
            only = f"only {worded(lawful, paper.currency)} can be deducted (section 14c UStG); say taxTreatment NOT_DEDUCTIBLE"
            problems.append(Problem("tax_contradicts", f"{message}, of which {only}", "tax", part.tax))
    return problems


def _worded(rates: Collection[Decimal]) -> str:
    return ", ".join(f"{rate.normalize():f} %" for rate in sorted(rates, reverse=True) if rate)
