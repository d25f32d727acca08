"""Whatever is sent is answered in the envelope: ERRORS or success, and never a fault of ours."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.factories.fastbill import URL, XML_CODEC, Account, unlimited
from tests.factories.tenants import a_tenant

from contor.api.codec import JSON
from contor.api.fastbill.names import names_of
from contor.api.fastbill.services import SERVICES
from contor.api.route import Route
from contor.commands.demo import master_data
from contor.runtime.execute import Runtime

BY_NAME = {row.service: row for row in SERVICES}
DEEP: Any = [{"A": 1}]
for _ in range(60):
    DEEP = [{"ITEMS": DEEP}]
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 7, 10**30, -(10**30), Decimal("1.5"), Decimal("1e-30"), Decimal("1e300")),
    *(Decimal("1e999999"), Decimal("-1e999999999999"), Decimal("1e-999999999"), Decimal("0e999999999999")),
    *("", " ", "x", "\0", "a\0b", "﷐", "𝕏" * 400, "x" * 20_000, "%", "'; --", "<b>&amp;</b>", "NaN", "Infinity", "1e400", "٣"),
    *("2026-13-45", "0000-00-00", "9999-12-31 23:59:59", "31.02.2026", "2026-01-01T00:00:00+99:99", "99999999999999999999"),
    *([], [None], [1, "x", {}], {}, {"A": 1}, {"": ""}, [[]], [{"DESCRIPTION": "x"}], [{}], DEEP, {"X" * 300: "y"}),
)


@pytest.fixture(scope="module")
def tried(runtime: Runtime, fastbill: TestClient) -> Account:
    """An account for all of them: what is left of one is met by the next."""
    account = Account(unlimited(a_tenant(runtime)), fastbill)
    master_data(runtime, account.tenant.caller())
    return account


def judged(account: Account, asked: Any) -> Any:
    answer = account.post(JSON.write(asked))
    assert answer.status_code == 200, (asked, answer.text)
    said: Any = JSON.read(answer.content)
    errors = said["RESPONSE"].get("ERRORS")
    assert errors is None or (errors and all(isinstance(one, str) and one for one in errors)), said
    return said["RESPONSE"]


def fields_of(row: Route) -> list[str]:
    if row.filterable is not None:
        return sorted(row.filterable.fields)
    return sorted(names_of(row.body).fields) if row.body is not None else []


@pytest.mark.parametrize("service", sorted(BY_NAME))
def test_any_value_in_any_field_is_answered(tried: Account, service: str) -> None:
    names = [name.upper() for name in fields_of(BY_NAME[service])]
    part = "FILTER" if BY_NAME[service].operation.reads else "DATA"
    for value in ODD:
        judged(tried, {"SERVICE": service, part: dict.fromkeys(names, value), "LIMIT": value, "OFFSET": value})
        judged(tried, {"SERVICE": service, part: value})
    for place, name in enumerate(names):
        for step in range(3):
            value = ODD[(7 * place + 13 * step) % len(ODD)]
            judged(tried, {"SERVICE": service, "DATA": {name: value}, "FILTER": {name: value}})


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=3) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(service=st.sampled_from(sorted(BY_NAME)), drawn=st.data())
def test_any_json_is_answered(tried: Account, service: str, drawn: st.DataObject) -> None:
    names = [name.upper() for name in fields_of(BY_NAME[service])] or ["X"]
    told = st.dictionaries(st.sampled_from(names), JSONS, max_size=6) | JSONS
    judged(tried, {"SERVICE": service, "DATA": drawn.draw(told), "FILTER": drawn.draw(told), "LIMIT": drawn.draw(JSONS)})


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><FBAPI><SERVICE>&b;</SERVICE></FBAPI>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><FBAPI><SERVICE>customer.get</SERVICE></FBAPI>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]><FBAPI><SERVICE>&a;</SERVICE></FBAPI>'.encode(
            "utf-16"
        ),
        b"<FBAPI xmlns:x='y'><x:SERVICE>customer.get</x:SERVICE></FBAPI>",
        b"<FBAPI><SERVICE>customer.get</SERVICE>",
        b"<OTHER/>",
        b"<" * 5000,
        b"<FBAPI>" + b"<A>" * 9000 + b"</A>" * 9000 + b"</FBAPI>",
        b"<FBAPI><SERVICE>customer.fly</SERVICE><A>" + b"<B/>" * 5000 + b"</A></FBAPI>",
        b"<FBAPI><SERVICE>x</SERVICE><?php echo 1 ?></FBAPI>",
        b"<FBAPI><SERVICE>x</SERVICE><A>&#0;</A></FBAPI>",
        b"\x00\xff\xfe",
        b"{" * 5000,
        b"[" * 100_000,
        b'{"SERVICE": "customer.get", "A": ' + b"[" * 600 + b"]" * 600 + b"}",
        b'{"SERVICE": "customer.get", "FILTER": ' + b'{"A":' * 900 + b"1" + b"}" * 901,
        b"",
        b"[]",
        b"null",
        b'"customer.get"',
        b'{"SERVICE": {"A": 1}, "DATA": [[]]}',
        b'{"SERVICE": "customer.create", "DATA": "x"}',
        b'{"SERVICE": "customer.create", "SERVICE": "customer.get", "DATA": "x"}',
        b'{"SERVICE": "customer.fly\\u0000", "DATA": {"\\u0000": "\\u0000"}}',
        b'{"SERVICE": ["customer.get"]}',
        b'{"SERVICE": "customer.fly", "DATA": {"a": ' + b"9" * 20_000 + b"}}",
    ],
)
def test_hostile_bodies_are_refused_in_the_envelope(tried: Account, body: bytes) -> None:
    before = tried.tenant.rows("SELECT count(*) AS n FROM customer")
    for kind in ("application/xml", "application/json", "multipart/form-data; boundary=x", "multipart/form-data", "", "x/y;;;="):
        answer = tried.post(body, kind)
        assert answer.status_code == 200 and b"ERROR" in answer.content, (kind, answer.text[:300])
    assert tried.tenant.rows("SELECT count(*) AS n FROM customer") == before


def test_a_body_of_ten_megabytes_is_refused_unread(tried: Account) -> None:
    for kind in ("application/json", "application/xml"):
        answer = tried.post(b"<" + b" " * (10 * 1024 * 1024), kind)
        assert answer.status_code == 200 and answer.headers["Connection"] == "close"
        assert b"The body is larger than" in answer.content
        assert answer.headers["content-type"].startswith(kind)


def test_names_that_xml_has_not_are_answered_all_the_same(tried: Account) -> None:
    own = {"1 a": "x", "ä&<>": "y", "": "z", "a:b": "w", "xml": "v"}
    data = {"CUSTOMER_TYPE": "business", "ORGANIZATION": "Muster", "CUSTOMER_NUMBER": "odd"}
    refused = tried.call("customer.create", {**data, "X_ATTRIBUTES": own})
    assert refused["ERRORS"][0] == "missing / invalid field: X_ATTRIBUTES"
    del own[""]
    assert tried.call("customer.create", {**data, "X_ATTRIBUTES": own})["STATUS"] == "success"
    raw = b"<FBAPI><SERVICE>customer.get</SERVICE><FILTER><CUSTOMER_NUMBER>odd</CUSTOMER_NUMBER></FILTER></FBAPI>"
    found: Any = XML_CODEC.read(tried.post(raw, "application/xml").content)
    assert sorted(found["RESPONSE"]["CUSTOMERS"][0]["X_ATTRIBUTES"].values()) == ["v", "w", "x", "y"]


def test_a_compressed_body_is_refused(tried: Account) -> None:
    answer = tried.http.post(URL, content=b"\x1f\x8b", headers={**tried.headers, "Content-Encoding": "gzip"})
    assert answer.status_code == 200 and b"Content-Encoding" in answer.content
