"""Work in a thread beside an event loop, which hears of it however it ends."""

import asyncio
import contextvars
import queue
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from functools import partial
from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_OF_THE_LOOP = (StopIteration, StopAsyncIteration, CancelledError)
"""What an event loop takes for its own: raised in a thread, it would end nothing, or more than what was waited for."""
_ENDINGS = (*_OF_THE_LOOP, asyncio.CancelledError, SystemExit, KeyboardInterrupt, GeneratorExit)
"""And what would end whoever waits, or the process: no request ends those."""
MOST_AT_ONCE: Final = 40


async def in_thread(run: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run it in a thread and wait for it. Raises what it raised; what is no failure to an event loop, as a RuntimeError."""
    return await asyncio.to_thread(_failing, partial(run, *args, **kwargs))


class Threads:
    """Threads that stay, for what is short and comes often: handing it over takes a sixth of what it takes elsewhere, where each thread
    waits at a lock of its own."""

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        """`most`: of them at once; what comes while all are busy waits."""
        self._most, self._started, self._open = most, 0, 0
        self._guard = threading.Lock()
        self._waiting: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    async def run(self, work: Callable[[], T]) -> T:
        """As `in_thread`. Who is cancelled meanwhile no longer waits; the work goes on."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        with self._guard:
            self._open += 1
            if self._started < min(self._open, self._most):
                self._started += 1
                threading.Thread(target=self._work, name=f"contor-thread-{self._started}", daemon=True).start()
        self._waiting.put(partial(_done, work, contextvars.copy_context(), loop, future))
        try:
            return await future
        finally:
            with self._guard:
                self._open -= 1

    def _work(self) -> None:
        while True:
            self._waiting.get()()


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
