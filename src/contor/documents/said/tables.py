"""What of a frozen document's content its lists search by."""

from sqlalchemy import BigInteger, Column, FromClause, Index, Numeric, Select, Table, Text, select, union_all

from contor.documents.tables import document, document_origin, document_reissue, document_relation
from contor.runtime.schema import NONE, tenant_table

document_said = tenant_table(
    "document_said",
    Column("document_id", BigInteger, primary_key=True),
    Column("language", Text, nullable=False),
    Column("customer_name", Text, nullable=False),
    Column("invoice_address_ident", Text, nullable=False),
    Column("prepaid", Numeric(19, 4), nullable=False),
    Index("document_said_customer_name_ix", "tenant_id", "customer_name"),
    Index("document_said_invoice_address_ix", "tenant_id", "invoice_address_ident"),
    update=NONE,
    delete=False,
)
"""Written with the content, before the header has its number, and like it without a foreign key; `contor check` compares the two. What a
release before issued gets its row by `said.late`."""


def _numbers(table: Table, column: str, other: str) -> Select[tuple[int, str]]:
    """(document, number of the other document) by a table that holds both ids."""
    named = document.alias()
    return select(table.c[column].label("document_id"), named.c["ident"]).join_from(table, named, named.c["id"] == table.c[other])


def _billed(kind: str) -> Select[tuple[int, str]]:
    return select(document_origin.c["document_id"], document_origin.c["ident"]).where(document_origin.c["type"] == kind)


ORIGINS: FromClause = union_all(
    *(_billed(kind) for kind in ("ORDER", "CONTRACT")),  # type by type: the index begins with it
    *(_numbers(document_reissue, "new_document_id", other) for other in ("document_id", "credit_memo_id")),
).subquery("origins")
"""(document, ident) of all that documents are answered to come from: orders, contracts, and what a reissue takes the place of."""
RELATED: FromClause = _numbers(document_relation, "document_id", "related_id").subquery("related")
"""(document, number) of all that documents credit, correct or deduct."""
