"""SIMULATED: what a customer agrees to. A token with the word `action` asks for him: he agrees, or does not, by a call that stands for his
visit at the provider. It keeps what it was asked for, once per key."""

from typing import NamedTuple

from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.payments.providers import tables
from contor.payments.providers.types import SetupOrder, SetupOutcome, SetupState, Unreachable
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow
from contor.runtime.work.tenants import caller


def asks_customer(token: str | None) -> bool:
    """By a token such as `action`, `action-ok`, `action-fail-AM04`, `action-silent`."""
    return "action" in (token or "").split("-")


@shape
class SimulatedSetup:
    key: str
    token: str
    """What it calls the means of payment, once the customer agreed."""


@shape
class SimulatedVisit:
    key: str
    agreed: bool


@shape
class SetupKey:
    key: str


class _Kept(NamedTuple):
    token: str
    outcome: SetupOutcome


@operation("simulated_setup.make", permission="payments.write")
def make_simulated_setup(uow: Uow, command: SimulatedSetup) -> SetupState:
    """Begin it, once per key."""
    outcome = "ACTION" if asks_customer(command.token) else "DONE"
    row = {"key": command.key, "token": command.token, "outcome": outcome, "created_at": uow.ctx.now()}
    if uow.insert_once(tables.simulated_setup, row):
        uow.audit("simulated_setup", command.key, {"created": {"outcome": outcome}})
    return _state(uow, command.key)


@operation("simulated_setup.get", permission="payments.read", reads=True)
def get_simulated_setup(uow: Uow, command: SetupKey) -> SetupState:
    """How it stands."""
    return _state(uow, command.key)


@operation("simulated_setup.visit", permission="payments.write")
def visit_simulated(uow: Uow, command: SimulatedVisit) -> SetupState:
    """The customer agrees, or does not: the first answer stands."""
    outcome = "DONE" if command.agreed else "FAILED"
    sql = "UPDATE simulated_setup SET outcome = %s WHERE key = %s AND outcome = 'ACTION'"
    if uow.run(sql, (outcome, command.key)):
        uow.audit("simulated_setup", command.key, {"outcome": outcome})
    return _state(uow, command.key)


def _state(uow: Uow, key: str) -> SetupState:
    row = uow.first(_Kept, "SELECT token, outcome FROM simulated_setup WHERE key = %s", (key,))
    if row is None:
        return SetupState("FAILED", key, reason="The simulated provider never heard of it.")
    if row.outcome == "DONE":
        return SetupState("DONE", key, method=row.token)
    reason = "The customer did not agree to it." if row.outcome == "FAILED" else None
    return SetupState(row.outcome, key, reason=reason)


class SimulatedSetups:
    """The provider of one TEST tenant, for customers who agree there."""

    def __init__(self, runtime: Runtime, tenant_id: int) -> None:
        self._runtime, self._caller = runtime, caller("simulated", tenant_id)

    def begin(self, order: SetupOrder) -> SetupState:
        token = order.method or "action"
        known = self.state(order)
        made = self._runtime.execute(make_simulated_setup, SimulatedSetup(key=order.key, token=token), self._caller)
        if known.outcome == "FAILED" and "silent" in token.split("-"):
            raise Unreachable("its answer is lost")
        return made

    def state(self, order: SetupOrder) -> SetupState:
        return self._runtime.execute(get_simulated_setup, SetupKey(key=order.key), self._caller)

    def cancel(self, order: SetupOrder) -> SetupState:
        return self._runtime.execute(visit_simulated, SimulatedVisit(key=order.key, agreed=False), self._caller)
