"""Letters of paper as rows: by whom they are sent, what became of each, and what was paid for."""

import datetime as dt

from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, Index, Integer, Numeric, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.runtime.schema import NONE, tenant_table

post_configuration = tenant_table(
    "post_configuration",
    Column("content", JSONB, nullable=False),
    Column("last_modified_at", DateTime(timezone=True), nullable=False),
)
"""One row: the provider."""

post_letter = tenant_table(
    "post_letter",
    Column("ident", Text, primary_key=True),
    Column("document_id", BigInteger, nullable=False),
    Column("document_ident", Text, nullable=False),
    Column("dunning_letter_ident", Text, info={"shape": str | None}),
    Column("customer_ident", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text, info={"shape": str | None}),
    Column("reference", Text, info={"shape": str | None}),
    Column("file_sha256", Text),
    Column("tries", Integer, nullable=False),
    Column("due_at", DateTime(timezone=True)),
    Column("holder", Text),
    Column("held_until", DateTime(timezone=True)),
    Column("accepted_at", DateTime(timezone=True), info={"shape": dt.datetime | None}),
    Column("printed_at", DateTime(timezone=True), info={"shape": dt.datetime | None}),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("last_modified_at", DateTime(timezone=True), nullable=False),
    Index("post_letter_due_ix", "tenant_id", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    Index("post_letter_held_ix", "tenant_id", "held_until", postgresql_where=text("status = 'HANDING'")),
    Index("post_letter_document_ix", "tenant_id", "document_id", "created_at"),
    Index("post_letter_status_ix", "tenant_id", "status", "created_at"),
    Index("post_letter_customer_ix", "tenant_id", "customer_ident", "created_at"),
    Index("post_letter_created_ix", "tenant_id", "created_at"),
    Index(
        "post_letter_dunning_letter_key",
        "tenant_id",
        "dunning_letter_ident",
        unique=True,
        postgresql_where=text("dunning_letter_ident IS NOT NULL"),
    ),
    Index("post_letter_unpaid_ix", "tenant_id", "created_at", "ident", postgresql_where=text("status = 'UNPAID'")),
    ForeignKeyConstraint(["tenant_id", "document_id"], ["document.tenant_id", "document.id"]),
    update=(
        *("status", "reason", "reference", "file_sha256", "tries", "due_at", "holder", "held_until", "accepted_at", "printed_at"),
        "last_modified_at",
    ),
    delete=False,
)
"""A letter is handed over under its own ident. `due_at`: when it is handed over, or the provider is asked again (real time). HANDING:
`holder` does it until `held_until`. UNPAID: it waits for a credit. `dunning_letter_ident`: the letter by which the document, and perhaps
others, are dunned; without one it is the document itself."""

post_credit = tenant_table(
    "post_credit",
    Column("id", BigInteger, primary_key=True),
    Column("credits", Integer, nullable=False),
    Column("letter_ident", Text),
    Column("note", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("post_credit_letter_ix", "tenant_id", "letter_ident"),
    update=NONE,
    delete=False,
)
"""Letters that were bought, below zero those that were used: one for each letter, given back where it fails."""

simulated_letter = tenant_table(
    "simulated_letter",
    Column("key", Text, primary_key=True),
    Column("gross", Numeric(19, 4), nullable=False),
    Column("size", Integer, nullable=False),
    Column("accepted_at", DateTime(timezone=True), nullable=False),
    update=NONE,
    delete=False,
)
"""What the provider that posts nothing was handed."""
