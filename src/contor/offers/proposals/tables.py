"""Offers to be signed as rows. What was published, decided, signed or has happened never changes."""

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Index, Integer, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB

from contor.kernel.shapes import Ident, Name255
from contor.offers.proposals.types import TemplateContent
from contor.runtime.query.fields import field, timestamps
from contor.runtime.schema import NONE, tenant_table

proposal = tenant_table(
    "proposal",
    Column("ident", Text, primary_key=True),
    Column("id", BigInteger, nullable=False),
    Column("number", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("customer_ident", Text),
    Column("content", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
    Column("published_version", Integer),
    Column("valid_until", Date),
    Column("net", Numeric(19, 4)),
    Column("gross", Numeric(19, 4)),
    Column("recurring_net", Numeric(19, 4)),
    Column("recurring_gross", Numeric(19, 4)),
    Column("reason", Text),
    Column("contract_ident", Text),
    Column("order_ident", Text),
    Column("draft_ident", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("last_modified_at", DateTime(timezone=True), nullable=False),
    Index("proposal_id_key", "tenant_id", "id", unique=True),
    Index("proposal_number_key", "tenant_id", "number", unique=True),
    Index("proposal_created_ix", "tenant_id", "created_at", "ident"),
    Index("proposal_status_ix", "tenant_id", "status", "created_at", "ident"),
    Index("proposal_customer_ix", "tenant_id", "customer_ident", "created_at", "ident"),
    delete=False,
    update=(
        *("title", "status", "customer_ident", "content", "version", "published_version", "valid_until", "net", "gross"),
        *("recurring_net", "recurring_gross", "reason", "contract_ident", "order_ident", "draft_ident", "last_modified_at"),
    ),
)
"""`content`: as it is written just now (`ProposalBody`)."""

proposal_version = tenant_table(
    "proposal_version",
    Column("proposal_id", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("content", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    update=NONE,
    delete=False,
    row_hash=True,
)
"""`content`: what recipients are shown, as JSON text, of whose bytes the hash is."""

proposal_recipient = tenant_table(
    "proposal_recipient",
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("proposal_id", BigInteger, nullable=False),
    Column("email", Text, nullable=False),
    Column("first_name", Text),
    Column("last_name", Text),
    Column("role", Text, nullable=False),
    Column("invite", Boolean, nullable=False),
    Column("seen_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("proposal_recipient_proposal_ix", "tenant_id", "proposal_id", "id"),
    update=("seen_at",),
)

proposal_approval = tenant_table(
    "proposal_approval",
    Column("proposal_id", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("approver", Text, primary_key=True),
    Column("decision", Text, nullable=False),
    Column("reason", Text),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    update=NONE,
    delete=False,
)

proposal_acceptance = tenant_table(
    "proposal_acceptance",
    Column("proposal_id", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("recipient_id", BigInteger),
    Column("address", Text),
    Column("file_sha256", Text),
    Column("accepted_at", DateTime(timezone=True), nullable=False),
    update=NONE,
    delete=False,
    row_hash=True,
)
"""An offer is accepted once: its id is the key."""

proposal_activity = tenant_table(
    "proposal_activity",
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("proposal_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("version", Integer),
    Column("detail", Text),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("proposal_activity_proposal_ix", "tenant_id", "proposal_id", "id"),
    update=NONE,
    delete=False,
)

proposal_template = tenant_table(
    "proposal_template",
    field("ident", Ident, primary_key=True),
    Column("id", BigInteger, nullable=False),
    field("name", Name255),
    field("content", TemplateContent),
    *timestamps(),
    Index("proposal_template_id_key", "tenant_id", "id", unique=True),
    Index("proposal_template_name_ix", "tenant_id", "name", "ident"),
)
