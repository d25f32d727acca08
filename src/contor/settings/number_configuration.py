"""How documents get their numbers: counters, and the strategies that choose one, most specific first."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated, Literal, NamedTuple, get_args

from pydantic import Field

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import Fields, Ident, shape
from contor.runtime.resource import Resource
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found
from contor.settings import tables
from contor.settings.countries import alpha_2
from contor.settings.events import NumbersConfigured
from contor.settings.numbers import (
    EVERY_SERIES,
    Counter,
    affixed,
    counter_problems,
    counters,
    keep_pattern,
    left_patterns,
    met,
    with_affixes,
)
from contor.settings.queries import change_tenant_settings, tenant_settings
from contor.settings.types import DocumentTypeName

Affix = Annotated[str, Field(max_length=60)]


class _Drawn(NamedTuple):
    """What the series of a counter have drawn: up to before `next`, from `first` on; None: nothing."""

    next: int | None
    first: int | None


class _Default(NamedTuple):
    counter_ident: str
    prefix: str | None
    suffix: str | None


class _Latest(NamedTuple):
    counter_ident: str
    next_value: int


def _counter(row: Fields) -> Counter:
    return Counter(
        row["ident"],
        row["prefix"] or "",
        row["mask"] or "",
        row["suffix"] or "",
        row["lower_limit"],
        row["upper_limit"],
        row["reset"],
    )


def _checked(uow: Uow, row: Fields) -> None:
    """A counter by itself and as its strategies write it, and against every other: a number must be unique over all series."""
    uow.lock("numbers", ["counters"])  # two changes at once could each pass, and collide with one another
    counter = _counter(row)
    problems = counter_problems(counter)
    for strategy in affixed(uow, counter.ident) if not problems else ():
        for problem in counter_problems(strategy.writing(counter)):
            message = f"with the prefix and suffix of strategy {strategy.ident}: {problem.message}"
            problems.append(replace(problem, message=message))
    problems = problems or met(uow, counter)
    if problems:
        raise Refused(Kind.INVALID, *problems)
    uow.emit(NumbersConfigured(counter_ident=counter.ident))


def _changed(uow: Uow, row: Fields) -> None:
    """A counter never goes back: what it has drawn stays within its limits, and it keeps counting as it did."""
    _checked(uow, row)
    sql = f"SELECT max(next_value) AS next, min(first_value) AS first FROM {EVERY_SERIES} s WHERE counter_ident = %s"
    drawn = uow.first(_Drawn, sql, (row["ident"],))
    if drawn is None or drawn.next is None:
        return
    problems = []
    before = counters(uow)[row["ident"]]
    if left := left_patterns(uow, before, row):
        row["former"] = left
    if row["upper_limit"] is not None and row["upper_limit"] < drawn.next - 1:
        problems.append(
            Problem("upper_limit_below_drawn", f"{drawn.next - 1} is drawn already.", "upper_limit", row["upper_limit"])
        )
    if row["lower_limit"] != before.lower_limit:
        problems.append(Problem("lower_limit_is_fixed", "Numbers are drawn already.", "lower_limit", row["lower_limit"]))
    # another reset would count in other series, which begin at the lower limit: numbers could come again
    if row["reset"] != before.reset:
        problems.append(Problem("reset_is_fixed", "Numbers are drawn already.", "reset", row["reset"]))
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _with_current(uow: Uow, rows: list[Fields]) -> list[Fields]:
    """With the value drawn last, of the newest year; of several companies, the first's."""
    current = {
        row.counter_ident: row.next_value - 1
        for row in uow.all(
            _Latest,
            # DISTINCT ON keeps the first row of each counter: that of the newest year
            f"SELECT DISTINCT ON (counter_ident) counter_ident, next_value FROM {EVERY_SERIES} s"
            " ORDER BY counter_ident, year DESC, legal_entity",
        )
    }
    return [{**row, "current_value": current.get(row["ident"])} for row in rows]


COUNTERS = Resource(
    "number_counter",
    tables.number_counter,
    permission="settings",
    writable=("mask", "prefix", "suffix", "lower_limit", "upper_limit", "reset"),
    filterable=("ident", "prefix", "suffix", "created_at"),
    before_create=_checked,
    before_update=_changed,
    shown=_with_current,
    computed={"current_value": (int | None, None)},
    found_by={
        "current_value": (
            f"SELECT next_value - 1 FROM {EVERY_SERIES} s WHERE s.counter_ident = number_counter.ident"
            " ORDER BY year DESC, legal_entity LIMIT 1",
            int,
        )
    },
    hidden=("former",),
)


def _strategy_checked(uow: Uow, row: Fields) -> None:
    """The key names what its kind says, and the counter exists."""
    kind, key = row["kind"], row.get("key")
    problems = []
    if kind == "SERVICE_COUNTRY" and key is not None:
        row["key"] = alpha_2(key)
    known = {
        "SERVICE_COUNTRY": lambda: row["key"] is not None,
        "DOCUMENT_TYPE": lambda: key in get_args(DocumentTypeName),
        "BILLING_GROUP": lambda: uow.scalar(int, "SELECT 1 FROM billing_group WHERE billing_group_ident = %s", (key,)) is not None,
    }
    if key is None or not known[kind]():
        message = f"The key is a {kind.replace('_', ' ').lower()} that exists."
        problems.append(Problem("number_strategy_key_unknown", message, "key", key))
    if kind == "DOCUMENT_TYPE" and row.get("document_type") not in (None, key):
        message = "It has its document type as its key."
        problems.append(Problem("number_strategy_type_twice", message, "document_type", row["document_type"]))
    if not _known_counters(uow, [row["counter_ident"]]):
        message = f"There is no counter {row['counter_ident']!r}."
        problems.append(Problem("number_counter_unknown", message, "counter_ident", row["counter_ident"]))
    if problems := problems or _affix_problems(uow, row):
        raise Refused(Kind.INVALID, *problems)


def _affix_problems(uow: Uow, row: Fields) -> list[Problem]:
    """Why numbers cannot be written with the prefix and suffix of a strategy."""
    prefix, suffix = row.get("prefix"), row.get("suffix")
    if prefix is None and suffix is None:
        return []
    uow.lock("numbers", ["counters"])
    written = with_affixes(counters(uow)[row["counter_ident"]], prefix, suffix)
    uow.emit(NumbersConfigured(counter_ident=row["counter_ident"]))
    return counter_problems(written) or met(uow, written, (row["kind"], row["ident"]))


def _strategy_changed(uow: Uow, row: Fields) -> None:
    keep_pattern(uow, row["kind"], row["ident"])
    _strategy_checked(uow, row)


def _strategy_deleted(uow: Uow, row: Fields) -> None:
    keep_pattern(uow, row["kind"], row["ident"])


def _known_counters(uow: Uow, idents: Iterable[str]) -> frozenset[str]:
    return frozenset(uow.column(str, "SELECT ident FROM number_counter WHERE ident = ANY (%s)", (sorted(set(idents)),)))


_COUNTER = Reference("counterIdent", "number_counter_unknown", _known_counters)

STRATEGIES = Resource(
    "number_strategy",
    tables.number_strategy,
    permission="settings",
    keys=("kind", "ident"),
    writable=("counter_ident", "key", "document_type", "prefix", "suffix"),
    filterable=("ident", "counter_ident", "key", "document_type"),
    before_create=_strategy_checked,
    before_update=_strategy_changed,
    before_delete=_strategy_deleted,
    hidden=("kind", "billing_group_ident"),
    refers=(_COUNTER,),
)


@shape
class DefaultStrategy:
    counter_ident: Ident
    prefix: Affix | None = None
    """With which numbers are written, instead of the counter's."""
    suffix: Affix | None = None


@dataclass(frozen=True, slots=True)
class SetDefault:
    body: DefaultStrategy


@dataclass(frozen=True, slots=True)
class Nothing:
    """No input."""


@shape
class ActiveStrategy:
    strategy: Literal["EXTERNAL", "DEFAULT", "DOCUMENT_TYPE", "BILLING_GROUP", "SERVICE_COUNTRY"]
    """EXTERNAL: callers give the numbers. Any other: the most specific strategy decides."""


@dataclass(frozen=True, slots=True)
class SelectStrategy:
    body: ActiveStrategy


@operation("number_strategy.get_default", permission="settings.read", reads=True)
def get_default(uow: Uow, command: Nothing) -> DefaultStrategy:
    """The fallback for documents that no other strategy fits."""
    found = uow.first(_Default, f"SELECT {columns(_Default)} FROM number_strategy WHERE kind = 'DEFAULT'")
    if found is None:
        raise not_found("number_strategy", "default")
    return DefaultStrategy(**found._asdict())


@operation("number_strategy.set_default", permission="settings.write", refers=(_COUNTER,))
def set_default(uow: Uow, command: SetDefault) -> DefaultStrategy:
    """Create or replace the fallback."""
    if not _known_counters(uow, [command.body.counter_ident]):
        message = f"There is no counter {command.body.counter_ident!r}."
        raise Refused(Kind.INVALID, Problem("number_counter_unknown", message, "counterIdent", command.body.counter_ident))
    now, body = uow.ctx.now(), command.body
    row: Fields = {
        "kind": "DEFAULT",
        "ident": "default",
        "counter_ident": body.counter_ident,
        "prefix": body.prefix,
        "suffix": body.suffix,
        "created_at": now,
        "last_modified_at": now,
    }
    keep_pattern(uow, "DEFAULT", "default")
    uow.run("DELETE FROM number_strategy WHERE kind = 'DEFAULT'")
    if problems := _affix_problems(uow, row):
        raise Refused(Kind.INVALID, *problems)
    uow.insert(tables.number_strategy, [row])
    uow.audit("number_strategy", "default", {"set": body})
    return command.body


@operation("number_strategy.delete_default", permission="settings.write")
def delete_default(uow: Uow, command: Nothing) -> None:
    """Remove the fallback."""
    keep_pattern(uow, "DEFAULT", "default")
    if not uow.run("DELETE FROM number_strategy WHERE kind = 'DEFAULT'"):
        raise not_found("number_strategy", "default")
    uow.audit("number_strategy", "default", {"deleted": True})


@operation("number_strategy.get_active", permission="settings.read", reads=True)
def get_active(uow: Uow, command: Nothing) -> ActiveStrategy:
    """Which kind of strategy is active."""
    return ActiveStrategy(strategy=tenant_settings(uow).number_strategy)


@operation("number_strategy.select", permission="settings.write")
def select_active(uow: Uow, command: SelectStrategy) -> ActiveStrategy:
    """Choose it."""
    change_tenant_settings(uow, "number_strategy = %s", (command.body.strategy,))
    uow.audit("tenant_setting", "number_strategy", {"strategy": command.body.strategy})
    return command.body
