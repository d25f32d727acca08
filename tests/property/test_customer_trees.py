"""The law of the trees of customers: whatever is assigned, by however many at once, nobody belongs to himself and no tree has a fourth
level."""

import random
import threading
from collections.abc import Mapping

import pytest
from tests.factories.tenants import Tenant

from contor.customers.customers import CreateCustomer, CustomerCreation, OneCustomer, create_customer
from contor.customers.hierarchy import MOST_LEVELS, AssignParent, ParentBody, assign_parent, remove_parent
from contor.kernel.errors import Refused
from contor.runtime.execute import validated
from contor.settings.tenant_settings import ChangeSettings, SettingsChange, change_settings

CUSTOMERS, THREADS, STEPS = 9, 4, 25


@pytest.mark.parametrize("seed", range(3))
def test_no_cycle_and_no_fourth_level(tenant: Tenant, seed: int) -> None:
    tenant.execute(change_settings, ChangeSettings(validated(SettingsChange, {"customer_hierarchy": True})))
    idents = [f"c-{n}" for n in range(CUSTOMERS)]
    for ident in idents:
        body = validated(CustomerCreation, {"customer_ident": ident, "company": ident})
        tenant.execute(create_customer, CreateCustomer(body))
    failed: list[BaseException] = []
    taken = [0] * THREADS

    def work(thread: int) -> None:
        rng = random.Random(f"{seed}:{thread}")
        try:
            for _ in range(STEPS):
                taken[thread] += step(tenant, rng, idents)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert all(taken), "everybody could assign something"
    judge(dict(tenant.rows("SELECT customer_ident, parent_ident FROM customer")))
    assert tenant.broken() == []


def step(tenant: Tenant, rng: random.Random, idents: list[str]) -> bool:
    """Whether it was taken: an assignment that would break the law is refused."""
    child, parent = rng.choice(idents), rng.choice(idents)
    try:
        if rng.random() < 0.2:
            tenant.execute(remove_parent, OneCustomer(child))
        else:
            tenant.execute(assign_parent, AssignParent(child, ParentBody(parent_customer_ident=parent)))
    except Refused as refused:
        assert {problem.code for problem in refused.problems} <= {"hierarchy_cycle", "hierarchy_too_deep"}
        return False
    return True


def judge(parents: Mapping[str, str | None]) -> None:
    """By walking up from everybody: who walks further than the levels there are walks in a circle, or too deep."""
    for ident in parents:
        walked, above = 1, parents[ident]
        while above is not None:
            walked, above = walked + 1, parents[above]
            assert walked <= MOST_LEVELS, f"{ident} stands on a level of its own"
