"""One-time passwords as rows."""

from sqlalchemy import Column, DateTime, Integer, Text

from contor.runtime.schema import tenant_table

customer_one_time = tenant_table(
    "customer_one_time",
    Column("customer_ident", Text, primary_key=True),
    Column("purpose", Text, primary_key=True),
    Column("mark", Text),
    Column("tries", Integer, nullable=False),
    Column("issued", Integer, nullable=False),
    Column("first_issued_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    update=("mark", "tries"),
)
"""The latest one of a customer for a purpose. `mark`: what stands for the code, made with the server's key; none: it was used, or guessed
at too often. `issued`: how many there were since `first_issued_at`."""
