"""The processes of one installation: started together, started again when they fall, ended together.

API servers, workers and file workers are children of one supervisor, in its process group. Ctrl-C ends them in order; when the
supervisor itself is killed the kernel kills them, so nothing keeps running that nobody watches.
"""

import contextlib
import logging
import os
import select
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Protocol

from contor.runtime.postgres.launcher import launched

log = logging.getLogger("contor.processes")

SETTLED_SECONDS = 10.0
"""A child that ran this long was well; its next fall is its first."""
MOST_FAILURES = 8
"""Falls by itself, one upon the other, after which the supervisor gives up: it can never start."""
AWAY = 75
"""Status of a child that ends because it cannot reach the database (EX_TEMPFAIL of sysexits.h): after a crash PostgreSQL may recover for
minutes, and nobody gives up for that."""
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""What asks an installation to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A program to keep running."""

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables beside the supervisor's own."""
    nice: int = 0
    policy: str | None = None
    """`idle` or `batch`: how the kernel schedules it, for work that must not slow down the others."""
    patience: float | None = None
    """Seconds that it has to end, where that is less than others have: what it does is begun anew by the next one."""
    handles: Sequence[int] = ()
    """Open files that it inherits, e.g. a listening socket that several servers share and that outlives a fall."""


class Running(Protocol):
    """A child that was started: as much of `subprocess.Popen` as is needed."""

    pid: int
    returncode: int | None

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


@dataclass(slots=True)
class _Kept:
    child: Child
    process: Running | None = None
    began: float = 0.0
    failures: int = 0
    due: float = 0.0
    """When it is to be started (monotonic seconds)."""


class Supervisor:
    """Keeps `children` running. They start in their order and are asked to end together, the last started first."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        grace: float = 10.0,
        report: Callable[[str], None] = log.warning,
        start: Callable[[Child], Running] | None = None,
        look: Callable[[], None] = lambda: None,
    ) -> None:
        """`grace`: seconds a child has to end after SIGTERM before it is killed. `report` hears of every fall. `start`: how a child
        is started, if not as a program. `look` is called whenever a process of ours may have ended."""
        self._kept = [_Kept(child) for child in children]
        self._grace, self._report, self._start = grace, report, start or started
        self._look = look
        self._asked = 0

    def pids(self) -> dict[str, int]:
        """The process id of each child that runs."""
        return {k.child.name: k.process.pid for k in self._kept if k.process is not None and k.process.returncode is None}

    def run(
        self,
        *,
        ready: Callable[[], bool] | None = None,
        on_ready: Callable[[], None] | None = None,
        on_end: Callable[[], None] | None = None,
    ) -> int:
        """Run until SIGINT, SIGTERM or SIGHUP, then end every child; the exit status: 0, or 1 when a child cannot run at all.

        `ready` is asked until it is true, then `on_ready` is called once; `on_end` as soon as it is to end, before the children are
        asked to. Only in the main thread.
        """
        with self._signals() as wakes:
            try:
                while not self._asked:
                    now = time.monotonic()
                    if not self._tend(now):
                        return 1
                    if ready is not None and ready():
                        ready = None
                        if on_ready is not None:
                            on_ready()
                    self._sleep(wakes, now, 0.1 if ready is not None else 60.0)
                return 0
            finally:
                if on_end is not None:
                    on_end()
                self.stop()

    def stop(self) -> None:
        """End every child, the last started first. A second signal meanwhile kills them at once."""
        running = [(kept, kept.process) for kept in reversed(self._kept) if kept.process is not None]
        for kept, process in running:
            if process.poll() is None:
                _let_run(kept.child, process.pid)
                process.terminate()
        asked = time.monotonic()
        for kept, process in running:
            patience = self._grace if kept.child.patience is None else kept.child.patience
            while process.poll() is None and time.monotonic() < asked + patience and self._asked < 2:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(0.1)
            if process.poll() is None:
                if kept.child.patience is None:
                    self._report(f"{kept.child.name} does not end and is killed")
                process.kill()
                process.wait()
            kept.process = None

    def _tend(self, now: float) -> bool:
        """Start what is due, notice what fell; False when a child cannot run at all."""
        self._look()
        for kept in self._kept:
            if kept.process is not None and (status := kept.process.poll()) is not None:
                self._fell(kept, status, now)
                if kept.failures >= MOST_FAILURES:
                    self._report(f"{kept.child.name} failed {kept.failures} times and is given up")
                    return False
            if kept.process is None and kept.due <= now:
                kept.process, kept.began = self._start(kept.child), now
        return True

    def _fell(self, kept: _Kept, status: int, now: float) -> None:
        """Who was killed comes back almost at once; who fails by itself again and again waits longer each time."""
        if now - kept.began >= SETTLED_SECONDS:
            kept.failures = 0
        if status < 0:
            pause, why = 0.1, f"was killed by {_signal_name(-status)}"
        else:
            pause, why = min(0.1 * 2**kept.failures, 5.0), f"ended with status {status}"
            kept.failures = min(kept.failures + 1, MOST_FAILURES - 1 if status == AWAY else MOST_FAILURES)
        self._report(f"{kept.child.name} {why}; it starts again in {pause:.1f} s")
        kept.process, kept.due = None, now + pause

    def _sleep(self, wakes: socket.socket, now: float, longest: float) -> None:
        due = min((kept.due for kept in self._kept if kept.process is None), default=now + longest)
        if select.select([wakes], [], [], max(0.0, min(due - now, longest)))[0]:
            with contextlib.suppress(BlockingIOError):
                wakes.recv(4096)

    @contextmanager
    def _signals(self) -> Iterator[socket.socket]:
        """A socket that becomes readable when a signal came: asked to end, or a child ended."""
        wakes, waker = socket.socketpair()
        for end in (wakes, waker):
            end.setblocking(False)
        before = {number: signal.signal(number, self._ask) for number in ENDING}
        # only a signal with a handler of Python writes to the wakeup socket
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        handle = signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        try:
            yield wakes
        finally:
            signal.set_wakeup_fd(handle)
            for number, handler in before.items():
                signal.signal(number, handler)
            wakes.close()
            waker.close()

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._asked += 1


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens, for API servers to inherit: callers wait while a server comes back instead of being refused.

    Raises OSError when the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.create_server((host, port), family=family, backlog=1024)
    made.set_inheritable(True)
    return made


def started(child: Child) -> "subprocess.Popen[bytes]":
    """A program of its own."""
    program = child.argv[0] if "/" in child.argv[0] else shutil.which(child.argv[0])
    if program is None:
        raise FileNotFoundError(f"there is no program {child.argv[0]}")
    command = [str(Path(program).absolute()), *child.argv[1:]]
    return subprocess.Popen(
        launched(command, death_signal=signal.SIGKILL, nice=child.nice, policy=child.policy),
        stdin=subprocess.DEVNULL,
        env={**os.environ, **child.environment},
        pass_fds=child.handles,
    )


def _let_run(child: Child, pid: int) -> None:
    """What works only when nobody else does could not even end on a busy machine: it is scheduled like the others for its last steps,
    and with it each of its threads, which the kernel schedules one by one."""
    if child.policy is None:
        return
    with contextlib.suppress(PermissionError, ProcessLookupError, FileNotFoundError):  # some systems let only root do that
        for thread in [int(entry.name) for entry in Path(f"/proc/{pid}/task").iterdir()]:
            with contextlib.suppress(ProcessLookupError):  # it ended meanwhile
                os.sched_setscheduler(thread, os.SCHED_OTHER, os.sched_param(0))
                os.setpriority(os.PRIO_PROCESS, thread, 0)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
