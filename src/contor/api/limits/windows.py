"""So many requests within so many seconds, counted from the first one on: what a dialect promises its callers by number.

All API processes of a machine count together, in a file of the installation's home that each of them maps into its memory. It holds nothing
but counts: without it, all windows begin anew.
"""

import fcntl
import hashlib
import logging
import math
import mmap
import os
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

log = logging.getLogger("contor.api")

FILE: Final = "request-windows"
"""In the home of the installation."""
_SLOTS: Final = 16_384
_SLOT: Final = struct.Struct("<QdI4x")
"""Whose it is (0: nobody's), when it is over (seconds since 1970), how many it took."""
_PROBED: Final = 32
"""Slots in a row that a window may lie in; where all are others', the first that is over gives way."""


class Allowed(NamedTuple):
    requests: int
    seconds: int


class Windows:
    """A window for each name. It opens with the first request, and takes as many as are allowed until it is over."""

    def __init__(self, home: Path, clock: Callable[[], float] = time.time) -> None:
        self._path, self._clock = home / FILE, clock
        self._opened: tuple[mmap.mmap, int | None] | None = None
        self._lock = threading.Lock()

    def take(self, name: str, allowed: Allowed) -> tuple[bool, int, int]:
        """(whether there was room for one, how many more there is room for, seconds until the window is over)."""
        key = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little") or 1
        with self._alone() as counts:
            now = self._clock()
            place, ends, taken = _found(counts, key)
            if ends <= now:
                ends, taken = now + allowed.seconds, 0
            ends = min(ends, now + allowed.seconds)  # what is allowed may have changed meanwhile
            room = taken < allowed.requests
            if room:
                taken += 1
            _SLOT.pack_into(counts, place, key, ends, taken)
        return room, max(0, allowed.requests - taken), max(1, int(-(-(ends - now) // 1)))

    @contextmanager
    def _alone(self) -> Iterator[mmap.mmap]:
        """The counts, while no other thread and no other process has them. Who is killed meanwhile holds nobody up."""
        with self._lock:
            if self._opened is None:
                self._opened = _open(self._path)
            counts, handle = self._opened
            if handle is None:
                yield counts
                return
            fcntl.flock(handle, fcntl.LOCK_EX)
            try:
                yield counts
            finally:
                fcntl.flock(handle, fcntl.LOCK_UN)


def _open(path: Path) -> tuple[mmap.mmap, int | None]:
    """The file and its handle; where there can be none, memory of this process alone."""
    size = _SLOTS * _SLOT.size
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.ftruncate(handle, size)
        return mmap.mmap(handle, size), handle
    except OSError as error:
        log.warning("%s cannot be used (%s): this process counts requests for itself", path, error)
        return mmap.mmap(-1, size), None


def _found(counts: mmap.mmap, key: int) -> tuple[int, float, int]:
    """Where the window lies, when it is over, and how many it took; a place where it may lie, if there is none."""
    spare, soonest = 0, math.inf
    for step in range(_PROBED):
        place = (key + step) % _SLOTS * _SLOT.size
        known, ends, taken = _SLOT.unpack_from(counts, place)
        if known == key:
            return place, ends, taken
        if ends < soonest:
            spare, soonest = place, ends
        if not known:  # a slot that was somebody's is never nobody's again: behind it, nothing lies that had to go round it
            break
    return spare, 0.0, 0
