"""Monthly recurring revenue from day to day or month by month: what it was, what moved it, what it became."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, NamedTuple, get_args

from contor.bookkeeping.periods import first_day as first_of
from contor.bookkeeping.periods import month_after, month_of
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import quantum
from contor.kernel.operations import operation
from contor.kernel.shapes import Money, shape
from contor.reports.kinds import Heading, Month, report_kind
from contor.reports.metrics.movements import Parts, Step, movements_of
from contor.reports.metrics.rounding import rounded, rounded_parts
from contor.reports.metrics.series import GroupBy, Unit, series
from contor.runtime.uow import Uow

DAY: Final = dt.timedelta(days=1)
MOST_PERIODS: Final = 400
"""Days or months of one question."""
Interval = Literal["DAY", "MONTH"]


@dataclass(frozen=True, slots=True)
class AskMrr:
    first: str
    """Texts of the query string."""
    last: str
    by: str
    interval: str


@shape
class MrrRow:
    """A group in a day or month. `start` and the parts come to `end`, to the cent."""

    first_day: dt.date
    last_day: dt.date
    currency: str
    group: str
    """Ident of the plan or segment; empty: all together."""
    start: Money
    """At the end of the day before."""
    new: Money
    expansion: Money
    reactivation: Money
    contraction: Money
    """0 or less."""
    churn: Money
    """0 or less."""
    end: Money
    customers: int
    """Who pay at the end."""
    arpa: Money
    """Revenue per customer and month, at the end."""


@shape
class MrrTable:
    group_by: str
    interval: str
    rows: tuple[MrrRow, ...]


class Span(NamedTuple):
    """Days, both inclusive."""

    first: dt.date
    last: dt.date


class _Group(NamedTuple):
    currency: str
    group: str


@operation("metric.mrr", permission="contracts.read", reads=True)
def mrr_metrics(uow: Uow, command: AskMrr) -> MrrTable:
    """Monthly recurring revenue of what customers have agreed to: without usage, without what is billed once; exact by day."""
    by, interval = command.by, command.interval
    wrong = [*_unheard("groupBy", by, get_args(GroupBy)), *_unheard("interval", interval, get_args(Interval))]
    first, last = asked_days(command.first, command.last, uow.ctx.today(), wrong)
    spans = list(spans_of(first, last, "DAY" if interval == "DAY" else "MONTH"))
    if len(spans) > MOST_PERIODS:
        message = f"These are {len(spans)} {'days' if interval == 'DAY' else 'months'}; ask for {MOST_PERIODS} at most."
        raise Refused(Kind.INVALID, Problem("too_many_periods", message, "to", last))
    grouping: GroupBy = "plan" if by == "plan" else "segment" if by == "segment" else "none"
    rows = mrr_rows(series(uow, last + DAY, [grouping])[grouping], spans)
    return MrrTable(group_by=by, interval=interval, rows=tuple(rows))


def mrr_rows(units: Mapping[Unit, Sequence[Step]], spans: Sequence[Span]) -> list[MrrRow]:
    """The rows of these spans, which follow each other without holes, by span, currency and group; groups of nothing are left out."""
    tables = _tables(units, spans)
    found = []
    for key in sorted(tables):
        found += list(_rows(key, tables[key], spans))
    return sorted(found, key=lambda row: (row.first_day, row.currency, row.group))


@dataclass(slots=True)
class _Table:
    """Of a group: what it begins with, and by span its parts and customers."""

    start: Fraction
    parts: list[Parts]
    customers: list[int]
    """By how many they change in each span; before the first, those who are there."""
    there: int = 0


def _tables(units: Mapping[Unit, Sequence[Step]], spans: Sequence[Span]) -> dict[_Group, _Table]:
    """Customer by customer, whose movements are added to those of his group."""
    begins, ends = spans[0].first, [span.last for span in spans]
    made: dict[_Group, _Table] = defaultdict(lambda: _Table(Fraction(0), [Parts()] * len(spans), [0] * len(spans)))
    for unit, steps in units.items():
        table, before = made[_Group(unit.currency, unit.group)], Fraction(0)
        at = 0
        for moved in movements_of(steps):
            counts = int(moved.after > 0) - int(before > 0)
            before = moved.after
            if moved.day < begins:
                table.start += moved.amount
                table.there += counts
                continue
            while moved.day > ends[at]:
                at += 1
            table.parts[at] = table.parts[at].plus(moved.kind, moved.amount)
            table.customers[at] += counts
    return made


def _rows(key: _Group, table: _Table, spans: Sequence[Span]) -> Iterator[MrrRow]:
    currency, exact, customers = key.currency, table.start, table.there
    start = rounded(exact, currency)
    for span, parts, joined in zip(spans, table.parts, table.customers, strict=True):
        exact += parts.change
        customers += joined
        end = rounded(exact, currency)
        new, expansion, reactivation, contraction, churn = rounded_parts(end - start, parts, currency)
        if exact or start or any(parts):
            yield MrrRow(
                first_day=span.first,
                last_day=span.last,
                currency=currency,
                group=key.group,
                start=start,
                new=new,
                expansion=expansion,
                reactivation=reactivation,
                contraction=contraction,
                churn=churn,
                end=end,
                customers=customers,
                arpa=rounded(exact / customers, currency) if customers else Decimal(0).quantize(quantum(currency)),
            )
        start = end


def spans_of(first: dt.date, last: dt.date, interval: Interval) -> Iterator[Span]:
    """The days, or the months, of which the first and the last may be short."""
    while first <= last:
        end = first if interval == "DAY" else min(first_of(month_after(month_of(first))) - DAY, last)
        yield Span(first, end)
        first = end + DAY


def asked_days(first: str, last: str, today: dt.date, wrong: Iterable[Problem] = ()) -> Span:
    """From the texts of a query: the running month until today where nothing is said. Raises INVALID with every finding, also those that
    the caller has made of the rest of it (`wrong`)."""
    problems, found = list[Problem](), list[dt.date]()
    for name, said, default in (("from", first, today.replace(day=1)), ("to", last, today)):
        try:
            found.append(dt.date.fromisoformat(said) if said else default)
        except ValueError:
            problems.append(Problem("date_malformed", "is a day, written as 2026-11-30", name, said[:100]))
    if len(found) == len(Span._fields) and found[0] > found[1]:
        problems.append(Problem("period_reversed", f"ends before it begins, on {found[0]}", "to", found[1]))
    elif len(found) == len(Span._fields) and not (dt.date(1970, 1, 1) <= found[0] and found[1] <= today + 3660 * DAY):
        problems.append(Problem("date_out_of_range", "lies before 1970, or more than ten years ahead", "from"))
    if problems := [*wrong, *problems]:
        raise Refused(Kind.INVALID, *problems)
    return Span(*found)


def _unheard(name: str, said: str, choices: tuple[str, ...]) -> Iterator[Problem]:
    if said not in choices:
        yield Problem("parameter_malformed", f"must be one of {', '.join(choices)}", name, said[:100])


@report_kind(
    "MRR",
    "Wiederkehrender Monatsumsatz",
    "Monthly recurring revenue",
    [
        Heading("by", "TEXT", "Gliederung", "Grouped by"),
        Heading("group", "TEXT", "Gruppe", "Group"),
        Heading("currency", "TEXT", "Währung", "Currency"),
        Heading("start", "AMOUNT", "Beginn", "Start"),
        Heading("new", "AMOUNT", "Neu", "New"),
        Heading("expansion", "AMOUNT", "Erweiterung", "Expansion"),
        Heading("reactivation", "AMOUNT", "Rückkehr", "Reactivation"),
        Heading("contraction", "AMOUNT", "Verringerung", "Contraction"),
        Heading("churn", "AMOUNT", "Abwanderung", "Churn"),
        Heading("end", "AMOUNT", "Ende", "End"),
        Heading("customers", "COUNT", "Kunden", "Customers"),
        Heading("arpa", "AMOUNT", "Umsatz je Kunde", "Revenue per customer"),
    ],
)
def month_rows(uow: Uow, month: Month) -> Iterator[tuple[object, ...]]:
    """Of the month as a whole: all together, by plan, by segment."""
    choices: tuple[GroupBy, ...] = get_args(GroupBy)
    for by, units in series(uow, month.last + DAY, choices).items():
        for row in mrr_rows(units, [Span(month.first, month.last)]):
            parts = row.start, row.new, row.expansion, row.reactivation, row.contraction, row.churn, row.end
            yield by, row.group, row.currency, *parts, row.customers, row.arpa
