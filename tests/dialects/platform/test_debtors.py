"""Customers and addresses as older clients ask for them (operations 14 to 23): plain arrays, numbers, and word that they are deprecated."""

import pytest
from tests.factories.bodies import ADDRESS, CUSTOMER, but
from tests.factories.tenants import Tenant

SECOND = but(CUSTOMER, customerIdent="c-2", addresses=[but(ADDRESS, city="Potsdam")])


def numbers(tenant: Tenant, ident: str) -> tuple[int, int]:
    """Of a customer and of its first address."""
    (debtor,) = (row for row in tenant.call("GET", "/debtors").body if row["customerIdent"] == ident)
    (address, *_) = tenant.call("GET", f"/debtors/{debtor['debtorId']}/addresses").body
    return debtor["debtorId"], address["addressId"]


def test_a_debtor_is_the_customer(tenant: Tenant) -> None:
    """Made, read and replaced by its number, it is the customer that its ident names."""
    made = tenant.call("POST", "/debtors", CUSTOMER)
    assert made.status == 201
    assert made.body == tenant.call("GET", "/customers/c-1").body
    number = made.body["debtorId"]
    assert tenant.call("GET", f"/debtors/{number}").body == made.body
    changed = tenant.call("PUT", f"/debtors/{number}", but(CUSTOMER, addresses=None, company="Neu AG"))
    assert (changed.status, changed.body["company"], changed.body["customerIdent"]) == (200, "Neu AG", "c-1")
    assert tenant.call("GET", "/customers/c-1").body == changed.body


def test_addresses_by_their_numbers(tenant: Tenant) -> None:
    tenant.call("POST", "/debtors", CUSTOMER)
    debtor, first = numbers(tenant, "c-1")
    added = tenant.call("POST", f"/debtors/{debtor}/addresses", but(ADDRESS, addressIdent="a-2", addressType="SHIPPING"))
    assert added.status == 201
    second = added.body["addressId"]
    assert second != first
    path = f"/debtors/{debtor}/addresses/{second}"
    assert tenant.call("GET", path).body == added.body
    changed = tenant.call("PUT", path, but(ADDRESS, addressIdent="a-2", addressType="SHIPPING", city="Potsdam"))
    assert (changed.status, changed.body["city"], changed.body["addressId"]) == (200, "Potsdam", second)
    current = tenant.call("GET", "/customers/c-1/addresses/a-2").body
    assert {**current, "addressId": second} == changed.body


def test_an_address_of_another_customer_is_none_of_this_one(tenant: Tenant) -> None:
    """Both are called a-1: the number tells them apart."""
    tenant.call("POST", "/debtors", CUSTOMER)
    tenant.call("POST", "/debtors", SECOND)
    (first, own), (second, foreign) = numbers(tenant, "c-1"), numbers(tenant, "c-2")
    assert tenant.call("GET", f"/debtors/{second}/addresses/{foreign}").body["city"] == "Potsdam"
    for method, body in (("GET", None), ("PUT", but(ADDRESS, addressIdent=None))):
        assert tenant.call(method, f"/debtors/{first}/addresses/{foreign}", body).status == 404
    assert tenant.call("GET", f"/debtors/{first}/addresses/{own}").body["city"] == "Berlin"


def test_older_lists_are_plain_arrays(tenant: Tenant) -> None:
    """Pages by pageNumber and pageSize, sorted by orderBy and direction."""
    for n in range(1, 4):
        tenant.call("POST", "/customers", but(CUSTOMER, customerIdent=f"c-{n}"))
    page = "?pageNumber=1&pageSize=2&orderBy=customerIdent&direction=ASC"
    for path in ("/customers/unpaged", "/debtors"):
        assert [row["customerIdent"] for row in tenant.call("GET", path + page).body] == ["c-3"]
    shown = tenant.call("GET", "/customers/c-1/addresses/unpaged")
    assert shown.body == tenant.call("GET", "/customers/c-1/addresses").body["_embedded"] != []


DEPRECATED = ["/customers/unpaged", "/customers/c-1/addresses/unpaged", "/debtors", "/plans"]


@pytest.mark.parametrize("path", DEPRECATED)
def test_deprecated_routes_say_so(tenant: Tenant, path: str) -> None:
    """Since when (RFC 9745), and from when on they may be gone (RFC 8594)."""
    tenant.call("POST", "/customers", CUSTOMER)
    answer = tenant.call("GET", path)
    assert answer.status == 200
    said = {name: answer.headers.get(name) for name in ("Deprecation", "Sunset")}
    assert said == {"Deprecation": "@1734652800", "Sunset": "Sat, 01 Jan 2028 00:00:00 GMT"}
    assert "Deprecation" not in tenant.call("GET", "/customers").headers


def test_strangers_find_no_debtor(tenant: Tenant, other: Tenant) -> None:
    tenant.call("POST", "/debtors", CUSTOMER)
    debtor, address = numbers(tenant, "c-1")
    assert other.call("GET", "/debtors").body == []
    assert other.call("GET", f"/debtors/{debtor}").status == 404
    assert other.call("PUT", f"/debtors/{debtor}", but(CUSTOMER, addresses=None)).status == 404
    assert other.call("GET", f"/debtors/{debtor}/addresses").status == 404
    assert other.call("POST", f"/debtors/{debtor}/addresses", ADDRESS).status == 404
    assert other.call("GET", f"/debtors/{debtor}/addresses/{address}").status == 404
    assert tenant.call("GET", "/debtors/c-1").status == 404, "a number is asked for, not an ident"
