"""Customers belong to each other: a group to its holding, a branch to its company. At most three levels, and nobody to himself."""

from dataclasses import dataclass

from contor.customers.customers import CUSTOMERS, OneCustomer
from contor.customers.events import ParentsAssigned, ParentsRemoved
from contor.customers.hierarchy.rules import assignment_findings
from contor.customers.hierarchy.stored import place_of
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, shape
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings


@shape
class ParentBody:
    parent_customer_ident: Ident
    """To whom the customer belongs from now on."""


@dataclass(frozen=True, slots=True)
class AssignParent:
    customer_ident: str
    body: ParentBody


@operation("customer.assign_parent", permission="customers.write")
def assign_parent(uow: Uow, command: AssignParent) -> None:
    """Let a customer belong to another one, and no more to whom he belonged. Raises INVALID with every finding: an unknown or inactive
    parent, a cycle, a fourth level."""
    require_hierarchy(uow)
    child, parent = command.customer_ident, command.body.parent_customer_ident
    alone(uow)
    before = CUSTOMERS.require(uow, (child,), lock=True)["parent_ident"]
    if findings := assignment_findings(child, parent, place_of(uow, child, parent)):
        raise Refused(Kind.INVALID, *findings)
    if before == parent:
        return
    _write(uow, child, before, parent)
    uow.emit(ParentsAssigned(assignments=((child, parent, before or ""),)))


@operation("customer.remove_parent", permission="customers.write")
def remove_parent(uow: Uow, command: OneCustomer) -> None:
    """Let a customer belong to nobody; what belongs to him stays with him."""
    require_hierarchy(uow)
    alone(uow)
    before = CUSTOMERS.require(uow, (command.customer_ident,), lock=True)["parent_ident"]
    if before is not None:
        set_free(uow, command.customer_ident, before)


def require_hierarchy(uow: Uow) -> None:
    """Raises ILLEGAL_STATE where the tenant keeps its customers side by side."""
    if not tenant_settings(uow).customer_hierarchy:
        message = "Customers do not belong to each other here: the settings of the tenant switch it on (PATCH /v2/tenant-settings)."
        raise Refused(Kind.ILLEGAL_STATE, Problem("customer_hierarchy_off", message))


def alone(uow: Uow) -> None:
    """Of two assignments at once each may be right and both together a cycle or a fourth level, in trees that only one of them touches:
    all of a tenant go one after the other."""
    uow.lock("customer_hierarchy", [""])


def set_free(uow: Uow, child: str, parent: str) -> None:
    """The customer belongs to nobody from now on."""
    _write(uow, child, parent, None)
    uow.emit(ParentsRemoved(removals=((child, parent),)))


def _write(uow: Uow, child: str, before: str | None, parent: str | None) -> None:
    sql = "UPDATE customer SET parent_ident = %s, last_modified_at = %s WHERE customer_ident = %s"
    uow.run(sql, (parent, uow.ctx.now(), child))
    uow.audit("customer", child, {"before": {"parent_ident": before}, "after": {"parent_ident": parent}})
