"""Intents to move money, the attempts at them, and the files that attempts went out in, as rows."""

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, ForeignKeyConstraint, Index, Integer, Numeric, Text, text

from contor.runtime.schema import Tallied, tenant_table

AMOUNT = Numeric(19, 4)

payment_intent = tenant_table(
    "payment_intent",
    Column("ident", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("document_id", BigInteger, nullable=False),
    Column("document_ident", Text, nullable=False),
    Column("customer_ident", Text, nullable=False),
    Column("customer_account_ident", Text, nullable=False),
    Column("merchant_account_ident", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("amount", AMOUNT, nullable=False),
    Column("currency", Text, nullable=False),
    Column("statement_descriptor", Text),
    Column("due_on", Date, nullable=False),
    Column("refunds_intent_ident", Text),
    Column("notified_on", Date),
    Column("announced_on", Date),
    Column("moved_because", Text),
    Column("expected_by", Date),
    Column("released", Boolean, nullable=False, server_default=text("false")),
    Column("prebooked", Boolean, nullable=False),
    Column("reason", Text),
    Column("retry_on", Date),
    Column("retries", Integer, nullable=False, server_default=text("0")),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("last_modified_at", DateTime(timezone=True), nullable=False),
    Index("payment_intent_created_ix", "tenant_id", "created_at", "ident"),
    Index("payment_intent_status_ix", "tenant_id", "status", "created_at", "ident"),
    Index("payment_intent_document_ix", "tenant_id", "document_id", "ident"),
    Index("payment_intent_customer_ix", "tenant_id", "customer_ident", "created_at", "ident"),
    Index("payment_intent_account_ix", "tenant_id", "customer_account_ident", "created_at", "ident"),
    Index("payment_intent_waiting_ix", "tenant_id", "provider", "due_on", "ident", postgresql_where=text("status = 'CREATED'")),
    Index(
        "payment_intent_in_file_ix",
        "tenant_id",
        "merchant_account_ident",
        "ident",
        postgresql_where=text("status = 'CREATED' AND provider = 'SEPA_FILE'"),
    ),
    Index("payment_intent_expected_ix", "tenant_id", "expected_by", "ident", postgresql_where=text("expected_by IS NOT NULL")),
    Index("payment_intent_retry_ix", "tenant_id", "retry_on", "ident", postgresql_where=text("retry_on IS NOT NULL")),
    # no document is collected twice, also by two who try together
    Index("payment_intent_promised_key", "tenant_id", "document_id", unique=True, postgresql_where=text("prebooked")),
    ForeignKeyConstraint(
        ["tenant_id", "merchant_account_ident"], ["merchant_payment_account.tenant_id", "merchant_payment_account.ident"]
    ),
    update=(
        "status",
        "document_id",
        "document_ident",
        "due_on",
        "customer_account_ident",
        "merchant_account_ident",
        "provider",
        "released",
        "prebooked",
        "reason",
        "retry_on",
        "retries",
        "moved_because",
        "expected_by",
        "last_modified_at",
    ),
    delete=False,
    tallied=Tallied("created_at"),
)
"""`prebooked`: money is promised, its case waits for it. `released`: handed on although the tenant's processing is switched off.
`refunds_intent_ident`: the charge that a refund at a payment provider gives back. `due_on`: not before this day.
`notified_on`: when the customer was told of it, by the document; `announced_on`: the day of collection that it says, or that a person was
asked to tell him of, where the document told of none;
`moved_because`: why it is moved on a later day than when it is due.
`expected_by`: the day by which a bank has booked, or answered, what it was handed in a file.
`document_id`: of a document that was issued anew, the new one."""

payment_attempt = tenant_table(
    "payment_attempt",
    Column("key", Text, primary_key=True),
    Column("intent_ident", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("document_ident", Text, nullable=False),
    Column("amount", AMOUNT, nullable=False),
    Column("currency", Text, nullable=False),
    Column("end_to_end_ident", Text, nullable=False),
    Column("message_ident", Text),
    Column("group_ident", Text),
    Column("mandate_reference", Text),
    Column("counterpart_name", Text),
    Column("collected_on", Date),
    Column("provider_reference", Text),
    Column("payment_ident", Text),
    Column("reason_code", Text),
    Column("reason", Text),
    Column("ask_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("payee_check", Text),
    Column("payee_name", Text),
    Column("held", Boolean, nullable=False, server_default=text("false")),
    Index("payment_attempt_created_ix", "tenant_id", "created_at", "key"),
    Index("payment_attempt_number_key", "tenant_id", "intent_ident", "number", unique=True),
    Index("payment_attempt_end_to_end_key", "tenant_id", "end_to_end_ident", unique=True),
    Index(
        "payment_attempt_live_key",
        "tenant_id",
        "intent_ident",
        unique=True,
        postgresql_where=text("state IN ('PROCESSING', 'SUBMITTED', 'SUCCESSFUL')"),
    ),
    Index("payment_attempt_unknown_ix", "tenant_id", "created_at", "key", postgresql_where=text("state = 'PROCESSING'")),
    Index("payment_attempt_asked_ix", "tenant_id", "ask_at", "key", postgresql_where=text("ask_at IS NOT NULL")),
    Index("payment_attempt_message_ix", "tenant_id", "message_ident", "key", postgresql_where=text("message_ident IS NOT NULL")),
    Index("payment_attempt_group_ix", "tenant_id", "group_ident", "key", postgresql_where=text("group_ident IS NOT NULL")),
    Index(
        "payment_attempt_paid_out_ix",
        "tenant_id",
        "created_at",
        "key",
        postgresql_where=text("mandate_reference IS NULL AND message_ident IS NOT NULL"),
    ),
    Index(
        "payment_attempt_mandate_ix",
        "tenant_id",
        "mandate_reference",
        "key",
        postgresql_where=text("mandate_reference IS NOT NULL"),
    ),
    Index(
        "payment_attempt_reference_ix",
        "tenant_id",
        "provider_reference",
        "key",
        postgresql_where=text("provider_reference IS NOT NULL"),
    ),
    ForeignKeyConstraint(["tenant_id", "intent_ident"], ["payment_intent.tenant_id", "payment_intent.ident"]),
    update=(
        "state",
        "document_ident",
        "provider_reference",
        "payment_ident",
        "reason_code",
        "reason",
        "ask_at",
        "ended_at",
        "payee_check",
        "payee_name",
        "held",
    ),
    delete=False,
)
"""`key` is the idempotency key. A row is PROCESSING, and committed, before the provider is called; with a result it is one of SUBMITTED
(the provider has it, the money is on its way), SUCCESSFUL, FAILED, CANCELLED, RETURNED. `message_ident`, `group_ident`: of the file it went
out in (MsgId, PmtInfId). `payment_ident`: the booked payment. `ask_at`: when the provider is asked for it.
`payee_check`, `payee_name`: what the payee's bank said to the name of a transfer; `held`: it waits at the bank because of that, and its
intent is HELD."""

payment_processing = tenant_table(
    "payment_processing",
    Column("enabled", Boolean, nullable=False),
    update=("enabled",),
    delete=False,
)
"""Whether intents are handed on. Without a row: in TEST tenants they are, in LIVE ones they wait until somebody says so."""
