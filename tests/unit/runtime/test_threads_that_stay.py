"""Threads that stay do what an event loop hands to them, and let it know however that ends."""

import asyncio
import contextvars
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from tests.checkers.waiting import MINUTES, until

from contor.runtime.work import threads as module
from contor.runtime.work.threads import ProcessorUse, Threads

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
    threads, names = Threads(most=9, few=2, moment=MINUTES), set[str]()

    async def asking() -> None:
        await asyncio.gather(*[threads.run(lambda: names.add(threading.current_thread().name)) for _ in range(100)])

    asyncio.run(asking())
    assert len(names) <= 2
    assert threads.at_work <= 2


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


@dataclass
class _Use(ProcessorUse):
    """Of so many processors."""

    wanted: float

    def __post_init__(self) -> None:
        super().__init__()

    def since_last(self) -> float:
        return self.wanted


class _Crowd:
    """Two works that keep both threads busy, and five that wait behind them; it is looked when the test says so."""

    def __init__(self, wanted: float) -> None:
        self.threads, self.held = Threads(most=9, few=2, moment=MINUTES), threading.Event()
        self.use = self.threads._use = _Use(wanted)
        self.asked: list[asyncio.Future[bool]] = []

    async def come(self) -> None:
        self.asked = [asyncio.ensure_future(self.threads.run(lambda: self.held.wait(MINUTES))) for _ in range(7)]
        await asyncio.sleep(0)
        until(lambda: len(self.threads._began) == 2, "both threads are at work")

    def look(self, *, new: bool) -> int:
        """How many threads there are after it. `new`: what they are at is not older than the last look."""
        self.threads._looked = 0.0 if new else time.monotonic()
        self.threads._look(asyncio.get_running_loop())
        return self.threads.at_work

    async def go(self) -> None:
        self.threads._moment = 0.001  # for so long, twice, who came to help waits for something to do
        self.held.set()
        assert await asyncio.wait_for(asyncio.gather(*self.asked), MINUTES) == [True] * 7


def test_where_the_processor_is_wanted_no_more_compute_than_few() -> None:
    async def asking() -> int:
        crowd = _Crowd(2.3)
        await crowd.come()
        found = crowd.look(new=True)
        await crowd.go()
        return found

    assert asyncio.run(asking()) == 2


def test_who_stands_in_the_way_for_long_is_not_counted_where_the_processor_is_wanted() -> None:
    async def asking() -> int:
        crowd = _Crowd(2.3)
        await crowd.come()
        found = crowd.look(new=False)
        await crowd.go()
        return found

    assert asyncio.run(asking()) == 4


def test_where_nobody_computes_there_are_as_many_as_are_asked_for() -> None:
    crowd = _Crowd(0.1)

    async def asking() -> list[int]:
        await crowd.come()
        found = [crowd.look(new=True) for _ in range(3)]
        await crowd.go()
        return found

    assert asyncio.run(asking()) == [4, 7, 7]
    until(lambda: crowd.threads.at_work == 2, "who came to help goes")


def test_who_came_to_help_goes_where_the_processor_is_wanted_by_then() -> None:
    crowd = _Crowd(0.1)

    async def asking() -> list[int]:
        await crowd.come()
        found = [crowd.look(new=True) for _ in range(2)][1:]
        crowd.use.wanted = 2.3
        more = [asyncio.ensure_future(crowd.threads.run(lambda: crowd.held.wait(MINUTES))) for _ in range(30)]
        await asyncio.sleep(0)
        for _ in range(9):
            found.append(crowd.look(new=True))
        await crowd.go()
        assert await asyncio.gather(*more) == [True] * 30
        return found

    assert asyncio.run(asking()) == [7] * 10  # none more, and whoever is there ends what he is at
    until(lambda: crowd.threads.at_work == 2, "each of them, after what he was at")


def test_what_is_wanted_of_the_processor_is_what_is_had_and_what_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    waited = [0]
    monkeypatch.setattr(module, "_waited", lambda told: waited[0])
    use = ProcessorUse()
    with use.counted():
        began = time.monotonic()
        use.since_last()
        while time.monotonic() == began:
            pass
        waited[0] = 3_600_000_000_000
        assert use.since_last() > 1  # an hour of waiting, whatever passed here
        assert use.since_last() < 3_600 / (time.monotonic() - began)  # once
    waited[0] *= 2
    assert use._told == {}


def test_where_the_system_does_not_say_who_waits_it_is_what_is_had(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> int:
        raise FileNotFoundError

    monkeypatch.setattr("os.open", refused)
    use = ProcessorUse()
    with use.counted():
        sum(range(100_000))
        assert use.since_last() > 0
