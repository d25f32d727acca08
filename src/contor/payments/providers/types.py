"""What every payment provider can be asked: to move money, what became of it, to stop. Pure.

A provider is one module that keeps this interface, and its line in the registry. Who calls it has committed the attempt before, and writes
down what it answers.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

IntentType = Literal["CHARGE", "REFUND", "PAYOUT"]
Outcome = Literal["SUBMITTED", "SUCCESSFUL", "FAILED", "CANCELLED"]


class Unreachable(Exception):
    """The provider did not answer, or answered with a fault of its own: whether it did anything is not known, and is asked for later."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """What is to be done: one attempt."""

    key: str
    """Idempotency key: the same one never moves money twice."""
    type: IntentType
    amount: Decimal
    currency: str
    account: str | None
    """What the provider calls the customer (`paymentProviderReference`)."""
    method: str | None
    """What it calls the means of payment (`paymentMethodReference`)."""
    descriptor: str | None
    """What the customer reads on the statement."""
    refunds: str | None
    """Of a refund: what the provider calls the charge."""
    created_at: dt.datetime
    reference: str | None = None
    """What the provider calls this attempt, as far as it said so."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an attempt."""

    outcome: Outcome
    reference: str | None = None
    code: str | None = None
    """Why it failed: a code of ISO 20022 where the provider's own one means one."""
    reason: str | None = None
    ask_in: int | None = None
    """Seconds after which the provider is asked again, where it calls nobody."""


class Provider(Protocol):
    """One payment provider. What it can do says `payments.gateways.capabilities`."""

    def submit(self, instruction: Instruction) -> Result:
        """Move the money, once per key. Raises `Unreachable`."""
        ...

    def ask(self, instruction: Instruction) -> Result | None:
        """What became of an attempt; None: the provider never heard of it. Raises `Unreachable`."""
        ...

    def cancel(self, instruction: Instruction) -> Result:
        """Stop what has not moved yet; answers what is true after it. Raises `Unreachable`."""
        ...
