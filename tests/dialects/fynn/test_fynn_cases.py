"""Every case of `cases/<part>.<operationId>.json`: a request, and its exact answer.

A case is `{"name", "given", "request": [method, path, body], "status", "answer"}`; `headers` are those of the request, `raw` its body as
it is, `picture`: the body is a PDF, `bare`: the tenant has neither site nor billing group nor customer. What is no JSON is answered as
`{"file": media type}`; `everybodys`: what the path names is the same for every tenant.
See `Fynn.given` for the steps before it and `differences` for placeholders.
"""

from typing import Any

import pytest
from tests.factories.fynn import Fynn, differences, filled, read_cases
from tests.factories.fynn_cases import ALL, FILES, route_of
from tests.factories.pictures import drawn

from contor.api.codec import JSON
from contor.api.fynn.routes import ROUTES

PICTURE = {"raw": drawn(), "Content-Type": "application/pdf", "Content-Disposition": "attachment; filename=rechnung.pdf"}


@pytest.mark.parametrize(
    ("operation", "case"), [pytest.param(*one, id=f"{one[0]}-{one[1]['name'].replace(' ', '_')}") for one in ALL]
)
def test_a_request_to_fynn_has_its_exact_answer(request: pytest.FixtureRequest, operation: str, case: dict[str, Any]) -> None:
    fynn: Fynn = request.getfixturevalue("bare_fynn" if case.get("bare") else "fynn")
    for step in case.get("given", ()):
        fynn.given(step)
    method, path, *body = filled(case["request"], fynn.kept)
    file = PICTURE if case.get("picture") else {}
    if case["status"] < 400 and not case.get("everybodys"):
        as_stranger(request.getfixturevalue("stranger"), case["request"], (method, path, *body), file)
    if "raw" in case:
        file = {"raw": case["raw"].encode()}
    answer = fynn.send(method, path, body[0] if body else None, **filled(case.get("headers", {}), fynn.kept), **file)
    assert answer.status_code == case["status"], answer.text
    kind = answer.headers.get("content-type", "")
    found = None if not answer.content else JSON.read(answer.content) if "json" in kind else {"file": kind}
    wrong = differences(case.get("answer"), found, fynn.kept)
    assert not wrong, "\n".join(wrong)


def as_stranger(stranger: Fynn, written: Any, asked: Any, file: Any) -> None:
    """Another tenant asks the same before: what the owner's ids name does not exist for it. It has nothing, so no name is its own."""
    method, path, *body = asked
    row = route_of(method, path)
    in_path = "{" in row.path
    if not row.permission or (not in_path and written == [*asked]):
        return
    answer = stranger.send(method, path, body[0] if body else None, **file)
    if not in_path and method == "GET":
        assert (answer.status_code, answer.json()["data"]) == (200, [])
    elif in_path:
        assert answer.status_code == 404, f"a stranger gets {answer.status_code}: {answer.text}"
    else:
        assert 400 <= answer.status_code < 500, f"a stranger gets {answer.status_code}: {answer.text}"


def test_every_route_of_fynn_has_its_cases_of_success_and_failure() -> None:
    """An operation whose file is missing, or tells of one of the two alone, is named here."""
    told = {path.stem.partition(".")[2]: {case["status"] >= 400 for case in read_cases(path)} for path in FILES}
    named = {row.id for row in ROUTES}
    assert {name for name in named if told.get(name) != {True, False}} == set()
    assert told.keys() - named == set()
