"""A tenant that has a thousand times as much, written straight into the tables: for what must not cost more for it."""

from typing import Any

import psycopg
from sqlalchemy import Column, Table

from contor.runtime.schema import METADATA

GROWING = (
    "address",
    "audit_entry",
    "billable_item",
    "chain_link",
    "commission_base",
    "contract",
    "contract_allowance",
    "contract_relation",
    "customer",
    "document",
    "document_content",
    "document_master",
    "document_origin",
    "document_relation",
    "document_request",
    "document_said",
    "draft",
    "event",
    "journal_entry",
    "journal_line",
    "opos_case",
    "opos_movement",
    "payment",
    "payment_assignment",
    "rated_usage",
    "rated_usage_aggregation",
    "usage",
)
"""What grows with a tenant's business; its settings and its catalogue do not."""
SHARED = (
    "account_ident",
    "billing_group_ident",
    "business_segment_ident",
    "counter_ident",
    "operating_site_ident",
    "option_ident",
    "plan_id",
    "price_adaptation_ident",
)
"""Columns by which the copies name what they all have."""
OVER = {
    ("contract", "next_proposal_at"): "NULL",
    ("billable_item", "processing_status"): "'COMPLETED'",
    ("rated_usage", "status"): "'BILLED'",
    ("rated_usage_aggregation", "status"): "'BILLED'",
    ("usage", "status"): "'BILLED'",
}
"""The copies wait for nothing: what is still to do is done with the originals."""
APART = 10**12


def multiply(owner: psycopg.Connection[Any], tenant_id: int, times: int) -> None:
    """Copy all that grows so often, each copy with idents and numbers of its own that refer to each other as the originals do."""
    with owner.transaction():
        owner.execute("SET LOCAL session_replication_role = replica")  # foreign keys are kept by how the copies are named
        for name in GROWING:
            table = METADATA.tables[name]
            copied = ", ".join(_copied(table, column) for column in table.columns if column.computed is None)
            names = ", ".join(f'"{column.name}"' for column in table.columns if column.computed is None)
            owner.execute(
                f"INSERT INTO {name} ({names}) SELECT {copied} FROM {name} t, generate_series(1, {times}) k"
                f" WHERE tenant_id = {tenant_id} ON CONFLICT DO NOTHING".encode()
            )


def _copied(table: Table, column: Column[Any]) -> str:
    name, kind = f't."{column.name}"', column.type.python_type
    if (over := OVER.get((table.name, column.name))) is not None:
        return over
    if column.name == "tenant_id" or column.name in SHARED:
        return name
    if kind is int and (column.name.endswith(("id", "_number", "number_value")) or column.name in ("number", "reversal_of")):
        return f"{name} + k * {APART}"
    if kind is str and (
        column.name.endswith(("ident", "number_key", "reference_key", "request_id")) or column.name in ("party", "source")
    ):
        return f"{name} || '~' || k"
    return name
