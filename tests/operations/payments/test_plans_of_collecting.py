"""Tasks that are due are walked in the order of their index: a batch does not sort those of all later ones. Explained by the server."""

from typing import Any

import psycopg
import pytest
from tests.factories.filled import fill
from tests.factories.tenants import Tenant

from contor.openitems.collection.carrying import CarryOut, carry_out
from contor.openitems.collection.tables import payment_intent_task
from contor.openitems.tables import opos_case
from contor.runtime.uow import Uow

MANY = 5_000


def test_a_batch_of_tasks_is_read_without_sorting(furnished: Tenant, database_dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many, once the planner knows that: it sorts the few that it counted before."""
    fill(furnished, opos_case, MANY, document_id="g", ident="'RE-' || g", balance="0", status="'CLOSED'")
    fill(
        furnished,
        payment_intent_task,
        MANY,
        ident="'t-' || g",
        document_id="g",
        status="'ENABLED'",
        due_on="'2026-01-01'::date + g % 300",
    )
    with psycopg.connect(database_dsn, autocommit=True) as owner:
        owner.execute("ANALYZE payment_intent_task")
    plans = []
    honest = Uow.all

    def explain(self: Uow, kind: Any, sql: str, params: Any = ()) -> Any:
        if "payment_intent_task" in sql:
            plans.append("\n".join(row[0] for row in self.connection.execute(f"EXPLAIN {sql}", params)))
        return honest(self, kind, sql, params)

    monkeypatch.setattr(Uow, "all", explain)
    furnished.runtime.execute(carry_out, CarryOut(), furnished.caller())
    (plan,) = plans
    assert "payment_intent_task_due_ix" in plan, plan
    assert "Sort" not in plan, plan
