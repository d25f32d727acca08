"""Balances that are kept, and the columns of lists that are no tables."""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, MetaData, Numeric, Table, Text, text

from contor.runtime.schema import tenant_table

AMOUNT = Numeric(25, 4)
"""Of amounts of many years."""

account_month = tenant_table(
    "account_month",
    Column("month", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("account", BigInteger, primary_key=True, autoincrement=False),
    Column("currency", Text, primary_key=True),
    *(Column(name, AMOUNT, nullable=False) for name in ("debit", "credit")),
    update=("debit", "credit"),
    delete=False,
)
"""What the entries that `ledger_fold` names posted in each month (YYYY-MM) on each account. `kind` G: an account of the chart; D, C: all
personal accounts of debtors and of creditors together, with the account 0. A reversal is negative on its own side."""

personal_month = tenant_table(
    "personal_month",
    Column("account", BigInteger, primary_key=True, autoincrement=False),
    Column("currency", Text, primary_key=True),
    Column("month", Text, primary_key=True),
    *(Column(name, AMOUNT, nullable=False) for name in ("debit", "credit")),
    update=("debit", "credit"),
    delete=False,
)
"""As `account_month`, of each personal account by itself: what it began a month with is read from its own few rows."""

personal_account = tenant_table(
    "personal_account",
    Column("account", BigInteger, primary_key=True, autoincrement=False),
    Column("currency", Text, primary_key=True),
    Column("first_month", Text, nullable=False),
    Column("party", Text),
    Index("personal_account_party_ix", "tenant_id", "party", "account", "currency", postgresql_where=text("party IS NOT NULL")),
    update=("first_month", "party"),
    delete=False,
)
"""The personal accounts that have a `personal_month`, whose they are, and the first of their months: for lists of them in order."""

ledger_fold = tenant_table(
    "ledger_fold",
    Column("fiscal_year", Integer, primary_key=True, autoincrement=False),
    Column("through", BigInteger, nullable=False),
    update=("through",),
    delete=False,
)
"""Through which journal number of a fiscal year the entries are in `account_month`. Numbers are drawn under a lock that is held until the
commit: what is up to a number that is seen is all seen."""

personal_fold = tenant_table(
    "personal_fold",
    Column("fiscal_year", Integer, primary_key=True, autoincrement=False),
    Column("through", BigInteger, nullable=False),
    update=("through",),
    delete=False,
)
"""As `ledger_fold`, of what is in `personal_month`."""

account_posting = Table(
    "account_posting",
    MetaData(),
    Column("number", BigInteger, primary_key=True),
    Column("booking_entry_id", Text),
    Column("journal_number", BigInteger),
    Column("booking_date", Date),
    Column("document_date", Date),
    Column("tax_date", Date),
    Column("business_transaction", Text),
    Column("text", Text),
    Column("document_ident", Text),
    Column("reference", Text),
    Column("customer_ident", Text),
    Column("cost_centre", Text),
    Column("currency", Text),
    Column("debit", AMOUNT),
    Column("credit", AMOUNT),
    Column("balance", AMOUNT),
    # a month of an account is read as a whole, for its balances
    Index("account_posting_number_ix", "number"),
    Index("account_posting_entry_ix", "booking_entry_id"),
    Index("account_posting_journal_number_ix", "journal_number"),
    Index("account_posting_document_ix", "document_ident"),
    Index("account_posting_reference_ix", "reference"),
    Index("account_posting_customer_ix", "customer_ident"),
    Index("account_posting_date_ix", "booking_date"),
    info={"tally_of": "journal_line"},
)
"""No table: what `accounts` reads of the journal, posting by posting. Not tallied: a month of an account is a part of the lines."""

personal_balance = Table(
    "personal_balance",
    MetaData(),
    Column("account_number", BigInteger, primary_key=True),
    Column("customer_ident", Text),
    Column("currency", Text),
    *(Column(name, AMOUNT) for name in ("opening", "debit", "credit", "closing")),
    Index("personal_balance_customer_ix", "customer_ident"),
    info={"tally_of": "customer"},
)
"""No table: what `personal` reads, account by account."""
