"""Open items as rows. Opening and movements are facts; only the balance and the switches move."""

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, ForeignKeyConstraint, Index, Integer, Numeric, Text, text
from sqlalchemy.dialects.postgresql import JSON

from contor.runtime.schema import NONE, SETTLED, Tallied, tenant_table

AMOUNT = Numeric(19, 4)

opos_case = tenant_table(
    "opos_case",
    Column("document_id", BigInteger, primary_key=True),
    Column("ident", Text, nullable=False),
    Column("document_type", Text, nullable=False),
    Column("customer_ident", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("document_date", Date, nullable=False),
    Column("due_date", Date, nullable=False),
    Column("opening", AMOUNT, nullable=False),
    Column("balance", AMOUNT, nullable=False),
    Column("ledger_balance", AMOUNT, nullable=False),
    Column("status", Text, nullable=False),
    Column("is_memo", Boolean, nullable=False),
    Column("doubtful", Boolean, nullable=False, server_default=text("false")),
    Column("prebooked", AMOUNT, nullable=False, server_default=text("0")),
    Column("dunning_level", Integer, nullable=False, server_default=text("0")),
    Column("dunning_block", Boolean, nullable=False, server_default=text("false")),
    Column("payment_collection", Boolean, nullable=False, server_default=text("true")),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Column("number_key", Text),
    Column("reference_key", Text),
    Index("opos_case_by_ident_ix", "tenant_id", "ident", "document_id"),
    # lists: docs/decisions/0023
    Index("opos_case_created_ix", "tenant_id", "created_at", "document_id"),
    Index("opos_case_customer_ix", "tenant_id", "customer_ident", "created_at", "document_id"),
    Index("opos_case_status_ix", "tenant_id", "status", "created_at", "document_id"),
    Index("opos_case_due_ix", "tenant_id", "due_date", "document_id"),
    Index("opos_case_open_ix", "tenant_id", "customer_ident", "due_date", postgresql_where=text("status = 'OPEN'")),
    Index("opos_case_number_key_ix", "tenant_id", "number_key", postgresql_where=text("number_key IS NOT NULL")),
    Index("opos_case_reference_key_ix", "tenant_id", "reference_key", postgresql_where=text("reference_key IS NOT NULL")),
    update=(
        "balance",
        "ledger_balance",
        "status",
        "doubtful",
        "prebooked",
        "dunning_level",
        "dunning_block",
        "payment_collection",
        "closed_at",
    ),
    delete=False,
    storage=SETTLED,
    row_hash=True,
    tallied=Tallied("created_at"),
)
"""One case per receivable or payable document, with the document's ident. Amounts are signed in the debit direction. The keys are what
a payment's text is compared with: letters and digits of the number and, where another was printed, of the payment reference."""

opos_movement = tenant_table(
    "opos_movement",
    Column("id", BigInteger, primary_key=True),
    Column("document_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("amount", AMOUNT, nullable=False),
    Column("ledger_amount", AMOUNT, nullable=False),
    Column("decision", Text),
    Column("movement", JSON, nullable=False),
    Column("source", Text, nullable=False),
    Column("note", Text),
    Column("booked_on", Date, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("reversal_of", BigInteger),
    Index("opos_movement_document_ix", "tenant_id", "document_id", "id"),
    Index("opos_movement_source_ix", "tenant_id", "source"),
    # a movement is taken back once, also by two who try together
    Index("opos_movement_reversal_key", "tenant_id", "reversal_of", unique=True, postgresql_where=text("reversal_of IS NOT NULL")),
    ForeignKeyConstraint(["tenant_id", "document_id"], ["opos_case.tenant_id", "opos_case.document_id"]),
    update=NONE,
    delete=False,
    row_hash=True,
)
"""What moved a balance: `movement` is the whole value, with the tax it concerns; `source` the assignment or decision behind it."""
