"""How a tenant duns, its runs and letters, and what letters claim, as rows."""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import Field
from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, ForeignKeyConstraint, Index, Integer, Numeric, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.kernel.shapes import Ident
from contor.runtime.query.fields import field, timestamps
from contor.runtime.schema import ADDED, NONE, Tallied, tenant_table

AMOUNT = Numeric(19, 4)

dunning_configuration = tenant_table(
    "dunning_configuration",
    Column("content", JSONB, nullable=False),
    Column("last_modified_at", DateTime(timezone=True), nullable=False),
)
"""One row: a `DunningConfiguration`."""

base_rate = tenant_table(
    "base_rate",
    field("ident", Ident, primary_key=True),
    field("valid_from", dt.date),
    field("rate", Annotated[Decimal, Field(ge=-10, le=100, max_digits=6, decimal_places=2)]),
    Index("base_rate_valid_from_key", "tenant_id", "valid_from", unique=True),
    *timestamps(),
)
"""The base rate (section 247 BGB) of each half-year, in percent."""

dunning_run = tenant_table(
    "dunning_run",
    Column("run_ident", Text, primary_key=True),
    Column("run_id", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("automatic", Boolean, nullable=False),
    Column("debtor_idents", JSONB),
    Column("configuration", JSONB, nullable=False),
    Column("after", Text, nullable=False, server_default=""),
    Column("money_after", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("approved_at", DateTime(timezone=True)),
    Column("completed_at", DateTime(timezone=True)),
    Index(
        "dunning_run_open_key", "tenant_id", unique=True, postgresql_where=text("status IN ('CREATED', 'PREVIEWED', 'APPROVED')")
    ),
    Index("dunning_run_day_ix", "tenant_id", "as_of"),
    update=("status", "after", "money_after", "approved_at", "completed_at"),
    delete=False,
)
"""A run over what is overdue on a day: previewed, approved, done. `configuration`: as it was when the run was made. `after`: how far it
has looked at customers; `money_after`: at payments that wait, NULL when all were looked at."""

dunning_run_money = tenant_table(
    "dunning_run_money",
    Column("run_ident", Text, primary_key=True),
    Column("payment_ident", Text, primary_key=True),
    Column("customer_ident", Text, primary_key=True),
    Column("currency", Text, nullable=False),
    Column("amount", AMOUNT, nullable=False),
    Index("dunning_run_money_customer_ix", "tenant_id", "run_ident", "customer_ident"),
    ForeignKeyConstraint(["tenant_id", "run_ident"], ["dunning_run.tenant_id", "dunning_run.run_ident"]),
    update=NONE,
    delete=False,
)
"""Payments that nobody had assigned when the run was made, and which customers they may be of."""

dunning_letter = tenant_table(
    "dunning_letter",
    Column("letter_ident", Text, primary_key=True),
    Column("letter_id", BigInteger, nullable=False),
    Column("run_ident", Text, nullable=False),
    Column("customer_ident", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("company", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("letter_date", Date, nullable=False),
    Column("pay_until", Date, nullable=False),
    *(Column(name, AMOUNT, nullable=False) for name in ("outstanding", "costs", "interest", "demand")),
    Column("made_at", DateTime(timezone=True)),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("file_sha256", Text),
    Column("file_size", BigInteger),
    Column("sent_at", DateTime(timezone=True)),
    Column("recipient", Text),
    Column("not_sent_reason", Text),
    Column("paid_at", DateTime(timezone=True), info=ADDED),
    Index("dunning_letter_id_key", "tenant_id", "letter_id", unique=True),
    Index("dunning_letter_run_ix", "tenant_id", "run_ident", "letter_id"),
    Index("dunning_letter_customer_ix", "tenant_id", "customer_ident", "status", "letter_id"),
    Index("dunning_letter_status_ix", "tenant_id", "status", "letter_id"),
    Index("dunning_letter_dated_ix", "tenant_id", "status", "letter_date", "letter_id"),
    Index("dunning_letter_until_ix", "tenant_id", "status", "pay_until", "letter_id"),
    Index("dunning_letter_level_ix", "tenant_id", "status", "level", "letter_id"),
    Index("dunning_letter_paid_ix", "tenant_id", "paid_at", "letter_id"),
    Index("dunning_letter_sent_ix", "tenant_id", "sent_at", "letter_id"),
    Index("dunning_letter_recipient_ix", "tenant_id", "recipient", "letter_id"),
    Index("dunning_letter_previewed_ix", "tenant_id", "run_ident", "letter_id", postgresql_where=text("status = 'PREVIEWED'")),
    ForeignKeyConstraint(["tenant_id", "run_ident"], ["dunning_run.tenant_id", "dunning_run.run_ident"]),
    update=("status", "made_at", "withdrawn_at", "file_sha256", "file_size", "sent_at", "recipient", "not_sent_reason", "paid_at"),
    delete=False,
    row_hash=True,
    tallied=Tallied("letter_id"),
)
"""What a customer is reminded of at once. PREVIEWED: by a run that is not approved; MADE; CHANGED: left out, because something was another
thing when its time came; CANCELLED with its run; WITHDRAWN afterwards. `costs` and `interest`: all that its documents
owe of them by then.
`paid_at`: since when nothing is open of what it asked for.
`recipient`: whom a mail brings it, or is to bring it; `sent_at`: when that mail was taken; else `not_sent_reason`, NULL: no mail is
configured."""

dunning_item = tenant_table(
    "dunning_item",
    Column("run_ident", Text, primary_key=True),
    Column("document_id", BigInteger, primary_key=True),
    Column("customer_ident", Text, nullable=False),
    Column("document_ident", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("document_date", Date, nullable=False),
    Column("due_date", Date, nullable=False),
    Column("opening", AMOUNT, nullable=False),
    Column("outstanding", AMOUNT, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("level_before", Integer, nullable=False),
    Column("level", Integer, nullable=False),
    Column("letter_id", BigInteger),
    *(Column(name, AMOUNT, nullable=False) for name in ("charged", "fee", "flat", "interest")),
    Column("interest_from", Date),
    Column("interest_until", Date),
    Column("note", Text),
    *(
        Column(name, AMOUNT, info=ADDED)
        for name in ("interest_deducted", "earlier_fees", "earlier_flat", "earlier_interest", "return_costs")
    ),
    Column("earlier_interest_from", Date, info=ADDED),
    Column("earlier_interest_until", Date, info=ADDED),
    Index("dunning_item_letter_ix", "tenant_id", "letter_id", "document_id", postgresql_where=text("letter_id IS NOT NULL")),
    Index("dunning_item_document_ix", "tenant_id", "document_id", "letter_id"),
    Index("dunning_item_outcome_ix", "tenant_id", "run_ident", "outcome", "document_id"),
    ForeignKeyConstraint(["tenant_id", "run_ident"], ["dunning_run.tenant_id", "dunning_run.run_ident"]),
    update=("outcome",),
    delete=False,
    row_hash=True,
    tallied=Tallied(by="run_ident"),
)
"""An open item in a run: what becomes of it and why, and on which letter it stands. Amounts are signed: credits are negative.
`earlier_*` and `return_costs`: what its letter asks for again, of claims that were open before; NULL: of a time when that was not said."""

dunning_claim = tenant_table(
    "dunning_claim",
    Column("claim_ident", Text, primary_key=True),
    Column("claim_id", BigInteger, nullable=False),
    Column("letter_id", BigInteger),
    Column("document_id", BigInteger, nullable=False),
    Column("document_ident", Text, nullable=False),
    Column("customer_ident", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("amount", AMOUNT, nullable=False),
    Column("currency", Text, nullable=False),
    Column("booked", Boolean, nullable=False),
    Column("claimed_on", Date, nullable=False),
    Column("status", Text, nullable=False),
    Column("paid", AMOUNT, nullable=False, server_default=text("0")),
    Column("waived", AMOUNT, nullable=False, server_default=text("0")),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("dunning_claim_id_key", "tenant_id", "claim_id", unique=True),
    Index("dunning_claim_document_ix", "tenant_id", "document_id", "claim_id"),
    Index("dunning_claim_customer_ix", "tenant_id", "customer_ident", "claim_id"),
    Index("dunning_claim_status_ix", "tenant_id", "status", "claim_id"),
    Index("dunning_claim_letter_ix", "tenant_id", "letter_id", "claim_id"),
    update=("status", "paid", "waived"),
    delete=False,
    row_hash=True,
    tallied=Tallied("claim_id"),
)
"""Damages of default that a letter claims: FEE, FLAT (40 EUR), INTEREST; and without a letter RETURN_COST, what banks took for a debit that
came back. OPEN until PAID or WAIVED, whatever becomes of the invoice."""

dunning_return = tenant_table(
    "dunning_return",
    Column("payment_ident", Text, primary_key=True),
    Column("document_id", BigInteger, primary_key=True),
    Column("returned_on", Date, nullable=False),
    Column("claim_ident", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("drawn_on", Date),
    Index("dunning_return_document_ix", "tenant_id", "document_id", "returned_on"),
    ForeignKeyConstraint(["tenant_id", "claim_ident"], ["dunning_claim.tenant_id", "dunning_claim.claim_ident"]),
    update=NONE,
)
"""A debit that we drew by a mandate and that came back: default counts from its day at the earliest. `payment_ident`: what took it back;
`claim_ident`: the claim of what the banks took; `drawn_on`: when the money had come, NULL of a time when that was not said."""

dunning_claim_move = tenant_table(
    "dunning_claim_move",
    Column("move_id", BigInteger, primary_key=True),
    Column("claim_ident", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("amount", AMOUNT, nullable=False),
    Column("payment_ident", Text),
    Column("note", Text),
    Column("booked_on", Date, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("reversal_of", BigInteger),
    Index("dunning_claim_move_claim_ix", "tenant_id", "claim_ident", "move_id"),
    Index("dunning_claim_move_payment_ix", "tenant_id", "payment_ident", postgresql_where=text("payment_ident IS NOT NULL")),
    Index(
        "dunning_claim_move_reversal_key", "tenant_id", "reversal_of", unique=True, postgresql_where=text("reversal_of IS NOT NULL")
    ),
    ForeignKeyConstraint(["tenant_id", "claim_ident"], ["dunning_claim.tenant_id", "dunning_claim.claim_ident"]),
    update=NONE,
    delete=False,
    row_hash=True,
)
"""What was paid on a claim by which payment, waived, or taken back again (negative)."""

dunning_handover = tenant_table(
    "dunning_handover",
    Column("document_id", BigInteger, primary_key=True),
    Column("run_ident", Text, primary_key=True),
    Column("customer_ident", Text, nullable=False),
    Column("document_ident", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("outstanding", AMOUNT, nullable=False),
    Column("costs", AMOUNT, nullable=False),
    Column("interest", AMOUNT, nullable=False),
    Column("handed_over_on", Date, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("taken_back_on", Date),
    Index("dunning_handover_run_ix", "tenant_id", "run_ident", "document_id"),
    Index("dunning_handover_standing_key", "tenant_id", "document_id", unique=True, postgresql_where=text("taken_back_on IS NULL")),
    ForeignKeyConstraint(["tenant_id", "run_ident"], ["dunning_run.tenant_id", "dunning_run.run_ident"]),
    update=("taken_back_on",),
    delete=False,
    row_hash=True,
)
"""What was handed over to collection, once for each document until a person takes it back."""
