"""A tenant of whom the database's statistics know nothing, beside one that they know: no statement may cost more the more the tenant has.

Counted are pages that statements touch, which no other process on the machine changes.
"""

import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.rows import namedtuple_row
from tests.factories.multiplied import multiply
from tests.factories.requests import a_request
from tests.factories.tenants import Tenant, a_client, a_tenant
from tests.factories.years import FIRST, Year

from contor.app import make_runtime
from contor.billing.runs import run_tenant
from contor.commands.demo import GROUP
from contor.documents.issue import worker
from contor.documents.request import RequestDocument, request_document
from contor.documents.types import CustomerDetail, DocumentType
from contor.payments.accounts import ACCOUNTS
from contor.payments.payments import CreatePayment, create_payment
from contor.payments.types import PaymentBody
from contor.runtime import db
from contor.runtime.config import Config
from contor.runtime.db import application_dsn
from contor.runtime.execute import Runtime, validated
from contor.runtime.migrate import migrate
from contor.runtime.postgres import start
from contor.runtime.postgres.home import SUPERUSER
from contor.runtime.resource import Written

KNOWN, UNKNOWN = 8, 60
"""Contracts."""
BEFORE, AFTER = 28, 36
"""Days of business until the tenant has much, and until the end: the month that ends between them is billed."""
TIMES = 40
A_ROW = 50
"""Pages for a row that is read or written, or a statement that finds none: its table, its indexes to their depth, what it refers to."""
ALL_ROWS = 1
"""Pages for a row that is stored, where a check looks through all that a tenant has."""
MEASURED = ("shared_preload_libraries", "pg_stat_statements"), ("autovacuum", "off"), ("fsync", "off"), ("full_page_writes", "off")
TOUCHED = (
    "SELECT calls, rows, shared_blks_hit + shared_blks_read AS pages, query FROM pg_stat_statements"
    " WHERE query !~ '^(CREATE TEMP|INSERT INTO directory)' ORDER BY 3 DESC"
)


class Touched(NamedTuple):
    calls: int
    rows: int
    pages: int
    query: str


@pytest.fixture(scope="module")
def measured() -> Iterator[tuple[Runtime, psycopg.Connection[Any]]]:
    """A server of its own that counts what statements touch, and learns of nothing by itself."""
    with tempfile.TemporaryDirectory(prefix="contor-test-") as home:
        server = start(Config(home=Path(home)), settings=dict(MEASURED))
        try:
            migrate(server.dsn)
            runtime = make_runtime(Config(home=Path(home)), application_dsn(server.dsn))
            runtime.database.open()
            with psycopg.connect(make_conninfo(server.dsn, user=SUPERUSER), autocommit=True, row_factory=namedtuple_row) as owner:
                owner.execute("CREATE EXTENSION pg_stat_statements")
                yield runtime, owner
            runtime.database.close()
        finally:
            server.stop()


class Business:
    """Contracts, usages, commissions, credits and runs, day by day; documents, what is paid of them, and who looks for what."""

    def __init__(self, tenant: Tenant, contracts: int) -> None:
        self.tenant, self.year, self.asked = tenant, Year(tenant, contracts), 0
        signed = enumerate(self.year.waiting)
        self.year.waiting = [(FIRST + dt.timedelta(days=number * AFTER // contracts), ident) for number, (_, ident) in signed]
        account = {"ident": "bank", "name": "Bank", "active": True, "country": "DE", "currency": "EUR"}
        tenant.execute(ACCOUNTS.create, Written((), validated(ACCOUNTS.creation, {**account, "payment_service_provider_id": 1})))

    def live(self, first: int, last: int) -> None:
        for number in range(first, last):
            self.year.live(FIRST + dt.timedelta(days=number))
            assert run_tenant(self.tenant.runtime, self.tenant.id).failed == 0

    def issue(self, count: int) -> None:
        buyer = CustomerDetail(customer_ident="k-1", invoice_address_ident="a-1")
        for _ in range(count):
            self.asked += 1
            wanted = a_request(request_id=f"r-{self.asked}", billing_group_ident=GROUP, customer_detail=buyer, document_date=None)
            self.tenant.execute(request_document, RequestDocument(document_type=DocumentType.INVOICE, request=wanted))
        assert worker.drain(self.tenant.runtime, self.tenant.id) == count

    def pay(self, count: int) -> None:
        sql = "SELECT ident, gross FROM document WHERE request_id ~ '^r-' AND settled = 0 ORDER BY id DESC LIMIT %s"
        for ident, gross in self.tenant.rows(sql, (count,)):
            body = {
                "external_ident": f"from-{ident}",
                "base_amount": {"amount": gross, "currency": "EUR"},
                "booking_date": (FIRST + dt.timedelta(days=BEFORE - 1)).isoformat(),
                "credit_debit_indicator": "CREDIT",
                "description": f"Rechnung {ident}, danke",
            }
            assert self.tenant.execute(create_payment, CreatePayment("bank", validated(PaymentBody, body))).status == "ASSIGNED"

    def look(self) -> None:
        (ident,) = self.tenant.rows("SELECT ident FROM document ORDER BY id LIMIT 1")[0]
        searches = (("documents", f"ident=={ident}"), ("contracts", "contractIdent==v-00001"), ("customers", "customerIdent==k-1"))
        for path, search in (*searches, ("usages", "usageIdent==u-1")):
            answer = self.tenant.call("GET", f"/{path}", params={"search": search})
            assert answer.status == 200, (path, answer.body)


def too_much(owner: psycopg.Connection[Any], stored: int = 0) -> list[str]:
    """The statements that touched more than their rows, or those that are stored, are worth."""
    touched = [Touched(*row) for row in owner.execute(TOUCHED).fetchall()]
    assert sum(one.rows for one in touched) > 1_000
    much = [one for one in touched if one.pages > A_ROW * (one.rows + one.calls) + ALL_ROWS * stored]
    return [f"{one.pages} pages, {one.calls} calls, {one.rows} rows: {' '.join(one.query.split())}" for one in much]


def test_what_a_statement_touches_grows_with_its_rows_alone(
    measured: tuple[Runtime, psycopg.Connection[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime, owner = measured
    known = Business(a_tenant(runtime), KNOWN)
    known.live(0, 5)
    known.issue(20)
    owner.execute("ANALYZE")
    unknown = Business(a_tenant(runtime, a_client(runtime)), UNKNOWN)
    unknown.live(0, BEFORE)
    unknown.issue(60)
    unknown.pay(5)
    stored = owner.execute("SELECT sum(n_live_tup)::bigint AS n FROM pg_stat_user_tables").fetchone().n  # type: ignore[union-attr]
    owner.execute("SELECT pg_stat_statements_reset()")
    assert unknown.tenant.unsound() == []
    assert too_much(owner, stored) == []
    multiply(owner, unknown.tenant.id, TIMES)
    monkeypatch.setattr(db, "PLANNED_SECONDS", 0.0)  # half a minute later: what is reached how is thought of anew
    owner.execute("SELECT pg_stat_statements_reset()")
    unknown.live(BEFORE, AFTER)
    unknown.issue(200)
    unknown.pay(20)
    unknown.look()
    assert too_much(owner) == []
