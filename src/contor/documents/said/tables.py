"""What of a frozen document's content its lists search by."""

from sqlalchemy import BigInteger, Column, Index, Numeric, Text

from contor.runtime.schema import NONE, tenant_table

document_said = tenant_table(
    "document_said",
    Column("document_id", BigInteger, primary_key=True),
    Column("language", Text, nullable=False),
    Column("customer_name", Text, nullable=False),
    Column("invoice_address_ident", Text, nullable=False),
    Column("prepaid", Numeric(19, 4), nullable=False),
    Index("document_said_customer_name_ix", "tenant_id", "customer_name"),
    Index("document_said_invoice_address_ix", "tenant_id", "invoice_address_ident"),
    update=NONE,
    delete=False,
)
"""Written with the content, before the header has its number, and like it without a foreign key; `contor check` compares the two. What a
release before issued gets its row by `said.late`."""
