"""Killed inside a provider's call: a call is only a hint, so that it is heard again, or the attempt is asked for without it; nothing moves
twice.

A process of its own takes the signed call, looks into the tenant's intents, and is killed by SIGKILL at one step; then another one goes on.
"""

import json
import signal
from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import day_here
from tests.factories.creditors import AT_ONCE, Creditor
from tests.factories.killed import AT_STEP
from tests.factories.nests import Nest
from tests.factories.stripes import CREDENTIALS, Stripes, reach, signed, stripes
from tests.factories.tenants import Tenant

CHILD = (
    AT_STEP
    + """
from contor.app import make_runtime
from contor.kernel.context import EVERYTHING, Caller
from contor.payments.intents import Called, processing, take_call, worker
from contor.payments.providers import stripe
from contor.runtime.config import Config
from contor.runtime.uow import Uow

home, dsn, tenant, step, address, signature = sys.argv[1:]
content = sys.stdin.buffer.read()
stripe.ADDRESSES["api"] = address
runtime = make_runtime(Config(home=Path(home)), dsn)
runtime.database.open()

watch(runtime)
processing.references_called = dying("the signature", processing.references_called)
stripe.Stripe.ask = dying("the question", stripe.Stripe.ask)
if step.endswith("the hint"):  # written, and not committed
    Uow.mark = dying("the hint", Uow.mark)
who = Caller("provider", "call", int(tenant), permissions=frozenset({EVERYTHING}))
runtime.execute(take_call, Called(1, content, signature), who)
worker.look(runtime, int(tenant))
print("it came to its end")
"""
)
CALL = ("payment_provider.take_call", "the signature", "the hint", "payment_attempt.take", "the question", "payment_attempt.keep")
STEPS = [f"{when} {moment}" for moment in CALL for when in ("before", "after")]


@pytest.fixture(scope="module")
def server() -> Iterator[Stripes]:
    with stripes() as made:
        yield made


@pytest.fixture
def creditor(
    furnished: Tenant,
    client: TestClient,
    bearer: Callable[[Tenant], dict[str, str]],
    server: Stripes,
    monkeypatch: pytest.MonkeyPatch,
) -> Creditor:
    reach(server, monkeypatch)
    return Creditor(furnished, client, bearer(furnished)).furnish("STRIPE", credentials=CREDENTIALS)


def killed_at(nest: Nest, creditor: Creditor, dsn: str, step: str, content: bytes, address: str) -> None:
    runtime = creditor.tenant.runtime
    said = [str(runtime.config.home), dsn, str(creditor.tenant.id), step, address, signed(content)["Stripe-Signature"]]
    ended = nest.run(CHILD, *said, heard=content)
    assert ended.returncode == -signal.SIGKILL, ended.output + ended.errors


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", ["charge", "refund"])
def test_killed_at_every_step_of_a_call_money_moves_once(
    creditor: Creditor, process_dsn: str, nest: Nest, server: Stripes, kind: str, step: str
) -> None:
    """The answer to the charge or refund was lost, and the provider calls. It calls again, since nobody has answered."""
    customer, method = server.payer()
    creditor.account(method, paymentProviderReference=customer, paymentMethod="CREDIT_CARD")
    invoice = creditor.document(**AT_ONCE)
    charge = creditor.intend(invoice)["paymentIntentIdent"]
    if kind == "refund":
        creditor.submit()
        creditor.pay("119.00", invoice, providerReference=creditor.intent(charge)["attempts"][0]["providerReference"])
        memo = creditor.document("credit-memos", "50.00", relatedDocumentIdent=invoice)
        ident = creditor.intend(memo, refundsPaymentIntentIdent=charge, dueDate=day_here())["paymentIntentIdent"]
    else:
        ident = charge
    server.faults.append("lost")
    creditor.submit()
    waiting = creditor.intent(ident)
    assert (waiting["status"], waiting["attempts"][0]["state"]) == ("PROCESSING", "SUBMITTED")
    key = waiting["attempts"][0]["endToEndIdent"]
    about = {"id": "x_1", "object": kind, "metadata": {"attempt": key}}
    content = json.dumps({"id": "evt_1", "object": "event", "type": f"{kind}.updated", "data": {"object": about}}).encode()
    killed_at(nest, creditor, process_dsn, step, content, server.address)
    path = f"/{creditor.tenant.realm}/payment-providers/1/webhooks"
    assert creditor.client.post(path, content=content, headers=signed(content)).status_code == 200
    creditor.submit()
    done = creditor.intent(ident)
    assert (done["status"], [it["state"] for it in done["attempts"]]) == ("SUCCESSFUL", ["SUCCESSFUL"])
    moved = server.charges(key) if kind == "charge" else server.refunds(key)
    assert len(moved) == 1
    creditor.sound()
