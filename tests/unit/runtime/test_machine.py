"""As many workers as cores, memory and connections are there for, whatever the container shows of the machine beneath it."""

import os
from pathlib import Path

import pytest

from contor.commands.serving import machine
from contor.runtime.config import MIB, Config


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({}, 4),
        ({"cpu.max": "max 100000\n"}, 4),
        ({"cpu.max": "200000 100000\n"}, 2),
        ({"cpu.max": "150000 100000\n"}, 1),
        ({"cpu.max": "50000 100000\n"}, 1),
        ({"cpu.max": "900000 100000\n"}, 4),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 4),
        ({"cpu/cpu.cfs_quota_us": "300000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 3),
    ],
)
def test_cores_are_those_of_the_containers_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], wanted: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 3})
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert machine.cores(tmp_path) == wanted


def test_memory_is_that_of_the_containers_share(tmp_path: Path) -> None:
    whole = machine.memory(tmp_path)
    assert whole > 256 * MIB
    (tmp_path / "memory.max").write_text("max\n")
    assert machine.memory(tmp_path) == whole
    (tmp_path / "memory.max").write_text(f"{128 * MIB}\n")
    assert machine.memory(tmp_path) == 128 * MIB


@pytest.mark.parametrize(
    ("cores", "memory", "connections", "settings", "wanted"),
    [
        (2, 4096, 97, {}, 2),
        (1, 4096, 97, {}, 1),
        (8, 4096, 97, {}, 6),
        (8, 4096, 97, {"servers": 4}, 3),
        (8, 4096, 500, {}, 8),
        (8, 1024, 500, {}, 2),
        (8, 256, 500, {}, 1),
        (8, 4096, 20, {}, 1),
        (2, 4096, 97, {"workers": 5}, 5),
    ],
)
def test_workers_nobody_asked_for_are_as_many_as_there_is_room_for(
    monkeypatch: pytest.MonkeyPatch, cores: int, memory: int, connections: int, settings: dict[str, int], wanted: int
) -> None:
    monkeypatch.setattr(machine, "cores", lambda: cores)
    monkeypatch.setattr(machine, "memory", lambda: memory * MIB)
    config = machine.manned(Config(home=Path("/h"), **settings), connections)  # type: ignore[arg-type]
    assert config.workers == wanted
    if "workers" not in settings and wanted > 1:
        assert machine.connections(config) <= connections
