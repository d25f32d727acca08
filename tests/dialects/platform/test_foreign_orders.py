"""As another tenant, nobody's order, contract or usage exists; and whatever is sent to their routes, the answer is one of the contract: a
refusal in its envelope that names every finding, never a crash. For every route below these paths."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.checkers.tenants import everything
from tests.factories.tenants import Answer, Tenant, a_tenant

from contor.api.platform.routes import ROUTES
from contor.api.route import Route
from contor.billing.runs import run_tenant
from contor.commands.demo import master_data
from contor.runtime.db import ENCODER
from contor.runtime.execute import Runtime

BELOW = re.compile(r"/v2/(orders|contracts|usages|rated-usages|rated-usage-aggregations)(/|$)")
OURS = [route for route in ROUTES if BELOW.match(route.path)]
TAKING_AN_ID = [route for route in OURS if "{" in route.path]
SENDING = [route for route in OURS if route.body is not None]
S19 = [{"taxRate": 19, "taxCategoryCode": "S"}]
LINE = {"ident": "l-1", "name": "Machine", "unitPriceNet": "100.00", "taxInformation": S19}
DEPOSIT = {"ident": "d-1", "grossValue": "50.00", "taxInformation": S19}
ALLOWANCE = {
    "ident": "a-1",
    "name": "Less",
    "itemType": "DISCOUNT_USE",
    "rowTotalNet": "1.00",
    "rowTotalGross": "1.19",
    "taxInformation": S19,
}
OVERRIDE = {"featureIdent": "seats", "value": "7"}
VALUE = {"contractIdent": "o-1", "optionIdent": "power", "quantity": 3, "measuredAt": "2026-05-02T10:00:00Z"}
REDUCTION = {"ident": "a-1", "optionIdent": "fee", "name": "Less", "amount": "1.00"}
CONTRACT = {
    "contractIdent": "o-1",
    "planIdent": "basic",
    "debtorIdent": "muster-handel",
    "invoiceAddressIdent": "zentrale",
    "optionQuantities": [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "fee"}]}],
    "startDate": "2026-05-01",
}
ORDER = {
    "orderIdent": "o-1",
    "debtorOrderDetails": {"debtorIdent": "muster-handel"},
    "lineItems": [{**LINE, "agreedDeposits": [DEPOSIT]}],
    "allowances": [ALLOWANCE],
    "agreedDeposits": [{**DEPOSIT, "ident": "d-2"}],
    "billingTime": "ON_DEMAND",
}
USAGE = {
    "usageIdent": "u-1",
    "contractIdent": "o-1",
    "optionIdent": "power",
    "startDate": "2026-05-02T10:00:00Z",
    "unitQuantity": 3,
}
RATED = {
    "ratedUsageIdent": "r-1",
    "contractIdent": "o-1",
    "optionIdent": "sms",
    "startDate": "2026-05-02T10:00:00Z",
    "netPrice": "2.00",
}
ENDINGS: list[tuple[str, Any]] = [
    ("POST /v2/contracts", CONTRACT),
    ("POST /v2/orders", ORDER),
    ("POST /v2/usages", USAGE),
    ("POST /v2/rated-usages", RATED),
    ("POST /v2/contracts/{contractIdent}/actions/preview", {}),
    ("/usages/actions/batch", {"usages": [USAGE]}),
    ("/usages/actions/cancel", {"usageIdents": ["u-1"]}),
    ("DELETE /v2/usages", {"usageIdents": ["u-1"]}),
    ("/activate", {"startDate": "2026-05-01"}),
    ("/add-options", {"optionQuantities": [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "late"}]}]}),
    ("Ident}/actions/terminate", {}),
    ("Ident}/actions/terminate-extraordinarily", {}),
    ("/termination-adaptation", {}),
    ("/actions/change", {"optionQuantities": [{"optionIdent": "fee", "quantity": 2}]}),
    ("/withdraw-change", {}),
    ("/actions/pause", {}),
    ("/actions/resume", {}),
    ("/actions/extend-trial", {"lastDay": "2099-01-01"}),
    ("/actions/reactivate", {}),
    ("/option-names", {"ownNames": []}),
    ("/labels", {"title": "Taken"}),
    ("/actions/postpone", {"month": 3}),
    ("/actions/redeem-coupon", {"code": "welcome"}),
    ("/actions/withdraw-coupon", {"code": "welcome"}),
    ("/related-contracts", [{"contractIdent": "o-1"}]),
    ("/related-contracts/actions/remove", [{"contractIdent": "o-1"}]),
    ("POST /v2/contracts/{contractIdent}/allowances", REDUCTION),
    ("PUT /v2/contracts/{contractIdent}/allowances/{allowanceIdent}", REDUCTION),
    ("PATCH /v2/contracts/{contractId}", {"language": "en"}),
    ("PATCH /v2/orders/{orderIdent}", {"language": "en"}),
    ("/agreedDeposits", [{**DEPOSIT, "ident": "new"}]),
    ("/agreedDeposits/{agreedDepositIdent}", DEPOSIT),
    ("orders/{orderIdent}/allowances", [{**ALLOWANCE, "ident": "new"}]),
    ("orders/{orderIdent}/allowances/{allowanceIdent}", ALLOWANCE),
    ("/creditbillableitems", {"billableItemId": 1, "amount": "1.00"}),
    ("/billableitems", {**LINE, "ident": "new"}),
    ("/lineItems", [{**LINE, "ident": "new"}]),
    ("/lineItems/{lineItemIdent}", LINE),
    ("orders/actions/cancel", {"idents": ["o-1"]}),
    ("contracts/actions/cancel", {"idents": ["o-1"]}),
    ("contracts/actions/terminate", {"idents": ["o-1"]}),
    ("contracts/actions/terminate-extraordinarily", {"idents": ["o-1"]}),
    ("/lineItems/actions/cancel", {"idents": ["l-1"]}),
    ("/allowances/actions/cancel", {"idents": ["a-1"]}),
    ("/prepare-documents", {"idents": ["l-1"]}),
    ("/set-on-hold", {"idents": ["l-1"]}),
    ("contracts/actions/align", {"contractIdents": ["o-1"]}),
    ("/actions/redraft", {"noTrial": True}),
    ("/actions/switch", {"quantity": 2}),
    ("/product-group", {"groupIdent": "editions"}),
    ("/entitlement-overrides", OVERRIDE),
    ("/entitlement-overrides/{entitlementOverrideIdent}", OVERRIDE),
    ("usages/actions/record-value", VALUE),
    ("usages/actions/record-values", {"values": [VALUE]}),
]
"""What each route takes, by the end of its method and path; the last one counts."""
CSV = {"Content-Type": "text/csv", "Content-Disposition": 'attachment; filename="x.csv"'}


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


def body_of(route: Route) -> Any:
    if route.body is None:
        return None
    named = [body for ending, body in ENDINGS if name_of(route).endswith(ending)]
    assert named, f"{name_of(route)} takes a body: one is needed here"
    return named[-1]


def furnish(tenant: Tenant) -> dict[str, str]:
    """An order and a contract of one ident with everything below them; the ids by placeholder."""
    master_data(tenant.runtime, tenant.caller())
    tiers = [{"pricingModel": "TIER_PRICE", "priceTiers": [{"price": "1.00"}]}]
    named = {"status": "FINAL", "name": "Something"}
    for option in (
        {"optionIdent": "fee", "type": "RECURRING", "prices": [{"price": "10.00"}]},
        {"optionIdent": "power", "type": "USAGE", "usagePrices": tiers},
        {"optionIdent": "late", "type": "USAGE", "usagePrices": tiers},
        {"optionIdent": "sms", "type": "RATED_USAGE"},
    ):
        made(tenant, "POST", "/billing/plan-options", {**named, **option})
    links = [
        {"optionIdent": "fee"},
        {"optionIdent": "power", "minimum": 1},
        {"optionIdent": "sms", "minimum": 1},
        {"optionIdent": "late"},
    ]
    config = {"billingConfig": {"billingInterval": {"value": 1, "unit": "YEAR"}}}
    phase = {"ident": "p-1", "name": "P", **config, "linkedOptions": links}
    made(tenant, "POST", "/plans", {"planIdent": "basic", "name": "Basic", "phases": [phase]})
    made(tenant, "POST", "/features", {"ident": "seats", "name": "Seats", "type": "QUANTITY", "unit": "user"})
    made(tenant, "POST", "/features/seats/actions/activate")
    made(
        tenant,
        "POST",
        "/product-groups",
        {"ident": "editions", "name": "Editions", "members": [{"optionIdent": "fee", "position": 1}]},
    )
    made(tenant, "POST", "/orders", ORDER)
    contract = made(tenant, "POST", "/contracts", {**CONTRACT, "lineItems": [LINE]})
    made(tenant, "POST", "/contracts/o-1/allowances", {**REDUCTION, "validFrom": "2099-01-01"})
    made(tenant, "POST", "/contracts/o-1/entitlement-overrides", {"ident": "more", **OVERRIDE})
    usage = made(tenant, "POST", "/usages", {**USAGE, "startDate": "2026-11-02T10:00:00Z"})
    rated = made(tenant, "POST", "/rated-usages", {**RATED, "startDate": "2026-11-02T10:00:00Z"})
    for holder in ("orders", "contracts"):
        assert tenant.call("POST", f"/{holder}/o-1/attachments", raw=b"1;2\n", headers=CSV).status == 200
    run_tenant(tenant.runtime, tenant.id)
    item = tenant.rows("SELECT item_id FROM billable_item WHERE NOT of_order ORDER BY item_id LIMIT 1")[0].item_id
    return {
        "orderIdent": "o-1",
        "contractIdent": "o-1",
        "ident": "o-1",
        "contractId": str(contract["contractId"]),
        "lineItemIdent": "l-1",
        "agreedDepositIdent": "d-1",
        "allowanceIdent": "a-1",
        "optionIdent": "fee",
        "entitlementOverrideIdent": "more",
        "billableItemId": str(item),
        "usageId": str(usage["usageId"]),
        "ratedUsageIdent": "r-1",
        "aggregationIdent": rated["aggregationIdent"],
        "fileName": "x.csv",
    }


def made(tenant: Tenant, method: str, path: str, body: Any = None) -> Any:
    answer = tenant.call(method, path, body)
    assert answer.status in (200, 201, 202, 204), (path, answer.body)
    return answer.body


def path_of(route: Route, ids: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: ids[match.group(1)], route.path.removeprefix("/v2"))


def send(tenant: Tenant, route: Route, ids: dict[str, str]) -> Answer:
    if route.upload:
        return tenant.call(route.method, path_of(route, ids), raw=b"3;4\n", headers=CSV)
    return tenant.call(route.method, path_of(route, ids), body_of(route))


def test_orders_contracts_and_usages_of_another_tenant_do_not_exist(tenant: Tenant, other: Tenant) -> None:
    ids = furnish(tenant)
    before, stranger_before = everything(tenant), everything(other)
    answers = {name_of(route): send(other, route, ids) for route in TAKING_AN_ID}
    assert {name: (answer.status, answer.body["status"]) for name, answer in answers.items()} == dict.fromkeys(
        answers, (404, "NOT_FOUND")
    )
    assert len(answers) > 60
    for path, body in (
        ("/orders/actions/cancel", {"idents": ["o-1"]}),
        ("/contracts/actions/cancel", {"idents": ["o-1"]}),
        ("/contracts/actions/terminate", {"idents": ["o-1"]}),
        ("/contracts/actions/terminate-extraordinarily", {"idents": ["o-1"]}),
        ("/contracts/actions/align", {"contractIdents": ["o-1"]}),
    ):
        assert other.call("POST", path, body).status == 404, path
    assert other.call("DELETE", "/usages", {"usageIdents": ["u-1"]}).status == 404
    cancelled = made(other, "POST", "/usages/actions/cancel", {"usageIdents": ["u-1"]})
    assert [result["result"] for result in cancelled["results"]] == ["NOT_FOUND"]
    for path, body in (
        ("/usages", USAGE),
        ("/rated-usages", RATED),
        ("/orders", ORDER),
        ("/contracts", CONTRACT),
        ("/usages/actions/record-value", VALUE),
        ("/usages/actions/record-values", {"values": [VALUE]}),
    ):
        assert other.call("POST", path, body).status == 400, path  # its customers and contracts are unknown
    for route in OURS:
        if route.method == "GET" and "{" not in route.path:
            found = made(other, "GET", route.path.removeprefix("/v2"))
            assert (found if route.array else found["_embedded"]) == [], route.path
    assert everything(tenant) == before
    assert everything(other) == stranger_before


def test_the_owner_reads_all_of_it(tenant: Tenant) -> None:
    """The paths above are right, but for the line's deposit, whose ident belongs to the line."""
    ids = furnish(tenant)
    for route in TAKING_AN_ID:
        if route.method == "GET" and route.path.endswith(("attachments/{fileName}", "{orderIdent}/billableitems/{billableItemId}")):
            continue  # a file; and the item is the contract's
        if route.method == "GET":
            answer = tenant.call("GET", path_of(route, ids))
            assert answer.status in (200, 201), (route.path, answer.body)


HOSTILE: list[bytes] = [
    b"1e9999999",
    b"-1e9999999",
    b'"\\u0000"',
    b"[]",
    b"{}",
    b"-1",
    b"true",
    b'"' + b"x" * 70_000 + b'"',
    b"null",
    b'"\'; DROP TABLE x; --"',
    b"99999999999999999999999999999999",
    b"0.00000000000000000001",
    b'"9999-12-31"',
    b'"2026-02-31"',
    b"[[[[[[[[[[]]]]]]]]]]",
    b'"NaN"',
    b'{"a": {}}',
    b'"\xff\xfe"',
    b'"9999-12-31T23:59:59Z"',
    b'"0001-01-01"',
    b'["\\u0000"]',
]


DATES = (
    "startDate",
    "endDate",
    "validFrom",
    "validTo",
    "terminationDate",
    "noticeDate",
    "billingStartDate",
    "periodStartDate",
    "periodEndDate",
    "deliveryDate",
    "date",
    "orderDate",
    "processingConfig",
)


@pytest.mark.parametrize("route", SENDING, ids=name_of)
def test_whatever_is_sent_is_answered_in_the_envelope(tenant: Tenant, route: Route) -> None:
    ids = furnish(tenant)
    path, body = path_of(route, ids), body_of(route)
    content = body[0] if isinstance(body, list) else body
    fields = [name for name in content if isinstance(content, dict)] or ["startDate"]
    raws = [*HOSTILE, b"", b"{", b"[" * 5_000, ENCODER.encode([content] * 12_000)]
    for name in fields:
        for hostile in HOSTILE:
            given = ENCODER.encode({key: value for key, value in content.items() if key != name})
            merged = given[:-1] + (b"," if len(given) > 2 else b"") + ENCODER.encode(name) + b":" + hostile + b"}"
            raws.append(b"[" + merged + b"]" if isinstance(body, list) else merged)
    for name in DATES:
        for day in ("9999-12-31", "0001-01-01", "9999-12-31T23:59:59Z"):
            more = {**content, name: {"type": "AT_DATE", "date": day} if name == "processingConfig" else day}
            raws.append(ENCODER.encode([more] if isinstance(body, list) else more))
    for raw in raws:
        answer = tenant.call(route.method, path, raw=raw)
        assert answer.status < 500, (raw[:200], answer.body)
        if answer.status >= 400:
            assert {"status", "timestamp", "message", "path", "uuid", "errors"} <= answer.body.keys(), (raw[:200], answer.body)
    wrong = {**content, "unknownOne": 1, "unknownTwo": {}}
    answer = tenant.call(route.method, path, [wrong] if isinstance(body, list) else wrong)
    named = {entry.get("fieldName", "").rpartition(".")[2] for entry in answer.body["errors"]}
    assert (answer.status, {"unknownOne", "unknownTwo"} - named) == (400, set()), answer.body


@pytest.fixture(scope="module")
def owner(runtime: Runtime, http: TestClient) -> tuple[Tenant, dict[str, str]]:
    """A tenant with all of it, for tests that only ask, and its ids."""
    tenant = a_tenant(runtime, http)
    return tenant, furnish(tenant)


@pytest.mark.parametrize("route", [r for r in OURS if r.filterable is not None], ids=name_of)
def test_searches_are_no_sql(owner: tuple[Tenant, dict[str, str]], route: Route) -> None:
    tenant, ids = owner
    path = path_of(route, ids)
    for text in (
        "ident=='; DROP TABLE usage; --",
        "1==1",
        "createdAt==x",
        "nope==1",
        "ident==%00",
        "((",
        "a" * 5_000,
        "status=in=(" + "x," * 3_000 + "x)",
    ):
        answer = tenant.call("GET", path, params={"search": text, "size": "10"})
        assert answer.status in (200, 400), (text, answer.body)
    for params in (
        {"size": "1e99"},
        {"page": "-1"},
        {"sort": "content,asc"},
        {"sort": "1; DROP TABLE usage"},
        {"size": "99999999999"},
    ):
        assert tenant.call("GET", path, params=params).status in (200, 400), params


@pytest.mark.parametrize(
    "ident", ["%00", "..%2F..", "%27%3B--", "x" * 3_000, "%F0%9F%92%A9", "1e9999999", "-1", "99999999999999999999", "%20"]
)
def test_idents_that_cannot_be(owner: tuple[Tenant, dict[str, str]], ident: str) -> None:
    tenant, ids = owner
    for route in TAKING_AN_ID:
        if route.method in ("GET", "DELETE") and route.body is None:
            last = re.findall(r"\{(\w+)\}", route.path)[-1]
            answer = tenant.call(route.method, path_of(route, {**ids, last: ident}))
            assert answer.status in (400, 404, 414), (route.path, answer.body)
