"""Billing groups and product groups."""

from contor.api.fynn.groups import billing, products
from contor.api.fynn.groups.types import BillingGroupShown, ProductGroupShown
from contor.api.fynn.kit import route
from contor.api.route import Route
from contor.catalogue.groups.stored import PRODUCT_GROUPS
from contor.contracts.joint import JOINT_BILLINGS

ROUTES: list[Route] = [
    route(
        "GET",
        "/billing-groups",
        billing.list_groups,
        permission="billing-group:read",
        id="getBillingGroups",
        about="billing group",
        filterable=JOINT_BILLINGS.search,
        sought=billing.SOUGHT,
        ids=billing.LIST_IDS,
        output=BillingGroupShown,
    ),
    route(
        "GET",
        "/billing-groups/{id}",
        billing.get_group,
        permission="billing-group:read",
        id="getBillingGroup",
        about="billing group",
        ids=billing.IDS,
    ),
    route(
        "POST",
        "/billing-groups",
        billing.create_group,
        permission="billing-group:write",
        id="createBillingGroup",
        about="billing group",
        body="*",
    ),
    route(
        "PUT",
        "/billing-groups/{id}",
        billing.update_group,
        permission="billing-group:write",
        id="updateBillingGroup",
        about="billing group",
        ids=billing.IDS,
        body="body",
    ),
    route(
        "DELETE",
        "/billing-groups/{id}",
        billing.delete_group,
        permission="billing-group:write",
        id="deleteBillingGroup",
        about="billing group",
        ids=billing.IDS,
    ),
    route(
        "GET",
        "/product-groups",
        products.list_groups,
        permission="product-group:read",
        id="getProductGroups",
        about="product group",
        filterable=PRODUCT_GROUPS.search,
        sought=products.SOUGHT,
        ids=products.LIST_IDS,
        output=ProductGroupShown,
    ),
    route(
        "GET",
        "/product-groups/{id}",
        products.get_group,
        permission="product-group:read",
        id="getProductGroup",
        about="product group",
        ids=products.IDS,
    ),
    route(
        "POST",
        "/product-groups",
        products.create_group,
        permission="product-group:write",
        id="createProductGroup",
        about="product group",
        body="*",
    ),
    route(
        "PUT",
        "/product-groups/{id}",
        products.update_group,
        permission="product-group:write",
        id="updateProductGroup",
        about="product group",
        ids=products.IDS,
        body="body",
    ),
    route(
        "DELETE",
        "/product-groups/{id}",
        products.delete_group,
        permission="product-group:write",
        id="deleteProductGroup",
        about="product group",
        ids=products.IDS,
    ),
]

__all__ = ["ROUTES"]
