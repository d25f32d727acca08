"""GOCARDLESS by its SDK, against a server that behaves as it does: what is lost on the way is collected once."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import day_here
from tests.factories.creditors import AT_ONCE, Creditor
from tests.factories.gocardlesses import CREDENTIALS, SECRET, TOKEN, GoCardlesses, gocardlesses, signed
from tests.factories.tenants import Tenant

from contor.payments.providers import gocardless as module


@pytest.fixture
def server() -> Iterator[GoCardlesses]:
    with gocardlesses() as made:
        yield made


@pytest.fixture
def creditor(
    furnished: Tenant,
    client: TestClient,
    bearer: Callable[[Tenant], dict[str, str]],
    server: GoCardlesses,
    monkeypatch: pytest.MonkeyPatch,
) -> Creditor:
    monkeypatch.setitem(module.ADDRESSES, "api", server.address)
    return Creditor(furnished, client, bearer(furnished)).furnish("GOCARDLESS", credentials=CREDENTIALS)


def intended(creditor: Creditor, server: GoCardlesses, mandate: str = "active") -> str:
    creditor.account(server.mandate(mandate), paymentMethod="DIRECT_DEBIT")
    return str(creditor.intend(creditor.document(**AT_ONCE))["paymentIntentIdent"])


def later(creditor: Creditor, days: int = 1) -> None:
    creditor.turn(dt.date.fromisoformat(day_here()) + dt.timedelta(days=days))
    creditor.submit()


def call(creditor: Creditor, content: bytes, headers: Mapping[str, str | bytes]) -> int:
    path = f"/{creditor.tenant.realm}/payment-providers/1/webhooks"
    return int(creditor.client.post(path, content=content, headers=dict(headers)).status_code)


def reference_of(creditor: Creditor, ident: str) -> str:
    return str(creditor.intent(ident)["attempts"][-1]["providerReference"])


def key_of(creditor: Creditor, ident: str) -> str:
    return str(creditor.intent(ident)["attempts"][-1]["endToEndIdent"])


def paid_out(creditor: Creditor, server: GoCardlesses) -> str:
    """A debit that was collected and booked."""
    ident = intended(creditor, server)
    creditor.submit()
    assert call(creditor, *server.turn("payments", reference_of(creditor, ident), "paid_out")) == 200
    creditor.submit()
    done = creditor.intent(ident)
    assert (done["status"], done["prebooked"]) == ("SUCCESSFUL", True)
    creditor.pay("119.00", done["documentIdent"], providerReference=reference_of(creditor, ident))
    assert creditor.intent(ident)["prebooked"] is False
    return ident


def test_a_debit_succeeds_when_it_is_paid_out(creditor: Creditor, server: GoCardlesses) -> None:
    """Every step before may still fail."""
    ident = intended(creditor, server)
    creditor.submit()
    (payment,) = server.of("payments", key_of(creditor, ident))
    assert (payment["amount"], payment["currency"], payment["id"]) == (11900, "EUR", reference_of(creditor, ident))
    for status in ("submitted", "confirmed"):
        assert call(creditor, *server.turn("payments", payment["id"], status)) == 200
        creditor.submit()
        assert creditor.intent(ident)["status"] == "PROCESSING"
    server.turn("payments", payment["id"], "paid_out")  # nobody calls: it is asked for
    later(creditor)
    assert creditor.intent(ident)["status"] == "SUCCESSFUL"
    creditor.sound()


def test_two_refunds_of_a_debit(creditor: Creditor, server: GoCardlesses) -> None:
    """GoCardless is told how much is given back with it in all."""
    charge = paid_out(creditor, server)
    document = creditor.intent(charge)["documentIdent"]
    for amount in ("50.00", "20.00"):
        memo = creditor.document("credit-memos", amount, relatedDocumentIdent=document)
        refund = creditor.intend(memo, refundsPaymentIntentIdent=charge, dueDate=day_here())["paymentIntentIdent"]
        creditor.submit()
        assert creditor.intent(refund)["status"] == "PROCESSING"
        assert call(creditor, *server.turn("refunds", reference_of(creditor, refund), "paid")) == 200
        creditor.submit()
        assert creditor.intent(refund)["status"] == "SUCCESSFUL"
    assert [one["amount"] for one in server.things["refunds"].values()] == [5950, 2380]
    creditor.sound()


@pytest.mark.parametrize("fault", ["lost", "500", "500 after", "429"])
@pytest.mark.parametrize("kind", ["payments", "refunds"])
def test_a_fault_on_the_way_moves_once(creditor: Creditor, server: GoCardlesses, fault: str, kind: str) -> None:
    """Others were made since: the list of them has several pages."""
    if kind == "payments":
        ident = intended(creditor, server)
    else:
        charge = paid_out(creditor, server)
        memo = creditor.document("credit-memos", "50.00", relatedDocumentIdent=creditor.intent(charge)["documentIdent"])
        ident = creditor.intend(memo, refundsPaymentIntentIdent=charge, dueDate=day_here())["paymentIntentIdent"]
    server.faults.append(fault)
    creditor.submit()
    waiting = creditor.intent(ident)
    assert (waiting["status"], waiting["attempts"][0]["state"]) == ("PROCESSING", "SUBMITTED")
    assert "did not answer" in waiting["attempts"][0]["reason"]
    for one in list(server.things[kind].values()):
        for _ in range(3):
            server._make(kind, "XX", {**one, "metadata": {}, "id": f"XX{len(server.things[kind])}"})
    later(creditor)
    (made,) = server.of(kind, key_of(creditor, ident))
    assert (len(creditor.intent(ident)["attempts"]), reference_of(creditor, ident)) == (1, made["id"])
    call(creditor, *server.turn(kind, made["id"], "paid_out" if kind == "payments" else "paid"))
    creditor.submit()
    assert creditor.intent(ident)["status"] == "SUCCESSFUL"
    creditor.sound()


def test_a_key_that_was_used_gives_what_it_made(creditor: Creditor, server: GoCardlesses, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not found in the list; handed over again with its key, GoCardless names what is there."""
    ident = intended(creditor, server)
    server.faults.append("lost")
    creditor.submit()
    monkeypatch.setattr(module, "MOST_LOOKED_AT", 0)
    later(creditor)
    assert len(server.things["payments"]) == 1
    assert reference_of(creditor, ident) == server.of("payments", key_of(creditor, ident))[0]["id"]
    creditor.sound()


@pytest.mark.parametrize(
    ("details", "code", "days"),
    [
        ({"cause": "insufficient_funds", "scheme": "sepa_core", "reason_code": "AM04", "description": "No funds."}, "AM04", 3),
        ({"cause": "bank_account_closed", "scheme": "bacs", "reason_code": "ARUDD-B"}, "AC04", None),
        ({"cause": "something_new"}, "SOMETHING_NEW", None),
    ],
)
def test_a_debit_that_fails_says_why(
    creditor: Creditor, server: GoCardlesses, details: dict[str, str], code: str, days: int | None
) -> None:
    ident = intended(creditor, server)
    creditor.submit()
    call(creditor, *server.turn("payments", reference_of(creditor, ident), "failed", **details))
    creditor.submit()
    failed = creditor.intent(ident)
    assert (failed["status"], failed["prebooked"], failed["attempts"][0]["reasonCode"]) == ("FAILED", False, code)
    again = None if days is None else (dt.date.fromisoformat(day_here()) + dt.timedelta(days=days)).isoformat()
    assert failed.get("retryDate") == again
    creditor.sound()


@pytest.mark.parametrize("mandate", ["cancelled", "none"])
def test_a_mandate_that_is_no_more(creditor: Creditor, server: GoCardlesses, mandate: str) -> None:
    if mandate == "none":
        creditor.account("MD-unknown", paymentMethod="DIRECT_DEBIT")
        ident = creditor.intend(creditor.document(**AT_ONCE))["paymentIntentIdent"]
    else:
        ident = intended(creditor, server, mandate)
    creditor.submit()
    failed = creditor.intent(ident)
    assert (failed["status"], server.things["payments"]) == ("FAILED", {})
    assert failed["attempts"][0]["reasonCode"] == ("RESOURCE_NOT_FOUND" if mandate == "none" else "MD01")
    creditor.sound()


def test_a_call_is_a_hint_of_who_knows_the_secret(creditor: Creditor, server: GoCardlesses) -> None:
    ident = intended(creditor, server)
    creditor.submit()
    content, headers = server.turn("payments", reference_of(creditor, ident), "paid_out")
    for wrong in ({}, signed(content, "other"), {"Webhook-Signature": b"\xe4"}, signed(content + b" ")):
        assert call(creditor, content, wrong) == 401
    assert call(creditor, b"[]", signed(b"[]")) == 400
    creditor.submit()
    assert creditor.intent(ident)["status"] == "PROCESSING"
    server.things["payments"][reference_of(creditor, ident)]["status"] = "confirmed"
    assert call(creditor, content, headers) == 200
    creditor.submit()
    assert creditor.intent(ident)["status"] == "PROCESSING", "it is asked for, not believed"
    server.things["payments"][reference_of(creditor, ident)]["status"] = "paid_out"
    for _ in range(2):
        assert call(creditor, content, headers) == 200
        creditor.submit()
    assert creditor.intent(ident)["status"] == "SUCCESSFUL"
    assert len(server.things["payments"]) == 1
    creditor.sound()


def test_what_the_banks_do_not_have_is_stopped(creditor: Creditor, server: GoCardlesses) -> None:
    """And what they have is not."""
    from contor.payments.providers import Instruction

    one = module.GoCardless({"accessToken": TOKEN})
    now = dt.datetime(2999, 1, 1, tzinfo=dt.UTC)
    for key, status, outcome in (("k-1", "pending_submission", "CANCELLED"), ("k-2", "submitted", "SUBMITTED")):
        said = Instruction(key, "CHARGE", Decimal(10), "EUR", None, server.mandate(), None, None, now)
        made = one.submit(said)
        assert made.reference is not None
        server.things["payments"][made.reference]["status"] = status
        assert one.cancel(said).outcome == outcome


def test_no_credential_is_shown(creditor: Creditor, server: GoCardlesses) -> None:
    intended(creditor, server)
    creditor.submit()
    shown = str(creditor.call("GET", "/v2/payment-providers/1")) + str(creditor.tenant.rows("SELECT change::text FROM audit_entry"))
    assert TOKEN not in shown
    assert SECRET not in shown


@pytest.mark.parametrize(
    "content",
    [b"{", b"[]", b'{"events": null}', b'{"events": [1]}', b"\xff", b'{"events":' + b"[" * 50_000],
    ids=["half", "list", "none", "numbers", "no text", "deep"],
)
def test_a_call_that_tells_of_no_events(creditor: Creditor, server: GoCardlesses, content: bytes) -> None:
    path = f"/{creditor.tenant.realm}/payment-providers/1/webhooks"
    answer = creditor.client.post(path, content=content, headers=signed(content))
    assert (answer.status_code, "list of objects in events" in answer.json()["message"]) == (400, True)
