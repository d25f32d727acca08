"""Ten thousand notifications to a receiver that fails at random, by a sender that is killed ten times: each arrives at least once, those
of a subject in their order, and their numbers have no gap.

A process of its own sends as a worker does, and is killed by SIGKILL whenever a further share has arrived; then another one goes on.
"""

import random
import signal
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

import pytest
from starlette.testclient import TestClient
from tests.checkers.waiting import MINUTES
from tests.factories.nests import Nest
from tests.factories.receivers import Received, Says, a_receiver
from tests.factories.telling import Telling
from tests.factories.tenants import Tenant

from contor.customers.events import CustomersUpdated
from contor.kernel.operations import Operation
from contor.kernel.work import WORK
from contor.runtime.uow import Uow
from contor.runtime.work.tenants import mark_everyone

CHILD = """
import datetime as dt, sys, time
from pathlib import Path
from contor.app import make_runtime
from contor.kernel.work import WORK
from contor.notifications.delivering import Sender, plan, sender
from contor.runtime.config import Config
from contor.runtime.outbound import outbound
from contor.runtime.work.tenants import look_around

home, dsn = sys.argv[1:]
runtime = make_runtime(Config(home=Path(home), outbound_networks="127.0.0.0/8"), dsn)
runtime.database.open()
plan.LONGEST_PAUSE = dt.timedelta(seconds=0.3)
sender._SENDERS[runtime] = Sender(runtime, outbound(runtime.config), held_seconds=6, try_seconds=3)
while True:
    look_around(runtime, WORK["notifications"])
    time.sleep(0.05)
"""
EVENTS, SUBJECTS, AT_ONCE, KILLS = 10_000, 200, 100, 10
WAITED_FOR = 2
"""Kills after which the route is held until its seconds are over."""


class Forgetful:
    """A receiver that fails with one try in ten, at most twice with the same notification, and remembers what it has taken."""

    def __init__(self, seed: int) -> None:
        self.chance, self.lock = random.Random(seed), threading.Lock()
        self.failed: Counter[str] = Counter()
        self.taken: dict[str, int] = {}
        """By ident, the place of its first arrival."""
        self.again = 0

    def __call__(self, request: Received) -> Says:
        ident = request.headers["webhook-id"]
        with self.lock:
            if self.failed[ident] < 2 and self.chance.random() < 0.1:
                self.failed[ident] += 1
                return Says(self.chance.choice((500, 503, 429)))
            if ident in self.taken:
                self.again += 1
            self.taken.setdefault(ident, len(self.taken))
        return Says()


@pytest.fixture
def company(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Telling:
    return Telling(furnished, client, bearer(furnished))


def tell(uow: Uow, idents: Sequence[str]) -> None:
    """These customers were changed, as far as others hear of it."""
    uow.emit(CustomersUpdated(customer_idents=tuple(idents)))


def tell_all(company: Telling) -> None:
    said: Operation[Sequence[str], None] = Operation("customer.tell", "customers.write", None, None, tell)
    for number in range(0, EVENTS, AT_ONCE):
        company.tenant.execute(said, [f"c-{(number + place) % SUBJECTS}" for place in range(AT_ONCE)])


def test_nothing_is_lost_or_overtaken_however_often_the_sender_is_killed(company: Telling, process_dsn: str, nest: Nest) -> None:
    taking = Forgetful(seed=27)
    with a_receiver(taking) as receiver:
        company.route(receiver, resends=20, firstPauseSeconds=1)
        telling = threading.Thread(target=tell_all, args=(company,))
        telling.start()
        killed = 0
        command = CHILD, str(company.tenant.runtime.config.home), process_dsn
        sender = nest.start(*command)
        try:
            until = time.monotonic() + MINUTES
            while len(taking.taken) < EVENTS:
                assert time.monotonic() < until, f"{len(taking.taken)} arrived, {killed} kills"
                assert sender.poll() is None, "the sender ended by itself"
                if killed < KILLS and len(taking.taken) > (killed + 1) * EVENTS // (KILLS + 2):
                    sender.kill()
                    assert sender.wait() == -signal.SIGKILL
                    killed += 1
                    if killed > WAITED_FOR:
                        let_go(company)
                    sender = nest.start(*command)
                time.sleep(0.01)
            assert killed == KILLS
            wait_until_told(company, until)
        finally:
            sender.kill()
            sender.wait()
            telling.join()
    rows = company.tenant.rows("SELECT sequence, ident, subject FROM notification ORDER BY sequence")
    assert [row.sequence for row in rows] == list(range(1, EVENTS + 1)), "no gap"
    assert {row.ident for row in rows} == taking.taken.keys(), "each at least once, and nothing else"
    places: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        places[row.subject].append(taking.taken[row.ident])
    assert [subject for subject, found in places.items() if found != sorted(found)] == [], "each subject in its order"
    assert len(places) == SUBJECTS
    print(f"{taking.again} arrived more than once, {sum(taking.failed.values())} were refused at first")
    company.sound()


def let_go(company: Telling) -> None:
    """The seconds are over for which the killed sender held the route."""
    runtime = company.tenant.runtime
    with runtime.transaction(company.tenant.caller()) as uow:
        uow.run("UPDATE notification_progress SET held_until = now() WHERE held_until > now()")
    mark_everyone(runtime, WORK["notifications"])


def wait_until_told(company: Telling, until: float) -> None:
    """What has arrived is written down as well."""
    sql = "SELECT status, count(*) AS count FROM notification_delivery GROUP BY 1"
    while (found := {row.status: row.count for row in company.tenant.rows(sql)}) != {"DELIVERED": EVENTS}:
        assert time.monotonic() < until, found
        time.sleep(0.05)
    # not asked by the API: the token of the beginning may have ended
    assert [row.status for row in company.tenant.rows("SELECT status FROM notification_route")] == ["ACTIVE"]
