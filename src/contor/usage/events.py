"""Facts about usages. Pure."""

import datetime as dt

from contor.kernel.events import event


@event("usages.recorded")
class UsagesRecorded:
    """Contracts have further usages: somebody said them, or (`counted`) events of a period that is over were counted."""

    contract_ids: tuple[int, ...]
    counted: bool


@event("usages.came_late")
class UsagesCameLate:
    """Contracts have usages of a period that is over, and what is billed next of them may not take these."""

    contract_ids: tuple[int, ...]


@event("usages.taken_back")
class UsagesTakenBack:
    """Usages that were billed are cancelled: what they cost is to be given back."""

    usage_ids: tuple[int, ...]


@event("usages.events_came_late")
class EventsCameLate:
    """Events of a period that was counted came behind that: it is counted again."""

    contract_id: int
    option_ident: str
    period_start: dt.date


@event("usages.file_is_taken")
class UsageFileTaken:
    """A part of a file of events is taken, and there is more of it; or none of it is yet."""

    import_id: int
