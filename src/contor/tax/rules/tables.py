"""Stored tax rules as rows."""

from sqlalchemy import Boolean, Column, Date, ForeignKeyConstraint, Index, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB

from contor.runtime.query.fields import timestamps
from contor.runtime.schema import tenant_table

tax_rule = tenant_table(
    "tax_rule",
    Column("tax_rule_ident", Text, primary_key=True),
    Column("country", Text),
    Column("region", Text),
    Column("customer_type", Text),
    Column("vat_id_present", Boolean),
    Column("item_category", Text),
    Column("tax_classifications", JSONB, nullable=False),
    Column("product_tax_code", Text),
    Column("tax_scheme", Text),
    Column("operating_site_ident", Text),
    Column("enabled", Boolean, nullable=False),
    *timestamps(),
    Index("tax_rule_conditions_ix", "tenant_id", "item_category", "customer_type"),
    Index("tax_rule_created_ix", "tenant_id", "created_at", "tax_rule_ident"),
    ForeignKeyConstraint(["tenant_id", "operating_site_ident"], ["operating_site.tenant_id", "operating_site.ident"]),
    delete=False,
)
"""What is NULL, or empty, is no condition."""

tax_rule_variant = tenant_table(
    "tax_rule_variant",
    Column("tax_rule_ident", Text, primary_key=True),
    Column("tax_rule_variant_ident", Text, primary_key=True),
    Column("applicable_from", Date, nullable=False),
    Column("tax_rate", Numeric(19, 4), nullable=False),
    Column("tax_category_code", Text, nullable=False),
    Column("tax_code", Text),
    Column("tax_name", Text),
    Column("tax_exemption_ident", Text),
    Column("tax_exemption_reason", Text),
    Index("tax_rule_variant_applicable_key", "tenant_id", "tax_rule_ident", "applicable_from", unique=True),
    ForeignKeyConstraint(["tenant_id", "tax_rule_ident"], ["tax_rule.tenant_id", "tax_rule.tax_rule_ident"]),
    *timestamps(),
    delete=False,
)

tax_rule_use = tenant_table(
    "tax_rule_use",
    Column("tax_rule_ident", Text, primary_key=True),
    Column("tax_rule_variant_ident", Text, primary_key=True),
    Column("used_from", Date, nullable=False),
    Column("used_until", Date, nullable=False),
    ForeignKeyConstraint(
        ["tenant_id", "tax_rule_ident", "tax_rule_variant_ident"],
        ["tax_rule_variant.tenant_id", "tax_rule_variant.tax_rule_ident", "tax_rule_variant.tax_rule_variant_ident"],
    ),
    update=("used_from", "used_until"),
    delete=False,
)
"""The first and the last tax date that a variant decided, of what was issued or calculated for good."""
