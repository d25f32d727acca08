"""Facts about notifications. Pure."""

from contor.kernel.events import event


@event("notification_route.paused")
class RoutesPaused:
    """Routes failed so often, one time upon the other, that nothing is sent there until a person says so again. Nothing is lost."""

    route_idents: tuple[str, ...]


@event("contracts.renewed")
class ContractsRenewed:
    """Contracts go on for another term, by themselves."""

    contract_ids: tuple[int, ...]


@event("contracts.trial_ends")
class TrialsEnd:
    """Trials of contracts end in some days; the tenant says in how many."""

    contract_ids: tuple[int, ...]


@event("contracts.trials_expired")
class TrialsExpired:
    """The last day of trials of contracts is over."""

    contract_ids: tuple[int, ...]


@event("contracts.expired")
class ContractsExpired:
    """The last day of contracts is over."""

    contract_ids: tuple[int, ...]
