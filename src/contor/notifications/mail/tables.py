"""Mails as rows: how they are sent, what they say, and what became of each."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import BigInteger, Boolean, Column, DateTime, ForeignKeyConstraint, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.kernel.shapes import Ident, Language, Name255, written
from contor.notifications.mail.kinds import Kind
from contor.runtime.query.fields import field, timestamps
from contor.runtime.schema import ADDED, NONE, tenant_table

MailStatus = Literal["WAITING", "SENDING", "SENT", "REFUSED", "FAILED", "HELD"]
SubjectTemplate = Annotated[
    str, written(r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e]*$", "a text of one line", min_length=1, max_length=500)
]
TextTemplate = Annotated[str, Field(min_length=1, max_length=50_000)]
HtmlTemplate = Annotated[str, Field(min_length=1, max_length=100_000)]

mail_configuration = tenant_table(
    "mail_configuration",
    Column("content", JSONB, nullable=False),
    Column("password", Text),
    Column("last_modified_at", DateTime(timezone=True), nullable=False),
)
"""One row: the server, who sends, and what is sent by itself. `password`, sealed."""

mail_template = tenant_table(
    "mail_template",
    field("ident", Ident, primary_key=True),
    field("kind", Kind),
    field("language", Language),
    field("subject", SubjectTemplate),
    field("text", TextTemplate),
    field("html", HtmlTemplate | None),
    field("name", Name255 | None),
    Index(
        "mail_template_usual_key",
        "tenant_id",
        "kind",
        text("lower(language)"),
        unique=True,
        postgresql_where=text("name IS NULL"),
    ),
    *timestamps(),
)
"""`name`: of one that is written by only where it is chosen, such as by a level of dunning; without it, it is the usual one of its kind and
language."""

mail = tenant_table(
    "mail",
    Column("ident", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("recipient_name", Text),
    Column("language", Text, nullable=False),
    Column("document_ident", Text),
    Column("document_id", BigInteger),
    Column("customer_ident", Text),
    Column("facts", JSONB, nullable=False),
    Column("files", JSONB, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text, info={"shape": str | None}),
    Column("subject", Text),
    Column("delivered_to", Text),
    Column("message_id", Text),
    Column("tries", Integer, nullable=False),
    Column("resends", Integer, nullable=False),
    Column("first_try_at", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("holder", Text),
    Column("held_until", DateTime(timezone=True)),
    Column("is_ending", Boolean, nullable=False),
    Column("sent_at", DateTime(timezone=True), info={"shape": dt.datetime | None}),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("last_modified_at", DateTime(timezone=True), nullable=False),
    Column("own", JSONB, info=ADDED),
    Column("template_ident", Text, info=ADDED),
    Index("mail_once_key", "tenant_id", "about", "kind", text("lower(recipient)"), unique=True),
    Index("mail_due_ix", "tenant_id", "due_at", postgresql_where=text("status = 'WAITING'")),
    Index("mail_held_ix", "tenant_id", "held_until", postgresql_where=text("status = 'SENDING'")),
    Index("mail_status_ix", "tenant_id", "status", "created_at"),
    Index("mail_document_ix", "tenant_id", "document_ident"),
    Index("mail_document_id_ix", "tenant_id", "document_id"),
    Index("mail_customer_ix", "tenant_id", "customer_ident"),
    Index("mail_created_ix", "tenant_id", "created_at"),
    Index("mail_kind_ix", "tenant_id", "kind", "created_at"),
    Index("mail_recipient_ix", "tenant_id", "recipient"),
    Index("mail_sent_ix", "tenant_id", "sent_at"),
    update=(
        *("facts", "status", "reason", "subject", "delivered_to", "message_id", "tries", "resends", "first_try_at", "due_at"),
        *("holder", "held_until", "is_ending", "sent_at", "last_modified_at"),
    ),
    delete=False,
    row_hash=True,
)
"""A mail to one recipient, once about a thing: what, whom and which files never changes. `facts`: what its template is given, but what is
secret is forgotten when it is sent; `files`: what is attached, by the hash of each. `document_id`: two companies may give one number.
SENDING: `holder` sends it until `held_until` (real time); `is_ending`: its end is said, and whether the server took it is known by the
answer alone. `resends`: how often a person had it sent anew, each time under a Message-ID of its own. `own`: what a person said in the
place of its template, and who is copied (`queue.Own`). `template_ident`: by which it is written, where one was chosen."""

mail_wish = tenant_table(
    "mail_wish",
    Column("ident", Text, primary_key=True),
    Column("document_id", BigInteger, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("mail_wish_document_ix", "tenant_id", "document_id"),
    ForeignKeyConstraint(["tenant_id", "document_id"], ["document.tenant_id", "document.id"]),
    update=NONE,
)
"""A document that is to be mailed as soon as its files are there (`log.documents.SendBody`); gone when it is in the queue."""

mail_attempt = tenant_table(
    "mail_attempt",
    Column("mail_ident", Text, primary_key=True),
    Column("id", BigInteger, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("outcome", Text, nullable=False),
    Column("code", Integer),
    Column("answer", Text, nullable=False),
    Index("mail_attempt_at_ix", "tenant_id", "at"),
    update=NONE,
    delete=False,
)
"""A try, in real time, and what the server said."""
