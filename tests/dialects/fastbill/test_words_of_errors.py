"""Errors are in FastBill's words: each names fields that FastBill has, and no sentence a name of the platform API."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.fastbill import Account, unlimited
from tests.factories.filled import KINDS, fill
from tests.factories.subscribing import Subscriber
from tests.factories.tenants import a_tenant

import contor
from contor.api.fastbill.names import Names, names_of
from contor.api.fastbill.services import SERVICES
from contor.api.fastbill.spoken import TAGS, said_plainly
from contor.commands.demo import master_data
from contor.expenses.tables import expense
from contor.runtime.execute import Runtime
from contor.runtime.query import listed

ROOT = Path(contor.__file__).parent
PUBLISHED = json.loads((Path(__file__).parents[3] / "docs/dialects/platform.openapi.json").read_text())
BY_NAME = {row.service: row for row in SERVICES}
CAMEL = re.compile(r"\b[a-z]+(?:[A-Z][a-z0-9]*)+\b")
SOLD_ALONE = (
    "bookkeeping",
    "dunning",
    "payments",
    "settings",
    "reports",
    "assignment",
    "organizations",
    "commands",
    "migrations",
    "api",
)
"""Packages whose sentences no service of FastBill asks for, but for those that `payments` says of collecting."""


def _within(names: Names) -> Iterator[str]:
    for name, (_, inner, _) in names.fields.items():
        yield name.upper()
        if inner is not None:
            yield from _within(inner)


KNOWN = {name for row in SERVICES if row.body is not None for name in _within(names_of(row.body))}
KNOWN |= {name.upper() for row in SERVICES if row.filterable is not None for name in row.filterable.fields}
KNOWN |= {"SERVICE", "DATA", "FILTER", "LIMIT", "OFFSET", "DOCUMENT"}


def platform_names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (name for name in value.get("properties", ()) if CAMEL.fullmatch(name))
        yield from (name for inner in value.values() for name in platform_names(inner))
    elif isinstance(value, list):
        yield from (name for inner in value for name in platform_names(inner))


PLATFORM = frozenset(platform_names(PUBLISHED))


def leaks(errors: list[str]) -> list[str]:
    """What of the errors is none of FastBill's words."""
    fields = [one.removeprefix("missing / invalid field: ") for one in errors if one.startswith("missing / invalid field: ")]
    return [
        *(f"{field} is no field" for field in fields if field not in KNOWN),
        *(one for one in errors for word in CAMEL.findall(one) if word in PLATFORM),
    ]


@pytest.fixture(scope="module")
def tried(runtime: Runtime, fastbill: TestClient) -> Account:
    """An account for all of them: what is left of one is met by the next."""
    account = Account(unlimited(a_tenant(runtime)), fastbill)
    master_data(runtime, account.tenant.caller())
    return account


@pytest.mark.parametrize("service", sorted(BY_NAME))
def test_whatever_is_wrong_is_said_of_a_field_that_clients_know(tried: Account, service: str) -> None:
    names = sorted(name for name in _within(names_of(BY_NAME[service].body))) if BY_NAME[service].body is not None else []
    part = "FILTER" if BY_NAME[service].operation.reads else "DATA"
    errors: list[str] = []
    for value in ("x", -1, 10**30, [], [{"QUANTITY": "x"}], "9999-12-31"):
        errors += tried.call(service, **{part: dict.fromkeys(names, value)}).get("ERRORS", ())
    for name in names:
        errors += tried.call(service, **{part: {**dict.fromkeys(names, 1), name: "x" * 300}}).get("ERRORS", ())
    assert leaks(errors) == []


def test_what_the_core_refuses_is_said_in_the_same_words(subscriber: Subscriber, monkeypatch: pytest.MonkeyPatch) -> None:
    account, call = subscriber.account, subscriber.account.call
    customer = subscriber.customer()
    number = subscriber.call("create", article_number="100", customer_id=customer)["SUBSCRIPTION_ID"]
    row = {"DESCRIPTION": "Work", "UNIT_PRICE": "10", "VAT_PERCENT": "19"}
    one = {"CUSTOMER_ID": customer, "ITEMS": [row]}
    draft = call("invoice.create", one)["INVOICE_ID"]
    dollars = call("invoice.create", {**one, "CURRENCY_CODE": "USD"})["INVOICE_ID"]
    below = call("invoice.create", {**one, "ITEMS": [{**row, "UNIT_PRICE": "-10"}], "INVOICE_DATE": "2019-01-01"})["INVOICE_ID"]
    once = {"START_DATE": "2026-04-01", "FREQUENCY": "monthly", "OUTPUT_TYPE": "draft"}
    monkeypatch.setattr(listed, "MOST_UNINDEXED", 10)
    monkeypatch.setitem(KINDS, "JSONB", "'[]'")
    fill(account.tenant, expense, 50, expense_id="g + 1000", ident="'p-' || g")
    asked: list[tuple[str, dict[str, Any]]] = [
        ("subscription.create", {"ARTICLE_NUMBER": "100", "CUSTOMER_ID": customer, "START": "2019-01-01"}),
        ("subscription.create", {"ARTICLE_NUMBER": "100", "CUSTOMER_ID": customer, "COUPON": "none"}),
        (
            "subscription.create",
            {"ARTICLE_NUMBER": "100", "CUSTOMER_ID": customer, "QUANTITY": "0", "EXPIRATION_DATE": "2020-01-01"},
        ),
        ("subscription.update", {"SUBSCRIPTION_ID": number, "NEXT_EVENT": "2026-04-01"}),
        ("subscription.update", {"SUBSCRIPTION_ID": number, "NEXT_EVENT": "2099-04-01"}),
        ("subscription.cancel", {"SUBSCRIPTION_ID": number, "CANCELLATION_DATE": "2019-01-01"}),
        ("subscription.reactivate", {"SUBSCRIPTION_ID": number}),
        ("subscription.changearticle", {"SUBSCRIPTION_ID": number, "COUPON": "none"}),
        (
            "subscription.setusagedata",
            {"SUBSCRIPTION_ID": number, "ARTICLE_NUMBER": "U1", "UNIT_PRICE": "1", "USAGE_DATE": "2019-01-01"},
        ),
        ("invoice.complete", {"INVOICE_ID": dollars}),
        ("invoice.complete", {"INVOICE_ID": draft, "PAYMENT_TOKEN": "x"}),
        ("invoice.cancel", {"INVOICE_ID": draft}),
        ("invoice.complete", {"INVOICE_ID": below}),
        ("invoice.create", {**one, "CURRENCY_CODE": "ZZZ"}),
        ("invoice.create", {**one, "SERVICE_PERIOD_START": "2026-05-01", "SERVICE_PERIOD_END": "2026-04-01"}),
        ("invoice.sendbyemail", {"INVOICE_ID": draft, "RECIPIENT": {"TO": "x"}}),
        ("invoice.sendbypost", {"INVOICE_ID": draft}),
        ("invoice.setpaid", {"INVOICE_ID": draft}),
        ("invoice.capture", {"INVOICE_ID": draft}),
        ("invoice.correctvat2020", {"INVOICE_ID": draft}),
        ("recurring.create", {**one, **once, "START_DATE": "2019-01-01"}),
        ("recurring.create", {**one, **once, "TEMPLATE_ID": 7}),
        ("estimate.create", {**one, "TEMPLATE_HASH": "x"}),
        ("estimate.create", {**one, "CURRENCY_CODE": "ZZZ", "DUE_DATE": "2019-01-01"}),
        (
            "customer.update",
            {"CUSTOMER_ID": customer, "VAT_ID": "XX1", "EMAIL": "x", "GLN": "1", "BANK_IBAN": "DE1", "COUNTRY_CODE": "XX"},
        ),
        ("customer.update", {"CUSTOMER_ID": customer, "ACCOUNT_RECEIVABLE": "1", "LANGUAGE_CODE": "xx", "BIRTHDAY": "2099-01-01"}),
        ("customer.update", {"CUSTOMER_ID": customer, "PAYMENT_TYPE": 6, "PAYMENT_TOKEN": "x"}),
        (
            "article.create",
            {"ARTICLE_NUMBER": "n", "TITLE": "x", "UNIT_PRICE": "1.123456789", "CURRENCY_CODE": "ZZZ", "VAT_PERCENT": "3"},
        ),
        ("project.create", {"PROJECT_NAME": "x", "CUSTOMER_ID": customer, "START_DATE": "2026-05-01", "END_DATE": "2026-04-01"}),
        ("project.create", {"PROJECT_NAME": "x", "CUSTOMER_ID": customer, "HOUR_PRICE": "-1", "VAT_PERCENT": "900"}),
        ("expense.create", {"INVOICE_DATE": "2026-04-01", "ORGANIZATION": "x", "SUB_TOTAL": "1", "VAT_TOTAL": "9", "ITEMS": [row]}),
        ("webhook.create", {"TYPE": "url", "ENDPOINT": "ftp://x", "EVENTS": "customer.flown"}),
    ]
    refused = {f"{service} {data}": call(service, data).get("ERRORS") for service, data in asked}
    refused["expense.get"] = call("expense.get", FILTER={"START_DUE_DATE": "2026-01-01"}).get("ERRORS")
    assert "\n".join(name for name, errors in refused.items() if not errors) == ""
    assert {name: found for name, errors in refused.items() if (found := leaks(errors))} == {}


def test_a_name_of_the_core_that_a_sentence_holds_has_its_word() -> None:
    """In the sources: a sentence that is new there is found here."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        if path.relative_to(ROOT).parts[0] in SOLD_ALONE:
            continue
        for text in _sentences(ast.parse(path.read_text())):
            plain = said_plainly("", text)
            if words := [word for word in CAMEL.findall(plain) if word in PLATFORM]:
                found[f"{path.relative_to(ROOT)}: {text}"] = words
    assert found == {}


def _sentences(tree: ast.AST) -> Iterator[str]:
    """Texts that findings are made of: those within `Problem(…)`, and those that are called message or hint before."""
    for node in ast.walk(tree):
        is_problem = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem"
        is_named = isinstance(node, ast.Assign) and any(
            isinstance(it, ast.Name) and it.id in ("message", "hint") for it in node.targets
        )
        if is_problem or is_named:
            texts = (it.value for it in ast.walk(node) if isinstance(it, ast.Constant) and isinstance(it.value, str))
            yield from (text for text in texts if " " in text)


def test_names_of_the_core_become_names_that_clients_know() -> None:
    assert TAGS.keys() & KNOWN == set(), "what FastBill has itself means what it says"
    assert set(TAGS.values()) <= KNOWN
