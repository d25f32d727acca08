"""The supervisor: what falls comes back, Ctrl-C and a kill leave nothing running. Each test runs one in a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.checkers.waiting import MINUTES, eventually

from contor.runtime.work.processes import AWAY, listening

SUPERVISES = """
import json, sys, time
from contor.runtime.work.processes import Child, Supervisor
wanted = json.loads(sys.argv[1])
children = [Child(**{**c, "argv": [sys.executable, "-c", *c["argv"]]}) for c in wanted["children"]]
supervisor = Supervisor(children, grace=wanted.get("grace", 5.0), report=lambda text: print("report", text, flush=True))
status = supervisor.run(ready=lambda: True, on_ready=lambda: print("ready", flush=True))
print("status", status, flush=True)
sys.exit(status)
"""
TELL = "import os, pathlib, sys, time; pathlib.Path(sys.argv[1]).open('a').write(f'{os.getpid()}\\\\n')\n".replace("\\\\", "\\")
WAITS = TELL + "time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.signal(signal.SIGINT, signal.SIG_IGN)\n" + WAITS
FAILS = TELL + "sys.exit(3)"
ORDERLY = (
    "import pathlib, signal, sys, time\n"
    "def end(*_): pathlib.Path(sys.argv[1]).open('a').write(sys.argv[2] + '\\n'); sys.exit(0)\n"
    "signal.signal(signal.SIGTERM, end); pathlib.Path(sys.argv[1] + sys.argv[2]).touch()\n"
    "time.sleep(600)"
)

SCHEDULED = (
    "import os, pathlib, signal, sys, threading, time\n"
    "threading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
    "def tell():\n"
    "    found = {os.sched_getscheduler(int(thread)) for thread in os.listdir('/proc/self/task')}\n"
    "    pathlib.Path(sys.argv[1]).open('a').write(' '.join(str(one) for one in found) + '\\n')\n"
    "def end(*_): tell(); sys.exit(0)\n"
    "signal.signal(signal.SIGTERM, end); tell()\n"
    "time.sleep(600)"
)


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def told(path: Path) -> list[int]:
    """The process ids that the children wrote there, in order."""
    return [int(line) for line in path.read_text().split()] if path.exists() else []


@pytest.fixture
def supervise() -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    made = []

    def begin(children: list[dict[str, Any]], script: str = SUPERVISES, **options: Any) -> "subprocess.Popen[str]":
        order = json.dumps({"children": children, **options})
        process = subprocess.Popen([sys.executable, "-c", script, order], stdout=subprocess.PIPE, text=True, process_group=0)
        made.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    yield begin
    for process in made:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_a_killed_child_comes_back_again_and_again(supervise: Callable[..., "subprocess.Popen[str]"], tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    process = supervise([{"name": "worker", "argv": [WAITS, str(pids)]}])
    for count in range(1, 11):
        assert eventually(lambda expected=count: len(told(pids)) == expected)  # type: ignore[misc]
        os.kill(told(pids)[-1], signal.SIGKILL)
    process.terminate()
    output, _ = process.communicate(timeout=MINUTES)
    assert output.count("report worker was killed by SIGKILL; it starts again in 0.1 s\n") >= 9
    assert process.returncode == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may schedule a process as before")
def test_what_works_when_nobody_else_does_ends_like_the_others(
    supervise: Callable[..., "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    """On a busy machine an idle process would not even get to its last steps, and the end would wait for it."""
    path = tmp_path / "scheduled"
    process = supervise([{"name": "files", "argv": [SCHEDULED, str(path)], "nice": 19, "policy": "idle"}])
    assert eventually(lambda: told(path) == [os.SCHED_IDLE])
    process.terminate()
    process.communicate(timeout=MINUTES)
    assert told(path) == [os.SCHED_IDLE, os.SCHED_OTHER]


def test_a_child_that_fails_waits_longer_each_time_and_is_given_up(
    supervise: Callable[..., "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    pids, other = tmp_path / "pids", tmp_path / "other"
    script = SUPERVISES.replace("wanted =", "import contor.runtime.work.processes as p; p.MOST_FAILURES = 4; wanted =")
    process = supervise([{"name": "good", "argv": [WAITS, str(other)]}, {"name": "bad", "argv": [FAILS, str(pids)]}], script)
    output, _ = process.communicate(timeout=MINUTES)
    assert output.splitlines() == [
        "report bad ended with status 3; it starts again in 0.1 s",
        "report bad ended with status 3; it starts again in 0.2 s",
        "report bad ended with status 3; it starts again in 0.4 s",
        "report bad ended with status 3; it starts again in 0.8 s",
        "report bad failed 4 times and is given up",
        "status 1",
    ]
    assert len(told(pids)) == 4
    assert not runs(told(other)[0])


def test_a_child_that_only_lacks_the_database_is_not_given_up(
    supervise: Callable[..., "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    away = FAILS.replace("exit(3)", f"exit({AWAY})")
    assert away != FAILS
    script = SUPERVISES.replace("wanted =", "import contor.runtime.work.processes as p; p.MOST_FAILURES = 3; wanted =")
    process = supervise([{"name": "away", "argv": [away, str(pids)]}], script)
    assert eventually(lambda: len(told(pids)) == 6)
    process.terminate()
    output, _ = process.communicate(timeout=MINUTES)
    assert ("given up" in output, process.returncode) == (False, 0)


@pytest.mark.parametrize("request_", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_lets_every_child_end_in_order(
    supervise: Callable[..., "subprocess.Popen[str]"], tmp_path: Path, request_: signal.Signals
) -> None:
    ended = tmp_path / "ended"
    script = SUPERVISES.replace("run(", "run(on_end=lambda: print('ends', *sorted(supervisor.pids()), flush=True), ")
    process = supervise([{"name": name, "argv": [ORDERLY, str(ended), name]} for name in ("files", "worker", "api")], script)
    assert eventually(lambda: all((tmp_path / f"ended{name}").exists() for name in ("files", "worker", "api")))
    process.send_signal(request_)
    output, _ = process.communicate(timeout=MINUTES)
    assert (output, process.returncode) == ("ends api files worker\nstatus 0\n", 0)
    assert sorted(ended.read_text().split()) == ["api", "files", "worker"]


def test_a_key_press_reaches_the_whole_group_and_leaves_nothing(
    supervise: Callable[..., "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    process = supervise([{"name": str(n), "argv": [WAITS, str(pids)]} for n in range(3)])
    assert eventually(lambda: len(told(pids)) == 3)
    assert {os.getpgid(pid) for pid in told(pids)} == {process.pid}
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=MINUTES)
    assert process.returncode == 0
    assert not any(runs(pid) for pid in told(pids))


def test_a_killed_supervisor_takes_its_children_along(supervise: Callable[..., "subprocess.Popen[str]"], tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    process = supervise([{"name": str(n), "argv": [STUBBORN, str(pids)]} for n in range(3)])
    assert eventually(lambda: len(told(pids)) == 3)
    process.kill()
    assert eventually(lambda: not any(runs(pid) for pid in told(pids)))


def test_who_does_not_end_is_killed_after_the_grace_or_at_the_second_signal(
    supervise: Callable[..., "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    for name, grace, signals in (("grace", 0.3, 1), ("twice", 60.0, 2)):
        pids = tmp_path / name
        process = supervise([{"name": "deaf", "argv": [STUBBORN, str(pids)]}], grace=grace)
        assert eventually(lambda path=pids: len(told(path)) == 1)  # type: ignore[misc]
        for _ in range(signals):
            process.terminate()
            time.sleep(0.1)
        output, _ = process.communicate(timeout=MINUTES)
        assert output == "report deaf does not end and is killed\nstatus 0\n"
        assert not runs(told(pids)[0])


def test_who_may_be_interrupted_is_not_waited_for(supervise: Callable[..., "subprocess.Popen[str]"], tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    process = supervise([{"name": "deaf", "argv": [STUBBORN, str(pids)], "patience": 0.1}], grace=10 * MINUTES)
    assert eventually(lambda: len(told(pids)) == 1)
    process.terminate()
    output, _ = process.communicate(timeout=MINUTES)
    assert output == "status 0\n", "nothing is out of order"
    assert not runs(told(pids)[0])


def test_background_work_runs_at_idle_priority_with_its_own_variables(
    supervise: Callable[..., "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    look = (
        "import os, pathlib, sys, time\n"
        "text = f\"{os.nice(0)} {os.sched_getscheduler(0) == os.SCHED_IDLE} {os.environ['KIND']} {'PATH' in os.environ}\"\n"
        "pathlib.Path(sys.argv[1]).write_text(text); time.sleep(600)"
    )
    child = {"name": "files", "argv": [look, str(seen)], "nice": 19, "policy": "idle", "environment": {"KIND": "files"}}
    supervise([child])
    assert eventually(lambda: seen.exists() and seen.read_text() != "")
    assert seen.read_text() == "19 True files True"


def is_dead(pid: int) -> bool:
    """Gone, or waiting to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_a_shared_socket_keeps_callers_waiting_while_the_server_comes_back(tmp_path: Path) -> None:
    serve = (
        "import socket, sys, os\nserver = socket.socket(fileno=int(sys.argv[1]))\n"
        "while True:\n    peer, _ = server.accept(); peer.sendall(str(os.getpid()).encode()); peer.close()"
    )
    server = listening("127.0.0.1", 0)
    address = server.getsockname()
    script = SUPERVISES.replace('"argv": [', '"handles": (int(sys.argv[2]),), "argv": [')
    order = json.dumps({"children": [{"name": "api", "argv": [serve, str(server.fileno())]}]})
    process = subprocess.Popen([sys.executable, "-c", script, order, str(server.fileno())], pass_fds=[server.fileno()])
    try:
        server.close()
        pids = set()
        for _ in range(3):
            with socket.create_connection(address, timeout=MINUTES) as client:
                pid = int(client.recv(100))
            assert pid not in pids
            pids.add(pid)
            os.kill(pid, signal.SIGKILL)
            assert eventually(lambda pid=pid: is_dead(pid))  # else the next caller could be accepted by the one that dies
    finally:
        process.terminate()
        process.wait(MINUTES)


def test_a_taken_port_is_told_at_once() -> None:
    with listening("127.0.0.1", 0) as server, pytest.raises(OSError, match="Address already in use"):
        listening("127.0.0.1", server.getsockname()[1])
