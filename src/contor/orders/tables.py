"""Orders, line items, agreed deposits and attachments as rows."""

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKeyConstraint, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.runtime.query.fields import timestamps
from contor.runtime.schema import NONE, Tallied, tenant_table

sales_order = tenant_table(
    "sales_order",
    Column("contract_id", BigInteger, primary_key=True),
    Column("order_ident", Text, nullable=False),
    Column("customer_ident", Text, nullable=False),
    Column("business_segment_ident", Text, nullable=False),
    Column("billing_group_ident", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("ordered_on", Date, nullable=False),
    Column("status", Text, nullable=False, server_default="OPEN"),
    Column("content", JSONB, nullable=False),
    Index("sales_order_ident_key", "tenant_id", "order_ident", unique=True),
    Index("sales_order_of_customer_ix", "tenant_id", "customer_ident", "contract_id"),
    ForeignKeyConstraint(["tenant_id", "customer_ident"], ["customer.tenant_id", "customer.customer_ident"]),
    ForeignKeyConstraint(["tenant_id", "business_segment_ident"], ["business_segment.tenant_id", "business_segment.segment_ident"]),
    *timestamps(),
    delete=False,
    tallied=Tallied("contract_id"),
)
"""`contract_id`: orders and contracts share their numbers."""

line_item = tenant_table(
    "line_item",
    Column("contract_id", BigInteger, primary_key=True),
    Column("ident", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("item_id", BigInteger, nullable=False),
    Column("cancelled_at", DateTime(timezone=True)),
    *timestamps(),
    delete=False,
)
"""What was ordered (`kind` LINE_ITEM) and what reduces it (ALLOWANCE), of an order or contract. `item_id`: its first billable item;
the billing engine knows how far its billing is."""

agreed_deposit = tenant_table(
    "agreed_deposit",
    Column("contract_id", BigInteger, primary_key=True),
    Column("ident", Text, primary_key=True),
    Column("line_item_ident", Text, nullable=False, server_default=""),
    Column("position", Integer, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("item_id", BigInteger),
    Column("document_id", BigInteger),
    Index("agreed_deposit_document_ix", "tenant_id", "document_id", postgresql_where=text("document_id IS NOT NULL")),
    Index("agreed_deposit_item_ix", "tenant_id", "item_id", postgresql_where=text("item_id IS NOT NULL")),
    ForeignKeyConstraint(["tenant_id", "contract_id"], ["sales_order.tenant_id", "sales_order.contract_id"]),
    *timestamps(),
)
"""`line_item_ident`: empty where it is agreed for the order as a whole. `item_id`: the billable item that bills it; `document_id`: a
deposit invoice that was sent in by the Documents API instead."""

holder_attachment = tenant_table(
    "holder_attachment",
    Column("contract_id", BigInteger, primary_key=True),
    Column("file_name", Text, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    update=NONE,
)
"""Files of orders and contracts; the documents that bill them show those that are there when they are issued."""
