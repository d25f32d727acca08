"""What must always hold of a tenant's settings."""

from collections.abc import Iterable
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings.numbers import EVERY_SERIES, can_meet, written_now


class _Defaults(NamedTuple):
    """How many things there are, and how many of them are the default."""

    things: int
    defaults: int


class _Series(NamedTuple):
    legal_entity: str
    counter_ident: str
    year: int
    first_value: int
    next_value: int


@check("settings.one_default_where_there_is_any")
def one_default(uow: Uow) -> Iterable[str]:
    """Operating sites and business segments: exactly one is the default, once there is one at all."""
    for table, noun in (("operating_site", "operating site"), ("business_segment", "business segment")):
        row = uow.first(_Defaults, f'SELECT count(*) AS things, count(*) FILTER (WHERE "default") AS defaults FROM {table}')
        if row is not None and row.things and row.defaults != 1:
            yield f"{row.defaults} of {row.things} {noun}s are the default"


@check("settings.counters_never_meet")
def counters_apart(uow: Uow) -> Iterable[str]:
    """No two counters can produce the same number, with whatever prefix their strategies write it."""
    known = sorted(written_now(uow), key=lambda counter: counter.ident)
    for n, one in enumerate(known):
        yield from (f"counters {one.ident} and {other.ident} can collide" for other in known[n + 1 :] if can_meet(one, other))


@check("settings.series_count_forwards")
def series_forwards(uow: Uow) -> Iterable[str]:
    """A series stands behind what it has drawn, never before where it began; what a company brings along from another has drawn nothing."""
    backwards = "next_value < first_value OR next_value = first_value AND legal_entity = ''"
    for row in uow.all(_Series, f"SELECT {columns(_Series)} FROM {EVERY_SERIES} s WHERE {backwards}"):
        yield f"counter {row.counter_ident}, {row.year}: begins at {row.first_value}, would draw {row.next_value}"
