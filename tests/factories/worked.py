"""What workers do, done at once: the jobs of a tenant that wait."""

from tests.factories.tenants import Tenant

from contor.app import load_packages
from contor.kernel.events import FOLLOWERS
from contor.runtime.work.jobs import run_job


def jobs_done(tenant: Tenant, *names: str) -> int:
    """Run the tenant's jobs of these operations, and those that follow from them, each once; how many."""
    load_packages()
    known = {follower.operation.name: follower.operation for made in FOLLOWERS.values() for follower in made}
    done = set[int]()
    sql = (
        "SELECT id, entrypoint, payload FROM infra.pgqueuer"
        " WHERE entrypoint = ANY (%s) AND convert_from(payload, 'UTF8') LIKE %s ORDER BY id"
    )
    while True:
        rows = [row for row in tenant.rows(sql, (list(names), f'%"tenant_id":{tenant.id},%')) if row.id not in done]
        if not rows:
            return len(done)
        for row in rows:
            run_job(tenant.runtime, known[row.entrypoint], bytes(row.payload))
            done.add(row.id)
