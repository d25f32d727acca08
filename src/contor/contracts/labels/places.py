"""Where contracts stand, which trial they have and how they are paid, kept in columns so that lists find and sort them by these.

They follow from the contract's content and its days: whatever writes those tells it, and here the columns are brought up in the same
transaction. `standing`: 0 without a start, 1 without an end, 2 without an end and with a pause (of any day), 3 with an end, 4 cancelled.
"""

from typing import Final

from contor.contracts.events import (
    ContractsCancelled,
    ContractsChanged,
    ContractsCreated,
    ContractsEnded,
    ContractsLifeChanged,
    ContractsStarted,
)
from contor.kernel.events import on
from contor.runtime.uow import Uow

DRAFT, RUNNING, PAUSING, ENDING, CANCELLED = range(5)
_PLACES: Final = {
    "standing": (
        "CASE WHEN end_kind = 'CANCELLED' THEN 4 WHEN end_on IS NOT NULL THEN 3 WHEN start_on IS NULL THEN 0"
        " WHEN content #> '{life,pauses,0}' IS NOT NULL THEN 2 ELSE 1 END"
    ),
    "trial_until": "(content #>> '{life,trial,until}')::date",
    "payment_type": "coalesce(content #>> '{payment_information,payment_type}', 'BANK_TRANSFER')",
}
_DIFFERS: Final = f"({', '.join(_PLACES)}) IS DISTINCT FROM ({', '.join(_PLACES.values())})"
_SQL: Final = (
    f"UPDATE contract SET {', '.join(f'{name} = {said}' for name, said in _PLACES.items())}"
    f" WHERE contract_id = ANY (%s) AND {_DIFFERS}"
)


@on(ContractsCreated)
@on(ContractsStarted)
@on(ContractsEnded)
@on(ContractsCancelled)
@on(ContractsChanged)
@on(ContractsLifeChanged)
def keep_places(
    uow: Uow,
    fact: ContractsCreated | ContractsStarted | ContractsEnded | ContractsCancelled | ContractsChanged | ContractsLifeChanged,
) -> None:
    """The columns say again what the contracts say."""
    uow.run(_SQL, (list(fact.contract_ids),))


def misplaced(uow: Uow) -> list[str]:
    """Contracts whose columns say something else than they do."""
    return uow.column(str, f"SELECT contract_ident FROM contract WHERE {_DIFFERS} ORDER BY contract_id")
