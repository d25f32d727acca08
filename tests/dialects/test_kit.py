"""The kit serves dialects that it does not know yet: by path and by name, in JSON, XML and multipart, with ids of their own."""

import base64
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from lxml import etree
from starlette.testclient import TestClient
from tests.factories.dialects import PATHS, SERVICES, NamedVoice, PathVoice
from tests.factories.tenants import Tenant

from contor.api.codec import JSON
from contor.api.serve import build, build_named
from contor.runtime.execute import Runtime

URL = "/api/1.0/api.php"
CREATE = {"SERVICE": "customer.create", "DATA": {"CUSTOMER_ID": "kaese", "ORGANIZATION": "Käsehaus & Söhne <Süd>"}}


@pytest.fixture(scope="module")
def named(runtime: Runtime) -> Iterator[TestClient]:
    yield TestClient(build_named(NamedVoice(), SERVICES, runtime), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def pathed(runtime: Runtime) -> Iterator[TestClient]:
    yield TestClient(build(PathVoice(), PATHS, runtime), raise_server_exceptions=False)


def basic(tenant: Tenant) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{tenant.api_key}:{tenant.api_secret}".encode()).decode()}


def said(client: TestClient, tenant: Tenant, body: Any, status: int = 200) -> Any:
    """The RESPONSE of a request in JSON."""
    answer = client.post(URL, content=JSON.write(body), headers={**basic(tenant), "Content-Type": "application/json"})
    assert answer.status_code == status, answer.text
    assert JSON.read(answer.content)["REQUEST"] == body  # type: ignore[index]
    return JSON.read(answer.content)["RESPONSE"]  # type: ignore[index]


def test_operations_are_found_by_name_and_ids_are_whole_numbers(named: TestClient, tenant: Tenant) -> None:
    made = said(named, tenant, CREATE)
    number = tenant.rows("SELECT id FROM customer WHERE customer_ident = 'kaese'")[0].id
    assert made == {"STATUS": "success", "CUSTOMER_ID": number}
    said(named, tenant, {"SERVICE": "customer.create", "DATA": {"customer_id": "other", "organization": "Other GmbH"}})
    for given in (number, str(number)):
        (one,) = said(named, tenant, {"service": "customer.get", "filter": {"customer_id": given}, "limit": None})["CUSTOMERS"]
        assert (one["CUSTOMER_ID"], one["ORGANIZATION"]) == (number, "Käsehaus & Söhne <Süd>")
        assert "CUSTOMER_TYPE" not in one
    both = said(named, tenant, {"SERVICE": "CUSTOMER.GET", "FILTER": []})["CUSTOMERS"]
    assert [one["ORGANIZATION"] for one in both] == ["Käsehaus & Söhne <Süd>", "Other GmbH"]


def test_an_id_is_never_taken_for_an_ident(named: TestClient, tenant: Tenant) -> None:
    """A customer whose ident is another's number is not found by it."""
    said(named, tenant, {"SERVICE": "customer.create", "DATA": {"CUSTOMER_ID": "999999999", "ORGANIZATION": "Nine GmbH"}})
    assert said(named, tenant, {"SERVICE": "customer.get", "FILTER": {"CUSTOMER_ID": 999999999}}) == {"CUSTOMERS": []}


def test_findings_and_unknown_services_keep_the_envelope(named: TestClient, tenant: Tenant) -> None:
    assert said(named, tenant, {"SERVICE": "customer.fly"}) == {"ERRORS": ["missing / invalid field: SERVICE"]}
    found = said(named, tenant, {"SERVICE": "customer.create", "DATA": {"EMAIL": "none", "COLOUR": 1}})
    assert found == {"ERRORS": ["missing / invalid field: EMAIL", "missing / invalid field: COLOUR"]}
    assert tenant.rows("SELECT 1 FROM customer") == []
    denied = named.post(URL, content=b"{}", headers={"Authorization": "Basic eDp5"})
    assert (denied.status_code, denied.headers["WWW-Authenticate"]) == (401, 'Basic realm="contor"')
    assert JSON.read(denied.content) == {"REQUEST": {}, "RESPONSE": {"ERRORS": ["Invalid credentials"]}}


def test_the_answer_has_the_format_of_the_request(named: TestClient, tenant: Tenant) -> None:
    body = (
        "<?xml version='1.0' encoding='utf-8'?><FBAPI><SERVICE>customer.create</SERVICE><DATA><CUSTOMER_ID>k</CUSTOMER_ID>"
        "<ORGANIZATION>Käse &amp; Söhne</ORGANIZATION><PHONE/></DATA></FBAPI>"
    )
    for kind in ("application/xml", "text/plain", "application/x-www-form-urlencoded"):
        answer = named.post(URL, content=body.encode(), headers={**basic(tenant), "Content-Type": kind})
        assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    got = named.post(URL, content=b"<FBAPI><SERVICE>customer.get</SERVICE></FBAPI>", headers=basic(tenant))
    (one,) = etree.fromstring(got.content).findall("RESPONSE/CUSTOMERS/CUSTOMER")
    assert one.findtext("ORGANIZATION") == "Käse & Söhne"
    as_form = {**basic(tenant), "Content-Type": "application/x-www-form-urlencoded"}
    assert JSON.read(named.post(URL, content=b' {"SERVICE": "customer.get"}', headers=as_form).content)["RESPONSE"]["CUSTOMERS"]  # type: ignore[index]


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]><FBAPI><SERVICE>&a;</SERVICE></FBAPI>',
        b"<FBAPI><SERVICE>customer.get</FBAPI>",
        b"<OTHER/>",
        b"<" * 2000,
        b"<FBAPI>" + b"<A>" * 5000 + b"</A>" * 5000 + b"</FBAPI>",
        b"\x00\xff\xfe",
        b"{" * 5000,
        b"",
        b"[]",
        b'"customer.get"',
        b'{"SERVICE": {"a": 1}, "DATA": [[]]}',
        b'{"SERVICE": "customer.create", "DATA": "x"}',
    ],
)
def test_hostile_bodies_are_refused_in_the_envelope(named: TestClient, tenant: Tenant, body: bytes) -> None:
    for kind in ("application/xml", "application/json", "multipart/form-data; boundary=x", "multipart/form-data", ""):
        answer = named.post(URL, content=body, headers={**basic(tenant), "Content-Type": kind})
        assert answer.status_code == 200 and b"ERROR" in answer.content
    assert tenant.rows("SELECT 1 FROM customer") == []


def test_a_file_comes_beside_the_envelope(named: TestClient, tenant: Tenant) -> None:
    request = JSON.write({"SERVICE": "document.create", "DATA": {"TITLE": "A receipt"}})
    parts = {"httpbody": (None, request, "application/json"), "document": ("r.pdf", b"%PDF-1.7 \x00\xff", "application/pdf")}
    answer = JSON.read(named.post(URL, files=parts, headers=basic(tenant)).content)
    assert answer["RESPONSE"]["BYTES"] == 11  # type: ignore[index]
    del parts["document"]
    missing = JSON.read(named.post(URL, files=parts, headers=basic(tenant)).content)
    assert missing["RESPONSE"] == {"ERRORS": ["missing / invalid field: FILE"]}  # type: ignore[index]


def test_things_are_found_by_uuid_and_by_what_the_caller_called_them(pathed: TestClient, tenant: Tenant) -> None:
    address = {"addressIdent": "a-1", "addressType": "INVOICE", "company": "K", "street": "Weg", "zip": "20095", "city": "Hamburg"}
    body = {"id": "kaese", "companyName": "Käsehaus", "addresses": [{**address, "country": "DE"}]}
    made = pathed.post("/customers", json=body, headers=basic(tenant))
    assert made.status_code == 201, made.text
    number = made.json()["id"]
    assert uuid.UUID(number).version == 8
    assert len(made.json()["addresses"][0]["addressIdent"]) == 26
    for name in (number, "kaese", number.upper()):
        assert pathed.get(f"/customers/{name}", headers=basic(tenant)).json() == made.json()
    for name in (number, "kaese"):
        listed = pathed.get("/customers", params={"customerIdent": name}, headers=basic(tenant)).json()
        assert [one["id"] for one in listed["data"]] == [number]
    missing = pathed.get(f"/customers/{uuid.uuid4()}", headers=basic(tenant))
    assert missing.status_code == 404


def test_ids_of_another_tenant_name_nothing(
    pathed: TestClient, named: TestClient, tenant: Tenant, new_tenant: Callable[[], Tenant]
) -> None:
    made = pathed.post("/customers", json={"id": "kaese", "companyName": "Käsehaus"}, headers=basic(tenant)).json()
    number = tenant.rows("SELECT id FROM customer")[0].id
    stranger = new_tenant()
    assert pathed.get(f"/customers/{made['id']}", headers=basic(stranger)).status_code == 404
    assert said(named, stranger, {"SERVICE": "customer.get", "FILTER": {"CUSTOMER_ID": number}}) == {"CUSTOMERS": []}


def test_a_repetition_with_the_same_key_is_answered_alike(pathed: TestClient, tenant: Tenant) -> None:
    """The dialect's ids are part of the kept answer."""
    headers = {**basic(tenant), "Idempotency-Key": "k-1"}
    body = {"id": "kaese", "companyName": "Käsehaus"}
    first, second = (pathed.post("/customers", json=body, headers=headers) for _ in range(2))
    assert first.status_code == second.status_code == 201 and first.json() == second.json()
    assert pathed.post("/customers", json={**body, "companyName": "Other"}, headers=headers).status_code == 409
