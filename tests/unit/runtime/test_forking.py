"""Processes that are forked from one that has imported everything: each is a child of the supervisor, as if it had been started."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.checkers.waiting import MINUTES, eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

SUPERVISES = """
import json, os, pathlib, socket, sys, threading, time
from dataclasses import replace
from contor.runtime.work.forking import Forked, Nest, threads
from contor.runtime.work.processes import Child, Supervisor, listening, started

imported = os.getpid()  # what an import leaves behind, once

def be(what, *given):
    handles = [int(name) for name in os.listdir("/proc/self/fd")]
    facts = {
        "imported": imported, "pid": os.getpid(), "parent": os.getppid(), "given": given, "threads": threads(),
        "nice": os.nice(0), "is_idle": os.sched_getscheduler(0) == os.SCHED_IDLE, "kind": os.environ.get("KIND"),
        "stdin": os.readlink("/proc/self/fd/0"), "handles": [n for n in handles if n > 2 and os.path.exists(f"/proc/self/fd/{n}")],
        "title": pathlib.Path("/proc/self/cmdline").read_bytes().rstrip(b"\\0").decode(),
    }
    with pathlib.Path(sys.argv[1]).open("a") as told:
        told.write(json.dumps(facts) + "\\n")
    if what == "fail":
        sys.exit(3)
    if what == "answer":
        server = socket.socket(fileno=int(given[0]))
        while True:
            peer, _ = server.accept()
            peer.sendall(str(os.getpid()).encode()); peer.close()
    time.sleep(600)

def supervise():
    wanted = json.loads(sys.argv[2])
    nest = Nest()
    door = listening("127.0.0.1", 0)
    print("door", door.getsockname()[1], nest.pid, os.getpid(), flush=True)
    number = str(door.fileno())
    children = [Child(**{**c, "argv": [a.replace("DOOR", number) for a in c["argv"]],
                         "handles": (door.fileno(),) if "DOOR" in c["argv"] else ()}) for c in wanted]
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()  # as the keeper of the database is one

    def start(child):
        program = [sys.executable, "-c", "import time; print('program', flush=True); time.sleep(600)"]
        return nest.start(child, child.argv) or started(replace(child, argv=program))

    def look():
        if nest.has_fallen():
            print("the nest fell", flush=True)

    return Supervisor(children, grace=5.0, start=start, report=lambda text: print("report", text, flush=True), look=look).run()

try:
    status = supervise()
except Forked as forked:
    be(*forked.arguments)
print("status", status, flush=True)
sys.exit(status)
"""


class Supervised:
    """A supervisor with a nest, in a process of its own."""

    def __init__(self, folder: Path, *children: dict[str, Any]) -> None:
        self.told = folder / "told"
        command = [sys.executable, "-c", SUPERVISES, str(self.told), json.dumps(children)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, process_group=0)
        assert self.process.stdout is not None
        _, port, nest, pid = self.process.stdout.readline().split()
        self.port, self.nest, self.pid = int(port), int(nest), int(pid)

    def facts(self, count: int) -> list[dict[str, Any]]:
        """What the first so many children said of themselves."""
        assert eventually(lambda: self.told.exists() and len(self.told.read_text().splitlines()) >= count)
        return [json.loads(line) for line in self.told.read_text().splitlines()[:count]]

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def end(self) -> str:
        self.process.terminate()
        return self.process.communicate(timeout=MINUTES)[0]


@pytest.fixture
def made() -> Iterator[list[Supervised]]:
    all_of_them: list[Supervised] = []
    yield all_of_them
    for one in all_of_them:
        if one.process.poll() is None:
            one.process.kill()
        one.process.communicate()


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_who_is_forked_is_as_who_is_started(made: list[Supervised], tmp_path: Path) -> None:
    background = {"name": "files", "argv": ["wait", "x"], "nice": 19, "policy": "idle", "environment": {"KIND": "files"}}
    server = {"name": "api", "argv": ["answer", "DOOR"]}
    made.append(one := Supervised(tmp_path, background, server))
    files, api = sorted(one.facts(2), key=lambda facts: facts["kind"] is None)
    assert files["imported"] == api["imported"] == one.pid, "one interpreter has imported everything"
    assert files["parent"] == api["parent"] == one.pid
    assert (files["nice"], files["is_idle"], files["kind"]) == (19, True, "files")
    assert (api["nice"], api["is_idle"], api["kind"]) == (0, False, None)
    assert (files["threads"], files["stdin"], files["handles"]) == (1, os.devnull, [])
    assert api["handles"] == [int(api["given"][0])], "the door under the number that it was told, and nothing else"
    assert (files["title"], api["title"]) == ("contor wait x", f"contor answer {api['given'][0]}")
    assert one.end().splitlines()[-1] == "status 0"
    assert not any(runs(pid) for pid in (files["pid"], api["pid"], one.nest))


def test_its_fall_is_told_as_that_of_any_child(made: list[Supervised], tmp_path: Path) -> None:
    made.append(one := Supervised(tmp_path, {"name": "worker", "argv": ["wait"]}, {"name": "bad", "argv": ["fail"]}))
    assert one.line() == "report bad ended with status 3; it starts again in 0.1 s\n"
    waiting = next(facts for facts in one.facts(2) if facts["title"] == "contor wait")
    os.kill(waiting["pid"], signal.SIGKILL)
    told = [one.line() for _ in range(3)]
    assert "report worker was killed by SIGKILL; it starts again in 0.1 s\n" in told


def test_the_door_stays_while_a_server_comes_back(made: list[Supervised], tmp_path: Path) -> None:
    made.append(one := Supervised(tmp_path, {"name": "api", "argv": ["answer", "DOOR"]}))
    seen = set()
    for count in range(1, 4):
        pid = one.facts(count)[-1]["pid"]
        with socket.create_connection(("127.0.0.1", one.port), timeout=MINUTES) as client:
            assert int(client.recv(100)) == pid
        seen.add(pid)
        os.kill(pid, signal.SIGKILL)
        assert eventually(lambda pid=pid: not runs(pid))  # type: ignore[misc]
    assert len(seen) == 3


def test_children_go_on_without_their_nest_and_others_are_started(made: list[Supervised], tmp_path: Path) -> None:
    made.append(one := Supervised(tmp_path, {"name": "worker", "argv": ["wait"]}))
    (worker,) = one.facts(1)
    os.kill(one.nest, signal.SIGKILL)
    assert one.line() == "the nest fell\n"
    assert not Path(f"/proc/{one.nest}").exists(), "nobody is left waiting to be asked for"
    assert runs(worker["pid"])
    os.kill(worker["pid"], signal.SIGKILL)
    assert one.line() == "report worker was killed by SIGKILL; it starts again in 0.1 s\n"
    assert one.line() == "program\n"
    assert one.end() == "status 0\n"


def test_a_key_press_for_the_group_ends_it_in_order(made: list[Supervised], tmp_path: Path) -> None:
    made.append(one := Supervised(tmp_path, {"name": "worker", "argv": ["wait"]}, {"name": "other", "argv": ["wait"]}))
    pids = [facts["pid"] for facts in one.facts(2)]
    os.killpg(one.pid, signal.SIGINT)
    one.process.communicate(timeout=MINUTES)
    assert one.process.returncode == 0
    assert eventually(lambda: not any(runs(pid) for pid in (*pids, one.nest)))


def test_a_killed_supervisor_takes_all_along(made: list[Supervised], tmp_path: Path) -> None:
    made.append(one := Supervised(tmp_path, {"name": "worker", "argv": ["wait"]}, {"name": "other", "argv": ["wait"]}))
    pids = [facts["pid"] for facts in one.facts(2)]
    one.process.kill()
    assert eventually(lambda: not any(runs(pid) for pid in (*pids, one.nest)))


def test_who_has_threads_is_not_forked() -> None:
    script = (
        "import threading, time; from contor.runtime.work.forking import Nest\n"
        "threading.Thread(target=time.sleep, args=(600,), daemon=True).start(); Nest()"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=MINUTES)
    assert "RuntimeError: a process with threads is not forked" in ended.stderr


LEAVES = """
import os, select, socket
import msgspec
from contor.runtime.work.forking import Forked, Nest
from contor.runtime.work.processes import Child

try:
    nest = Nest()
    socket.send_fds(nest._orders, [msgspec.json.encode(Child(name="x", argv=()))], [])
    select.select([nest._orders], [], [])  # the answer is there, and nobody reads it
    nest.close()
    print(nest._process.returncode)
except Forked:
    os._exit(0)
"""


def test_a_supervisor_that_ends_between_order_and_answer_is_no_fault() -> None:
    done = subprocess.run([sys.executable, "-c", LEAVES], capture_output=True, text=True, timeout=MINUTES, check=True)
    assert (done.stdout.strip(), done.stderr) == ("0", "")
