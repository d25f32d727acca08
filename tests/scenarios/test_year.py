"""A year of business by the test clock: hundreds of contracts of mixed plans, with changes, ends, late usages and price adaptations,
day by day. Then the books and the contracts agree, also when workers are killed in the middle of it, again and again.
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
from tests.factories.tenants import Tenant
from tests.factories.years import FIRST, Year

from contor.billing.runs import run_tenant

CONTRACTS = int(os.environ.get("CONTOR_YEAR_CONTRACTS", "400"))
DAYS = 365
ROUGH_DAYS, KILLS = 190, 20


def test_a_year_of_many_contracts(new_tenant: Callable[[], Tenant]) -> None:
    """Every period of every contract once; what stands is what the contracts say; documents, credits, entries and numbers agree."""
    tenant = new_tenant()
    year = Year(tenant, CONTRACTS)
    documents = 0
    for number in range(DAYS):
        year.live(FIRST + dt.timedelta(days=number))
        report = run_tenant(tenant.runtime, tenant.id)
        assert (report.failed, report.parked) == (0, ()), tenant.rows(
            "SELECT customer_ident, kind, period_start, processing_error FROM billable_item WHERE processing_status = 'ERROR'"
        ) + tenant.rows("SELECT customer_ident, reason FROM billing_parking")
        documents += report.documents
    assert sound(tenant) == []
    counts = tenant.rows(
        "SELECT (SELECT count(*) FROM contract) AS contracts, (SELECT count(*) FROM document) AS documents,"
        " (SELECT count(*) FROM document WHERE document_type = 'SELF_BILLING_INVOICE') AS commissions,"
        " (SELECT count(*) FROM document WHERE gross <> 0) AS worth, (SELECT count(*) FROM contract_allowance) AS allowances,"
        " (SELECT count(*) FROM document WHERE document_type = 'CREDIT_MEMO') AS credits,"
        " (SELECT count(*) FROM document WHERE tax = 0) AS untaxed,"
        " (SELECT count(*) FROM usage WHERE status = 'BILLED') AS usages,"
        " (SELECT count(*) FROM usage WHERE status = 'CANCELLED' AND item_id IS NOT NULL) AS given_back,"
        " (SELECT count(*) FROM billable_item WHERE business_case LIKE 'CORRECTION%%' AND total <> 0) AS corrections"
    )[0]
    assert counts.contracts == CONTRACTS + 1 and counts.commissions == 11  # its partner's
    assert counts.documents == documents > CONTRACTS
    assert year.changes > 100 and counts.credits > 20 and counts.usages > 500 and counts.allowances > CONTRACTS / 5
    states = {row.status: row.n for row in tenant.rows("SELECT status, count(*) AS n FROM rated_usage GROUP BY 1")}
    assert states["BILLED"] > 100 and {"OPEN", "CANCELLED", "ERROR"} <= states.keys()
    assert counts.given_back > 50 and counts.corrections > 10
    balance = tenant.rows("SELECT sum(CASE side WHEN 'D' THEN amount ELSE -amount END) AS b, count(*) AS n FROM journal_line")[0]
    assert (balance.b, balance.n >= 3 * counts.worth - counts.untaxed) == (0, True)  # corrections of cents bear no tax


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
        return self._ask() == -signal.SIGKILL


def test_the_same_months_with_killed_workers(new_tenant: Callable[[], Tenant], database_url: str) -> None:
    """Contracts, periods and amounts are those of the undisturbed months."""
    contracts = min(CONTRACTS, 300)
    calm, rough = new_tenant(), new_tenant()
    chance, kills = random.Random(5), 0
    with Workers(rough.runtime.config.home, database_url) as workers:
        for tenant in (calm, rough):
            year = Year(tenant, contracts, seed=11)
            for number in range(ROUGH_DAYS):
                day = FIRST + dt.timedelta(days=number)
                year.live(day)
                if tenant is rough and number % 4 == 0 and number > 20 and kills < KILLS:
                    kills += workers.kill(tenant, chance.random() * 0.08)
                run_tenant(tenant.runtime, tenant.id)
    assert kills >= KILLS - 2, "the workers were too quick to be killed at work"
    assert billed(rough) == billed(calm)
    assert sound(rough) == []
    sums = [
        tenant.rows("SELECT document_type, sum(net) AS net, sum(tax) AS tax FROM document GROUP BY 1 ORDER BY 1")
        for tenant in (calm, rough)
    ]
    assert sums[0] == sums[1]
