"""STRIPE by its SDK, against localstripe as a real server: what is lost on the way is charged once."""

import datetime as dt
import json
import time
from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import day_here
from tests.factories.creditors import AT_ONCE, Creditor
from tests.factories.stripes import ASKS, CREDENTIALS, DECLINED, KEY, Stripes, reach, signed, stripes
from tests.factories.tenants import Tenant


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


def charged(creditor: Creditor, server: Stripes, number: str | None = None) -> str:
    customer, method = server.payer(number) if number else server.payer()
    creditor.account(method, paymentProviderReference=customer, paymentMethod="CREDIT_CARD")
    return str(creditor.intend(creditor.document(**AT_ONCE))["paymentIntentIdent"])


def later(creditor: Creditor) -> None:
    """When who did not answer is asked."""
    creditor.turn(dt.date.fromisoformat(day_here()) + dt.timedelta(days=1))
    creditor.submit()


def test_a_charge_and_its_refund(creditor: Creditor, server: Stripes) -> None:
    ident = charged(creditor, server)
    creditor.submit()
    done = creditor.intent(ident)
    (attempt,) = done["attempts"]
    assert (done["status"], done["prebooked"], attempt["state"]) == ("SUCCESSFUL", True, "SUCCESSFUL")
    (charge,) = server.charges(attempt["endToEndIdent"])
    assert (charge["id"], charge["amount"], charge["currency"]) == (attempt["providerReference"], 11900, "eur")
    creditor.pay("119.00", "payout", providerReference=charge["id"])
    assert creditor.intent(ident)["prebooked"] is False
    creditor.pay("119.00", done["documentIdent"])
    memo = creditor.document("credit-memos", "50.00", relatedDocumentIdent=done["documentIdent"])
    assert "name the charge" in str(creditor.intend(memo, 400, type="REFUND"))
    refund = creditor.intend(memo, refundsPaymentIntentIdent=ident, dueDate=day_here())
    creditor.submit()
    given = creditor.intent(refund["paymentIntentIdent"])
    assert (given["status"], [it["amount"] for it in server.refunds(given["attempts"][0]["endToEndIdent"])]) == (
        "SUCCESSFUL",
        [5950],
    )
    creditor.sound()


@pytest.mark.parametrize(("number", "code", "days"), [(DECLINED, "MS03", 3), (ASKS, "REQUIRES_ACTION", None)])
def test_a_card_that_is_declined(creditor: Creditor, server: Stripes, number: str, code: str, days: int | None) -> None:
    ident = charged(creditor, server, number)
    creditor.submit()
    failed = creditor.intent(ident)
    assert (failed["status"], failed["prebooked"], failed["attempts"][0]["reasonCode"]) == ("FAILED", False, code)
    again = None if days is None else (dt.date.fromisoformat(day_here()) + dt.timedelta(days=days)).isoformat()
    assert failed.get("retryDate") == again
    creditor.sound()


@pytest.mark.parametrize("fault", ["lost", "500", "500 after"])
def test_a_fault_on_the_way_charges_once(creditor: Creditor, server: Stripes, fault: str) -> None:
    ident = charged(creditor, server)
    server.faults.append(fault)
    creditor.submit()
    waiting = creditor.intent(ident)
    assert (waiting["status"], waiting["attempts"][0]["state"]) == ("PROCESSING", "SUBMITTED")
    assert "did not answer" in waiting["attempts"][0]["reason"]
    later(creditor)
    done = creditor.intent(ident)
    assert (done["status"], len(done["attempts"])) == ("SUCCESSFUL", 1)
    assert len(server.charges(done["attempts"][0]["endToEndIdent"])) == 1
    creditor.sound()


def test_what_stripe_does_not_know_fails(creditor: Creditor, server: Stripes) -> None:
    creditor.account("pm_unknown", paymentProviderReference="cus_unknown")
    ident = creditor.intend(creditor.document(**AT_ONCE))["paymentIntentIdent"]
    creditor.submit()
    assert creditor.intent(ident)["status"] == "FAILED"
    creditor.sound()


def test_no_credential_is_shown(creditor: Creditor, server: Stripes) -> None:
    charged(creditor, server)
    creditor.submit()
    assert KEY not in str(creditor.call("GET", "/v2/payment-providers/1"))
    assert KEY not in str(creditor.tenant.rows("SELECT change::text FROM audit_entry"))


def test_a_webhook_is_a_hint_and_asked_for_once(creditor: Creditor, server: Stripes) -> None:
    """An answer was lost; Stripe calls, twice, and once by somebody else."""
    ident = charged(creditor, server)
    server.faults.append("lost")
    creditor.submit()
    key = creditor.intent(ident)["attempts"][0]["endToEndIdent"]
    about = {"id": "pi_1", "object": "payment_intent", "metadata": {"attempt": key}}
    content = json.dumps({"id": "evt_1", "object": "event", "type": "payment_intent.succeeded", "data": {"object": about}}).encode()
    path = f"/{creditor.tenant.realm}/payment-providers/1/webhooks"
    for wrong in ({}, signed(content, "whsec_other"), signed(content + b" "), signed(content, at=time.time() - 3600)):
        assert creditor.client.post(path, content=content, headers=wrong).status_code == 401
    creditor.submit()
    assert creditor.intent(ident)["status"] == "PROCESSING"
    for _ in range(2):
        assert creditor.client.post(path, content=content, headers=signed(content)).status_code == 200
        creditor.submit()
    assert creditor.intent(ident)["status"] == "SUCCESSFUL"
    assert len(server.charges(key)) == 1
    assert creditor.client.post(path, content=content, headers=signed(content)).status_code == 200
    creditor.submit()
    assert len(creditor.intent(ident)["attempts"]) == 1
    creditor.sound()


@pytest.mark.parametrize("path", ["/nobody/payment-providers/1/webhooks", "/{realm}/payment-providers/2/webhooks"])
def test_a_call_to_nobody(creditor: Creditor, path: str) -> None:
    assert creditor.client.post(path.format(realm=creditor.tenant.realm), content=b"{}", headers=signed(b"{}")).status_code == 404


@pytest.mark.parametrize(
    "content",
    [b"[]", b"null", b'"x"', b'{"id": 1}', b'{"data": {"object": null}}', b"{", b"[" * 50_000],
    ids=["list", "null", "text", "no data", "no object", "half", "deep"],
)
def test_a_call_that_is_no_event(creditor: Creditor, server: Stripes, content: bytes) -> None:
    charged(creditor, server)
    path = f"/{creditor.tenant.realm}/payment-providers/1/webhooks"
    answer = creditor.client.post(path, content=content, headers=signed(content))
    assert (answer.status_code, "data.object" in answer.json()["message"]) == (400, True)
