"""`start`: what an installation costs that nobody uses: the CPU of its imports, the memory of all its processes after 200 invoices, how
much of a core it takes to wait, and how long Ctrl-C takes. The database's own processes are counted with ours."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.inputs import a_body
from benchmarks.issuing import token_of
from benchmarks.measure import TICKS, Result, children_of, command_of, pss_mb, stat_of

IMPORTED = "import contor.app, time; contor.app.load_packages(); print(time.process_time())"
IDLE_SECONDS = 60.0
INVOICES = 200
IMPORT_GOAL, MEMORY_GOAL, IDLE_GOAL, END_GOAL = 0.9, 300.0, 0.5, 2.0


def start(port: int, scale: float) -> list[Result]:
    """An installation of its own, beside nothing else."""
    with tempfile.TemporaryDirectory(prefix="contor-start-") as home, running(Path(home) / "home", port) as run:
        fresh = memory(run.pid, "start_pss_mb")
        idle = idling(run.pid, IDLE_SECONDS * min(1.0, scale))
        issue(Path(home) / "home", port, INVOICES)
        used = memory(run.pid, "used_pss_mb")
        return [importing(), fresh, used, idle, ending(run)]


def importing() -> Result:
    """The least of five: what is imported is the same, what else the machine does is not."""
    command = [sys.executable, "-c", IMPORTED]
    taken = [float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) for _ in range(6)][1:]
    return Result("start_import", len(taken), note=f"{min(taken):.2f} CPU s; goal {IMPORT_GOAL}")


def memory(pid: int, task: str) -> Result:
    """The memory of each process, what several share in equal parts."""
    shares = {number: pss_mb(number) for number in (pid, *children_of(pid))}
    parts = sorted(((size, command_of(number)) for number, size in shares.items()), reverse=True)
    told = ", ".join(f"{name} {size:.0f}" for size, name in parts if size >= 5)
    total = sum(shares.values())
    return Result(task, len(shares), rss_mb=total, note=f"PSS {total:.0f} MB; goal {MEMORY_GOAL:.0f}: {told}")


def idling(pid: int, seconds: float) -> Result:
    """Processor time while nobody asks for anything."""
    time.sleep(5)
    before = ticks_of(pid)
    time.sleep(seconds)
    spent = {number: (now - before.get(number, 0)) / TICKS for number, now in ticks_of(pid).items()}
    told = ", ".join(f"{command_of(n)} {1000 * s / seconds:.1f}" for n, s in sorted(spent.items(), key=lambda x: -x[1]) if s)
    percent = 100 * sum(spent.values()) / seconds
    return Result("start_idle", int(seconds), note=f"{percent:.2f} % of a core; goal {IDLE_GOAL}; ms a second: {told}")


def ending(run: "subprocess.Popen[bytes]") -> Result:
    began = time.monotonic()
    run.send_signal(signal.SIGINT)
    status = run.wait(60)
    return Result("start_ctrl_c", 1, note=f"{time.monotonic() - began:.2f} s, status {status}; goal {END_GOAL}")


def ticks_of(pid: int) -> dict[int, int]:
    """Clock ticks of each process of an installation."""
    found = {}
    for number in (pid, *children_of(pid)):
        with contextlib.suppress(OSError):
            fields = stat_of(number)
            found[number] = int(fields[11]) + int(fields[12])
    return found


@contextlib.contextmanager
def running(home: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """`contor run` until it answers."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CONTOR_", "DATABASE_URL"))}
    environment = {**kept, "CONTOR_HOME": str(home), "CONTOR_PORT": str(port), "CONTOR_LOG_LEVEL": "warning"}
    run = subprocess.Popen([sys.executable, "-m", "contor.cli", "run"], env=environment, stdout=subprocess.DEVNULL)
    try:
        while run.poll() is None and not answers(port):
            time.sleep(0.1)
        time.sleep(2)
        yield run
    finally:
        if run.poll() is None:
            run.terminate()
            run.wait(60)


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def issue(home: Path, port: int, count: int) -> None:
    """Invoices of the demo organization over HTTP, and wait for the last one."""
    demo = json.loads((home / "demo.json").read_text(encoding="utf-8"))
    token = token_of(("127.0.0.1", port), demo["realm"], demo["api_key"], demo["api_secret"])
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection("127.0.0.1", port)

    def answer(method: str, path: str, body: str | None = None) -> bytes:
        connection.request(method, path, body, headers)
        got = connection.getresponse()
        content = got.read()
        assert got.status in (200, 202), content
        return content

    whose = {"customerIdent": demo["customer_ident"], "invoiceAddressIdent": demo["invoice_address_ident"]}
    for number in range(count):
        body = {**a_body(number, 0), "billingGroupIdent": demo["billing_group_ident"], "customerDetail": whose}
        answer("POST", "/v2/documents/invoices", json.dumps(body))
    while json.loads(answer("GET", f"/v2/documents/requests/bench-{count - 1}"))["status"] == "RECEIVED":
        time.sleep(0.1)
    time.sleep(5)  # files are made meanwhile
