"""Providers are asked for set-ups, outside of every transaction: by who waits for the answer, and by the worker for who does not come
back."""

import datetime as dt
import logging
from dataclasses import dataclass

from contor.customers.queries import addresses_of_debtors
from contor.kernel.operations import operation
from contor.kernel.work import Elsewhere, Work, work
from contor.payments.gateways import providers_by_id
from contor.payments.providers import SetupOrder, SetupState, Unreachable, setting_up
from contor.payments.setups.setups import SETTING_UP, KeepSetup, keep_setup, setups_of
from contor.payments.setups.types import Setup
from contor.runtime.execute import Runtime
from contor.runtime.schema import lock_if_free
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller

log = logging.getLogger("contor.payments")


def ask_setup(runtime: Runtime, tenant_id: int, ident: str) -> SetupState | None:
    """How it stands at the provider, which is written down: begun there with its key where it is not known to be; None: it has ended, or
    there is none. Raises `Unreachable`."""
    who = caller("payments", tenant_id)
    with runtime.transaction(who, reads=True) as uow:
        found = setups_of(uow, [ident]).get(ident)
        if found is None or found.state in ("DONE", "FAILED"):
            return None
        order, over = _order(uow, found), found.expires_at <= uow.ctx.now()
        registered = providers_by_id(uow, [found.provider_id]).get(found.provider_id)
    if registered is None:
        state = SetupState("FAILED", reason="Its payment provider is not registered any more.")
    elif over and order.reference is None:
        state = SetupState("FAILED", reason=f"{found.provider} did not answer in time.")
    else:
        provider = setting_up(runtime, tenant_id, registered)
        try:
            state = provider.cancel(order) if over else provider.state(order) if order.reference else provider.begin(order)
        except Unreachable:
            said = KeepSetup(ident=ident, outcome="ACTION", reason=f"{found.provider} did not answer yet.", ask_in=60)
            runtime.execute(keep_setup, said, who)
            raise
    runtime.execute(
        keep_setup,
        KeepSetup(
            ident=ident,
            outcome=state.outcome,
            reference=state.reference,
            account=state.account,
            method=state.method,
            card=dict(state.card) if state.card is not None else None,
            reason=state.reason,
            ask_in=state.ask_in,
        ),
        who,
    )
    return state


def _order(uow: Uow, found: Setup) -> SetupOrder:
    customer = found.customer_ident
    known = addresses_of_debtors(uow, [customer]).get(customer) if customer is not None else None
    return SetupOrder(
        key=found.key,
        name=known.name if known is not None else None,
        email=known.email if known is not None else None,
        account=found.customer_reference,
        method=found.method_given,
        currency=found.currency,
        return_url=found.return_url,
        reference=found.reference,
    )


@dataclass(frozen=True, slots=True)
class DueSetups:
    limit: int = 16


@operation("payment_setup.due", permission="payments.read", reads=True)
def due_setups(uow: Uow, command: DueSetups) -> list[str]:
    """Those that are to be asked for now."""
    sql = "SELECT ident FROM payment_setup WHERE ask_at <= %s ORDER BY ask_at, ident LIMIT %s"
    return uow.column(str, sql, (uow.ctx.now(), command.limit))


def look(runtime: Runtime, tenant_id: int) -> dt.datetime | Elsewhere | None:
    """Ask for what is due; when to look again. One worker at a time is at a tenant's."""
    who = caller("payments", tenant_id)
    with runtime.transaction(who, reads=True) as guard:
        if not guard.scalar(bool, f"SELECT {lock_if_free('payments', repr('setups'))}", {"tenant": tenant_id}):
            return Elsewhere.BUSY
        seen: set[str] = set()
        while due := [ident for ident in runtime.execute(due_setups, DueSetups(), who) if ident not in seen]:
            seen |= set(due)
            for ident in due:
                runtime.go_on()
                guard.run("SELECT 1")  # it is there as long as this says so, and with it the lock
                try:
                    ask_setup(runtime, tenant_id, ident)
                except Unreachable as error:
                    log.warning("no answer for the set-up %s: %s", ident, error)
                except Exception:  # a fault of ours: it is asked for again, and the others go on
                    log.exception("the set-up %s could not be asked for", ident)
                    said = KeepSetup(ident=ident, outcome="ACTION", reason="It could not be asked for yet.", ask_in=60)
                    runtime.execute(keep_setup, said, who)
        with runtime.transaction(who, reads=True) as uow:
            at = uow.scalar(dt.datetime, "SELECT min(ask_at) FROM payment_setup WHERE ask_at IS NOT NULL")
            return None if at is None or uow.ctx.is_test_clock else at


every_tenant(work(Work(name=SETTING_UP, look=look, by_clock=True)), every=dt.timedelta(minutes=15))
