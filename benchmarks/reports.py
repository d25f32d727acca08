"""`reports`: every report of a month, of a tenant with a million documents in eleven months: before PostgreSQL has counted its rows, and
afterwards."""

import datetime as dt
import os
import time
from collections.abc import Iterator, Mapping

import psycopg

from benchmarks.billing import catalogue
from benchmarks.filling import insertion
from benchmarks.issuing import new_tenant, store_requests
from benchmarks.measure import Result, rss_mb, tree_cpu
from contor.app import load_packages
from contor.documents.issue import worker
from contor.kernel.context import Caller
from contor.reports.files import ReportRow, build
from contor.reports.files.types import TYPES
from contor.runtime.execute import Runtime
from contor.runtime.schema import METADATA

PERIOD = "2026-10"
SOME = 10
"""Documents to a customer, and to a contract."""
_DAY = "(date '2026-01-01' + (g % 334)::int)"
_PAID = "(date '2026-01-21' + (g % 334)::int)"
_CUSTOMER = "'k-' || lpad((g % {some})::text, 7, '0')"
_DOCUMENT = "'RE-' || lpad(g::text, 8, '0')"
_SNAPSHOT = "(SELECT snapshot FROM document_content WHERE tenant_id = contor_tenant() ORDER BY document_id LIMIT 1)"
_ABROAD = "g % 10 = 0"
_MOVEMENT = '\'{"kind": "PAYMENT", "amount": -119, "ledger_amount": -119}\''
_PAYMENTS = 10_000_000
"""What the numbers of payments' entries begin behind."""
_LINE: Mapping[str, str] = {"currency": "'EUR'"}
Filling = tuple[str, float, Mapping[str, str]]
FILLED: tuple[Filling, ...] = (
    ("customer", 0.1, {"customer_ident": _CUSTOMER, "company": "'Company ' || g", "debtor_account": "10000 + g % 50000"}),
    (
        "address",
        0.1,
        {
            "customer_ident": _CUSTOMER,
            "address_ident": "'a'",
            "id": "g",
            "address_type": "'INVOICE'",
            "country": "'DE'",
            "city": "'Berlin'",
        },
    ),
    (
        "document",
        1,
        {
            "ident": _DOCUMENT,
            "document_type": "'INVOICE'",
            "status": "'ISSUED'",
            "customer_ident": _CUSTOMER,
            "number_value": "g",
            "counter_ident": "'n'",
            "number_year": "2026",
            "document_date": _DAY,
            "tax_date": _DAY,
        },
    ),
    ("document_content", 1, {"document_id": "g", "snapshot": _SNAPSHOT}),
    ("document_origin", 1, {"document_id": "g", "type": "'CONTRACT'", "ident": "'v-' || g % {some}"}),
    (
        "opos_case",
        1,
        {
            "document_id": "g",
            "ident": _DOCUMENT,
            "document_type": "'INVOICE'",
            "customer_ident": _CUSTOMER,
            "currency": "'EUR'",
            "document_date": _DAY,
            "due_date": f"{_DAY} + 14",
            "opening": "119",
            "balance": "CASE WHEN g % 10 < 7 THEN 0 ELSE 119 END",
            "ledger_balance": "CASE WHEN g % 10 < 7 THEN 0 ELSE 119 END",
            "status": "CASE WHEN g % 10 < 7 THEN 'CLOSED' ELSE 'OPEN' END",
            "is_memo": "false",
        },
    ),
    (
        "opos_movement",
        0.7,
        {
            "document_id": "g / 7 * 10 + g % 7",
            "kind": "'PAYMENT'",
            "amount": "-119",
            "ledger_amount": "-119",
            "movement": _MOVEMENT,
            "source": "'assignment:' || g",
            "booked_on": _PAID,
        },
    ),
    (
        "journal_entry",
        1,
        {
            "fiscal_year": "2026",
            "journal_number": "g",
            "posting_date": _DAY,
            "document_date": _DAY,
            "tax_date": _DAY,
            "kind": "'INVOICE'",
            "text": "'Rechnung ' || g",
            "document_id": "g",
            "document_ident": _DOCUMENT,
        },
    ),
    (
        "journal_entry",
        0.7,
        {
            "id": f"{_PAYMENTS} + g",
            "fiscal_year": "2026",
            "journal_number": f"{_PAYMENTS} + g",
            "posting_date": _PAID,
            "document_date": _PAID,
            "kind": "'PAYMENT'",
            "text": "'Zahlung ' || g",
            "document_id": "g / 7 * 10 + g % 7",
            "document_ident": "'RE-' || lpad((g / 7 * 10 + g % 7)::text, 8, '0')",
        },
    ),
    (
        "journal_line",
        1,
        {
            **_LINE,
            "entry_id": "g",
            "position": "0",
            "account": "10000 + (g % {some}) % 50000",
            "side": "'D'",
            "amount": "119",
            "party": _CUSTOMER,
        },
    ),
    (
        "journal_line",
        1,
        {
            **_LINE,
            "entry_id": "g",
            "position": "1",
            "account": f"CASE WHEN {_ABROAD} THEN 8336 ELSE 8400 END",
            "side": "'C'",
            "amount": f"CASE WHEN {_ABROAD} THEN 119 ELSE 100 END",
            "tax_key": f"CASE WHEN {_ABROAD} THEN 'AE-EU' ELSE 'S19' END",
            "tax_rate": f"CASE WHEN {_ABROAD} THEN 0 ELSE 19 END",
            "cost_centre": "(4700 + g % 12)::text",
        },
    ),
    (
        "journal_line",
        1,
        {
            **_LINE,
            "entry_id": "g",
            "position": "2",
            "account": "1776",
            "side": "'C'",
            "amount": f"CASE WHEN {_ABROAD} THEN 0 ELSE 19 END",
            "tax_key": "'S19'",
            "tax_rate": "19",
            "tax_base": f"CASE WHEN {_ABROAD} THEN 0 ELSE 100 END",
        },
    ),
    (
        "journal_line",
        0.7,
        {**_LINE, "entry_id": f"{_PAYMENTS} + g", "position": "0", "account": "1200", "side": "'D'", "amount": "119"},
    ),
    (
        "journal_line",
        0.7,
        {
            **_LINE,
            "entry_id": f"{_PAYMENTS} + g",
            "position": "1",
            "account": "10000 + ((g / 7 * 10 + g % 7) % {some}) % 50000",
            "side": "'C'",
            "amount": "119",
            "party": "'k-' || lpad(((g / 7 * 10 + g % 7) % {some})::text, 7, '0')",
        },
    ),
    (
        "settlement_item",
        0.7,
        {
            "ident": "'si-' || g",
            "account_ident": "'psp'",
            "report_ident": "'sr'",
            "external_ident": "'x-' || g",
            "type": "'PAYMENT'",
            "state": "'CONFIRMED'",
            "gross": "119",
            "fee": "1.66",
            "net": "117.34",
            "booking_date": _PAID,
        },
    ),
    ("settlement_report", 0, {"ident": "'sr'", "account_ident": "'psp'", "provider": "'STRIPE'", "external_ident": "'sr'"}),
    (
        "dunning_letter",
        0.1,
        {
            "letter_ident": "'m-' || g",
            "letter_id": "g",
            "run_ident": "'run'",
            "customer_ident": _CUSTOMER,
            "status": "'MADE'",
            "letter_date": _PAID,
        },
    ),
    (
        "deferred_row",
        0.1,
        {
            "document_id": "g",
            "position": "1",
            "document_ident": _DOCUMENT,
            "customer_ident": _CUSTOMER,
            "net": "1200",
            "deferred": "1100",
            "deferred_in": f"to_char({_DAY}, 'YYYY-MM')",
            "released_through": f"to_char({_DAY} + 334, 'YYYY-MM')",
        },
    ),
    (
        "deferred_part",
        1.1,
        {
            "document_id": "(g - 1) / 11 + 1",
            "position": "1",
            "amount": "100",
            "month": "to_char(date '2026-01-01' + (((g - 1) / 11 + 1) % 334)::int + (31 * (1 + (g - 1) % 11))::int, 'YYYY-MM')",
        },
    ),
    (
        "contract",
        0.1,
        {
            "contract_id": "g",
            "contract_ident": "'v-' || g",
            "customer_ident": _CUSTOMER,
            "plan_id": "(SELECT min(plan_id) FROM plan WHERE tenant_id = contor_tenant())",
            "business_segment_ident": "'main'",
            "billing_group_ident": "'external'",
            "start_on": "date '2024-01-01' + (g % 1000)::int",
            "end_on": "CASE WHEN g % 4 = 0 THEN date '2024-01-01' + (g % 1000)::int + 300 END",
            "content": """'{"invoice_address_ident": "a", "language": "de", "quantities": {"p": {"base": 2, "support": 1}},"""
            """ "tax_location": {"country": "DE"}}'""",
        },
    ),
)


def filled(runtime: Runtime, admin_dsn: str, documents: int) -> Caller:
    """A tenant with so many documents, their payments, postings and contracts. `admin_dsn`: of a superuser."""
    load_packages()
    founded, caller = new_tenant(runtime, "bench-reports")
    store_requests(runtime, caller, 10)
    worker.drain(runtime, founded.test.tenant_id)
    catalogue(runtime, caller)
    with psycopg.connect(admin_dsn, dbname="contor", autocommit=True) as owner:
        owner.execute("SELECT set_config('contor.tenant_id', %s, false)", (str(caller.tenant_id),))
        owner.execute("SET synchronous_commit = off")
        owner.execute("SET session_replication_role = replica")  # what a row refers to is not looked up
        for name in ("journal_line", "journal_entry", "opos_case"):  # of the papers that were really issued the snapshot is enough
            owner.execute(f"DELETE FROM {name} WHERE tenant_id = contor_tenant()")
        for name, share, given in FILLED:
            rows, some = max(1, int(documents * share)), max(10, documents // SOME)
            owner.execute(insertion(METADATA.tables[name], given, rows, some))
    return caller


def reports(runtime: Runtime, admin_dsn: str, count: int) -> Iterator[Result]:
    """Each type as CSV and XLSX, built as a worker builds it."""
    began = time.perf_counter()
    caller = filled(runtime, admin_dsn, count)
    print(f"filled in {time.perf_counter() - began:.0f} s", flush=True)
    for statistics in ("cold", "counted"):
        if statistics == "counted":
            with psycopg.connect(admin_dsn, dbname="contor", autocommit=True) as owner:
                owner.execute("ANALYZE")
        for kind in TYPES:
            for form in ("CSV", "XLSX") if statistics == "counted" else ("CSV",):
                yield _built(runtime, caller, kind, form, statistics)


def _built(runtime: Runtime, caller: Caller, kind: str, form: str, statistics: str) -> Result:
    row = ReportRow(
        report_ident="bench",
        type=kind,  # type: ignore[arg-type]
        period=PERIOD,
        format=form,  # type: ignore[arg-type]
        language="de",
        status="WAITING",
        reason=None,
        period_closed=False,
        rows=None,
        size=None,
        sha256=None,
        sums=None,
        created_by="bench",
        created_at=dt.datetime.now(dt.UTC),
        completed_at=None,
    )
    own, at = tree_cpu(os.getpid()), time.perf_counter()
    built = build(runtime, caller, row)
    took = time.perf_counter() - at
    result = Result(f"report {kind} {form}, {statistics}", built.rows)
    result.per_s = built.rows / took
    result.cpu_s_per_1000 = (tree_cpu(os.getpid()) - own) / max(built.rows, 1) * 1000
    result.rss_mb = rss_mb(os.getpid())
    result.note = f"{took:.1f} s, {built.size / 1e6:.1f} MB"
    return result
