"""One fact of every event type with every stored field set, from the types of its fields."""

import dataclasses
import datetime as dt
import typing
import uuid
from decimal import Decimal
from typing import Any

import contor.app  # noqa: F401  (declares every event and follower)
from contor.kernel.events import EVENTS, FOLLOWERS
from contor.kernel.operations import Operation

_SAMPLES: dict[Any, tuple[Any, Any]] = {
    int: (101, 102),
    str: ("a-1", "a-2"),
    bool: (True, True),
    Decimal: (Decimal("1.50"), Decimal("2.25")),
    dt.date: (dt.date(2026, 11, 20), dt.date(2026, 11, 21)),
    dt.datetime: (dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC), dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC)),
    uuid.UUID: (uuid.UUID(int=1), uuid.UUID(int=2)),
}


def events() -> list[Any]:
    """Every event type of the product, by name."""
    return [kind for _, kind in sorted(EVENTS.items()) if kind.__module__.startswith("contor.")]


def a_fact(kind: Any) -> Any:
    """A fact whose stored fields are all set: two of each where there may be many."""
    hints = typing.get_type_hints(kind)
    stored = [field for field in dataclasses.fields(kind) if not field.metadata.get("transient")]
    return kind(**{field.name: _sample(hints[field.name], 0) for field in stored})


def _sample(hint: Any, number: int) -> Any:
    parts = [part for part in typing.get_args(hint) if part is not type(None)]
    if typing.get_origin(hint) is tuple:
        if parts[-1] is Ellipsis:
            return tuple(_sample(parts[0], n) for n in (0, 1))
        return tuple(_sample(part, number) for part in parts)
    if typing.get_origin(hint) is typing.Literal:
        return parts[min(number, len(parts) - 1)]
    if parts:  # a field that may be None
        return _sample(parts[0], number)
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        return hint(**{field.name: _sample(hints[field.name], number) for field in dataclasses.fields(hint)})
    return _SAMPLES[hint][number]


def jobs() -> list[tuple[Operation[Any, Any], Any]]:
    """Every operation that follows from an event, with the first command that the sample of it causes."""
    return [(one.operation, next(iter(one.batches(a_fact(kind))))) for kind in events() for one in FOLLOWERS.get(kind, ())]
