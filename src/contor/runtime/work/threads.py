"""Work in a thread beside an event loop, which hears of it however it ends."""

import asyncio
import contextvars
import queue
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_OF_THE_LOOP = (StopIteration, StopAsyncIteration, CancelledError)
"""What an event loop takes for its own: raised in a thread, it would end nothing, or more than what was waited for."""
_ENDINGS = (*_OF_THE_LOOP, asyncio.CancelledError, SystemExit, KeyboardInterrupt, GeneratorExit)
"""And what would end whoever waits, or the process: no request ends those."""
MOST_AT_ONCE: Final = 40
FEW: Final = 2
PATIENCE: Final = 0.003
"""Seconds."""


async def in_thread(run: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run it in a thread and wait for it. Raises what it raised; what is no failure to an event loop, as a RuntimeError."""
    return await asyncio.to_thread(_failing, partial(run, *args, **kwargs))


class Threads:
    """Threads that stay, for what is short and comes often: handing it over takes a sixth of what it takes elsewhere, where each thread
    waits at a lock of its own.

    Few of them work while all goes on quickly, for they compute in turns and each turn costs. Who has waited a moment stands behind others
    that wait for a lock or a slow answer: he gets a thread of his own, which goes when nothing waits any more."""

    def __init__(self, most: int = MOST_AT_ONCE, few: int = FEW, patience: float = PATIENCE) -> None:
        """`most`: of them at once; what comes while all are busy waits. `patience`: seconds."""
        self._most, self._few, self._patience = most, min(few, most), patience
        self._started, self._under_way = 0, 0
        self._guard = threading.Lock()
        self._waiting: queue.SimpleQueue[_Asked] = queue.SimpleQueue()

    async def run(self, work: Callable[[], T]) -> T:
        """As `in_thread`. Who is cancelled meanwhile no longer waits; the work goes on."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        with self._guard:
            self._under_way += 1
            crowded = self._under_way > self._few
            if self._started < min(self._under_way, self._few):  # who comes to help comes only when all of these are there
                self._start(self._stay)
        asked = _Asked(partial(_done, work, contextvars.copy_context(), loop, future))
        self._waiting.put(asked)
        help_comes = loop.call_later(self._patience, self._help, asked) if crowded else None
        try:
            return await future
        finally:
            if help_comes is not None and asked.begun:  # else who asked has gone, and his work would hold up those behind it
                help_comes.cancel()

    @property
    def at_work(self) -> int:
        """How many threads there are."""
        return self._started

    def _stay(self) -> None:
        while True:
            self._begin(self._waiting.get())

    def _help(self, asked: "_Asked") -> None:
        with self._guard:
            if not asked.begun and self._started < self._most:
                self._start(self._pass_by)

    def _pass_by(self) -> None:
        with suppress(queue.Empty):
            while True:
                self._begin(self._waiting.get_nowait())
        with self._guard:
            self._started -= 1

    def _start(self, working: Callable[[], None]) -> None:
        threading.Thread(target=working, name=f"contor-thread-{self._started + 1}", daemon=True).start()
        self._started += 1

    def _begin(self, asked: "_Asked") -> None:
        asked.begun = True
        try:
            asked.work()
        finally:
            with self._guard:  # not when who asked goes away: his work still keeps a thread busy
                self._under_way -= 1


@dataclass(slots=True)
class _Asked:
    """What waits for a thread, until one has it."""

    work: Callable[[], None]
    begun: bool = False


def _done(
    work: Callable[[], T], context: contextvars.Context, loop: asyncio.AbstractEventLoop, future: "asyncio.Future[T]"
) -> None:
    """Do it, and let the loop know."""
    try:
        settle = partial(future.set_result, context.run(work))
    except _ENDINGS as error:
        settle = partial(future.set_exception, _named(error))
    except BaseException as error:
        settle = partial(future.set_exception, error)
    with suppress(RuntimeError):  # the loop has ended, and nobody waits
        loop.call_soon_threadsafe(_settle, future, settle)


def _settle(future: "asyncio.Future[T]", settle: Callable[[], None]) -> None:
    if not future.done():  # else it was cancelled
        settle()


def _failing(run: Callable[[], T]) -> T:
    """What it answers. Raises a RuntimeError for what is no failure to an event loop."""
    try:
        return run()
    except BaseException as error:
        if isinstance(error, Exception) and not isinstance(error, _OF_THE_LOOP):
            raise
        raise _named(error) from error


def _named(error: BaseException) -> RuntimeError:
    named = RuntimeError(f"it ended by {type(error).__name__}: {error}")
    named.__cause__ = error  # so that the log says where, also where nothing is raised from it
    return named
