"""Killed between every two steps of a set-up: whoever comes next finds what was done, and one payment method comes of it.

A process of its own asks the provider, or orders the cart that is paid by it, and is killed by SIGKILL at one step; then another one looks.
"""

import signal
from collections.abc import Callable

import msgspec
import pytest
from starlette.testclient import TestClient
from tests.factories.checkouts import BUYER, LinkSeller
from tests.factories.creditors import AT_ONCE, Creditor
from tests.factories.killed import AT_STEP
from tests.factories.nests import Nest
from tests.factories.tenants import Tenant

from contor.checkout.paying import PrepareCart, prepare_cart
from contor.payments.methods import BeginMethod, MethodBody, SetupBody, TokenData, begin_method
from contor.payments.providers import SimulatedVisit, visit_simulated
from contor.payments.setups import ask_setup

CHILD = (
    AT_STEP
    + """
from contor.app import make_runtime
from contor.payments.providers.simulated_setups import SimulatedSetups
from contor.payments.setups import ask_setup
from contor.runtime.config import Config

home, dsn, tenant, ident, step = sys.argv[1:]
runtime = make_runtime(Config(home=Path(home)), dsn)
runtime.database.open()

watch(runtime)
SimulatedSetups.begin = dying("the call", SimulatedSetups.begin)
SimulatedSetups.state = dying("the question", SimulatedSetups.state)
ask_setup(runtime, int(tenant), ident)
print("it came to its end")
"""
)
ORDERING = (
    AT_STEP
    + """
import uuid
import msgspec
from contor.app import make_runtime
from contor.checkout import confirming, paying
from contor.checkout.types import OrderBody
from contor.kernel.context import EVERYTHING, Caller
from contor.payments.providers.simulated_setups import SimulatedSetups
from contor.runtime.config import Config
from contor.runtime.execute import validated

home, dsn, tenant, cart, step, body = sys.argv[1:]
runtime = make_runtime(Config(home=Path(home)), dsn)
runtime.database.open()

watch(runtime)
SimulatedSetups.state = dying("the question", SimulatedSetups.state)
paying.keep_agreed = dying("the account", paying.keep_agreed)
confirming.billed_at_once = dying("the document", confirming.billed_at_once)
who = Caller("link", uuid.uuid4().hex, int(tenant), None, "TEST", frozenset({EVERYTHING}))
order = confirming.ConfirmCart(cart_ident=cart, body=validated(OrderBody, msgspec.json.decode(body)))
runtime.execute(confirming.confirm_cart, order, who)
print("it came to its end")
"""
)
"""Who orders a cart that is paid by what was prepared."""
BEGUN = (
    "before the call",
    "before simulated_setup.make",
    "after simulated_setup.make",
    "after the call",
    "before payment_setup.keep",
    "after payment_setup.keep",
)
AGREED = ("before the question", "after the question", "before payment_setup.keep", "after payment_setup.keep")


@pytest.fixture
def creditor(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Creditor:
    return Creditor(furnished, client, bearer(furnished)).furnish()


@pytest.fixture
def seller(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> LinkSeller:
    return LinkSeller(furnished, client, bearer(furnished)).stock()


@pytest.mark.parametrize(("agreed", "step"), [*((False, step) for step in BEGUN), *((True, step) for step in AGREED)])
def test_killed_at_every_step_one_method_is_agreed_to(
    creditor: Creditor, process_dsn: str, nest: Nest, agreed: bool, step: str
) -> None:
    tenant = creditor.tenant
    method = MethodBody(customer_ident="muster-handel", gateway="TESTING", type="CARD", token=TokenData(method="action-ok"))
    ident = tenant.execute(begin_method, BeginMethod(SetupBody(method=method))).ident
    if agreed:
        ask_setup(tenant.runtime, tenant.id, ident)
        visit(creditor)
    ended = nest.run(CHILD, str(tenant.runtime.config.home), process_dsn, str(tenant.id), ident, step)
    assert ended.returncode == -signal.SIGKILL, ended.output + ended.errors
    if not agreed:
        ask_setup(tenant.runtime, tenant.id, ident)
        visit(creditor)
    ask_setup(tenant.runtime, tenant.id, ident)
    assert [row.ident for row in tenant.rows("SELECT ident FROM customer_payment_account")] == [ident]
    creditor.intend(creditor.document(**AT_ONCE))
    creditor.submit()
    assert [outcome for _, outcome in creditor.moved()] == ["SUCCESSFUL"]
    creditor.sound()


ORDERED = (
    "before the question",
    "after the question",
    "before payment_setup.keep",
    "after payment_setup.keep",
    "before the account",
    "after the account",
    "after the document",
    "after cart.confirm",
)


@pytest.mark.parametrize(("agreed", "step"), [*((False, step) for step in BEGUN), *((True, step) for step in ORDERED)])
def test_killed_at_every_step_a_cart_is_ordered_and_charged_once(
    seller: LinkSeller, process_dsn: str, nest: Nest, agreed: bool, step: str
) -> None:
    """One set-up, one customer, one account, one charge."""
    tenant, cart = seller.tenant, seller.cart()
    wanted = PrepareCart(cart_ident=cart, provider="SIMULATED", token="action-ok")
    ident = tenant.execute(prepare_cart, wanted).setup_ident
    by = {"payment": {"customer_payment_account_ident": ident}}
    words = [CHILD, str(tenant.runtime.config.home), process_dsn, str(tenant.id)]
    if agreed:
        ask_setup(tenant.runtime, tenant.id, ident)
        visit(seller)
        words = [ORDERING, *words[1:], cart, step, msgspec.json.encode({**BUYER, **by}).decode()]
    else:
        words += [ident, step]
    ended = nest.run(*words)
    assert ended.returncode == -signal.SIGKILL, ended.output + ended.errors
    if not agreed:
        assert tenant.execute(prepare_cart, wanted).setup_ident == ident
        ask_setup(tenant.runtime, tenant.id, ident)
        visit(seller)
    assert seller.order(cart, **by).status == "COMPLETED"
    seller.submit()
    assert [row.ident for row in tenant.rows("SELECT ident FROM payment_setup")] == [ident]
    assert [row.ident for row in tenant.rows("SELECT ident FROM customer_payment_account")] == [ident]
    assert (seller.counted()["contract"], seller.counted()["document"]) == (1, 1)
    assert [outcome for _, outcome in seller.moved()] == ["SUCCESSFUL"]
    seller.sound()


def visit(creditor: Creditor) -> None:
    """The customer agrees to the only one that he was asked for."""
    ((key,),) = creditor.tenant.rows("SELECT key FROM simulated_setup")
    creditor.tenant.execute(visit_simulated, SimulatedVisit(key=key, agreed=True))
