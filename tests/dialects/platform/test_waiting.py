"""What is still being made can be waited for (`Prefer: wait`, RFC 7240), or is refused with `Retry-After`; nobody polls."""

import threading
from typing import Any

import pytest
from starlette.datastructures import Headers
from tests.factories.posted import a_request, post
from tests.factories.tenants import Tenant

from contor.api.http import MOST_SECONDS, seconds_preferred
from contor.commands.demo import master_data
from contor.documents.after import ArchiveDocuments, archive
from contor.documents.issue.issuing import IssueWaiting, issue_waiting


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (["wait=3"], 3),
        (['respond-async, WAIT="4"; x=1', "wait=9"], 4),
        (["wait=600"], MOST_SECONDS),
        (["wait=0"], 0),
        (["wait"], None),
        (["wait=-1"], None),
        (["wait=٣"], None),
        (["return=minimal"], None),
        ([], None),
    ],
)
def test_what_a_caller_prefers(given: list[str], seconds: int | None) -> None:
    assert seconds_preferred(Headers(raw=[(b"prefer", value.encode()) for value in given])) == seconds


def test_a_request_and_its_file_are_waited_for(tenant: Tenant) -> None:
    master_data(tenant.runtime, tenant.caller())
    post(tenant, a_request())
    answers: list[Any] = []

    assert tenant.http is not None
    http = tenant.http

    def wait(path: str, seconds: int = 10) -> Any:
        headers = {"Prefer": f"wait={seconds}", "Authorization": f"Bearer {tenant.token()}"}
        return http.get(f"/v2{path}", headers=headers)

    def waiting(path: str, make: Any, seconds: int = 10) -> Any:
        """Who waits from before a thing is made gets it when it is there."""
        thread = threading.Thread(target=lambda: answers.append(wait(path, seconds)))
        thread.start()
        make()
        thread.join()
        return answers[-1]

    request = tenant.call("GET", "/documents/requests/r-1")
    assert (request.body["status"], request.headers["retry-after"]) == ("RECEIVED", "1")
    assert "preference-applied" not in request.headers
    late = wait("/documents/requests/r-1", 0)
    assert (late.json()["status"], late.headers["preference-applied"]) == ("RECEIVED", "wait=0")
    done = waiting("/documents/requests/r-1", lambda: tenant.execute(issue_waiting, IssueWaiting(limit=10)))
    assert (done.status_code, done.json()["status"], done.headers["preference-applied"]) == (200, "COMPLETED", "wait=10")
    assert "retry-after" not in done.headers
    files = f"/files/documents/{done.json()['documentIdent']}/attachments"
    refused = tenant.call("GET", f"{files}/PDF")
    assert (refused.status, refused.headers["retry-after"], refused.body["status"]) == (409, "1", "CONFLICT")
    assert tenant.call("GET", f"{files}/DOC").status == 404
    assert wait("/files/documents/none/attachments/PDF").status_code == 404
    (stored,) = tenant.rows("SELECT id FROM document")
    listed = wait(files, 0)
    assert (listed.json(), listed.headers["preference-applied"]) == ({"attachments": []}, "wait=0")
    both = threading.Thread(target=lambda: all_of_them.append(wait(files, MOST_SECONDS).json()))
    all_of_them: list[Any] = []
    both.start()
    made = waiting(f"{files}/CII", lambda: tenant.execute(archive, ArchiveDocuments(document_ids=(stored.id,))), MOST_SECONDS)
    assert (made.status_code, made.headers["preference-applied"], made.headers["content-type"]) == (
        200,
        "wait=60",
        "application/xml",
    )
    both.join()
    assert {"PDF", "CII"} <= {one["type"] for one in all_of_them[0]["attachments"]}
