"""Which contracts a partner's contract earns from, and since when.

What is billed of a related contract counts from the partner's period on in which it was related, until it is removed; what is credited
of that counts whenever it comes.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import NamedTuple

from contor.catalogue.types import Plan
from contor.contracts import tables
from contor.contracts.calendar import billing_periods, instant
from contor.contracts.queries import contracts_by_ident_unlocked, plans_of
from contor.contracts.types import Contract, RelatedContract
from contor.kernel.errors import Problem
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class Relation(NamedTuple):
    contract_ident: str
    related_contract_ident: str


class Removal(NamedTuple):
    """When a contract was last no longer related; None: it is."""

    ident: str
    removed_at: dt.datetime | None


def related_contracts(uow: Uow, idents: Collection[str]) -> dict[str, tuple[RelatedContract, ...]]:
    """The contracts that each of these earns from; those without are left out."""
    found: dict[str, list[RelatedContract]] = {}
    for row in uow.all(
        Relation,
        f"SELECT {columns(Relation)} FROM contract_relation WHERE contract_ident = ANY (%s) AND active"
        " ORDER BY contract_ident, related_contract_ident",
        (sorted(idents),),
    ):
        found.setdefault(row.contract_ident, []).append(RelatedContract(contract_ident=row.related_contract_ident))
    return {ident: tuple(related) for ident, related in found.items()}


def relation_findings(
    uow: Uow, ident: str, plan: Plan, wanted: Sequence[RelatedContract], path: str, known: Collection[str] = ()
) -> list[Problem]:
    """Why contracts cannot be related to the contract `ident` of `plan`; `path`: of the list in the request."""
    if not wanted:
        return []
    if plan.content.type != "PARTNER":
        message = "only the contract of a plan for partners has related contracts"
        return [Problem("related_contracts_not_expected", message, path or "[0].contractIdent", ident)]
    found = contracts_by_ident_unlocked(uow, [one.contract_ident for one in wanted])
    plans = plans_of(uow, found.values())
    problems: list[Problem] = []
    seen = set(known)
    for index, one in enumerate(wanted):
        where, other = f"{path}[{index}].contractIdent", found.get(one.contract_ident)
        if other is None:
            problems.append(Problem("contract_unknown", "does not exist", where, one.contract_ident))
        elif plans[other.contract_id].content.type == "PARTNER":
            problems.append(Problem("contract_of_partner", "is a partner's contract itself", where, one.contract_ident))
        elif plans[other.contract_id].content.currency != plan.content.currency:
            message = f"is billed in {plans[other.contract_id].content.currency}, not in {plan.content.currency}"
            problems.append(Problem("currency_differs", message, where, one.contract_ident))
        elif one.contract_ident in seen:
            problems.append(Problem("contract_related", "is related already", where, one.contract_ident))
        seen.add(one.contract_ident)
    return problems


def relate(uow: Uow, contract: Contract, plan: Plan, wanted: Sequence[RelatedContract]) -> None:
    """Store the relations: they count from the period that runs, after a former relation from its end."""
    running = _running_since(uow, contract, plan)
    former = dict(
        uow.all(
            Removal,
            "SELECT related_contract_ident AS ident, max(removed_at) AS removed_at FROM contract_relation WHERE contract_ident = %s"
            " GROUP BY 1",
            (contract.contract_ident,),
        )
    )
    uow.insert(
        tables.contract_relation,
        [
            {
                "relation_id": uow.next_id(),
                "contract_ident": contract.contract_ident,
                "related_contract_ident": one.contract_ident,
                "active": True,
                "counts_from": max((at for at in (running, former.get(one.contract_ident)) if at is not None), default=None),
                "created_at": uow.ctx.now(),
            }
            for one in wanted
        ],
    )


def _running_since(uow: Uow, contract: Contract, plan: Plan) -> dt.datetime | None:
    """The beginning of the period that runs; None: none has begun."""
    if contract.start_on is None:
        return None
    # a period that begins today runs; the end of the search is exclusive
    tomorrow = uow.ctx.today() + dt.timedelta(days=1)
    begun = billing_periods(
        plan, contract.start_on, contract.billing_start_on, contract.end_on, contract.start_on, tomorrow, contract.life
    )
    return instant(begun[-1].start, uow.ctx.zone) if begun else None
