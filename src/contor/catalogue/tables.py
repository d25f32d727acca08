"""The catalogue as rows. What is only read as a whole is one JSON value; what is filtered or referred to is a column."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, ForeignKeyConstraint, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.catalogue.coupons.types import Combination, CouponDuration, CouponPeriod, CouponType, ReducedBy
from contor.catalogue.groups.types import GroupMembers
from contor.catalogue.types import CatalogueProperty
from contor.kernel.shapes import Amount, Currency, Ident, Name255, Rate, Text255, Until
from contor.runtime.query.fields import field, timestamps
from contor.runtime.schema import NONE, tenant_table

plan_option = tenant_table(
    "plan_option",
    Column("option_ident", Text, primary_key=True),
    Column("option_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("status", Text, nullable=False),
    Index("plan_option_id_key", "tenant_id", "option_id", unique=True),
    *timestamps(),
)

plan_option_version = tenant_table(
    "plan_option_version",
    Column("option_ident", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("valid_from", Date),
    Column("content", JSONB, nullable=False),
    ForeignKeyConstraint(["tenant_id", "option_ident"], ["plan_option.tenant_id", "plan_option.option_ident"], ondelete="CASCADE"),
    update=("content", "valid_from"),
)

plan = tenant_table(
    "plan",
    Column("plan_id", BigInteger, primary_key=True),
    Column("plan_ident", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("business_segment_ident", Text, nullable=False),
    Column("lifecycle_status", Text, nullable=False),
    Column("has_contracts", Boolean, nullable=False, server_default=text("false")),
    Column("content", JSONB, nullable=False),
    Index("plan_ident_key", "tenant_id", "plan_ident", unique=True),
    ForeignKeyConstraint(["tenant_id", "business_segment_ident"], ["business_segment.tenant_id", "business_segment.segment_ident"]),
    *timestamps(),
)

plan_option_link = tenant_table(
    "plan_option_link",
    Column("plan_id", BigInteger, primary_key=True),
    Column("phase_ident", Text, primary_key=True),
    Column("option_ident", Text, primary_key=True),
    Index("plan_option_link_option_ix", "tenant_id", "option_ident"),
    ForeignKeyConstraint(["tenant_id", "plan_id"], ["plan.tenant_id", "plan.plan_id"], ondelete="CASCADE"),
    ForeignKeyConstraint(["tenant_id", "option_ident"], ["plan_option.tenant_id", "plan_option.option_ident"]),
    update=NONE,
)
"""Which options the phases of a plan offer: what is named here is in use."""

price_adaptation = tenant_table(
    "price_adaptation",
    field("ident", Ident, primary_key=True),
    field("name", Name255),
    field("description", Text255 | None),
    field("type", Literal["INDEX"], default="INDEX"),
    *timestamps(),
)

price_adaptation_value = tenant_table(
    "price_adaptation_value",
    field("price_adaptation_ident", Ident, primary_key=True),
    field("ident", Ident, primary_key=True),
    field("date", dt.date),
    field("value", Annotated[Decimal, Field(gt=0, max_digits=19, decimal_places=4)]),
    Index("price_adaptation_value_date_key", "tenant_id", "price_adaptation_ident", "date", unique=True),
    ForeignKeyConstraint(
        ["tenant_id", "price_adaptation_ident"], ["price_adaptation.tenant_id", "price_adaptation.ident"], ondelete="CASCADE"
    ),
    *timestamps(),
)
"""An index value holds from its date on."""

Idents = Annotated[tuple[Ident, ...], Field(max_length=200)]

coupon = tenant_table(
    "coupon",
    field("code", Ident, primary_key=True),
    Column("id", BigInteger, nullable=False),
    field("name", Name255),
    field("description", Text255 | None),
    field("type", CouponType),
    field("percentage", Annotated[Rate, Field(gt=0, le=100)] | None),
    field("amount", Annotated[Amount, Field(gt=0)] | None),
    field("amount_on", ReducedBy, default="UNIT_PRICE"),
    field("currency", Currency, default="EUR"),
    field("duration", CouponDuration, default="ONCE"),
    field("period", CouponPeriod | None),
    field("limit_total", Annotated[int, Field(ge=1, le=1_000_000_000)] | None),
    field("limit_per_customer", Annotated[int, Field(ge=1, le=1_000_000)] | None),
    field("valid_from", dt.date | None),
    Column("valid_to", Date, info={"shape": Until, "default": None}),
    field("plans", Idents, default=()),
    field("excluded_plans", Idents, default=()),
    field("options", Idents, default=()),
    field("excluded_options", Idents, default=()),
    field("products", Idents, default=(), server_default=text("'[]'::jsonb")),
    field("excluded_products", Idents, default=(), server_default=text("'[]'::jsonb")),
    field("combination", Combination, default="WITH_OTHERS"),
    field("campaign", Name255 | None),
    field("properties", Annotated[tuple[CatalogueProperty, ...], Field(max_length=100)], default=()),
    Column("usages", BigInteger, nullable=False, server_default=text("0")),
    Column("withdrawn_at", DateTime(timezone=True)),
    Index("coupon_id_key", "tenant_id", "id", unique=True),
    Index("coupon_name_ix", "tenant_id", "name", "code"),
    *timestamps(),
    Index("coupon_created_ix", "tenant_id", "created_at", "code"),
)
"""What is given off a price for who names its code. `usages` counts redemptions that stand, in the row that a redemption locks: so a limit
holds, whoever redeems at once."""

product_group = tenant_table(
    "product_group",
    field("ident", Ident, primary_key=True),
    Column("id", BigInteger, nullable=False),
    field("name", Name255),
    field("enabled", bool, default=True),
    field("same_interval_only", bool, default=False),
    field("members", GroupMembers, default=()),
    Index("product_group_id_key", "tenant_id", "id", unique=True),
    Index("product_group_name_ix", "tenant_id", "name", "ident"),
    *timestamps(),
)

product_group_option = tenant_table(
    "product_group_option",
    Column("group_ident", Text, primary_key=True),
    Column("option_ident", Text, primary_key=True),
    Index("product_group_option_ix", "tenant_id", "option_ident"),
    ForeignKeyConstraint(["tenant_id", "group_ident"], ["product_group.tenant_id", "product_group.ident"], ondelete="CASCADE"),
    ForeignKeyConstraint(["tenant_id", "option_ident"], ["plan_option.tenant_id", "plan_option.option_ident"]),
    update=NONE,
)
"""Which options the groups have: what is named here is in use."""
