"""Killed in the middle of a dunning run: whoever comes next goes on with it, and every case has one letter.

A process of its own does what a worker does with the run, and is killed by SIGKILL within a transaction, after all that it has written, or
between two; then another one comes.
"""

import signal
from collections import Counter
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.factories.killed import AT_COUNT
from tests.factories.nests import Nest
from tests.factories.reminding import RUNS, Reminding
from tests.factories.tenants import Tenant

CASES, BATCH = 200, 40
CHILD = (
    AT_COUNT
    + """
from contor.app import make_runtime
from contor.dunning.runs import work
from contor.runtime.config import Config

home, dsn, tenant, batch, where, times = sys.argv[1:]
runtime = make_runtime(Config(home=Path(home)), dsn)
runtime.database.open()
work._go_on.__defaults__ = (int(batch),)
watch(runtime, where, int(times), "dunning_run", lambda name: name in ("dunning_run.make_next", "dunning_run.preview_next"))
work.look(runtime, int(tenant))
print("it came to its end")
"""
)


@pytest.fixture
def creditor(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Reminding:
    made = Reminding(furnished, client, bearer(furnished))
    made.turn("2026-01-05")
    return made


def worker(nest: Nest, creditor: Reminding, dsn: str, where: str = "nowhere", times: int = 0) -> int:
    """What a worker process does with the run until it is killed, or has nothing left to do; how it ended."""
    runtime = creditor.tenant.runtime
    ended = nest.run(CHILD, str(runtime.config.home), dsn, str(creditor.tenant.id), str(BATCH), where, str(times))
    assert ended.returncode in (0, -signal.SIGKILL), ended.output + ended.errors
    return ended.returncode


def test_killed_at_every_third_step_of_a_run_each_case_has_one_letter(creditor: Reminding, process_dsn: str, nest: Nest) -> None:
    creditor.duns([{"daysAfter": 14, "fee": "5.00"}], dueDateAgreed=True, combine=False)
    for _ in range(CASES):
        creditor.ask("invoices", 202, "100.00", paymentTerm={"periodInDays": 14})
    creditor.work()
    creditor.turn("2026-01-20")
    run = creditor.call("POST", RUNS, {}, 201)["runIdent"]
    assert worker(nest, creditor, process_dsn, "within", 2) == -signal.SIGKILL  # in the preview, which is not committed
    assert worker(nest, creditor, process_dsn) == 0
    assert creditor.call("GET", f"{RUNS}/{run}")["status"] == "PREVIEWED"
    creditor.call("POST", f"{RUNS}/{run}/actions/approve")
    for where, times in (("within", 1), ("between", 2), ("within", 3)):
        assert worker(nest, creditor, process_dsn, where, times) == -signal.SIGKILL
    made = creditor.tenant.rows("SELECT count(*) AS letters FROM dunning_letter WHERE status = 'MADE'")
    assert 0 < made[0].letters < CASES
    assert worker(nest, creditor, process_dsn) == 0
    assert creditor.call("GET", f"{RUNS}/{run}")["status"] == "COMPLETED"
    rows = creditor.tenant.rows(
        "SELECT i.document_id, l.status FROM dunning_item i JOIN dunning_letter l ON l.tenant_id = i.tenant_id"
        " AND l.letter_id = i.letter_id"
    )
    assert Counter(row.status for row in rows) == {"MADE": CASES}
    assert len({row.document_id for row in rows}) == CASES
    levels = creditor.tenant.rows("SELECT dunning_level FROM opos_case")
    assert Counter(row.dunning_level for row in levels) == {1: CASES}
    claims = creditor.tenant.rows("SELECT document_id FROM dunning_claim")
    assert Counter(Counter(row.document_id for row in claims).values()) == {1: CASES}
    creditor.sound()
