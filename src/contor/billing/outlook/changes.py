"""What is asked of a preview: a change of the contract, and how far to look."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from contor.contracts.change import ActivationBody, AddedOptions, PatchBody
from contor.contracts.life import Pausing, Postponing, Reactivation, Resumption, TrialExtension
from contor.contracts.terms import ChangeBody
from contor.contracts.types import Termination
from contor.kernel.shapes import shape


@shape
class ContractChange:
    """What would be changed: exactly one of these, each with the body of its own action."""

    update: PatchBody | None = None
    add_options: AddedOptions | None = None
    activate: ActivationBody | None = None
    terminate: Termination | None = None
    terminate_extraordinarily: Termination | None = None
    cancel: Literal[True] | None = None
    change: ChangeBody | None = None
    """Quantities, own prices, options, plan or how it is billed, from a day on."""
    pause: Pausing | None = None
    resume: Resumption | None = None
    extend_trial: TrialExtension | None = None
    end_trial: Literal[True] | None = None
    withdraw_termination: Literal[True] | None = None
    reactivate: Reactivation | None = None
    renew: Literal[True] | None = None
    postpone: Postponing | None = None
    align_to: dt.date | None = None
    """The day on which it would be billed together with others."""


@shape
class PreviewBody:
    change: ContractChange | None = None
    """Without it, the contract as it is."""
    n: Annotated[int, Field(ge=1, le=24)] = 1
    """How many documents that follow are shown."""
