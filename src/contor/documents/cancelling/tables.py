"""What credits are to the customers, as rows."""

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, Text

from contor.runtime.schema import NONE, tenant_table

credit_kind = tenant_table(
    "credit_kind",
    Column("document_id", BigInteger, primary_key=True),
    Column("credited_document_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Index("credit_kind_credited_ix", "tenant_id", "credited_document_id"),
    Index("credit_kind_kind_ix", "tenant_id", "kind", "document_id"),
    # none to the credit itself, which gets its number, and with it its header, at the end
    ForeignKeyConstraint(["tenant_id", "credited_document_id"], ["document.tenant_id", "document.id"]),
    update=NONE,
    delete=False,
    row_hash=True,
)
"""Of a credit that somebody made by cancelling: what it is to the customer (`in_part.CreditKind`). Others say nothing of it."""
