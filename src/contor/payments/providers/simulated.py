"""A provider that moves no money, for TEST tenants: what becomes of an attempt is said by the token's name, else by the cents of the
amount.

It keeps what it was asked to do, once per key, as a real one does: what was killed after the call finds it done.
"""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.payments.providers import tables
from contor.payments.providers.types import Instruction, IntentType, Outcome, Result, Unreachable
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow
from contor.runtime.work.tenants import caller

DELAY = dt.timedelta(minutes=1)
"""After which a slow one says what became of it."""


class Behaviour(NamedTuple):
    """How it behaves: `slow`: it says so a minute later; `silent`: it does it, and its answer is lost."""

    code: str | None = None
    slow: bool = False
    silent: bool = False


BY_CENTS = {
    4: Behaviour("AM04"),
    5: Behaviour("AC04"),
    6: Behaviour("MD01"),
    7: Behaviour("MS03"),
    14: Behaviour(slow=True),
    15: Behaviour("AM04", slow=True),
    24: Behaviour(silent=True),
}
"""119.04 fails for want of funds, 119.14 succeeds a minute later, the answer to 119.24 is lost; all others succeed at once."""


def behaviour_of(amount: Decimal, token: str | None) -> Behaviour:
    """By a token such as `fail-AC04`, `slow`, `slow-fail-AM04`, `silent`, `ok`; any other: by the cents."""
    words = (token or "").split("-")
    if not set(words) & {"fail", "slow", "silent", "ok"}:
        return BY_CENTS.get(int(amount * 100) % 100, Behaviour())
    code = None
    if "fail" in words:
        after = words[words.index("fail") + 1 :]
        code = after[0].upper() if after else "MS03"
    return Behaviour(code, "slow" in words, "silent" in words)


@shape
class Simulate:
    key: str
    type: IntentType
    amount: Decimal
    currency: str
    token: str | None


@shape
class SimulatedKey:
    key: str


class Transfer(NamedTuple):
    """What it has done, as far as it says so now."""

    key: str
    outcome: Outcome
    code: str | None
    known_at: dt.datetime
    cancelled_at: dt.datetime | None


_READ = "SELECT key, outcome, code, known_at, cancelled_at FROM simulated_transfer WHERE key = %s"


@operation("simulated_transfer.make", permission="payments.write")
def make_transfer(uow: Uow, command: Simulate) -> Result:
    """Do it, once per key."""
    how, now = behaviour_of(command.amount, command.token), uow.ctx.now()
    row = {
        "key": command.key,
        "type": command.type,
        "amount": command.amount,
        "currency": command.currency,
        "outcome": "SUCCESSFUL" if how.code is None else "FAILED",
        "code": how.code,
        "known_at": now + DELAY if how.slow else now,
        "created_at": now,
    }
    if uow.insert_once(tables.simulated_transfer, row):
        uow.audit("simulated_transfer", command.key, {"amount": command.amount, "outcome": row["outcome"]})
    return _said(uow, command.key)


@operation("simulated_transfer.get", permission="payments.read", reads=True)
def get_transfer(uow: Uow, command: SimulatedKey) -> Result | None:
    """What became of it; None: it never heard of it."""
    return _said(uow, command.key) if uow.first(Transfer, _READ, (command.key,)) else None


@operation("simulated_transfer.cancel", permission="payments.write")
def cancel_transfer(uow: Uow, command: SimulatedKey) -> Result:
    """Stop what it did not say anything of yet."""
    sql = "UPDATE simulated_transfer SET cancelled_at = %s WHERE key = %s AND known_at > %s AND cancelled_at IS NULL"
    if uow.run(sql, (uow.ctx.now(), command.key, uow.ctx.now())):
        uow.audit("simulated_transfer", command.key, {"cancelled": True})
    return _said(uow, command.key)


def _said(uow: Uow, key: str) -> Result:
    row = uow.first(Transfer, _READ, (key,))
    if row is None or row.cancelled_at is not None:
        return Result("CANCELLED", key)
    if row.known_at > uow.ctx.now():
        return Result("SUBMITTED", key, ask_in=int((row.known_at - uow.ctx.now()).total_seconds()) + 1)
    reason = None if row.code is None else f"The simulated provider refused it ({row.code})."
    return Result(row.outcome, key, row.code, reason)


class Simulated:
    """The provider of one TEST tenant."""

    def __init__(self, runtime: Runtime, tenant_id: int) -> None:
        self._runtime, self._caller = runtime, caller("simulated", tenant_id)

    def submit(self, instruction: Instruction) -> Result:
        known = self.ask(instruction)
        command = Simulate(
            key=instruction.key,
            type=instruction.type,
            amount=instruction.amount,
            currency=instruction.currency,
            token=instruction.method,
        )
        result = self._runtime.execute(make_transfer, command, self._caller)
        if known is None and behaviour_of(instruction.amount, instruction.method).silent:
            raise Unreachable("its answer is lost")
        return result

    def ask(self, instruction: Instruction) -> Result | None:
        return self._runtime.execute(get_transfer, SimulatedKey(key=instruction.key), self._caller)

    def cancel(self, instruction: Instruction) -> Result:
        return self._runtime.execute(cancel_transfer, SimulatedKey(key=instruction.key), self._caller)
