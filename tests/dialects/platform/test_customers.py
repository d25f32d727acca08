"""Customers and addresses over the API (operations 1 to 8)."""

from typing import Any

import pytest
from tests.factories.bodies import ADDRESS, CUSTOMER, but
from tests.factories.tenants import Tenant

STAMPS = {"createdAt", "lastModifiedAt", "debtorId", "validation"}
"""What is drawn anew: times, the number by which older clients name a customer, what was found of an address and when."""


def without_stamps(body: Any) -> Any:
    if isinstance(body, list):
        return [without_stamps(entry) for entry in body]
    return {k: without_stamps(v) if k == "addresses" else v for k, v in body.items() if k not in STAMPS}


SHOWN_ADDRESS = {**ADDRESS, "customerIdent": "c-1", "country": "DE"}
SHOWN = {
    **CUSTOMER,
    "vatId": "DE136695976",
    "bankAccounts": [],
    "taxClassifications": [],
    "taxExemptions": [],
    "debtorAccount": 10000,
    "creditorAccount": 70000,
    "status": "ACTIVE",
    "smallBusiness": False,
    "addresses": [SHOWN_ADDRESS],
}


def test_a_customer_with_its_addresses(tenant: Tenant) -> None:
    """Country in two letters, VAT id without blanks, personal accounts given; read back the same."""
    made = tenant.call("POST", "/customers", CUSTOMER)
    assert made.status == 201
    assert without_stamps(made.body) == SHOWN
    assert tenant.call("GET", "/customers/c-1").body == made.body
    assert without_stamps(tenant.call("GET", "/customers/c-1/addresses").body["_embedded"]) == [SHOWN_ADDRESS]
    assert without_stamps(tenant.call("GET", "/customers/c-1/addresses/a-1").body) == SHOWN_ADDRESS


def test_the_events_are_kept(tenant: Tenant) -> None:
    tenant.call("POST", "/customers", CUSTOMER)
    tenant.call("PUT", "/customers/c-1", but(CUSTOMER, addresses=None, company="Neu AG"))
    tenant.call("PUT", "/customers/c-1/addresses/a-1", but(ADDRESS, city="Potsdam"))
    kept = [
        (row.name, row.payload) for row in tenant.rows("SELECT name, payload FROM event WHERE name NOT LIKE 'chart%%' ORDER BY id")
    ]
    assert kept == [
        ("customer.created", {"customer_idents": ["c-1"]}),
        ("address.created", {"address_idents": [["c-1", "a-1"]]}),
        ("customer.updated", {"customer_idents": ["c-1"]}),
        ("address.updated", {"address_idents": [["c-1", "a-1"]]}),
    ]


def test_idents_are_made_where_none_is_given(tenant: Tenant) -> None:
    body = but(CUSTOMER, customerIdent=None, addresses=[but(ADDRESS, addressIdent=None)])
    first, second = tenant.call("POST", "/customers", body).body, tenant.call("POST", "/customers", body).body
    assert len({first["customerIdent"], second["customerIdent"]}) == 2
    assert [len(first["customerIdent"]), len(first["addresses"][0]["addressIdent"])] == [36, 36]
    assert (first["debtorAccount"], second["debtorAccount"]) == (10000, 10001)


def test_update_replaces_everything_but_addresses(tenant: Tenant) -> None:
    tenant.call("POST", "/customers", CUSTOMER)
    updated = tenant.call("PUT", "/customers/c-1", {"customerIdent": "c-1", "company": "Neu AG", "customerType": "b2c"})
    assert updated.status == 200
    assert without_stamps(updated.body) == {
        "customerIdent": "c-1",
        "company": "Neu AG",
        "customerType": "B2C",
        "bankAccounts": [],
        "taxClassifications": [],
        "taxExemptions": [],
        "properties": [],
        "smallBusiness": False,
        "debtorAccount": 10000,
        "creditorAccount": 70000,
        "status": "ACTIVE",
        "addresses": [SHOWN_ADDRESS],
    }


def test_an_ident_is_given_once(tenant: Tenant) -> None:
    assert tenant.call("POST", "/customers", CUSTOMER).status == 201
    again = tenant.call("POST", "/customers", but(CUSTOMER, company="Other"))
    assert (again.status, again.body["status"]) == (409, "CONFLICT")
    assert again.body["errors"] == [
        {"fieldName": "customerIdent", "error": "A customer 'c-1' exists already.", "rejectedValue": "c-1"}
    ]
    assert tenant.call("GET", "/customers/c-1").body["company"] == "Kunde AG"
    assert tenant.rows("SELECT count(*) FROM address")[0][0] == 1


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/customers/c-1", {"customerIdent": "c-2", "company": "Neu"}),
        ("PUT", "/customers/c-1/addresses/a-1", but(ADDRESS, addressType="SHIPPING")),
        ("PUT", "/customers/c-1/addresses/a-1", but(ADDRESS, addressIdent="a-2")),
    ],
)
def test_what_names_a_thing_stays(tenant: Tenant, method: str, path: str, body: Any) -> None:
    tenant.call("POST", "/customers", CUSTOMER)
    before = tenant.call("GET", "/customers/c-1").body
    answer = tenant.call(method, path, body)
    assert (answer.status, len(answer.body["errors"])) == (400, 1)
    assert tenant.call("GET", "/customers/c-1").body == before


def test_an_address_is_added_and_replaced(tenant: Tenant) -> None:
    tenant.call("POST", "/customers", CUSTOMER)
    added = tenant.call(
        "POST",
        "/customers/c-1/addresses",
        but(ADDRESS, addressIdent="a-2", addressType="SHIPPING", country="AUT", stateCode="AT-9"),
    )
    assert (added.status, added.body["country"]) == (201, "AT")
    replaced = tenant.call("PUT", "/customers/c-1/addresses/a-2", {"addressType": "SHIPPING", "country": "CHE", "city": "Bern"})
    assert replaced.status == 200
    assert without_stamps(replaced.body) == {
        "customerIdent": "c-1",
        "addressIdent": "a-2",
        "addressType": "SHIPPING",
        "country": "CH",
        "city": "Bern",
    }


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/customers/nobody", "GET"),
        ("/customers/nobody/addresses", "GET"),
        ("/customers/nobody/addresses/a-1", "GET"),
        ("/customers/c-1/addresses/none", "GET"),
    ],
)
def test_what_does_not_exist(tenant: Tenant, path: str, method: str) -> None:
    tenant.call("POST", "/customers", CUSTOMER)
    assert tenant.call(method, path).status == 404


def test_every_finding_at_once(tenant: Tenant) -> None:
    body = {
        "customerIdent": "not an ident!",
        "customerType": "alien",
        "email": "nobody",
        "currency": "QQQ",
        "surprise": 1,
        "electronicAddress": {"scheme": "e-mail"},
        "addresses": [but(ADDRESS, addressType="HOME", country="Atlantis", stateCode="DE-XX")],
    }
    answer = tenant.call("POST", "/customers", body)
    assert answer.status == 400
    assert sorted(entry["fieldName"] for entry in answer.body["errors"]) == [
        "addresses[0].addressType",
        "addresses[0].country",
        "addresses[0].stateCode",
        "currency",
        "customerIdent",
        "customerType",
        "electronicAddress.identifier",
        "electronicAddress.scheme",
        "email",
        "surprise",
    ]
    assert tenant.rows("SELECT count(*) FROM customer")[0][0] == 0


def test_vat_ids_count_in_live_only(tenant: Tenant) -> None:
    """In TEST invented numbers are welcome; LIVE wants right check digits."""
    body = but(CUSTOMER, vatId="DE123456789")
    assert tenant.call("POST", "/customers", body).status == 201
    answer = tenant.live().call("POST", "/customers", body)
    assert (answer.status, answer.body["errors"][0]["fieldName"]) == (400, "vatId")


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("company==Kunde*", ["c-1", "c-2", "c-3"]),
        ("customerIdent=in=(c-1,c-3)", ["c-1", "c-3"]),
        ("company=='Kunde 2',email==x1@*", ["c-1", "c-2"]),
        ("debtorAccount=gt=10000;debtorAccount=lt=10002", ["c-2"]),
        ("vatId==DE*", []),
    ],
)
def test_search(tenant: Tenant, search: str, expected: list[str]) -> None:
    for number in (1, 2, 3):
        tenant.call(
            "POST", "/customers", {"customerIdent": f"c-{number}", "company": f"Kunde {number}", "email": f"x{number}@y.example"}
        )
    found = tenant.call("GET", "/customers", params={"search": search}).body
    assert [row["customerIdent"] for row in found["_embedded"]] == expected
    assert found["page"] == {"number": 0, "size": 20, "totalElements": len(expected), "totalPages": min(1, len(expected))}


def test_pages(tenant: Tenant) -> None:
    for number in range(5):
        tenant.call("POST", "/customers", {"customerIdent": f"c-{number}", "company": f"K{number % 2}"})
    page = tenant.call(
        "GET", "/customers", params=[("size", "2"), ("page", "1"), ("sort", "company,desc"), ("sort", "customerIdent")]
    ).body
    assert [row["customerIdent"] for row in page["_embedded"]] == ["c-0", "c-2"]
    assert page["page"].pop("nextCursor")
    assert page["page"] == {"number": 1, "size": 2, "totalElements": 5, "totalPages": 3}
