"""An id of another account is an id of nothing: in every service, at every place where one is named, with the very answer that a number
has which nobody ever gave."""

import copy
import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.fastbill import Account, filled, read_cases, unlimited
from tests.factories.tenants import a_tenant

from contor.commands.demo import master_data
from contor.runtime.execute import Runtime

CASES = {path.stem: read_cases(path.read_bytes()) for path in sorted((Path(__file__).parent / "cases").glob("*.json"))}
NOBODYS = 7_000_000_000_000
HASH = re.compile(r"[0-9a-f]{32}")
PLACEHOLDER = re.compile(r"\{(\w+)(?::\w+)?\}")


def named(service: str) -> list[tuple[dict[str, Any], str]]:
    """The cases of a service that succeed, each with the names of ids in its request."""
    found = [case for case in CASES[service] if "ERRORS" not in case["answer"] and "bare" not in case]
    return [(case, name) for case in found for name in sorted(set(PLACEHOLDER.findall(str(case["request"]))))]


NAMING = [(service, place) for service in CASES for place in range(len(named(service)))]


@pytest.fixture
def stranger(runtime: Runtime, fastbill: TestClient, platform: TestClient) -> Account:
    made = Account(unlimited(a_tenant(runtime, platform)), fastbill)
    master_data(runtime, made.tenant.caller())
    return made


def answered(account: Account, case: dict[str, Any], name: str, value: Any) -> str:
    """The answer to the request with another value for one id, without the id itself."""
    request = filled(copy.deepcopy(case["request"]), {**account.kept, name: value})
    return str(account.ask(request)["RESPONSE"]).replace(str(value), "#")


@pytest.mark.parametrize(("service", "place"), NAMING)
def test_it_is_answered_like_a_number_that_nobody_has(account: Account, stranger: Account, service: str, place: int) -> None:
    case, name = named(service)[place]
    for one in (account, stranger):
        for step in case.get("given", ()):
            one.given(copy.deepcopy(step))
    theirs = account.kept.get(name)
    if theirs is None or not (str(theirs).isdigit() or HASH.fullmatch(str(theirs))):
        pytest.skip("a name that each account gives by itself")
    nobodys: Any = NOBODYS if str(theirs).isdigit() else "0" * 32
    said = answered(stranger, case, name, theirs)
    assert said == answered(stranger, case, name, type(theirs)(nobodys))
    assert "ERRORS" in said or re.search(r": \[\]|TOTAL", said), said
    own = filled(case["request"], account.kept)
    assert "ERRORS" not in account.ask(own)["RESPONSE"], "of its owner it is the id of what it was"


OPTIONAL = {
    "customer.get": ["HASH"],
    "estimate.create": ["TEMPLATE_ID", "TEMPLATE_HASH"],
    "expense.create": ["PROJECT_ID", "CUSTOMER_ID"],
    "invoice.create": ["CONTACT_ID", "INVOICE_ITEM_ID", "PROJECT_ID", "TEMPLATE_HASH", "TEMPLATE_ID"],
    "invoice.get": ["CUSTOMER_ID", "PROJECT_ID"],
    "invoice.update": ["CONTACT_ID", "CUSTOMER_ID", "INVOICE_ITEM_ID", "PROJECT_ID", "TEMPLATE_HASH", "TEMPLATE_ID"],
    "project.update": ["CUSTOMER_ID"],
    "recurring.create": ["CONTACT_ID", "INVOICE_ITEM_ID", "PROJECT_ID", "TEMPLATE_HASH", "TEMPLATE_ID"],
    "recurring.get": ["CUSTOMER_ID"],
    "recurring.update": ["CONTACT_ID", "CUSTOMER_ID", "INVOICE_ITEM_ID", "PROJECT_ID", "TEMPLATE_HASH", "TEMPLATE_ID"],
    "revenue.get": ["CUSTOMER_ID"],
    "subscription.getupcomingamount": ["CUSTOMER_ID"],
    "time.create": ["TASK_ID"],
    "time.get": ["CUSTOMER_ID", "PROJECT_ID", "TASK_ID"],
    "time.update": ["CUSTOMER_ID", "PROJECT_ID", "TASK_ID"],
    "webhook.get": ["WEBHOOK_ID"],
}
"""Ids that a request may name beside those of its case."""


def possessions(account: Account) -> dict[str, Any]:
    """One of each thing that can be named, by the field that names it."""
    customer = account.call("customer.create", {"CUSTOMER_TYPE": "business", "ORGANIZATION": "Fremd GmbH"})
    row = {"DESCRIPTION": "Beratung", "UNIT_PRICE": 100, "VAT_PERCENT": 19}
    invoice = account.call("invoice.create", {"CUSTOMER_ID": customer["CUSTOMER_ID"], "ITEMS": [row]})
    item = account.call("item.get", FILTER={"INVOICE_ID": invoice["INVOICE_ID"]})["ITEMS"][0]
    contact = account.call("contact.create", {"CUSTOMER_ID": customer["CUSTOMER_ID"], "LAST_NAME": "Fremd", "FIRST_NAME": "Fee"})
    project = account.call("project.create", {"PROJECT_NAME": "Umbau", "CUSTOMER_ID": customer["CUSTOMER_ID"]})
    hook = account.call("webhook.create", {"TYPE": "url", "ENDPOINT": "https://example.com/h", "EVENTS": "customer.created"})
    template = account.call("template.get")["TEMPLATES"][0]
    made = account.tenant.call("POST", "/projects", {"ident": "foreign", "name": "Fremd", "customerIdent": "muster-handel"})
    assert made.status == 201, made.body
    task = account.tenant.call("POST", "/projects/foreign/tasks", {"ident": "design", "name": "Design"})
    assert task.status == 201, task.body
    return {
        **{name: customer[name] for name in ("CUSTOMER_ID", "HASH")},
        "INVOICE_ITEM_ID": item["INVOICE_ITEM_ID"],
        "CONTACT_ID": contact["CONTACT_ID"],
        "PROJECT_ID": project["PROJECT_ID"],
        "WEBHOOK_ID": hook["WEBHOOK_ID"],
        "TEMPLATE_ID": template["TEMPLATE_ID"],
        "TEMPLATE_HASH": template["TEMPLATE_HASH"],
        "TASK_ID": task.body["taskId"],
    }


@pytest.mark.parametrize("service", OPTIONAL)
def test_so_is_one_that_a_request_may_name_besides(account: Account, stranger: Account, service: str) -> None:
    theirs = possessions(account)
    case = max((case for case in CASES[service] if "ERRORS" not in case["answer"]), key=lambda case: len(str(case["request"])))
    for step in case.get("given", ()):
        stranger.given(step)
    request = filled(case["request"], stranger.kept)
    part = "FILTER" if service.endswith(".get") else "DATA"
    for name in OPTIONAL[service]:
        said = []
        for value in (theirs[name], NOBODYS if str(theirs[name]).isdigit() else "0" * len(theirs[name])):
            asked = copy.deepcopy(request)
            asked[part] = asked.get(part) or {}
            if name == "INVOICE_ITEM_ID":
                asked[part].setdefault("ITEMS", [{"DESCRIPTION": "x", "UNIT_PRICE": 1, "VAT_PERCENT": 19}])[0][name] = value
            else:
                asked[part][name] = value
            answer = re.sub(r"'[A-Z_]*_(ID|NUMBER|URL|UID)': [^,}]*", "", str(stranger.ask(asked)["RESPONSE"]))
            said.append(answer.replace(str(value), "#"))
        assert said[0] == said[1], name
        assert "Fremd" not in said[0], name
        if name != "INVOICE_ITEM_ID":  # what a row was before is nothing that it must have been
            assert "ERRORS" in said[0] or re.search(r": \[\]", said[0]), (name, said[0])
