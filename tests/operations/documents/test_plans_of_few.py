"""Operations about a few things keep how their statements run, whatever the values (`Operation.few`): it has to be right for a tenant with
ten thousand documents and drafts as for one with ten, whether the tables were counted since, and also where it was decided before
any of them came. Counted are pages that each statement touches; every operation is tried, and what it did is done again, explained."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import psycopg
import pytest
from psycopg._queries import PostgresQuery
from psycopg.adapt import Transformer
from psycopg.conninfo import make_conninfo
from tests.checkers.plans import nodes_of
from tests.factories.databases import TEMPLATE, a_database
from tests.factories.multiplied import multiply
from tests.factories.tenants import Tenant, a_tenant

from contor.api.fastbill.invoices.complete import complete_invoice
from contor.api.fastbill.invoices.types import CompleteInvoice, InvoiceData
from contor.api.fastbill.invoices.write import create_invoice
from contor.api.fynn.invoices.actions import FinalizeInvoice, finalize_invoice
from contor.api.fynn.invoices.written import drafts as written
from contor.api.ids import as_uuid
from contor.app import make_runtime
from contor.commands.demo import ADDRESS, CUSTOMER, GROUP, master_data
from contor.documents.drafts import CreateDraft, create_draft
from contor.documents.drafts.complete import CompleteDrafts, complete_drafts
from contor.documents.drafts.types import DraftVersion
from contor.documents.issue import worker
from contor.documents.request import RequestDocument, request_document
from contor.documents.types import DocumentRequest, DocumentType
from contor.kernel.operations import CATALOGUE
from contor.runtime.config import Config
from contor.runtime.db import application_dsn
from contor.runtime.execute import validated
from contor.runtime.postgres.home import SUPERUSER

FEW, TIMES = 10, 1_000
"""Documents, and drafts, of the small tenant; and how often the other one has them."""
A_FEW = 30
"""Pages, or rows, by which two that do the same may differ: indexes split where a row comes in."""
WORDS = {
    "billing_group_ident": GROUP,
    "currency": "EUR",
    "language": "de",
    "customer_detail": {"customer_ident": CUSTOMER, "invoice_address_ident": ADDRESS},
    "items": [
        {
            "ident": "i-1",
            "category": "SERVICE",
            "name": "Service",
            "quantity": 1,
            "quantity_type": "PC",
            "prices": {"unit": {"net": "12.34"}, "original_total": {"net": "12.34"}, "total": {"net": "12.34"}},
            "tax_detail": {"taxes": [{"rate": 19, "category_code": "S"}]},
            "performance_location": {"country": "DE"},
            "delivery_date": "2026-03-01",
        }
    ],
}


class Said(NamedTuple):
    """A statement as it was sent: with $1, the types of its values, and these as literals."""

    sql: str
    types: tuple[str, ...]
    values: tuple[str, ...]


class Explaining:
    """A connection of the application on which statements are prepared once and explained as often as wanted."""

    def __init__(self, dsn: str) -> None:
        self.connection = psycopg.connect(application_dsn(dsn), autocommit=True)
        self.connection.execute("SET plan_cache_mode = force_generic_plan")
        self.names: dict[tuple[str, tuple[str, ...]], str] = {}

    def plans(self, tenant: Tenant, said: list[Said]) -> list[tuple[Said, Any]]:
        """What each does, one after the other; nothing of it stays."""
        found = []
        with self.connection.transaction(force_rollback=True):
            self.connection.execute("SELECT set_config('contor.tenant_id', %s, true)", (str(tenant.id),))
            for one in said:
                given = f"({', '.join(one.values)})" if one.values else ""
                explain = f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) EXECUTE {self._prepared(one)}{given}"
                row = self.connection.execute(explain.encode()).fetchone()
                assert row is not None
                found.append((one, row[0][0]["Plan"]))
        return found

    def _prepared(self, one: Said) -> str:
        key = one.sql, one.types
        if key not in self.names:
            self.names[key] = f"said_{len(self.names)}"
            types = f" ({', '.join(one.types)})" if one.types else ""
            self.connection.execute(f"PREPARE {self.names[key]}{types} AS {one.sql}".encode())
        return self.names[key]


def said_by(tenant: Tenant, name: str, command: Any) -> list[Said]:
    """What an operation says to the database when it is tried."""
    said: list[Said] = []
    honest = psycopg.Cursor.execute

    def execute(self: Any, query: Any, params: Any = None, **named: Any) -> Any:
        if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", str(query)) and "set_config('contor" not in str(query):
            said.append(_as_sent(self.connection, query, params))
        return honest(self, query, params, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", execute)
        tenant.execute(CATALOGUE[name], command, dry_run=True)
    return said


def _as_sent(connection: psycopg.Connection[Any], query: str, params: Any) -> Said:
    sent = PostgresQuery(Transformer(connection))
    sent.convert(query, params)
    kinds = [connection.adapters.types.get(oid) for oid in sent.types]
    given = [params[key] for key in sent._order] if isinstance(params, Mapping) else list(params or ())
    cursor = psycopg.ClientCursor(connection)
    types = tuple(
        [
            "unknown" if kind is None else kind.regtype + "[]" * (oid == kind.array_oid)
            for oid, kind in zip(sent.types, kinds, strict=True)
        ]
    )
    return Said(sent.query.decode(), types, tuple([cursor.mogrify("%s", (value,)) for value in given]))


def commands(tenant: Tenant) -> dict[str, Any]:
    """Each operation about a few things, with something to do."""
    (customer,) = tenant.rows("SELECT id FROM customer WHERE customer_ident = %s", (CUSTOMER,))
    drafts = tenant.rows("SELECT id, ident FROM draft WHERE document_id IS NULL AND ident = 'open'")
    request = validated(DocumentRequest, {"request_id": "one-more", **WORDS})
    row = {"description": "Service", "unit_price": "12.34", "vat_percent": 19}
    paper = as_uuid(drafts[0].id, f"{tenant.id}:invoice")
    position = {"name": "Service", "quantity": 1, "unit_price": {"amount": 1234}, "tax_group": "standard"}
    return {
        "draft.create": validated(CreateDraft, {"body": {"type": "INVOICE", "draft_ident": "one-more", **WORDS}}),
        "draft.complete": CompleteDrafts(drafts=(DraftVersion(draft_ident=drafts[0].ident),)),
        "document.request": RequestDocument(document_type=DocumentType.INVOICE, request=request),
        "fastbill.invoice_create": validated(InvoiceData, {"customer_id": customer.id, "invoice_ext_uid": "one", "items": [row]}),
        "fastbill.invoice_complete": validated(CompleteInvoice, {"invoice_id": drafts[0].id}),
        "fynn.invoice_create": validated(written.CreateInvoice, {"body": {"customer": CUSTOMER, "positions": [position]}}),
        "fynn.invoice_finalize": validated(FinalizeInvoice, {"id": paper, "body": {}}),
    }


TRIED = (
    create_draft,
    complete_drafts,
    request_document,
    create_invoice,
    complete_invoice,
    written.create_invoice,
    finalize_invoice,
)
OPERATIONS = sorted(it.name for it in TRIED)
OTHERS = {"entitlement.of_contract", "entitlement.of_customer", "fynn.entitlement_state"}
"""Entitlements are read of contracts, of which these tenants have none: `benchmarks/entitled.py` asks for them beside a million."""


def a_small_tenant(runtime: Any) -> Tenant:
    tenant = a_tenant(runtime)
    master_data(runtime, tenant.caller())
    for number in range(FEW):
        request = validated(DocumentRequest, {"request_id": f"r-{number}", **WORDS})
        tenant.execute(request_document, RequestDocument(document_type=DocumentType.INVOICE, request=request))
        tenant.execute(create_draft, validated(CreateDraft, {"body": {"type": "INVOICE", "draft_ident": f"d-{number}", **WORDS}}))
    tenant.execute(create_draft, validated(CreateDraft, {"body": {"type": "INVOICE", "draft_ident": "open", **WORDS}}))
    tenant.execute(complete_drafts, CompleteDrafts(drafts=(DraftVersion(draft_ident="d-1"),)))
    assert worker.drain(runtime, tenant.id) == FEW
    return tenant


class Two(NamedTuple):
    small: Tenant
    large: Tenant
    before: Explaining
    """It decided how statements run when both tenants were small."""
    now: Explaining


@pytest.fixture(scope="module", params=["not counted", "counted"])
def two(request: pytest.FixtureRequest, server_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    with a_database(server_dsn, TEMPLATE) as dsn:
        runtime = make_runtime(Config(home=tmp_path_factory.mktemp("home")), application_dsn(dsn))
        runtime.database.open()
        small, large = a_small_tenant(runtime), a_small_tenant(runtime)
        before, now = Explaining(dsn), Explaining(dsn)
        for name, command in commands(large).items():
            before.plans(large, said_by(large, name, command))
        with psycopg.connect(make_conninfo(dsn, user=SUPERUSER), autocommit=True) as owner:
            for table in ("draft", "document", "document_request", "opos_case", "journal_line", "journal_entry", "audit_entry"):
                owner.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = off)".encode())
            multiply(owner, large.id, TIMES)
            if request.param == "counted":
                owner.execute("ANALYZE")
        yield Two(small, large, before, now)
        before.connection.close()
        now.connection.close()
        runtime.database.close()


def test_these_are_all_that_are_about_a_few_things() -> None:
    assert sorted(name for name, operation in CATALOGUE.items() if operation.few and name not in OTHERS) == OPERATIONS


@pytest.mark.parametrize("decided", ["before", "now"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_no_statement_costs_more_for_who_has_much(two: Two, name: str, decided: str) -> None:
    explaining: Explaining = getattr(two, decided)
    small = explaining.plans(two.small, said_by(two.small, name, commands(two.small)[name]))
    large = explaining.plans(two.large, said_by(two.large, name, commands(two.large)[name]))
    # whom a worker is called for may be called already: what is left behind at the end differs by that
    assert [one.sql[:40] for one, _ in small] == [one.sql[:40] for one, _ in large]
    for (one, few), (_, many) in zip(small, large, strict=True):
        assert pages(many) <= 1.5 * pages(few) + A_FEW, (one.sql, many)
        assert looked_at(many) <= looked_at(few) + A_FEW, (one.sql, many)


def pages(plan: Any) -> int:
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def looked_at(plan: Any) -> int:
    """Rows that were compared and are not meant."""
    removed = ("Rows Removed by Filter", "Rows Removed by Index Recheck", "Rows Removed by Join Filter")
    return sum(round(node.get(name, 0) * node["Actual Loops"]) for node in nodes_of(plan) for name in removed)
