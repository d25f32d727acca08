"""What customers are to agree to at payment providers, as rows."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, ForeignKeyConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.runtime.query.fields import timestamps
from contor.runtime.schema import tenant_table

payment_setup = tenant_table(
    "payment_setup",
    Column("ident", Text, primary_key=True),
    Column("key", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("provider_id", BigInteger, nullable=False),
    Column("gateway_ident", Text, nullable=False),
    Column("customer_ident", Text),
    Column("cart_ident", Text),
    Column("currency", Text, nullable=False),
    Column("is_default", Boolean, nullable=False),
    Column("method_given", Text),
    Column("return_url", Text),
    Column("state", Text, nullable=False),
    Column("reference", Text),
    Column("customer_reference", Text),
    Column("method_reference", Text),
    Column("card", JSONB),
    Column("reason", Text),
    Column("ask_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    *timestamps(),
    ForeignKeyConstraint(["tenant_id", "customer_ident"], ["customer.tenant_id", "customer.customer_ident"]),
    Index("payment_setup_cart_ix", "tenant_id", "cart_ident", postgresql_where=text("cart_ident IS NOT NULL")),
    Index(
        "payment_setup_customer_ix",
        "tenant_id",
        "customer_ident",
        "created_at",
        postgresql_where=text("customer_ident IS NOT NULL"),
    ),
    Index("payment_setup_key", "tenant_id", "key", unique=True),
    Index("payment_setup_reference_ix", "tenant_id", "reference", postgresql_where=text("reference IS NOT NULL")),
    Index("payment_setup_ask_ix", "tenant_id", "ask_at", postgresql_where=text("ask_at IS NOT NULL")),
    delete=False,
)
"""`ident`: that of the payment method that it becomes. `customer_ident`: none as long as who orders is nobody yet; `cart_ident` is then
what he orders. `key`: the provider's idempotency key. `is_default`: what names no method is paid by it once it is there. `ask_at`: when the
provider is asked for it. The secret by which a browser acts is not kept."""
