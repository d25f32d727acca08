"""Money of a tenant whom nobody counted: what many keys at once name is found by their own index, not by a walk through all there is."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest
from benchmarks.issuing import new_tenant, store_requests
from benchmarks.money.matching import ACCOUNT
from psycopg.conninfo import make_conninfo
from tests.factories.multiplied import multiply

from contor.app import make_runtime
from contor.documents.issue import worker
from contor.kernel.context import Caller
from contor.openitems.cases import locked_cases
from contor.payments.accounts import ACCOUNTS
from contor.payments.receiving import receive
from contor.payments.types import MonetaryValue, PaymentBody
from contor.runtime.config import Config
from contor.runtime.db import application_dsn
from contor.runtime.execute import Runtime
from contor.runtime.migrate import migrate
from contor.runtime.postgres import start
from contor.runtime.postgres.home import SUPERUSER
from contor.runtime.resource import Written
from contor.runtime.uow import Uow

ISSUED, TIMES, ASKED = 20, 300, 500
QUIET = {"autovacuum": "off", "fsync": "off", "full_page_writes": "off"}


def _bodies(uow: Uow, count: int, name: str) -> list[PaymentBody]:
    """Each pays a document that is open."""
    found = uow.connection.execute(
        "SELECT ident, balance FROM opos_case WHERE status = 'OPEN' ORDER BY document_id LIMIT %s", (count,)
    )
    return [
        PaymentBody(
            external_ident=f"{name}-{number}",
            base_amount=MonetaryValue(amount=balance),
            booking_date=uow.ctx.today(),
            credit_debit_indicator="CREDIT",
            description=f"Rechnung {ident}",
        )
        for number, (ident, balance) in enumerate(found)
    ]


@pytest.fixture(scope="module")
def uncounted() -> Iterator[tuple[Runtime, Caller]]:
    """A tenant with thousands of documents, paid and open, on a server that counts nothing by itself."""
    with tempfile.TemporaryDirectory(prefix="contor-test-") as home:
        server = start(Config(home=Path(home)), settings=QUIET)
        try:
            migrate(server.dsn)
            runtime = make_runtime(Config(home=Path(home)), application_dsn(server.dsn))
            runtime.database.open()
            founded, caller = new_tenant(runtime, "many")
            store_requests(runtime, caller, ISSUED)
            assert worker.drain(runtime, founded.test.tenant_id) == ISSUED
            account: Any = runtime.execute(ACCOUNTS.create, Written((), ACCOUNT), caller)
            assert account is not None
            with runtime.transaction(caller) as uow:
                receive(uow, ACCOUNTS.require(uow, ("bank",)), _bodies(uow, ISSUED // 2, "first"))
                uow.left.clear()
            with psycopg.connect(make_conninfo(server.dsn, user=SUPERUSER), autocommit=True) as owner:
                multiply(owner, founded.test.tenant_id, TIMES)
            yield runtime, caller
            runtime.database.close()
        finally:
            server.stop()


def _some(uow: Uow) -> list[int]:
    return uow.column(int, "SELECT id FROM document ORDER BY id DESC LIMIT %s", (ASKED,))


Asked = Callable[[Uow], Sequence[object] | None]
ASKS: dict[str, tuple[Asked, str, str]] = {
    "movements": (lambda uow: locked_cases(uow, _some(uow)), "FROM opos_movement", "opos_movement_document_ix"),
    "payments": (
        lambda uow: receive(uow, ACCOUNTS.require(uow, ("bank",)), _bodies(uow, ASKED, "next")),
        "external_ident FROM payment",
        "payment_external_ident_key",
    ),
}


class PlanOfMany(Exception):
    """The plan of the statement that was asked for, and how many rows of the table it looked at."""


@pytest.mark.parametrize("what", ASKS)
def test_each_of_many_is_found_by_its_key(uncounted: tuple[Runtime, Caller], what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime, caller = uncounted
    ask, statement, index = ASKS[what]
    honest: dict[str, Any] = {"all": Uow.all, "column": Uow.column}

    def explaining(name: str) -> Any:
        def explain(self: Uow, kind: Any, sql: str, params: Any = ()) -> Any:
            if statement in sql:
                explained = self.connection.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {sql}", params)
                raise PlanOfMany("\n".join(row[0] for row in explained))
            return honest[name](self, kind, sql, params)

        return explain

    for name in honest:
        monkeypatch.setattr(Uow, name, explaining(name))
    with runtime.transaction(caller) as uow, pytest.raises(PlanOfMany) as explained:
        ask(uow)
    plan = str(explained.value)
    assert index in plan, plan
    assert "Rows Removed by Filter" not in plan, plan
