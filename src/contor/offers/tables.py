"""Offers as rows."""

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKeyConstraint, Index, Integer, LargeBinary, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB

from contor.runtime.schema import counter_table, tenant_table

offer = tenant_table(
    "offer",
    Column("ident", Text, primary_key=True),
    Column("offer_id", BigInteger, nullable=False),
    Column("number", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("customer_ident", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("offer_date", Date, nullable=False),
    Column("valid_until", Date),
    Column("net", Numeric(19, 4), nullable=False),
    Column("gross", Numeric(19, 4), nullable=False),
    Column("content", JSONB, nullable=False),
    Column("introduction", JSONB, nullable=False),
    Column("snapshot", LargeBinary, nullable=False),
    Column("reason", Text),
    Column("sent_at", DateTime(timezone=True)),
    Column("decided_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("last_modified_at", DateTime(timezone=True), nullable=False),
    Index("offer_id_key", "tenant_id", "offer_id", unique=True),
    Index("offer_number_key", "tenant_id", "number", unique=True),
    Index("offer_created_ix", "tenant_id", "created_at", "ident"),
    Index("offer_date_ix", "tenant_id", "offer_date", "ident"),
    Index("offer_status_ix", "tenant_id", "status", "created_at", "ident"),
    Index("offer_customer_ix", "tenant_id", "customer_ident", "created_at", "ident"),
    ForeignKeyConstraint(["tenant_id", "customer_ident"], ["customer.tenant_id", "customer.customer_ident"]),
    update=(
        "status",
        "version",
        "customer_ident",
        "currency",
        "offer_date",
        "valid_until",
        "net",
        "gross",
        "content",
        "introduction",
        "snapshot",
        "reason",
        "sent_at",
        "decided_at",
        "last_modified_at",
    ),
)
"""`content`: what is offered, as the plain JSON of a document request (`kernel.partial.Content`). `snapshot`: the invoice that it would be,
frozen when the version was written: the page and the sums are made of it. `reason`: of the last status, as somebody said it."""

offer_draft = tenant_table(
    "offer_draft",
    Column("offer_id", BigInteger, primary_key=True, autoincrement=False),
    Column("draft_id", BigInteger, primary_key=True, autoincrement=False),
    Column("draft_ident", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("offer_draft_draft_key", "tenant_id", "draft_id", unique=True),
    ForeignKeyConstraint(["tenant_id", "offer_id"], ["offer.tenant_id", "offer.offer_id"]),
    update=(),
)
"""The drafts that were made of offers, as long as they are there."""

offer_series = counter_table(
    "offer_series",
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("first_value", BigInteger, nullable=False),
    Column("next_value", BigInteger, nullable=False),
    counts="next_value",
)
"""Where the numbers of offers stand, per year of the offer's date (0: they never start again)."""

offer_configuration = tenant_table(
    "offer_configuration",
    Column("content", JSONB, nullable=False),
    Column("last_modified_at", DateTime(timezone=True), nullable=False),
    update=(),
)
"""One row, or none: how the tenant's offers are numbered and for how long they hold."""
