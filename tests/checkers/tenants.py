"""All that is stored of a tenant."""

from typing import Any

from tests.factories.tenants import Tenant

from contor.runtime.schema import METADATA


def everything(tenant: Tenant) -> dict[str, Any]:
    """All rows of the tenant but the trails."""
    kept = [
        table
        for table in METADATA.sorted_tables
        if table.info["tenant"] and table.name not in ("audit_entry", "event", "idempotency_key")
    ]
    with tenant.runtime.transaction(tenant.caller(), reads=True) as uow:
        return {table.name: sorted(map(repr, uow.connection.execute(f"SELECT * FROM {table.name}").fetchall())) for table in kept}
