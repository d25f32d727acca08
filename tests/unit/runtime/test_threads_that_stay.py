"""Threads that stay do what an event loop hands to them, and let it know however that ends."""

import asyncio
import contextvars
import threading
import time
from collections.abc import Callable

import pytest

from contor.runtime.work.threads import Threads

SAID: contextvars.ContextVar[str] = contextvars.ContextVar("said", default="nothing")


def _raising(error: BaseException) -> Callable[[], None]:
    def work() -> None:
        raise error

    return work


def test_what_was_done_is_answered_from_another_thread_in_the_context_of_who_asked() -> None:
    async def asking() -> tuple[str, bool]:
        SAID.set("this")
        return await Threads().run(lambda: (SAID.get(), threading.current_thread() is threading.main_thread()))

    assert asyncio.run(asking()) == ("this", False)


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (ValueError("wrong"), ValueError),
        (StopIteration(), RuntimeError),
        (SystemExit(1), RuntimeError),
        (asyncio.CancelledError(), RuntimeError),
    ],
)
def test_who_waits_hears_of_each_failure(error: BaseException, raised: type[Exception]) -> None:
    threads = Threads(1)

    async def asking() -> int:
        with pytest.raises(raised) as heard:
            await asyncio.wait_for(threads.run(_raising(error)), 5)
        assert heard.value is error or heard.value.__cause__ is error
        return await asyncio.wait_for(threads.run(lambda: 7), 5)  # the thread is still there

    assert asyncio.run(asking()) == 7


def test_as_many_as_may_work_at_once() -> None:
    threads, together, most = Threads(3), [0], [0]
    guard = threading.Lock()

    def work() -> int:
        with guard:
            together[0] += 1
            most[0] = max(most[0], together[0])
        time.sleep(0.02)
        with guard:
            together[0] -= 1
        return 1

    async def asking() -> list[int]:
        return await asyncio.gather(*[threads.run(work) for _ in range(12)])

    assert asyncio.run(asking()) == [1] * 12
    assert most == [3]
    assert asyncio.run(asking()) == [1] * 12  # of another loop as well


def test_who_goes_away_stops_nothing() -> None:
    threads, done, held = Threads(1), threading.Event(), threading.Event()

    def work() -> None:
        held.wait(5)
        done.set()

    async def asking() -> int:
        waiting = asyncio.ensure_future(threads.run(work))
        await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        held.set()
        return await asyncio.wait_for(threads.run(lambda: 1), 5)

    assert asyncio.run(asking()) == 1
    assert done.is_set()
