"""Keeps the embedded PostgreSQL running: starts it, starts it again when it falls, ends what an earlier one left behind."""

import contextlib
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from contor.runtime.postgres.home import Place, PostgresFailed, environment

log = logging.getLogger("contor.postgres")

LOG_BYTES = 16 * 1024 * 1024

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    # A commit that was answered is on disk.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "autovacuum": "on",
    # Short statements on two cores gain nothing from either, and parallel workers need more /dev/shm than a container has.
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] %u@%d ",
    # Parameters carry personal data and credentials.
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


class Keeper:
    """The thread that starts the server and starts it again when it falls.

    The server gets SIGQUIT (leave at once, recover at the next start) when this thread ends without having stopped it, that is
    when the process dies.
    """

    def __init__(self, place: Place, sockets: Path, settings: Mapping[str, str]) -> None:
        self._place = place
        chosen = {**SETTINGS, **settings, "unix_socket_directories": str(sockets)}
        options = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        self._argv = place.command("postgres", "-D", str(place.data), *options, death_signal=signal.SIGQUIT)
        self._server: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._changing = threading.Lock()
        self.falls = 0
        """How often the server ended without being asked to."""
        self._thread = threading.Thread(target=self._keep, name="postgres-keeper", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        server = self._server
        return server.pid if server is not None and server.returncode is None else None

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def _keep(self) -> None:
        pause = 0.1
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                end_orphans(self._place.data)
                with self._changing:
                    if self._stopping.is_set():
                        return
                    # under the lock: `stop` must not miss a server that is just being started
                    with _log_file(self._place.log) as output:
                        # a group of its own: Ctrl-C in the terminal is for Contor, which stops the server in order
                        self._server = subprocess.Popen(
                            self._argv, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment(), process_group=0
                        )
                self._server.wait()
                said = f"PostgreSQL ended with status {self._server.returncode}"
            except OSError as error:
                said = f"PostgreSQL could not be started: {error}"
            if self._stopping.is_set():
                return
            self.falls += 1
            log.warning("%s; starting it again", said)
            pause = 0.1 if time.monotonic() - began > 10 else min(pause * 2, 5.0)
            self._stopping.wait(pause)

    def stop(self) -> None:
        """Fast shutdown; harder when that takes too long."""
        with self._changing:
            self._stopping.set()
            server = self._server
        for request, patience in ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
            if server is not None and server.poll() is None:
                server.send_signal(request)
            self._thread.join(patience)
            if not self._thread.is_alive():
                return
        raise PostgresFailed(f"PostgreSQL (process {server.pid if server else None}) does not end.")


@contextmanager
def _log_file(path: Path) -> Iterator[int]:
    """The server's log, with one older file kept."""
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield handle
    finally:
        os.close(handle)


def _servers_of(data: Path) -> list[int]:
    """Processes of PostgreSQL that work in `data`: each has it as its working directory."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (entry / "cwd").readlink() == data and (entry / "exe").readlink().name.startswith("postgres"):
                found.append(int(entry.name))
    return found


def end_orphans(data: Path) -> None:
    """End what is left of an earlier server in `data`; only for the holder of the home's lock, who knows that nobody keeps it.

    A killed server leaves children that hold its shared memory for a moment, a killed Contor leaves a server that is
    leaving. A pid file may name a process that has nothing to do with it, as process ids come again: then it is removed.
    """
    for request, patience in ((signal.SIGINT, 2.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        for pid in _servers_of(data):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, request)
        deadline = time.monotonic() + patience
        while _servers_of(data) and time.monotonic() < deadline:
            time.sleep(0.02)
    if remaining := _servers_of(data):
        raise OSError(f"processes {remaining} of an earlier server in {data} do not end")
    pid_file = data / "postmaster.pid"
    with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
        # a single-user backend writes its process id negative
        if Path("/proc", str(abs(int(pid_file.read_text().split()[0])))).exists():
            pid_file.unlink()
