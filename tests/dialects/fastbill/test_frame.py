"""What every service has: the envelope and its echo, formats, files beside it, pages of lists, and what real clients send."""

from typing import Any

import pytest
from lxml import etree
from starlette.testclient import TestClient
from tests.factories.fastbill import URL, XML_CODEC, Account

from contor.api.codec import JSON
from contor.api.fastbill.services import SERVICES

NEW = {"CUSTOMER_TYPE": "business", "ORGANIZATION": "Muster Handel GmbH"}


def response(answer: Any) -> Any:
    return JSON.read(answer.content)["RESPONSE"]  # type: ignore[index]


def test_trap_1_keys_are_read_in_any_case_and_null_says_nothing(bare: Account) -> None:
    asked = {"service": "customer.create", "filter": None, "limit": None, "offset": None, "data": {"customer_type": "business"}}
    asked["data"] |= {"Organization": "Muster", "EMAIL": None, "phone": ""}  # type: ignore[operator]
    assert bare.ask(asked)["RESPONSE"]["STATUS"] == "success"
    assert bare.call("Customer.Get", LIMIT=1)["CUSTOMERS"][0]["ORGANIZATION"] == "Muster"


def test_trap_2_the_request_is_repeated_with_names_in_capitals(bare: Account) -> None:
    asked = {"service": "customer.get", "filter": {"customer_id": 5, "City": "Bremen"}, "limit": 3, "data": None}
    echo = bare.ask(asked)["REQUEST"]
    assert echo == {"SERVICE": "customer.get", "FILTER": {"CUSTOMER_ID": 5, "CITY": "Bremen"}, "LIMIT": 3, "DATA": None}
    assert bare.ask({"FILTER": []})["REQUEST"] == {"FILTER": [], "SERVICE": ""}


def test_credentials_are_never_repeated(bare: Account) -> None:
    secret = {"PASSWORD": "x1", "PAYMENT_TOKEN": "x2", "paymill_token": "x3", "X_ATTRIBUTES": {"password": "kept"}}
    answer = bare.post(JSON.write({"SERVICE": "customer.create", "DATA": {**NEW, **secret}}))
    assert JSON.read(answer.content)["REQUEST"]["DATA"] == {**NEW, "X_ATTRIBUTES": {"password": "kept"}}  # type: ignore[index]
    assert bare.secret not in answer.text and bare.tenant.api_secret not in answer.text


def test_trap_3_contacts_are_elements_in_xml(bare: Account) -> None:
    number = bare.call("customer.create", NEW)["CUSTOMER_ID"]
    bare.call("contact.create", {"CUSTOMER_ID": number, "LAST_NAME": "Muster"})
    answer = bare.post(b"<FBAPI><SERVICE>contact.get</SERVICE></FBAPI>", "application/xml")
    (element,) = etree.fromstring(answer.content).findall("RESPONSE/CONTACTS/ELEMENT")
    assert element.findtext("LAST_NAME") == "Muster"


def test_trap_4_ids_are_numbers_where_made_and_texts_in_lists(bare: Account) -> None:
    number = bare.call("customer.create", NEW)["CUSTOMER_ID"]
    assert type(number) is int
    for given in (number, str(number), f" {number} "):
        (found,) = bare.call("customer.get", FILTER={"CUSTOMER_ID": given})["CUSTOMERS"]
        assert found["CUSTOMER_ID"] == str(number)


@pytest.mark.parametrize("name", ["customer.fly", "x", "customer", "customer.get.all"])
def test_trap_5_an_unknown_service_is_named(bare: Account, name: str) -> None:
    assert bare.call(name) == {"ERRORS": [f"unknown SERVICE: {name}"]}


def test_trap_7_what_a_service_does_not_know_is_ignored(bare: Account) -> None:
    entity = {**NEW, "DOCUMENT_URL": "https://x", "TOTAL": 12, "ITEMS": [{"A": 1}], "COLOUR": {"deep": [1]}}
    assert bare.call("customer.create", entity)["STATUS"] == "success"


def test_a_list_without_a_filter_finds_all_whatever_stands_in_data(bare: Account) -> None:
    """The classic client in PHP repeats in DATA what the same object wrote before."""
    for city in ("Bremen", "Bonn"):
        bare.call("customer.create", {**NEW, "CITY": city})
    found = bare.call("customer.get", {"CITY": "Bonn", "CUSTOMER_TYPE": "business"})["CUSTOMERS"]
    assert [one["CITY"] for one in found] == ["Bremen", "Bonn"]


def test_what_a_service_must_know_may_stand_in_data_beside_an_empty_filter(bare: Account) -> None:
    """Clients write every name, with null where they have nothing to say."""
    number = bare.call("customer.create", NEW)["CUSTOMER_ID"]
    asked = {"service": "customer.createsecurelink", "limit": None, "offset": None, "data": {"CUSTOMER_ID": number}}
    for nothing in (None, [], {}, ""):
        assert "DASHBOARD_URL" in bare.ask({**asked, "filter": nothing})["RESPONSE"]
    assert "ERRORS" in bare.ask({**asked, "filter": {"CUSTOMER_ID": number + 1}})["RESPONSE"]


def test_trap_8_ten_are_answered_from_the_first_on(bare: Account) -> None:
    numbers = [bare.call("customer.create", NEW)["CUSTOMER_ID"] for _ in range(12)]

    def found(**more: Any) -> list[int]:
        return [int(one["CUSTOMER_ID"]) for one in bare.call("customer.get", **more)["CUSTOMERS"]]

    assert found() == found(LIMIT=None) == found(LIMIT="", OFFSET="0") == found(LIMIT=0) == numbers[:10]
    assert found(LIMIT="5", OFFSET=9) == numbers[9:]


def test_trap_10_the_request_stands_in_a_part_of_its_own(bare: Account) -> None:
    body = b'--AaB03x\r\nContent-Disposition: form-data; name="httpbody"\r\n\r\n%s\r\n--AaB03x--\r\n'
    for raw, separator in ((b'{"SERVICE": "customer.get"}', ","), (b'{"SERVICE": "customer.get"}', ";")):
        answer = bare.post(body % raw, f"multipart/form-data{separator} boundary=AaB03x")
        assert response(answer) == {"CUSTOMERS": []}
    xml = bare.post(body % b"<FBAPI><SERVICE>customer.get</SERVICE></FBAPI>", "multipart/form-data, boundary=AaB03x")
    assert XML_CODEC.read(xml.content)["RESPONSE"] == {"CUSTOMERS": []}  # type: ignore[index]
    missing = bare.post(b"--x\r\n\r\n\r\n--x--", "multipart/form-data; boundary=x")
    assert response(missing) == {"ERRORS": ["missing / invalid field: HTTPBODY"]}


def test_trap_12_more_than_a_hundred_are_never_answered(bare: Account) -> None:
    with bare.tenant.runtime.transaction(bare.tenant.caller()) as uow:
        uow.run(
            "INSERT INTO customer (tenant_id, customer_ident, id, customer_type, company, bank_accounts, tax_classifications,"
            " tax_exemptions, small_business, properties, created_at, last_modified_at)"
            " SELECT contor_tenant(), 'c' || n, nextval('contor_id'), 'B2B', 'Muster', '[]', '[]', '[]', false, '[]', now(), now()"
            " FROM generate_series(1, 105) n"
        )
    for limit in (101, 1_000_000, "100"):
        assert len(bare.call("customer.get", LIMIT=limit)["CUSTOMERS"]) == 100


def test_the_format_is_told_by_the_first_byte_where_the_type_says_neither(bare: Account) -> None:
    for kind in ("application/x-www-form-urlencoded", "text/plain", ""):
        assert response(bare.post(b' {"SERVICE": "customer.get"}', kind)) == {"CUSTOMERS": []}
        xml = bare.post(b"\n<FBAPI><SERVICE>customer.get</SERVICE></FBAPI>", kind)
        assert xml.headers["content-type"] == "application/xml; charset=utf-8"


def test_a_body_comes_in_pieces(bare: Account) -> None:
    """Transfer-Encoding: chunked, without a length."""
    pieces = iter([b'{"SERVICE":', b' "customer.get"}'])
    answer = bare.http.post(URL, content=pieces, headers={**bare.headers, "Content-Type": "application/json"})
    assert response(answer) == {"CUSTOMERS": []}


def test_xml_is_read_in_any_case_and_answers_empty_elements(bare: Account) -> None:
    raw = b"<?xml version='1.0'?><fbapi><service>customer.create</service><data><customer_type>business</customer_type>"
    answer = bare.post(raw + b"<organization>M&amp;S</organization><email/></data></fbapi>", "application/xml")
    assert XML_CODEC.read(answer.content)["RESPONSE"]["STATUS"] == "success"  # type: ignore[index]
    got = etree.fromstring(bare.post(b"<FBAPI><SERVICE>customer.get</SERVICE></FBAPI>", "application/xml").content)
    assert got.findtext("REQUEST/SERVICE") == "customer.get"
    (one,) = got.findall("RESPONSE/CUSTOMERS/CUSTOMER")
    assert (one.findtext("ORGANIZATION"), one.findtext("EMAIL")) == ("M&S", "")


def test_texts_are_not_escaped_in_json(bare: Account) -> None:
    bare.call("customer.create", {**NEW, "ORGANIZATION": "M&S <\"'>"})
    assert response(bare.post(b'{"SERVICE": "customer.get"}'))["CUSTOMERS"][0]["ORGANIZATION"] == "M&S <\"'>"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_only_post_is_answered(bare: Account, method: str) -> None:
    answer = bare.http.request(method, URL, headers=bare.headers)
    assert answer.status_code == 405 and "POST" in answer.headers["Allow"]
    assert JSON.read(answer.content) == {
        "REQUEST": {"SERVICE": ""},
        "RESPONSE": {"ERRORS": [f"{method} is not allowed: POST is."]},
    }


def test_nothing_but_the_address_is_answered(bare: Account) -> None:
    for path in ("/api/1.0/api.php/x", "/api/1.0/api.php/"):
        assert bare.http.post(path, content=b"{}", headers=bare.headers).status_code == 404


def test_who_may_not_read_is_told_so(bare: Account, fastbill: TestClient) -> None:
    """Every service asks for a permission: none is there for anybody."""
    assert [row.service for row in SERVICES if not row.operation.permission] == []
