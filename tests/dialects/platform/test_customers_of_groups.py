"""What is kept about customers beside their address: groups, e-mails, the tenant's own fields."""

from tests.factories.bodies import CUSTOMER
from tests.factories.tenants import Tenant

GROUPS = "/customer-groups"
EMAILS = "/customers/c-1/emails"
VALUES = "/customers/c-1/custom-fields"


def test_a_group_is_renamed_and_deleted_when_nobody_is_in_it(tenant: Tenant) -> None:
    made = tenant.call("POST", GROUPS, {"ident": "vip", "name": "Very important"})
    assert made.status == 201
    changed = tenant.call("PUT", f"{GROUPS}/vip", {"name": "Most important", "description": "Called first"})
    assert (changed.status, changed.body["name"], changed.body["description"]) == (200, "Most important", "Called first")
    assert tenant.call("GET", f"{GROUPS}/vip").body == changed.body
    member = tenant.call("POST", "/customers", {**CUSTOMER, "groupIdent": "vip"})
    assert (member.status, member.body["groupIdent"]) == (201, "vip")
    refused = tenant.call("DELETE", f"{GROUPS}/vip")
    assert refused.status == 409
    assert "c-1" in refused.body["message"]
    assert (
        tenant.call("PUT", "/customers/c-1", {name: said for name, said in CUSTOMER.items() if name != "addresses"}).status == 200
    )
    assert tenant.call("DELETE", f"{GROUPS}/vip").status == 204
    assert tenant.call("GET", f"{GROUPS}/vip").status == 404
    assert tenant.call("DELETE", f"{GROUPS}/vip").status == 404


def test_an_e_mail_is_replaced_whole(tenant: Tenant) -> None:
    tenant.call("POST", "/customers", CUSTOMER)
    made = tenant.call("POST", EMAILS, {"email": "old@example.com", "receiverName": "Books", "forInvoices": True})
    assert made.status == 201
    one = f"{EMAILS}/{made.body['ident']}"
    changed = tenant.call("PUT", one, {"email": "new@example.com", "forDunning": True})
    assert changed.status == 200
    assert changed.body["email"] == "new@example.com"
    assert (changed.body.get("receiverName"), changed.body["forInvoices"], changed.body["forDunning"]) == (None, False, True)
    assert tenant.call("GET", one).body == changed.body
    assert [found["email"] for found in tenant.call("GET", EMAILS).body["emails"]].count("new@example.com") == 1
    refused = tenant.call("PUT", one, {"email": "nowhere"})
    assert (refused.status, [finding["fieldName"] for finding in refused.body["errors"]]) == (400, ["email"])
    assert tenant.call("GET", one).body == changed.body


def test_own_fields_are_changed_one_by_one(tenant: Tenant) -> None:
    tenant.call("POST", "/customers", CUSTOMER)
    for key, type in (("tier", "TEXT"), ("seats", "NUMBER")):
        field = {"ident": key, "kind": "CUSTOMER", "key": key, "name": key, "type": type}
        assert tenant.call("POST", "/custom-fields", field).status == 201
    assert tenant.call("PATCH", VALUES, {"values": {"tier": "gold", "seats": 7}}).body == {"values": {"tier": "gold", "seats": 7}}
    assert tenant.call("PATCH", VALUES, {"values": {"tier": None}}).body == {"values": {"seats": 7}}
    assert tenant.call("GET", VALUES).body == {"values": {"seats": 7}}
    refused = tenant.call("PATCH", VALUES, {"values": {"tier": 7, "seats": "many", "hue": "red"}})
    assert refused.status == 400
    assert sorted(finding["fieldName"] for finding in refused.body["errors"]) == ["values.hue", "values.seats", "values.tier"]
    assert tenant.call("GET", VALUES).body == {"values": {"seats": 7}}
    assert tenant.unsound() == []
