"""What products are sorted and booked by: families, tax groups, cost centres."""

from contor.catalogue.products import tables
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.runtime.query.numbered import is_named
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow


def _no_member(uow: Uow, row: Fields) -> None:
    sql = "SELECT EXISTS (SELECT FROM product WHERE families @> to_jsonb(%s::text))"
    if uow.scalar(bool, sql, (row["ident"],)):
        raise Refused(Kind.CONFLICT, Problem("product_family_in_use", "Products belong to the family."))


def _no_product(uow: Uow, row: Fields) -> None:
    if is_named(uow, ["tax_group_ident"], row["ident"], ["tax_group"]):
        raise Refused(Kind.CONFLICT, Problem("tax_group_in_use", "Products are taxed by the group."))


def _nothing_booked(uow: Uow, row: Fields) -> None:
    if is_named(uow, ["cost_centre_code"], row["code"], ["cost_centre"]):
        raise Refused(Kind.CONFLICT, Problem("cost_centre_in_use", "Products are booked on the cost centre."))


FAMILIES = Resource(
    "product_family",
    tables.product_family,
    permission="catalogue",
    writable=("name",),
    filterable=("ident", "id", "name", "created_at"),
    sort="id",
    before_delete=_no_member,
)
TAX_GROUPS = Resource(
    "tax_group",
    tables.tax_group,
    permission="catalogue",
    writable=("name", "reverse_charge", "rate"),
    filterable=("ident", "id", "name", "created_at"),
    sort="id",
    before_delete=_no_product,
)
COST_CENTRES = Resource(
    "cost_centre",
    tables.cost_centre,
    permission="catalogue",
    keys=("code",),
    writable=("code", "name"),
    filterable=("code", "id", "name", "created_at"),
    sort="id",
    before_delete=_nothing_booked,
)
