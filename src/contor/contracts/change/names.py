"""Say what options are called in one contract: on its later documents they are called so."""

from contor.catalogue.queries import plans_by_id
from contor.contracts.change.change import locked_contracts
from contor.contracts.course import own_name_findings
from contor.contracts.create import stored_content
from contor.contracts.events import ContractsChanged
from contor.contracts.queries import contract_by_ident
from contor.contracts.read import views_of
from contor.contracts.types import ContractView, OwnNames
from contor.kernel.errors import Kind, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import replace, shape
from contor.runtime.uow import Uow


@shape
class NamesBody:
    own_names: OwnNames
    """All of them: what is left out is called as in the catalogue again."""


@shape
class NameOptions:
    contract_ident: str
    body: NamesBody


@operation("contract.name_options", permission="contracts.write")
def name_options(uow: Uow, command: NameOptions) -> ContractView:
    """Replace the contract's own names of its options; what was billed keeps the names it has."""
    (contract,) = locked_contracts(uow, [command.contract_ident])
    plan = plans_by_id(uow, [contract.plan_id])[contract.plan_id]
    known = {link.option_ident for phase in plan.content.phases for link in phase.linked_options}
    if problems := own_name_findings(command.body.own_names, known):
        raise Refused(Kind.INVALID, *problems)
    uow.run(
        "UPDATE contract SET content = %s, last_modified_at = %s WHERE contract_id = %s",
        (stored_content(replace(contract.content, own_names=command.body.own_names)), uow.ctx.now(), contract.contract_id),
    )
    before = contract.content.own_names
    uow.audit("contract", contract.contract_ident, {"own_names": {"before": before, "after": command.body.own_names}})
    uow.emit(ContractsChanged(contract_ids=(contract.contract_id,), before=()))
    return views_of(uow, [contract_by_ident(uow, contract.contract_ident)])[0]
