"""Draw document numbers: gapless, because the counter's row is locked by the transaction that uses the numbers."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple, TypeVar

from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings import tables
from contor.settings.numbers.masks import Counter, Series, Strategy, StrategyKind, number, up_to

T = TypeVar("T")


EVERY_SERIES: Final = (
    "(SELECT tenant_id, '' AS legal_entity, counter_ident, year, first_value, next_value FROM number_series UNION ALL"
    " SELECT tenant_id, legal_entity, counter_ident, year, first_value, next_value FROM legal_entity_series)"
)
"""SQL: the series of all companies of the tenant."""


class StrategyRow(NamedTuple):
    """A strategy in the order of the fields of `Strategy`, then its counter's fields but the ident in that of `Counter`."""

    ident: str
    kind: StrategyKind
    counter_ident: str
    key: str | None
    document_type: str | None
    own_prefix: str | None
    own_suffix: str | None
    prefix: str
    mask: str
    suffix: str
    lower_limit: int
    upper_limit: int | None
    reset: Literal["NEW_YEAR"] | None


class CounterRow(NamedTuple):
    """A counter, its fields in the order of `Counter`."""

    ident: str
    prefix: str
    mask: str
    suffix: str
    lower_limit: int
    upper_limit: int | None
    reset: Literal["NEW_YEAR"] | None


def numbering(uow: Uow, active: StrategyKind) -> tuple[list[Strategy], dict[str, Counter]]:
    """The strategies that count (those of the kind that is active and of every less specific one), and their counters by ident."""
    rows = uow.all(
        StrategyRow,
        "SELECT s.ident, s.kind, s.counter_ident, s.key, s.document_type, s.prefix AS own_prefix,"
        " s.suffix AS own_suffix, c.prefix, c.mask, c.suffix, c.lower_limit, c.upper_limit,"
        " c.reset FROM number_strategy s JOIN number_counter c ON c.tenant_id = s.tenant_id AND c.ident = s.counter_ident"
        " ORDER BY s.kind, s.ident",
    )
    return up_to(active, [Strategy(*row[:7]) for row in rows]), {
        row.counter_ident: Counter(row.counter_ident, *row[7:]) for row in rows
    }


def counters(uow: Uow) -> dict[str, Counter]:
    """Every counter of the tenant, by ident."""
    return {row.ident: Counter(*row) for row in uow.all(CounterRow, f"SELECT {columns(CounterRow)} FROM number_counter")}


def draw_numbers(uow: Uow, wanted: Sequence[tuple[T, Series, dt.date]]) -> list[tuple[T, tuple[int, str]]]:
    """(thing, (value, number)) for each thing, in order within its series. The counters' rows stay locked until the commit.

    Raises `Refused` (ILLEGAL_STATE) when a counter has reached its upper limit: then none is drawn.
    """
    groups: dict[tuple[str, int, str], list[tuple[T, Series, dt.date]]] = {}
    for entry in wanted:
        _, series, date = entry
        groups.setdefault((series.counter_ident, series.year(date), series.legal_entity), []).append(entry)
    drawn: list[tuple[T, tuple[int, str]]] = []
    # one order for all who draw: two that need the same counters never wait for each other in a circle
    for (_, year, _), entries in sorted(groups.items(), key=lambda pair: str(pair[0])):
        first = _take(uow, entries[0][1], year, len(entries))
        drawn += [(thing, (first + n, number(one.counter, first + n, date))) for n, (thing, one, date) in enumerate(entries)]
    return drawn


class NextValue(NamedTuple):
    counter_ident: str
    year: int
    legal_entity: str
    next_value: int


def numbers_left(uow: Uow, wanted: Iterable[tuple[Series, dt.date]]) -> dict[tuple[str, int, str], int]:
    """How many numbers are left, by counter, the year in which it counts, and company; of the counters that end. Others may draw
    meanwhile."""
    limited = {(series.counter_ident, series.year(date), series.legal_entity): series.counter for series, date in wanted}
    limited = {key: counter for key, counter in limited.items() if counter.upper_limit is not None}
    if not limited:
        return {}
    drawn = {
        (row.counter_ident, row.year, row.legal_entity): row.next_value
        for row in uow.all(
            NextValue,
            f"SELECT {columns(NextValue)} FROM {EVERY_SERIES} s WHERE counter_ident = ANY (%s)",
            (sorted({ident for ident, _, _ in limited}),),
        )
    }
    return {key: max((counter.upper_limit or 0) + 1 - drawn.get(key, counter.lower_limit), 0) for key, counter in limited.items()}


def _take(uow: Uow, series: Series, year: int, count: int) -> int:
    """The first of `count` consecutive values."""
    counter, ident, entity = series.counter, series.counter_ident, series.legal_entity
    if entity:
        first = uow.draw(tables.legal_entity_series, (entity, ident, year), low=counter.lower_limit, count=count)
    else:
        first = uow.draw(tables.number_series, (ident, year), low=counter.lower_limit, count=count)
    if counter.is_exhausted(first + count - 1):  # the refusal rolls the counter back, so no value is lost
        message = f"Counter {ident} has reached its upper limit {counter.upper_limit}."
        raise Refused(Kind.ILLEGAL_STATE, Problem("number_limit_reached", message))
    return first
