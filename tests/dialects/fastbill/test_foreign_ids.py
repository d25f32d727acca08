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
