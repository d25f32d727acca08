"""Open items as rows. Opening and movements are facts; only the balance and the switches move."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSON, JSONB

from contor.runtime.schema import ADDED, NONE, SETTLED, Tallied, tenant_table

AMOUNT = Numeric(19, 4)


def amount_key(currency: str, amount: str) -> str:
    """SQL of the text by which an amount is found, however many places it is written with: "EUR 119.5"."""
    return f"({currency} || ' '::text) || trim_scale({amount})::text"


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
    Column("dunning_block_reason", Text),
    Column("dunning_block_until", Date),
    Column("customer_account_ident", Text, info=ADDED),
    Column("announced_on", Date, info=ADDED),
    Column("announced_because", Text, info=ADDED),
    Column("opened_on", Date, info=ADDED),
    # what is open is found by its amount: behind row-level security an index is asked for texts, not for numbers, whose comparison is
    # not leakproof
    Column("amount_key", Text, Computed(amount_key("currency", "balance"), persisted=True)),
    Index("opos_case_by_ident_ix", "tenant_id", "ident", "document_id"),
    # lists: docs/decisions/0023
    Index("opos_case_created_ix", "tenant_id", "created_at", "document_id"),
    Index("opos_case_customer_ix", "tenant_id", "customer_ident", "created_at", "document_id"),
    Index("opos_case_status_ix", "tenant_id", "status", "created_at", "document_id"),
    Index("opos_case_due_ix", "tenant_id", "due_date", "document_id"),
    Index("opos_case_open_ix", "tenant_id", "customer_ident", "due_date", postgresql_where=text("status = 'OPEN'")),
    # who has something that debts can be cleared with
    Index(
        "opos_case_credit_ix",
        "tenant_id",
        "customer_ident",
        "currency",
        postgresql_where=text("status = 'OPEN' AND balance < 0"),
    ),
    Index("opos_case_amount_key_ix", "tenant_id", "amount_key", "due_date", postgresql_where=text("status = 'OPEN'")),
    Index("opos_case_number_key_ix", "tenant_id", "number_key", postgresql_where=text("number_key IS NOT NULL")),
    Index("opos_case_reference_key_ix", "tenant_id", "reference_key", postgresql_where=text("reference_key IS NOT NULL")),
    Index(
        "opos_case_collected_ix",
        "tenant_id",
        "due_date",
        "document_id",
        postgresql_where=text("status = 'OPEN' AND payment_collection"),
    ),
    update=(
        "balance",
        "ledger_balance",
        "status",
        "doubtful",
        "prebooked",
        "dunning_level",
        "dunning_block",
        "dunning_block_reason",
        "dunning_block_until",
        "payment_collection",
        "closed_at",
    ),
    delete=False,
    storage=SETTLED,
    row_hash=True,
    tallied=Tallied("created_at"),
)
"""One case per receivable or payable document, with the document's ident. Amounts are signed in the debit direction. The keys are what
a payment's text is compared with: letters and digits of the number and, where another was printed, of the payment reference.
`customer_account_ident`: the payment account that the document names. `prebooked`: what is under way, see `collection`. `opened_on`: of
what another system issued, the day on which it is carried forward; else it counts from the document's own date."""

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
    Index("opos_movement_booked_ix", "tenant_id", "booked_on", "document_id"),
    Index("opos_movement_created_ix", "tenant_id", "created_at", "document_id"),
    # a movement is taken back once, also by two who try together
    Index("opos_movement_reversal_key", "tenant_id", "reversal_of", unique=True, postgresql_where=text("reversal_of IS NOT NULL")),
    ForeignKeyConstraint(["tenant_id", "document_id"], ["opos_case.tenant_id", "opos_case.document_id"]),
    update=NONE,
    delete=False,
    row_hash=True,
)
"""What moved a balance: `movement` is the whole value, with the tax it concerns; `source` the assignment or decision behind it."""

opos_decision = tenant_table(
    "opos_decision",
    Column("ident", Text, primary_key=True),
    Column("id", BigInteger, nullable=False),
    Column("document_id", BigInteger, nullable=False),
    Column("opos_case_ident", Text, nullable=False),
    Column("customer_ident", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("amount", AMOUNT, nullable=False),
    Column("debit_credit_indicator", Text, nullable=False),
    Column("allowance", AMOUNT),
    Column("note", Text),
    Column("decided_on", Date, nullable=False),
    Column("reversion_target_ident", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("opos_decision_created_ix", "tenant_id", "created_at", "ident"),
    Index("opos_decision_case_ix", "tenant_id", "document_id", "created_at", "ident"),
    # a decision is reverted once, also by two who try together
    Index(
        "opos_decision_reversion_key",
        "tenant_id",
        "reversion_target_ident",
        unique=True,
        postgresql_where=text("reversion_target_ident IS NOT NULL"),
    ),
    ForeignKeyConstraint(["tenant_id", "document_id"], ["opos_case.tenant_id", "opos_case.document_id"]),
    update=NONE,
    delete=False,
    row_hash=True,
    tallied=Tallied("created_at"),
)
"""What a person decided on an open item, and the counter decisions, which name the one they revert. `amount` is positive;
`debit_credit_indicator` is the side of the decision, opposite to that of the balance. `allowance`: of a doubtful receivable, in the
ledger's currency. What it moved is in `opos_movement`, by `decision:<ident>`."""

clearing_run = tenant_table(
    "clearing_run",
    Column("ident", Text, primary_key=True),
    Column("id", BigInteger, nullable=False),
    Column("customer_ident", Text),
    Column("currency", Text),
    Column("case_ids", JSONB),
    Column("status", Text, nullable=False),
    Column("reason", Text),
    Column("reached_customer", Text, nullable=False),
    Column("reached_currency", Text, nullable=False),
    Column("is_reversing", Boolean, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("completed_at", DateTime(timezone=True)),
    Column("reversed_at", DateTime(timezone=True)),
    Index("clearing_run_created_ix", "tenant_id", "created_at", "ident"),
    Index("clearing_run_open_ix", "tenant_id", "id", postgresql_where=text("status IN ('CREATED', 'PROCESSING')")),
    update=("status", "reason", "reached_customer", "reached_currency", "is_reversing", "completed_at", "reversed_at"),
    delete=False,
    tallied=Tallied("created_at"),
)
"""Open items of one customer and currency, cleared with each other. `case_ids`: only these; None: all. `reached_customer` and
`reached_currency`: the last whose items are done, behind which a run goes on that was interrupted."""

clearing_run_item = tenant_table(
    "clearing_run_item",
    Column("run_ident", Text, primary_key=True),
    Column("ident", Text, primary_key=True),
    Column("id", BigInteger, nullable=False),
    Column("document_id", BigInteger, nullable=False),
    Column("opos_case_ident", Text, nullable=False),
    Column("counter_case_ident", Text),
    Column("customer_ident", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount", AMOUNT, nullable=False),
    Column("debit_credit_indicator", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text),
    Column("movement_id", BigInteger),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("clearing_run_item_order_ix", "tenant_id", "run_ident", "id"),
    Index("clearing_run_item_case_ix", "tenant_id", "document_id", "id"),
    Index("clearing_run_item_movement_ix", "tenant_id", "movement_id", postgresql_where=text("movement_id IS NOT NULL")),
    ForeignKeyConstraint(["tenant_id", "run_ident"], ["clearing_run.tenant_id", "clearing_run.ident"]),
    update=("status",),
    delete=False,
    tallied=Tallied(by="run_ident"),
)
"""What a run did with an open item: cleared with another one, or left out for a reason. `amount` is positive; the indicator is the side of
the case. Cleared ones come in pairs, a debit and its credit, one behind the other by `id`."""
