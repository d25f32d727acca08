"""Projects, their tasks and their times as rows. Each column says what the border accepts."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import BigInteger, Column, Date, ForeignKeyConstraint, Index, text
from sqlalchemy import Text as SqlText

from contor.kernel.shapes import Currency, Ident, Name255, Rate, Text, Text64, Text255, Until
from contor.runtime.query.fields import field, timestamps
from contor.runtime.schema import tenant_table

HourPrice = Annotated[Decimal, Field(ge=0, max_digits=25, decimal_places=10)]
"""Net, for an hour."""
LONGEST = 44_640  # minutes: 31 days
Minutes = Annotated[int, Field(ge=0, le=LONGEST)]

project = tenant_table(
    "project",
    field("ident", Ident, primary_key=True),
    Column("project_id", BigInteger, nullable=False, info={"shape": int}),
    field("number", Text64 | None),
    field("name", Name255),
    field("customer_ident", Ident),
    field("cost_center", Text64 | None),
    field("hour_price", HourPrice | None),
    field("currency", Currency, default="EUR"),
    field("vat_rate", Rate | None),
    field("start_date", dt.date | None),
    Column("end_date", Date, info={"shape": Until, "default": None}),
    *timestamps(),
    Index("project_id_key", "tenant_id", "project_id", unique=True),
    Index("project_customer_ix", "tenant_id", "customer_ident", "ident"),
    Index("project_number_ix", "tenant_id", "number", "ident"),
    ForeignKeyConstraint(["tenant_id", "customer_ident"], ["customer.tenant_id", "customer.customer_ident"]),
)

project_task = tenant_table(
    "project_task",
    field("project_ident", Ident, primary_key=True),
    field("ident", Ident, primary_key=True),
    Column("task_id", BigInteger, nullable=False, info={"shape": int}),
    field("number", Text64 | None),
    field("name", Name255),
    field("description", Text | None),
    field("status", Literal["OPEN", "DONE"], default="OPEN"),
    field("priority", Literal["LOW", "NORMAL", "HIGH"], default="NORMAL"),
    field("hour_price", HourPrice | None),
    field("vat_rate", Rate | None),
    *timestamps(),
    Index("project_task_id_key", "tenant_id", "task_id", unique=True),
    ForeignKeyConstraint(["tenant_id", "project_ident"], ["project.tenant_id", "project.ident"]),
)
"""A price and a rate of its own go before those of the project."""

project_time = tenant_table(
    "project_time",
    field("ident", Ident, primary_key=True),
    Column("time_id", BigInteger, nullable=False, info={"shape": int}),
    field("project_ident", Ident),
    field("task_ident", Ident | None),
    Column("customer_ident", SqlText, nullable=False, info={"shape": Ident}),
    field("date", dt.date | None, nullable=False),
    field("started_at", dt.datetime | None),
    field("ended_at", dt.datetime | None),
    field("minutes", Minutes | None, nullable=False),
    field("billable_minutes", Minutes | None, nullable=False),
    field("comment", Text | None),
    field("article_number", Text255 | None),
    Column("draft_id", BigInteger, info={"shape": int | None}),
    Column("row_ident", SqlText, info={"shape": Ident | None}),
    Column("document_id", BigInteger, info={"shape": int | None}),
    *timestamps(),
    Index("project_time_id_key", "tenant_id", "time_id", unique=True),
    Index("project_time_project_ix", "tenant_id", "project_ident", "date", "time_id"),
    Index("project_time_customer_ix", "tenant_id", "customer_ident", "date", "time_id"),
    Index("project_time_date_ix", "tenant_id", "date", "ident"),
    Index("project_time_draft_ix", "tenant_id", "draft_id", postgresql_where=text("draft_id IS NOT NULL")),
    Index("project_time_document_ix", "tenant_id", "document_id", postgresql_where=text("document_id IS NOT NULL")),
    ForeignKeyConstraint(["tenant_id", "project_ident"], ["project.tenant_id", "project.ident"]),
    ForeignKeyConstraint(
        ["tenant_id", "project_ident", "task_ident"],
        ["project_task.tenant_id", "project_task.project_ident", "project_task.ident"],
    ),
)
"""`customer_ident` repeats the project's. `draft_id`, `row_ident`: where the time is calculated; it stays the draft's when that has become
the document `document_id`."""
