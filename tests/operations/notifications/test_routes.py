"""Routes and how receivers know who sends: what is accepted, what is refused, what is never shown."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from tests.factories.receivers import Received, Receiver, Says, a_receiver
from tests.factories.telling import NOTIFICATIONS, ROUTES, SECRET, SECURITY, Telling, types_of
from tests.factories.tenants import Tenant

from contor.notifications.kinds import TYPES

OAUTH = {"type": "OAUTH2", "clientId": "contor", "clientSecret": "hunter2 & more", "scope": "hooks"}
BASIC = {"type": "BASIC", "userName": "contor", "password": "hunter2"}


def findings(answer: Any) -> set[tuple[str | None, str]]:
    return {(entry.get("fieldName"), entry["error"].partition(":")[0]) for entry in answer["errors"]}


def refused(company: Telling, body: dict[str, Any], status: int = 400) -> dict[str, str]:
    answer = company.call("POST", ROUTES, {"ident": "bad", "type": "*", "url": "https://receiver.example.com/", **body}, status)
    return {entry["fieldName"]: entry["error"] for entry in answer["errors"]}


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"type": "invoice.deleted"}, {"type"}),
        ({"type": "invoice.*x"}, {"type"}),
        ({"url": "http://169.254.169.254/latest/"}, {"url"}),
        ({"url": "https://[::1]/"}, set()),  # listed by the operator of this installation
        ({"url": "https://10.0.0.1/"}, {"url"}),
        ({"url": "http://2130706433/"}, {"url"}),
        ({"url": "http://8.8.8.8/"}, {"url"}),
        ({"url": "https://user:word@receiver.example.com/"}, {"url"}),
        ({"url": "gopher://receiver.example.com/"}, {"url"}),
        ({"signingSecret": "short"}, {"signingSecret"}),
        ({"resends": 21}, {"resends"}),
        ({"resends": -1}, {"resends"}),
        ({"firstPauseSeconds": 0}, {"firstPauseSeconds"}),
        ({"withinHours": 25}, {"withinHours"}),
        ({"status": "OFF"}, {"status"}),
        ({"format": "XML"}, {"format"}),
        ({"fromSequence": 2}, {"fromSequence"}),
        ({"type": "no.such", "url": "ftp://x/", "signingSecret": "whsec_"}, {"type", "url", "signingSecret"}),
    ],
)
def test_what_cannot_be_a_route_says_why_all_at_once(company: Telling, body: dict[str, Any], fields: set[str]) -> None:
    if not fields:
        company.route("https://[::1]/", "listed")
        return
    assert set(refused(company, body)) == fields
    assert company.call("GET", ROUTES)["_embedded"] == []


def test_a_route_is_there_once_and_there_are_not_too_many(company: Telling, monkeypatch: pytest.MonkeyPatch) -> None:
    company.route("https://receiver.example.com/", "a")
    company.route("https://receiver.example.com/", "a", answers=409)
    monkeypatch.setattr("contor.notifications.routes.addressed.MOST_ROUTES", 1)
    company.route("https://receiver.example.com/", "b", answers=409)
    assert [one["ident"] for one in company.call("GET", ROUTES)["_embedded"]] == ["a"]


def test_a_paused_route_gets_nothing_and_everything_afterwards(company: Telling, receiver: Receiver) -> None:
    made = company.route(receiver, status="PAUSED")
    assert made["pausedBecause"] == "a person has paused it"
    company.touch()
    company.send()
    assert receiver.received == []
    assert "pausedBecause" not in company.change("hook", status="ACTIVE")
    company.send()
    assert types_of(receiver.received) == ["customer.updated"]


def test_a_new_route_may_begin_with_what_was_told_before(company: Telling, receiver: Receiver) -> None:
    company.route("https://receiver.example.com/", "first", type="report.created")
    company.touch()
    company.touch()
    company.route(receiver, "late")
    company.route(receiver, "all", fromSequence=1)
    company.touch()
    company.send()
    assert [len([one for one in receiver.received if one.path == path]) for path in ("/late", "/all")] == [1, 3]
    company.change("all", 400, fromSequence=2)


def test_without_routes_nothing_is_written_and_after_their_end_nothing_more(company: Telling, receiver: Receiver) -> None:
    company.touch()
    assert company.told() == []
    company.route(receiver)
    company.touch()
    company.call("DELETE", f"{NOTIFICATIONS}/configuration", status=204)
    company.call("DELETE", f"{NOTIFICATIONS}/configuration", status=404)
    company.touch()
    company.send()
    assert [one["sequence"] for one in company.told()] == [1]
    assert receiver.received == []
    company.route(receiver, "again")
    company.touch()
    assert [one["sequence"] for one in company.told()] == [1, 2]
    company.sound()


def test_a_route_that_is_deleted_gets_nothing_more_and_its_log_stays(company: Telling, receiver: Receiver) -> None:
    company.route(receiver)
    company.route(receiver, "other", type="report.created")
    receiver.answer = lambda request: Says(503)
    company.touch()
    company.send()
    company.call("DELETE", f"{ROUTES}/hook", status=204)
    with company.later(seconds=11):
        company.send()
    (told,) = company.told()
    assert ("status" in told, len(told["attempts"]), len(receiver.received)) == (False, 1, 1)
    company.sound()


def signed(request: Received, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + request.body
    return f"v1,{base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()}"


def test_what_is_sent_is_signed_and_while_the_secret_is_replaced_by_both(company: Telling, receiver: Receiver) -> None:
    assert company.route(receiver, signingSecret=SECRET)["isSigned"] is True
    company.touch()
    company.send()
    new = f"whsec_{base64.b64encode(b'n' * 32).decode()}"
    company.change("hook", signingSecret=new)
    company.touch()
    company.send()
    company.change("hook", resends=5)  # a change that does not say it leaves it
    company.touch()
    with company.later(hours=25):
        company.send()
    first, second, third = receiver.received
    assert first.headers["webhook-signature"] == signed(first, SECRET)
    assert second.headers["webhook-signature"] == f"{signed(second, new)} {signed(second, SECRET)}"
    assert third.headers["webhook-signature"] == signed(third, new)
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    assert first.headers["x-webhook-signature"] == hmac.new(key, first.body, hashlib.sha256).hexdigest()


# --- who sends


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ({"type": "OAUTH2"}, {"tokenUrl", "clientId", "clientSecret"}),
        ({"type": "BASIC"}, {"userName", "password"}),
        ({**BASIC, "tokenUrl": "https://a.example/"}, {"tokenUrl"}),
        ({**OAUTH, "tokenUrl": "http://10.0.0.1/token"}, {"tokenUrl"}),
        ({"type": "NONE", "password": "x", "hosts": ["a.example"]}, {"password", "hosts"}),
        ({"type": "DIGEST"}, {"type"}),
    ],
)
def test_a_security_configuration_says_what_it_lacks(company: Telling, body: dict[str, Any], wanted: set[str]) -> None:
    answer = company.call("POST", SECURITY, body, 400)
    assert {entry["fieldName"] for entry in answer["errors"]} == wanted
    company.call("GET", SECURITY, status=404)


def test_it_is_created_once_and_replaced(company: Telling) -> None:
    company.call("PUT", SECURITY, BASIC, 404)
    assert company.call("POST", SECURITY, BASIC, 201) == {"type": "BASIC", "userName": "contor", "hosts": []}
    company.call("POST", SECURITY, BASIC, 409)
    kept = {name: value for name, value in BASIC.items() if name != "password"}
    assert company.call("PUT", SECURITY, {**kept, "userName": "else"})["userName"] == "else"
    assert company.call("PUT", SECURITY, {"type": "NONE"}) == {"type": "NONE", "hosts": []}
    company.call("PUT", SECURITY, kept, 400)  # of another type nothing was kept


def test_basic_credentials_go_to_the_receivers_they_are_for(company: Telling, receiver: Receiver) -> None:
    company.call("POST", SECURITY, {**BASIC, "hosts": ["127.0.0.1"]}, 201)
    company.route(receiver, "told")
    company.route(receiver.url("/not", host="localhost"), "not")
    company.touch()
    company.send()
    told = {request.path: request.headers.get("authorization") for request in receiver.received}
    assert told == {"/told": f"Basic {base64.b64encode(b'contor:hunter2').decode()}", "/not": None}


@pytest.mark.parametrize(
    ("before", "change", "status"),
    [
        ({**OAUTH, "tokenUrl": "https://a.example/t"}, {"tokenUrl": "https://b.example/t"}, 400),
        ({**OAUTH, "tokenUrl": "https://a.example/t"}, {"scope": "other"}, 200),
        ({**BASIC, "hosts": ["a.example"]}, {"hosts": ["a.example", "b.example"]}, 400),
        ({**BASIC, "hosts": ["a.example"]}, {"hosts": []}, 400),
        ({**BASIC, "hosts": ["a.example", "b.example"]}, {"hosts": ["a.example"]}, 200),
        (BASIC, {"hosts": ["a.example"]}, 200),
    ],
)
def test_a_secret_is_told_to_nobody_else_without_being_said_again(
    company: Telling, before: dict[str, Any], change: dict[str, Any], status: int
) -> None:
    company.call("POST", SECURITY, before, 201)
    kept = {name: value for name, value in before.items() if name not in ("clientSecret", "password")}
    company.call("PUT", SECURITY, {**kept, **change}, status)


class Authority:
    """A receiver's server of tokens."""

    def __init__(self, server: Receiver, seconds: int = 300) -> None:
        self.server, self.seconds, self.given = server, seconds, 0
        server.answer = self._answer

    def _answer(self, request: Received) -> Says:
        self.given += 1
        body = f'{{"access_token":"token-{self.given}","token_type":"Bearer","expires_in":{self.seconds}}}'
        return Says(200, body.encode(), {"Content-Type": "application/json"})


def test_a_token_is_asked_for_once_and_used_until_it_ends(company: Telling, receiver: Receiver) -> None:
    with a_receiver() as server:
        authority = Authority(server)
        company.call("POST", SECURITY, {**OAUTH, "tokenUrl": server.url("/token")}, 201)
        company.route(receiver)
        for _ in range(3):
            company.document()
        company.send()
        assert [request.headers["authorization"] for request in receiver.received] == ["Bearer token-1"] * 3
        (asked,) = server.received
        assert parse_qs(asked.body.decode()) == {"grant_type": ["client_credentials"], "scope": ["hooks"]}
        assert asked.headers["authorization"] == f"Basic {base64.b64encode(b'contor:hunter2%20%26%20more').decode()}"
        assert authority.given == 1


def test_a_token_that_has_ended_is_replaced(company: Telling, receiver: Receiver) -> None:
    with a_receiver() as server:
        authority = Authority(server, seconds=10)  # it ends too soon to be used twice
        company.call("POST", SECURITY, {**OAUTH, "tokenUrl": server.url("/token")}, 201)
        company.route(receiver)
        company.touch()
        company.touch()
        company.send()
        assert [request.headers["authorization"] for request in receiver.received] == ["Bearer token-1", "Bearer token-2"]
        assert authority.given == 2


def test_a_token_that_says_it_never_ends_is_used(company: Telling, receiver: Receiver) -> None:
    with a_receiver() as server:
        Authority(server, seconds=10**400)
        company.call("POST", SECURITY, {**OAUTH, "tokenUrl": server.url("/token")}, 201)
        company.route(receiver)
        company.touch()
        company.send()
        assert [request.headers["authorization"] for request in receiver.received] == ["Bearer token-1"]


def test_a_token_that_is_taken_no_more_is_replaced_once(company: Telling, receiver: Receiver) -> None:
    with a_receiver() as server:
        Authority(server)
        company.call("POST", SECURITY, {**OAUTH, "tokenUrl": server.url("/token")}, 201)
        company.route(receiver)
        receiver.answer = lambda request: Says(401 if request.headers["authorization"] == "Bearer token-1" else 204)
        company.touch()
        company.send()
        assert [request.headers["authorization"] for request in receiver.received] == ["Bearer token-1", "Bearer token-2"]
        assert [attempt["httpStatus"] for attempt in company.told()[0]["attempts"]] == [204]
        receiver.answer = lambda request: Says(401)
        company.touch()
        company.send()
        assert [one["status"] for one in company.told()] == ["DELIVERED", "FAILED"]
        assert len(receiver.received) == 4


@pytest.mark.parametrize(
    "says",
    [
        Says(500),
        Says(401, b'{"error":"invalid_client"}'),
        Says(200, b"no token"),
        Says(200, b'{"access_token":"a\\nb"}'),
        Says(200, b'{"access_token":"a","expires_in":"' + b"9" * 5_000 + b'"}'),
        Says(200, b'{"access_token":"a","x":' + b"[" * 30_000 + b"}"),
    ],
    ids=["fault", "refusal", "text", "two-lines", "endless", "deep"],
)
def test_without_a_token_nothing_is_sent_and_it_is_tried_again(company: Telling, receiver: Receiver, says: Says) -> None:
    with a_receiver(lambda request: says) as server:
        company.call("POST", SECURITY, {**OAUTH, "tokenUrl": server.url("/token")}, 201)
        company.route(receiver)
        company.touch()
        company.send()
    (told,) = company.told()
    assert (told["status"], receiver.received) == ("WAITING", [])
    assert told["attempts"][0]["failure"].startswith("No token: ")


# --- who may, and what is never shown


def test_secrets_are_never_shown(company: Telling, receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    company.route(receiver, signingSecret=SECRET)
    company.change("hook", signingSecret=SECRET)
    company.call("POST", SECURITY, {**OAUTH, "tokenUrl": receiver.url("/token")}, 201)
    company.call("PUT", SECURITY, BASIC)
    company.touch()
    receiver.answer = lambda request: Says(500)
    company.send()
    tables = ("audit_entry", "event", "notification", "notification_attempt", "notification_route", "notification_security")
    stored = str([company.tenant.rows(f"SELECT x::text FROM {table} x") for table in tables])
    answered = str([company.call("GET", path) for path in (ROUTES, f"{ROUTES}/hook", SECURITY, NOTIFICATIONS, "/v2/audit-entries")])
    bad = company.client.request(
        "POST", ROUTES, json={"ident": "x", "type": "*", "url": "ftp://x/", "signingSecret": "hunter3"}, headers=company.headers
    ).text
    for secret in (SECRET, SECRET.removeprefix("whsec_"), "hunter2", "hunter3", base64.b64encode(b"contor:hunter2").decode()):
        assert secret not in stored + answered + bad + caplog.text
    kept = company.tenant.rows("SELECT signing_secret, former_secret FROM notification_route")
    sealed = [*kept[0], *(row.secret for row in company.tenant.rows("SELECT secret FROM notification_security"))]
    told = str(company.tenant.rows("SELECT change::text FROM audit_entry"))
    assert len(sealed) == 3
    assert [secret for secret in sealed if secret in told] == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", NOTIFICATIONS, None),
        ("GET", ROUTES, None),
        ("POST", ROUTES, {"ident": "a", "type": "*", "url": "https://receiver.example.com/"}),
        ("GET", SECURITY, None),
        ("POST", SECURITY, {"type": "NONE"}),
        ("DELETE", f"{NOTIFICATIONS}/configuration", None),
        ("GET", f"{NOTIFICATIONS}/configuration/types", None),
        ("POST", f"{NOTIFICATIONS}/actions/resend", {"search": "sequence=gt=0"}),
    ],
)
def test_who_lacks_the_scope_is_refused(
    company: Telling, bearer: Callable[..., dict[str, str]], method: str, path: str, body: Any
) -> None:
    scope = "nbx-customer-management-write" if method == "GET" else "nbx-notification-management-read"
    answer = company.client.request(method, path, json=body, headers=bearer(company.tenant, scope))
    assert answer.status_code == 403
    assert company.call("GET", ROUTES)["_embedded"] == []


def test_other_tenants_see_and_change_nothing(
    company: Telling, receiver: Receiver, new_tenant: Callable[[], Tenant], bearer: Callable[..., dict[str, str]]
) -> None:
    company.route(receiver)
    company.touch()
    (told,) = company.told()
    headers = bearer(new_tenant())
    for method, path in (
        ("GET", f"{NOTIFICATIONS}/{told['ident']}"),
        ("POST", f"{NOTIFICATIONS}/{told['ident']}/actions/resend"),
        ("GET", f"{ROUTES}/hook"),
        ("DELETE", f"{ROUTES}/hook"),
        ("GET", SECURITY),
    ):
        assert company.client.request(method, path, headers=headers).status_code == 404, path
    assert company.client.get(NOTIFICATIONS, headers=headers).json()["_embedded"] == []
    assert company.call("GET", f"{ROUTES}/hook")["status"] == "ACTIVE"


def test_the_types_are_named(company: Telling) -> None:
    types = {one["type"]: one["description"] for one in company.call("GET", f"{NOTIFICATIONS}/configuration/types")}
    assert types["invoice.archived"] == "The files of a document can be fetched."
    assert types == {one.type: one.description for one in TYPES.values()}


def test_routes_are_found_by_what_they_want(company: Telling) -> None:
    company.route("https://receiver.example.com/", "a", type="invoice.*")
    company.route("https://receiver.example.com/", "b", type="customer.created")
    assert [one["ident"] for one in company.call("GET", f"{ROUTES}?search=type==customer.created")["_embedded"]] == ["b"]
    for search, wanted in (
        ("isSigned==true", []),
        ("position==0", ["a", "b"]),
        ("failuresInRow=gt=0", []),
        ("waiting==0", ["a", "b"]),
    ):
        assert [one["ident"] for one in company.call("GET", f"{ROUTES}?search={search}")["_embedded"]] == wanted
