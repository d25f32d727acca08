"""Facts about contracts. Pure."""

from typing import Literal

from contor.contracts.terms import CreditType
from contor.contracts.types import Contract
from contor.kernel.events import event, transient

LifeChange = Literal["PAUSED", "RESUMED", "TRIAL", "TERMINATION_WITHDRAWN", "REACTIVATED", "PROLONGED", "POSTPONED", "ALIGNED"]
"""What changed in the life of a contract; TRIAL: it ends on another day."""


@event("contracts.created")
class ContractsCreated:
    contract_ids: tuple[int, ...]


@event("contracts.started")
class ContractsStarted:
    """Contracts have a start: they were created with one, or activated."""

    contract_ids: tuple[int, ...]


@event("contracts.ended")
class ContractsEnded:
    """The end of contracts is known, or has moved to an earlier day; what was billed beyond it is to be given back."""

    contract_ids: tuple[int, ...]


@event("contracts.cancelled")
class ContractsCancelled:
    """Contracts are as if they had never been: everything billed is to be reversed."""

    contract_ids: tuple[int, ...]


@event("contracts.changed")
class ContractsChanged:
    """Prices, addresses or payment terms of later periods changed."""

    contract_ids: tuple[int, ...]
    before: tuple[Contract, ...] = transient()
    """As they were, where something of them is otherwise from now on."""


@event("contracts.amended")
class ContractsAmended:
    """Changes of running contracts took effect: quantities, prices or plans are others from a day on, perhaps within what is billed."""

    contract_ids: tuple[int, ...]
    credit_types: tuple[tuple[int, CreditType], ...]
    """Contract, what the latest of its changes gives back."""


@event("contracts.life_changed")
class ContractsLifeChanged:
    """Contracts have other periods than they had: what was proposed is to agree with them."""

    contract_ids: tuple[int, ...]
    what: LifeChange
    before: tuple[Contract, ...] = transient()
    """As they were."""


@event("contracts.interval_advanced")
class IntervalsAdvanced:
    """The next interval of contracts is to be billed at once."""

    contract_ids: tuple[int, ...]


@event("contracts.options_added")
class OptionsAdded:
    """Contracts have usage options that they had not."""

    contract_ids: tuple[int, ...]


@event("contracts.allowances_removed")
class AllowancesRemoved:
    """Allowances are no more: what waits of them is not billed. Refused for those that were billed."""

    allowances: tuple[tuple[int, str], ...]
    """Contract, ident."""
