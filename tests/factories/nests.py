"""Processes of their own, that tests kill: forked from one that has imported the program, as those of an installation are. To import it
anew for each would be most of what they cost."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.checkers.waiting import MINUTES

NEST = """
import json, os, sys
from contor.app import load_packages

load_packages()
for line in iter(sys.stdin.buffer.readline, b""):
    code, said, files = json.loads(line)
    pid = os.fork()
    if pid == 0:
        break
    os.write(1, f"{pid}\\n".encode())
    os.write(1, f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\\n".encode())
else:
    sys.exit()
sys.argv = ["-c", *said]
for number, name in enumerate(files):
    os.dup2(os.open(name, os.O_RDWR), number)
exec(code, {"__name__": "__main__"})
"""


class Forked:
    """A process that runs a script."""

    def __init__(self, nest: "Nest", pid: int, said: tuple[Path, Path]) -> None:
        self._nest, self.pid, self._said = nest, pid, said
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """As it ended; None: it is there."""
        if self.returncode is None and self._nest.has_said():
            self.returncode = self._nest.hear()
        return self.returncode

    def kill(self) -> None:
        """Where it is still there."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        if self.returncode is None:
            self.returncode = self._nest.hear()
        return self.returncode

    @property
    def output(self) -> str:
        return self._said[0].read_text()

    @property
    def errors(self) -> str:
        return self._said[1].read_text()


class Nest:
    """Where they are forked, one after the other."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="contor-nest-")
        self._process = subprocess.Popen([sys.executable, "-c", NEST], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self._last: Forked | None = None
        self._count = 0

    def start(self, script: str, *said: str, heard: bytes = b"") -> Forked:
        """A process that runs the script with these arguments; `heard`: what it reads."""
        assert self._last is None or self._last.poll() is not None, "the one before is still there"
        self._count += 1
        files = [Path(self._folder.name) / f"{self._count}-{name}" for name in ("in", "out", "err")]
        for path, content in zip(files, (heard, b"", b""), strict=True):
            path.write_bytes(content)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([script, said, list(map(str, files))]).encode() + b"\n")
        self._last = Forked(self, self.hear(), (files[1], files[2]))
        return self._last

    def run(self, script: str, *said: str, heard: bytes = b"") -> Forked:
        """The same, once it ended."""
        forked = self.start(script, *said, heard=heard)
        forked.wait()
        return forked

    def has_said(self, seconds: float = 0) -> bool:
        return bool(select.select([self._process.stdout], [], [], seconds)[0])

    def hear(self) -> int:
        """The next number that it says: whom it has forked, how that ended."""
        assert self._process.stdout is not None
        assert self.has_said(MINUTES), "it hangs"
        return int(self._process.stdout.readline())

    def close(self) -> None:
        if self._last is not None:
            self._last.kill()
        self._process.kill()
        self._process.communicate()
        self._folder.cleanup()
