"""Groups that customers are sorted by."""

from collections.abc import Collection

from contor.customers import tables
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.runtime.query.numbered import Numbered
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow

NUMBERED = Numbered("customer_group", tables.customer_group)


def _unused(uow: Uow, row: Fields) -> None:
    used = uow.scalar(str, "SELECT customer_ident FROM customer WHERE group_ident = %s ORDER BY 1 LIMIT 1", (row["ident"],))
    if used is not None:
        message = f"Customers are in the group, such as {used}."
        raise Refused(Kind.CONFLICT, Problem("customer_group_in_use", message, "ident", row["ident"]))


CUSTOMER_GROUPS = Resource(
    "customer_group",
    tables.customer_group,
    permission="customers",
    keys=("ident",),
    writable=("name", "description"),
    filterable=("id", "ident", "name", "created_at"),
    before_delete=_unused,
)


def groups_named(uow: Uow, idents: Collection[str]) -> list[Fields]:
    """Those of the groups that exist."""
    sql = "SELECT ident, id, name, description FROM customer_group WHERE ident = ANY (%s) ORDER BY ident"
    return uow.records(sql, (sorted(idents),)) if idents else []
