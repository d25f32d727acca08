"""Read products and their prices as values."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from contor.catalogue.products import tables
from contor.catalogue.products.types import (
    SETUP,
    PlanItem,
    PlanStatus,
    PlanTier,
    PriceModel,
    PriceStatus,
    Product,
    ProductPrice,
    ProductTier,
)
from contor.catalogue.types import Duration
from contor.runtime.query.numbered import Numbered
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

PRODUCTS_NUMBERED: Final = Numbered("product", tables.product)
PRICES_NUMBERED: Final = Numbered("product_price", tables.product_price)
FAMILIES_NUMBERED: Final = Numbered("product_family", tables.product_family)
TAX_GROUPS_NUMBERED: Final = Numbered("tax_group", tables.tax_group)
COST_CENTRES_NUMBERED: Final = Numbered("cost_centre", tables.cost_centre, "code")
PLANS_NUMBERED: Final = Numbered("product_plan", tables.product_plan, "code")


class _Price(NamedTuple):
    ident: str
    product_ident: str
    status: PriceStatus
    model: PriceModel
    interval: Mapping[str, object] | None
    pay_in_advance: bool
    pro_rata: bool
    trial_days: int
    price: Decimal | None
    tiers: Sequence[Mapping[str, object]]
    free_units: Decimal | None
    setup_fee: Decimal | None
    percentage: Decimal | None
    fixed_price: Decimal | None
    minimum: Decimal | None
    maximum: Decimal | None
    currency: str
    customer_ident: str | None
    measurement_code: str | None
    is_metered: bool


_PRICES = f"SELECT {columns(_Price)} FROM product_price WHERE"


def products_by_ident(uow: Uow, idents: Collection[str]) -> dict[str, Product]:
    """The products that exist."""
    sql = f"SELECT {columns(Product)} FROM product WHERE ident = ANY (%s)"
    return {row.ident: row for row in uow.all(Product, sql, (sorted(set(idents)),))} if idents else {}


def prices_by_ident(uow: Uow, idents: Collection[str]) -> dict[str, ProductPrice]:
    """The prices of products that exist."""
    if not idents:
        return {}
    return {row.ident: _price(row) for row in uow.all(_Price, f"{_PRICES} ident = ANY (%s)", (sorted(set(idents)),))}


def prices_of_product(uow: Uow, product_ident: str) -> list[ProductPrice]:
    """In the order in which they were made."""
    return [_price(row) for row in uow.all(_Price, f"{_PRICES} product_ident = %s ORDER BY id", (product_ident,))]


class Sold(NamedTuple):
    """A price, and of what it is."""

    ident: str
    product_ident: str


def prices_of_products(uow: Uow, product_idents: Collection[str]) -> dict[str, list[str]]:
    """The options by which products are sold, setup fees not among them, by product."""
    found: dict[str, list[str]] = {}
    if product_idents:
        sql = "SELECT ident, product_ident FROM product_price WHERE product_ident = ANY (%s) ORDER BY id"
        for row in uow.all(Sold, sql, (sorted(set(product_idents)),)):
            found.setdefault(row.product_ident, []).append(row.ident)
    return found


def prices_of_options(uow: Uow, option_idents: Collection[str]) -> dict[str, ProductPrice]:
    """The price that each option is, or is the setup fee of; options of other makings have none."""
    found = prices_by_ident(uow, {ident.removesuffix(SETUP) for ident in option_idents})
    return {ident: found[ident.removesuffix(SETUP)] for ident in option_idents if ident.removesuffix(SETUP) in found}


def known_products(uow: Uow, idents: Collection[str]) -> frozenset[str]:
    """Those of the idents that are products."""
    return frozenset(uow.column(str, "SELECT ident FROM product WHERE ident = ANY (%s)", (sorted(set(idents)),)))


def known_families(uow: Uow, idents: Collection[str]) -> frozenset[str]:
    """Those of the idents that are product families."""
    return frozenset(uow.column(str, "SELECT ident FROM product_family WHERE ident = ANY (%s)", (sorted(set(idents)),)))


class Named(NamedTuple):
    """A thing of which others show the name."""

    ident: str
    name: str


def families_named(uow: Uow, idents: Collection[str]) -> dict[str, str]:
    """Names of families, by ident."""
    sql = "SELECT ident, name FROM product_family WHERE ident = ANY (%s)"
    return {row.ident: row.name for row in uow.all(Named, sql, (sorted(set(idents)),))} if idents else {}


def prices_in_use(uow: Uow, idents: Collection[str]) -> frozenset[str]:
    """Those of the prices that plans offer."""
    sql = "SELECT DISTINCT option_ident FROM plan_option_link WHERE option_ident = ANY (%s)"
    return frozenset(uow.column(str, sql, (sorted(set(idents)),)))


class ProductPlan(NamedTuple):
    """A plan in tiers, as who sells it reads it."""

    code: str
    name: str
    status: PlanStatus
    tiers: tuple[PlanTier, ...]


class _Plan(NamedTuple):
    code: str
    name: str
    status: PlanStatus
    tiers: Sequence[Mapping[str, object]]


def product_plan(uow: Uow, code: str) -> ProductPlan | None:
    """None: there is no such plan."""
    row = uow.first(_Plan, f"SELECT {columns(_Plan)} FROM product_plan WHERE code = %s", (code,))
    return None if row is None else ProductPlan(row.code, row.name, row.status, tiers_of(row.tiers))


def tiers_of(stored: Sequence[Mapping[str, object]]) -> tuple[PlanTier, ...]:
    """Tiers as they are stored."""
    return tuple(
        PlanTier(**{**tier, "items": tuple(PlanItem(**item) for item in tier["items"])})  # type: ignore[arg-type,attr-defined]  # as stored
        for tier in stored
    )


def _price(row: _Price) -> ProductPrice:
    return price_of_row(row._asdict())


def price_of_row(row: Mapping[str, object]) -> ProductPrice:
    """A price as it is stored, or is about to be."""
    tiers = tuple(ProductTier(**said) for said in row["tiers"])  # type: ignore[attr-defined]  # shapes as plain values
    interval = None if row["interval"] is None else Duration(**row["interval"])  # type: ignore[arg-type]  # as it was stored
    given = {name: row[name] for name in ProductPrice._fields}
    return ProductPrice(**{**given, "tiers": tiers, "interval": interval})  # type: ignore[arg-type]  # as it was stored
