"""What concerns the threshold of distance sales, as rows."""

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Index, Integer, Numeric, Text

from contor.runtime.schema import NONE, tenant_table

AMOUNT = Numeric(19, 4)

oss_supply = tenant_table(
    "oss_supply",
    Column("document_id", BigInteger, primary_key=True, autoincrement=False),
    Column("supplied_on", Date, primary_key=True),
    Column("legal_entity", Text, nullable=False),
    Column("net", AMOUNT, nullable=False),
    Index("oss_supply_day_ix", "tenant_id", "legal_entity", "supplied_on", "net"),
    update=NONE,
    delete=False,
)
"""What a document supplies of such on a day, EUR net; credits are negative. Written with the document."""

oss_crossing = tenant_table(
    "oss_crossing",
    Column("legal_entity", Text, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("crossed_on", Date, nullable=False),
    Column("document_id", BigInteger, nullable=False),
    Column("document_ident", Text),
    Column("net", AMOUNT, nullable=False),
    Column("noticed_at", DateTime(timezone=True), nullable=False),
    update=("document_ident",),
    delete=False,
)
"""By which document, and a supply of which day, the threshold of a year was crossed; `net`: what the year came to by it. The number of the
document is known when its transaction ends."""

oss_late = tenant_table(
    "oss_late",
    Column("document_id", BigInteger, nullable=False),
    Column("done", Boolean, nullable=False),
    update=("document_id", "done"),
    delete=False,
)
"""One row: up to which document it was looked whether a release before issued it without counting; `done`: all of them are counted."""

oss_opening = tenant_table(
    "oss_opening",
    Column("legal_entity", Text, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("net", AMOUNT, nullable=False),
    Column("said_at", DateTime(timezone=True), nullable=False),
    update=("net", "said_at"),
    delete=False,
)
"""What was supplied of such in a year and is billed by nobody here: before the tenant came, or on other ways."""

oss_waiver = tenant_table(
    "oss_waiver",
    Column("legal_entity", Text, primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_until", Date),
    Column("declared_at", DateTime(timezone=True), nullable=False),
    update=("valid_until",),
    delete=False,
)
"""The threshold is waived: supplies are taxed where they go, from that day on."""
