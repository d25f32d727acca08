"""Work in a thread beside an event loop, which hears of it however it ends."""

import asyncio
import contextvars
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
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
MOMENT: Final = 0.01
"""Seconds."""
ENOUGH: Final = 0.9
"""Of one processor, as much as threads of Python can take together."""


async def in_thread(run: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run it in a thread and wait for it. Raises what it raised; what is no failure to an event loop, as a RuntimeError."""
    return await asyncio.to_thread(_failing, partial(run, *args, **kwargs))


class Threads:
    """Threads that stay, for what is short and comes often: handing it over takes a sixth of what it takes elsewhere, where each thread
    waits at a lock of its own.

    Few of them work where they compute, for they do so in turns and each turn costs. While something waits it is looked every moment
    whether more would be of use: where a thread has been at the same for that long, as at a lock or a slow answer, another one stands in
    for it; and where all of them together leave the processor alone, there may be more. Who came to help goes when nothing waits, or the
    processor is wanted by more than there is of it."""

    def __init__(self, most: int = MOST_AT_ONCE, few: int = FEW, moment: float = MOMENT) -> None:
        """`most`: of them at once; what comes while all are busy waits. `moment`: seconds."""
        self._most, self._few, self._moment = most, min(few, most), moment
        self._started, self._under_way = 0, 0
        self._wanted, self._held = self._few, 0
        """How many are to work, beside so many that were found at the same for long."""
        self._guard = threading.Lock()
        self._waiting: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._began: dict[int, float] = {}
        """By thread: since when it is at what it does."""
        self._use = ProcessorUse()
        self._watching: asyncio.AbstractEventLoop | None = None
        self._looked = 0.0

    async def run(self, work: Callable[[], T]) -> T:
        """As `in_thread`. Who is cancelled meanwhile no longer waits; the work goes on."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        with self._guard:
            self._under_way += 1
            crowded = self._under_way > self._few
            if self._started < min(self._under_way, self._few):  # who comes to help comes only when all of these are there
                self._start(self._stay)
        self._waiting.put(partial(_done, work, contextvars.copy_context(), loop, future))
        if crowded and self._watching is not loop:
            self._watching = loop
            self._look_again(loop)
            self._use.since_last()
        return await future

    @property
    def at_work(self) -> int:
        """How many threads there are."""
        return self._started

    def _stay(self) -> None:
        with self._use.counted():
            while True:
                self._do(self._waiting.get())

    def _pass_by(self) -> None:
        with self._use.counted(), suppress(queue.Empty):
            while self._started - self._held <= self._wanted:
                self._do(self._waiting.get(timeout=2 * self._moment))  # the next one comes soon, where all go on
        with self._guard:
            self._started -= 1

    def _start(self, working: Callable[[], None]) -> None:
        threading.Thread(target=working, name=f"contor-thread-{self._started + 1}", daemon=True).start()
        self._started += 1

    def _do(self, work: Callable[[], None]) -> None:
        this = threading.get_ident()
        self._began[this] = time.monotonic()
        try:
            work()
        finally:
            del self._began[this]
            with self._guard:  # not when who asked goes away: his work still keeps a thread busy
                self._under_way -= 1

    def _look_again(self, loop: asyncio.AbstractEventLoop) -> None:
        self._looked = time.monotonic()
        loop.call_later(self._moment, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._waiting.empty():
            self._watching, self._held = None, 0
            return
        self._held = sum(since <= self._looked for since in list(self._began.values()))
        if self._use.since_last() < ENOUGH:
            self._wanted = min(self._most, 2 * self._wanted)
        else:
            self._wanted = max(self._few, self._wanted - 1)
        self._look_again(loop)
        with self._guard:
            for _ in range(min(self._wanted + self._held, self._under_way, self._most) - self._started):
                self._start(self._pass_by)


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


class ProcessorUse:
    """How much of the processor this process wants: what it takes, and for how long its threads stand in the line for it, of those that say
    so (`counted`)."""

    def __init__(self) -> None:
        self._told: dict[int, int] = {}
        """By the file of a counted thread: nanoseconds that it had waited when it was last asked."""
        self._at, self._taken = time.monotonic(), time.process_time()

    @contextmanager
    def counted(self) -> Iterator[None]:
        """The thread that does this waits for the processor where it is wanted by others, too; where the system does not say for how long,
        it is not known."""
        told = None
        with suppress(OSError, ValueError, IndexError):
            # proc(5): nanoseconds on a processor, nanoseconds in the line for one, how often
            told = os.open("/proc/thread-self/schedstat", os.O_RDONLY | os.O_CLOEXEC)
            self._told[told] = _waited(told)
        try:
            yield
        finally:
            if told is not None:
                self._told.pop(told, None)
                os.close(told)

    def since_last(self) -> float:
        """Processors that were wanted since this was last asked: 1.0 is one of them all the time."""
        at, taken, waited = time.monotonic(), time.process_time(), 0
        for told, before in list(self._told.items()):
            with suppress(OSError, ValueError, IndexError):  # it has ended in the meantime
                now = _waited(told)
                waited += max(0, now - before)
                if told in self._told:
                    self._told[told] = now
        passed, used = at - self._at, taken - self._taken
        self._at, self._taken = at, taken
        return (used + waited / 1e9) / passed if passed > 0 else 0.0


def _waited(told: int) -> int:
    return int(os.pread(told, 100, 0).split()[1])
