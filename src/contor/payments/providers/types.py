"""What every payment provider can be asked: to move money, what became of it, to stop. Pure.

A provider is one module that keeps this interface, and its line in the registry. Who calls it has committed the attempt before, and writes
down what it answers.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
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


# a means of payment that the customer agrees to at the provider

SetupOutcome = Literal["ACTION", "DONE", "FAILED"]


@dataclass(frozen=True, slots=True)
class SetupOrder:
    """A means of payment that is to be set up."""

    key: str
    """Idempotency key: the same one never begins twice."""
    name: str | None
    email: str | None
    """Of the customer, as far as they are known."""
    account: str | None
    """What the provider calls the customer already."""
    method: str | None
    """What it calls a means of payment that is there already, and that the customer may have to agree to."""
    currency: str
    return_url: str | None
    """Where the customer comes back to."""
    reference: str | None = None
    """What the provider calls the set-up, as far as it said so."""


@dataclass(frozen=True, slots=True)
class SetupState:
    """How a set-up stands."""

    outcome: SetupOutcome
    """ACTION: the customer has to do something at the provider."""
    reference: str | None = None
    account: str | None = None
    """What the provider calls the customer."""
    method: str | None = None
    """What it calls the means of payment, once it is there."""
    card: Mapping[str, str | int | None] | None = None
    """What may be shown of a card: brand, last4, exp_month, exp_year, holder."""
    secret: str | None = field(default=None, repr=False)
    """By which the customer's browser acts; it is told to who asks and kept nowhere."""
    url: str | None = field(default=None, repr=False)
    """Where the customer acts."""
    reason: str | None = None
    ask_in: int | None = None
    """Seconds after which the provider is asked again, where it calls nobody."""


class SettingUp(Protocol):
    """A provider where customers agree to be collected from."""

    def begin(self, order: SetupOrder) -> SetupState:
        """Begin, once per key. Raises `Unreachable`."""
        ...

    def state(self, order: SetupOrder) -> SetupState:
        """How what was begun stands. Raises `Unreachable`."""
        ...

    def cancel(self, order: SetupOrder) -> SetupState:
        """Nothing comes of it any more, unless it is done; answers what is true after it. Raises `Unreachable`."""
        ...
