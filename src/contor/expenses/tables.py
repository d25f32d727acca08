"""Papers received as rows. Each column says what the border accepts."""

import datetime as dt

from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.expenses.types import BookingAccount, PaperFinding, PaperRows, TaxTreatment
from contor.kernel.shapes import Amount, Currency, Ident, Name255, Text64, Text255
from contor.kernel.shapes import Text as LongText
from contor.runtime.query.fields import field, timestamps
from contor.runtime.schema import tenant_table
from contor.settings.identifiers import VatId


def _paper() -> list[Column[object]]:
    """What an expense and a revenue say alike."""
    return [
        field("number", Text255 | None),
        field("date", dt.date),
        field("due_date", dt.date | None),
        field("service_start", dt.date | None),
        field("service_end", dt.date | None),
        field("comment", LongText | None),
        field("currency", Currency, default="EUR"),
        field("net", Amount),
        field("tax", Amount | None, nullable=False),
        field("rows", PaperRows, default=()),
        field("paid_on", dt.date | None),
    ]


def _file() -> list[Column[object]]:
    """The file of a paper: none, or one."""
    return [
        Column("file_name", Text, info={"shape": str | None}),
        Column("media_type", Text, info={"shape": str | None}),
        Column("size", BigInteger, info={"shape": int | None}),
        Column("sha256", Text, info={"shape": str | None}),
    ]


supplier = tenant_table(
    "supplier",
    field("ident", Ident, primary_key=True),
    Column("supplier_id", BigInteger, nullable=False, info={"shape": int}),
    field("name", Name255),
    field("vat_id", VatId | None),
    Column("account", BigInteger, nullable=False, info={"shape": int}),
    Column("known_as", Text, nullable=False),
    *timestamps(),
    Index("supplier_id_key", "tenant_id", "supplier_id", unique=True),
    Index("supplier_account_key", "tenant_id", "account", unique=True),
    Index("supplier_vat_id_key", "tenant_id", "vat_id", unique=True, postgresql_where=text("vat_id IS NOT NULL")),
    Index("supplier_known_as_ix", "tenant_id", "known_as", "supplier_id"),
    Index("supplier_name_ix", "tenant_id", "name", "ident"),
    delete=False,
)
"""Who supplied something that is in the books. `account`: his own, of those of creditors. `known_as`: the name without case and spaces, by
which expenses that say no VAT id find him."""

expense_category = tenant_table(
    "expense_category",
    field("ident", Ident, primary_key=True),
    field("name", Text255),
    field("booking_account", BookingAccount),
    Column("known_as", Text, nullable=False),
    *timestamps(),
    Index("expense_category_known_as_key", "tenant_id", "known_as", unique=True),
    Index("expense_category_account_ix", "tenant_id", "booking_account", "ident"),
    Index("expense_category_name_ix", "tenant_id", "name", "ident"),
)
"""On which account of the chart expenses of a category are booked."""

expense = tenant_table(
    "expense",
    field("ident", Ident, primary_key=True),
    Column("expense_id", BigInteger, nullable=False, info={"shape": int}),
    field("supplier", Name255),
    field("customer_ident", Ident | None),
    field("project_ident", Ident | None),
    field("category", Text255 | None),
    field("supplier_vat_id", VatId | None),
    field("tax_treatment", TaxTreatment, default="DOMESTIC", server_default="DOMESTIC"),
    field("booking_account", BookingAccount | None),
    field("posted", bool | None, nullable=False, server_default=text("false")),
    field("paid_from", BookingAccount | None),
    Column("supplier_ident", Text, info={"shape": str | None}),
    *_paper(),
    *_file(),
    *timestamps(),
    Index("expense_id_key", "tenant_id", "expense_id", unique=True),
    Index("expense_date_ix", "tenant_id", "date", "ident"),
    Index("expense_number_ix", "tenant_id", "number", "ident"),
    Index("expense_paid_ix", "tenant_id", "paid_on", "ident"),
    Index("expense_customer_ix", "tenant_id", "customer_ident", "ident"),
    Index("expense_project_ix", "tenant_id", "project_ident", "ident"),
    Index("expense_supplier_ix", "tenant_id", "supplier_ident", "ident"),
    ForeignKeyConstraint(["tenant_id", "customer_ident"], ["customer.tenant_id", "customer.customer_ident"]),
    ForeignKeyConstraint(["tenant_id", "project_ident"], ["project.tenant_id", "project.ident"]),
    ForeignKeyConstraint(["tenant_id", "supplier_ident"], ["supplier.tenant_id", "supplier.ident"]),
)
"""`customer_ident`, `project_ident`: for whom and for what it was spent. `posted`: it is in the books, with its supplier."""

revenue = tenant_table(
    "revenue",
    field("ident", Ident, primary_key=True),
    Column("revenue_id", BigInteger, nullable=False, info={"shape": int}),
    field("customer_ident", Ident),
    field("title", Text255 | None),
    *_paper(),
    *_file(),
    *timestamps(),
    Index("revenue_id_key", "tenant_id", "revenue_id", unique=True),
    Index("revenue_date_ix", "tenant_id", "date", "ident"),
    Index("revenue_number_ix", "tenant_id", "number", "ident"),
    Index("revenue_paid_ix", "tenant_id", "paid_on", "ident"),
    Index("revenue_title_ix", "tenant_id", "title", "ident"),
    Index("revenue_due_ix", "tenant_id", "due_date", "ident"),
    Index("revenue_customer_ix", "tenant_id", "customer_ident", "ident"),
    ForeignKeyConstraint(["tenant_id", "customer_ident"], ["customer.tenant_id", "customer.customer_ident"]),
)
"""An outgoing invoice that was written elsewhere: it has no number of ours, no document and no entries."""

inbox_item = tenant_table(
    "inbox_item",
    Column("ident", Text, primary_key=True),
    Column("inbox_item_id", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("form", Text),
    Column("proposal", JSONB),
    Column("findings", JSONB, nullable=False, info={"shape": tuple[PaperFinding, ...]}),
    Column("expense_ident", Text),
    Column("reason", Text),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("read_at", DateTime(timezone=True)),
    Index("inbox_item_id_key", "tenant_id", "inbox_item_id", unique=True),
    Index("inbox_item_received_ix", "tenant_id", "received_at", "ident"),
    Index("inbox_item_status_ix", "tenant_id", "status", "received_at", "ident"),
    Index("inbox_item_file_ix", "tenant_id", "sha256"),
    Index("inbox_item_expense_ix", "tenant_id", "expense_ident", postgresql_where=text("expense_ident IS NOT NULL")),
    ForeignKeyConstraint(["tenant_id", "expense_ident"], ["expense.tenant_id", "expense.ident"]),
    update=("status", "form", "proposal", "findings", "expense_ident", "reason", "read_at"),
    delete=False,
)
"""Files that came in stay: who received an invoice keeps it (section 14b UStG, section 147 AO)."""

folder = tenant_table(
    "folder",
    field("ident", Ident, primary_key=True),
    Column("folder_id", BigInteger, nullable=False, info={"shape": int}),
    field("name", Name255),
    field("parent_ident", Ident | None),
    *timestamps(),
    Index("folder_id_key", "tenant_id", "folder_id", unique=True),
    Index("folder_parent_ix", "tenant_id", "parent_ident", "ident"),
    ForeignKeyConstraint(["tenant_id", "parent_ident"], ["folder.tenant_id", "folder.ident"]),
)

filed_paper = tenant_table(
    "filed_paper",
    field("ident", Ident, primary_key=True),
    Column("filed_paper_id", BigInteger, nullable=False, info={"shape": int}),
    field("folder_ident", Ident | None),
    field("type", Text64),
    field("title", Name255),
    field("date", dt.date),
    field("note", LongText | None),
    *_file(),
    *timestamps(),
    Index("filed_paper_id_key", "tenant_id", "filed_paper_id", unique=True),
    Index("filed_paper_created_ix", "tenant_id", "created_at", "ident"),
    Index("filed_paper_title_ix", "tenant_id", "title", "ident"),
    Index("filed_paper_folder_ix", "tenant_id", "folder_ident", "date", "ident"),
    Index("filed_paper_date_ix", "tenant_id", "date", "ident"),
    ForeignKeyConstraint(["tenant_id", "folder_ident"], ["folder.tenant_id", "folder.ident"]),
)
"""Any other paper that is kept, in a folder or in none."""
