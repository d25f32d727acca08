"""Customers who belong to each other, each with how many of his contracts run."""

from collections.abc import Mapping, Sequence
from dataclasses import field

from contor.contracts.held.counted import running_contracts
from contor.customers.customers import CUSTOMERS, OneCustomer
from contor.customers.hierarchy import MOST_LEVELS, Member, member, members_below, root_of
from contor.customers.types import CustomerStatus
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, Ident, shape
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings


@shape
class Child:
    customer_ident: Ident
    name: str
    company: str | None
    email: str | None
    status: CustomerStatus
    running_contracts: int


@shape
class Children:
    children: tuple[Child, ...]


@shape
class Grandchild(Child):
    """Somebody on the third level."""


@shape
class Branch(Child):
    """Somebody on the second level, with who belongs to him."""

    children: tuple[Grandchild, ...] = field(default_factory=tuple)


@shape
class Tree(Child):
    """The root of a tree, with who belongs to him."""

    children: tuple[Branch, ...] = field(default_factory=tuple)


@operation("customer.children", permission="customers.read", reads=True)
def list_children(uow: Uow, command: OneCustomer) -> Children:
    """Who belongs to a customer directly; nobody does where the tenant keeps its customers side by side."""
    CUSTOMERS.require(uow, (command.customer_ident,))
    below = members_below(uow, [command.customer_ident]) if tenant_settings(uow).customer_hierarchy else []
    counts = running_contracts(uow, [one.customer_ident for one in below])
    return Children(children=tuple(Child(**_said(one, counts)) for one in below))


@operation("customer.tree", permission="customers.read", reads=True)
def get_tree(uow: Uow, command: OneCustomer) -> Tree:
    """The whole tree that a customer stands in, from its root, whoever of it is asked for."""
    CUSTOMERS.require(uow, (command.customer_ident,))
    shown = tenant_settings(uow).customer_hierarchy
    root = member(uow, root_of(uow, command.customer_ident) if shown else command.customer_ident)
    assert root is not None, "who is named stands in a tree, if alone"
    levels: list[list[Member]] = [[root]]
    while shown and len(levels) < MOST_LEVELS and levels[-1]:
        levels.append(members_below(uow, [one.customer_ident for one in levels[-1]]))
    second, third = [*levels, [], []][1:3]
    counts = running_contracts(uow, [one.customer_ident for level in levels for one in level])
    below = _by_parent(third)
    branches = [
        Branch(
            **_said(one, counts), children=tuple(Grandchild(**_said(leaf, counts)) for leaf in below.get(one.customer_ident, ()))
        )
        for one in second
    ]
    return Tree(**_said(root, counts), children=tuple(branches))


# helpers in calling order


def _said(one: Member, counts: Mapping[str, int]) -> Fields:
    return {
        "customer_ident": one.customer_ident,
        "name": one.name,
        "company": one.company,
        "email": one.email,
        "status": one.status,
        "running_contracts": counts[one.customer_ident],
    }


def _by_parent(level: Sequence[Member]) -> dict[str, list[Member]]:
    found: dict[str, list[Member]] = {}
    for one in level:
        found.setdefault(one.parent_ident or "", []).append(one)
    return found
