"""The machinery's own tables: audit trail, outbox of events, idempotency keys; and the tenants that the directory knows."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Sequence,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSON, JSONB

from contor.runtime.schema import METADATA, NONE, QUEUE, Tallied, directory_table, tenant_table

ID_SEQUENCE = Sequence("contor_id", metadata=METADATA)
"""Internal ids of all tables, taken in blocks by batches."""

environment = directory_table(
    "environment",
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("organization_id", Uuid, nullable=False),
    Column("environment", Text, nullable=False),
    Column("realm", Text, nullable=False, unique=True),
    Column("time_zone", Text, nullable=False, server_default="Europe/Berlin"),
    Column("clock_at", DateTime(timezone=True)),
    Column("request_plan", Text, nullable=False, server_default="AUTOMATIC"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("environment_organization_id_environment_key", "organization_id", "environment", unique=True),
    update=("time_zone", "clock_at", "realm", "request_plan"),
    delete=False,
)
"""A tenant: one organization in TEST or LIVE. `clock_at` is the test clock; null: the real time. `request_plan`: how much it may ask, see
`organizations.rights`."""

audit_entry = tenant_table(
    "audit_entry",
    Column("id", BigInteger, ID_SEQUENCE, primary_key=True, server_default=ID_SEQUENCE.next_value()),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("subject_kind", Text),
    Column("subject_ident", Text),
    Column("change", JSON),
    Index("audit_entry_of_subject_ix", "tenant_id", "subject_kind", "subject_ident", "id"),
    Index("audit_entry_at_ix", "tenant_id", "at", "id"),
    # lists: docs/decisions/0023
    Index("audit_entry_ident_ix", "tenant_id", "subject_ident", "id"),
    Index("audit_entry_actor_ix", "tenant_id", "actor", "id"),
    update=NONE,
    delete=False,
    row_hash=True,
    tallied=Tallied("at"),
)

directory_audit_entry = directory_table(
    "audit_entry",
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("organization_id", Uuid),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("subject_kind", Text),
    Column("subject_ident", Text),
    Column("change", JSON),
    Index("directory_audit_entry_subject_ix", "subject_kind", "subject_ident"),
    Index("directory_audit_entry_organization_id_ix", "organization_id", "id"),
    update=NONE,
    delete=False,
)

event = tenant_table(
    "event",
    Column("id", BigInteger, ID_SEQUENCE, primary_key=True, server_default=ID_SEQUENCE.next_value()),
    Column("name", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("request_id", Text, nullable=False),
    Column("payload", JSON, nullable=False),
    update=NONE,
    delete=False,
)
"""The outbox: every fact, kept; jobs after the commit name its id."""

row_tally = tenant_table(
    "row_tally",
    Column("name", Text, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("cell", BigInteger, nullable=False),
    Column("last_cell", BigInteger, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("counted", Boolean, nullable=False),
    update=NONE,
    storage=QUEUE,
)
"""How many rows a list has in a stretch of its order, see `contor.runtime.query.tallying`. `counted`: all that were there; else
those that a transaction added."""

chain_link = tenant_table(
    "chain_link",
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("object_id", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("chain_link_object_key", "tenant_id", "kind", "object_id", unique=True),
    update=NONE,
    delete=False,
)
"""The chain of documents and journal entries of each year (`contor.runtime.integrity.chain`)."""

idempotency_key = tenant_table(
    "idempotency_key",
    Column("key", Text, primary_key=True),
    Column("operation", Text, nullable=False),
    Column("input_hash", LargeBinary, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("answer", JSONB),
    update=("answer",),
    delete=False,
)

directory_idempotency_key = directory_table(
    "idempotency_key",
    Column("organization_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("operation", Text, nullable=False),
    Column("input_hash", LargeBinary, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("answer", Text),
    update=("answer",),
    delete=False,
)
"""As a tenant's, of the directory. The answer is sealed: it may hold the secret of a key."""

tenant_work = directory_table(
    "tenant_work",
    Column("tenant_id", BigInteger, ForeignKey("directory.environment.id"), primary_key=True),
    Column("seen_at", DateTime(timezone=True), nullable=False),
)
"""Read and written by processes of the first release alone, which may still run while this one starts: the next release drops it."""

work_mark = directory_table(
    "work_mark",
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("tenant_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("planned", Boolean, nullable=False, server_default=text("false")),
    Column("failures", BigInteger, nullable=False, server_default=text("0")),
    Column("failure", Text),
    Index("work_mark_kind_due_at_ix", "kind", "due_at"),
    Index("work_mark_tenant_id_kind_ix", "tenant_id", "kind"),
    storage=QUEUE,
)
"""Marks: this tenant is to be looked into for this kind of work from then on (real time). Writers only add rows, so that none waits
for another; who has looked deletes those that it saw. `planned`: when the last look wants the next one; after `failures` in a row that is
how long the tenant is left alone. No foreign key: it would lock the tenant's row for each mark, and tenants are never deleted."""

directory_event = directory_table(
    "event",
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("organization_id", Uuid),
    Column("name", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("request_id", Text, nullable=False),
    Column("payload", JSON, nullable=False),
    update=NONE,
    delete=False,
)
"""The outbox of what happens before or across tenants."""

schedule = directory_table(
    "schedule",
    Column("name", Text, primary_key=True),
    Column("next_at", DateTime(timezone=True), nullable=False),
    Column("began_at", DateTime(timezone=True)),
    Column("seconds", Numeric(12, 3)),
    Column("failures", BigInteger, nullable=False, server_default=text("0")),
    Column("failed_at", DateTime(timezone=True)),
    Column("failure", Text),
)
"""What runs every so often: when next (real time), and how the last run went. Who runs it holds its row."""

check_run = tenant_table(
    "check_run",
    Column("ran_at", DateTime(timezone=True), nullable=False),
    Column("seconds", Numeric(12, 3), nullable=False),
    Column("found", BigInteger, nullable=False),
    Column("findings", JSONB, nullable=False),
    update=NONE,
)
"""The tenant's last nightly check (real time): how much it found, and the first findings as [check, sentence]."""
