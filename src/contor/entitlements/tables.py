"""Features and entitlements as rows."""

import datetime as dt

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, ForeignKeyConstraint, Index, text
from sqlalchemy import Text as SqlText
from sqlalchemy.dialects.postgresql import JSONB

from contor.entitlements.types import Choices, FeatureStatus, FeatureType
from contor.kernel.shapes import Ident, Name255, Quantity, Text, Text64, Until
from contor.runtime.query.fields import field, timestamps
from contor.runtime.schema import NONE, tenant_table

feature = tenant_table(
    "feature",
    field("ident", Ident, primary_key=True),
    Column("feature_id", BigInteger, nullable=False, info={"shape": int}),
    field("name", Name255),
    field("description", Text | None),
    field("unit", Text64 | None),
    field("type", FeatureType),
    Column("status", SqlText, nullable=False, info={"shape": FeatureStatus}),
    field("choices", Choices, default=()),
    field("minimum", Quantity | None),
    field("maximum", Quantity | None),
    Column("may_be_unlimited", Boolean, nullable=False, server_default=text("false"), info={"shape": bool, "default": False}),
    *timestamps(),
    Index("feature_id_key", "tenant_id", "feature_id", unique=True),
    Index("feature_created_ix", "tenant_id", "created_at", "ident"),
    Index("feature_name_ix", "tenant_id", "name", "ident"),
    Index("feature_status_ix", "tenant_id", "status", "ident"),
    Index("feature_type_ix", "tenant_id", "type", "ident"),
)

plan_feature = tenant_table(
    "plan_feature",
    field("feature_ident", Ident, primary_key=True),
    field("plan_ident", Ident, primary_key=True),
    field("value", Name255),
    *timestamps(),
    Index("plan_feature_plan_ix", "tenant_id", "plan_ident"),
    ForeignKeyConstraint(["tenant_id", "feature_ident"], ["feature.tenant_id", "feature.ident"]),
    ForeignKeyConstraint(["tenant_id", "plan_ident"], ["plan.tenant_id", "plan.plan_ident"], ondelete="CASCADE"),
)
"""What new contracts of a plan may use."""

option_feature = tenant_table(
    "option_feature",
    field("feature_ident", Ident, primary_key=True),
    field("option_ident", Ident, primary_key=True),
    field("value", Name255),
    *timestamps(),
    Index("option_feature_option_ix", "tenant_id", "option_ident"),
    ForeignKeyConstraint(["tenant_id", "feature_ident"], ["feature.tenant_id", "feature.ident"]),
    ForeignKeyConstraint(["tenant_id", "option_ident"], ["plan_option.tenant_id", "plan_option.option_ident"], ondelete="CASCADE"),
)
"""What contracts may use that take an option."""

product_feature = tenant_table(
    "product_feature",
    field("feature_ident", Ident, primary_key=True),
    field("product_ident", Ident, primary_key=True),
    field("value", Name255),
    *timestamps(),
    Index("product_feature_product_ix", "tenant_id", "product_ident"),
    ForeignKeyConstraint(["tenant_id", "feature_ident"], ["feature.tenant_id", "feature.ident"]),
)
"""What contracts may use that take any option of a product, as options name theirs; what an option gives itself of it counts before."""

contract_feature = tenant_table(
    "contract_feature",
    Column("contract_ident", SqlText, primary_key=True),
    Column("source", SqlText, primary_key=True),
    Column("source_ident", SqlText, primary_key=True),
    Column("given", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["tenant_id", "contract_ident"], ["contract.tenant_id", "contract.contract_ident"]),
    update=NONE,
    delete=False,
)
"""What a plan (source PLAN) or option (OPTION) gave when the contract got it: feature, value. What is assigned later changes nothing."""

entitlement_override = tenant_table(
    "entitlement_override",
    field("contract_ident", Ident, primary_key=True),
    field("ident", Ident, primary_key=True),
    field("feature_ident", Ident),
    field("value", Name255 | None),
    field("valid_from", dt.date | None),
    Column("valid_to", Date, info={"shape": Until, "default": None}),
    *timestamps(),
    Index("entitlement_override_feature_ix", "tenant_id", "feature_ident"),
    ForeignKeyConstraint(["tenant_id", "contract_ident"], ["contract.tenant_id", "contract.contract_ident"]),
    ForeignKeyConstraint(["tenant_id", "feature_ident"], ["feature.tenant_id", "feature.ident"]),
)
"""What was said of one contract alone. `value` NULL: the feature is not there, whatever plan and options give."""

entitlement = tenant_table(
    "entitlement",
    Column("entitlement_id", BigInteger, primary_key=True),
    Column("contract_ident", SqlText, nullable=False),
    Column("customer_ident", SqlText, nullable=False),
    Column("feature_ident", SqlText, nullable=False),
    Column("value", SqlText, nullable=False),
    Column("source", SqlText, nullable=False),
    Column("source_ident", SqlText, nullable=False),
    Column("valid_from", DateTime(timezone=True), nullable=False),
    Column("valid_until", DateTime(timezone=True), nullable=False),
    Index("entitlement_customer_ix", "tenant_id", "customer_ident", "valid_until"),
    Index("entitlement_contract_ix", "tenant_id", "contract_ident", "valid_until"),
    Index("entitlement_feature_ix", "tenant_id", "feature_ident"),
    ForeignKeyConstraint(["tenant_id", "contract_ident"], ["contract.tenant_id", "contract.contract_ident"]),
    ForeignKeyConstraint(["tenant_id", "feature_ident"], ["feature.tenant_id", "feature.ident"]),
    update=("valid_until",),
)
"""A contract has a value of a feature in [valid_from, valid_until). What lies in the past never changes; what is to come is written as it
is known now, and anew with every change of the contract."""

entitlement_turn = tenant_table(
    "entitlement_turn",
    Column("contract_ident", SqlText, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("entitlement_turn_at_ix", "tenant_id", "at"),
    ForeignKeyConstraint(["tenant_id", "contract_ident"], ["contract.tenant_id", "contract.contract_ident"]),
)
"""When by itself something changes of what a contract gives, next: it is told then."""
