"""An installation as an operator has it: `contor run` with a home and a port of its own, in processes of its own."""

import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx
from tests.checkers.waiting import MINUTES, until

import contor

TESTED = (sys.executable, "-m", "contor.cli")
WORKERS = 2
"""That issue documents: as on two cores, whatever the machine has."""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class Installation:
    """One `contor run` after the other on one home and port. `command` is how its `contor` is called."""

    home: Path
    port: int
    command: tuple[str, ...] = TESTED
    process: "subprocess.Popen[bytes] | None" = None
    statements: Path | None = None
    """The directory into which banks' statements are put."""

    @property
    def environment(self) -> dict[str, str]:
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("CONTOR_", "DATABASE_URL", "PYTHON"))
        }
        own = {"CONTOR_HOME": str(self.home), "CONTOR_PORT": str(self.port), "CONTOR_WORKERS": str(WORKERS)}
        watched = {"CONTOR_STATEMENTS": str(self.statements)} if self.statements else {}
        # the program that the tests import, wherever another one is installed
        tested = {"PYTHONPATH": str(Path(contor.__file__).parents[1])} if self.command == TESTED else {}
        return {**inherited, **own, **watched, **tested, "CONTOR_LOG_LEVEL": "warning"}

    def start(self) -> None:
        """Returns when it answers."""
        with (self.home.parent / "run.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.command, "run"],
                cwd=self.home.parent,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until(self._answers, "the server answers")

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, (self.home.parent / "run.log").read_text()[-2000:]
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/health", timeout=10).status_code == 200
        except httpx.TransportError:
            return False

    def children(self) -> dict[int, str]:
        """API servers and workers, which are the supervisor's children: process id and command. All were forked, none was started
        anew: one interpreter of an installation imports everything."""
        assert self.process is not None
        tasks = Path(f"/proc/{self.process.pid}/task")
        found = [int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()]
        commands = {pid: " ".join(_command_line(pid)) for pid in found}
        assert not [command for command in commands.values() if "contor.cli " in command]
        called = {pid: command.partition("contor ")[2] for pid, command in commands.items() if command.startswith("contor ")}
        return {pid: what for pid, what in called.items() if what != "nest"}

    def leftovers(self) -> dict[int, str]:
        """Every process that works in this home or was told of it, with its command line."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid() and self._belongs(entry):
                found[int(entry.name)] = " ".join(_command_line(int(entry.name)))
        return found

    def _belongs(self, entry: Path) -> bool:
        needle = str(self.home).encode()
        try:
            if (entry / "stat").read_text().rpartition(")")[2].split()[0] in "ZX":
                return False
            texts = (entry / "environ").read_bytes(), (entry / "cmdline").read_bytes(), str((entry / "cwd").readlink()).encode()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            return False  # it ended meanwhile, or is another user's
        return any(needle in text for text in texts)

    def kill(self) -> None:
        """`kill -9` of the supervisor alone: the others have to notice by themselves."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(MINUTES)
        until(lambda: not self.leftovers(), "nothing is left running after kill -9")

    def interrupt(self) -> int:
        """Ctrl-C; the exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(MINUTES)

    def contor(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*self.command, *arguments],
            cwd=self.home.parent,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=MINUTES,
            check=False,
        )


def _command_line(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").rstrip("\0").split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return []
