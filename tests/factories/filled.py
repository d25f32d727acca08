"""Many rows of one table, made by the database itself: for what must not cost more the more there are."""

from typing import Any

from sqlalchemy import Table
from tests.factories.tenants import Tenant

BEGAN = "2026-01-01 00:00:00+00:00"
EACH_SECOND = f"'{BEGAN}'::timestamptz + g * interval '1 second'"
KINDS = {
    "Boolean": "false",
    "Date": "'2026-01-01'::date",
    "DateTime": f"'{BEGAN}'::timestamptz",
    "JSON": "'{}'",
    "JSONB": "'{}'",
    "Numeric": "1",
    "Text": "'x'",
    "BigInteger": "1",
    "Integer": "1",
}


def fill(tenant: Tenant, table: Table, rows: int, **said: str) -> None:
    """So many rows; `said`: expressions over `g`, 1 to `rows`, of what is not the same in all of them."""
    needed: list[Any] = [column for column in table.columns if not column.nullable and column.server_default is None]
    made = {column.name: KINDS[type(column.type).__name__] for column in needed} | {"tenant_id": "contor_tenant()"} | said
    with tenant.runtime.transaction(tenant.caller("*")) as uow:
        uow.run(f"INSERT INTO {table.name} ({', '.join(made)}) SELECT {', '.join(made.values())} FROM generate_series(1, {rows}) g")
