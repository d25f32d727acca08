"""How customers pay, as rows."""

from sqlalchemy import Boolean, Column, Date, DateTime, ForeignKeyConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.runtime.query.fields import timestamps
from contor.runtime.schema import Tallied, tenant_table

payment_method = tenant_table(
    "payment_method",
    Column("ident", Text, primary_key=True),
    Column("customer_ident", Text, nullable=False),
    Column("gateway", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("account_ident", Text),
    Column("is_default", Boolean, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("source", Text, nullable=False),
    Column("name", Text),
    Column("card", JSONB),
    Column("paypal", JSONB),
    Column("expires_on", Date),
    Column("removed_at", DateTime(timezone=True)),
    *timestamps(),
    ForeignKeyConstraint(["tenant_id", "customer_ident"], ["customer.tenant_id", "customer.customer_ident"]),
    ForeignKeyConstraint(["tenant_id", "account_ident"], ["customer_payment_account.tenant_id", "customer_payment_account.ident"]),
    Index("payment_method_created_ix", "tenant_id", "created_at", "ident"),
    Index("payment_method_type_ix", "tenant_id", "type", "created_at", "ident"),
    Index("payment_method_gateway_ix", "tenant_id", "gateway", "created_at", "ident"),
    Index("payment_method_account_ix", "tenant_id", "account_ident", postgresql_where=text("account_ident IS NOT NULL")),
    Index("payment_method_customer_ix", "tenant_id", "customer_ident", "created_at", "ident"),
    Index(
        "payment_method_default_key",
        "tenant_id",
        "customer_ident",
        unique=True,
        postgresql_where=text("is_default AND removed_at IS NULL"),
    ),
    delete=False,
    tallied=Tallied("created_at", without="removed_at"),
)
"""`account_ident`: the payment account by which is collected, whose ident is that of the method; none where the customer pays by himself.
`card`, `paypal`: what is shown of the means of payment. A removed one stays, as what was collected by it does."""
