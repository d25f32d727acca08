"""Months of business by the test clock while workers are killed in the middle of it, again and again: contracts, periods and amounts are
those of the undisturbed months.
"""

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from tests.checkers.books import billed, sound
from tests.checkers.waiting import until
from tests.factories.tenants import Tenant
from tests.factories.years import FIRST, Year

from contor.billing.runs import run_tenant

CONTRACTS = min(int(os.environ.get("CONTOR_YEAR_CONTRACTS", "400")), 300)
DAYS, KILLS = 190, 20

WORKERS = """
import os, sys
from contor.app import make_runtime
from contor.billing.runs import run_tenant
from contor.runtime.config import Config
config = Config.from_environment()
for tenant in sys.stdin:
    worker = os.fork()
    if not worker:
        runtime = make_runtime(config, config.database_url)
        runtime.database.open()
        print(os.getpid(), flush=True)
        run_tenant(runtime, int(tenant), batch=5)
        os._exit(0)
    sys.stdin.readline()
    print(os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]), flush=True)
"""
"""Makes a worker for each tenant it is told, and says how it ended when it is asked: to load the program for each one is what would take
the time."""


_HELD = (
    "SELECT count(*) AS held FROM pg_locks WHERE locktype = 'relation' AND pid <> pg_backend_pid()"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class Workers:
    """Processes at work that die in the middle of it."""

    def __init__(self, home: Path, dsn: str) -> None:
        environment = {**os.environ, "DATABASE_URL": dsn, "CONTOR_HOME": str(home)}
        command = [sys.executable, "-c", WORKERS]
        self._maker = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._maker.communicate()

    def _ask(self, line: object = "") -> int:
        assert self._maker.stdin is not None and self._maker.stdout is not None
        self._maker.stdin.write(f"{line}\n")
        return int(self._maker.stdout.readline())

    def kill(self, tenant: Tenant, after: float) -> bool:
        """Let one begin and kill it a moment later; whether it was still at work."""
        worker = self._ask(tenant.id)
        time.sleep(after)
        os.kill(worker, signal.SIGKILL)
        was_at_work = self._ask() == -signal.SIGKILL
        # PostgreSQL goes on with its statement, and holds its customers, until it notices: billed a day later, with what is due then, they
        # would get other documents than in the undisturbed months
        until(lambda: not tenant.rows(_HELD)[0].held, "nobody holds what the killed worker was at")
        return was_at_work


def test_the_same_months_with_killed_workers(new_tenant: Callable[[], Tenant], database_url: str) -> None:
    calm, rough = new_tenant(), new_tenant()
    chance, kills, longest = random.Random(5), 0, 0.08
    with Workers(rough.runtime.config.home, database_url) as workers:
        for tenant in (calm, rough):
            year = Year(tenant, CONTRACTS, seed=11)
            for number in range(DAYS):
                day = FIRST + dt.timedelta(days=number)
                year.live(day)
                if tenant is rough and number % 4 == 0 and number > 20 and kills < KILLS:
                    if workers.kill(tenant, chance.random() * longest):
                        kills += 1
                    else:
                        longest /= 2  # it was quicker
                run_tenant(tenant.runtime, tenant.id)
    assert kills >= KILLS - 2, "the workers were too quick to be killed at work"
    assert billed(rough) == billed(calm)
    assert sound(rough) == []
    sums = [
        tenant.rows("SELECT document_type, sum(net) AS net, sum(tax) AS tax FROM document GROUP BY 1 ORDER BY 1")
        for tenant in (calm, rough)
    ]
    assert sums[0] == sums[1]
