"""How a type of notification is declared: by its name, the event that causes it, and a function that says what is told."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from contor.kernel.events import on, on_named
from contor.notifications.recording import Tell, record
from contor.notifications.types import NotificationType
from contor.runtime.uow import Uow

Telling = TypeVar("Telling", bound=Tell)
TYPES: dict[str, NotificationType] = {}
"""Every type of notification by its name. Filled while packages are imported, constant afterwards."""


def notified(cause: type | str, said: Mapping[str, str]) -> Callable[[Telling], Telling]:
    """Declare types of notifications, each with what it says: the decorated `(uow, fact)` makes a `Notice` of each thing that the fact is
    about, at the end of the transaction, when everything else is written and numbers are drawn. `cause`: the event, or the name of one
    that is declared beside this package."""

    def declare(tell: Telling) -> Telling:
        for name, description in said.items():
            if name in TYPES:
                raise ValueError(f"notification {name} is declared twice")
            TYPES[name] = NotificationType(type=name, description=description)

        def hear(uow: Uow, fact: object) -> None:
            record(uow, tell, fact)

        hear.__module__, hear.__name__ = tell.__module__, tell.__name__
        (on_named(cause) if isinstance(cause, str) else on(cause))(hear)
        return tell

    return declare


def known_types() -> Iterable[NotificationType]:
    return [TYPES[name] for name in sorted(TYPES)]
