"""Credits of customers as rows: what was granted, used and given back. The balance is their sum."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, Index, Text

from contor.openitems.tables import AMOUNT
from contor.runtime.schema import NONE, tenant_table

customer_credit = tenant_table(
    "customer_credit",
    Column("id", BigInteger, primary_key=True),
    Column("customer_ident", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount", AMOUNT, nullable=False),
    Column("note", Text),
    Column("document_id", BigInteger),
    Column("decision_ident", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("customer_credit_customer_ix", "tenant_id", "customer_ident", "currency", "id"),
    Index("customer_credit_decision_ix", "tenant_id", "decision_ident"),
    ForeignKeyConstraint(["tenant_id", "customer_ident"], ["customer.tenant_id", "customer.customer_ident"]),
    update=NONE,
    delete=False,
)
"""`amount`: positive is granted or given back, negative is used by the document `document_id` through the decision `decision_ident`."""
