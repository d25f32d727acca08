"""Joint billings: which contracts of a customer are billed on one day, from now on, whoever joins later."""

import datetime as dt
from collections.abc import Collection
from typing import Annotated, NamedTuple

from pydantic import Field

from contor.contracts import tables
from contor.contracts.change import locked_contracts
from contor.contracts.events import ContractsChanged
from contor.contracts.joint.aligning import MOST, aligned, too_far, why_not_aligned
from contor.contracts.life import living_contract, refuse, view
from contor.contracts.queries import contracts_by_ident_unlocked
from contor.contracts.types import ContractView
from contor.customers.queries import known_customers
from contor.kernel.errors import Problem
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import Fields, Ident, shape
from contor.runtime.query.numbered import Numbered
from contor.runtime.resource import Resource
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

NUMBERED = Numbered("joint_billing", tables.joint_billing)


class JointBilling(NamedTuple):
    """A row of `joint_billing`."""

    ident: str
    id: int
    customer_ident: str
    name: str
    billing_date: dt.date


@shape
class JoinedContracts:
    contract_idents: Annotated[tuple[Ident, ...], Field(min_length=1, max_length=MOST)]


@shape
class JoinOrLeave:
    ident: str
    body: JoinedContracts


def _before_create(uow: Uow, row: Fields) -> None:
    problems = too_far(uow, row["billing_date"], "billing_date")
    if row["customer_ident"] not in known_customers(uow, [row["customer_ident"]]):
        problems.append(Problem("customer_unknown", "does not exist", "customer_ident", row["customer_ident"]))
    refuse(problems)


def _before_update(uow: Uow, row: Fields) -> None:
    """Its contracts are billed on its day, also when that changes."""
    refuse(too_far(uow, row["billing_date"], "billing_date"))
    members = members_of(uow, [row["ident"]]).get(row["ident"], [])
    if members:
        _align(uow, members, row["billing_date"])


def _before_delete(uow: Uow, row: Fields) -> None:
    """The days of its contracts stay as they are."""
    members = members_of(uow, [row["ident"]]).get(row["ident"], [])
    if members:
        _name(uow, members, None)


def _with_members(uow: Uow, rows: list[Fields]) -> list[Fields]:
    found = members_of(uow, [row["ident"] for row in rows])
    return [{**row, "contract_idents": found.get(row["ident"], [])} for row in rows]


JOINT_BILLINGS = Resource(
    "joint_billing",
    tables.joint_billing,
    permission="contracts",
    writable=("name", "customer_ident", "billing_date"),
    immutable=("customer_ident",),
    filterable=("ident", "customer_ident", "id"),
    refers=(Reference("customerIdent", "customer_unknown", known_customers),),
    before_create=_before_create,
    before_update=_before_update,
    before_delete=_before_delete,
    shown=_with_members,
    computed={"contract_idents": (list[str], ...)},
)


@operation(
    "joint_billing.join",
    permission="contracts.write",
    refers=(Reference("contractIdents", "contract_unknown", contracts_by_ident_unlocked),),
)
def join(uow: Uow, command: JoinOrLeave) -> tuple[ContractView, ...]:
    """Bill further contracts of the customer on the day of the others, all or none. One that was billed with others leaves them."""
    group = JOINT_BILLINGS.require(uow, [command.ident])
    contracts, problems = locked_contracts(uow, command.body.contract_idents), list[Problem]()
    for index, contract in enumerate(contracts):
        path, ident = f"contractIdents[{index}]", contract.contract_ident
        if contract.customer_ident != group["customer_ident"]:
            problems.append(Problem("customer_differs", "is a contract of another customer", path, ident))
        problems += [Problem(it.code, it.message, path, ident) for it in why_not_aligned(living_contract(uow, ident))]
    if len(members_of(uow, [command.ident]).get(command.ident, [])) + len(contracts) > MOST:
        problems.append(Problem("contracts_too_many", f"A joint billing takes {MOST} contracts.", "contractIdents"))
    refuse(problems)
    idents = [contract.contract_ident for contract in contracts]
    _name(uow, idents, command.ident)
    return _align(uow, idents, group["billing_date"])


@operation("joint_billing.leave", permission="contracts.write")
def leave(uow: Uow, command: JoinOrLeave) -> tuple[ContractView, ...]:
    """Bill contracts no longer together with the others; their billing day stays as it is."""
    JOINT_BILLINGS.require(uow, [command.ident])
    contracts = locked_contracts(uow, command.body.contract_idents)
    refuse(
        [
            Problem("contract_not_joined", "is not billed with the others", f"contractIdents[{index}]", one.contract_ident)
            for index, one in enumerate(contracts)
            if one.joint_billing_ident != command.ident
        ]
    )
    idents = [contract.contract_ident for contract in contracts]
    _name(uow, idents, None)
    return tuple([view(uow, ident) for ident in idents])


class _Member(NamedTuple):
    joint_billing_ident: str
    contract_ident: str


def members_of(uow: Uow, idents: Collection[str]) -> dict[str, list[str]]:
    """The contracts of each joint billing that has some, the oldest first."""
    sql = f"SELECT {columns(_Member)} FROM contract WHERE joint_billing_ident = ANY (%s) ORDER BY joint_billing_ident, contract_id"
    found: dict[str, list[str]] = {}
    for row in uow.all(_Member, sql, (sorted(idents),)) if idents else ():
        found.setdefault(row.joint_billing_ident, []).append(row.contract_ident)
    return found


def joint_billings_of(uow: Uow, idents: Collection[str]) -> dict[str, JointBilling]:
    """The joint billings that exist, by their idents."""
    sql = f"SELECT {columns(JointBilling)} FROM joint_billing WHERE ident = ANY (%s)"
    return {row.ident: row for row in uow.all(JointBilling, sql, (sorted(idents),))} if idents else {}


# helpers in calling order


def _align(uow: Uow, idents: Collection[str], day: dt.date) -> tuple[ContractView, ...]:
    """Contracts that are over stay as they are."""
    ones = [living_contract(uow, ident) for ident in idents]
    return tuple([view(uow, one.contract.contract_ident) if why_not_aligned(one) else aligned(uow, one, day) for one in ones])


def _name(uow: Uow, idents: Collection[str], group: str | None) -> None:
    contracts = locked_contracts(uow, list(idents))
    ids = [contract.contract_id for contract in contracts]
    sql = "UPDATE contract SET joint_billing_ident = %s, last_modified_at = %s WHERE contract_id = ANY (%s)"
    uow.run(sql, (group, uow.ctx.now(), ids))
    for contract in contracts:
        uow.audit("contract", contract.contract_ident, {"joint_billing": {"before": contract.joint_billing_ident, "after": group}})
    uow.emit(ContractsChanged(contract_ids=tuple(ids), before=tuple(contracts)))
