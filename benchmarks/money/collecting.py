"""`collect`: invoices that are due become tasks, intents, and files of direct debits for the bank, by one worker; the floor behind it."""

import datetime as dt
import os
import time
from typing import Any

from sqlalchemy import Table

from benchmarks.issuing import new_tenant, store_requests
from benchmarks.measure import Result, rss_mb, timed
from benchmarks.money.floors import debits_floor
from contor.customers.tables import customer
from contor.documents.issue import worker
from contor.documents.tables import document
from contor.openitems.collection import collect
from contor.openitems.tables import opos_case
from contor.payments.customer_accounts.tables import customer_payment_account, sepa_mandate
from contor.payments.files import write_files
from contor.payments.gateways.tables import gateway_account, merchant_payment_gateway, payment_provider
from contor.payments.ibans import keep_iban
from contor.payments.tables import merchant_payment_account
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow

EACH = 5
"""Invoices of one customer."""
IBAN = "DE02120300000000202051"
CREDITOR = "DE98ZZZ09999999999"
SEPA = {"holder_name": "Bench GmbH", "creditor_identifier": CREDITOR, "pre_notification_days": 0}


def collect_debits(runtime: Runtime, dsn: str, postmaster: int, count: int) -> Result:
    """So many debits to files."""
    _, caller = new_tenant(runtime, "bench-collect")
    assert caller.tenant_id is not None
    store_requests(runtime, caller, 1)
    worker.drain(runtime, caller.tenant_id)
    customers = max(1, count // EACH)
    with runtime.transaction(caller) as uow:
        _ways(uow)
        _repeat(
            uow, customer, customers, {"customer_ident": "'p-' || g", "id": "nextval('contor_id')", "debtor_account": "200000 + g"}
        )
        _payers(uow, customers)
        last = uow.scalar(int, "SELECT max(id) FROM document") or 0
        _repeat(
            uow, document, count, {"id": f"{last} + g", "ident": "'B-' || g", "request_id": "'b-' || g", "number_value": "g + 1"}
        )
        said = {
            "document_id": f"{last} + g",
            "ident": "'B-' || g",
            "customer_ident": f"'p-' || 1 + g % {customers}",
            "due_date": "date '2026-01-01'",
            "document_date": "date '2026-01-01'",
            "payment_collection": "true",
            "number_key": "'B' || g",
        }
        _repeat(uow, opos_case, count, said)
    result = Result("collect", count)
    with timed(result, os.getpid(), postmaster=postmaster):
        began = time.perf_counter()
        done = collect(runtime, caller)
        planned = time.perf_counter() - began
        wrote = write_files(runtime, caller)
    assert (done.intents, wrote.transactions, wrote.left_out) == (count, count, 0), (done, wrote)
    wrote_s = time.perf_counter() - began
    result.rss_mb = rss_mb(os.getpid())
    result.floor_per_s = debits_floor(dsn, count, EACH, IBAN)
    result.ratio = result.per_s / result.floor_per_s
    result.note = f"{planned:.1f} s until they are intents, {wrote_s:.1f} s until {len(wrote.files)} files are there"
    return result


def _repeat(uow: Uow, table: Table, count: int, said: dict[str, str]) -> None:
    """So many copies of a row that is there, with other values in some columns."""
    names = [column.name for column in table.columns if column.computed is None]
    values = ", ".join(said.get(name, f't."{name}"') for name in names)
    row = f"(SELECT {', '.join(names)} FROM {table.name} LIMIT 1) t, generate_series(1, {count}) g"
    uow.run(f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {values} FROM {row}")


def _ways(uow: Uow) -> None:
    """Our account at a bank, that is reached by files, and the gateway to it."""
    stamps: dict[str, Any] = {"created_at": uow.ctx.now(), "last_modified_at": uow.ctx.now()}
    uow.insert(payment_provider, [{"id": 1, "name": "SEPA_FILE", "credentials": None, "credential_names": [], **stamps}])
    bank = {
        "ident": "bank",
        "name": "Bank",
        "active": True,
        "country": "DE",
        "currency": "EUR",
        "additionally_accepted_currencies": [],
        "payment_service_provider_id": 1,
        "payment_collection_config": {},
        "settlement_creation_disabled": False,
        "other_idents": [],
        "iban": "DE75512108001245126199",
        "bic": "SOGEDEFFXXX",
        "sepa": SEPA,
        **stamps,
    }
    uow.insert(merchant_payment_account, [bank])
    uow.insert(merchant_payment_gateway, [{"ident": "main", "name": "Main", **stamps}])
    uow.insert(gateway_account, [{"gateway_ident": "main", "currency": "EUR", "account_ident": "bank"}])


def _payers(uow: Uow, customers: int) -> None:
    """An account with bank data and a mandate of each customer."""
    now, kept = uow.ctx.now(), keep_iban(uow, IBAN)
    columns = (
        "ident",
        "debtor_ident",
        "merchant_payment_gateway_ident",
        "account_holder_name",
        "payment_method",
        "iban",
        "iban_key",
        "iban_shown",
        "bic",
        "health_status",
        "created_at",
        "last_modified_at",
    )
    bank = ("main", "Kunde AG", "DIRECT_DEBIT", kept.sealed, kept.key, kept.shown, "BYLADEM1001", "HEALTHY", now, now)
    rows = [(f"a-{number}", f"p-{number}", *bank) for number in range(1, customers + 1)]
    uow.copy(customer_payment_account, columns, rows)
    columns = (
        "key",
        "account_ident",
        "is_current",
        "reference",
        "creditor_identifier",
        "signed_on",
        "scheme",
        "kind",
        "status",
        "amendment_pending",
        "created_at",
        "last_modified_at",
    )
    said = (CREDITOR, dt.date(2025, 5, 1), "CORE", "RECURRENT", "ACTIVE", False, now, now)
    mandates = [(f"DE9809999999999 m-{number}", f"a-{number}", True, f"m-{number}", *said) for number in range(1, customers + 1)]
    uow.copy(sepa_mandate, columns, mandates)
