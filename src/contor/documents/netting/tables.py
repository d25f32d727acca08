"""Which rows of which documents take something back of which rows of others."""

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, Text

from contor.runtime.schema import NONE, tenant_table

document_netting = tenant_table(
    "document_netting",
    Column("document_id", BigInteger, primary_key=True),
    Column("item_ident", Text, primary_key=True),
    Column("netted_document_id", BigInteger, nullable=False),
    Column("netted_item_ident", Text, nullable=False),
    Index("document_netting_netted_ix", "tenant_id", "netted_document_id"),
    # none to the document of the row, which is written in the same step (docs/decisions/0003)
    ForeignKeyConstraint(["tenant_id", "netted_document_id"], ["document.tenant_id", "document.id"]),
    update=NONE,
    delete=False,
    row_hash=True,
)
"""As the rows of the document say (`referenceIdent`, `relatedDocumentIdent`), by the id of the document that they name: found from the
document of which something is taken back. What they take is what stands of the row."""
