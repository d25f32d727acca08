"""The ledger as rows: entries and lines are never changed, only reversed (GoBD no. 107 ff.)."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from contor.bookkeeping.types import Side
from contor.kernel.shapes import Currency, Name255, Text255
from contor.runtime.query.fields import field, timestamps
from contor.runtime.schema import ADDED, NONE, Tallied, counter_table, tenant_table

AMOUNT = Numeric(19, 4)

booking_account = tenant_table(
    "booking_account",
    field("account_number", int, primary_key=True, autoincrement=False),
    field("currency", Currency, primary_key=True),
    field("account_group", Text255, default=""),
    field("account_type", Text255),
    field("name", Name255),
    field("description", Text255 | None),
    field("opos_account", bool, default=False),
    field("automatic", bool, default=False),
    field("tax_key", Text255 | None),
    Column("role", Text, info={"shape": str | None}),
    *timestamps(),
    update=("account_group", "name", "description", "opos_account", "automatic", "tax_key", "role", "last_modified_at"),
)
"""The chart of accounts of one tenant. `role`: what the posting table uses the account for."""

journal_counter = counter_table(
    "journal_counter",
    Column("fiscal_year", Integer, primary_key=True, autoincrement=False),
    Column("next_number", BigInteger, nullable=False),
    counts="next_number",
)

journal_entry = tenant_table(
    "journal_entry",
    Column("id", BigInteger, primary_key=True),
    Column("fiscal_year", Integer, nullable=False),
    Column("journal_number", BigInteger, nullable=False),
    Column("posted_at", DateTime(timezone=True), nullable=False),
    Column("posting_date", Date, nullable=False),
    Column("document_date", Date, nullable=False),
    Column("tax_date", Date),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("document_id", BigInteger),
    Column("document_ident", Text),
    Column("reference", Text),
    Column("actor", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("reversal_of", BigInteger),
    Index("journal_entry_number_key", "tenant_id", "fiscal_year", "journal_number", unique=True),
    Index("journal_entry_document_ix", "tenant_id", "document_id"),
    # lists: docs/decisions/0023
    Index("journal_entry_ident_ix", "tenant_id", "document_ident", "id", postgresql_where=text("document_ident IS NOT NULL")),
    Index("journal_entry_posting_date_ix", "tenant_id", "posting_date", "id"),
    Index("journal_entry_reference_ix", "tenant_id", "reference", postgresql_where=text("reference IS NOT NULL")),
    # an entry is taken back once, also by two who try together
    Index("journal_entry_reversal_key", "tenant_id", "reversal_of", unique=True, postgresql_where=text("reversal_of IS NOT NULL")),
    update=NONE,
    delete=False,
    row_hash=True,
)
"""The journal, in the order of `journal_number`: gapless per tenant and fiscal year."""

journal_line = tenant_table(
    "journal_line",
    Column("entry_id", BigInteger, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("account", BigInteger, nullable=False),
    Column("side", Text, nullable=False),
    Column("amount", AMOUNT, nullable=False),
    Column("currency", Text, nullable=False),
    Column("tax_key", Text),
    Column("tax_base", AMOUNT),
    Column("tax_rate", AMOUNT),
    Column("party", Text),
    Column("cost_centre", Text),
    Column("country", Text),
    Column("foreign_amount", AMOUNT),
    Column("foreign_currency", Text),
    Column("tax_date", Date, info=ADDED),
    Index("journal_line_by_account_ix", "tenant_id", "account", "entry_id", "position"),
    Index("journal_line_cost_centre_ix", "tenant_id", "cost_centre", "entry_id", postgresql_where=text("cost_centre IS NOT NULL")),
    Index("journal_line_party_ix", "tenant_id", "party", "entry_id", postgresql_where=text("party IS NOT NULL")),
    update=NONE,
    delete=False,
    row_hash=True,
    tallied=Tallied("entry_id"),
)
"""Postings, written in one step with their entry: `contor check` compares the two. The amount is signed on its side, a reversal is
negative on the same side (Generalumkehr). `tax_date`: where it is another day than the entry's."""

ledger_clearing = tenant_table(
    "ledger_clearing",
    Column("clearing_id", BigInteger, primary_key=True, autoincrement=False),
    Column("account", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount", AMOUNT, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("ledger_clearing_account_ix", "tenant_id", "account", "currency", "created_at", "clearing_id"),
    update=NONE,
)
"""Postings of one account that belong together and are even: `amount` is the sum of each side."""

ledger_clearing_line = tenant_table(
    "ledger_clearing_line",
    Column("entry_id", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("clearing_id", BigInteger, nullable=False),
    Column("side", Text, nullable=False),
    Index("ledger_clearing_line_of_ix", "tenant_id", "clearing_id", "entry_id", "position"),
    ForeignKeyConstraint(
        ["tenant_id", "clearing_id"], ["ledger_clearing.tenant_id", "ledger_clearing.clearing_id"], ondelete="CASCADE"
    ),
    update=NONE,
)
"""A posting is in one clearing at most. `side`: which it counts on, for a reversal is negative on its own."""

posting_period = tenant_table(
    "posting_period",
    Column("month", Text, primary_key=True),
    Column("status", Text, nullable=False),
    Column("closing_at", DateTime(timezone=True), nullable=False),
    Column("closing_by", Text, nullable=False),
    Column("acknowledged", JSONB, nullable=False),
    Column("deferring", Boolean, nullable=False),
    Column("revaluing", Boolean, nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Column("last_journal_number", BigInteger),
    Column("closing_mark", BigInteger, nullable=False),
    Column("took_back", Boolean, nullable=False, server_default=text("false")),
    update=("status", "closed_at", "last_journal_number", "took_back"),
    delete=False,
)
"""The months whose closing began, as YYYY-MM; all others are open. CLOSING: nothing else is posted into it any more, its closing entries
are on their way; CLOSED: they are there, and `last_journal_number` is the last one of its fiscal year by then. `closing_mark`: what was
posted before the closing has a lower id, what came after it a higher one, whatever the clock said. `took_back`: its closing entries take
back what credits credit of rows that were deferred, on each account, also where nothing new is deferred; false: those of older releases did
not yet."""

deferred_row = tenant_table(
    "deferred_row",
    Column("document_id", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("document_ident", Text, nullable=False),
    Column("customer_ident", Text, nullable=False),
    Column("account", BigInteger, nullable=False),
    Column("cost_centre", Text),
    Column("currency", Text, nullable=False),
    Column("net", AMOUNT, nullable=False),
    Column("period_start", Date, nullable=False),
    Column("period_end", Date, nullable=False),
    Column("deferred_in", Text, nullable=False),
    Column("deferred", AMOUNT, nullable=False),
    Column("released_through", Text, nullable=False),
    Column("credited_document_id", BigInteger),
    Column("credited_position", Integer),
    # lists: docs/decisions/0023
    Index("deferred_row_customer_ix", "tenant_id", "customer_ident", "document_id", "position"),
    Index("deferred_row_document_ix", "tenant_id", "document_ident", "position"),
    Index("deferred_row_deferred_in_ix", "tenant_id", "deferred_in", "document_id", "position"),
    Index("deferred_row_released_through_ix", "tenant_id", "released_through", "document_id", "position"),
    Index(
        "deferred_row_credited_ix",
        "tenant_id",
        "credited_document_id",
        "credited_position",
        postgresql_where=text("credited_document_id IS NOT NULL"),
    ),
    update=NONE,
    delete=False,
    row_hash=True,
    tallied=Tallied("document_id"),
)
"""The rows of documents of which something was deferred (row 30), in the ledger's currency: `net` as it is booked, negative where it takes
revenue back; `deferred` by the closing of `deferred_in`, for later months. `released_through`: the last month that has a part. A credit
names the row that it takes back, if that was deferred. What it takes back of price reductions, on their accounts, stands behind its rows:
each names the row by which the price was reduced."""

deferred_part = tenant_table(
    "deferred_part",
    Column("document_id", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("month", Text, primary_key=True),
    Column("amount", AMOUNT, nullable=False),
    Index("deferred_part_month_ix", "tenant_id", "month", "document_id", "position"),
    update=NONE,
    delete=False,
)
"""What is released of a deferred row by the closing of each month. `contor check` makes them again: they carry no hash."""

booking_entry = Table(
    "booking_entry",
    MetaData(),
    Column("entry_id", BigInteger, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("fiscal_year", BigInteger),
    Column("journal_number", BigInteger),
    Column("account", BigInteger),
    Column("side", Text, info={"shape": Side}),
    Column("amount", AMOUNT),
    Column("currency", Text),
    Column("booking_date", Date),
    Column("document_date", Date),
    Column("tax_date", Date),
    Column("business_transaction", Text),
    Column("document_id", BigInteger),
    Column("document_ident", Text),
    Column("reference", Text),
    Column("customer_ident", Text),
    Column("posted_at", DateTime(timezone=True)),
    Column("id", Text),
    Column("period", Text),
    Column("text", Text),
    Column("cost_centre", Text),
    Column("country", Text),
    Column("tax_key", Text),
    Column("tax_base", AMOUNT),
    Column("tax_rate", AMOUNT),
    Column("foreign_amount", AMOUNT),
    Column("foreign_currency", Text),
    Column("reversal_of", BigInteger),
    Column("actor", Text),
    Column("debit_credit_indicator", Text),
    # those of the journal, by which this is found and sorted
    Index("booking_entry_account_ix", "account", "entry_id", "position"),
    Index("booking_entry_cost_centre_ix", "cost_centre", "entry_id", postgresql_where=text("cost_centre IS NOT NULL")),
    Index("booking_entry_customer_ix", "customer_ident", "entry_id", postgresql_where=text("customer_ident IS NOT NULL")),
    Index("booking_entry_document_id_ix", "document_id", postgresql_where=text("document_id IS NOT NULL")),
    Index("booking_entry_document_ix", "document_ident", postgresql_where=text("document_ident IS NOT NULL")),
    Index("booking_entry_reference_ix", "reference", postgresql_where=text("reference IS NOT NULL")),
    Index("booking_entry_date_ix", "booking_date", "entry_id", "position"),
    info={"tallied": Tallied("entry_id"), "tally_of": "journal_line"},
)
"""No table: the columns of the join of lines and entries that `booking_entries` reads."""
