"""Payment methods to which customers agree at providers: begun once, kept from the beginning, collected by only once they have agreed."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.creditors import AT_ONCE, Creditor
from tests.factories.stripes import CARD, CREDENTIALS, Stripes, reach, signed, stripes
from tests.factories.telling import ROUTES
from tests.factories.tenants import Tenant

from contor.kernel.errors import Refused
from contor.kernel.work import Elsewhere
from contor.payments.methods import (
    BeginMethod,
    MethodBody,
    MethodChange,
    MethodView,
    OneMethod,
    RemovalBody,
    RemoveMethod,
    SetupBody,
    TokenData,
    UpdateMethod,
    begin_method,
    get_method,
    remove_method,
    update_method,
)
from contor.payments.providers import SetupOrder, SetupState, SimulatedVisit, Unreachable, visit_simulated
from contor.payments.providers.simulated_setups import SimulatedSetups
from contor.payments.setups import asking
from contor.payments.setups.asking import ask_setup

PUBLISHABLE = [*CREDENTIALS, {"name": "publishableKey", "value": "pk_test_1"}]
ASKS, DECLINES = "4000002500003155", "4000000000000002"


@pytest.fixture(scope="module")
def server() -> Iterator[Stripes]:
    with stripes() as made:
        yield made


@pytest.fixture
def simulating(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Creditor:
    return Creditor(furnished, client, bearer(furnished)).furnish()


@pytest.fixture
def striped(
    furnished: Tenant,
    client: TestClient,
    bearer: Callable[[Tenant], dict[str, str]],
    server: Stripes,
    monkeypatch: pytest.MonkeyPatch,
) -> Creditor:
    reach(server, monkeypatch)
    return Creditor(furnished, client, bearer(furnished)).furnish("STRIPE", credentials=PUBLISHABLE)


def begun(creditor: Creditor, gateway: str, token: str | None = None, **more: Any) -> str:
    said = TokenData(method=token) if token is not None else None
    method = MethodBody(customer_ident="muster-handel", gateway=gateway, type="CARD", token=said, **more)  # type: ignore[arg-type]  # one of them
    return str(creditor.tenant.execute(begin_method, BeginMethod(SetupBody(method=method))).ident)


def view(creditor: Creditor, ident: str) -> MethodView:
    shown: MethodView = creditor.tenant.execute(get_method, OneMethod(ident))
    return shown


def asked(creditor: Creditor, ident: str) -> SetupState | None:
    return ask_setup(creditor.tenant.runtime, creditor.tenant.id, ident)


def look(creditor: Creditor) -> None:
    """What a worker does."""
    assert asking.look(creditor.tenant.runtime, creditor.tenant.id) is not Elsewhere.BUSY


def setup(creditor: Creditor, ident: str) -> Any:
    (row,) = creditor.tenant.rows("SELECT * FROM payment_setup WHERE ident = %s", (ident,))
    return row


def refused(act: Callable[[], object]) -> str:
    """Why it is refused."""
    with pytest.raises(Refused) as found:
        act()
    return found.value.problems[0].message


def visit(creditor: Creditor, ident: str, *, agreed: bool) -> None:
    creditor.tenant.execute(visit_simulated, SimulatedVisit(key=setup(creditor, ident).key, agreed=agreed))


def listen(creditor: Creditor) -> None:
    """Somebody is told what becomes of it."""
    creditor.call("POST", ROUTES, {"ident": "hook", "type": "*", "url": "https://hooks.example/told"}, 201)


def events(creditor: Creditor, ident: str) -> list[str]:
    rows = creditor.tenant.rows("SELECT type FROM notification WHERE payload LIKE %s ORDER BY sequence", (f"%{ident}%",))
    return [row.type for row in rows]


# the simulated provider


def test_who_agrees_is_collected_from(simulating: Creditor) -> None:
    """To a charged document; until then an invoice that is due is not collected by it."""
    ident = begun(simulating, "TESTING", "action-ok")
    state = asked(simulating, ident)
    assert (state and state.outcome, view(simulating, ident).status, view(simulating, ident).is_default) == (
        "ACTION",
        "ACTION_REQUIRED",
        False,
    )
    simulating.document(**AT_ONCE)
    assert simulating.collect().intents == 0
    visit(simulating, ident, agreed=True)
    asked(simulating, ident)
    assert (view(simulating, ident).status, view(simulating, ident).is_default, view(simulating, ident).reference) == (
        "ACTIVE",
        True,
        "action-ok",
    )
    assert simulating.collect().intents == 1
    simulating.submit()
    assert [outcome for _, outcome in simulating.moved()] == ["SUCCESSFUL"]
    simulating.sound()


def test_who_does_not_agree(simulating: Creditor) -> None:
    listen(simulating)
    ident = begun(simulating, "TESTING", "action")
    asked(simulating, ident)
    visit(simulating, ident, agreed=False)
    visit(simulating, ident, agreed=True)  # the first answer stands
    asked(simulating, ident)
    shown = view(simulating, ident)
    assert (shown.status, shown.status_reason, shown.is_default) == ("REVOKED", "The customer did not agree to it.", False)
    assert asked(simulating, ident) is None
    assert events(simulating, ident) == ["paymentMethod.created", "paymentMethod.updated"]
    simulating.sound()


def test_a_lost_answer_is_asked_for_by_its_key(simulating: Creditor) -> None:
    ident = begun(simulating, "TESTING", "action-silent-ok")
    with pytest.raises(Unreachable):
        asked(simulating, ident)
    assert (setup(simulating, ident).state, view(simulating, ident).status) == ("BEGUN", "ACTION_REQUIRED")
    assert "did not answer" in str(view(simulating, ident).status_reason)
    asked(simulating, ident)
    assert setup(simulating, ident).state == "WAITING"
    assert len(simulating.tenant.rows("SELECT key FROM simulated_setup")) == 1
    simulating.sound()


def test_who_never_comes_back(simulating: Creditor) -> None:
    """A day later nothing comes of it, here and at the provider."""
    ident = begun(simulating, "TESTING", "action")
    asked(simulating, ident)
    simulating.turn(dt.datetime.now(dt.UTC).date() + dt.timedelta(days=2))
    look(simulating)
    assert (view(simulating, ident).status, setup(simulating, ident).ask_at) == ("REVOKED", None)
    visit(simulating, ident, agreed=True)
    look(simulating)
    assert view(simulating, ident).status == "REVOKED"
    simulating.sound()


def test_a_provider_that_is_silent_when_one_is_given_up_is_asked_again_later(
    simulating: Creditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident = begun(simulating, "TESTING", "action")
    asked(simulating, ident)
    simulating.tenant.execute(remove_method, RemoveMethod(ident))
    told: list[str] = []

    def silent(_: SimulatedSetups, order: SetupOrder) -> SetupState:
        told.append(order.key)
        raise Unreachable("nobody answers")

    with monkeypatch.context() as away:
        away.setattr(SimulatedSetups, "cancel", silent)
        look(simulating)
        look(simulating)
        row = setup(simulating, ident)
        assert (len(told), row.state, row.ask_at - row.last_modified_at) == (1, "WAITING", dt.timedelta(minutes=1))
    simulating.turn(dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1))
    look(simulating)
    assert setup(simulating, ident).state == "FAILED"
    simulating.sound()


def test_one_that_was_removed_is_given_up(simulating: Creditor) -> None:
    ident = begun(simulating, "TESTING", "action")
    asked(simulating, ident)
    simulating.tenant.execute(remove_method, RemoveMethod(ident))
    look(simulating)
    assert setup(simulating, ident).state == "FAILED"
    assert simulating.tenant.rows("SELECT ident FROM customer_payment_account") == []
    simulating.sound()


def test_what_it_is_not_yet(simulating: Creditor) -> None:
    """No heir of a default, no default; who wishes it to be one has it so once the customer agreed, and one that rests stays so."""
    first, ident = simulating.account("ok"), begun(simulating, "TESTING", "action-ok", is_default=False)
    execute = simulating.tenant.execute
    assert "is not there yet: The customer has yet to agree" in refused(
        lambda: execute(remove_method, RemoveMethod(first, RemovalBody(new_default=ident)))
    )
    execute(update_method, UpdateMethod(ident, MethodChange(is_default=True)))
    assert (view(simulating, first).is_default, view(simulating, ident).is_default) == (True, False)
    asked(simulating, ident)
    visit(simulating, ident, agreed=True)
    asked(simulating, ident)
    assert (view(simulating, first).is_default, view(simulating, ident).is_default) == (False, True)
    resting = begun(simulating, "TESTING", "action-ok")
    execute(update_method, UpdateMethod(resting, MethodChange(enabled=False)))
    asked(simulating, resting)
    visit(simulating, resting, agreed=True)
    asked(simulating, resting)
    assert (view(simulating, ident).is_default, view(simulating, resting).enabled) == (True, False)
    failed = begun(simulating, "TESTING", "action")
    asked(simulating, failed)
    visit(simulating, failed, agreed=False)
    asked(simulating, failed)
    assert "Nothing is paid by it: The customer did not agree to it" in refused(
        lambda: execute(update_method, UpdateMethod(failed, MethodChange(is_default=True)))
    )
    simulating.sound()


# Stripe


def test_a_card_that_the_customer_gives_to_stripe(striped: Creditor, server: Stripes) -> None:
    """The webhook is a hint, however often it comes: the state is asked for, and one account is made. The same customer comes again."""
    listen(striped)
    ident = begun(striped, "STRIPE")
    state = asked(striped, ident)
    assert state is not None
    assert (state.outcome, str(state.secret).startswith(f"{state.reference}_secret_")) == ("ACTION", True)
    assert str(state.secret) not in repr(state)
    server.agree(str(state.reference))
    about = {"id": state.reference, "object": "setup_intent", "metadata": {"setup": setup(striped, ident).key}}
    content = json.dumps({"id": "evt_1", "object": "event", "data": {"object": about}}).encode()
    path = f"/{striped.tenant.realm}/payment-providers/1/webhooks"
    assert striped.client.post(path, content=content, headers=signed(content, "whsec_other")).status_code == 401
    look(striped)
    assert view(striped, ident).status == "ACTION_REQUIRED"
    for _ in range(2):
        assert striped.client.post(path, content=content, headers=signed(content)).status_code == 200
        look(striped)
    shown = view(striped, ident)
    assert (shown.status, shown.is_default) == ("ACTIVE", True)
    assert shown.card is not None
    assert (shown.card.brand, shown.card.last4, shown.card.exp_month, shown.card.exp_year) == ("visa", "4242", 12, 2030)
    assert str(shown.expires_on) == "2030-12-31"
    assert events(striped, ident) == ["paymentMethod.created", "paymentMethod.updated"]
    striped.intend(striped.document(**AT_ONCE))
    striped.submit()
    assert [one["status"] for one in striped.intents()] == ["SUCCESSFUL"]
    again = begun(striped, "STRIPE")
    assert asked(striped, again) is not None
    assert setup(striped, again).customer_reference == setup(striped, ident).customer_reference
    trail = str(striped.tenant.rows("SELECT change::text FROM audit_entry"))
    assert (str(state.secret) in trail, CREDENTIALS[0]["value"] in trail) == (False, False)
    striped.sound()


def test_an_answer_of_stripe_that_is_lost(striped: Creditor, server: Stripes) -> None:
    """Of the customer, of the SetupIntent: it is begun again with the same keys, by who asks or by the worker."""
    ident = begun(striped, "STRIPE")
    server.keys.clear()
    server.faults.append("lost")
    with pytest.raises(Unreachable):
        asked(striped, ident)
    assert asked(striped, ident) is not None
    key = setup(striped, ident).key
    assert [it for it in server.keys if it[0] == "/v1/customers"] == [("/v1/customers", f"{key}-customer")] * 2
    assert [it for it in server.keys if it[0] == "/v1/setup_intents"] == [("/v1/setup_intents", key)]
    striped.sound()


@pytest.mark.parametrize(("number", "status"), [(CARD, "ACTIVE"), (ASKS, "ACTION_REQUIRED"), (DECLINES, "REVOKED")])
def test_a_card_that_is_named(striped: Creditor, server: Stripes, number: str, status: str) -> None:
    """By what Stripe calls it: it does, is declined, or its holder has to agree."""
    customer, method = server.payer(number)
    said = MethodBody(customer_ident="muster-handel", gateway="STRIPE", type="CARD", token=TokenData(method=method))
    body = SetupBody(method=said, customer_reference=customer)
    ident = striped.tenant.execute(begin_method, BeginMethod(body)).ident
    state = asked(striped, ident)
    assert (state is not None, view(striped, ident).status) == (True, status)
    if status == "REVOKED":
        assert "declined" in str(view(striped, ident).status_reason)
    striped.sound()


def test_stripe_without_its_publishable_key(striped: Creditor) -> None:
    striped.call("PUT", "/v2/payment-providers/1", {"credentials": CREDENTIALS})
    assert "the payment provider 1 (STRIPE) has no credential publishableKey" in refused(lambda: begun(striped, "STRIPE"))
    assert striped.tenant.rows("SELECT ident FROM payment_method") == []
    shown = striped.call(
        "PUT", "/v2/payment-providers/1", {"credentials": [*PUBLISHABLE, {"name": "accountId", "value": "acct_1"}]}
    )
    assert shown["credentialNames"] == ["apiKey", "webhookSecret", "publishableKey", "accountId"]
    assert begun(striped, "STRIPE")
    striped.sound()
