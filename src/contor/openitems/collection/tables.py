"""What due documents will collect or pay by themselves, as rows."""

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKeyConstraint, Index, Numeric, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.runtime.schema import Tallied, tenant_table

payment_intent_task = tenant_table(
    "payment_intent_task",
    Column("ident", Text, primary_key=True),
    Column("document_id", BigInteger, nullable=False),
    Column("document_ident", Text, nullable=False),
    Column("customer_ident", Text, nullable=False),
    Column("customer_account_ident", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("amount", Numeric(19, 4), nullable=False),
    Column("currency", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text),
    Column("intent_ident", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("last_modified_at", DateTime(timezone=True), nullable=False),
    # a document causes one task of itself, ever: what failed is tried again by its intent
    Index("payment_intent_task_document_key", "tenant_id", "document_id", unique=True),
    Index("payment_intent_task_created_ix", "tenant_id", "created_at", "ident"),
    Index("payment_intent_task_status_ix", "tenant_id", "status", "created_at", "ident"),
    Index("payment_intent_task_intent_ix", "tenant_id", "intent_ident", postgresql_where=text("intent_ident IS NOT NULL")),
    Index("payment_intent_task_due_ix", "tenant_id", "due_on", "ident", postgresql_where=text("status = 'ENABLED'")),
    ForeignKeyConstraint(["tenant_id", "document_id"], ["opos_case.tenant_id", "opos_case.document_id"]),
    update=(
        "document_id",
        "document_ident",
        "customer_account_ident",
        "due_on",
        "status",
        "reason",
        "intent_ident",
        "amount",
        "last_modified_at",
    ),
    delete=False,
    tallied=Tallied("created_at"),
)
"""`intent_ident`: what it became. `document_id`: of a document that was issued anew, the new one, where the intent was handed on."""

collection_run = tenant_table(
    "collection_run",
    Column("run_ident", Text, primary_key=True),
    Column("run_id", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("expected", JSONB),
    Column("done", JSONB),
    Column("payment_file_idents", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("approved_at", DateTime(timezone=True)),
    Column("completed_at", DateTime(timezone=True)),
    Index(
        "collection_run_open_key", "tenant_id", unique=True, postgresql_where=text("status IN ('CREATED', 'PREVIEWED', 'APPROVED')")
    ),
    Index("collection_run_id_ix", "tenant_id", "run_id"),
    update=("status", "expected", "done", "payment_file_idents", "approved_at", "completed_at"),
    delete=False,
)
"""A run that somebody began. `expected`: what it would do, by its preview; `done`: what it did (`CollectionReport`)."""

collection_run_item = tenant_table(
    "collection_run_item",
    Column("run_ident", Text, primary_key=True),
    Column("document_id", BigInteger, primary_key=True),
    Column("document_ident", Text, nullable=False),
    Column("customer_ident", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("balance", Numeric(19, 4), nullable=False),
    Column("due_date", Date, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("collection_date", Date),
    Column("reason", Text),
    Index("collection_run_item_outcome_ix", "tenant_id", "run_ident", "outcome", "document_id"),
    ForeignKeyConstraint(["tenant_id", "run_ident"], ["collection_run.tenant_id", "collection_run.run_ident"]),
    update=("balance", "outcome", "collection_date", "reason"),
    delete=False,
    tallied=Tallied(by="run_ident"),
)
"""An open item by the preview of a run, and told anew once it is carried out: what becomes of it, on which day, and why not."""
