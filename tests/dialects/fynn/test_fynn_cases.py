"""Every case of `cases/<part>.<operationId>.json`: a request, and its exact answer.

A case is `{"name", "given", "request": [method, path, body], "status", "answer"}`; `headers` are those of the request, `bare`: the tenant
has neither site nor billing group nor customer. See `Fynn.given` for the steps before it and `differences` for placeholders.
"""

from typing import Any

import pytest
from tests.factories.fynn import CASES, Fynn, differences, filled, read_cases

from contor.api.codec import JSON
from contor.api.fynn.routes import ROUTES

FILES = sorted(CASES.glob("*.json"))
ALL = [(path.stem, case) for path in FILES for case in read_cases(path)]


@pytest.mark.parametrize(
    ("operation", "case"), [pytest.param(*one, id=f"{one[0]}-{one[1]['name'].replace(' ', '_')}") for one in ALL]
)
def test_a_request_to_fynn_has_its_exact_answer(request: pytest.FixtureRequest, operation: str, case: dict[str, Any]) -> None:
    fynn: Fynn = request.getfixturevalue("bare_fynn" if case.get("bare") else "fynn")
    for step in case.get("given", ()):
        fynn.given(step)
    method, path, *body = filled(case["request"], fynn.kept)
    answer = fynn.send(method, path, body[0] if body else None, **case.get("headers", {}))
    assert answer.status_code == case["status"], answer.text
    found = JSON.read(answer.content) if answer.content else None
    wrong = differences(case.get("answer"), found, fynn.kept)
    assert not wrong, "\n".join(wrong)


def test_every_route_of_fynn_has_its_cases_of_success_and_failure() -> None:
    """An operation whose file is missing, or tells of one of the two alone, is named here."""
    told = {path.stem.partition(".")[2]: {case["status"] >= 400 for case in read_cases(path)} for path in FILES}
    named = {row.id for row in ROUTES}
    assert {name for name in named if told.get(name) != {True, False}} == set()
    assert told.keys() - named == set()
