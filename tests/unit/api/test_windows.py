"""What a plan allows is allowed to the number, however many processes answer."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from contor.api.limits import Allowed, Windows
from contor.api.limits.windows import FILE

PRO = Allowed(500, 3_600)


class WallClock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_several_processes_count_together_and_to_the_number(tmp_path: Path) -> None:
    """Each has a handle and a mapping of its own, as here: the lock of a file is that of the handle."""
    processes = [Windows(tmp_path) for _ in range(4)]
    with ThreadPoolExecutor(8) as callers:
        took = list(callers.map(lambda number: processes[number % 4].take("fastbill:1", PRO)[0], range(600)))
    assert (sum(took), took.count(False)) == (500, 100)
    assert processes[0].take("fastbill:2", PRO)[:2] == (True, 499), "another tenant has a window of its own"


def test_a_window_is_over_when_it_is_over(tmp_path: Path) -> None:
    clock = WallClock()
    one, other = Windows(tmp_path, clock), Windows(tmp_path, clock)
    few = Allowed(2, 60)
    assert [one.take("a", few), other.take("a", few), one.take("a", few)] == [(True, 1, 60), (True, 0, 60), (False, 0, 60)]
    clock.now += 59.5
    assert other.take("a", few) == (False, 0, 1)
    clock.now += 0.5
    assert other.take("a", few) == (True, 1, 60)


def test_another_plan_counts_at_once(tmp_path: Path) -> None:
    clock = WallClock()
    made = Windows(tmp_path, clock)
    assert made.take("a", Allowed(1, 3_600)) == (True, 0, 3_600)
    assert made.take("a", Allowed(1, 3_600)) == (False, 0, 3_600)
    assert made.take("a", Allowed(5, 60)) == (True, 3, 60)


def test_more_names_than_there_is_room_for_forget_the_oldest(tmp_path: Path) -> None:
    clock = WallClock()
    made = Windows(tmp_path, clock)
    size = 0
    for number in range(20_000):
        clock.now += 0.001
        assert made.take(f"n{number}", PRO)[0]
        size = size or (tmp_path / FILE).stat().st_size
    assert (tmp_path / FILE).stat().st_size == size < 500_000
    assert made.take("n19999", PRO)[:2] == (True, 498)


def test_without_a_home_a_process_counts_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    one, other = Windows(tmp_path / "none"), Windows(tmp_path / "none")
    assert (one.take("a", PRO)[1], one.take("a", PRO)[1], other.take("a", PRO)[1]) == (499, 498, 499)
    assert "counts requests for itself" in caplog.text
