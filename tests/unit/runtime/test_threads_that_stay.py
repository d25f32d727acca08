"""Threads that stay do what an event loop hands to them, and let it know however that ends."""

import asyncio
import contextvars
import threading
import time
from collections.abc import Callable

import pytest
from tests.checkers.waiting import MINUTES, until

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


def test_few_do_what_is_short() -> None:
    threads, names = Threads(most=9, few=2, patience=MINUTES), set[str]()

    async def asking() -> None:
        await asyncio.gather(*[threads.run(lambda: names.add(threading.current_thread().name)) for _ in range(100)])

    asyncio.run(asking())
    assert len(names) <= 2
    assert threads.at_work == len(names)


def test_who_stands_behind_what_is_long_gets_a_thread_that_goes_again() -> None:
    threads, held = Threads(most=9, few=2), threading.Event()

    async def asking() -> None:
        slow = [asyncio.ensure_future(threads.run(lambda: held.wait(MINUTES))) for _ in range(5)]
        gone = asyncio.ensure_future(threads.run(lambda: held.wait(MINUTES)))
        await asyncio.sleep(0.01)
        gone.cancel()  # it still keeps its thread busy
        answers = await asyncio.wait_for(asyncio.gather(*[threads.run(lambda: 7) for _ in range(3)]), MINUTES)
        assert answers == [7] * 3
        held.set()
        assert await asyncio.gather(*slow) == [True] * 5

    asyncio.run(asking())
    until(lambda: threads.at_work == 2, "who came to help goes")


@pytest.mark.parametrize("begun", [True, False])
def test_the_work_of_who_went_away_holds_nobody_up(begun: bool) -> None:
    threads, held, ended = Threads(most=9, few=2), threading.Event(), list[bool]()

    def slow() -> None:
        ended.append(held.wait(MINUTES))

    async def asking() -> None:
        asked = [asyncio.ensure_future(threads.run(slow)) for _ in range(2 if begun else 3)]
        await asyncio.sleep(0.01 if begun else 0)  # not begun: the third stands before who comes next
        for one in asked if begun else asked[2:]:
            one.cancel()
        assert await threads.run(lambda: 7) == 7
        assert ended == []
        held.set()
        await asyncio.gather(*asked, return_exceptions=True)

    asyncio.run(asking())
