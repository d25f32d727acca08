"""Every way in which a counter writes numbers: its own, those of strategies with a prefix or suffix of theirs, and those of before.

A number is unique over all series, so no two of them may produce the same: neither of two counters, nor two different ones of one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple, TypedDict

from contor.kernel.errors import Problem
from contor.kernel.shapes import Fields
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings.numbers.masks import Counter, Strategy, StrategyKind, can_collide
from contor.settings.numbers.series import EVERY_SERIES, counters


class Pattern(TypedDict):
    """How the numbers of a counter looked when they were drawn."""

    prefix: str
    mask: str
    suffix: str


class _Numbered(NamedTuple):
    """A counter as it is, its fields in the order of `Counter`, and as it was."""

    ident: str
    prefix: str
    mask: str
    suffix: str
    lower_limit: int
    upper_limit: int | None
    reset: Literal["NEW_YEAR"] | None
    former: Sequence[Pattern]


class _Affixed(NamedTuple):
    """A strategy with a prefix or suffix of its own, in the order of the fields of `Strategy`."""

    ident: str
    kind: StrategyKind
    counter_ident: str
    key: str | None
    document_type: str | None
    prefix: str | None
    suffix: str | None


class _Former(NamedTuple):
    former: Sequence[Pattern]


def affixed(uow: Uow, counter_ident: str | None = None) -> list[Strategy]:
    """The strategies that write numbers with a prefix or suffix of their own; of one counter, or of all."""
    sql = f"SELECT {columns(_Affixed)} FROM number_strategy WHERE (prefix IS NOT NULL OR suffix IS NOT NULL)"
    rows = uow.all(_Affixed, f"{sql} AND (%(counter)s::text IS NULL OR counter_ident = %(counter)s)", {"counter": counter_ident})
    return [Strategy(*row) for row in rows]


def met(uow: Uow, counter: Counter, strategy: tuple[str, str] | None = None) -> list[Problem]:
    """Findings on the ways that a counter's numbers collide with others, written as `counter` says: for the strategy of this kind and
    ident, or, where none is named, for the counter itself and all strategies of it."""
    theirs = [one for one in affixed(uow, counter.ident) if (one.kind, one.ident) != strategy]
    written = [counter] if strategy else [counter, *(one.writing(counter) for one in theirs)]
    others = [one for one in _written(uow, strategy) if one.ident != counter.ident or strategy]
    found = {other.ident for one in written for other in [*others, *(written if strategy is None else ())] if can_meet(one, other)}
    message = "It can produce the same number as counter {}."
    return [Problem("counter_collides", message.format(other), "prefix", counter.prefix) for other in sorted(found)]


def left_patterns(uow: Uow, before: Counter, after: Fields) -> list[Pattern]:
    """All that stays taken when a counter that has drawn is changed: numbers drawn under another pattern exist for good. None: no pattern
    changes."""
    (row,) = uow.all(_Former, "SELECT former FROM number_counter WHERE ident = %s", (before.ident,))
    changed = Counter(before.ident, after["prefix"] or "", after["mask"] or "", after["suffix"] or "")
    left = [
        _pattern(then)
        for then, now in [(before, changed), *((s.writing(before), s.writing(changed)) for s in affixed(uow, before.ident))]
        if _pattern(then) != _pattern(now)
    ]
    return [*(known for known in row.former if known not in left), *left] if left else []


def keep_pattern(uow: Uow, kind: str, ident: str) -> None:
    """Before a strategy is changed or goes: how its numbers looked stays taken, where its counter has drawn."""
    uow.run(
        "UPDATE number_counter c SET former = c.former || jsonb_build_array(p.pattern) FROM (SELECT n.ident, jsonb_build_object("
        "'prefix', coalesce(s.prefix, n.prefix), 'mask', n.mask, 'suffix', coalesce(s.suffix, n.suffix)) AS pattern"
        " FROM number_strategy s JOIN number_counter n ON n.tenant_id = s.tenant_id AND n.ident = s.counter_ident"
        " WHERE s.kind = %s AND s.ident = %s AND (s.prefix IS NOT NULL OR s.suffix IS NOT NULL)"
        f" AND EXISTS (SELECT 1 FROM {EVERY_SERIES} d WHERE d.tenant_id = n.tenant_id AND d.counter_ident = n.ident)) p"
        " WHERE c.ident = p.ident AND NOT c.former @> jsonb_build_array(p.pattern)",
        (kind, ident),
    )


def written_now(uow: Uow) -> list[Counter]:
    """Every counter as it is, and as its strategies write it."""
    known, strategies = counters(uow), affixed(uow)
    return [*known.values(), *(one.writing(known[one.counter_ident]) for one in strategies)]


def can_meet(one: Counter, other: Counter) -> bool:
    """Whether two patterns can produce the same number; values of one counter never repeat, so its own same pattern does not."""
    return (one.ident != other.ident or _pattern(one) != _pattern(other)) and can_collide(one, other)


def _written(uow: Uow, without: tuple[str, str] | None) -> Iterator[Counter]:
    """Every pattern of every counter, now and before; but for that of one strategy."""
    strategies = [one for one in affixed(uow) if (one.kind, one.ident) != without]
    for row in uow.all(_Numbered, f"SELECT {columns(_Numbered)} FROM number_counter"):
        now = Counter(*row[:-1])
        yield now
        yield from (one.writing(now) for one in strategies if one.counter_ident == now.ident)
        # which values were drawn under a former pattern is not kept: any of them counts
        yield from (replace(now, **was, lower_limit=0, upper_limit=None) for was in row.former)


def _pattern(counter: Counter) -> Pattern:
    return {"prefix": counter.prefix, "mask": counter.mask, "suffix": counter.suffix}
