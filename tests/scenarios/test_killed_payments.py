"""M20: killed between every two steps of a charge or refund: whoever comes next finds what was done, and nothing moves twice.

A process of its own looks into the tenant's intents and is killed by SIGKILL at one step; then another one looks.
"""

import datetime as dt
import signal
from collections.abc import Callable
from decimal import Decimal

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import day_here
from tests.factories.creditors import AT_ONCE, Creditor
from tests.factories.killed import AT_STEP
from tests.factories.nests import Nest
from tests.factories.tenants import Tenant

D = Decimal
CHILD = (
    AT_STEP
    + """
from contor.app import make_runtime
from contor.payments.intents import attempts, worker
from contor.payments.providers.simulated import Simulated
from contor.runtime.config import Config

home, dsn, tenant, step = sys.argv[1:]
runtime = make_runtime(Config(home=Path(home)), dsn)
runtime.database.open()

watch(runtime)
Simulated.submit = dying("the call", Simulated.submit)
worker.look(runtime, int(tenant))
print("it came to its end")
"""
)
STEPS = (
    "before payment_attempt.take",
    "after payment_attempt.take",
    "before the call",
    "before simulated_transfer.make",
    "after simulated_transfer.make",
    "after the call",
    "before payment_attempt.keep",
    "after payment_attempt.keep",
)


@pytest.fixture
def creditor(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Creditor:
    return Creditor(furnished, client, bearer(furnished)).furnish()


def killed_at(nest: Nest, creditor: Creditor, dsn: str, step: str) -> None:
    runtime = creditor.tenant.runtime
    ended = nest.run(CHILD, str(runtime.config.home), dsn, str(creditor.tenant.id), step)
    assert ended.returncode == -signal.SIGKILL, ended.output + ended.errors


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", ["charge", "refund"])
def test_m20_killed_at_every_step_money_moves_once(creditor: Creditor, process_dsn: str, nest: Nest, step: str, kind: str) -> None:
    creditor.account()
    invoice = creditor.document(**AT_ONCE)
    made = creditor.intend(invoice)
    expected = [(D(119), "SUCCESSFUL")]
    if kind == "refund":
        creditor.submit()
        creditor.pay("119.00", invoice, endToEndIdent=creditor.intent(made["paymentIntentIdent"])["attempts"][0]["endToEndIdent"])
        memo = creditor.document("credit-memos", "50.00", relatedDocumentIdent=invoice)
        made = creditor.intend(memo, refundsPaymentIntentIdent=made["paymentIntentIdent"], dueDate=day_here())
        expected = [*expected, (D("59.5"), "SUCCESSFUL")]
    killed_at(nest, creditor, process_dsn, step)
    creditor.submit()
    intent = creditor.intent(made["paymentIntentIdent"])
    assert (intent["status"], [it["state"] for it in intent["attempts"]]) == ("SUCCESSFUL", ["SUCCESSFUL"])
    assert creditor.moved() == expected
    creditor.sound()


def test_a_delayed_result_that_meets_a_killed_worker(creditor: Creditor, process_dsn: str, nest: Nest) -> None:
    """Asked for twice, it is heard once."""
    creditor.account("slow")
    made = creditor.intend(creditor.document(**AT_ONCE))
    today = dt.date.fromisoformat(day_here())
    creditor.turn(today)
    creditor.submit()
    creditor.turn(today, hour=10)
    killed_at(nest, creditor, process_dsn, "before payment_attempt.keep")
    creditor.submit()
    assert creditor.intent(made["paymentIntentIdent"])["status"] == "SUCCESSFUL"
    assert creditor.moved() == [(D(119), "SUCCESSFUL")]
    creditor.sound()
