"""Tax providers as rows: where they determine taxes, what they are asked with, what they said, and what is recorded with them."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.runtime.query.fields import timestamps
from contor.runtime.schema import tenant_table

tax_provider_country = tenant_table(
    "tax_provider_country",
    Column("country", Text, primary_key=True),
    Column("provider", Text, nullable=False),
    *timestamps(),
)

tax_provider_group = tenant_table(
    "tax_provider_group",
    Column("country", Text, primary_key=True),
    Column("billing_group_ident", Text, primary_key=True),
    Column("provider", Text, nullable=False),
    *timestamps(),
    ForeignKeyConstraint(
        ["tenant_id", "billing_group_ident"], ["billing_group.tenant_id", "billing_group.billing_group_ident"], ondelete="CASCADE"
    ),
)
"""What a billing group decides for a country instead of its tenant."""

tax_provider_credential = tenant_table(
    "tax_provider_credential",
    Column("provider", Text, primary_key=True),
    Column("username", Text, nullable=False),
    Column("secret", Text, nullable=False),
    *timestamps(),
)
"""`secret`: the password, sealed."""

tax_provider_property = tenant_table(
    "tax_provider_property",
    Column("provider", Text, primary_key=True),
    Column("properties", JSONB, nullable=False),
    *timestamps(),
)
"""`properties`: a list of key and value, as they were given."""

tax_quote = tenant_table(
    "tax_quote",
    Column("key", Text, primary_key=True),
    Column("provider", Text, nullable=False),
    Column("customer_ident", Text, nullable=False),
    Column("quotation", JSONB, nullable=False),
    Column("status", Text, nullable=False),
    Column("taxes", JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    Column("problem", Text),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("answered_at", DateTime(timezone=True)),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("try_at", DateTime(timezone=True)),
    Index("tax_quote_try_ix", "tenant_id", "try_at", postgresql_where=text("try_at IS NOT NULL")),
    Index("tax_quote_answered_ix", "tenant_id", "answered_at", postgresql_where=text("answered_at IS NOT NULL")),
    ForeignKeyConstraint(["tenant_id", "customer_ident"], ["customer.tenant_id", "customer.customer_ident"]),
    update=("status", "taxes", "problem", "asked_at", "answered_at", "tries", "try_at"),
)
"""A supply that a provider is asked about, ASKED, ANSWERED or REFUSED. `key`: the hash of the provider and the quotation; `try_at`: real
time; NULL: it is not asked."""

tax_transaction = tenant_table(
    "tax_transaction",
    Column("document_id", BigInteger, primary_key=True),
    Column("code", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("failure", Text),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("try_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("done_at", DateTime(timezone=True)),
    Index("tax_transaction_try_ix", "tenant_id", "try_at", postgresql_where=text("try_at IS NOT NULL")),
    Index("tax_transaction_code_ix", "tenant_id", "code", "document_id"),
    Index("tax_transaction_status_ix", "tenant_id", "status", "document_id"),
    Index("tax_transaction_created_ix", "tenant_id", "created_at", "document_id"),
    update=("status", "failure", "tries", "try_at", "done_at"),
    delete=False,
)
"""A document that is recorded at a provider. `code`: its number; `body`: what is recorded, as the document says it, with the code by which
the provider knows it. `try_at`: real time; NULL: nothing is to be done."""
