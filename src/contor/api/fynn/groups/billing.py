"""Billing groups: subscriptions of a customer that are billed on one day."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from contor.api.fynn.groups.types import BillingGroupBody, BillingGroupShown
from contor.api.fynn.ids import CUSTOMER
from contor.api.fynn.manners import known_when
from contor.api.fynn.subscriptions import JOINT, SUBSCRIPTION, customer_named, named_all, told
from contor.api.ids import shown_together
from contor.api.route import By, IdsOf, Sought
from contor.contracts.joint import (
    JOINT_BILLINGS,
    JoinedContracts,
    JoinOrLeave,
    first_opening,
    join,
    leave,
    members_of,
)
from contor.contracts.life import living_contract
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, shape
from contor.runtime.execute import validated
from contor.runtime.query import ListQuery, Page
from contor.runtime.resource import Keyed, Listed, Written
from contor.runtime.uow import Uow

CORE: Final = {"customerIdent": "customer", "contractIdents": "subscriptions[]", "billingDate": "billingDate", "ident": "id"}
SOUGHT: Final = Sought(by={"id": By(field="ident"), "customer": By(field="customer_ident"), "name": By(field="name", form="PART")})
IDS: Final = IdsOf(path={"id": JOINT})
LIST_IDS: Final = IdsOf(query={"ident": JOINT, "customer_ident": CUSTOMER})


@shape
class One:
    id: str


@shape
class Update:
    id: str
    body: BillingGroupBody


@shape
class Asked:
    query: ListQuery


@operation("fynn.billing_group_list", permission="contracts.read", reads=True)
def list_groups(uow: Uow, command: Asked) -> Page:
    """Billing groups with the subscriptions of each."""
    page: Page = JOINT_BILLINGS.list.function(uow, Listed((), command.query))
    return replace(page, items=tuple(_shown(uow, page.rows)))


@operation("fynn.billing_group_get", permission="contracts.read", reads=True)
def get_group(uow: Uow, command: One) -> BillingGroupShown:
    """One billing group."""
    return _read(uow, command.id)


@operation("fynn.billing_group_create", permission="contracts.write")
def create_group(uow: Uow, body: BillingGroupBody) -> BillingGroupShown:
    """Bill subscriptions of a customer on one day: the next part of each is charged by its days."""
    customer, members = customer_named(uow, body.customer), named_all(uow, body.subscriptions, "subscriptions")
    with told(CORE):
        day = body.billing_date or first_opening([living_contract(uow, ident) for ident in members]) or uow.ctx.today()
        row = {"name": body.name, "customer_ident": customer, "billing_date": day}
        made = JOINT_BILLINGS.create.function(uow, Written((), validated(JOINT_BILLINGS.creation, row)))
        if members:
            join(uow, JoinOrLeave(ident=made["ident"], body=JoinedContracts(contract_idents=tuple(members))))
    return _read(uow, made["ident"])


@operation("fynn.billing_group_update", permission="contracts.write")
def update_group(uow: Uow, command: Update) -> BillingGroupShown:
    """Another name, another day for all of them, other subscriptions: those that leave keep their day."""
    ident, body = command.id, command.body
    before = JOINT_BILLINGS.require(uow, [ident])
    if customer_named(uow, body.customer) != before["customer_ident"]:
        raise Refused(Kind.INVALID, Problem("field_immutable", "cannot be changed.", "customer", body.customer))
    wanted = named_all(uow, body.subscriptions, "subscriptions")
    held = members_of(uow, [ident]).get(ident, [])
    with told(CORE):
        if gone := [one for one in held if one not in wanted]:
            leave(uow, JoinOrLeave(ident=ident, body=JoinedContracts(contract_idents=tuple(gone))))
        row = {"name": body.name, "billing_date": body.billing_date or before["billing_date"]}
        JOINT_BILLINGS.update.function(uow, Written((ident,), validated(JOINT_BILLINGS.update_body, row)))
        if new := [one for one in wanted if one not in held]:
            join(uow, JoinOrLeave(ident=ident, body=JoinedContracts(contract_idents=tuple(new))))
    return _read(uow, ident)


@operation("fynn.billing_group_delete", permission="contracts.write")
def delete_group(uow: Uow, command: One) -> None:
    """Bill its subscriptions each for itself; their days stay."""
    JOINT_BILLINGS.delete.function(uow, Keyed((command.id,)))


# helpers in calling order


def _read(uow: Uow, ident: str) -> BillingGroupShown:
    return _shown(uow, [JOINT_BILLINGS.get.function(uow, Keyed((ident,)))])[0]


def _shown(uow: Uow, rows: Sequence[Fields]) -> list[BillingGroupShown]:
    ids, customers, members = shown_together(
        uow,
        (JOINT, [row["ident"] for row in rows]),
        (CUSTOMER, {row["customer_ident"] for row in rows}),
        (SUBSCRIPTION, [ident for row in rows for ident in row["contract_idents"]]),
    )
    return [
        BillingGroupShown(
            id=str(ids[row["ident"]]),
            name=row["name"],
            customer=str(customers[row["customer_ident"]]),
            billing_date=known_when(row["billing_date"]),
            subscriptions=tuple(str(members[ident]) for ident in row["contract_idents"]),
            created_at=known_when(row["created_at"]),
        )
        for row in rows
    ]
