"""However often and in whatever batches an event is told, it counts once."""

from collections.abc import Callable
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.factories.metered import event, measured, priced, subscribed, told, usages
from tests.factories.offices import Office
from tests.factories.tenants import Tenant, a_tenant

from contor.commands.demo import master_data
from contor.runtime.execute import Runtime


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told_so=st.lists(st.lists(st.integers(0, 11), min_size=1, max_size=8), min_size=1, max_size=8),
    values=st.lists(st.integers(1, 99), min_size=12, max_size=12),
)
def test_an_event_counts_once(
    runtime: Runtime,
    client: TestClient,
    bearer: Callable[..., dict[str, str]],
    told_so: list[list[int]],
    values: list[int],
) -> None:
    tenant: Tenant = a_tenant(runtime)
    master_data(runtime, tenant.caller())
    office = Office(tenant, client, bearer(tenant))
    office.clock("2026-05-10T10:00")
    measured(office)
    priced(office, "each", "calls", model="PER_UNIT", price=1)
    subscribed(office, "v-1", [("each", 1)])
    taken = [told(office, *[event(f"e-{number}", values[number]) for number in batch]) for batch in told_so]
    once = {number for batch in told_so for number in batch}
    assert sum(one.created for one in taken) == len(once)
    assert sum(one.known for one in taken) == sum(map(len, told_so)) - len(once)
    office.clock("2026-06-02T10:00")
    office.bill()
    assert usages(office) == [("BILLED", Decimal(sum(values[number] for number in once)))]
