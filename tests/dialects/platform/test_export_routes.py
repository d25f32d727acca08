"""Exports over the API: asked for, made, fetched as files, repeated, deleted."""

import hashlib

import pytest
from tests.factories.exports import made_export
from tests.factories.tenants import Tenant

from contor.reports.exports import ExportKind, ExportTask, Output, export_kind
from contor.runtime.uow import Uow

LARGE = b"0123456789abcdef" * 40_000


def write(uow: Uow, task: ExportTask, out: Output) -> None:
    with out.file("größe & mehr.txt", "text/plain") as file:
        file.write(LARGE)
        file.rows = 1


export_kind(ExportKind(name="LARGE", write=write))


def test_an_export_from_the_request_to_the_file(tenant: Tenant) -> None:
    asked = tenant.call("POST", "/exports", {"kind": "LARGE", "period": "2026-02"})
    assert (asked.status, asked.body["status"], asked.body["from"], asked.body["to"]) == (202, "QUEUED", "2026-02-01", "2026-02-28")
    ident = asked.body["exportIdent"]
    assert tenant.call("GET", f"/exports/{ident}/files/none").status == 409
    made_export(tenant, ident)
    view = tenant.call("GET", f"/exports/{ident}").body
    (file,) = view["files"]
    assert (view["status"], view["rows"], file["size"]) == ("DONE", 1, len(LARGE))
    headers = {"Authorization": f"Bearer {tenant.token()}"}
    assert tenant.http is not None
    got = tenant.http.get(f"/v2/exports/{ident}/files/gr%C3%B6%C3%9Fe%20%26%20mehr.txt", headers=headers)
    assert (got.status_code, got.content, got.headers["content-length"]) == (200, LARGE, str(len(LARGE)))
    assert hashlib.sha256(got.content).hexdigest() == file["sha256"]
    assert got.headers["content-type"].startswith("text/plain")
    assert got.headers["content-disposition"] == "attachment; filename*=UTF-8''gr%C3%B6%C3%9Fe%20%26%20mehr.txt"
    assert [one["exportIdent"] for one in tenant.call("GET", "/exports?search=kind==LARGE").body["_embedded"]] == [ident]
    assert tenant.call("POST", f"/exports/{ident}/actions/repeat").status == 202
    assert tenant.call("DELETE", f"/exports/{ident}").status == 204
    assert tenant.call("GET", f"/exports/{ident}").status == 404


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"kind": "NOTHING", "period": "2026-13"}, ["period"]),
        ({"kind": "NOTHING", "period": "2026-12"}, ["kind"]),
        ({"kind": "LARGE", "period": "2026-12", "options": {"a": 1, "b": {"c": [1]}}}, ["options.a", "options.b"]),
        ({"kind": "LARGE", "from": "2026-12-02", "to": "2026-12-01"}, ["to"]),
        ({"kind": "LARGE", "period": "2026-12", "options": ["a"]}, ["options"]),
    ],
)
def test_what_is_wrong_is_named_as_it_was_sent(tenant: Tenant, body: object, found: list[str]) -> None:
    answer = tenant.call("POST", "/exports", body)
    assert (answer.status, sorted(error["fieldName"] for error in answer.body["errors"])) == (400, found)


def test_who_may_not_read_the_books_gets_no_file(tenant: Tenant) -> None:
    assert tenant.call("GET", "/exports", permissions=("customers.read",)).status == 403
    assert tenant.call("POST", "/exports", {"kind": "LARGE", "period": "2026-02"}, permissions=("bookkeeping.read",)).status == 403


DATEV = "/billing/configuration/datev"
CLIENT = {"consultantNumber": 1001, "clientNumber": 456, "accountLength": 5, "fiscalYearStartMonth": 7, "initials": "AB"}


def test_the_client_in_datev_is_said_once(tenant: Tenant, other: Tenant) -> None:
    assert tenant.call("GET", DATEV).status == 404
    refused = tenant.call("POST", "/exports", {"kind": "DATEV", "period": "2026-02"})
    assert (refused.status, refused.body["errors"][0]["error"][:33]) == (400, "Nothing is configured for DATEV: ")
    assert tenant.call("PUT", DATEV, CLIENT).body == CLIENT
    assert tenant.call("PUT", DATEV, {"consultantNumber": 1002, "clientNumber": 1}).body == {
        "consultantNumber": 1002,
        "clientNumber": 1,
        "accountLength": 4,
        "fiscalYearStartMonth": 1,
    }
    assert tenant.call("GET", DATEV).body["consultantNumber"] == 1002
    assert other.call("GET", DATEV).status == 404
    asked = tenant.call("POST", "/exports", {"kind": "DATEV", "period": "2026-02", "options": {"formatVersion": 12}})
    assert (asked.status, asked.body["options"]) == (
        202,
        {"formatVersion": 12, "periods": "ALL", "contents": ["BATCH", "MASTER_DATA"]},
    )
    assert tenant.call("DELETE", DATEV).status == 204
    assert tenant.call("DELETE", DATEV).status == 404


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"consultantNumber": 1000, "clientNumber": 100_000}, ["clientNumber", "consultantNumber"]),
        ({"accountLength": 3, "fiscalYearStartMonth": 13}, ["accountLength", "fiscalYearStartMonth"]),
        ({"accountLength": 9, "initials": "a;"}, ["accountLength", "initials"]),
        ({"consultant": 1}, ["consultant"]),
    ],
)
def test_what_datev_does_not_have_is_refused(tenant: Tenant, change: dict[str, object], found: list[str]) -> None:
    answer = tenant.call("PUT", DATEV, {**CLIENT, **change})
    assert (answer.status, sorted(error["fieldName"] for error in answer.body["errors"])) == (400, found)
    assert tenant.call("GET", DATEV).status == 404


@pytest.mark.parametrize(
    "options", [{"formatVersion": 11}, {"contents": []}, {"contents": ["ALL"]}, {"periods": "OPEN"}, {"formatVersion": "13"}]
)
def test_options_that_datev_does_not_have_are_refused(tenant: Tenant, options: dict[str, object]) -> None:
    assert tenant.call("PUT", DATEV, CLIENT).status == 200
    answer = tenant.call("POST", "/exports", {"kind": "DATEV", "period": "2026-02", "options": options})
    assert answer.status == 400
    assert [error["fieldName"].split("[")[0] for error in answer.body["errors"]] == [f"options.{next(iter(options))}"]
