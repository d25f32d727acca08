"""`issue_batch`: stored requests become documents, by as many workers as `make run` has, beside the floor. `issue_http`: accepted over
HTTP until COMPLETED; accepting, issuing and filing apart."""

import base64
import http.client
import json
import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.inputs import ROWS, a_body
from benchmarks.measure import Parts, Result, Workers, fill, timed
from contor.commands.demo import CUSTOMER_DATA, master_data
from contor.customers.customers import CreateCustomer, CustomerCreation, create_customer
from contor.documents.queries import packed
from contor.documents.tables import document_queue, document_request
from contor.documents.types import DocumentRequest
from contor.kernel.context import EVERYTHING, Caller
from contor.organizations.found import Founded, FoundOrganization, found_organization
from contor.runtime.execute import Runtime, adapter, validated

CUSTOMERS = 200
CHUNK = 2_000
WARM = 40
FLOOR = Path(os.environ.get("CONTOR_SHARED", Path(__file__).parents[2] / "shared")) / "bench" / "floor.py"


def new_tenant(runtime: Runtime, realm: str) -> tuple[Founded, Caller]:
    """A tenant with master data and customers."""
    everyone = frozenset({EVERYTHING})
    named = {"name": "Bench GmbH", "address_line1": "Weg 1", "zip": "20095", "town": "Hamburg", "realm": realm}
    command = FoundOrganization(**named, email=f"{realm}@bench.example")
    founded = runtime.execute(found_organization, command, Caller("cli", "bench", permissions=everyone))
    caller = Caller("cli", "bench", founded.test.tenant_id, permissions=everyone)
    master_data(runtime, caller)
    for number in range(CUSTOMERS):
        address = {**CUSTOMER_DATA["addresses"][0], "address_ident": f"a-{number}"}
        content = {**CUSTOMER_DATA, "customer_ident": f"c-{number}", "addresses": [address]}
        runtime.execute(create_customer, CreateCustomer(validated(CustomerCreation, content)), caller)
    return founded, caller


def store_requests(runtime: Runtime, caller: Caller, count: int, name: str = "bench", rows_each: int = ROWS) -> None:
    """Requests as `document.request` stores them. `name`: what their ids begin with, where a tenant gets more than once."""
    columns = ("request_id", "id", "document_type", "customer_ident", "received_at", "actor", "small_business", "payload")
    shape = adapter(DocumentRequest)
    for start in range(0, count, CHUNK):
        with runtime.transaction(caller) as uow:
            numbers = range(start, min(start + CHUNK, count))
            rows = []
            for number, own in zip(numbers, uow.next_ids(len(numbers)), strict=True):
                body = {**a_body(number, number % CUSTOMERS, rows_each), "requestId": f"{name}-{number}"}
                request = shape.validate_python(body, by_alias=True, by_name=False)
                received = uow.ctx.now()
                rows.append(
                    (request.request_id, own, "INVOICE", f"c-{number % CUSTOMERS}", received, "bench", False, packed(request))
                )
            uow.copy(document_request, columns, rows)
            uow.copy(document_queue, ("id", "request_id"), [(row[1], row[0]) for row in rows])


@cache
def _say_that_there_is_no_floor() -> None:
    """Once, however often it would be measured."""
    print(f"The floor is left out: there is no {FLOOR}; CONTOR_SHARED names the folder of bench/floor.py.", file=sys.stderr)


def floor(dsn: str, documents: int, *, match: int = 0) -> float | None:
    """Documents per second of the floor on this server, or lines of a bank that it matches; None where it is absent."""
    if not FLOOR.is_file():
        _say_that_there_is_no_floor()
        return None
    command = [sys.executable, str(FLOOR), "--dsn", dsn, "--documents", str(documents), "--single", "1", "--match", str(match)]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    task = "match" if match else "issue_batched"
    return next(row["per_s"] for row in map(json.loads, out.splitlines()) if row["task"] == task)


def issue_batch(
    runtime: Runtime,
    dsn: str,
    environment: dict[str, str],
    postmaster: int,
    count: int,
    workers: int,
    *,
    realm: str = "bench-batch",
    task: str = "issue_batch",
    before: Callable[[Caller], None] = lambda caller: None,
) -> Result:
    """The worker processes of an installation over stored requests of one tenant; the floor runs before and after them. `before`: what
    the tenant does first."""
    founded, caller = new_tenant(runtime, realm)
    before(caller)
    store_requests(runtime, caller, count)
    first = floor(dsn, count)
    result = Result(task, count - workers)
    with (
        Workers(environment, workers, "benchmarks.drain", founded.test.tenant_id) as running,
        timed(result, *running.pids, postmaster=postmaster),
    ):
        said = running.work()
    result.rss_mb = max(one["rss_mb"] for one in said)
    last = floor(dsn, count)
    if first and last:
        result.floor_per_s = (first + last) / 2
        result.ratio = result.per_s / result.floor_per_s
    with runtime.transaction(caller, reads=True) as uow:
        (made,) = uow.records("SELECT (SELECT count(*) FROM document) AS documents, (SELECT count(*) FROM journal_line) AS lines")
    assert made["documents"] == count, made
    shares = ", ".join(str(one["documents"]) for one in said)
    result.note = f"{made['lines'] / made['documents']:.0f} journal lines a document; documents by worker: {shares}"
    return result


# --- over HTTP ---------------------------------------------------------------------------------------------------------------


def issue_http(
    runtime: Runtime, caller: Caller, address: tuple[str, int], founded: Founded, parts: Callable[[], Parts], count: int
) -> list[Result]:
    """Eight connections post as fast as they are answered; then every request is COMPLETED. The files come behind: what was made of them
    until then is told."""
    token = token_of(address, founded.test.realm, founded.test.api_key, founded.test.api_secret)
    accepted, completed = Result("issue_http", count), Result("issue_http_completed", count)
    _post_all(runtime, caller, address, token, range(count, count + WARM))  # what a running installation has prepared already
    files = _files(runtime, caller)
    whole, began = parts(), time.perf_counter()
    with timed(accepted):
        completions = _post_all(runtime, caller, address, token, range(count), wait=False)
    accepting = whole.taken()
    times = completions.times()
    completed.per_s = count / (time.perf_counter() - began)
    taken, made = whole.taken(), _files(runtime, caller) - files
    completed.p99_s = times[math.ceil(0.99 * count) - 1]
    completed.note = f"99 of 100 COMPLETED {completed.p99_s:.2f} s after their 202, the slowest {times[-1]:.2f} s"
    issuing, filing, server = (Result(f"issue_http_{name}", count, completed.per_s) for name in ("issuing", "filing", "server"))
    issuing.note, server.note = "document workers", "server processes of nobody: log, pages, vacuum"
    filing.n, filing.per_s, filing.note = (
        made,
        made / count * completed.per_s,
        "file worker, idle priority",
    )
    fill(accepted, accepting["api"])
    accepted.note = "API processes"
    fill(issuing, taken["documents"])
    if made:
        fill(filing, taken["files"])
    fill(server, taken["server"])
    return [accepted, issuing, filing, server, fill(completed, taken["api"], taken["documents"])]


def _files(runtime: Runtime, caller: Caller) -> int:
    """How many documents have their files."""
    with runtime.transaction(caller, reads=True) as uow:
        return uow.column(int, "SELECT count(DISTINCT document_id)::int FROM document_file")[0]


def _post_all(
    runtime: Runtime, caller: Caller, address: tuple[str, int], token: str, numbers: range, *, wait: bool = True
) -> "Completions":
    """Returns when all are accepted, or (`wait`) COMPLETED."""
    completions = Completions(runtime, caller, len(numbers))
    post(address, token, numbers, "http", completions.sent)
    if wait:
        completions.times()
    return completions


def post(address: tuple[str, int], token: str, numbers: range, name: str, sent: dict[str, float]) -> None:
    """By eight connections. `name`: what the ids begin with; `sent`: gets when each request was accepted."""
    left, lock = iter(numbers), threading.Lock()
    threads = [threading.Thread(target=_post, args=(address, token, left, lock, name, sent)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def token_of(address: tuple[str, int], realm: str, key: str, secret: str) -> str:
    connection = http.client.HTTPConnection(*address)
    basic = base64.b64encode(f"{key}:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", f"/{realm}/oauth2/token", "grant_type=client_credentials", headers)
    return str(json.load(connection.getresponse())["access_token"])


def _post(address: tuple[str, int], token: str, numbers: Any, lock: threading.Lock, name: str, sent: dict[str, float]) -> None:
    connection = http.client.HTTPConnection(*address)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    while True:
        with lock:
            number = next(numbers, None)
        if number is None:
            return
        body = json.dumps({**a_body(number, number % CUSTOMERS), "requestId": f"{name}-{number}"})
        connection.request("POST", "/v2/documents/invoices", body, headers)
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status == 202, content
        sent[f"{name}-{number}"] = time.perf_counter()


class Completions:
    """When each request was seen to be COMPLETED: when its document could be read, looked for every 20 ms beside the clients."""

    def __init__(self, runtime: Runtime, caller: Caller, wanted: int) -> None:
        self._runtime, self._caller, self._wanted = runtime, caller, wanted
        self.sent: dict[str, float] = {}
        """When each request was accepted."""
        self.seen: dict[str, float] = {}
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def _look(self) -> None:
        until = time.monotonic() + 120
        while len(self.seen) < self._wanted and time.monotonic() < until:
            waiting = [request_id for request_id in list(self.sent) if request_id not in self.seen]
            with self._runtime.transaction(self._caller, reads=True) as uow:
                found = uow.column(str, "SELECT request_id FROM document WHERE request_id = ANY (%s)", (waiting,))
            now = time.perf_counter()
            self.seen.update(dict.fromkeys(found, now))
            time.sleep(0.02)

    def times(self) -> list[float]:
        """The seconds from a 202 until COMPLETED of every request, the slowest last."""
        self._thread.join()
        assert self.seen.keys() == self.sent.keys(), f"{len(self.sent) - len(self.seen)} requests were not completed"
        return sorted(self.seen[request_id] - at for request_id, at in self.sent.items())


__all__ = ["floor", "issue_batch", "issue_http", "new_tenant"]
