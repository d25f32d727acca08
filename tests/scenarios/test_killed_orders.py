"""Killed in the middle of an order, or of a signature: nothing of it has been, and who comes next orders once."""

import signal
from collections.abc import Callable

import msgspec
import pytest
from starlette.testclient import TestClient
from tests.factories.checkouts import ADDRESS, BUYER, BY_DEBIT
from tests.factories.killed import AT_COUNT
from tests.factories.nests import Nest
from tests.factories.proposals import Offerer
from tests.factories.tenants import Tenant

CHILD = (
    AT_COUNT
    + """
import uuid
import msgspec
from contor.app import make_runtime
from contor.checkout.confirming import ConfirmCart, confirm_cart
from contor.checkout.signed import GiveDetails, give_details
from contor.checkout.types import InvoiceDetails, OrderBody
from contor.kernel.context import EVERYTHING, Caller
from contor.offers.proposals import AcceptBody, AcceptProposal, accept_proposal
from contor.runtime.config import Config
from contor.runtime.execute import validated

home, dsn, tenant, kind, said, what, body = sys.argv[1:]
runtime = make_runtime(Config(home=Path(home)), dsn)
runtime.database.open()
watch(runtime, "within" if kind else "between", 1, kind, lambda name: name in ("cart.confirm", "proposal.accept", "proposal.give_details"))
who = Caller("link", uuid.uuid4().hex, int(tenant), None, "TEST", frozenset({EVERYTHING}))
given = msgspec.json.decode(body)
if what == "cart":
    runtime.execute(confirm_cart, ConfirmCart(cart_ident=said, body=validated(OrderBody, given)), who)
elif what == "details":
    runtime.execute(give_details, GiveDetails(recipient_id=int(said), body=validated(InvoiceDetails, given)), who)
else:
    runtime.execute(accept_proposal, AcceptProposal(recipient_id=int(said), body=validated(AcceptBody, given)), who)
print("it came to its end")
"""
)


@pytest.fixture
def offerer(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Offerer:
    made = Offerer(furnished, client, bearer(furnished))
    made.stock()
    return made


def kill(nest: Nest, offerer: Offerer, dsn: str, kind: str, said: str, what: str, body: object) -> None:
    runtime = offerer.tenant.runtime
    words = (str(runtime.config.home), dsn, str(offerer.tenant.id), kind, said, what, msgspec.json.encode(body).decode())
    ended = nest.run(CHILD, *words)
    assert ended.returncode == -signal.SIGKILL, ended.output + ended.errors


@pytest.mark.parametrize("kind", ["customer", "customer_payment_account", "contract", "cart", "document", "payment_intent", ""])
def test_an_order_that_is_killed_has_not_been_and_is_ordered_once(
    offerer: Offerer, process_dsn: str, nest: Nest, kind: str
) -> None:
    """The last one is killed when all is written, before who ordered hears of it."""
    cart, before, body = offerer.cart(), offerer.counted(), {**BUYER, "payment": BY_DEBIT}
    kill(nest, offerer, process_dsn, kind, cart, "cart", body)
    if kind:
        assert (offerer.counted(), offerer.found(cart).status) == (before, "OPEN")
    offerer.order(cart, payment=BY_DEBIT)
    assert {name: count - before[name] for name, count in offerer.counted().items()} == {
        "customer": 1,
        "contract": 1,
        "sales_order": 0,
        "document": 1,
        "payment_intent": 1,
        "sepa_mandate": 1,
    }
    offerer.sound()


@pytest.mark.parametrize("kind", ["contract", "proposal", ""])
def test_s12_a_signature_that_is_killed_has_not_been(offerer: Offerer, process_dsn: str, nest: Nest, kind: str) -> None:
    ident, signer = offerer.out()
    before, sha256 = offerer.counted(), offerer.shown(signer).sha256
    kill(nest, offerer, process_dsn, kind, str(signer), "offer", {"name": "Erika Muster", "sha256": sha256})
    if kind:
        assert (offerer.counted(), offerer.read(ident).acceptance) == (before, None)
    offerer.sign(signer)
    assert offerer.counted()["contract"] - before["contract"] == 1
    offerer.sound()


@pytest.mark.parametrize("kind", ["customer", "customer_payment_account", "contract", "proposal", ""])
def test_details_of_a_signed_offer_that_are_killed_have_not_been_and_are_said_once(
    offerer: Offerer, process_dsn: str, nest: Nest, kind: str
) -> None:
    ident, signer = offerer.out(customer_ident=None)
    offerer.sign(signer)
    before, body = offerer.counted(), {"address": ADDRESS, "payment": BY_DEBIT}
    kill(nest, offerer, process_dsn, kind, str(signer), "details", body)
    if kind:
        assert (offerer.counted(), offerer.read(ident).status) == (before, "AWAITING_DETAILS")
    assert offerer.give(signer, **body).status == "SIGNED"
    made = {name: count - before[name] for name, count in offerer.counted().items() if count != before[name]}
    assert made == {"customer": 1, "contract": 1, "sepa_mandate": 1}
    offerer.sound()
