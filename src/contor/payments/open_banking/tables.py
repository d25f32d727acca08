"""Links to banks that are asked for what is booked, and the bookings of the simulated bank, as rows."""

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKeyConstraint, Index, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB

from contor.runtime.query.fields import timestamps
from contor.runtime.schema import NONE, Tallied, tenant_table

open_banking_account = tenant_table(
    "open_banking_account",
    Column("ident", Text, primary_key=True),
    Column("id", BigInteger, nullable=False),
    Column("account_ident", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("alias", Text),
    Column("bank_name", Text, nullable=False),
    Column("url", Text),
    Column("user_name", Text),
    Column("tan_method", Text),
    Column("tan_medium", Text),
    Column("secrets", Text),
    Column("challenge", JSONB),
    Column("status", Text, nullable=False),
    Column("valid_until", DateTime(timezone=True)),
    Column("last_accessed_at", DateTime(timezone=True)),
    Column("last_informed_at", DateTime(timezone=True)),
    Column("asked_at", DateTime(timezone=True)),
    Column("tried_at", DateTime(timezone=True)),
    Column("problem", Text),
    Column("failing_since", DateTime(timezone=True)),
    *timestamps(),
    Index("open_banking_account_account_key", "tenant_id", "account_ident", unique=True),
    Index("open_banking_account_created_ix", "tenant_id", "created_at", "ident"),
    ForeignKeyConstraint(["tenant_id", "account_ident"], ["merchant_payment_account.tenant_id", "merchant_payment_account.ident"]),
    tallied=Tallied("created_at"),
)
"""One of an account at most. `secrets`: sealed, the PIN, what the bank's server told of itself, and the conversation that waits for a
TAN; `challenge`: what is to be confirmed, as the bank says it. `asked_at`: somebody wants it to be read now; `tried_at`: the bank was asked
last, whatever it answered; `last_accessed_at`: it answered; `last_informed_at`: the tenant was told last that the consent ends."""

simulated_booking = tenant_table(
    "simulated_booking",
    Column("ident", Text, primary_key=True),
    Column("account_ident", Text, nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("amount", Numeric(19, 4), nullable=False),
    Column("currency", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("counterpart_name", Text),
    Column("counterpart_iban", Text),
    Column("end_to_end_ident", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["tenant_id", "account_ident"], ["merchant_payment_account.tenant_id", "merchant_payment_account.ident"]),
    Index("simulated_booking_day_ix", "tenant_id", "account_ident", "booked_on", "ident"),
    update=NONE,
    delete=False,
)
"""What stands on an account at the simulated bank (TEST tenants). `amount`: negative where money went out."""
