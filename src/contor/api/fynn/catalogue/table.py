"""The routes of the catalogue."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from contor.api.fynn.catalogue import coupons, labels, measurements, plans, prices, products, units
from contor.api.fynn.catalogue.price_plans import PricePlanShown
from contor.api.fynn.catalogue.relations import COST_CENTRE, FAMILY, MEASUREMENT, PLAN, PRICE, PRODUCT, TAX_GROUP, UNIT
from contor.api.fynn.ids import CUSTOMER
from contor.api.fynn.kit import route
from contor.api.fynn.lists import anywhere
from contor.api.ids import DialectIds
from contor.api.route import AnyOperation, By, IdsOf, Route, Sought
from contor.catalogue.coupons.stored import COUPONS
from contor.catalogue.measures import MEASUREMENTS, UNITS
from contor.catalogue.products import COST_CENTRES, FAMILIES, PLANS, PRICES, PRODUCTS, TAX_GROUPS
from contor.runtime.resource import Resource

_CREATED: Final = {"createdAt": By(field="created_at", form="INSTANT")}
_NAMED: Final = {"name": By(field="name", form="PART"), **_CREATED}
_BY_NAME: Final = {"name": "name", "createdAt": "created_at"}
_FOUND: Final = Sought(by=_NAMED, order=_BY_NAME, text=anywhere("name"))


class _Things(NamedTuple):
    """Things that are listed, read, made, replaced and deleted."""

    path: str
    about: str
    permission: str
    """Of which things: `unit` for `unit:read` and `unit:write`."""
    names: tuple[str, str]
    """One and many, as the published description calls them."""
    ids: DialectIds
    operations: tuple[AnyOperation, AnyOperation, AnyOperation, AnyOperation, AnyOperation]
    """List, get, create, update, delete."""
    shown: type
    stored: Resource
    sought: Sought = _FOUND
    within: Mapping[str, DialectIds] = {}
    """Further ids in what is answered."""
    asked: Mapping[str, DialectIds] = {}
    """Ids by which the list is searched."""
    read_as: str = ""
    """What the published description calls reading one."""


def _rows(of: _Things) -> list[Route]:
    one, many = of.names
    answered = {"id": of.ids, **of.within}
    member, ids = f"{of.path}/{{id}}", IdsOf(path={"id": of.ids}, answer=answered)
    reads, writes = f"{of.permission}:read", f"{of.permission}:write"
    found, got, made, changed, gone = of.operations
    listed = IdsOf(query={"id": of.ids, **of.asked}, answer=answered)
    return [
        route(
            "GET",
            of.path,
            found,
            permission=reads,
            id=f"get{many}",
            about=of.about,
            filterable=of.stored.search,
            output=of.shown,
            sought=of.sought,
            ids=listed,
        ),
        route("GET", member, got, permission=reads, id=of.read_as or f"get{one}", about=of.about, ids=ids),
        route("POST", of.path, made, permission=writes, id=f"create{one}", about=of.about, body="body", ids=IdsOf(answer=answered)),
        route("PUT", member, changed, permission=writes, id=f"update{one}", about=of.about, body="body", ids=ids),
        route("DELETE", member, gone, permission=writes, id=f"delete{one}", about=of.about, ids=IdsOf(path={"id": of.ids})),
    ]


def _action(of: _Things, verb: str, operation: AnyOperation) -> Route:
    ids = IdsOf(path={"id": of.ids}, answer={"id": of.ids, **of.within})
    path, name = f"{of.path}/{{id}}/{verb}", f"{verb}{of.names[0]}"
    return route("PUT", path, operation, permission=f"{of.permission}:write", id=name, about=of.about, ids=ids)


_UNITS = _Things(
    "/units",
    "unit",
    "unit",
    ("Unit", "Units"),
    UNIT,
    (units.list_units, units.get_unit, units.create_unit, units.update_unit, units.delete_unit),
    units.UnitShown,
    UNITS,
)
_MEASUREMENTS = _Things(
    "/catalogue/measurements",
    "measurement",
    "measurement",
    ("Measurement", "Measurements"),
    MEASUREMENT,
    (
        measurements.list_measurements,
        measurements.get_measurement,
        measurements.create_measurement,
        measurements.update_measurement,
        measurements.delete_measurement,
    ),
    measurements.MeasurementShown,
    MEASUREMENTS,
    Sought(
        by={
            "code": By(field="code"),
            "type": By(field="kind", words={"recurring": "RECURRING", "metered": "METERED"}),
            "eventName": By(field="event_name"),
            **_CREATED,
        },
        order={"code": "code", "createdAt": "created_at"},
        text=anywhere("code", "event_name"),
    ),
    {"unit.id": UNIT},
)
_PRODUCTS = _Things(
    "/catalogue/products",
    "product",
    "product",
    ("Product", "Products"),
    PRODUCT,
    (products.list_products, products.get_product, products.create_product, products.update_product, products.delete_product),
    products.ProductShown,
    PRODUCTS,
    Sought(
        by={
            "id": By(field="ident"),
            "number": By(field="number"),
            "name": By(field="name", form="PART"),
            "internalName": By(field="internal_name", form="PART"),
            "measurement.code": By(field="measurement_code"),
            **_CREATED,
        },
        order={"name": "name", "number": "number", "createdAt": "created_at"},
        text=anywhere("name", "number", "internal_name"),
    ),
    {
        "measurement.id": MEASUREMENT,
        "measurement.unit.id": UNIT,
        "productFamilies.id": FAMILY,
        "taxGroup.id": TAX_GROUP,
        "costCentre.id": COST_CENTRE,
    },
    {"ident": PRODUCT},
)
_FAMILIES = _Things(
    "/product-families",
    "product family",
    "product-family",
    ("ProductFamily", "ProductFamilies"),
    FAMILY,
    (labels.list_families, labels.get_family, labels.create_family, labels.update_family, labels.delete_family),
    labels.FamilyShown,
    FAMILIES,
)
_TAX_GROUPS = _Things(
    "/tax-groups",
    "tax group",
    "product",
    ("TaxGroup", "TaxGroups"),
    TAX_GROUP,
    (labels.list_tax_groups, labels.get_tax_group, labels.create_tax_group, labels.update_tax_group, labels.delete_tax_group),
    labels.TaxGroupShown,
    TAX_GROUPS,
    Sought(by={"internalDescription": By(field="name", form="PART"), **_CREATED}, order={"createdAt": "created_at"}),
)
_COST_CENTRES = _Things(
    "/cost-centres",
    "cost centre",
    "product",
    ("CostCentre", "CostCentres"),
    COST_CENTRE,
    (
        labels.list_cost_centres,
        labels.get_cost_centre,
        labels.create_cost_centre,
        labels.update_cost_centre,
        labels.delete_cost_centre,
    ),
    labels.CostCentreShown,
    COST_CENTRES,
    Sought(by={"code": By(field="code"), **_NAMED}, order={"code": "code", **_BY_NAME}, text=anywhere("code", "name")),
)
_PRICES = _Things(
    "/price-plans",
    "price plan",
    "price-plan",
    ("PricePlan", "PricePlans"),
    PRICE,
    (
        prices.list_price_plans,
        prices.get_price_plan,
        prices.create_price_plan,
        prices.update_price_plan,
        prices.delete_price_plan,
    ),
    PricePlanShown,
    PRICES,
    Sought(
        by={
            "product": By(field="product_ident"),
            "customer": By(field="customer_ident"),
            "status": By(field="status", words={"draft": "DRAFT", "active": "ACTIVE", "archived": "ARCHIVED"}),
            **_CREATED,
        },
        order={"createdAt": "created_at"},
    ),
    {},
    {"product_ident": PRODUCT, "customer_ident": CUSTOMER},
)
_COUPONS = _Things(
    "/coupons",
    "coupon",
    "coupon",
    ("Coupon", "Coupons"),
    coupons.COUPON,
    (coupons.list_coupons, coupons.get_coupon, coupons.create_coupon, coupons.update_coupon, coupons.delete_coupon),
    coupons.CouponShown,
    COUPONS,
    Sought(
        by={
            "code": By(field="code"),
            "type": By(field="type", words={"percentage": "PERCENTAGE", "fixed_amount": "AMOUNT"}),
            **_NAMED,
        },
        order={"code": "code", **_BY_NAME},
        text=anywhere("code", "name"),
    ),
)
_PLANS = _Things(
    "/api/plans",
    "plan",
    "plan",
    ("Plan", "Plans"),
    PLAN,
    (plans.list_plans, plans.get_plan, plans.create_plan, plans.update_plan, plans.delete_plan),
    plans.TieredPlanShown,
    PLANS,
    Sought(
        by={
            "code": By(field="code"),
            "status": By(field="status", words={"draft": "DRAFT", "active": "ACTIVE", "archived": "ARCHIVED"}),
            **_NAMED,
        },
        order={"code": "code", **_BY_NAME},
        text=anywhere("code", "name"),
    ),
)
ANSWERED_PRODUCT, ANSWERED_PRICE, ANSWERED_COUPON = (
    IdsOf(answer={"id": of.ids, **of.within}) for of in (_PRODUCTS, _PRICES, _COUPONS)
)
"""The ids in what is answered of a thing."""
ROUTES: list[Route] = [
    *_rows(_UNITS),
    *_rows(_MEASUREMENTS),
    *_rows(_PRODUCTS),
    _action(_PRODUCTS, "archive", products.archive),
    *_rows(_FAMILIES),
    *_rows(_TAX_GROUPS),
    *_rows(_COST_CENTRES),
    *_rows(_PRICES),
    _action(_PRICES, "archive", prices.archive),
    *_rows(_COUPONS),
    _action(_COUPONS, "toggle", coupons.toggle_coupon),
    *_rows(_PLANS),
    _action(_PLANS, "activate", plans.activate),
    _action(_PLANS, "archive", plans.archive),
]
