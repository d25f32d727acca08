"""A page of personal accounts is read from a few rows of each, by indexes, however much was posted; it is what was posted."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from tests.checkers.plans import _nodes
from tests.factories.databases import TEMPLATE, a_database
from tests.factories.filled import fill
from tests.factories.tenants import Tenant, a_tenant

from contor.app import make_runtime
from contor.bookkeeping.balances import FoldLedger, ListPersonalBalances, fold, list_personal_balances
from contor.bookkeeping.tables import journal_counter, journal_entry, journal_line
from contor.runtime.config import Config
from contor.runtime.db import application_dsn
from contor.runtime.query import ListQuery
from contor.runtime.query.lists import Order, PageRequest
from contor.runtime.uow import Uow

D = Decimal
ENTRIES, CUSTOMERS, KEPT = 60_000, 12_000, 58_000
"""Entries of three months, each on a customer's account and against it; the last of them are not added up yet."""
SIZE = 100
MONTHS = ("2026-01", "2026-02", "2026-03")
DAY = "'2026-01-01'::date + ((g * 7919) % 3) * 31"
CUSTOMER = f"(g * 31) % {CUSTOMERS}"


@pytest.fixture(scope="module", params=["not counted", "counted"])
def filled(request: pytest.FixtureRequest, server_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    with a_database(server_dsn, TEMPLATE) as dsn, psycopg.connect(dsn, autocommit=True) as owner:
        for name in ("journal_entry", "journal_line", "personal_account", "personal_month"):  # nobody else counts them meanwhile
            owner.execute(f"ALTER TABLE {name} SET (autovacuum_enabled = off)".encode())
        runtime = make_runtime(Config(home=tmp_path_factory.mktemp("home")), application_dsn(dsn))
        runtime.database.open()
        tenant = a_tenant(runtime)
        entries = {"id": "g", "fiscal_year": "2026", "posting_date": DAY, "kind": "'INVOICE'", "journal_number": "g"}
        fill(tenant, journal_entry, ENTRIES, **entries)
        own = {"entry_id": "g", "position": "1", "account": f"10000 + {CUSTOMER}", "side": "'D'", "party": f"'c-' || {CUSTOMER}"}
        against = {"entry_id": "g", "position": "2", "account": "8400", "side": "'C'"}
        for line in (own, against):
            fill(tenant, journal_line, ENTRIES, **line, amount="g % 100 + 0.01", currency="'EUR'")
        # as far as it is added up: a counter behind the last of those
        fill(tenant, journal_counter, 1, fiscal_year="2026", next_number=f"{ENTRIES + 1}")
        with runtime.transaction(tenant.caller("*")) as uow:
            uow.run("UPDATE journal_entry SET journal_number = journal_number WHERE false") if False else None
        tenant.execute(fold, FoldLedger(at_least=1))
        if request.param == "counted":
            owner.execute("ANALYZE")
        yield tenant
        runtime.database.close()
