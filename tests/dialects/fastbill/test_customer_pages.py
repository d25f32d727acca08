"""The pages behind a customer's links: his documents and his data, nobody else's, for as long as the link works."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import Company
from tests.factories.customers import another_customer
from tests.factories.fastbill import Account
from tests.factories.tenants import Tenant, a_tenant

from contor.app import Application
from contor.documents.after import ArchiveDocuments, archive
from contor.runtime.execute import Runtime

Bearer = Callable[[Tenant], dict[str, str]]
GERMAN = {"Accept-Language": "de"}


@pytest.fixture
def pages(runtime: Runtime) -> TestClient:
    return TestClient(Application(runtime), raise_server_exceptions=False)


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def links_of(account: Account, ident: str = "muster-handel") -> tuple[str, str]:
    (row,) = account.tenant.rows("SELECT id FROM customer WHERE customer_ident = %s", (ident,))
    made = account.call("customer.createsecurelink", {"CUSTOMER_ID": row.id})
    return path_of(made["DASHBOARD_URL"]), path_of(made["ACCOUNTDATA_URL"])


def test_a_customer_sees_his_documents_and_nobody_elses(
    account: Account, client: TestClient, bearer: Bearer, pages: TestClient
) -> None:
    company = Company(account.tenant, client, bearer(account.tenant))
    other = another_customer(company)
    mine, theirs = company.document(), company.document(**other)
    dashboard, _ = links_of(account)
    page = pages.get(dashboard, headers=GERMAN)
    assert page.status_code == 200 and "Ihre Belege" in page.text
    assert mine in page.text and theirs not in page.text
    assert ">119,00\u00a0€<" in page.text and "offen: 119,00\u00a0€" in page.text
    assert page.headers["Cache-Control"] == "no-store" and "script" not in page.headers["Content-Security-Policy"]
    (row,) = account.tenant.rows("SELECT id FROM document WHERE ident = %s", (theirs,))
    token = dashboard.partition("token=")[2]
    for number in (row.id, 0, "x", "", 10**30):
        assert pages.get("/customer/file", params={"token": token, "document": str(number)}).status_code == 404


def test_what_is_credited_is_no_debt_of_the_customer(
    account: Account, client: TestClient, bearer: Bearer, pages: TestClient
) -> None:
    company = Company(account.tenant, client, bearer(account.tenant))
    number = company.document()
    (row,) = account.tenant.rows("SELECT id FROM document WHERE ident = %s", (number,))
    for service in ("invoice.setpaid", "invoice.cancel"):
        assert account.call(service, {"INVOICE_ID": row.id})["STATUS"] == "success"
    dashboard, _ = links_of(account)
    german, english = (pages.get(dashboard, headers={"Accept-Language": wanted}).text for wanted in ("de", "en"))
    assert ">\u2212119,00\u00a0€<" in german and "Guthaben: 119,00\u00a0€" in german and "offen" not in german
    assert ">\u2212€119.00<" in english and "to your credit: €119.00" in english


def test_the_picture_of_a_document_is_behind_its_number(
    account: Account, client: TestClient, bearer: Bearer, pages: TestClient
) -> None:
    company = Company(account.tenant, client, bearer(account.tenant))
    number = company.document()
    (row,) = account.tenant.rows("SELECT id FROM document WHERE ident = %s", (number,))
    account.tenant.runtime.execute(archive, ArchiveDocuments(document_ids=(row.id,)), account.tenant.caller())
    dashboard, _ = links_of(account)
    page = pages.get(dashboard).text
    target = page.partition('href="')[2].partition('"')[0].replace("&amp;", "&")
    picture = pages.get(target)
    assert picture.content.startswith(b"%PDF-") and picture.headers["content-type"] == "application/pdf"


def test_a_customer_changes_his_own_data(account: Account, pages: TestClient) -> None:
    _, own = links_of(account)
    token = own.partition("token=")[2]
    assert 'value="Muster Handel GmbH"' in pages.get(own).text
    form = {
        "token": token,
        "company": "Muster <Neu> GmbH",
        "email": "neu@muster.example",
        "street": "Weg 9",
        "zip": "20095",
        "city": "Bremen",
    }
    saved = pages.post("/customer/data", data=form, headers=GERMAN)
    assert saved.status_code == 200 and "gespeichert" in saved.text
    (found,) = account.call("customer.get", FILTER={"CUSTOMER_NUMBER": "muster-handel"})["CUSTOMERS"]
    assert (found["ORGANIZATION"], found["EMAIL"], found["CITY"]) == ("Muster <Neu> GmbH", "neu@muster.example", "Bremen")
    assert "Muster &lt;Neu&gt; GmbH" in pages.get(own).text
    wrong = pages.post("/customer/data", data={**form, "email": "none", "vat_id": "XX1"}, headers=GERMAN)
    assert wrong.status_code == 400 and "E-Mail" in wrong.text


def test_a_link_is_good_for_its_purpose_alone(account: Account, pages: TestClient) -> None:
    dashboard, own = links_of(account)
    assert pages.get(dashboard.replace("/customer/documents", "/customer/data")).status_code == 404
    assert pages.get(own.replace("/customer/data", "/customer/documents")).status_code == 404


def test_a_link_cannot_be_made_or_changed(account: Account, runtime: Runtime, pages: TestClient) -> None:
    dashboard, _ = links_of(account)
    stranger = a_tenant(runtime)
    head, _, token = dashboard.partition("token=")
    tenant, purpose, number, last, digest = token.split("-")
    others: list[Any] = [
        f"{stranger.id}-{purpose}-{number}-{last}-{digest}",
        f"{tenant}-{purpose}-{int(number) + 1}-{last}-{digest}",
        f"{tenant}-{purpose}-{number}-{int(last) + 1}-{digest}",
        f"{tenant}-{purpose}-{number}-{last}-{'0' * 40}",
        "",
        "x" * 5_000,
        "%00",
    ]
    assert {pages.get(f"{head}token={other}").status_code for other in others} == {404}


def test_a_link_ends(account: Account, runtime: Runtime, pages: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    dashboard, _ = links_of(account)
    now = runtime.clock()
    for days, status in ((30, 200), (31, 404)):
        with monkeypatch.context() as patch:
            patch.setattr(runtime, "clock", lambda days=days: now + dt.timedelta(days=days))
            assert pages.get(dashboard).status_code == status


def test_a_link_ends_with_its_customer(account: Account, pages: TestClient) -> None:
    dashboard, own = links_of(account)
    (row,) = account.tenant.rows("SELECT id FROM customer")
    account.call("customer.delete", {"CUSTOMER_ID": row.id})
    assert [pages.get(path).status_code for path in (dashboard, own)] == [404, 404]


def test_what_is_too_large_is_not_read(pages: TestClient) -> None:
    assert pages.post("/customer/data", data={"token": "x" * 100_000}).status_code == 413
