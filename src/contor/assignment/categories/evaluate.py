"""Whether payments fit an expression in JSONata. It is evaluated in a process of its own, which a hostile one ends: no expression can hang
or fill the process that asks."""

import enum
import os
import select
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from contor.kernel.shapes import Fields
from contor.runtime.db import ENCODER

_SANDBOX: Final = Path(__file__).with_name("sandbox.py")
_PATIENCE: Final = 30
"""Seconds without an answer. The process ends by itself after 0.3 seconds of its own; this is for a machine that gives it none."""
_CHUNK: Final = 200
"""Payments that are asked about together: as much as a pipe takes."""


class Fits(enum.Enum):
    """What an expression says of a payment."""

    YES = "T"
    NO = "F"
    NOTHING = "N"
    """Something that it names is missing."""
    NO_BOOLEAN = "X"
    FAILED = "E"
    TOO_LONG = "!"
    """More time or memory than one may take."""


class Unreadable(Exception):
    """The expression is no JSONata."""


class _Sandbox:
    """The process, started when it is needed, and again after it has ended; one asks at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def ask(self, expression: str, payments: Sequence[Fields]) -> list[Fits]:
        """An answer for each, or for those before the one that took too long, with that one. Raises `Unreadable`."""
        with self._lock:
            process = self._running()
            line = ENCODER.encode({"expression": expression, "payments": payments}) + b"\n"
            assert process.stdin is not None
            try:
                process.stdin.write(line)
                process.stdin.flush()
                return self._answers(process, len(payments))
            except BrokenPipeError:
                self._end(process)
                return [Fits.TOO_LONG]

    def _answers(self, process: subprocess.Popen[bytes], count: int) -> list[Fits]:
        found: list[Fits] = []
        while len(found) < count:
            said = self._read(process, count - len(found))
            if not said:
                self._end(process)
                return [*found, Fits.TOO_LONG]
            if said[:1] == b"S" and not found:
                raise Unreadable(self._reason(process, said[1:]))
            found += [Fits(chr(byte)) for byte in said]
        return found

    def _reason(self, process: subprocess.Popen[bytes], said: bytes) -> str:
        while len(said) < 2 or len(said) < 2 + int.from_bytes(said[:2], "big"):
            more = self._read(process, 400)
            if not more:
                self._end(process)
                break
            said += more
        return said[2:].decode(errors="replace")

    def _read(self, process: subprocess.Popen[bytes], most: int) -> bytes:
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], _PATIENCE)
        return os.read(process.stdout.fileno(), most) if ready else b""

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._owner == os.getpid() and self._process.poll() is None:
            return self._process
        # another process may have forked us: its child is not ours
        self._process, self._owner = (
            subprocess.Popen(
                [sys.executable, "-I", "-B", str(_SANDBOX)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
            ),
            os.getpid(),
        )
        return self._process

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        self._process = None


_SANDBOX_OF_ALL: Final = _Sandbox()


def evaluated(expression: str, payments: Sequence[Fields]) -> list[Fits]:
    """What the expression says of each. One that took too long is asked of no payment behind that one: they are TOO_LONG as well. Raises
    `Unreadable`."""
    found: list[Fits] = []
    for start in range(0, len(payments), _CHUNK):
        chunk = payments[start : start + _CHUNK]
        found += _SANDBOX_OF_ALL.ask(expression, chunk)
        if len(found) < start + len(chunk) or found[-1] is Fits.TOO_LONG:
            break
    return found + [Fits.TOO_LONG] * (len(payments) - len(found))
