"""No document stays without its files: not the one that somebody held when they were made, not the one of a year to come."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.checkers.waiting import until
from tests.factories.companies import Company
from tests.factories.tenants import Tenant

from contor.documents.after import ArchiveDocuments, archive, archive_late

BY_JOB = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%%NO KEY UPDATE'"


@pytest.fixture
def company(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Company:
    return Company(furnished, client, bearer(furnished))


def late_jobs(tenant: Tenant) -> list[str]:
    """The keys of the jobs that were given to late documents."""
    rows = tenant.rows(
        "SELECT dedupe_key FROM infra.pgqueuer WHERE entrypoint = 'document.archive' AND dedupe_key LIKE %s",
        (f"document.archive:{tenant.id}:%",),
    )
    return [row.dedupe_key.split(":", 2)[2] for row in rows]


def test_a_document_that_somebody_holds_gets_its_files_when_he_lets_go(company: Company) -> None:
    """As when it is paid or credited at the very moment. Its job was said to be done, and no other came."""
    ident = company.document()
    (row,) = company.tenant.rows("SELECT id FROM document")
    made = threading.Thread(target=company.tenant.execute, args=(archive, ArchiveDocuments(document_ids=(row.id,))))
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        uow.run("SELECT 1 FROM document WHERE id = %s FOR UPDATE", (row.id,))
        made.start()
        until(lambda: company.tenant.rows(BY_JOB), "the job waits for the document")
    made.join()
    assert company.call("GET", f"/v2/documents/{ident}")["status"] == "COMPLETED"


@pytest.mark.parametrize("clock", [None, dt.datetime(2031, 2, 1, tzinfo=dt.UTC)])
def test_files_that_never_came_are_made_later_whatever_the_test_clock_says(company: Company, clock: dt.datetime | None) -> None:
    tenant = company.tenant
    tenant.turn_clock(clock)
    company.document()
    (row,) = tenant.rows("SELECT id FROM document")
    assert tenant.execute(archive_late, None) is True
    assert late_jobs(tenant) == ([] if clock is None else [f"late:{row.id}"])  # by the real clock its own job may still be at it
    tenant.execute(archive, ArchiveDocuments(document_ids=(row.id,)))
    assert tenant.execute(archive_late, None) is False
