"""Links and carts as rows."""

import datetime as dt

from sqlalchemy import BigInteger, Column, DateTime, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.checkout.types import AfterCheckout, LinkItems, LinkOptions, Metadata, Slug
from contor.kernel.shapes import Ident, Name255
from contor.runtime.query.fields import field, timestamps
from contor.runtime.schema import tenant_table

checkout_link = tenant_table(
    "checkout_link",
    field("ident", Ident, primary_key=True),
    Column("id", BigInteger, nullable=False),
    field("slug", Slug | None),
    field("name", Name255 | None),
    field("items", LinkItems),
    field("options", LinkOptions, default=LinkOptions()),
    field("after_checkout", AfterCheckout, default=AfterCheckout()),
    field("coupon", Ident | None),
    field("metadata", Metadata, default=()),
    field("is_enabled", bool, default=True),
    field("expires_at", dt.datetime | None),
    *timestamps(),
    Index("checkout_link_id_key", "tenant_id", "id", unique=True),
    Index("checkout_link_slug_key", "tenant_id", "slug", unique=True, postgresql_where=text("slug IS NOT NULL")),
    Index("checkout_link_created_ix", "tenant_id", "created_at", "ident"),
    Index("checkout_link_name_ix", "tenant_id", "name", "ident"),
)
"""`metadata`: comes along with each cart. `expires_at`: from then on no cart is made."""

checkout_cart = tenant_table(
    "checkout_cart",
    Column("ident", Text, primary_key=True),
    Column("id", BigInteger, nullable=False),
    Column("link_ident", Text),
    Column("status", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("email", Text),
    Column("customer_ident", Text),
    Column("invoice_address_ident", Text),
    Column("payment_account_ident", Text),
    Column("contract_ident", Text),
    Column("order_ident", Text),
    Column("document_id", BigInteger),
    Column("intent_ident", Text),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("last_modified_at", DateTime(timezone=True), nullable=False),
    Column("completed_at", DateTime(timezone=True)),
    Column("paid_at", DateTime(timezone=True)),
    Index("checkout_cart_id_key", "tenant_id", "id", unique=True),
    Index("checkout_cart_created_ix", "tenant_id", "created_at", "ident"),
    Index("checkout_cart_completed_ix", "tenant_id", "completed_at", "ident"),
    Index("checkout_cart_email_ix", "tenant_id", "email", "created_at", "ident"),
    Index("checkout_cart_status_ix", "tenant_id", "status", "created_at", "ident"),
    Index("checkout_cart_customer_ix", "tenant_id", "customer_ident", "created_at", "ident"),
    Index(
        "checkout_cart_expires_ix",
        "tenant_id",
        "expires_at",
        postgresql_where=text("status IN ('OPEN', 'CONFIRMING', 'REDIRECT_TO_PAYMENT')"),
    ),
    Index("checkout_cart_document_ix", "tenant_id", "document_id", postgresql_where=text("document_id IS NOT NULL")),
    Index(
        "checkout_cart_contract_ix",
        "tenant_id",
        "contract_ident",
        postgresql_where=text("contract_ident IS NOT NULL AND document_id IS NULL"),
    ),
    delete=False,
    update=(
        "status",
        "content",
        "email",
        "customer_ident",
        "invoice_address_ident",
        "payment_account_ident",
        "contract_ident",
        "order_ident",
        "document_id",
        "intent_ident",
        "last_modified_at",
        "completed_at",
        "paid_at",
    ),
)
"""`content`: what is bought, at which prices, and what was agreed to (`CartContent`)."""
