"""Work that is looked for tenant by tenant: who has some is marked by what causes it, so that nobody asks every tenant."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Elsewhere(Enum):
    """What a look says that did nothing: another worker does this tenant's work just now, and what is marked stays marked."""

    BUSY = "busy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One kind of work. A tenant is looked into when it is marked (`uow.mark`), when its last look asked for it, and by a sweep."""

    name: str
    look: Callable[[Any, int], dt.datetime | Elsewhere | None]
    """`(runtime, tenant id)`: do what is to be done in this tenant; when to look again (real time), None: when it is marked."""
    after_change: int | None = None
    """Seconds after any change in a tenant at which it is looked into; None: changes alone cause no work."""
    by_clock: bool = False
    """Something of it waits for a time of the tenant's clock: whoever turns that lets it look, as what looks after every change."""
    place: str = "documents"
    """The kind of worker process that does it: `documents`, or `files` for what may never slow down the others."""
    linger: float = 0
    """Seconds that little waits for more to come with which it is done together, where more comes all the time."""


WORK: dict[str, Work] = {}
"""Every kind of work by name. Filled while packages are imported, constant afterwards."""


def work(made: Work) -> Work:
    """Declare a kind of work."""
    if made.name in WORK:
        raise ValueError(f"work {made.name} is declared twice")
    WORK[made.name] = made
    return made
