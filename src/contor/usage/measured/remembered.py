"""Which periods were counted, and how many events they had then."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import NamedTuple

from contor.runtime.uow import Uow
from contor.usage.measured import tables
from contor.usage.measured.counting import Span

Key = tuple[int, str, dt.date]
"""Contract, option, start of the period."""


class Count(NamedTuple):
    """That a period was counted."""

    key: Key
    end: dt.date
    customer_ident: str
    event_name: str
    span: Span
    events: int


class Before(NamedTuple):
    """A period that was counted."""

    contract_id: int
    option_ident: str
    period_start: dt.date
    period_end: dt.date
    events: int

    @property
    def key(self) -> Key:
        return self.contract_id, self.option_ident, self.period_start


_ROWS = "SELECT c.contract_id, c.option_ident, c.period_start, c.period_end, c.events FROM usage_count c"
_KEYS = (
    " JOIN unnest(%s::bigint[], %s::text[], %s::date[]) AS x(contract, option, start)"
    " ON c.contract_id = x.contract AND c.option_ident = x.option"
)


def counted_at(uow: Uow, keys: Collection[Key]) -> list[Before]:
    """Those of the periods that were counted."""
    return uow.all(Before, f"{_ROWS}{_KEYS} AND c.period_start = x.start", _columns(keys)) if keys else []


def counted_before(uow: Uow, keys: Collection[Key]) -> list[Before]:
    """The periods just before these, as far as they were counted."""
    return uow.all(Before, f"{_ROWS}{_KEYS} AND c.period_end = x.start", _columns(keys)) if keys else []


def remember(uow: Uow, counts: Sequence[Count]) -> None:
    """That these periods are counted now, again or for the first time."""
    known = {row.key for row in counted_at(uow, [one.key for one in counts])}
    now = uow.ctx.now()
    uow.insert(
        tables.usage_count,
        [
            {
                "contract_id": one.key[0],
                "option_ident": one.key[1],
                "period_start": one.key[2],
                "period_end": one.end,
                "customer_ident": one.customer_ident,
                "event_name": one.event_name,
                "since": one.span[0],
                "until": one.span[1],
                "events": one.events,
                "counted_at": now,
            }
            for one in counts
            if one.key not in known
        ],
    )
    again = [(*one.key, one.events, one.span[1], one.end) for one in counts if one.key in known]
    if again:
        uow.run(
            "UPDATE usage_count c SET events = x.events, until = x.until, period_end = x.last, counted_at = %s"
            " FROM unnest(%s::bigint[], %s::text[], %s::date[], %s::bigint[], %s::timestamptz[], %s::date[])"
            " AS x(contract, option, start, events, until, last)"
            " WHERE c.contract_id = x.contract AND c.option_ident = x.option AND c.period_start = x.start",
            (now, *[list(column) for column in zip(*again, strict=True)]),
        )


class Since(NamedTuple):
    """Events of a customer and a name that come now: the first and the last."""

    customer_ident: str
    event_name: str
    first: dt.datetime
    last: dt.datetime
    is_level: bool
    """What they add to holds on in later periods."""


class Late(NamedTuple):
    contract_id: int
    option_ident: str
    period_start: dt.date


def counted_since(uow: Uow, events: Sequence[Since]) -> list[Late]:
    """The periods that were counted before these events came, and that they belong to."""
    return uow.all(
        Late,
        "SELECT DISTINCT c.contract_id, c.option_ident, c.period_start FROM usage_count c"
        " JOIN unnest(%s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::boolean[])"
        " AS x(customer, name, first, last, is_level)"
        " ON c.customer_ident = x.customer AND c.event_name = x.name AND c.until > x.first AND (c.since <= x.last OR x.is_level)"
        " ORDER BY 1, 2, 3",
        tuple([list(column) for column in zip(*events, strict=True)]),
    )


# helpers in calling order


def _columns(keys: Collection[Key]) -> tuple[list[object], ...]:
    return tuple([list(column) for column in zip(*keys, strict=True)])
