"""Drafts as rows. What a draft is stays for ever; the application role may change what is being written, and delete it."""

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKeyConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.runtime.schema import tenant_table

draft = tenant_table(
    "draft",
    Column("ident", Text, primary_key=True),
    Column("id", BigInteger, nullable=False),
    Column("document_type", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("billing_group_ident", Text),
    Column("customer_ident", Text),
    Column("currency", Text),
    Column("document_date", Date),
    Column("external_ident", Text),
    Column("title", Text),
    Column("project_ident", Text),
    Column("content", JSONB, nullable=False),
    Column("document_id", BigInteger),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("last_modified_at", DateTime(timezone=True), nullable=False),
    Column("last_modified_by", Text),
    Column("approved_by", Text),
    Column("approved_at", DateTime(timezone=True)),
    Index("draft_id_key", "tenant_id", "id", unique=True),
    Index("draft_document_key", "tenant_id", "document_id", unique=True, postgresql_where=text("document_id IS NOT NULL")),
    Index("draft_created_ix", "tenant_id", "created_at", "ident"),
    Index("draft_modified_ix", "tenant_id", "last_modified_at", "ident"),
    Index("draft_date_ix", "tenant_id", "document_date", "ident"),
    Index("draft_status_ix", "tenant_id", "status", "created_at", "ident"),
    Index("draft_customer_ix", "tenant_id", "customer_ident", "created_at", "ident"),
    Index("draft_open_ix", "tenant_id", "id", postgresql_where=text("document_id IS NULL")),
    Index("draft_external_key", "tenant_id", "external_ident", unique=True, postgresql_where=text("external_ident IS NOT NULL")),
    Index("draft_title_ix", "tenant_id", "title", "id", postgresql_where=text("title IS NOT NULL")),
    Index("draft_project_ix", "tenant_id", "project_ident", "id", postgresql_where=text("project_ident IS NOT NULL")),
    ForeignKeyConstraint(["tenant_id", "document_id"], ["document.tenant_id", "document.id"]),
    update=(
        "status",
        "version",
        "billing_group_ident",
        "customer_ident",
        "currency",
        "document_date",
        "external_ident",
        "title",
        "project_ident",
        "content",
        "document_id",
        "last_modified_at",
        "last_modified_by",
        "approved_by",
        "approved_at",
    ),
)
"""`content`: the part of a document request that is written so far (`kernel.partial.Content`); the columns beside it repeat what is
searched by. `document_id`: the document that a COMPLETED draft has become. `last_modified_by`: who wrote the
content, as the trail names people and keys; of older drafts it is not known. `approved_by`: who found it right since."""
