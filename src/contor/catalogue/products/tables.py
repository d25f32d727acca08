"""Products, their prices and the plans that sell them as rows."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import BigInteger, Boolean, Column, DateTime, ForeignKeyConstraint, Index, Text

from contor.catalogue.prices import Price0
from contor.catalogue.products.types import (
    PlanStatus,
    PlanTier,
    PriceModel,
    PriceStatus,
    ProductTier,
    ProductWords,
    RateGroup,
    ReverseCharge,
)
from contor.catalogue.types import CatalogueProperty, Duration
from contor.kernel.shapes import Currency, Ident, Name255, Quantity, Rate, Text255, written
from contor.kernel.shapes import Text as LongText
from contor.runtime.query.fields import field, timestamps
from contor.runtime.schema import tenant_table

PlanCode = Annotated[
    str,
    written(
        r"^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$",
        "1 to 64 small letters, digits and hyphens, a letter or digit at both ends",
        examples=["team-2026"],
    ),
]
_Properties = Annotated[tuple[CatalogueProperty, ...], Field(max_length=100)]

tax_group = tenant_table(
    "tax_group",
    field("ident", Ident, primary_key=True),
    Column("id", BigInteger, nullable=False),
    field("name", Name255),
    field("reverse_charge", ReverseCharge, default="DEACTIVATED"),
    field("rate", RateGroup, default="STANDARD"),
    Index("tax_group_id_key", "tenant_id", "id", unique=True),
    *timestamps(),
    Index("tax_group_created_ix", "tenant_id", "created_at", "ident"),
)
"""How products are taxed. `name`: for who keeps the catalogue; no document shows it."""

cost_centre = tenant_table(
    "cost_centre",
    field("code", Ident, primary_key=True),
    Column("id", BigInteger, nullable=False),
    field("name", Name255),
    Index("cost_centre_id_key", "tenant_id", "id", unique=True),
    Index("cost_centre_name_ix", "tenant_id", "name", "code"),
    *timestamps(),
    Index("cost_centre_created_ix", "tenant_id", "created_at", "code"),
)

product_family = tenant_table(
    "product_family",
    field("ident", Ident, primary_key=True),
    Column("id", BigInteger, nullable=False),
    field("name", Name255),
    Index("product_family_id_key", "tenant_id", "id", unique=True),
    Index("product_family_name_ix", "tenant_id", "name", "ident"),
    *timestamps(),
    Index("product_family_created_ix", "tenant_id", "created_at", "ident"),
)

product = tenant_table(
    "product",
    field("ident", Ident, primary_key=True),
    Column("id", BigInteger, nullable=False),
    field("number", Text255 | None),
    field("name", Name255),
    field("description", LongText | None),
    field("internal_name", Text255 | None),
    field("words", Annotated[tuple[ProductWords, ...], Field(max_length=50)], default=()),
    field("families", Annotated[tuple[Ident, ...], Field(max_length=50)], default=()),
    field("measurement_code", Ident | None),
    field("tax_group_ident", Ident | None),
    field("cost_centre_code", Ident | None),
    field("properties", _Properties, default=()),
    Column("archived_at", DateTime(timezone=True), info={"shape": dt.datetime | None, "default": None}),
    Index("product_id_key", "tenant_id", "id", unique=True),
    Index("product_number_key", "tenant_id", "number", unique=True),
    Index("product_name_ix", "tenant_id", "name"),
    Index("product_measurement_ix", "tenant_id", "measurement_code"),
    ForeignKeyConstraint(["tenant_id", "measurement_code"], ["measurement.tenant_id", "measurement.code"]),
    ForeignKeyConstraint(["tenant_id", "tax_group_ident"], ["tax_group.tenant_id", "tax_group.ident"]),
    ForeignKeyConstraint(["tenant_id", "cost_centre_code"], ["cost_centre.tenant_id", "cost_centre.code"]),
    *timestamps(),
    Index("product_created_ix", "tenant_id", "created_at", "ident"),
)

product_price = tenant_table(
    "product_price",
    field("ident", Ident, primary_key=True),
    Column("id", BigInteger, nullable=False),
    field("product_ident", Ident),
    field("internal_name", Text255 | None),
    field("status", PriceStatus, default="ACTIVE"),
    field("sales_channel", Literal["ALL", "CHECKOUT", "INTERNAL"], default="ALL"),
    field("model", PriceModel),
    field("interval", Duration | None),
    field("shown_per", Duration | None),
    field("pay_in_advance", bool, default=True),
    field("pro_rata", bool, default=True),
    field("trial_days", Annotated[int, Field(ge=0, le=3650)], default=0),
    field("price", Price0 | None),
    field("tiers", Annotated[tuple[ProductTier, ...], Field(max_length=50)], default=()),
    field("free_units", Annotated[Quantity, Field(gt=0)] | None),
    field("setup_fee", Annotated[Price0, Field(gt=0)] | None),
    field("percentage", Annotated[Rate, Field(gt=0, le=1000)] | None),
    field("fixed_price", Price0 | None),
    field("minimum", Price0 | None),
    field("maximum", Price0 | None),
    field("currency", Currency, default="EUR"),
    field("customer_ident", Ident | None),
    field("properties", _Properties, default=()),
    Column("measurement_code", Text),
    Column("is_metered", Boolean, nullable=False),
    Index("product_price_id_key", "tenant_id", "id", unique=True),
    Index("product_price_product_ix", "tenant_id", "product_ident", "id"),
    Index("product_price_status_ix", "tenant_id", "status", "id"),
    Index("product_price_measurement_ix", "tenant_id", "measurement_code"),
    Index("product_price_customer_ix", "tenant_id", "customer_ident"),
    ForeignKeyConstraint(["tenant_id", "product_ident"], ["product.tenant_id", "product.ident"]),
    ForeignKeyConstraint(["tenant_id", "customer_ident"], ["customer.tenant_id", "customer.customer_ident"]),
    *timestamps(),
    Index("product_price_created_ix", "tenant_id", "created_at", "ident"),
)
"""`ident`: of the option, too. `shown_per`: for which interval it is shown to who buys. `measurement_code`, `is_metered`: as the product
was measured when the price was made; both stay."""

product_plan = tenant_table(
    "product_plan",
    field("code", PlanCode, primary_key=True),
    Column("id", BigInteger, nullable=False),
    field("name", Name255),
    field("description", LongText | None),
    field("status", PlanStatus, default="DRAFT"),
    field("tiers", Annotated[tuple[PlanTier, ...], Field(min_length=1, max_length=20)]),
    field("properties", _Properties, default=()),
    Index("product_plan_id_key", "tenant_id", "id", unique=True),
    Index("product_plan_name_ix", "tenant_id", "name", "code"),
    Index("product_plan_status_ix", "tenant_id", "status", "id"),
    *timestamps(),
    Index("product_plan_created_ix", "tenant_id", "created_at", "code"),
)
"""What is sold as one, in tiers: each tier is prices of products, with quantities."""
