"""How many processes issue documents where nobody said it: what the machine, or the container's share of it, can keep busy."""

import os
from dataclasses import replace
from pathlib import Path

from contor.runtime.config import MIB, Config

MEMORY_EACH = 512 * MIB
"""Of the memory there is, for each worker: itself, the server's processes that serve it, and what the server keeps for both."""
BESIDE_THE_POOL = 2
"""Connections of a process that are its own: one takes jobs, one listens."""
CGROUPS = Path("/sys/fs/cgroup")


def connections(config: Config) -> int:
    """How many all processes together may open."""
    return config.processes * (config.pool_size + BESIDE_THE_POOL)


def manned(config: Config, most: int) -> Config:
    """With as many workers as cores, unless their number is set: no more than there is memory for, nor than `most` connections of the
    database allow beside the other processes."""
    if config.workers is not None:
        return config
    free = most // (config.pool_size + BESIDE_THE_POOL) - config.servers - config.file_workers
    return replace(config, workers=max(1, min(room(), free)))


def room() -> int:
    """Workers that there are cores and memory for."""
    return max(1, min(cores(), memory() // MEMORY_EACH))


def cores(cgroups: Path = CGROUPS) -> int:
    """Processors that may be used at once: those that this process may run on, or the whole ones of its container's share."""
    limits = [
        int(quota) / int(period)
        for quota, period in (
            *(text.split() for text in _read(cgroups, "cpu.max")),
            *zip(_read(cgroups, "cpu/cpu.cfs_quota_us"), _read(cgroups, "cpu/cpu.cfs_period_us"), strict=False),
        )
        if quota not in ("max", "-1")
    ]
    # not every system knows on which of them a process may run
    own = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, int(min([own, *limits])))


def memory(cgroups: Path = CGROUPS) -> int:
    """Bytes that may be used: those of the machine, or the container's share."""
    found = [*_read(cgroups, "memory.max"), *_read(cgroups, "memory/memory.limit_in_bytes")]
    return min([os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"), *(int(text) for text in found if text != "max")])


def _read(cgroups: Path, name: str) -> list[str]:
    """The file of that name, if there is one: as a container sees its own share, by the kernel's second manner (`cpu.max`) or its first."""
    try:
        return [(cgroups / name).read_text().strip()]
    except OSError:
        return []
