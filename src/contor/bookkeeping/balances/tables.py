"""Columns of lists that are no tables."""

from sqlalchemy import BigInteger, Column, Date, Index, MetaData, Numeric, Table, Text

AMOUNT = Numeric(25, 4)

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
"""No table: what `accounts` reads of the journal, customer by customer."""
