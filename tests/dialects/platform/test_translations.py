"""Texts of documents in a tenant's own words (operations 232 to 238), and that new documents say them."""

from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.checkers.printed import text_of
from tests.factories.companies import Company
from tests.factories.tenants import Tenant

from contor.commands.demo import master_data
from contor.documents.after import ArchiveDocuments, archive
from contor.documents.texts import TEXTS

WORDS = {
    "locale": "de",
    "translations": [{"key": "position", "text": "Zeile"}, {"key": "page", "text": "Blatt {page}/{pages}"}],
}


@pytest.fixture
def company(tenant: Tenant, client: TestClient) -> Company:
    master_data(tenant.runtime, tenant.caller())
    return Company(tenant, client, {"Authorization": f"Bearer {tenant.token()}"})


def said(tenant: Tenant, key: str, locale: str) -> tuple[str, str]:
    (found,) = [it for it in tenant.call("GET", f"/translations?locale={locale}").body["translations"] if it["key"] == key]
    return found["text"], found["locale"]


def test_texts_are_stored_read_changed_and_removed(tenant: Tenant) -> None:
    """Along the fallbacks: locale, language, our words."""
    assert tenant.call("POST", "/translations", WORDS).status == 201
    assert [said(tenant, "position", place) for place in ("de-AT", "de", "en")] == [
        ("Zeile", "de"),
        ("Zeile", "de"),
        ("No.", "default"),
    ]
    changed = tenant.call("PATCH", "/translations/position/de-at", {"text": "Pos"})
    assert (changed.status, changed.body) == (200, {"key": "position", "text": "Pos", "locale": "de-AT"})
    assert said(tenant, "position", "de-AT") == ("Pos", "de-AT")
    locales = tenant.call("GET", "/translations/configuration/locales").body
    assert locales == {"locales": [{"locale": "de", "texts": 2}, {"locale": "de-AT", "texts": 1}]}
    every = {it["key"]: it for it in tenant.call("GET", "/translations/configuration").body["translations"]}
    assert every.keys() == TEXTS.keys()
    assert every["page"]["placeholders"] == ["page", "pages"]
    assert every["position"]["texts"] == [{"locale": "de", "text": "Zeile"}, {"locale": "de-AT", "text": "Pos"}]
    assert tenant.call("DELETE", "/translations/position/de-AT").status == 204
    assert tenant.call("DELETE", "/translations/position/de-AT").status == 404
    assert said(tenant, "position", "de-AT") == ("Zeile", "de")
    assert tenant.call("DELETE", "/translations/position").status == 204
    assert tenant.call("DELETE", "/translations/position").status == 404
    assert said(tenant, "position", "de") == ("Pos.", "default")


def test_what_is_wrong_is_said_at_once_and_nothing_is_stored(tenant: Tenant, other: Tenant) -> None:
    entries = [
        {"key": "position", "text": "Zeile"},
        {"key": "unheard", "text": "x"},
        {"key": "page", "text": "{page.__init__}"},
        {"key": "position", "text": "Reihe"},
        {"key": "net", "text": "\u4e2d\ue000"},
    ]
    refused = tenant.call("POST", "/translations", {"locale": "de", "translations": entries})
    assert refused.status == 400
    named = [entry["fieldName"] for entry in refused.body["errors"]]
    assert named == ["translations[1].key", "translations[2].text", "translations[3].key", "translations[4].text"]
    assert tenant.call("GET", "/translations/configuration/locales").body == {"locales": []}
    assert tenant.call("POST", "/translations", {**WORDS, "locale": "xx-QQ"}).status == 400
    assert tenant.call("GET", "/translations?locale=nowhere").status == 400
    assert tenant.call("PATCH", "/translations/unheard/de", {"text": "x"}).status == 404
    tenant.call("POST", "/translations", WORDS)
    assert other.call("GET", "/translations/configuration/locales").body == {"locales": []}
    assert tenant.call("POST", "/translations", WORDS, permissions=("settings.read",)).status == 403


def page_of(company: Company, number: str) -> str:
    (stored,) = company.tenant.rows("SELECT id FROM document WHERE ident = %s", (number,))
    company.tenant.execute(archive, ArchiveDocuments(document_ids=(stored.id,)))
    files: list[dict[str, Any]] = company.call("GET", f"/v2/documents/{number}")["files"]
    pdf = next(file for file in files if file["type"] == "PDF")
    return text_of(company.client.get(f"/v2/files/{pdf['fileIdent']}", headers=company.headers).content)


def test_a_changed_text_touches_new_documents_only(company: Company) -> None:
    """Also where the page of one that was issued before is made after the change."""
    before = company.document(language="de")
    company.call("POST", "/v2/translations", WORDS, 201)
    after = company.document(language="de")
    english = company.document(language="en")
    company.call("PATCH", "/v2/translations/position/de", {"text": "Reihe"})
    pages = [page_of(company, number) for number in (before, after, english)]
    assert ["Zeile" in page for page in pages] == [False, True, False]
    assert ["Blatt 1/1" in page for page in pages] == [False, True, False]
    assert all("Reihe" not in page for page in pages)
    assert company.tenant.broken() == []
