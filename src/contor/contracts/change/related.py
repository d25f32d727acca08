"""Name the contracts whose billing a partner's contract earns from."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from contor.contracts import tables
from contor.contracts.change.change import locked_contracts
from contor.contracts.queries import contract_by_ident, contracts_by_ident_unlocked, plans_of
from contor.contracts.relations import relate, related_contracts, relation_findings
from contor.contracts.types import MOST_RELATED, RelatedContract
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import shape
from contor.runtime.query import Filterable, ListQuery, Page
from contor.runtime.query.listed import listed_by_key
from contor.runtime.uow import Uow

RELATED = Filterable.of(tables.contract_relation, ("related_contract_ident", "created_at"), default_sort="related_contract_ident")
# answers call it so
RELATED.fields["contract_ident"] = RELATED.fields["related_contract_ident"]


@shape
class ChangeRelated:
    contract_ident: str
    body: Annotated[tuple[RelatedContract, ...], Field(min_length=1, max_length=MOST_RELATED)]


@dataclass(frozen=True, slots=True)
class ListRelated:
    contract_ident: str
    query: ListQuery


@operation("contract.list_related", permission="contracts.read", reads=True)
def list_related(uow: Uow, command: ListRelated) -> Page:
    """The contracts that a partner's contract earns from."""
    contract_by_ident(uow, command.contract_ident)

    def read(idents: list[str]) -> list[RelatedContract]:
        return [RelatedContract(contract_ident=ident) for ident in idents]

    scope = {"contract_ident": command.contract_ident, "active": True}
    return listed_by_key(uow, tables.contract_relation, command.query, RELATED, "related_contract_ident", read, scope)


@operation(
    "contract.add_related",
    permission="contracts.write",
    refers=(Reference("contractIdent", "contract_unknown", contracts_by_ident_unlocked),),
)
def add_related(uow: Uow, command: ChangeRelated) -> tuple[RelatedContract, ...]:
    """Name further contracts; all that are related are answered."""
    (contract,) = locked_contracts(uow, [command.contract_ident])
    plan = plans_of(uow, [contract])[contract.contract_id]
    known = {one.contract_ident for one in related_contracts(uow, [contract.contract_ident]).get(contract.contract_ident, ())}
    problems = relation_findings(uow, contract.contract_ident, plan, command.body, "", known)
    if contract.end_kind == "CANCELLED":
        problems.append(Problem("contract_cancelled", "The contract was cancelled."))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    relate(uow, contract, plan, command.body)
    uow.audit("contract", contract.contract_ident, {"related": [one.contract_ident for one in command.body]})
    return related_contracts(uow, [contract.contract_ident])[contract.contract_ident]


@operation("contract.remove_related", permission="contracts.write")
def remove_related(uow: Uow, command: ChangeRelated) -> tuple[RelatedContract, ...]:
    """What is billed of them from now on counts no more; those that stay are answered."""
    (contract,) = locked_contracts(uow, [command.contract_ident])
    known = {one.contract_ident for one in related_contracts(uow, [contract.contract_ident]).get(contract.contract_ident, ())}
    problems = [
        Problem("contract_not_related", "is not related to the contract", f"[{index}].contractIdent", one.contract_ident)
        for index, one in enumerate(command.body)
        if one.contract_ident not in known
    ]
    if problems:
        raise Refused(Kind.INVALID, *problems)
    idents = [one.contract_ident for one in command.body]
    uow.run(
        "UPDATE contract_relation SET active = false, removed_at = %s WHERE contract_ident = %s AND active"
        " AND related_contract_ident = ANY (%s)",
        (uow.ctx.now(), contract.contract_ident, idents),
    )
    uow.audit("contract", contract.contract_ident, {"no_more_related": idents})
    return related_contracts(uow, [contract.contract_ident]).get(contract.contract_ident, ())
