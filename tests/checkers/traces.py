"""What an operation leaves behind."""

from dataclasses import dataclass

from tests.factories.tenants import Tenant


@dataclass(frozen=True)
class Traces:
    """How much of an effect there is in one tenant: rows, audit entries, events, idempotency keys, jobs."""

    things: int = 0
    audit: int = 0
    events: int = 0
    keys: int = 0
    jobs: int = 0


def traces(tenant: Tenant) -> Traces:
    """The traces of `thing.*` operations in the tenant. A new tenant has none."""
    (row,) = tenant.rows(
        "SELECT (SELECT count(*) FROM a_thing) AS things,"
        " (SELECT count(*) FROM audit_entry WHERE operation LIKE 'thing.%%') AS audit,"
        " (SELECT count(*) FROM event WHERE name = 'test.things_made') AS events,"
        " (SELECT count(*) FROM idempotency_key) AS keys,"
        " (SELECT count(*) FROM infra.pgqueuer WHERE entrypoint LIKE 'thing.%%'"
        "   AND convert_from(payload, 'UTF8')::jsonb ->> 'tenant_id' = %s) AS jobs",
        (str(tenant.id),),
    )
    return Traces(*row)
