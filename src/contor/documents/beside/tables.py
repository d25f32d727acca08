"""What people say of issued documents, as rows: comments, and that nothing of them is to be corrected any more."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, Index, Text

from contor.runtime.schema import NONE, tenant_table

document_comment = tenant_table(
    "document_comment",
    Column("id", BigInteger, primary_key=True),
    Column("document_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("document_comment_document_ix", "tenant_id", "document_id", "id"),
    ForeignKeyConstraint(["tenant_id", "document_id"], ["document.tenant_id", "document.id"]),
    update=NONE,
    delete=False,
)

document_lock = tenant_table(
    "document_lock",
    Column("document_id", BigInteger, primary_key=True),
    Column("locked_by", Text, nullable=False),
    Column("locked_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["tenant_id", "document_id"], ["document.tenant_id", "document.id"]),
    update=NONE,
)
