"""Where the next page begins of a list that someone goes through page by page, by number.

Each page remembers behind which row it ended; who asks for the next one within a minute gets it from there: nothing before it is read
again, and nothing comes twice or is left out because rows before it came or went. It is remembered in this process alone: another one,
and who comes at random or later, reads over the rows before the page.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from typing import NamedTuple

from contor.runtime.query.paging.cursors import LONGEST
from contor.runtime.uow import Uow

SECONDS = 60
MOST = 4_096
"""Places that are remembered, of all tenants: some 300 bytes each."""


class Step(NamedTuple):
    """The page that somebody may ask for next."""

    tenant_id: int
    actor: str
    said: bytes
    """Hash of list, search and order: a search may be long, and a caller may ask for many."""
    size: int
    offset: int


_ENDS: OrderedDict[Step, tuple[float, str]] = OrderedDict()
_LOCK = threading.Lock()


def remember(uow: Uow, said: str, size: int, offset: int, cursor: str) -> None:
    """The page of `size` that begins at `offset` is behind this cursor."""
    if len(cursor) > LONGEST:  # it would not be taken back
        return
    step = _step(uow, said, size, offset)
    with _LOCK:
        _ENDS[step] = time.monotonic() + SECONDS, cursor
        _ENDS.move_to_end(step)
        if len(_ENDS) > MOST:
            _ENDS.popitem(last=False)


def remembered(uow: Uow, said: str, size: int, offset: int) -> str | None:
    with _LOCK:
        until, cursor = _ENDS.get(_step(uow, said, size, offset), (0.0, ""))
    return cursor if until > time.monotonic() else None


def _step(uow: Uow, said: str, size: int, offset: int) -> Step:
    return Step(uow.ctx.tenant_id, uow.ctx.actor, hashlib.sha256(said.encode()).digest(), size, offset)
