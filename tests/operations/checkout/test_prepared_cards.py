"""Who orders gives his card to a provider before he is a customer: prepared once for the cart, ordered by once he has agreed."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.checkouts import BY_DEBIT, LinkSeller
from tests.factories.post_offices import PostOffice
from tests.factories.stripes import CREDENTIALS, Stripes, reach, stripes
from tests.factories.tenants import Tenant

from contor.checkout.buyers import AskForPassword, ShowPassword, ask_for_password, show_password
from contor.checkout.carts import ExpireCarts, expire_carts
from contor.checkout.paying import PrepareCart, PreparedCart, prepare_cart
from contor.kernel.errors import Refused
from contor.payments.methods import ListMethods, list_methods
from contor.payments.providers import SetupOrder, SetupState, SimulatedVisit, Unreachable, visit_simulated
from contor.payments.providers.stripe_setups import StripeSetups
from contor.payments.setups import ask_setup
from contor.payments.setups.asking import look
from contor.runtime.query import ListQuery

PUBLISHABLE = [*CREDENTIALS, {"name": "publishableKey", "value": "pk_test_1"}]


@pytest.fixture(scope="module")
def server() -> Iterator[Stripes]:
    with stripes() as made:
        yield made


@pytest.fixture
def striped(
    seller: LinkSeller, server: Stripes, monkeypatch: pytest.MonkeyPatch, client: TestClient, bearer: Callable[[Tenant], Any]
) -> LinkSeller:
    reach(server, monkeypatch)
    seller.call("POST", "/v2/payment-providers", {"id": 2, "name": "STRIPE", "credentials": PUBLISHABLE}, 201)
    account = {
        "ident": "stripe",
        "name": "Stripe",
        "country": "DE",
        "currency": "EUR",
        "active": True,
        "paymentServiceProviderId": 2,
    }
    seller.call("POST", "/v2/merchant-payment-accounts", account, 201)
    accounts = [{"merchantPaymentAccountIdent": "stripe", "currency": "EUR"}]
    seller.call("POST", "/v2/merchant-payment-gateways", {"ident": "stripe", "name": "Stripe", "accounts": accounts}, 201)
    return seller


def prepared(seller: LinkSeller, cart: str, provider: str = "SIMULATED", token: str | None = None) -> str:
    made: PreparedCart = seller.tenant.execute(prepare_cart, PrepareCart(cart_ident=cart, provider=provider, token=token))  # type: ignore[arg-type]  # one of them
    assert (made.status, seller.found(cart).status) == ("REDIRECT_TO_PAYMENT", "REDIRECT_TO_PAYMENT")
    return made.setup_ident


def asked(seller: LinkSeller, ident: str) -> SetupState | None:
    return ask_setup(seller.tenant.runtime, seller.tenant.id, ident)


def setup(seller: LinkSeller, ident: str) -> Any:
    (row,) = seller.tenant.rows("SELECT * FROM payment_setup WHERE ident = %s", (ident,))
    return row


def visit(seller: LinkSeller, ident: str, *, agreed: bool = True) -> None:
    seller.tenant.execute(visit_simulated, SimulatedVisit(key=setup(seller, ident).key, agreed=agreed))


def by(ident: str) -> dict[str, Any]:
    return {"payment": {"customer_payment_account_ident": ident}}


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as found:
        act()
    (problem,) = found.value.problems
    return f"{problem.field}: {problem.message}"


def test_who_has_agreed_orders_and_is_charged(seller: LinkSeller) -> None:
    """The order asks the provider itself; customer, account and charge are there once."""
    cart, before = seller.cart(), seller.counted()
    ident = prepared(seller, cart, token="action-ok")
    assert prepared(seller, cart) == prepared(seller, cart, token="action-ok") == ident
    assert asked(seller, ident) is not None
    assert refused(lambda: seller.order(cart, **by(ident))) == (
        "payment.customerPaymentAccountIdent: is not there yet: The customer has yet to agree to it at SIMULATED."
    )
    assert seller.counted() == before
    visit(seller, ident)
    with ThreadPoolExecutor(4) as windows:
        answers = list(windows.map(lambda _: seller.order(cart, **by(ident)), range(4)))
    assert {one.status for one in answers} == {"COMPLETED"}
    after = seller.counted()
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == dict.fromkeys(
        ("customer", "contract", "document", "payment_intent"), 1
    )
    found = seller.found(cart)
    assert (found.payment_account_ident, setup(seller, ident).customer_ident) == (ident, found.customer_ident)
    (method,) = seller.tenant.execute(list_methods, ListMethods(ListQuery())).items
    assert (method.ident, method.status, method.source, method.is_default, method.reference) == (
        ident,
        "ACTIVE",
        "CHECKOUT",
        True,
        "action-ok",
    )
    seller.submit()
    assert seller.call("GET", f"/v2/payment-intents/{found.payment_intent_ident}")["status"] == "SUCCESSFUL"
    seller.sound()


def test_who_does_not_agree_prepares_again(seller: LinkSeller) -> None:
    cart = seller.cart()
    first = prepared(seller, cart)
    asked(seller, first)
    visit(seller, first, agreed=False)
    assert refused(lambda: seller.order(cart, **by(first))) == (
        "payment.customerPaymentAccountIdent: nothing is paid by it: The customer did not agree to it. Prepare it again."
    )
    second = prepared(seller, cart)
    assert second != first
    asked(seller, second)
    visit(seller, second)
    assert seller.order(cart, **by(second)).status == "COMPLETED"
    seller.sound()


def test_what_is_prepared_lasts_as_long_as_its_cart(seller: LinkSeller) -> None:
    """A day later the cart is over, and the provider has been told."""
    cart = seller.cart()
    ident = prepared(seller, cart)
    asked(seller, ident)
    assert setup(seller, ident).expires_at <= seller.found(cart).expires_at
    seller.turn(dt.datetime.now(dt.UTC).date() + dt.timedelta(days=2))
    seller.tenant.execute(expire_carts, ExpireCarts())
    look(seller.tenant.runtime, seller.tenant.id)
    assert (seller.found(cart).status, setup(seller, ident).state) == ("EXPIRED", "FAILED")
    visit(seller, ident)
    assert seller.tenant.rows("SELECT outcome FROM simulated_setup") == [("FAILED",)]
    with pytest.raises(Refused, match="gone"):
        prepared(seller, cart)
    seller.sound()


def test_paid_otherwise_it_is_given_up(seller: LinkSeller) -> None:
    """And so is what was prepared at another provider, or names a token that was not."""
    cart = seller.cart()
    ident = prepared(seller, cart, token="action-ok")
    assert refused(lambda: prepared(seller, cart, token="action-silent")).startswith("token: is action-ok of this cart")
    asked(seller, ident)
    seller.order(cart, payment=BY_DEBIT)
    look(seller.tenant.runtime, seller.tenant.id)
    assert setup(seller, ident).state == "FAILED"
    seller.sound()


def test_what_was_prepared_for_another_cart_is_nobodys(seller: LinkSeller) -> None:
    cart, other = seller.cart(), seller.cart()
    ident = prepared(seller, other)
    asked(seller, ident)
    visit(seller, ident)
    asked(seller, ident)
    assert "is one of a customer's, who shows first who he is" in refused(lambda: seller.order(cart, **by(ident)))


def test_a_lost_answer_is_asked_for_by_its_key(seller: LinkSeller) -> None:
    """What does not answer yet is no method yet; prepared again, it is the same one."""
    cart = seller.cart()
    ident = prepared(seller, cart, token="action-silent-ok")
    with pytest.raises(Unreachable):
        asked(seller, ident)
    assert prepared(seller, cart) == ident
    assert asked(seller, ident) is not None
    visit(seller, ident)
    assert seller.order(cart, **by(ident)).status == "COMPLETED"
    assert len(seller.tenant.rows("SELECT key FROM simulated_setup")) == 1
    seller.sound()


def test_who_turns_out_to_be_another_customer_prepares_again(seller: LinkSeller, office: PostOffice) -> None:
    """Prepared by nobody yet, it is his who shows who he is; prepared by a customer, it is no other's."""
    seller.configure(office)
    seller.order(seller.cart())
    cart = seller.cart()

    def shown(email: str) -> None:
        seller.tenant.execute(ask_for_password, AskForPassword(cart_ident=cart, email=email))
        seller.mail()
        (code,) = re.findall(r"\b[0-9]{8}\b", office.taken[-1].text)
        seller.tenant.execute(show_password, ShowPassword(cart_ident=cart, email=email, otp=code))

    nobodys = prepared(seller, cart)
    shown("erika@muster.example")
    assert prepared(seller, cart) == nobodys
    asked(seller, nobodys)
    visit(seller, nobodys, agreed=False)
    asked(seller, nobodys)
    erikas = prepared(seller, cart)
    asked(seller, erikas)
    visit(seller, erikas)
    shown("einkauf@muster-handel.example")
    why = refused(lambda: seller.order(cart, email=None, address=None, **by(erikas)))
    assert why == "payment.customerPaymentAccountIdent: was prepared for another customer: prepare it again"
    again = prepared(seller, cart)
    assert again != erikas
    asked(seller, again)
    visit(seller, again)
    seller.order(cart, email=None, address=None, **by(again))
    assert setup(seller, again).customer_ident == seller.found(cart).customer_ident == "muster-handel"
    seller.sound()


# Stripe


def test_a_card_at_stripe_is_taken_over_to_the_new_customer(striped: LinkSeller, server: Stripes) -> None:
    cart = striped.cart()
    ident = prepared(striped, cart, "STRIPE")
    state = asked(striped, ident)
    assert state is not None
    assert str(state.secret).startswith(f"{state.reference}_secret_")
    again = asked(striped, prepared(striped, cart, "STRIPE"))
    assert again is not None
    assert (again.reference, again.secret) == (state.reference, state.secret)
    assert "is not there yet" in refused(lambda: striped.order(cart, **by(ident)))
    server.agree(str(state.reference))
    assert striped.order(cart, **by(ident)).status == "COMPLETED"
    (method,) = striped.tenant.execute(list_methods, ListMethods(ListQuery())).items
    assert (method.gateway, method.card.brand, method.card.last4, str(method.expires_on)) == (
        "STRIPE",
        "visa",
        "4242",
        "2030-12-31",
    )
    ((account,),) = striped.tenant.rows("SELECT payment_provider_reference FROM customer_payment_account")
    assert account == setup(striped, ident).customer_reference
    striped.submit()
    intent = striped.call("GET", f"/v2/payment-intents/{striped.found(cart).payment_intent_ident}")
    assert intent["status"] == "SUCCESSFUL"
    striped.sound()


def test_stripe_that_does_not_answer_is_no_order(striped: LinkSeller, server: Stripes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it has been; who orders again is asked for again."""
    cart, before = striped.cart(), striped.counted()
    ident = prepared(striped, cart, "STRIPE")
    state = asked(striped, ident)
    assert state is not None
    server.agree(str(state.reference))
    calls = StripeSetups.state

    def silent(self: StripeSetups, order: SetupOrder) -> SetupState:
        raise Unreachable("timeout")

    monkeypatch.setattr(StripeSetups, "state", silent)
    assert "is not there yet: STRIPE did not answer yet." in refused(lambda: striped.order(cart, **by(ident)))
    assert striped.counted() == before
    monkeypatch.setattr(StripeSetups, "state", calls)
    assert striped.order(cart, **by(ident)).status == "COMPLETED"
    striped.sound()


def test_where_nobody_takes_cards(seller: LinkSeller, server: Stripes) -> None:
    cart = seller.cart()
    assert "No payment provider 'STRIPE' exists" in refused(lambda: prepared(seller, cart, "STRIPE"))
    assert seller.found(cart).status == "OPEN"
