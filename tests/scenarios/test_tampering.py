"""Whoever owns the database can change anything past the application; `contor check` finds it, one change at a time."""

import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from tests.checkers.tampering import found, superuser, tampered
from tests.checkers.waiting import eventually
from tests.factories.desks import a_line
from tests.factories.golden_company import GoldenCompany
from tests.factories.golden_issue import issue_all
from tests.factories.golden_papers import PAPERS
from tests.factories.tenants import Tenant, a_client, a_tenant

from contor.commands.evidence import differing, exported
from contor.documents.after import ArchiveDocuments, archive, mend
from contor.documents.after.files import ReadFile, get_file
from contor.kernel.checks import CHECKS
from contor.kernel.errors import Kind, Refused
from contor.runtime.execute import Runtime
from contor.runtime.integrity.chain import next_hash
from contor.runtime.schema import METADATA, hash_expression
from contor.runtime.uow import Uow
from contor.runtime.work.checking import KeepFindings, end_of_trail, keep_findings, seal_trail

TABLES = (
    "document", "document_content", "document_credit", "document_discount", "document_file", "document_origin", "document_relation",
    "document_reissue", "document_said", "deposit_receipt", "journal_entry", "journal_line", "journal_counter", "opos_case",
    "opos_movement", "payment", "payment_assignment", "audit_entry", "number_series", "chain_link",
)  # fmt: skip
DELETED = tuple(table for table in TABLES if table not in ("audit_entry", "document_said"))
"""Of the trail those rows are missed that a night has linked; what a document is found by is written again each day."""
FIRST = ("runtime.rows_are_as_they_were_written", "runtime.chain_holds")
OTHER = {
    "text": "coalesce({0}, '') || 'x'",
    "bigint": "coalesce({0}, 0) + 100003",
    "integer": "coalesce({0}, 0) + 100003",
    "numeric": "coalesce({0}, 0) + 100003",
    "boolean": "NOT coalesce({0}, false)",
    "date": "coalesce({0}, '2026-01-01') + 1",
    "timestamp with time zone": "coalesce({0}, '2026-01-01') + interval '1 day'",
    "json": "'{{\"x\": 1}}'::json",
    "bytea": "'\\x00'::bytea",
}
"""Another value of each type."""


class Column(NamedTuple):
    table: str
    name: str
    type: str


@pytest.fixture(scope="module")
def company(runtime: Runtime) -> Tenant:
    """A company with every kind of paper, with payments, Skonto, deposits and files."""
    made = GoldenCompany(a_tenant(runtime, a_client(runtime)))
    issue_all(made)
    again(made, "deposit-invoice", "595.00")  # deducted by nobody
    made.call("POST", f"/documents/{again(made, 'invoice-paid-with-discount', '117.60')}/actions/reissue", {"language": "de"}, 202)
    body = {"externalIdent": "unknown", "baseAmount": {"amount": "12.00", "currency": "EUR"}, "bookingDate": "2026-11-20"}
    lost = {**body, "creditDebitIndicator": "CREDIT", "description": "Danke"}
    assert made.call("POST", "/merchant-payment-accounts/bank/payments", lost, 201)["status"] == "OPEN"
    order = {"orderIdent": "o-1", "debtorOrderDetails": {"debtorIdent": "c-full"}, "lineItems": [a_line(deliveryDate="2026-11-19")]}
    made.call("POST", "/orders", order, 201)
    made.call("POST", "/billingrun", {})
    ids = tuple(row.id for row in made.tenant.rows("SELECT id FROM document WHERE status = 'CREATED' ORDER BY id"))
    made.tenant.execute(archive, ArchiveDocuments(document_ids=ids))
    assert seal_trail(runtime, made.tenant.id, end_of_trail(runtime, made.tenant.id))
    assert made.tenant.broken() == []
    return made.tenant


def again(made: GoldenCompany, name: str, paid: str) -> str:
    """The number of another document like this one, on which the customer paid."""
    path, body = next((path, body) for path, body in PAPERS if body["requestId"] == name)
    number = made.issue(path, {**body, "requestId": f"{name}-again"})
    made.receive(number, paid)
    return number


@pytest.fixture(scope="module")
def owner(company: Tenant, database_dsn: str) -> Iterator[psycopg.Connection[Any]]:
    with superuser(database_dsn) as connection:
        yield connection


def is_found(uow: Uow) -> bool:
    """Whether any check says something; the likeliest first, for that is enough."""
    return any(found(uow, name) for name in (*FIRST, *sorted(set(CHECKS) - set(FIRST))))


def one_row(table: str, tenant: int, end: str = "DESC") -> str:
    """The last row, or with `ASC` the first."""
    return f"(SELECT ctid FROM {table} WHERE tenant_id = {tenant} ORDER BY ctid {end} LIMIT 1)"


def test_every_column_that_is_changed_is_found(company: Tenant, owner: psycopg.Connection[Any]) -> None:
    columns = [
        Column(*row)
        for row in owner.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = ANY (%s) AND column_name <> 'tenant_id'"
            # what the server itself works out of the others cannot be written
            " AND is_generated = 'NEVER' ORDER BY 1, ordinal_position",
            (list(TABLES),),
        )
    ]
    owner.rollback()
    assert {column.table for column in columns} == set(TABLES)
    unseen = []
    for column in columns:
        value = OTHER[column.type].format(f'"{column.name}"')
        change = f'UPDATE {column.table} SET "{column.name}" = {value} WHERE ctid = {one_row(column.table, company.id)}'
        with tampered(owner, company, change) as uow:
            if not is_found(uow):
                unseen.append(f"{column.table}.{column.name}")
    assert unseen == []


@pytest.mark.parametrize("table", DELETED)
def test_every_row_that_is_taken_out_is_found(company: Tenant, owner: psycopg.Connection[Any], table: str) -> None:
    for end in ("ASC", "DESC"):
        with tampered(owner, company, f"DELETE FROM {table} WHERE ctid = {one_row(table, company.id, end)}") as uow:
            assert is_found(uow), end


@pytest.mark.parametrize("which", ["min(id)", "max(id)", "percentile_disc(0.5) WITHIN GROUP (ORDER BY id)"])
def test_what_is_taken_out_of_the_trail_is_found(company: Tenant, owner: psycopg.Connection[Any], which: str) -> None:
    """The first entry that there is, the last that was linked, and one between."""
    sealed = f"tenant_id = {company.id} AND id <= (SELECT max(object_id) FROM chain_link WHERE tenant_id = {company.id} AND kind = 'TRAIL')"
    chosen = f"(SELECT {which} FROM audit_entry WHERE {sealed})"
    with tampered(owner, company, f"DELETE FROM audit_entry WHERE tenant_id = {company.id} AND id = {chosen}") as uow:
        assert found(uow, "runtime.chain_holds")


def test_the_trail_is_not_sealed_while_someone_may_still_tell(company: Tenant, owner: psycopg.Connection[Any]) -> None:
    """Who began before may have taken a lower id: what he tells must not look like something put in later."""
    runtime = company.runtime
    owner.execute("SELECT pg_current_xact_id()")  # somebody is at work
    try:
        company.execute(keep_findings, KeepFindings(ran_at=runtime.clock(), seconds=Decimal(1), findings=(("a", "b"),)))
        end = end_of_trail(runtime, company.id)
        assert end is not None
        assert not seal_trail(runtime, company.id, end)
    finally:
        owner.rollback()
    # another transaction of the cluster, of whatever database, may have begun before, too
    assert eventually(lambda: seal_trail(runtime, company.id, end))
    assert end_of_trail(runtime, company.id) is None
    assert company.broken() == []


def test_who_makes_the_hash_again_breaks_the_chain(company: Tenant, owner: psycopg.Connection[Any]) -> None:
    row = one_row("document", company.id)
    change = f"UPDATE document SET net = net + 30 WHERE ctid = {row}"  # what every document has
    expression = hash_expression(METADATA.tables["document"])
    # the hash of the row as it will be: its statement sees what the first one left
    again = f"UPDATE document SET row_hash = {expression} WHERE ctid = {row}"
    with tampered(owner, company, change, again) as uow:
        assert not found(uow, FIRST[0])
        assert found(uow, FIRST[1])


def test_who_makes_the_chain_again_differs_from_what_was_kept(company: Tenant, owner: psycopg.Connection[Any]) -> None:
    kept = exported(company.runtime)
    assert differing(company.runtime, kept) == []
    link = owner.execute(
        "SELECT year, number, kind, object_id, hash FROM chain_link WHERE tenant_id = %s ORDER BY year DESC, number DESC LIMIT 1",
        (company.id,),
    ).fetchone()
    assert link is not None
    other = next_hash(link.hash, link.kind, link.object_id, uuid.uuid4().bytes)
    put = "UPDATE chain_link SET hash = %s WHERE tenant_id = %s AND year = %s AND number = %s"
    try:
        owner.execute(put, (other, company.id, link.year, link.number))
        owner.commit()
        said = differing(company.runtime, kept)
        assert any(f"link {link.number} of {link.year} is not {link.hash.hex()}" in sentence for sentence in said)
    finally:
        owner.execute(put, (link.hash, company.id, link.year, link.number))
        owner.commit()
    assert differing(company.runtime, kept) == []
    assert differing(company.runtime, "no line\n") == ["line 1 is no line of `contor chain export`"]


def changed(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


@pytest.mark.parametrize(
    ("harm", "says"),
    [(changed, "was changed"), (lambda path: path.write_bytes(b""), "has 0 bytes"), (lambda path: path.unlink(), "is missing")],
)
@pytest.mark.parametrize("kind", ["PDF", "UBL"])
def test_a_file_that_is_harmed_is_found_and_made_again(company: Tenant, kind: str, harm: Any, says: str) -> None:
    sql = "SELECT f.ident, f.sha256 FROM document_file f WHERE f.type = %s ORDER BY document_id LIMIT 1"
    (file,) = company.rows(sql, (kind,))
    path = company.runtime.config.home / "blobs" / str(company.id) / file.sha256[:2] / file.sha256
    before = path.read_bytes()
    path.chmod(0o600)
    harm(path)
    assert any(says in one.finding for one in company.broken())
    with pytest.raises(Refused) as refused:
        company.execute(get_file, ReadFile(file_ident=file.ident))
    assert (refused.value.kind, refused.value.problems[0].code) == (Kind.DAMAGED, "file_damaged")
    done = company.execute(mend, None)
    assert (done.mended, done.lost) == (1, ())
    assert path.read_bytes() == before
    assert company.broken() == []
