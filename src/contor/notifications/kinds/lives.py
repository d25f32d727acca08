"""What is told of the lives of contracts: pauses, trials, ends that are overcome."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from contor.contracts.events import ContractsLifeChanged, IntervalsAdvanced
from contor.contracts.queries import contracts_by_id
from contor.notifications.events import TrialsEnd
from contor.notifications.kinds.declared import notified
from contor.notifications.kinds.sales import told_of_contracts
from contor.notifications.types import Notice
from contor.runtime.uow import Uow

_TYPES: Final = {
    "PAUSED": "contract.paused",
    "RESUMED": "contract.resumed",
    "TERMINATION_WITHDRAWN": "contract.terminationWithdrawn",
    "REACTIVATED": "contract.reactivated",
    "PROLONGED": "contract.reactivated",
}
"""All other changes are told as such."""


@notified(
    ContractsLifeChanged,
    {
        "contract.paused": "A contract is paused, now or from a day on.",
        "contract.resumed": "A paused contract goes on, or the day on which it does is another.",
        "contract.terminationWithdrawn": "A termination was taken back before it took effect.",
        "contract.reactivated": "An ended contract begins again.",
    },
)
def lives_changed(uow: Uow, fact: ContractsLifeChanged) -> Iterator[Notice]:
    return told_of_contracts(_TYPES.get(fact.what, "contract.updated"), contracts_by_id(uow, fact.contract_ids).values())


@notified(IntervalsAdvanced, {})
def intervals_advanced(uow: Uow, fact: IntervalsAdvanced) -> Iterator[Notice]:
    return told_of_contracts("contract.updated", contracts_by_id(uow, fact.contract_ids).values())


@notified(TrialsEnd, {"contract.trialEnds": "The trial of a contract ends in some days, as the tenant's settings say."})
def trials_end(uow: Uow, fact: TrialsEnd) -> Iterator[Notice]:
    for contract in contracts_by_id(uow, fact.contract_ids).values():
        assert contract.life is not None and contract.life.trial is not None
        last = contract.life.trial.until - dt.timedelta(days=1)
        for notice in told_of_contracts("contract.trialEnds", [contract]):
            yield notice._replace(content={**notice.content, "trialLastDay": last})
