"""How customers stand: archived, suspended, merged, and to whom they belong."""

from collections.abc import Mapping

from contor.api.fynn.customers.answers import BranchShown, ChildrenShown, ChildShown, CustomerShown, TreeShown
from contor.api.fynn.customers.ids import customer_ident
from contor.api.fynn.customers.judged import said
from contor.api.fynn.customers.shown import STATUSES, customers_shown, meta_of
from contor.api.fynn.customers.types import MergeSent, ParentSent
from contor.api.fynn.customers.write import One
from contor.api.fynn.ids import CUSTOMER
from contor.api.fynn.lists import part_of
from contor.api.fynn.refusals import feature_off
from contor.contracts.held import Child, get_tree, list_children
from contor.customers.customers import CUSTOMERS, OneCustomer
from contor.customers.hierarchy import AssignParent, ParentBody, assign_parent, remove_parent
from contor.customers.standing import (
    MergeBody,
    MergeCustomer,
    archive_customer,
    merge_customer,
    reinstate_customer,
    suspend_customer,
    unarchive_customer,
)
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, Text255, shape
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings


@shape
class SetParent:
    customer_id: Text255
    body: ParentSent


@shape
class OfCustomer:
    customer_id: Text255


@shape
class ListOfCustomer:
    customer_id: Text255
    page: str = ""
    limit: str = ""


@shape
class Merge:
    id: Text255
    body: MergeSent


@operation("fynn.customer_archive", permission="customers.write")
def archive(uow: Uow, command: One) -> CustomerShown:
    """Nothing new is begun with the customer; refused while contracts of his run."""
    ident = customer_ident(uow, command.id)
    archive_customer(uow, OneCustomer(ident))
    return _shown(uow, ident)


@operation("fynn.customer_unarchive", permission="customers.write")
def unarchive(uow: Uow, command: One) -> CustomerShown:
    """Take an archived customer up again."""
    ident = customer_ident(uow, command.id)
    unarchive_customer(uow, OneCustomer(ident))
    return _shown(uow, ident)


@operation("fynn.customer_suspend", permission="customers.write")
def suspend(uow: Uow, command: One) -> CustomerShown:
    """Bill nothing to the customer and begin nothing new with him for a while."""
    ident = customer_ident(uow, command.id)
    suspend_customer(uow, OneCustomer(ident))
    return _shown(uow, ident)


@operation("fynn.customer_reinstate", permission="customers.write")
def reinstate(uow: Uow, command: One) -> CustomerShown:
    """End a suspension."""
    ident = customer_ident(uow, command.id)
    reinstate_customer(uow, OneCustomer(ident))
    return _shown(uow, ident)


@operation("fynn.customer_merge", permission="customers.write")
def merge(uow: Uow, command: Merge) -> CustomerShown:
    """Put a customer away for another one, who is answered."""
    ident, into = customer_ident(uow, command.id), _named(uow, command.body.target_customer_id, "targetCustomerId")
    with said():
        merge_customer(uow, MergeCustomer(ident, MergeBody(into_customer_ident=into)))
    return _shown(uow, into)


@operation("fynn.customer_set_parent", permission="customers.write")
def set_parent(uow: Uow, command: SetParent) -> CustomerShown:
    """Let a customer belong to another one."""
    ident = customer_ident(uow, command.customer_id)
    _require_feature(uow)
    parent = _parent(uow, command.body.parent_customer_id)
    with said():
        assign_parent(uow, AssignParent(ident, ParentBody(parent_customer_ident=parent)))
    return _shown(uow, ident)


@operation("fynn.customer_remove_parent", permission="customers.write")
def unset_parent(uow: Uow, command: OfCustomer) -> CustomerShown:
    """Let a customer belong to nobody."""
    ident = customer_ident(uow, command.customer_id)
    _require_feature(uow)
    remove_parent(uow, OneCustomer(ident))
    return _shown(uow, ident)


@operation("fynn.customer_children", permission="customers.read", reads=True)
def children(uow: Uow, command: ListOfCustomer) -> ChildrenShown:
    """Who belongs to a customer directly; nobody where the feature is off."""
    everybody = list_children(uow, OneCustomer(customer_ident(uow, command.customer_id))).children
    found, page = part_of(everybody, command.page, command.limit)
    ids = CUSTOMER.shown(uow, [one.customer_ident for one in found])
    return ChildrenShown(data=tuple(ChildShown(**_said(one, ids)) for one in found), meta=meta_of(page))


@operation("fynn.customer_hierarchy", permission="customers.read", reads=True)
def hierarchy(uow: Uow, command: OfCustomer) -> TreeShown:
    """The tree that a customer stands in, from its root."""
    ident = customer_ident(uow, command.customer_id)
    _require_feature(uow)
    tree = get_tree(uow, OneCustomer(ident))
    everybody = [tree, *tree.children, *(leaf for branch in tree.children for leaf in branch.children)]
    ids = CUSTOMER.shown(uow, [one.customer_ident for one in everybody])
    branches = [
        BranchShown(**_said(branch, ids), children=tuple(ChildShown(**_said(leaf, ids)) for leaf in branch.children))
        for branch in tree.children
    ]
    return TreeShown(**_said(tree, ids), children=tuple(branches))


def _require_feature(uow: Uow) -> None:
    if not tenant_settings(uow).customer_hierarchy:
        raise feature_off("customer.hierarchy")


def _parent(uow: Uow, text: str) -> str:
    try:
        return customer_ident(uow, text)
    except Refused:
        raise Refused(Kind.INVALID, Problem("parent_unknown", "does not exist", "parentCustomerId", text)) from None


def _named(uow: Uow, text: str, field: str) -> str:
    try:
        return customer_ident(uow, text)
    except Refused:
        raise Refused(Kind.INVALID, Problem("customer_unknown", "does not exist", field, text)) from None


def _said(one: Child, ids: Mapping[str, int | str]) -> Fields:
    return {
        "id": str(ids[one.customer_ident]),
        "customer_number": one.customer_ident,
        "name": one.name,
        "company_name": one.company,
        "email": one.email,
        "status": STATUSES[one.status],
        "active_subscription_count": one.running_contracts,
    }


def _shown(uow: Uow, ident: str) -> CustomerShown:
    return customers_shown(uow, [CUSTOMERS.require(uow, (ident,))])[0]
