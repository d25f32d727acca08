"""The papers as rows. What is issued is immutable: the application role may update only the columns that are named here."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSON

from contor.runtime.schema import ADDED, NONE, QUEUE, SETTLED, Tallied, tenant_table
from contor.runtime.tables import ID_SEQUENCE

AMOUNT, OF_NO_DRAFT = Numeric(19, 4), text("request_id IS NULL OR left(request_id, 6) <> 'draft~'")

document_request = tenant_table(
    "document_request",
    Column("request_id", Text, primary_key=True),
    Column("id", BigInteger, ID_SEQUENCE, nullable=False, server_default=ID_SEQUENCE.next_value()),
    Column("document_type", Text, nullable=False),
    Column("customer_ident", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("small_business", Boolean, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("imported", Boolean, nullable=False, server_default=text("false")),
    update=NONE,
    delete=False,
)
"""What was accepted with 202 (`queries.packed`). It never changes: it waits in `document_queue`, and its end is the document that
names it or its row in `document_refusal`. `small_business`: the seller was one when the rows were judged. `imported`: it repeats an
e-invoice of another system."""

_SUPPORTING = (
    *((name, Text) for name in ("reference", "description", "location", "name", "media_type")),
    ("size", BigInteger),
    ("sha256", Text),
)

request_attachment = tenant_table(
    "request_attachment",
    Column("request_id", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    *(Column(name, kind) for name, kind in _SUPPORTING),
    ForeignKeyConstraint(["tenant_id", "request_id"], ["document_request.tenant_id", "document_request.request_id"]),
    update=NONE,
    delete=False,
)
"""What came with an imported e-invoice (BG-24); its document gets the same (`document_attachment`)."""

document_queue = tenant_table(
    "document_queue",
    Column("id", BigInteger, primary_key=True),
    Column("request_id", Text, nullable=False),
    Column("failures", BigInteger, nullable=False, server_default=text("0")),
    Column("due_at", DateTime(timezone=True)),
    Column("failure", Text),
    Column("waits_for", Text),
    Index("document_queue_waits_for_ix", "tenant_id", "waits_for", postgresql_where=text("waits_for IS NOT NULL")),
    Index("document_queue_due_at_ix", "tenant_id", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    update=("failures", "due_at", "failure", "waits_for"),
    storage=QUEUE,
)
"""The requests that wait: workers take rows out in the transaction that issues. What met a fault of ours waits on, is tried again from
`due_at` on (real time), and says which `failure` a person has to look at. `waits_for`: the customer whose VAT id is confirmed first."""

document_refusal = tenant_table(
    "document_refusal",
    Column("request_id", Text, primary_key=True),
    Column("errors", JSON, nullable=False),
    Column("refused_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["tenant_id", "request_id"], ["document_request.tenant_id", "document_request.request_id"]),
    update=NONE,
    delete=False,
)
"""Requests that failed, with every reason."""

document = tenant_table(
    "document",
    Column("id", BigInteger, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("ident", "document_type", "status")),
    Column("request_id", Text),
    *(Column(name, Text, nullable=False) for name in ("billing_group_ident", "customer_ident", "operating_site_ident")),
    Column("counter_ident", Text),
    Column("number_year", Integer),
    Column("number_value", BigInteger),
    Column("currency", Text, nullable=False),
    Column("document_date", Date, nullable=False),
    Column("order_date", Date),
    *(Column(name, Date, nullable=False) for name in ("due_date", "tax_date")),
    *(Column(name, AMOUNT, nullable=False) for name in ("net", "tax", "gross", "payable")),
    Column("settled", AMOUNT, nullable=False, server_default=text("0")),
    Column("dunning_level", Integer, nullable=False, server_default=text("0")),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("legal_entity", Text, nullable=False, server_default="", info=ADDED),
    Index("document_ident_of_entity_key", "tenant_id", "ident", "legal_entity", unique=True),
    Index("document_request_key", "tenant_id", "request_id", unique=True, postgresql_where=text("request_id IS NOT NULL")),
    # numbers of callers have no counter: NULLs never collide; the indices of lists below: docs/decisions/0023
    Index(
        "document_number_of_entity_key", "tenant_id", "counter_ident", "number_year", "number_value", "legal_entity", unique=True
    ),
    Index("document_created_ix", "tenant_id", "created_at", "id"),
    Index("document_of_customer_ix", "tenant_id", "customer_ident", "created_at", "id"),
    Index("document_status_ix", "tenant_id", "status", "created_at", "id"),
    Index("document_type_ix", "tenant_id", "document_type", "created_at", "id"),
    Index("document_date_ix", "tenant_id", "document_date", "id"),
    Index("document_due_ix", "tenant_id", "due_date", "id"),
    Index("document_of_no_draft_ix", "tenant_id", "id", postgresql_where=OF_NO_DRAFT),
    Index("document_waiting_for_files_ix", "tenant_id", "id", postgresql_where=text("status = 'CREATED'")),
    update=("status", "settled", "dunning_level"),
    delete=False,
    storage=SETTLED,
    row_hash=True,
    tallied=Tallied("created_at"),
)

document_master = tenant_table(
    "document_master",
    Column("customer_ident", Text, primary_key=True),
    Column("operating_site_ident", Text, primary_key=True),
    Column("billing_group_ident", Text, primary_key=True),
    ForeignKeyConstraint(["tenant_id", "customer_ident"], ["customer.tenant_id", "customer.customer_ident"]),
    ForeignKeyConstraint(["tenant_id", "operating_site_ident"], ["operating_site.tenant_id", "operating_site.ident"]),
    ForeignKeyConstraint(["tenant_id", "billing_group_ident"], ["billing_group.tenant_id", "billing_group.billing_group_ident"]),
    update=NONE,
    delete=False,
)
"""The master data that documents name, each combination once: what is named here is in use and cannot be deleted. Three foreign
keys on each document cost more than the document's own row."""

document_content = tenant_table(
    "document_content",
    Column("document_id", BigInteger, primary_key=True),
    Column("snapshot", LargeBinary, nullable=False),
    update=NONE,
    delete=False,
    row_hash=True,
)
"""The frozen document (`queries.packed`) without its number, which stands in `document`: so the bulk is written before the counter
is locked. Written in one step with its header, it has no foreign key; `contor check` compares the two."""

document_credit = tenant_table(
    "document_credit",
    Column("document_id", BigInteger, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("credited_document_id", BigInteger, nullable=False),
    Column("credited_position", Integer, nullable=False),
    Column("net", AMOUNT, nullable=False),
    Column("tax", AMOUNT, nullable=False),
    Column("gross", AMOUNT, nullable=False),
    Index("document_credit_credited_ix", "tenant_id", "credited_document_id"),
    # none to the credit's own document, which is written in the same step (docs/decisions/0003)
    ForeignKeyConstraint(["tenant_id", "credited_document_id"], ["document.tenant_id", "document.id"]),
    update=NONE,
    delete=False,
    row_hash=True,
)
"""Which rows of which document a credit's rows take back: rows are rows only where they are credited, else part of the content."""

document_relation = tenant_table(
    "document_relation",
    Column("document_id", BigInteger, primary_key=True),
    Column("related_id", BigInteger, primary_key=True),
    Index("document_relation_related_ix", "tenant_id", "related_id"),
    # deferred: written before the header, which gets its number last
    ForeignKeyConstraint(
        ["tenant_id", "document_id"], ["document.tenant_id", "document.id"], deferrable=True, initially="DEFERRED"
    ),
    ForeignKeyConstraint(["tenant_id", "related_id"], ["document.tenant_id", "document.id"]),
    update=NONE,
    delete=False,
)
"""Which documents a document credits, corrects or deducts (BG-3)."""

document_reissue = tenant_table(
    "document_reissue",
    Column("document_id", BigInteger, primary_key=True),
    Column("credit_memo_id", BigInteger, nullable=False),
    Column("new_document_id", BigInteger, nullable=False),
    Column("reissued_at", DateTime(timezone=True), nullable=False),
    Index("document_reissue_new_key", "tenant_id", "new_document_id", unique=True),
    ForeignKeyConstraint(["tenant_id", "document_id"], ["document.tenant_id", "document.id"]),
    ForeignKeyConstraint(
        ["tenant_id", "credit_memo_id"], ["document.tenant_id", "document.id"], deferrable=True, initially="DEFERRED"
    ),
    ForeignKeyConstraint(
        ["tenant_id", "new_document_id"], ["document.tenant_id", "document.id"], deferrable=True, initially="DEFERRED"
    ),
    update=NONE,
    delete=False,
)
"""Which document was reissued as which, and by which credit memo the old one was taken back. Its key says: once."""

document_label = tenant_table(
    "document_label",
    Column("document_id", BigInteger, primary_key=True),
    Column("label", Text, primary_key=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("document_label_label_ix", "tenant_id", "label"),
    ForeignKeyConstraint(["tenant_id", "document_id"], ["document.tenant_id", "document.id"]),
    update=NONE,
)

document_file = tenant_table(
    "document_file",
    Column("ident", Text, primary_key=True),
    Column("document_id", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("sendable", Boolean, nullable=False),
    Column("findings", JSON),
    Column("archived_at", DateTime(timezone=True), nullable=False),
    Index("document_file_type_key", "tenant_id", "document_id", "type", "name", unique=True),
    ForeignKeyConstraint(["tenant_id", "document_id"], ["document.tenant_id", "document.id"]),
    update=NONE,
    delete=False,
    row_hash=True,
)
"""Archived files: the bytes are a blob named by `sha256`. `findings`: what the official rules say of an XML that is not sendable."""

document_attachment = tenant_table(
    "document_attachment",
    Column("document_id", BigInteger, primary_key=True),
    Column("position", Integer, primary_key=True),
    *(Column(name, kind) for name, kind in _SUPPORTING),
    Column("in_pdf", Boolean, nullable=False, server_default=text("false")),
    update=NONE,
    delete=False,
)
"""Supporting documents (BG-24): files of what the document bills, files and references of the e-invoice that it repeats. Without a
reference a file has its position and name as one. `in_pdf`: it stands within the PDF, too. Written before the document has a number."""

document_origin = tenant_table(
    "document_origin",
    Column("document_id", BigInteger, primary_key=True),
    Column("type", Text, primary_key=True),
    Column("ident", Text, primary_key=True),
    Index("document_origin_ident_ix", "tenant_id", "type", "ident"),
    update=NONE,
    delete=False,
)
"""The orders and contracts that a document bills. Written with the document, before its header has a number."""

deposit_receipt = tenant_table(
    "deposit_receipt",
    Column("id", BigInteger, primary_key=True),
    Column("document_id", BigInteger, nullable=False),
    Column("position", Integer, primary_key=True),
    Column("received_on", Date, nullable=False),
    Column("category_code", Text, nullable=False),
    Column("tax_rate", AMOUNT, nullable=False),
    *(Column(name, AMOUNT, nullable=False) for name in ("net", "tax", "gross")),
    Column("source", Text, nullable=False),
    Column("final_document_id", BigInteger),
    *(Column(name, AMOUNT, info=ADDED) for name in ("ledger_tax", "ledger_gross")),
    Index("deposit_receipt_document_ix", "tenant_id", "document_id"),
    ForeignKeyConstraint(["tenant_id", "document_id"], ["document.tenant_id", "document.id"]),
    update=("final_document_id",),
    delete=False,
    row_hash=True,
)
"""What was received on a deposit invoice, per receipt and tax group, and as it was booked; a reversal is a receipt with negative amounts.
A credit that gives the deposit back sets `final_document_id` free again."""

document_discount = tenant_table(
    "document_discount",
    Column("id", BigInteger, primary_key=True),
    Column("document_id", BigInteger, nullable=False),
    Column("position", Integer, primary_key=True),
    Column("decision", Text, nullable=False),
    Column("treatment", Text, nullable=False),
    Column("category_code", Text, nullable=False),
    Column("tax_rate", AMOUNT, nullable=False),
    Column("country", Text),
    *(Column(name, AMOUNT, nullable=False) for name in ("net", "tax", "gross", "ledger_tax", "ledger_gross")),
    Column("source", Text, nullable=False),
    Index("document_discount_document_ix", "tenant_id", "document_id"),
    ForeignKeyConstraint(["tenant_id", "document_id"], ["document.tenant_id", "document.id"]),
    update=NONE,
    delete=False,
    row_hash=True,
)
"""What was decided off a claim (Skonto, accepted short payments, losses), per decision and tax group; a counter decision is the same
with negative amounts. A credit takes it back with the rows that it was decided on."""
