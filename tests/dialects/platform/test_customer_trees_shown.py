"""Customers who belong to each other, in `/v2`: the guide's holding, its company and its branches."""

from typing import Any

import pytest
from tests.factories.tenants import Tenant


@pytest.fixture
def holding(tenant: Tenant) -> Tenant:
    assert tenant.call("PATCH", "/tenant-settings", {"customerHierarchy": True}).body["customerHierarchy"] is True
    for ident in ("holding", "north", "south", "branch-1", "branch-2", "other"):
        assert tenant.call("POST", "/customers", {"customerIdent": ident, "company": f"{ident} GmbH"}).status == 201
    for child, parent in (("branch-1", "north"), ("branch-2", "north"), ("north", "holding"), ("south", "holding")):
        assert assign(tenant, child, parent).status == 204
    return tenant


def assign(tenant: Tenant, child: str, parent: str) -> Any:
    return tenant.call("PUT", f"/customers/{child}/parent", {"parentCustomerIdent": parent})


def codes(answer: Any) -> list[tuple[str, str]]:
    return [(entry["fieldName"], entry["error"]) for entry in answer.body["errors"]]


def names(node: Any) -> Any:
    return {child["customerIdent"]: names(child) for child in node.get("children", ())}


@pytest.mark.parametrize("asked", ["holding", "north", "branch-2", "south"])
def test_the_tree_is_shown_from_its_root_whoever_is_asked_for(holding: Tenant, asked: str) -> None:
    tree = holding.call("GET", f"/customers/{asked}/tree")
    assert (tree.status, tree.body["customerIdent"]) == (200, "holding")
    assert names(tree.body) == {"north": {"branch-1": {}, "branch-2": {}}, "south": {}}


def test_children_are_those_directly_below(holding: Tenant) -> None:
    answer = holding.call("GET", "/customers/holding/children")
    assert [(one["customerIdent"], one["status"], one["runningContracts"]) for one in answer.body["children"]] == [
        ("north", "ACTIVE", 0),
        ("south", "ACTIVE", 0),
    ]
    assert holding.call("GET", "/customers/other/children").body == {"children": []}


@pytest.mark.parametrize(
    ("child", "parent"),
    [
        ("holding", "branch-1"),  # a cycle of three
        ("north", "north"),
        ("other", "branch-1"),  # a fourth level below
        ("holding", "other"),  # ... and above
        ("other", "nobody"),
    ],
)
def test_what_breaks_the_tree_is_refused(holding: Tenant, child: str, parent: str) -> None:
    answer = assign(holding, child, parent)
    assert (answer.status, [field for field, _ in codes(answer)]) == (400, ["parentCustomerIdent"])
    assert names(holding.call("GET", "/customers/north/tree").body) == {"north": {"branch-1": {}, "branch-2": {}}, "south": {}}


def test_a_parent_is_active_and_every_finding_is_said(holding: Tenant) -> None:
    assert holding.call("POST", "/customers/branch-1/actions/archive").status == 204
    assert len(codes(assign(holding, "other", "branch-1"))) == 2


def test_who_is_removed_stands_alone_with_who_belongs_to_him(holding: Tenant) -> None:
    assert holding.call("DELETE", "/customers/north/parent").status == 204
    assert names(holding.call("GET", "/customers/branch-1/tree").body) == {"branch-1": {}, "branch-2": {}}
    assert names(holding.call("GET", "/customers/holding/tree").body) == {"south": {}}


def test_whoever_is_deleted_leaves_his_tree(holding: Tenant) -> None:
    assert holding.call("DELETE", "/customers/north").status == 204
    assert holding.call("GET", "/customers/branch-1/tree").body["customerIdent"] == "branch-1"
    assert holding.broken() == []


def test_without_the_switch_nobody_belongs_to_anybody(holding: Tenant) -> None:
    holding.call("PATCH", "/tenant-settings", {"customerHierarchy": False})
    assert assign(holding, "other", "holding").status == 400
    assert holding.call("GET", "/customers/holding/children").body == {"children": []}
    assert names(holding.call("GET", "/customers/north/tree").body) == {}


def test_what_happens_is_told(holding: Tenant) -> None:
    hook = {"ident": "hook", "type": "customer.*", "url": "https://hooks.example.com/"}
    assert holding.call("POST", "/notifications/configuration/routes", hook).status == 201
    for method, path, body in (
        ("DELETE", "branch-2/parent", None),
        ("PUT", "branch-2/parent", {"parentCustomerIdent": "south"}),
        ("POST", "other/actions/suspend", None),
        ("POST", "other/actions/reinstate", None),
        ("POST", "other/actions/archive", None),
        ("POST", "other/actions/unarchive", None),
        ("POST", "other/actions/merge", {"intoCustomerIdent": "south"}),
    ):
        assert holding.call(method, f"/customers/{path}", body).status == 204
    told = holding.call("GET", "/notifications?size=100").body["_embedded"]
    assert sorted(one["type"] for one in told) == [
        "customer.archived",
        "customer.merged",
        "customer.parent.assigned",
        "customer.parent.removed",
        "customer.reinstated",
        "customer.suspended",
        "customer.unarchived",
    ]
