"""Take a thing over once: its row is written in the transaction that makes it, so that whoever is killed has taken it whole or not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from contor.kernel.operations import operation
from contor.runtime.uow import Uow
from contor.takeovers import tables
from contor.takeovers.queries import targets


class Taken(NamedTuple):
    """A thing of the other system, as it is here."""

    target: str
    is_new: bool
    """It was made just now."""


def once(uow: Uow, source: str, kind: str, number: str, make: Callable[[], object]) -> Taken:
    """The thing, made by `make` (-> its number here) unless it was taken before. Of two who take it at once the second finds it taken."""
    uow.lock("takeover", [f"{source} {kind} {number}"])
    known = targets(uow, source, kind, [number])
    if number in known:
        return Taken(known[number], is_new=False)
    target = str(make())
    note(uow, source, kind, number, target)
    return Taken(target, is_new=True)


def note(uow: Uow, source: str, kind: str, number: str, target: str) -> None:
    """Say what was made of a thing; for parts that are made with the whole. `once` for all else."""
    row = {"source": source, "kind": kind, "number": number, "target": target, "taken_at": uow.ctx.now()}
    uow.insert(tables.taken_over, [row])
    uow.audit("takeover", f"{kind} {number}", {"source": source, "target": target})


@dataclass(frozen=True, slots=True)
class Ask:
    source: str
    kind: str
    numbers: tuple[str, ...]


@operation("takeover.known", permission="settings.read", reads=True)
def known(uow: Uow, ask: Ask) -> dict[str, str]:
    """Which of these things of another system were taken over, and what their numbers are here."""
    return targets(uow, ask.source, ask.kind, ask.numbers)
