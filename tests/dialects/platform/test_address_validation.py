"""Addresses are checked (operations 9 to 13): when they are written, and all at once; by countries' rules and by lists of places."""

from typing import Any

from tests.factories.bodies import ADDRESS, CUSTOMER, but
from tests.factories.tenants import Tenant

from contor.customers.validation.runs import AT_ONCE, look

VALIDATION = "/customers/address-validation"
CONFIGURATIONS = f"{VALIDATION}/configurations"
GERMANY = {"configIdent": "de", "country": "DE", "provider": "SYNTAX", "mode": "REFUSE", "active": True}
PLACES = "PLZ;Ort\n10115;Berlin\n60311;Frankfurt am Main\n"
WRONG = but(ADDRESS, zip="1011", city=None)


def said(tenant: Tenant, ident: str = "a-1") -> Any:
    """What was found of an address of c-1, without the time."""
    found = tenant.call("GET", f"/customers/c-1/addresses/{ident}").body["validation"]
    assert found.pop("checkedAt").startswith("20")
    return found


def bring_places(tenant: Tenant, text: str = PLACES, country: str = "DE") -> Any:
    return tenant.call("PUT", f"{VALIDATION}/directories/{country}", files={"file": ("places.csv", text.encode(), "text/csv")})


def test_an_address_says_what_its_check_found(tenant: Tenant) -> None:
    """By the rules of its country, where nothing is configured; anew when it is written anew."""
    made = tenant.call("POST", "/customers", but(CUSTOMER, addresses=[WRONG])).body
    findings = [
        {"field": "city", "error": "is part of addresses of DE"},
        {"field": "zip", "error": "is no postal code of DE, such as 26133"},
    ]
    assert said(tenant) == {"status": "INVALID", "provider": "SYNTAX", "findings": findings}
    assert made == tenant.call("GET", "/customers/c-1").body
    changed = tenant.call("PUT", "/customers/c-1/addresses/a-1", ADDRESS).body
    assert changed == tenant.call("GET", "/customers/c-1/addresses/a-1").body
    assert said(tenant) == {"status": "VALID", "provider": "SYNTAX", "findings": []}


def test_a_configuration_refuses_what_is_not_right(tenant: Tenant) -> None:
    """Every finding at once, and nothing is stored; other countries, and a configuration that is not active, refuse nothing."""
    assert tenant.call("POST", CONFIGURATIONS, GERMANY).status == 201
    refused = tenant.call(
        "POST",
        "/customers",
        but(CUSTOMER, addresses=[WRONG, but(ADDRESS, addressIdent="a-2"), but(ADDRESS, addressIdent="a-3", zip="7")]),
    )
    assert refused.status == 400
    assert [(entry["fieldName"], entry["rejectedValue"]) for entry in refused.body["errors"]] == [
        ("addresses[0].city", None),
        ("addresses[0].zip", "1011"),
        ("addresses[2].zip", "7"),
    ]
    assert tenant.call("GET", "/customers/c-1").status == 404
    french = but(ADDRESS, addressIdent="a-2", country="FR", zip="1", stateCode=None)
    assert tenant.call("POST", "/customers", but(CUSTOMER, addresses=[ADDRESS, french])).status == 201
    assert said(tenant, "a-2")["status"] == "INVALID"
    assert tenant.call("PUT", "/customers/c-1/addresses/a-1", WRONG).status == 400
    assert tenant.call("POST", CONFIGURATIONS, {**GERMANY, "active": False}).body["active"] is False
    assert tenant.call("PUT", "/customers/c-1/addresses/a-1", WRONG).status == 200


def test_configurations_are_put_read_and_removed(tenant: Tenant, other: Tenant) -> None:
    """The same ident again is replaced; of a country there is one."""
    first = tenant.call("POST", CONFIGURATIONS, GERMANY).body
    assert tenant.call("GET", f"{CONFIGURATIONS}/de").body == first
    again = tenant.call("POST", CONFIGURATIONS, {**GERMANY, "mode": "REPORT"})
    assert (again.status, again.body["mode"], again.body["createdAt"]) == (201, "REPORT", first["createdAt"])
    assert [row["configIdent"] for row in tenant.call("GET", CONFIGURATIONS).body["_embedded"]] == ["de"]
    second = tenant.call("POST", CONFIGURATIONS, {**GERMANY, "configIdent": "de-2"})
    assert (second.status, second.body["errors"][0]["fieldName"]) == (400, "country")
    assert other.call("GET", f"{CONFIGURATIONS}/de").status == 404
    assert other.call("DELETE", f"{CONFIGURATIONS}/de").status == 404
    assert tenant.call("DELETE", f"{CONFIGURATIONS}/de").status == 204
    assert tenant.call("GET", f"{CONFIGURATIONS}/de").status == 404
    unknown = tenant.call("POST", CONFIGURATIONS, {**GERMANY, "provider": "AVALARA", "mode": "SOMETIMES"})
    assert (unknown.status, {entry["fieldName"] for entry in unknown.body["errors"]}) == (400, {"provider", "mode"})


def test_a_list_of_places_is_brought_and_checks(tenant: Tenant, other: Tenant) -> None:
    missing = tenant.call("POST", CONFIGURATIONS, {**GERMANY, "provider": "DIRECTORY"})
    assert (missing.status, missing.body["errors"][0]["fieldName"]) == (400, "provider")
    brought = bring_places(tenant)
    assert (brought.status, brought.body["places"]) == (200, 2)
    assert tenant.call("POST", CONFIGURATIONS, {**GERMANY, "provider": "DIRECTORY", "mode": "REPORT"}).status == 201
    tenant.call("POST", "/customers", but(CUSTOMER, addresses=[but(ADDRESS, city="Hamburg")]))
    assert said(tenant) == {
        "status": "INVALID",
        "provider": "DIRECTORY",
        "findings": [{"field": "city", "error": "is no place of the postal code 10115 in the list of places of DE"}],
    }
    used = tenant.call("DELETE", f"{VALIDATION}/directories/DE")
    assert used.status == 409
    assert [row["country"] for row in tenant.call("GET", f"{VALIDATION}/directories").body["_embedded"]] == ["DE"]
    assert other.call("GET", f"{VALIDATION}/directories").body["_embedded"] == []
    assert bring_places(tenant, PLACES + "10115;Hamburg\n").body["places"] == 3
    assert tenant.call("PUT", "/customers/c-1/addresses/a-1", but(ADDRESS, city="Hamburg")).body["validation"]["status"] == "VALID"
    tenant.call("DELETE", f"{CONFIGURATIONS}/de")
    assert tenant.call("DELETE", f"{VALIDATION}/directories/DE").status == 204
    assert tenant.rows("SELECT count(*) FROM postal_place")[0][0] == 0


def test_a_file_that_is_no_list_of_places_is_refused(tenant: Tenant) -> None:
    for text, word in (
        ("", "empty"),
        ("name;wert\nx;y\n", "called one of"),
        ("plz;ort\n10115;\n;Berlin\n", "line 2"),
        ("plz;ort\n", "names no place"),
    ):
        refused = bring_places(tenant, text)
        assert refused.status == 400
        assert word in str(refused.body)
    assert bring_places(tenant, country="QQ").status == 404


def test_all_addresses_are_checked_anew(tenant: Tenant, other: Tenant) -> None:
    """By a run with its progress; while one is under way no other begins. What it found is listed."""
    tenant.call("POST", "/customers", but(CUSTOMER, addresses=[WRONG, but(ADDRESS, addressIdent="a-2")]))
    tenant.call("POST", "/customers", but(CUSTOMER, customerIdent="c-2"))
    started = tenant.call("POST", f"{VALIDATION}/actions/validate-all")
    assert (started.status, started.body["status"], started.body["total"]) == (202, "QUEUED", 3)
    assert tenant.call("POST", f"{VALIDATION}/actions/validate-all").body["ident"] == started.body["ident"]
    bring_places(tenant)
    tenant.call("POST", CONFIGURATIONS, {**GERMANY, "provider": "DIRECTORY"})
    look(tenant.runtime, tenant.id)
    done = tenant.call("GET", f"{VALIDATION}/runs/{started.body['ident']}").body
    assert [done[name] for name in ("status", "total", "checked", "invalid")] == ["DONE", 3, 3, 1]
    found = tenant.call("GET", f"{VALIDATION}/results?search=status==INVALID").body["_embedded"]
    assert [(row["customerIdent"], row["addressIdent"], row["provider"]) for row in found] == [("c-1", "a-1", "DIRECTORY")]
    assert [run["ident"] for run in tenant.call("GET", f"{VALIDATION}/runs").body["_embedded"]] == [done["ident"]]
    assert other.call("GET", f"{VALIDATION}/runs/{done['ident']}").status == 404
    assert other.call("GET", f"{VALIDATION}/results").body["_embedded"] == []


def test_a_run_goes_on_where_it_stopped(tenant: Tenant) -> None:
    """More addresses than one step takes, each checked once; a worker that is gone between two steps loses nothing."""
    for n in range(AT_ONCE // 100 + 1):
        addresses = [but(ADDRESS, addressIdent=f"a-{m}") for m in range(100)]
        assert tenant.call("POST", "/customers", but(CUSTOMER, customerIdent=f"c-{n}", addresses=addresses)).status == 201
    ident = tenant.call("POST", f"{VALIDATION}/actions/validate-all").body["ident"]
    for _ in range(2):  # the second finds nothing left
        look(tenant.runtime, tenant.id)
        done = tenant.call("GET", f"{VALIDATION}/runs/{ident}").body
        assert [done[name] for name in ("status", "total", "checked", "invalid")] == ["DONE", AT_ONCE + 100, AT_ONCE + 100, 0]
