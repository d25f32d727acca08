"""How documents get their numbers: counters, and the strategies that choose one, most specific first."""

from dataclasses import dataclass
from typing import Any, Literal

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, shape
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow, not_found
from contor.settings import tables
from contor.settings.masks import Counter, can_collide, counter_problems
from contor.settings.numbering import counters


def _counter(row: dict[str, Any]) -> Counter:
    return Counter(
        row["ident"],
        row["prefix"] or "",
        row["mask"] or "",
        row["suffix"] or "",
        row["lower_limit"],
        row["upper_limit"],
        row["reset"],
    )


def _checked(uow: Uow, row: dict[str, Any]) -> None:
    """A counter by itself, and against every other: a number must be unique over all series."""
    uow.lock("numbers", ["counters"])
    counter = _counter(row)
    problems = counter_problems(counter)
    for other in counters(uow).values() if not problems else ():
        if other.ident != counter.ident and can_collide(counter, other):
            message = f"It can produce the same number as counter {other.ident}."
            problems.append(Problem("counter_collides", message, "prefix", counter.prefix))
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _changed(uow: Uow, row: dict[str, Any]) -> None:
    """A counter never goes back: what it has drawn stays within its limits, and it keeps counting as it did."""
    _checked(uow, row)
    drawn = uow.row(
        "SELECT max(next_value) AS next, min(first_value) AS first FROM number_series WHERE counter_ident = %s", (row["ident"],)
    )
    if drawn is None or drawn.next is None:
        return
    problems = []
    before = counters(uow)[row["ident"]]
    if row["upper_limit"] is not None and row["upper_limit"] < drawn.next - 1:
        problems.append(
            Problem("upper_limit_below_drawn", f"{drawn.next - 1} is drawn already.", "upper_limit", row["upper_limit"])
        )
    if row["lower_limit"] != before.lower_limit:
        problems.append(Problem("lower_limit_is_fixed", "Numbers are drawn already.", "lower_limit", row["lower_limit"]))
    if row["reset"] != before.reset:
        problems.append(Problem("reset_is_fixed", "Numbers are drawn already.", "reset", row["reset"]))
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _with_current(uow: Uow, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With the value drawn last, of the newest year."""
    current = {
        row.counter_ident: row.next_value - 1
        for row in uow.rows(
            "SELECT DISTINCT ON (counter_ident) counter_ident, next_value FROM number_series ORDER BY counter_ident, year DESC"
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
)

STRATEGIES = Resource(
    "number_strategy",
    tables.number_strategy,
    permission="settings",
    keys=("kind", "ident"),
    writable=("counter_ident", "key", "document_type"),
    filterable=("ident", "counter_ident", "key", "document_type"),
)


@shape
class DefaultStrategy:
    counter_ident: Ident


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
    found = uow.value("SELECT counter_ident FROM number_strategy WHERE kind = 'DEFAULT'")
    if found is None:
        raise not_found("number_strategy", "default")
    return DefaultStrategy(counter_ident=found)


@operation("number_strategy.set_default", permission="settings.write")
def set_default(uow: Uow, command: SetDefault) -> DefaultStrategy:
    """Create or replace the fallback."""
    if uow.value("SELECT 1 FROM number_counter WHERE ident = %s", (command.body.counter_ident,)) is None:
        message = f"There is no counter {command.body.counter_ident!r}."
        raise Refused(Kind.INVALID, Problem("number_counter_unknown", message, "counterIdent", command.body.counter_ident))
    uow.run("DELETE FROM number_strategy WHERE kind = 'DEFAULT'")
    now = uow.ctx.now()
    uow.insert(
        tables.number_strategy,
        [
            {
                "kind": "DEFAULT",
                "ident": "default",
                "counter_ident": command.body.counter_ident,
                "created_at": now,
                "last_modified_at": now,
            }
        ],
    )
    uow.audit("number_strategy", "default", {"counter": command.body.counter_ident})
    return command.body


@operation("number_strategy.delete_default", permission="settings.write")
def delete_default(uow: Uow, command: Nothing) -> None:
    """Remove the fallback."""
    if not uow.run("DELETE FROM number_strategy WHERE kind = 'DEFAULT'"):
        raise not_found("number_strategy", "default")
    uow.audit("number_strategy", "default", {"deleted": True})


@operation("number_strategy.get_active", permission="settings.read", reads=True)
def get_active(uow: Uow, command: Nothing) -> ActiveStrategy:
    """Which kind of strategy is active."""
    return ActiveStrategy(strategy=uow.value("SELECT number_strategy FROM tenant_setting") or "DEFAULT")


@operation("number_strategy.select", permission="settings.write")
def select_active(uow: Uow, command: SelectStrategy) -> ActiveStrategy:
    """Choose it."""
    uow.run("UPDATE tenant_setting SET number_strategy = %s", (command.body.strategy,))
    uow.audit("tenant_setting", "number_strategy", {"strategy": command.body.strategy})
    return command.body
