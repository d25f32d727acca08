"""Projects, offers and papers of another tenant do not exist; who may not, is told so; and nothing of the owner changes."""

import re
from typing import Any

import pytest
from tests.checkers.tenants import everything
from tests.factories.drafts import PARTIES, a_row
from tests.factories.received import a_plain_pdf
from tests.factories.tenants import Answer, Tenant

from contor.api.platform.routes import ROUTES
from contor.api.route import Route
from contor.commands.demo import master_data
from contor.expenses.inbox import ReadItems, read_items

BELOW = re.compile(
    r"/v2/(projects|times|offers|expenses|expense-categories|suppliers|opening-claims|revenues|inbox|folders|filed-papers)(/|$)"
)
OURS = [route for route in ROUTES if BELOW.match(route.path)]
TAKING_AN_ID = [route for route in OURS if "{" in route.path]
CUSTOMER = "muster-handel"
PDF = a_plain_pdf()
PROJECT = {"name": "Website", "customerIdent": CUSTOMER, "hourPrice": "90.00", "vatRate": 19}
PAPER = {"date": "2026-03-02", "net": "10.00", "tax": "1.90"}
CLAIM = {
    "customerIdent": CUSTOMER,
    "documentDate": "2026-03-02",
    "dueDate": "2026-03-16",
    "rows": [{"description": "Work", "net": "10.00", "vatRate": 19}],
}
OFFER: dict[str, Any] = {"currency": "EUR", **PARTIES, "items": [a_row()]}
CREATED: dict[str, dict[str, Any]] = {
    "/v2/projects": PROJECT,
    "/v2/projects/{projectIdent}/tasks": {"name": "Design"},
    "/v2/times": {"projectIdent": "mine", "minutes": 30},
    "/v2/offers": OFFER,
    "/v2/expenses": {"supplier": "Papier Nord GmbH", **PAPER},
    "/v2/expense-categories": {"name": "Office", "bookingAccount": 4900},
    "/v2/suppliers": {"name": "Papier Nord GmbH"},
    "/v2/opening-claims": CLAIM,
    "/v2/revenues": {"customerIdent": CUSTOMER, **PAPER},
    "/v2/folders": {"name": "Contracts"},
    "/v2/filed-papers": {"type": "contract", "title": "Lease", "date": "2026-03-02"},
}
BODIES: dict[str, Any] = {
    **{
        f"{path}/{{{name}}}": CREATED[path]
        for path, name in (
            ("/v2/projects", "projectIdent"),
            ("/v2/projects/{projectIdent}/tasks", "taskIdent"),
            ("/v2/expenses", "expenseIdent"),
            ("/v2/expense-categories", "expenseCategoryIdent"),
            ("/v2/suppliers", "supplierIdent"),
            ("/v2/revenues", "revenueIdent"),
            ("/v2/folders", "folderIdent"),
            ("/v2/filed-papers", "filedPaperIdent"),
        )
    },
    "/v2/times/{timeIdent}": {"minutes": 45},
    "/v2/offers/{offerIdent}": {"version": 1, "language": "en"},
    "/v2/offers/{offerIdent}/actions/mark": {"status": "ACCEPTED"},
    "/v2/offers/configuration": {"prefix": "X-##YEAR##-"},
}


NAMES = {"/v2/offers": "offerIdent", "/v2/opening-claims": "number"}
"""How what is created is named, where it is no ident."""


def send(tenant: Tenant, route: Route, ids: dict[str, str], *permissions: str) -> Answer:
    path = re.sub(r"\{(\w+)\}", lambda match: ids[match.group(1)], route.path).removeprefix("/v2")
    if route.upload:
        headers = {"Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="x.pdf"'}
        return tenant.call(route.method, path, raw=PDF, headers=headers, permissions=permissions)
    body = CREATED.get(route.path) if route.method == "POST" else None
    body = BODIES.get(route.path, {}) if body is None and route.method in ("POST", "PUT", "PATCH") else body
    return fetched(tenant, route.method, path, body, permissions)


def fetched(tenant: Tenant, method: str, path: str, body: Any, permissions: tuple[str, ...]) -> Answer:
    """Files are no JSON."""
    if method == "GET" and path.endswith("/file"):
        assert tenant.http is not None
        answer = tenant.http.get(f"/v2{path}", headers={"Authorization": f"Bearer {tenant.token(*permissions)}"})
        return Answer(answer.status_code, None, answer.headers)
    return tenant.call(method, path, body, permissions=permissions)


def furnish(tenant: Tenant) -> dict[str, str]:
    """Everything that the routes name, by placeholder."""
    master_data(tenant.runtime, tenant.caller())
    ids = {name: "mine" for route in TAKING_AN_ID for name in re.findall(r"\{(\w+)\}", route.path)}
    for path, body in CREATED.items():
        named = {NAMES.get(path, "ident"): "mine"}
        made = tenant.call("POST", path.removeprefix("/v2").replace("{projectIdent}", "mine"), {**named, **body})
        assert made.status == 201, made.body
    headers = {"Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="x.pdf"'}
    for path in ("/expenses/mine/file", "/revenues/mine/file", "/filed-papers/mine/file"):
        assert tenant.call("POST", path, raw=PDF, headers=headers).status == 200
    item = tenant.call("POST", "/inbox", raw=PDF, headers=headers).body
    tenant.execute(read_items, ReadItems(inbox_item_ids=(item["inboxItemId"],)))
    return {**ids, "inboxItemIdent": item["inboxItemIdent"]}


@pytest.fixture
def ids(tenant: Tenant) -> dict[str, str]:
    return furnish(tenant)


def test_another_tenants_papers_do_not_exist(tenant: Tenant, other: Tenant, ids: dict[str, str]) -> None:
    before = everything(tenant)
    answers = {f"{route.method} {route.path}": send(other, route, ids).status for route in TAKING_AN_ID}
    assert {name: status for name, status in answers.items() if status != 404} == {}
    assert everything(tenant) == before


def test_the_owner_reads_all_of_it(tenant: Tenant, ids: dict[str, str]) -> None:
    answers = {f"{route.method} {route.path}": send(tenant, route, ids).status for route in OURS if route.method == "GET"}
    assert {name: status for name, status in answers.items() if status != 200} == {}


def test_lists_of_a_stranger_are_empty(other: Tenant, ids: dict[str, str]) -> None:
    for route in OURS:
        if route.method == "GET" and route.filterable is not None and "{" not in route.path:
            assert send(other, route, ids).body["_embedded"] == [], route.path


@pytest.mark.parametrize("route", OURS, ids=lambda route: f"{route.method} {route.path}")
def test_who_may_not_is_told_so(tenant: Tenant, route: Route) -> None:
    """And who may only read changes nothing."""
    needed = route.operation.permission
    noun, _, verb = needed.partition(".")
    held = ("customers.write", *([f"{noun}.read"] if verb == "write" else []))
    named = dict.fromkeys(re.findall(r"\{(\w+)\}", route.path), "mine")
    assert send(tenant, route, named, *held).status == 403
    assert send(tenant, route, named, needed).status != 403


def test_every_route_that_changes_something_is_answered(tenant: Tenant, ids: dict[str, str]) -> None:
    """In an order in which each goes well: actions, changes, then what is deleted."""
    writes = [route for route in OURS if route.method in ("PUT", "PATCH")]
    actions = [
        ("POST", "/projects/mine/actions/bill-times", {"billingGroupIdent": "external"}, 200),
        ("POST", "/expenses/mine/actions/set-paid", {"paidOn": "2026-03-05"}, 200),
        ("POST", "/revenues/mine/actions/set-paid", None, 200),
        ("POST", f"/inbox/{ids['inboxItemIdent']}/actions/take", {"supplier": "S", **PAPER}, 201),
        ("POST", "/offers/mine/actions/mark", {"status": "NEGOTIATION"}, 200),
        ("POST", "/offers/mine/actions/create-invoice", None, 201),
    ]
    for route in writes:
        answer = send(tenant, route, ids)
        assert answer.status == 200, (route.path, answer.body)
    for method, path, body, status in actions:
        answer = tenant.call(method, path, body)
        assert answer.status == status, (path, answer.body)
    (draft,) = [row.ident for row in tenant.rows("SELECT d.ident FROM draft d JOIN offer_draft o ON o.draft_id = d.id")]
    assert tenant.call("DELETE", f"/drafts/{draft}").status == 204
    assert tenant.call("POST", "/projects", {"ident": "begun", **PROJECT}).status == 201
    assert tenant.call("POST", "/projects/begun/tasks", {"ident": "draw", "name": "Draw"}).status == 201
    hour = {"ident": "hour", "projectIdent": "begun", "taskIdent": "draw", "minutes": 60}
    assert tenant.call("POST", "/times", hour).status == 201
    begun = ("/times/hour", "/projects/begun/tasks/draw", "/projects/begun")
    for path in (*begun, "/filed-papers/mine", "/folders/mine", "/revenues/mine", "/expenses/mine"):
        assert tenant.call("DELETE", path).status == 204
    assert tenant.unsound() == []
