"""Past-tense facts by which an earlier step of the process causes a later one.

`@on(Event)` runs inside the transaction: what must agree is written together. `@after(Event)` runs as a job once the
transaction is committed: it may lag and may happen twice.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Never, TypeVar, dataclass_transform

from contor.kernel.operations import Operation

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")
Job = TypeVar("Job", bound=Operation[Never, object])

EVENTS: dict[str, type] = {}
"""Every event type by `name`."""
Handler = Callable[[Any, Any], None]
"""`(uow, event)`"""
Batches = Callable[[Any], Iterable[object]]
"""The commands that an event causes, one job each."""
HANDLERS: dict[type, list[Handler]] = defaultdict(list)
FOLLOWERS: "dict[type, list[Follower]]" = defaultdict(list)
_NAMED: dict[str, list[Handler]] = defaultdict(list)
"""Handlers by the name of their event, for it is declared where they may import nothing of."""


@dataclasses.dataclass(frozen=True, slots=True)
class Touched:
    """A thing that an operation changed, for the audit trail."""

    kind: str
    ident: str
    change: Mapping[str, object] | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Follower:
    """An operation that runs as a job after an event. It is a queue of its own: it holds up no other one, nor is it held up."""

    operation: Operation[Never, object]
    batches: Batches = lambda fact: [fact]
    concurrency: int = 1
    """Jobs that one worker process runs at the same time."""
    attempts: int = 8
    """Tries, with growing pauses, after which a job is kept for a person to look at."""
    place: str = "documents"
    """The kind of worker process that runs it: `documents`, or `files` for what may never slow down the others."""
    given_up: Operation[Never, object] | None = None
    """Of the same command: says where its subject is looked at that no further try is made. None: the list of jobs alone says it."""


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
        made.name, made.version = name, version  # type: ignore[attr-defined]  # an event has them beside its fields
        EVENTS[name] = made
        HANDLERS[made].extend(_NAMED[name])
        return made

    return declare


def stored_fields(fact: "DataclassInstance") -> dict[str, object]:
    """What is written to the outbox."""
    return {f.name: getattr(fact, f.name) for f in dataclasses.fields(fact) if not f.metadata.get("transient")}


def on(event_type: type) -> Callable[[Handler], Handler]:
    """Run the decorated `(uow, event)` inside the transaction that emits."""

    def subscribe(handler: Handler) -> Handler:
        HANDLERS[event_type].append(handler)
        return handler

    return subscribe


def on_named(name: str) -> Callable[[Handler], Handler]:
    """As `on`, for an event that is declared in a package beside one's own, be it later or in no release yet."""

    def subscribe(handler: Handler) -> Handler:
        _NAMED[name].append(handler)
        if name in EVENTS:
            HANDLERS[EVENTS[name]].append(handler)
        return handler

    return subscribe


def after(
    event_type: type,
    batches: Batches = lambda fact: [fact],
    *,
    concurrency: int = 1,
    attempts: int = 8,
    place: str = "documents",
    given_up: Operation[Never, object] | None = None,
) -> Callable[[Job], Job]:
    """Run the decorated operation as a job after the commit, once for each command that `batches` makes of the event; `given_up` of the
    same command once the last try has failed."""

    def subscribe(follower: Job) -> Job:
        FOLLOWERS[event_type].append(Follower(follower, batches, concurrency, attempts, place, given_up))
        return follower

    return subscribe


def arrange(packages: Sequence[str]) -> None:
    """Let handlers and followers of an event act in the order of their packages, then of modules and lines, whatever was imported
    first. `packages` are names such as `contor.billing`; what belongs to none of them comes last."""

    def place(function: Callable[..., object]) -> tuple[int, str, int]:
        module = function.__module__
        found = [number for number, name in enumerate(packages) if module == name or module.startswith(f"{name}.")]
        code = getattr(function, "__code__", None)
        return (found[0] if found else len(packages), module, code.co_firstlineno if code else 0)

    for handlers in HANDLERS.values():
        handlers.sort(key=place)
    for followers in FOLLOWERS.values():
        followers.sort(key=lambda follower: place(follower.operation.function))
