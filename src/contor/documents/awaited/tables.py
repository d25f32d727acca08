"""Pictures of documents that are awaited, or were, as rows."""

from sqlalchemy import BigInteger, Column, DateTime, Index, Text, text

from contor.runtime.schema import tenant_table

awaited_picture = tenant_table(
    "awaited_picture",
    Column("document_id", BigInteger, primary_key=True),
    Column("until", DateTime(timezone=True), nullable=False),
    Column("source", Text),
    Column("ended_at", DateTime(timezone=True)),
    Index("awaited_picture_open_ix", "tenant_id", "until", postgresql_where=text("source IS NULL")),
    update=("source", "ended_at"),
    delete=False,
)
"""Documents that were issued while their pictures were to be uploaded. `until`: so long one is awaited (the tenant's clock). `source`:
UPLOADED or BUILT_IN, since there is one. Written before the document has a number."""
