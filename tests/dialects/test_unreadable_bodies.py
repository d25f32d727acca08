"""A body that nobody can read is refused in words of who sent it, in each dialect's envelope."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.checkers.wording import unfit
from tests.factories.tenants import Tenant

NO_JSON = "The body is not valid JSON: "
BODIES = [
    (b"", "The body is empty; JSON is expected."),
    (b" \r\n", "The body is empty; JSON is expected."),
    (
        '{"name": "J\u00fcrgen"}'.encode("latin-1"),
        "The body is not UTF-8, in which JSON is written: byte 12 belongs to no character.",
    ),
    ('{"a": 1}'.encode("utf-16"), "The body is not UTF-8, in which JSON is written: byte 1 belongs to no character."),
    (b'\xef\xbb\xbf{"a": 1}', f"{NO_JSON}it begins with a byte order mark."),
    (b'{"a": ' + b"9" * 5_000 + b"}", f"{NO_JSON}a number in it is too long."),
    (b'{"a": 1', f"{NO_JSON}it ends before it is complete."),
    (b'{"a": 1} x', f"{NO_JSON}more follows after its end, at byte 11."),
    (b'{"a": 1,}', f"{NO_JSON}nothing follows after a comma, at byte 9."),
    (b"{'a': 1}", f"{NO_JSON}the names in an object stand in double quotes, at byte 2."),
    (b'{"a" 1}', f"{NO_JSON}a colon, a comma or a closing bracket is missing, at byte 6."),
    (b'{"a": 01}', f"{NO_JSON}a number is not written as JSON has it, at byte 8."),
    (b'{"a": "\\x"}', f"{NO_JSON}a text has a backslash with what must not follow it, at byte 10."),
    (b'{"a": "\\ud800"}', f"{NO_JSON}a text has half of a character, at byte 14."),
    (b'{"a": "\\udc00b"}', f"{NO_JSON}a text has half of a character, at byte 14."),
    (b'{"a": NaN}', f"{NO_JSON}a character stands where JSON has none such, at byte 7."),
    (b"hello", f"{NO_JSON}a character stands where JSON has none such, at byte 1."),
    (b"[" * 5_000, f"{NO_JSON}it is nested too deeply."),
    (b'{"a": ' + b"[" * 600 + b"]" * 600 + b"}", f"{NO_JSON}it is nested too deeply."),
    (b'{"a":' * 51 + b"1" + b"}" * 51, f"{NO_JSON}it is nested too deeply."),
    (b'{"a": 1e99999999999999999999999}', f"{NO_JSON}a number in it is too long."),
    (b'{"version": 1E999999999}', f"{NO_JSON}a number in it is too long."),
    (b'{"a": -1.5e-999999999}', f"{NO_JSON}a number in it is too long."),
]


@pytest.mark.parametrize(("body", "words"), BODIES, ids=range(len(BODIES)))
@pytest.mark.parametrize("path", ["/v2/documents/invoices", "/v2/customers", "/api/v0/auth"])
def test_what_cannot_be_read_is_said(
    furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]], path: str, body: bytes, words: str
) -> None:
    answer = client.post(path, content=body, headers={**bearer(furnished), "Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["message"]) == (400, words)


def test_a_right_that_is_missing_is_said(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> None:
    token = bearer(furnished, "nbx-document-management-read")
    for method, path, right in (
        ("POST", "/v2/documents/invoices", "change documents"),
        ("GET", "/v2/customers", "read customers"),
        ("POST", "/v2/plans", "change options and plans"),
        ("GET", "/v2/bookingEntries", "read the books"),
        ("GET", "/v2/audit-entries", "read the audit trail"),
        ("POST", "/v2/orders", "change contracts and orders"),
        ("GET", "/api/v0/organizations", "read organizations"),
    ):
        answer = client.request(method, path, json={} if method == "POST" else None, headers=token)
        assert (answer.status_code, answer.json()["message"]) == (403, f"This needs the right to {right}.")
        assert not unfit(answer.json()["message"])


@pytest.mark.parametrize("body", [b'{"a": NaN}', b"\xff\xff\xfe", b'"x"', b"[" * 100_000])
def test_of_an_action_without_input_too(
    furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]], body: bytes
) -> None:
    path = "/v2/opos-cases/clearing-runs/nobody/actions/reverse"
    assert client.post(path, content=body, headers=bearer(furnished)).status_code == 400
    assert [client.post(path, content=one, headers=bearer(furnished)).status_code for one in (b"", b"{}")] == [404, 404]
