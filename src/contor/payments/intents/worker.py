"""Hand intents to providers, tenant by tenant. One worker at a time is at a tenant's intents: it holds a lock of the database for as long
as it looks, which is free at once when it dies."""

import datetime as dt
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from contor.kernel.work import Elsewhere, Work, work
from contor.payments.customer_accounts import PayingAccount, paying_accounts
from contor.payments.gateways import providers_by_id
from contor.payments.intents.attempts import Heard, KeepHeard, TakeAttempts, Taken, keep_heard, take_attempts
from contor.payments.intents.processing import SUBMITTING
from contor.payments.providers import Instruction, Provider, Result, Unreachable, provider_of
from contor.runtime.execute import Runtime
from contor.runtime.schema import lock_if_free
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller, described

log = logging.getLogger("contor.payments")

CALLS = 8
"""Calls of one worker at the same time."""
AGAIN_SECONDS = 60
"""After which a provider that did not answer is asked."""


class Order(NamedTuple):
    """A call that is to be made."""

    taken: Taken
    provider: Provider
    instruction: Instruction


def look(runtime: Runtime, tenant_id: int) -> dt.datetime | Elsewhere | None:
    """Hand over what waits and ask for what is not known; when to look again."""
    who = caller("payments", tenant_id)
    with runtime.transaction(who, reads=True) as guard:
        if not guard.scalar(bool, f"SELECT {lock_if_free('payments', repr('intents'))}", {"tenant": tenant_id}):
            return Elsewhere.BUSY
        seen: set[str] = set()
        while taken := [it for it in runtime.execute(take_attempts, TakeAttempts(), who) if it.key not in seen]:
            runtime.go_on()
            guard.run("SELECT 1")  # it is there as long as this says so, and with it the lock
            seen |= {it.key for it in taken}
            with runtime.transaction(who, reads=True) as uow:
                orders = orders_of(uow, runtime, taken)
            with ThreadPoolExecutor(CALLS) as calls:
                heard = tuple(calls.map(hand_over, orders))
            runtime.execute(keep_heard, KeepHeard(heard=heard), who)
        with runtime.transaction(who, reads=True) as uow:
            return _next_look(uow)


def orders_of(uow: Uow, runtime: Runtime, taken: Sequence[Taken]) -> list[Order]:
    """What is to be said to which provider, with what it is asked with."""
    registered = providers_by_id(uow, [it.provider_id for it in taken])
    providers = {number: provider_of(runtime, uow.ctx.tenant_id, one) for number, one in registered.items()}
    accounts = paying_accounts(uow, [it.customer_account_ident for it in taken])
    return [Order(it, providers[it.provider_id], _instruction(it, accounts[it.customer_account_ident])) for it in taken]


def _instruction(taken: Taken, account: PayingAccount) -> Instruction:
    return Instruction(
        key=taken.key,
        type=taken.type,
        amount=taken.amount,
        currency=taken.currency,
        account=account.payment_provider_reference,
        method=account.payment_method_reference,
        descriptor=taken.statement_descriptor,
        refunds=taken.refunds_reference,
        created_at=taken.created_at,
        reference=taken.provider_reference,
    )


def hand_over(order: Order) -> Heard:
    """Call the provider. What is not new is asked for first, and handed over with the same key where it is not known there."""
    taken, provider, instruction = order
    try:
        result = None if taken.is_new else provider.ask(instruction)
        if result is None:
            result = provider.submit(instruction)
    except Unreachable as error:
        log.warning("%s did not answer for attempt %s: %s", taken.provider, taken.key, described(error))
        result = Result("SUBMITTED", taken.provider_reference, reason=f"{taken.provider} did not answer yet.", ask_in=AGAIN_SECONDS)
    except Exception:  # a fault of ours: what may have happened is asked for, and the others go on
        log.exception("attempt %s could not be handed to %s", taken.key, taken.provider)
        result = Result(
            "SUBMITTED", taken.provider_reference, reason="It could not be handed on; it is asked for.", ask_in=AGAIN_SECONDS
        )
    return Heard(
        key=taken.key,
        outcome=result.outcome,
        reference=result.reference,
        code=result.code,
        reason=result.reason,
        ask_in=result.ask_in,
    )


def _next_look(uow: Uow) -> dt.datetime | None:
    """In real time: how far the tenant's clock is from the next question."""
    at = uow.scalar(dt.datetime, "SELECT min(ask_at) FROM payment_attempt WHERE ask_at IS NOT NULL")
    if at is None or uow.ctx.is_test_clock:  # a clock that stands still comes to nothing: who turns it lets workers look
        return None
    return at


PAYMENTS = work(Work(name=SUBMITTING, look=look, by_clock=True))
every_tenant(PAYMENTS, every=dt.timedelta(minutes=15))
