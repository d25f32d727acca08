"""Processes that begin where an import has ended: they share the memory of one that has imported everything, and start at once.

A `Nest` is forked from the supervisor before that has threads, does nothing, and forks whoever is asked for. The supervisor adopts
them: they are its children like any other, and go on when the nest falls. Where there is no nest, programs are started.
"""

import contextlib
import ctypes
import fcntl
import gc
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec

from contor.runtime.postgres.launcher import follow_parent, lower_priority
from contor.runtime.work.processes import ENDING, Child

_NAME: Final = 15
_SUBREAPER: Final = 36
"""Options of prctl(2): the name of a process; to become the parent of orphans below."""
_LONGEST: Final = 256 * 1024
_MOST_HANDLES: Final = 16
_PID: Final = struct.Struct("i")
_PAUSE: Final = 0.01


class Forked(BaseException):
    """Raised in a new process, up to where its program begins anew: what it is called with."""

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(*arguments)
        self.arguments = list(arguments)


class Adopted:
    """A child that was forked for us by another: as much of `subprocess.Popen` as a supervisor needs."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        began = time.monotonic()
        while (status := self.poll()) is None:
            if timeout is not None and time.monotonic() - began >= timeout:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(_PAUSE)
        return status

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        if self.poll() is None:  # not waited for yet, so its id is still its own
            os.kill(self.pid, number)


class Nest:
    """The process that forks, as seen by the one that asks it to."""

    def __init__(self) -> None:
        """Fork it. Everything is imported, and there is one thread: what others hold just then would be held for ever."""
        if threads() != 1:
            raise RuntimeError("a process with threads is not forked")
        supervisor = os.getpid()
        self._orders, orders = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        gc.collect()
        gc.freeze()  # a look through for cycles would write to every object, and what is written to is shared no longer
        pid = os.fork()
        if pid == 0:
            self._orders.close()
            _serve(orders, supervisor)
        orders.close()
        self._process = Adopted(pid)

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self, child: Child, arguments: Sequence[str]) -> Adopted | None:
        """Fork a process that is called with `arguments`; None when the nest is gone."""
        order = msgspec.json.encode(replace(child, argv=arguments))
        _prctl(_SUBREAPER, 1)
        try:
            socket.send_fds(self._orders, [order], list(child.handles))
            answer = self._orders.recv(_PID.size)
        except OSError:
            return None
        finally:
            _prctl(_SUBREAPER, 0)  # else what is left of a killed PostgreSQL would be ours, too
        return Adopted(*_PID.unpack(answer)) if answer else None

    def has_fallen(self) -> bool:
        """Whether it is gone, said once. A supervisor that has threads by now can fork no other one."""
        return self._process.returncode is None and self._process.poll() is not None

    def close(self) -> None:
        """End it. Whom it forked goes on."""
        self._orders.close()
        self._process.wait()


def threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


def _serve(orders: socket.socket, supervisor: int) -> None:
    """Fork whoever is asked for, until nobody is left who could ask. Never returns; raises `Forked` in those who were forked."""
    try:
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)  # a key press is for the whole group; this one ends with the supervisor
        _call_it("nest")
        follow_parent(supervisor, signal.SIGKILL)
        while True:
            order, handles, _, _ = socket.recv_fds(orders, _LONGEST, _MOST_HANDLES)
            if not order:
                _leave(0)
            told, telling = os.pipe()
            between = os.fork()
            if between == 0:
                _fork_again(orders, telling, supervisor, order, handles)
            os.close(telling)
            answer = os.read(told, _PID.size)
            os.waitpid(between, 0)  # the new one has its parent before that is told of it
            for handle in (told, *handles):
                os.close(handle)
            orders.sendall(answer)
    except ConnectionError:  # the supervisor ended between two words
        _leave(0)
    except Exception:
        sys.excepthook(*sys.exc_info())
        _leave(1)


def _fork_again(orders: socket.socket, telling: int, supervisor: int, order: bytes, handles: list[int]) -> None:
    """The process between ends at once, so that the new one is an orphan, whom the supervisor adopts."""
    between = os.getpid()
    pid = os.fork()
    if pid:
        os.write(telling, _PID.pack(pid))
        _leave(0)
    child = msgspec.json.decode(order, type=Child)
    orders.close()
    _take(handles, child.handles)
    os.environ.update(child.environment)
    for number in ENDING:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    _call_it(" ".join(child.argv))
    while os.getppid() == between:
        time.sleep(_PAUSE / 10)
    lower_priority(child.nice, child.policy)
    follow_parent(supervisor, signal.SIGKILL)
    raise Forked(child.argv)


def _take(handles: Sequence[int], wanted: Sequence[int]) -> None:
    """Open files that were handed over get the numbers that they have for who handed them over; no other stays open."""
    above = max((2, *handles, *wanted)) + 1
    moved = [fcntl.fcntl(handle, fcntl.F_DUPFD_CLOEXEC, above) for handle in handles]
    for handle in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        if handle > 2 and handle not in moved:
            with contextlib.suppress(OSError):  # that of the list itself
                os.close(handle)
    for handle, number in zip(moved, wanted, strict=True):
        os.dup2(handle, number)
        os.close(handle)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def _call_it(what: str) -> None:
    """How `ps` and `top` show this process: what it does, in the place where the command line of the supervisor stood."""
    title = f"contor {what}".encode()
    buffer = ctypes.create_string_buffer(title[:15])
    _prctl(_NAME, ctypes.addressof(buffer))
    fields = Path("/proc/self/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    first, last = int(fields[45]), int(fields[46])  # arg_start and arg_end of proc_pid_stat(5)
    if first < last:
        ctypes.memset(first, 0, last - first)
        ctypes.memmove(first, title, min(len(title), last - first - 1))


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, ctypes.c_ulong(value), 0, 0, 0)


def _leave(status: int) -> None:
    """End without what an interpreter does at its end: all that was prepared for it belongs to the supervisor."""
    os._exit(status)
