"""The catalogue as rows. What is only read as a whole is one JSON value; what is filtered or referred to is a column."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKeyConstraint, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.kernel.shapes import Ident, Name255, Text255
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
