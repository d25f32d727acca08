"""What is refused beside the routes with a form of their own (tokens, files, the page of a link) is said in words of the domain, too; on
the page in the reader's language."""

import base64
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.checkers.wording import unfit
from tests.factories.administrators import Administrator
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS
from tests.factories.tenants import Tenant

from contor.commands.inviting import invitation
from contor.kernel.errors import Kind, Problem, Refused
from contor.organizations.access import PASSWORD_MAXIMUM, PASSWORD_MINIMUM
from contor.ui.texts import TEXTS, Language

FORM = {"grant_type": "client_credentials"}
LINK = "/account/password"


def basic(name: str, secret: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{name}:{secret}'.encode()).decode()}"}


def test_tokens(client: TestClient, tenant: Tenant) -> None:
    """Every refusal of RFC 6749, 5.2, and what a reader makes of a body that is no form."""
    known = basic(tenant.api_key, tenant.api_secret)
    asked: list[tuple[dict[str, Any], int]] = [
        ({"data": {}, "headers": known}, 400),
        ({"data": {"grant_type": "password"}, "headers": known}, 400),
        ({"data": {**FORM, "scope": "everything of_it"}, "headers": known}, 400),
        ({"data": FORM}, 401),
        ({"data": FORM, "headers": basic(tenant.api_key, "None")}, 401),
        ({"data": FORM, "headers": {"Authorization": "Basic !"}}, 401),
        ({"content": b"\xff\x00=%ZZ", "headers": known}, 400),
        ({"content": b"grant_type=client_credentials&grant_type=x", "headers": known}, 400),
        ({"content": b"x" * 10_000, "headers": known}, 413),
        ({"json": FORM, "headers": known}, 400),
    ]
    for request, status in asked:
        answer = client.post(f"/{tenant.realm}/oauth2/token", **request)
        said = answer.json()
        assert answer.status_code == status, (request, said)
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", said["error"])  # the codes are the RFC's
        # a scope that nobody knows is repeated as it came
        assert not unfit(said["error_description"].replace("everything of_it", "")), said


@pytest.mark.parametrize("path", [f"{ORDERS}/o-1/attachments", f"{CONTRACTS}/v-1/attachments"])
def test_files(client: TestClient, tenant: Tenant, bearer: Callable[..., dict[str, str]], path: str) -> None:
    """The client judges the words of each refusal."""
    multipart = "multipart/form-data; boundary=b"
    named = {"content-disposition": 'attachment; filename="a.pdf"'}
    sent: list[tuple[dict[str, str], bytes]] = [
        ({}, b""),
        ({"content-type": "application/pdf"}, b"%PDF"),
        ({"content-type": "application/pdf", "content-disposition": 'attachment; filename="../a"'}, b"%PDF"),
        ({"content-type": "multipart/form-data"}, b"x"),
        ({"content-type": multipart}, b""),
        ({"content-type": multipart}, b"--b\r\n\r\nx\r\n--b--"),
        ({"content-type": multipart}, b'--b\r\ncontent-disposition: form-data; name="file"\r\n\r\nx\r\n--b--'),
        ({"content-type": multipart}, b'--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nx'),
        ({"content-type": "text/html\x00", **named}, b"<html>"),
        ({"content-type": "application/pdf", **named}, b"%PDF"),
    ]
    for headers, content in sent:
        answer = client.post(path, content=content, headers={**bearer(tenant), **headers})
        assert 400 <= answer.status_code < 500, (headers, answer.text)


@pytest.mark.parametrize("language", TEXTS)
def test_the_page_of_a_link(client: TestClient, tenant: Tenant, language: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    api, texts, asked = Administrator(client, tenant), TEXTS[language], {"Accept-Language": language}
    link, _ = invitation(tenant.runtime, {"email": api.invite()["email"]}, str(tenant.organization_id))
    token = link.split("token=")[1]

    def said(status: int, **form: str) -> str:
        answer = client.post(LINK, data={"token": token, **form}, headers=asked)
        assert answer.status_code == status and f'<html lang="{language}">' in answer.text
        return unescape(re.findall(r'<p class="said">([^<]*)</p>', answer.text)[-1])

    fine = "a long enough one"
    assert said(400) == texts.password_too_short.format(least=PASSWORD_MINIMUM)
    assert said(400, password="short") == texts.password_too_short.format(least=PASSWORD_MINIMUM)
    assert said(400, password="x" * 1025) == texts.password_too_long.format(most=PASSWORD_MAXIMUM)
    for name in ("x" * 256, "a\x07b"):
        assert said(400, password=fine, last_name=name) == texts.name_unfit
    assert said(400, token="used", password=fine) == texts.link_invalid

    def trouble(*_: object, **__: object) -> None:
        raise Refused(Kind.UNAVAILABLE, Problem("database_unavailable", "The database cannot be reached.", None))

    with monkeypatch.context() as broken:
        broken.setattr(tenant.runtime, "execute", trouble)
        assert said(503, password=fine) == texts.not_now
        answer = client.get(LINK, params={"token": token}, headers=asked)
        assert answer.status_code == 503 and texts.not_now in unescape(answer.text)
    assert client.post(LINK, data={"token": token, "password": fine}, headers=asked).status_code == 200  # the link was spared


def test_the_texts_are_of_the_domain_and_of_two_languages() -> None:
    for language, texts in TEXTS.items():
        assert [text for text in texts if unfit(re.sub(r"\{\w+\}", "x", text))] == [], language
    german, english = TEXTS["de"], TEXTS["en"]
    assert [name for name in german._fields if getattr(german, name) == getattr(english, name)] == []
