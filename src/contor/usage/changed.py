"""Usages that are recorded stay billable: a contract is not changed so that no period of it takes them any more."""

import datetime as dt
from typing import NamedTuple

from contor.contracts.events import ContractsAmended
from contor.contracts.queries import contracts_by_id, plans_of
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.runtime.uow import Uow
from contor.usage.offers import offered_by


class _Used(NamedTuple):
    contract_id: int
    option_ident: str
    used_on: dt.date


@on(ContractsAmended)
def keep_what_was_used(uow: Uow, fact: ContractsAmended) -> None:
    """Those that are not billed yet; what is billed is looked at with its item."""
    used = uow.all(
        _Used,
        "SELECT DISTINCT contract_id, option_ident, used_on FROM usage WHERE contract_id = ANY (%s) AND status = 'OPEN'"
        " ORDER BY contract_id, option_ident, used_on",
        (list(fact.contract_ids),),
    )
    if not used:
        return
    contracts = contracts_by_id(uow, {row.contract_id for row in used})
    offered = offered_by(uow, {it.contract_ident: it for it in contracts.values()}, plans_of(uow, contracts.values()))
    for row in used:
        contract = contracts[row.contract_id]
        offer = offered[contract.contract_ident].get(row.option_ident)
        if offer is None or offer.period_without(contract, row.used_on) is not None:
            message = f"contract {contract.contract_ident} would not have {row.option_ident} on {row.used_on}, when it was used"
            raise Refused(Kind.CONFLICT, Problem("option_used", message, "effectiveDate", row.used_on))
