"""A tenant of a million documents, in minutes: rows as issuing, billing and bookkeeping leave them, made by PostgreSQL itself."""

from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Integer, LargeBinary, Numeric, Table, Text
from sqlalchemy.dialects.postgresql import JSON, JSONB

from benchmarks.issuing import new_tenant, store_requests
from contor.app import load_packages
from contor.documents.issue import worker
from contor.kernel.context import Caller
from contor.runtime.execute import Runtime
from contor.runtime.schema import METADATA

LINES = 12
"""Lines of the journal to a document, as those of `issue_batch` have."""
SOME, MANY = 0.1, 1.0
"""Of how many of a million the tables are."""
_WHEN = "timestamptz '2024-01-01' + g * interval '1 minute'"
_DAY = "date '2024-01-01' + (g % 700)::int"
_CUSTOMER = "'k-' || lpad((g % {some})::text, 7, '0')"
_DOCUMENT = "'RE-' || lpad(g::text, 8, '0')"
_STATUS = "(ARRAY['{0}','{0}','{0}','{0}','{0}','{0}','{0}','{1}','{1}','{2}'])[1 + g % 10]"

TABLES: Mapping[str, tuple[float, Mapping[str, str]]] = {
    "customer": (SOME, {"customer_ident": _CUSTOMER, "company": "'Company ' || g", "debtor_account": "100000 + g"}),
    "address": (
        SOME,
        {"customer_ident": _CUSTOMER, "address_ident": "'a'", "address_type": "'INVOICE'", "country": "'DE'", "city": "'Town'"},
    ),
    "document_request": (MANY, {"request_id": "'r-' || g", "customer_ident": _CUSTOMER, "document_type": "'INVOICE'"}),
    "document": (
        MANY,
        {
            "ident": _DOCUMENT,
            "document_type": _STATUS.format("INVOICE", "CREDIT_MEMO", "PARTIAL_INVOICE"),
            "status": _STATUS.format("ISSUED", "SENT", "CREATED"),
            "request_id": "'r-' || g",
            "billing_group_ident": "'external'",
            "customer_ident": _CUSTOMER,
            "operating_site_ident": "'main'",
            "counter_ident": "'n'",
            "number_year": "2026",
            "number_value": "g",
            "gross": "100 + g % 5000",
            "payable": "100 + g % 5000",
        },
    ),
    "document_content": (
        MANY,
        {
            "document_id": "g",
            "snapshot": "(SELECT snapshot FROM document_content WHERE tenant_id = contor_tenant() ORDER BY document_id DESC LIMIT 1)",
        },
    ),
    "document_said": (
        MANY,
        {
            "document_id": "g",
            "language": "'de'",
            "customer_name": "'Company ' || g % {some}",
            "invoice_address_ident": "'a'",
            "prepaid": "0",
        },
    ),
    "document_origin": (MANY, {"document_id": "g", "type": "'CONTRACT'", "ident": "'v-' || g % {some}"}),
    "document_relation": (SOME, {"document_id": "g * 10", "related_id": "g * 10 - 1"}),
    "document_label": (SOME, {"document_id": "g * 10", "label": "'label ' || g % 100"}),
    "opos_case": (
        MANY,
        {
            "document_id": "g",
            "ident": _DOCUMENT,
            "document_type": "'INVOICE'",
            "customer_ident": _CUSTOMER,
            "status": _STATUS.format("CLOSED", "OPEN", "CLOSED"),
            "number_key": "'RE' || g",
        },
    ),
    "journal_entry": (
        MANY,
        {
            "fiscal_year": "2026",
            "journal_number": "g",
            "kind": "'INVOICE'",
            "text": "'Invoice ' || g",
            "document_id": "g",
            "document_ident": _DOCUMENT,
        },
    ),
    "journal_line": (
        MANY * LINES,
        {
            "entry_id": "(g - 1) / 12 + 1",
            "position": "(g - 1) % 12",
            "account": "CASE WHEN g % 12 = 0 THEN 100000 + (g / 12) % {some} ELSE 4400 + g % 12 END",
            "side": "CASE WHEN g % 12 = 0 THEN 'D' ELSE 'C' END",
            "party": _CUSTOMER.replace("g %", "(g / 12) %"),
            "cost_centre": "(4700 + g % 12)::text",
        },
    ),
    "merchant_payment_account": (0, {"ident": "'bank'", "currency": "'EUR'"}),
    "payment": (
        MANY,
        {
            "ident": "'p-' || lpad(g::text, 8, '0')",
            "account_ident": "'bank'",
            "external_ident": "'e-' || g",
            "credit_debit_indicator": "'CREDIT'",
            "description": _DOCUMENT,
            "customer_specific_ident": _CUSTOMER,
            "status": _STATUS.format("ASSIGNED", "UNASSIGNED", "PARTIALLY_ASSIGNED"),
        },
    ),
    "payment_assignment": (
        MANY,
        {
            "ident": "'pa-' || lpad(g::text, 8, '0')",
            "payment_ident": "'p-' || lpad(g::text, 8, '0')",
            "target_type": "'DOCUMENT'",
            "target_ident": _DOCUMENT,
            "status": "'PROCESSED'",
        },
    ),
    "contract": (
        SOME,
        {
            "contract_id": "g",
            "contract_ident": "'v-' || g",
            "customer_ident": _CUSTOMER,
            "business_segment_ident": "'main'",
            "billing_group_ident": "'external'",
            "start_on": _DAY,
        },
    ),
    "usage": (
        MANY,
        {
            "usage_id": "g",
            "usage_ident": "'u-' || g",
            "contract_id": "1 + g % {some}",
            "option_ident": "'power'",
            "status": "'OPEN'",
        },
    ),
    "rated_usage": (
        MANY,
        {
            "rated_usage_ident": "'ru-' || g",
            "rated_usage_id": "g",
            "contract_id": "1 + g % {some}",
            "option_ident": "'power'",
            "status": "'OPEN'",
            "aggregation_ident": "'ag-' || g % {some}",
        },
    ),
    "rated_usage_aggregation": (
        SOME,
        {
            "aggregation_ident": "'ag-' || g",
            "aggregation_id": "g",
            "contract_id": "g",
            "option_ident": "'power'",
            "status": "'CLOSED'",
        },
    ),
    "billable_item": (
        MANY,
        {
            "item_id": "g",
            "contract_id": "1 + g % {some}",
            "holder_ident": "'v-' || 1 + g % {some}",
            "customer_ident": _CUSTOMER,
            "billing_group_ident": "'external'",
            "origin_type": "'OPTION'",
            "origin_ident": "'base'",
            "kind": "'RECURRING'",
            "sequence": "g",
            "processing_status": _STATUS.format("COMPLETED", "COMPLETED", "NOT_STARTED"),
            "processing_at": _WHEN,
            "document_id": "CASE WHEN g % 10 < 9 THEN g END",
            "currency": "'EUR'",
        },
    ),
    "sales_order": (
        SOME,
        {
            "contract_id": "g",
            "order_ident": "'o-' || g",
            "customer_ident": _CUSTOMER,
            "business_segment_ident": "'main'",
            "billing_group_ident": "'external'",
        },
    ),
    "draft": (SOME, {"ident": "'d-' || g", "document_type": "'INVOICE'", "status": "'OPEN'", "customer_ident": _CUSTOMER}),
    "audit_entry": (
        MANY,
        {
            "actor": "'key:' || g % 5",
            "operation": "'document.request'",
            "request_id": "'q-' || g",
            "subject_kind": "'document'",
            "subject_ident": _DOCUMENT,
        },
    ),
    "billing_run": (0, {"run_ident": "'run'", "run_id": "1", "status": "'COMPLETED'"}),
    "billing_run_customer": (SOME, {"run_ident": "'run'", "customer_ident": _CUSTOMER, "status": "'BILLED'"}),
    "exchange_rate": (SOME, {"kind": "'DAILY'", "currency": "'USD'", "day": "date '1900-01-01' + g::int"}),
}


def filled(runtime: Runtime, admin_dsn: str, realm: str, documents: int) -> Caller:
    """A tenant with so many documents and what comes with them; the caller that may ask for all of it. `admin_dsn`: of a superuser."""
    load_packages()
    founded, caller = new_tenant(runtime, realm)
    store_requests(runtime, caller, 10)
    worker.drain(runtime, founded.test.tenant_id)
    with psycopg.connect(admin_dsn, dbname="contor", autocommit=True) as owner:
        owner.execute("SELECT set_config('contor.tenant_id', %s, false)", (str(caller.tenant_id),))
        owner.execute("SET synchronous_commit = off")
        owner.execute("SET session_replication_role = replica")  # what a row refers to is not looked up
        for name, (share, given) in TABLES.items():
            owner.execute(insertion(METADATA.tables[name], given, max(1, int(documents * share)), max(10, int(documents * SOME))))
        owner.execute("SELECT setval('contor_id', greatest(nextval('contor_id'), %s))", (20 * documents,))
    return caller


def insertion(table: Table, given: Mapping[str, str], rows: int, some: int) -> str:
    """SQL that inserts so many rows, numbered `g`; what is not given is anything of its type."""
    said = dict(_values(table, given))
    names, values = ", ".join(f'"{name}"' for name in said), ", ".join(said.values()).replace("{some}", str(some))
    return (
        f"INSERT INTO {table.name} (tenant_id, {names}) SELECT contor_tenant(), {values}"
        f" FROM generate_series(1::bigint, {rows}) g ON CONFLICT DO NOTHING"
    )


def _values(table: Table, given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for column in table.columns:
        if column.name in given:
            yield column.name, given[column.name]
        elif column.name == "id":
            yield column.name, "g"
        elif column.name == "row_hash":
            yield column.name, "decode(repeat('00', 32), 'hex')"  # one that is missing stands in an index of its own
        elif column.name != "tenant_id" and not column.nullable and column.server_default is None:
            yield column.name, _anything(column)


def _anything(column: Column[Any]) -> str:
    kinds = {
        Boolean: "false",
        Integer: "1",
        BigInteger: "1",
        Numeric: "100",
        Date: _DAY,
        DateTime: _WHEN,
        LargeBinary: "'\\x00'",
        JSONB: "'{}'",
        JSON: "'{}'",
        Text: "'EUR'" if "currency" in column.name else "'x'",
    }
    return kinds[type(column.type)]
