"""Processor time and memory of what is measured: our processes and PostgreSQL's together."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Self

import psycopg

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Result:
    """One row of the table and of `build/bench.jsonl`."""

    task: str
    n: int
    per_s: float = 0.0
    floor_per_s: float | None = None
    ratio: float | None = None
    cpu_s_per_1000: float = 0.0
    rss_mb: float = 0.0
    postgres_s_per_1000: float | None = None
    """Of the processor time, what the server took; None: not told apart."""
    p99_s: float | None = None
    """How long the slowest of a hundred took."""
    note: str = field(default="", repr=False)

    def line(self) -> str:
        row = {name: round(v, 3) if isinstance(v, float) else v for name, v in asdict(self).items() if name != "note"}
        return json.dumps(row)


def stat_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def children_of(pid: int) -> list[int]:
    """The process ids below `pid`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if int(stat_of(int(entry.name))[1]) == pid:
                    found += [int(entry.name), *children_of(int(entry.name))]
    return found


def tree_cpu(pid: int, without: int | None = None) -> float:
    """Processor seconds of a process, its living descendants and those of its own that ended; without those of one below it."""
    total = 0
    apart = {without, *children_of(without)} if without is not None else set()
    for number in (pid, *children_of(pid)):
        if number in apart:
            continue
        with contextlib.suppress(OSError):
            fields = stat_of(number)
            total += int(fields[11]) + int(fields[12])
            if number == pid:
                total += int(fields[13]) + int(fields[14])
    return total / TICKS


def rss_mb(pid: int) -> float:
    """The largest resident size that the process has had."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


def pss_mb(pid: int) -> float:
    """The size of a process; what several share counts in equal parts."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def command_of(pid: int) -> str:
    """What a process is, in a word or two."""
    with contextlib.suppress(OSError):
        said = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").rstrip("\0").split("\0")
        if said[0].startswith("postgres") or said[0].endswith("/postgres"):
            return " ".join(said[0].split()[:3]) if ":" in said[0] else "postmaster"
        return " ".join(said[said.index("contor.cli") + 1 :][:2]) if "contor.cli" in said else said[-1]
    return str(pid)


@contextlib.contextmanager
def timed(result: Result, *pids: int, postmaster: int | None = None) -> Iterator[None]:
    """Fill in rate and processor time of what happens inside: of processes, and of the server's, which are told apart. A server that one
    of the processes has started counts once."""

    def taken() -> tuple[float, float]:
        return sum(tree_cpu(pid, postmaster) for pid in pids), tree_cpu(postmaster) if postmaster is not None else 0.0

    own, server = taken()
    began = time.perf_counter()
    yield
    took = time.perf_counter() - began
    result.per_s = result.n / took
    own_now, server_now = taken()
    result.cpu_s_per_1000 = (own_now - own + server_now - server) / result.n * 1000
    if postmaster is not None:
        result.postgres_s_per_1000 = (server_now - server) / result.n * 1000


class Workers:
    """Worker processes of a benchmark, `python -m MODULE ARGUMENT...`: each says that it is ready and is held until `work`, says in JSON
    what it took, and ends with the block."""

    def __init__(self, environment: Mapping[str, str], count: int, module: str, *arguments: object) -> None:
        command = [sys.executable, "-m", module, *map(str, arguments)]
        self._running = [
            subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(count)
        ]

    @property
    def pids(self) -> list[int]:
        return [process.pid for process in self._running]

    def __enter__(self) -> Self:
        for process in self._running:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "ready"
        return self

    def work(self) -> list[dict[str, Any]]:
        for process in self._running:
            print(file=process.stdin, flush=True)
        return [json.loads(process.stdout.readline()) for process in self._running if process.stdout is not None]

    def __exit__(self, *_: object) -> None:
        for process in self._running:
            assert process.stdin is not None
            process.stdin.close()
            process.wait()


class Taken(NamedTuple):
    """Processor seconds: of our processes, and of those of the server that served them."""

    own: float
    postgres: float


class Parts:
    """Processor time of each part of an installation. A process of the server belongs to the part whose name its client goes by
    (`PGAPPNAME`); those that serve nobody (`server`) write the log and the pages, and clean up."""

    def __init__(self, dsn: str, postmaster: int, pids: Mapping[str, Sequence[int]]) -> None:
        self._dsn, self._postmaster, self._pids = dsn, postmaster, pids
        self._began = self._read()

    def taken(self) -> dict[str, Taken]:
        """Since this was made."""
        return {
            name: Taken(*(now - then for now, then in zip(end, self._began[name], strict=True)))
            for name, end in self._read().items()
        }

    def _read(self) -> dict[str, Taken]:
        with psycopg.connect(self._dsn, autocommit=True) as owner:
            sql = "SELECT application_name, pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
            backends = owner.execute(sql).fetchall()
            served = {name: sum(tree_cpu(pid) for named, pid in backends if named == f"bench-{name}") for name in self._pids}
            clients = sum(tree_cpu(pid) for _, pid in backends)
            own = {name: sum(tree_cpu(pid) for pid in pids) for name, pids in self._pids.items()}
            alone = tree_cpu(self._postmaster) - clients
        return {name: Taken(own[name], served[name]) for name in self._pids} | {"server": Taken(0.0, alone)}


def fill(result: Result, *taken: Taken) -> Result:
    """What each of a thousand cost in these parts."""
    result.postgres_s_per_1000 = sum(one.postgres for one in taken) / result.n * 1000
    result.cpu_s_per_1000 = result.postgres_s_per_1000 + sum(one.own for one in taken) / result.n * 1000
    return result
