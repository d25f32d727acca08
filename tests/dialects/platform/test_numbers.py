"""Counters and strategies of document numbers over the API (operations 174 to 194)."""

import datetime as dt
from typing import Any

import pytest
from tests.factories.bodies import COUNTER, GROUP, but
from tests.factories.tenants import Tenant

from contor.settings.numbers import Series, counters, draw_numbers, numbering
from contor.settings.queries import tenant_settings

NUMBERS = "/billing/configuration/document-numbers"
COUNTERS = f"{NUMBERS}/counters"
STRATEGIES = f"{NUMBERS}/strategies"


def draw(tenant: Tenant, counter: str, *dates: dt.date) -> list[str]:
    with tenant.runtime.transaction(tenant.caller()) as uow:
        series = Series(counters(uow)[counter])
        return [number for _, (_, number) in draw_numbers(uow, [(n, series, date) for n, date in enumerate(dates)])]


def shown(tenant: Tenant) -> dict[str, Any]:
    return {row["ident"]: row.get("currentValue") for row in tenant.call("GET", COUNTERS).body["_embedded"]}


def test_a_new_tenant_has_a_series_for_each_document_type(tenant: Tenant) -> None:
    """TEST and LIVE never share the beginning of a number."""
    year = dt.date(2026, 3, 31)
    live = tenant.live()
    test_numbers = [draw(tenant, counter, year)[0] for counter in sorted(shown(tenant))]
    live_numbers = [draw(live, counter, year)[0] for counter in sorted(shown(live))]
    assert test_numbers == [
        "AK-2026-000001",
        "AR-2026-000001",
        "GK-2026-000001",
        "GS-2026-000001",
        "RE-2026-000001",
        "RK-2026-000001",
    ]
    assert live_numbers == [
        "AC-2026-000001",
        "AG-2026-000001",
        "GC-2026-000001",
        "GU-2026-000001",
        "RC-2026-000001",
        "RG-2026-000001",
    ]
    types = tenant.call("GET", f"{STRATEGIES}/document-types").body["_embedded"]
    assert {row["key"]: row["counterIdent"] for row in types} == {
        "INVOICE": "RE",
        "CREDIT_MEMO": "RK",
        "DEPOSIT_INVOICE": "AR",
        "DEPOSIT_INVOICE_CORRECTION": "AK",
        "SELF_BILLING_INVOICE": "GS",
        "SELF_BILLING_INVOICE_CORRECTION": "GK",
    }
    assert tenant.call("GET", f"{STRATEGIES}/default").body == {"counterIdent": "RE"}


def test_a_counter_is_made_with_200_and_shows_where_it_stands(tenant: Tenant) -> None:
    made = tenant.call("POST", COUNTERS, COUNTER)
    assert (made.status, {name: made.body[name] for name in COUNTER}) == (200, COUNTER)
    assert draw(tenant, "web", dt.date(2026, 1, 1), dt.date(2026, 12, 31), dt.date(2027, 1, 1)) == [
        "WEB-2026-0001",
        "WEB-2026-0002",
        "WEB-2027-0001",
    ]
    assert shown(tenant)["web"] == 1
    assert shown(tenant)["RE"] is None
    assert tenant.call("POST", COUNTERS, COUNTER).status == 409


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"prefix": "RE-##YEAR##-", "mask": "000000"}, ["prefix"]),
        ({"prefix": "RE-2026-", "reset": None}, ["prefix"]),
        ({"prefix": "WEB-"}, ["reset"]),
        ({"prefix": "x" * 21 + "##YEAR##"}, ["prefix"]),
        ({"prefix": "A/##YEAR##", "suffix": " ", "mask": "0 0"}, ["prefix", "suffix", "mask"]),
        ({"lowerLimit": 10, "upperLimit": 10}, ["upperLimit"]),
        ({"lowerLimit": -1}, ["lowerLimit"]),
        ({"reset": "NEW_MOON"}, ["reset"]),
        ({"ident": "a~b"}, ["ident"]),
        ({"mask": "0" * 176}, ["mask"]),
    ],
)
def test_counters_that_are_refused(tenant: Tenant, change: dict[str, Any], fields: list[str]) -> None:
    answer = tenant.call("POST", COUNTERS, but(COUNTER, **change))
    assert (answer.status, [entry["fieldName"] for entry in answer.body["errors"]]) == (400, fields)
    assert "web" not in shown(tenant)


def test_a_counter_never_goes_back(tenant: Tenant) -> None:
    tenant.call("POST", COUNTERS, COUNTER)
    draw(tenant, "web", *[dt.date(2026, 5, 1)] * 5)
    body = but(COUNTER, ident=None)
    assert tenant.call("PUT", f"{COUNTERS}/web", {**body, "upperLimit": 5}).status == 200
    for change, field in (({"upperLimit": 4}, "upperLimit"), ({"lowerLimit": 2}, "lowerLimit"), ({"reset": None}, "reset")):
        answer = tenant.call("PUT", f"{COUNTERS}/web", {**body, **change})
        assert (answer.status, [entry["fieldName"] for entry in answer.body["errors"]]) == (400, [field])
    assert shown(tenant)["web"] == 5
    assert draw(tenant, "RE", dt.date(2026, 5, 1)) == ["RE-2026-000001"]


def test_what_was_drawn_stays_taken(tenant: Tenant) -> None:
    """After a counter got another prefix, no other counter may take its former one."""
    tenant.call("POST", COUNTERS, COUNTER)
    draw(tenant, "web", dt.date(2026, 5, 1))
    assert tenant.call("PUT", f"{COUNTERS}/web", but(COUNTER, ident=None, prefix="NET-##YEAR##-")).status == 200
    answer = tenant.call("POST", COUNTERS, but(COUNTER, ident="again"))
    assert (answer.status, answer.body["errors"][0]["error"]) == (400, "It can produce the same number as counter web.")
    assert draw(tenant, "web", dt.date(2026, 5, 2)) == ["NET-2026-0002"]
    assert tenant.call("PUT", f"{COUNTERS}/web", but(COUNTER, ident=None)).status == 200


def test_a_counter_in_use_stays(tenant: Tenant) -> None:
    tenant.call("POST", COUNTERS, COUNTER)
    assert tenant.call("DELETE", f"{COUNTERS}/RE").status == 409
    assert tenant.call("DELETE", f"{COUNTERS}/web").status == 204
    tenant.call("POST", COUNTERS, COUNTER)
    draw(tenant, "web", dt.date(2026, 5, 1))
    assert tenant.call("DELETE", f"{COUNTERS}/web").status == 409


def test_strategies_of_each_kind(tenant: Tenant) -> None:
    tenant.call("POST", COUNTERS, COUNTER)
    tenant.call("POST", "/billing-groups", GROUP)
    for path, key, kept in (("billing-groups", "g-1", "g-1"), ("service-countries", "AUT", "AT")):
        made = tenant.call("POST", f"{STRATEGIES}/{path}", {"ident": "s", "key": key, "counterIdent": "web"})
        assert (made.status, made.body["key"]) == (201, kept)
        assert tenant.call("POST", f"{STRATEGIES}/{path}", {"ident": "t", "key": key, "counterIdent": "RE"}).status == 409
        changed = tenant.call("PUT", f"{STRATEGIES}/{path}/s", {"key": key, "counterIdent": "RE"})
        assert (changed.status, changed.body["counterIdent"]) == (200, "RE")
        assert [row["ident"] for row in tenant.call("GET", f"{STRATEGIES}/{path}").body["_embedded"]] == ["s"]
    assert tenant.call("DELETE", "/billing-groups/g-1").status == 409
    assert tenant.call("DELETE", f"{STRATEGIES}/billing-groups/s").status == 204
    assert tenant.call("DELETE", f"{STRATEGIES}/document-types/s").status == 404
    assert tenant.call("DELETE", "/billing-groups/g-1").status == 204


@pytest.mark.parametrize(
    ("path", "body", "fields"),
    [
        ("billing-groups", {"key": "none", "counterIdent": "RE"}, ["key"]),
        ("document-types", {"key": "LETTER", "counterIdent": "none"}, ["key", "counterIdent"]),
        ("service-countries", {"key": "XX", "counterIdent": "RE"}, ["key"]),
        ("service-countries", {"counterIdent": "RE"}, ["key"]),
        ("default", {"counterIdent": "none"}, ["counterIdent"]),
    ],
)
def test_strategies_that_are_refused(tenant: Tenant, path: str, body: Any, fields: list[str]) -> None:
    answer = tenant.call("POST", f"{STRATEGIES}/{path}", body)
    assert (answer.status, [entry["fieldName"] for entry in answer.body["errors"]]) == (400, fields)


def test_the_default_strategy(tenant: Tenant) -> None:
    tenant.call("POST", COUNTERS, COUNTER)
    assert tenant.call("POST", f"{STRATEGIES}/default", {"counterIdent": "web"}).status == 201
    assert tenant.call("GET", f"{STRATEGIES}/default").body == {"counterIdent": "web"}
    assert tenant.call("DELETE", f"{STRATEGIES}/default").status == 204
    assert [tenant.call(method, f"{STRATEGIES}/default").status for method in ("GET", "DELETE")] == [404, 404]


def test_the_active_kind_and_what_is_less_specific_count(tenant: Tenant) -> None:
    tenant.call("POST", f"{STRATEGIES}/service-countries", {"ident": "at", "key": "AT", "counterIdent": "RE"})
    for kind, kinds in (
        ("SERVICE_COUNTRY", {"SERVICE_COUNTRY", "DOCUMENT_TYPE", "DEFAULT"}),
        ("DOCUMENT_TYPE", {"DOCUMENT_TYPE", "DEFAULT"}),
        ("DEFAULT", {"DEFAULT"}),
    ):
        assert tenant.call("POST", f"{NUMBERS}/strategy", {"strategy": kind}).status == 200
        assert tenant.call("GET", f"{NUMBERS}/strategy").body == {"strategy": kind}
        with tenant.runtime.transaction(tenant.caller(), reads=True) as uow:
            assert {strategy.kind for strategy in numbering(uow, tenant_settings(uow).number_strategy)[0]} == kinds
    assert tenant.call("POST", f"{NUMBERS}/strategy", {"strategy": "RANDOM"}).status == 400
