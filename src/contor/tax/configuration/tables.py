"""How taxes are determined, as rows."""

from sqlalchemy import Boolean, Column, DateTime, ForeignKeyConstraint, Integer, Text

from contor.runtime.schema import tenant_table

tax_configuration = tenant_table(
    "tax_configuration",
    Column("default_provider", Text, nullable=False),
    Column("vat_id_validation", Boolean, nullable=False),
    Column("provider_down_behaviour", Text, nullable=False),
    Column("max_proof_age_in_hours", Integer, nullable=False),
    Column("last_modified_at", DateTime(timezone=True), nullable=False),
)
"""One row at most; none: the defaults."""

tax_group_configuration = tenant_table(
    "tax_group_configuration",
    Column("billing_group_ident", Text, primary_key=True),
    Column("default_provider", Text),
    Column("vat_id_validation", Boolean),
    Column("provider_down_behaviour", Text),
    Column("max_proof_age_in_hours", Integer),
    Column("last_modified_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(
        ["tenant_id", "billing_group_ident"], ["billing_group.tenant_id", "billing_group.billing_group_ident"], ondelete="CASCADE"
    ),
)
"""What a billing group decides instead; NULL: as the tenant."""
