"""Past-tense facts by which an earlier step of the process causes a later one.

`@on(Event)` runs inside the transaction: what must agree is written together. `@after(Event)` runs as a job once the
transaction is committed: it may lag and may happen twice.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, dataclass_transform

from contor.kernel.operations import Operation

T = TypeVar("T")

EVENTS: dict[str, type] = {}
"""Every event type by `name`."""
HANDLERS: dict[type, list[Callable[[Any, Any], None]]] = defaultdict(list)
FOLLOWERS: dict[type, list[tuple[Operation[Any, Any], Callable[[Any], Iterable[Any]]]]] = defaultdict(list)


def transient() -> Any:
    """A field that handlers in the same transaction may read and that is not stored with the event."""
    return dataclasses.field(default=(), metadata={"transient": True}, compare=False, repr=False)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(transient,))
def event(name: str, version: int = 1) -> Callable[[type[T]], type[T]]:
    """Declare a fact. Batch-shaped: its fields are tuples of idents or ids, never rows."""

    def declare(cls: type[T]) -> type[T]:
        made = dataclasses.dataclass(frozen=True, kw_only=True)(cls)
        if name in EVENTS:
            raise ValueError(f"event {name} is declared twice")
        made.name, made.version = name, version  # type: ignore[attr-defined]
        EVENTS[name] = made
        return made

    return declare


def stored_fields(fact: Any) -> dict[str, Any]:
    """What is written to the outbox."""
    return {f.name: getattr(fact, f.name) for f in dataclasses.fields(fact) if not f.metadata.get("transient")}


def on(event_type: type) -> Callable[[Callable[[Any, Any], None]], Callable[[Any, Any], None]]:
    """Run the decorated `(uow, event)` inside the transaction that emits."""

    def subscribe(handler: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
        HANDLERS[event_type].append(handler)
        return handler

    return subscribe


def after(
    event_type: type, batches: Callable[[Any], Iterable[Any]] = lambda fact: [fact]
) -> Callable[[Operation[Any, Any]], Operation[Any, Any]]:
    """Run the decorated operation as a job after the commit, once for each command that `batches` makes of the event."""

    def subscribe(follower: Operation[Any, Any]) -> Operation[Any, Any]:
        FOLLOWERS[event_type].append((follower, batches))
        return follower

    return subscribe
