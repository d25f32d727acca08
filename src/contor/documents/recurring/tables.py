"""Recurring documents as rows, and which document was made of them for which day."""

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.runtime.schema import NONE, tenant_table

recurring_document = tenant_table(
    "recurring_document",
    Column("ident", Text, primary_key=True),
    Column("id", BigInteger, nullable=False),
    Column("document_type", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("start_date", Date, nullable=False),
    Column("frequency", Text, nullable=False),
    Column("occurrences", Integer, nullable=False),
    Column("output", Text, nullable=False),
    Column("mail", Boolean, nullable=False),
    Column("item_service_period", Text, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("billing_group_ident", Text),
    Column("customer_ident", Text),
    Column("currency", Text),
    Column("status", Text, nullable=False),
    Column("made", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("last_on", Date),
    Column("next_on", Date),
    Column("reasons", JSONB, nullable=False),
    Column("tried_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("last_modified_at", DateTime(timezone=True), nullable=False),
    Index("recurring_document_id_key", "tenant_id", "id", unique=True),
    Index("recurring_document_next_ix", "tenant_id", "next_on", "id", postgresql_where=text("next_on IS NOT NULL")),
    Index("recurring_document_created_ix", "tenant_id", "created_at", "ident"),
    Index("recurring_document_modified_ix", "tenant_id", "last_modified_at", "ident"),
    Index("recurring_document_status_ix", "tenant_id", "status", "created_at", "ident"),
    Index("recurring_document_customer_ix", "tenant_id", "customer_ident", "created_at", "ident"),
    update=(
        *("version", "start_date", "frequency", "occurrences", "output", "mail", "item_service_period", "content"),
        *(
            "billing_group_ident",
            "customer_ident",
            "currency",
            "status",
            "made",
            "place",
            "last_on",
            "next_on",
            "reasons",
            "tried_at",
        ),
        "last_modified_at",
    ),
)
"""`content`: the part of a document request that is said (`kernel.partial.Content`). `place`: the number of the interval that comes next,
counted from `start_date`. `next_on`: its day; empty: none comes. `tried_at` (real time): when the next one was refused, for `reasons`."""

recurring_document_made = tenant_table(
    "recurring_document_made",
    Column("recurring_id", BigInteger, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("due_on", Date, nullable=False),
    Column("draft_ident", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Index("recurring_document_made_draft_ix", "tenant_id", "draft_ident"),
    update=NONE,
    delete=False,
)
"""Each once, by number. It stays when the recurring document is deleted, and when its draft is."""
