"""Any bytes on any route, random ones and such that nearly are what is asked for: an answer in the API's words, never a failure."""

import string
from typing import Any
from urllib.parse import quote_from_bytes

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.factories.tenants import Tenant

from contor.api.fynn.routes import ROUTES as FYNN
from contor.api.fynn.voice import MOUNT
from contor.api.management.routes import ROUTES as MANAGEMENT
from contor.api.platform.routes import ROUTES as PLATFORM
from contor.organizations.access import bearer_secret
from contor.runtime.db import ENCODER

OTHERS = (("POST", "/{realm}/oauth2/token"), ("GET", "/account/password"), ("POST", "/account/password"), ("GET", "/health"))
ROUTES = sorted(
    {(row.method, row.path) for row in (*PLATFORM, *MANAGEMENT)}
    | {(row.method, f"{MOUNT}{row.path}") for row in FYNN}
    | set(OTHERS)
)
NAMES = sorted(
    {
        name
        for row in (*PLATFORM, *MANAGEMENT, *FYNN)
        if row.body is not None
        for name in ("items", "ident", "name", "prices", "requestId")
    }
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30).map(str)
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(max_size=20)
    | st.sampled_from(["", "\0", "2026-02-30", "1e999999", "٣", "\ud7ff", "NaN", "EUR", "DE", "c-1"])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), inner, max_size=4),
)
TYPES = st.sampled_from(
    [
        "application/json",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        "text/plain",
        "",
    ]
) | st.binary(max_size=20)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Random bytes, JSON of whatever form, the same with a few bytes changed, parts of a multipart, nests."""
    kind = draw(st.integers(0, 5))
    if kind == 0:
        return draw(st.binary(max_size=200))
    if kind == 1:
        depth = draw(st.sampled_from([10, 2_000, 30_000]))
        return draw(st.sampled_from([b"[", b'{"a":', b"[{", b"--x\r\n"])) * depth
    if kind == 2:
        return b"--x\r\n" + draw(st.binary(max_size=100)) + b"\r\n\r\n" + draw(st.binary(max_size=40)) + b"\r\n--x--"
    raw = bytearray(ENCODER.encode(draw(VALUES)))
    if kind == 3 and raw:
        for _ in range(draw(st.integers(1, 3))):
            raw[draw(st.integers(0, len(raw) - 1))] = draw(st.integers(0, 255))
    return bytes(raw)


SEGMENTS = st.binary(min_size=1, max_size=12).map(lambda raw: quote_from_bytes(raw, safe="")) | st.sampled_from(
    ["c-1", "1", "%00", "%2F"]
)


def test_no_bytes_make_a_failure(client: TestClient, furnished: Tenant) -> None:
    token, key = furnished.token(), bearer_secret(furnished.api_key, furnished.api_secret)

    @given(st.data())
    @settings(
        max_examples=4 * len(ROUTES), deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], database=None
    )
    def run(data: st.DataObject) -> None:
        method, pattern = data.draw(st.sampled_from(ROUTES))
        path = "/".join(data.draw(SEGMENTS) if part[:1] == "{" else part for part in pattern.split("/"))
        query = quote_from_bytes(data.draw(st.binary(max_size=30)), safe=string.punctuation.replace("#", ""))
        content_type: Any = data.draw(TYPES)
        headers: Any = {"Authorization": f"Bearer {key if pattern.startswith(MOUNT) else token}"}
        if content_type:
            headers["Content-Type"] = content_type
        answer = client.request(method, f"{path}?{query}", content=data.draw(bodies()), headers=headers, follow_redirects=False)
        assert answer.status_code < 500, (method, path, query, answer.text)

    run()
