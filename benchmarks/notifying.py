"""Notifications: what writing them costs whoever causes them, and how many are sent in a second."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from benchmarks.issuing import issue_batch, new_tenant
from benchmarks.measure import Result, rss_mb, timed
from contor.customers.events import CustomersUpdated
from contor.kernel.context import Caller
from contor.kernel.operations import Operation
from contor.notifications.delivering import send_due
from contor.notifications.routes import ROUTES
from contor.runtime.execute import Runtime
from contor.runtime.resource import Written
from contor.runtime.uow import Uow

AT_ONCE = 500
SUBJECTS = 5_000


def tell(uow: Uow, idents: Sequence[str]) -> None:
    """These customers were changed, as far as others hear of it."""
    uow.emit(CustomersUpdated(customer_idents=tuple(idents)))


SAID: Operation[Sequence[str], None] = Operation("customer.tell", "customers.write", None, None, tell)


def a_route(runtime: Runtime, caller: Caller, url: str, status: str = "ACTIVE") -> None:
    body = {"ident": "bench", "type": "*", "url": url, "status": status}
    runtime.execute(ROUTES.create, Written((), body), caller)


def issue_told(runtime: Runtime, dsn: str, environment: dict[str, str], postmaster: int, count: int, workers: int) -> Result:
    """`issue_batch` of a tenant whose documents are told: what is sent of them later is not in it."""
    return issue_batch(
        runtime,
        dsn,
        environment,
        postmaster,
        count,
        workers,
        realm="bench-told",
        task="issue_batch_told",
        before=lambda caller: a_route(runtime, caller, "https://receiver.example.com/", "PAUSED"),
    )


def notifications(runtime: Runtime, postmaster: int, port: int, pid: int, count: int) -> Iterator[Result]:
    """Written in batches, then sent to a receiver on this machine, which takes a part of it."""
    _, caller = new_tenant(runtime, "bench-notifications")
    assert caller.tenant_id is not None
    runtime.config = replace(runtime.config, outbound_networks="127.0.0.0/8")
    a_route(runtime, caller, f"http://127.0.0.1:{port}/")
    written = Result("notifications_written", count)
    with timed(written, pid, postmaster=postmaster):
        for first in range(0, count, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, count))
            runtime.execute(SAID, [f"c-{number % SUBJECTS}" for number in numbers], caller)
    written.note = f"{AT_ONCE} in a transaction"
    yield written
    sent = Result("notifications_sent", count)
    receiver = subprocess.Popen([sys.executable, "-m", "benchmarks.receiving", str(port)], stdout=subprocess.PIPE)
    try:
        assert receiver.stdout is not None
        receiver.stdout.readline()
        with timed(sent, pid, postmaster=postmaster):
            began = time.monotonic()
            send_due(runtime, caller.tenant_id)
            sent.note = f"one route, one process, receiver on the same machine; {time.monotonic() - began:.1f} s"
    finally:
        receiver.kill()
        receiver.wait()
    sent.rss_mb = rss_mb(pid)
    with runtime.transaction(caller, reads=True) as uow:
        states = uow.records("SELECT status, count(*) AS count FROM notification_delivery GROUP BY status")
    assert states == [{"status": "DELIVERED", "count": count}], states
    yield sent
