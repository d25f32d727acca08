"""Ways to pay to which the customer agrees at the provider: what he needs for it, and how it stands when he comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from contor.api.fynn.payments.answers import ActionShown, MethodMade
from contor.api.fynn.payments.shown import shown_methods
from contor.api.fynn.payments.types import Completing
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import followed_by, operation
from contor.payments import methods
from contor.payments.providers import SetupState, SimulatedVisit, Unreachable, visit_simulated
from contor.payments.setups import Setup, ask_setup, setups_of, shown_key
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow
from contor.runtime.work.tenants import caller as background


@dataclass(frozen=True, slots=True)
class CompleteMethod:
    id: str
    body: Completing = field(default_factory=Completing)


@dataclass(frozen=True, slots=True)
class MadeMethod:
    """A way to pay, with what its provider said of it just now."""

    id: str
    state: SetupState | None


class _Method(msgspec.Struct):
    id: str


class _Made(msgspec.Struct, rename="camel"):
    """An answer that was rendered, as far as it is read."""

    status: str
    payment_method: _Method | None = None


def go_on(runtime: Runtime, caller: Caller, answer: object) -> object:
    """Ask the provider of a way to pay to which the customer has to agree. Raises UNAVAILABLE where it does not answer: the way to pay is
    kept, and asked for again."""
    said = _said(answer)
    if said.status != "action_required" or said.payment_method is None or caller.tenant_id is None:
        return None
    ident = said.payment_method.id
    try:
        state = ask_setup(runtime, caller.tenant_id, ident)
    except Unreachable:
        again = f"PUT /payment-methods/{ident}/complete"
        message = f"The provider of the payment method {ident} does not answer. The method is kept; ask again: {again}."
        raise Refused(Kind.UNAVAILABLE, Problem("provider_silent", message)) from None
    return runtime.execute(made_method, MadeMethod(ident, state), background("fynn", caller.tenant_id))


def _said(answer: object) -> _Made:
    if isinstance(answer, MethodMade):
        method = _Method(answer.payment_method.id) if answer.payment_method is not None else None
        return _Made(answer.status, method)
    return msgspec.convert(answer, _Made, strict=False)


@operation("fynn.payment_method_made", permission="payments.read", reads=True)
def made_method(uow: Uow, command: MadeMethod) -> MethodMade:
    """How it stands, and what the customer has to do."""
    view = methods.get_method(uow, methods.OneMethod(command.id))
    shown = shown_methods(uow, [command.id])[command.id]
    if view.status == "ACTION_REQUIRED":
        state = command.state
        action = action_shown(uow, setups_of(uow, [command.id])[command.id], state) if state is not None else None
        reason = state.reason if state is not None else None
        return MethodMade(status="action_required", action_required=action, fail_reason=reason, payment_method=shown)
    if view.status == "ACTIVE":
        return MethodMade(status="success", payment_method=shown)
    return MethodMade(status="failed", fail_reason=view.status_reason, payment_method=shown)


def action_shown(uow: Uow, setup: Setup, state: SetupState) -> ActionShown:
    """What the customer has to do, and what his browser needs for it."""
    details: Mapping[str, str | None] = {}
    if setup.provider == "STRIPE":
        key, account = shown_key(uow, setup.provider_id)
        details = {"clientSecret": state.secret, "publishableKey": key, "accountId": account}
    return ActionShown(action="client_site_action", redirect_url=state.url, details=dict(details))


@operation("fynn.payment_method_complete", permission="payments.write")
@followed_by(go_on)
def complete_method(uow: Uow, command: CompleteMethod) -> MethodMade:
    """The customer came back: the provider is asked how it stands. Of `testing`, what he does there is said with it."""
    row = methods.require_method(uow, command.id)
    visit = command.body.testing
    if visit is not None:
        setup = setups_of(uow, [row.ident]).get(row.ident)
        if row.gateway != "TESTING" or setup is None:
            message = "belongs to a payment method of testing to which the customer agrees"
            raise Refused(Kind.INVALID, Problem("field_unused", message, "testing"))
        visit_simulated(uow, SimulatedVisit(key=setup.key, agreed=visit.agreed))
    return made_method(uow, MadeMethod(row.ident, None))
