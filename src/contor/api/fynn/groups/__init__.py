"""Billing groups and product groups."""

from contor.api.fynn.groups import billing, products
from contor.api.fynn.groups.types import BillingGroupShown, ProductGroupShown
from contor.api.fynn.kit import route
from contor.api.route import Route
from contor.catalogue.groups.stored import PRODUCT_GROUPS
from contor.contracts.joint import JOINT_BILLINGS


def _rows(path: str, noun: str, permission: str, part: object, filterable: object, output: object) -> list[Route]:
    """The five rows of a kind of group."""
    name = "".join(word.capitalize() for word in noun.split())
    read, write = f"{permission}:read", f"{permission}:write"
    one = {"ids": part.IDS, "about": noun}  # type: ignore[attr-defined]  # both parts have the same
    return [
        route(
            "GET",
            path,
            part.list_groups,  # type: ignore[attr-defined]
            permission=read,
            id=f"get{name}s",
            about=noun,
            filterable=filterable,  # type: ignore[arg-type]
            sought=part.SOUGHT,  # type: ignore[attr-defined]
            ids=part.LIST_IDS,  # type: ignore[attr-defined]
            output=output,
        ),
        route("GET", f"{path}/{{id}}", part.get_group, permission=read, id=f"get{name}", **one),  # type: ignore[attr-defined]
        route("POST", path, part.create_group, permission=write, id=f"create{name}", about=noun, body="*"),  # type: ignore[attr-defined]
        route("PUT", f"{path}/{{id}}", part.update_group, permission=write, id=f"update{name}", body="body", **one),  # type: ignore[attr-defined]
        route("DELETE", f"{path}/{{id}}", part.delete_group, permission=write, id=f"delete{name}", **one),  # type: ignore[attr-defined]
    ]


ROUTES: list[Route] = [
    *_rows("/billing-groups", "billing group", "billing-group", billing, JOINT_BILLINGS.search, BillingGroupShown),
    *_rows("/product-groups", "product group", "product-group", products, PRODUCT_GROUPS.search, ProductGroupShown),
]

__all__ = ["ROUTES"]
