"""Facts about usages. Pure."""

from contor.kernel.events import event


@event("usages.came_late")
class UsagesCameLate:
    """Contracts have usages of a period that is over, and what is billed next of them may not take these."""

    contract_ids: tuple[int, ...]


@event("usages.taken_back")
class UsagesTakenBack:
    """Usages that were billed are cancelled: what they cost is to be given back."""

    usage_ids: tuple[int, ...]
