"""Who orders gives his card to the provider himself: what his browser needs for it, and how it stands."""

from typing import Final

import msgspec

from contor.api.fynn.catalogue import said_as
from contor.api.fynn.checkout.answers import StripePrepared
from contor.api.fynn.checkout.ids import cart_of_token
from contor.api.fynn.checkout.reading import PrepareData
from contor.api.fynn.payments.setting_up import action_shown
from contor.api.fynn.refusals import feature_off
from contor.checkout.paying import PrepareCart, prepare_cart
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import followed_by, operation
from contor.kernel.shapes import shape
from contor.payments.providers import SetupState, SimulatedVisit, Unreachable, visit_simulated
from contor.payments.setups import Setup, ask_setup, setups_of
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow
from contor.runtime.work.tenants import caller as background

_SAID: Final = {"token": "testing.token", "provider": "stripe"}


@shape
class Prepare:
    id: str
    body: PrepareData = PrepareData()


class _Prepared(msgspec.Struct, rename="camel"):
    """An answer that was rendered, as far as it is read."""

    payment_method_id: str


@shape
class Asked:
    """A cart whose set-up was asked for just now."""

    id: str
    state: SetupState | None


def go_on(runtime: Runtime, caller: Caller, answer: object) -> object:
    """Ask the provider. Raises UNAVAILABLE where it does not answer: what was prepared is kept, and asked for again."""
    if caller.tenant_id is None:
        return None
    said = answer if isinstance(answer, StripePrepared) else msgspec.convert(answer, _Prepared, strict=False)
    ident = said.payment_method_id
    try:
        state = ask_setup(runtime, caller.tenant_id, ident)
    except Unreachable:
        message = "The provider does not answer. What was prepared is kept; ask again by the same call."
        raise Refused(Kind.UNAVAILABLE, Problem("provider_silent", message)) from None
    return runtime.execute(prepared_cart, Asked(id=ident, state=state), background("fynn", caller.tenant_id))


@operation("fynn.public_cart_prepared", permission="contracts.read", reads=True)
def prepared_cart(uow: Uow, command: Asked) -> StripePrepared:
    """How it stands, and what the customer has to do."""
    return _shown(uow, setups_of(uow, [command.id])[command.id], command.state)


@operation("fynn.public_cart_prepare_stripe", permission="contracts.write")
@followed_by(go_on)
def prepare_stripe(uow: Uow, command: Prepare) -> StripePrepared:
    """The customer hands his card to Stripe himself, by what its SetupIntent needs; the cart is confirmed with its id. Of `testing`, what
    he does there is said with it."""
    testing = command.body.testing
    ident = cart_of_token(uow, command.id)
    wanted = PrepareCart(cart_ident=ident, provider="STRIPE")
    if testing is not None:
        wanted = PrepareCart(cart_ident=ident, provider="SIMULATED", token=testing.token)
    try:
        with said_as(_SAID):
            made = prepare_cart(uow, wanted)
    except Refused as refused:
        if refused.problems[0].code == "payment_provider_not_found":
            raise feature_off("stripe" if testing is None else "payment.testing") from None
        raise
    setup = setups_of(uow, [made.setup_ident])[made.setup_ident]
    if testing is not None and testing.agreed is not None:
        if setup.reference is None:
            message = "is said once it was prepared and waits for him"
            raise Refused(Kind.INVALID, Problem("nothing_waits", message, "testing.agreed", testing.agreed))
        visit_simulated(uow, SimulatedVisit(key=setup.key, agreed=testing.agreed))
    return _shown(uow, setup, None)


# helpers in calling order


def _shown(uow: Uow, setup: Setup, state: SetupState | None) -> StripePrepared:
    waits = setup.state in ("BEGUN", "WAITING")
    return StripePrepared(
        status="redirect_to_payment",
        gateway=setup.gateway_ident,
        payment_methods=("card",),
        payment_method_id=setup.ident,
        setup_status="action_required" if waits else "success" if setup.state == "DONE" else "failed",
        action_required=action_shown(uow, setup, state) if waits and state is not None else None,
        fail_reason=setup.reason,
    )
