"""Checks of VAT numbers as rows. What was answered is a proof: it never changes and never goes."""

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKeyConstraint, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.customers.vat_ids import vat_id_at
from contor.runtime.schema import NONE, QUEUE, tenant_table


def _customer() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant_id", "customer_ident"], ["customer.tenant_id", "customer.customer_ident"])


vat_number_check = tenant_table(
    "vat_number_check",
    Column("ident", Text, primary_key=True),
    Column("id", BigInteger, nullable=False),
    Column("customer_ident", Text, nullable=False),
    Column("vat_id", Text, nullable=False),
    Column("requester_vat_id", Text),
    Column("provider", Text, nullable=False),
    Column("status", Text, nullable=False),
    *(Column(name, Text) for name in ("code", "reason", "consultation_number", "name", "address")),
    Column("asked", JSONB, nullable=False),
    Column("matches", JSONB, nullable=False),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Column("checked_at", DateTime(timezone=True), nullable=False),
    Column("sha256", Text),
    Column("size", BigInteger),
    Index("vat_number_check_customer_ix", "tenant_id", "customer_ident", "id"),
    Index("vat_number_check_number_ix", "tenant_id", "customer_ident", "vat_id", "id"),
    Index(
        "vat_number_check_answered_ix",
        "tenant_id",
        "customer_ident",
        "vat_id",
        "id",
        postgresql_where=text("status IN ('VALID', 'INVALID')"),
    ),
    _customer(),
    update=NONE,
    delete=False,
    row_hash=True,
)
"""One question and its answer. `sha256`: of the service's answer, whose bytes are a blob of this name; without one there was none."""

vat_number_enquiry = tenant_table(
    "vat_number_enquiry",
    Column("customer_ident", Text, primary_key=True),
    Column("vat_id", Text, primary_key=True),
    Column("ident", Text, nullable=False),
    Column("service", Text),
    Column("waited_for", Text, nullable=False),
    Column("job_ident", Text),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("try_at", DateTime(timezone=True), nullable=False),
    Index("vat_number_enquiry_try_ix", "tenant_id", "try_at"),
    Index("vat_number_enquiry_ident_key", "tenant_id", "ident", unique=True),
    Index("vat_number_enquiry_job_ix", "tenant_id", "job_ident", postgresql_where=text("job_ident IS NOT NULL")),
    _customer(),
    update=("ident", "service", "waited_for", "job_ident", "tries", "try_at"),
    storage=QUEUE,
)
"""Numbers that a worker is to ask about. `ident`: of the check that answers. `service`: the only one that is asked. `waited_for`: PERSON,
ALL, or ISSUE, where something waits and it is asked until there is an answer. `try_at`: real time, as the services have no other."""

vat_number_job = tenant_table(
    "vat_number_job",
    Column("ident", Text, primary_key=True),
    Column("status", Text, nullable=False),
    Column("after", Text, nullable=False, server_default=""),
    *(
        Column(name, BigInteger, nullable=False, server_default=text("0"))
        for name in ("total", "done", "valid", "invalid", "unavailable")
    ),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("completed_at", DateTime(timezone=True)),
    Index("vat_number_job_running_key", "tenant_id", unique=True, postgresql_where=text("status = 'RUNNING'")),
    update=("status", "after", "done", "valid", "invalid", "unavailable", "completed_at"),
    delete=False,
)
"""A check of all numbers. `after`: the customer up to whom numbers were put into the queue; one runs at a time."""

last_answers = (
    text(
        "SELECT DISTINCT ON (v.customer_ident) v.customer_ident, v.status FROM vat_number_check v"
        f" WHERE v.vat_id = {vat_id_at('v')} AND v.status IN ('VALID', 'INVALID') ORDER BY v.customer_ident, v.id DESC"
    )
    .columns(Column("customer_ident", Text), Column("status", Text))
    .subquery("last_answers")
)
"""What the register said last of the VAT id that a customer has now."""
