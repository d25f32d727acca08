"""Cohorts: of those who began in a month, how many still pay at the end of each later one, and how much."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from contor.bookkeeping.periods import first_day, last_day, month_of, months_through
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Money, shape
from contor.reports.kinds import Heading, Month, report_kind
from contor.reports.metrics.movements import Step, movements_of
from contor.reports.metrics.mrr import asked_days
from contor.reports.metrics.rounding import rounded
from contor.reports.metrics.series import Unit, series
from contor.runtime.uow import Uow

MOST_MONTHS: Final = 60
MONTHS_BACK: Final = 11
_TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class AskCohorts:
    first: str
    last: str


@shape
class Cohort:
    """Who had recurring revenue for the first time in `cohort`, at the end of `month`."""

    cohort: str
    """YYYY-MM."""
    month: str
    months_since: int
    currency: str
    customers: int
    """Who began."""
    retained: int
    """Of these, who pay."""
    retention: Decimal
    """Percent of the customers, with one decimal."""
    mrr: Money
    """What those who began pay by the month."""


@shape
class CohortTable:
    rows: tuple[Cohort, ...]


@operation("metric.cohorts", permission="contracts.read", reads=True)
def cohort_metrics(uow: Uow, command: AskCohorts) -> CohortTable:
    """Retention by the month in which customers began."""
    first, last = asked_days(command.first, command.last, uow.ctx.today())
    months = list(months_through(month_of(first), month_of(last)))
    if len(months) > MOST_MONTHS:
        message = f"These are {len(months)} months; ask for {MOST_MONTHS} at most."
        raise Refused(Kind.INVALID, Problem("too_many_periods", message, "to", last))
    return CohortTable(rows=tuple(cohort_rows(uow, months)))


def cohort_rows(uow: Uow, months: Sequence[str]) -> list[Cohort]:
    """The cohorts of these months, each until the last of them."""
    units = series(uow, last_day(months[-1]) + dt.timedelta(days=1), ["none"])["none"]
    return list(cohorts_of(units, months))


def cohorts_of(units: Mapping[Unit, Sequence[Step]], months: Sequence[str]) -> Iterator[Cohort]:
    """From the steps of each customer."""
    begins, places = first_day(months[0]), {month: at for at, month in enumerate(months)}
    customers: dict[tuple[str, str], int] = {}
    retained: dict[tuple[str, str], list[int]] = {}
    revenue: dict[tuple[str, str], list[Fraction]] = {}
    for unit, steps in units.items():
        moves = list(movements_of(steps))
        if not moves or moves[0].day < begins:
            continue
        key = unit.currency, month_of(moves[0].day)
        if key not in customers:
            customers[key], retained[key], revenue[key] = 0, [0] * len(months), [Fraction(0)] * len(months)
        customers[key] += 1
        for at, month in enumerate(months[places[key[1]] :], places[key[1]]):
            paid = next((move.after for move in reversed(moves) if month_of(move.day) <= month), Fraction(0))
            retained[key][at] += paid > 0
            revenue[key][at] += paid
    for currency, cohort in sorted(customers):
        key = currency, cohort
        for at, month in enumerate(months[places[cohort] :], places[cohort]):
            yield Cohort(
                cohort=cohort,
                month=month,
                months_since=at - places[cohort],
                currency=currency,
                customers=customers[key],
                retained=retained[key][at],
                retention=(Decimal(100 * retained[key][at]) / customers[key]).quantize(_TENTH, ROUND_HALF_UP),
                mrr=rounded(revenue[key][at], currency),
            )


@report_kind(
    "COHORTS",
    "Kohorten",
    "Cohorts",
    [
        Heading("cohort", "TEXT", "Kohorte", "Cohort"),
        Heading("month", "TEXT", "Monat", "Month"),
        Heading("months_since", "COUNT", "Monate seither", "Months since"),
        Heading("currency", "TEXT", "Währung", "Currency"),
        Heading("customers", "COUNT", "Kunden", "Customers"),
        Heading("retained", "COUNT", "Geblieben", "Retained"),
        Heading("retention", "RATE", "Geblieben in %", "Retained, %"),
        Heading("mrr", "AMOUNT", "Monatsumsatz", "Monthly revenue"),
    ],
)
def cohort_report(uow: Uow, month: Month) -> Iterator[tuple[object, ...]]:
    """The cohorts of the twelve months that end with this one."""
    first = month.first
    for _ in range(MONTHS_BACK):
        first = (first - dt.timedelta(days=1)).replace(day=1)
    for it in cohort_rows(uow, list(months_through(month_of(first), month.period))):
        yield it.cohort, it.month, it.months_since, it.currency, it.customers, it.retained, it.retention, it.mrr
