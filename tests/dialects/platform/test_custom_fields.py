"""Fields that a tenant declares, and what things have in them."""

from typing import Any

import pytest
from tests.factories.tenants import Tenant

from contor.custom_fields.values import forgotten, kept, validated, values_of
from contor.kernel.errors import Refused

PATH = "/custom-fields"
TIER: dict[str, Any] = {
    "ident": "tier",
    "kind": "CUSTOMER",
    "key": "tier",
    "name": "Stufe",
    "type": "SELECTION",
    "options": [{"value": "gold", "label": "Gold"}, {"value": "silver"}],
}


def declare(tenant: Tenant, key: str, type: str, kind: str = "CUSTOMER", **more: Any) -> None:
    body = {"ident": f"{kind}-{key}", "kind": kind, "key": key, "name": key, "type": type, **more}
    assert tenant.call("POST", PATH, body).status == 201


def keep(tenant: Tenant, ident: str, values: dict[str, Any]) -> None:
    with tenant.runtime.transaction(tenant.caller()) as uow:
        kept(uow, "CUSTOMER", ident, values)


def shown(tenant: Tenant, *idents: str) -> dict[str, Any]:
    with tenant.runtime.transaction(tenant.caller(), reads=True) as uow:
        return {ident: dict(values) for ident, values in values_of(uow, "CUSTOMER", idents).items()}


def test_a_field_is_declared_read_changed_and_deleted(tenant: Tenant) -> None:
    made = tenant.call("POST", PATH, TIER)
    assert made.status == 201
    assert made.body["options"] == [{"value": "gold", "label": "Gold"}, {"value": "silver"}]
    assert tenant.call("GET", f"{PATH}/tier").body == made.body
    changed = tenant.call("PUT", f"{PATH}/tier", {**TIER, "name": "Rang", "position": 2})
    assert (changed.status, changed.body["name"], changed.body["position"]) == (200, "Rang", 2)
    keep(tenant, "c-1", {"tier": "gold"})
    assert tenant.call("DELETE", f"{PATH}/tier").status == 204
    assert tenant.call("GET", f"{PATH}/tier").status == 404
    assert tenant.call("POST", PATH, TIER).status == 201
    assert shown(tenant, "c-1") == {"c-1": {}}
    assert tenant.broken() == []


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"type": "TEXT"}, ["options"]),
        ({"options": []}, ["options"]),
        ({"options": [{"value": "a"}, {"value": "a"}]}, ["options[1].value"]),
        ({"key": "1st", "type": "COLOUR"}, ["key", "type"]),
    ],
)
def test_a_wrong_declaration_is_refused(tenant: Tenant, change: dict[str, Any], fields: list[str]) -> None:
    answer = tenant.call("POST", PATH, {**TIER, **change})
    assert answer.status == 400
    assert sorted(entry["fieldName"] for entry in answer.body["errors"]) == fields


def test_a_key_is_declared_once_for_each_kind(tenant: Tenant) -> None:
    declare(tenant, "region", "TEXT")
    declare(tenant, "region", "TEXT", kind="PRODUCT")
    again = {"kind": "CUSTOMER", "key": "region", "name": "Gebiet", "type": "TEXT"}
    answer = tenant.call("POST", PATH, again)
    assert (answer.status, answer.body["errors"][0]["fieldName"]) == (400, "key")


def test_key_and_type_of_a_field_stay(tenant: Tenant) -> None:
    declare(tenant, "region", "TEXT")
    changed = {"kind": "CUSTOMER", "key": "area", "name": "Gebiet", "type": "LIST"}
    answer = tenant.call("PUT", f"{PATH}/CUSTOMER-region", changed)
    assert answer.status == 400
    assert sorted(entry["fieldName"] for entry in answer.body["errors"]) == ["key", "type"]


def test_values_are_kept_changed_and_unset(tenant: Tenant) -> None:
    declare(tenant, "region", "TEXT")
    declare(tenant, "seats", "NUMBER")
    declare(tenant, "vip", "CHECKBOX")
    keep(tenant, "c-1", {"region": "Nord", "seats": 3, "vip": False})
    keep(tenant, "c-2", {"region": "Süd"})
    keep(tenant, "c-1", {"region": "", "seats": 4})
    assert shown(tenant, "c-1", "c-2", "c-3") == {"c-1": {"seats": 4, "vip": False}, "c-2": {"region": "Süd"}, "c-3": {}}
    with tenant.runtime.transaction(tenant.caller()) as uow:
        forgotten(uow, "CUSTOMER", ["c-1"])
    assert shown(tenant, "c-1") == {"c-1": {}}
    assert tenant.broken() == []


def test_every_wrong_value_is_said_at_once(tenant: Tenant) -> None:
    declare(tenant, "region", "TEXT", kind="PRODUCT")
    declare(tenant, "seats", "NUMBER")
    with tenant.runtime.transaction(tenant.caller(), reads=True) as uow, pytest.raises(Refused) as caught:
        validated(uow, "CUSTOMER", {"region": "Nord", "seats": "viele"})
    assert [problem.field for problem in caught.value.problems] == ["customFields.region", "customFields.seats"]
