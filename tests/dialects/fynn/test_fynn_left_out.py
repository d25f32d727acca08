"""A field that may be left out may be null: of every body that the published description names, each such field is sent as null."""

import re
from collections.abc import Iterator

from tests.factories.fynn import Fynn

from contor.kernel.shapes import Fields

_NOBODY = "00000000-0000-7000-8000-000000000000"


def _resolved(document: Fields, said: Fields) -> Fields:
    while "$ref" in said:
        said = document["components"]["schemas"][said["$ref"].rsplit("/", 1)[1]]
    return said


def _nulls(document: Fields, said: Fields, depth: int = 0) -> Iterator[tuple[str, object, object]]:
    """The field, the body in which it is null, and that in which it is left out."""
    said = _resolved(document, said)
    for other in (*said.get("anyOf", ()), *said.get("oneOf", ())):
        yield from _nulls(document, other, depth)
    if depth == 4:
        return
    if said.get("type") == "array":
        yield from ((name, [null], [without]) for name, null, without in _nulls(document, said.get("items", {}), depth + 1))
    for name, inner in said.get("properties", {}).items():
        if name not in said.get("required", ()):
            yield name, {name: None}, {}
        deeper = _nulls(document, inner, depth + 1)
        yield from ((deep, {name: null}, {name: without}) for deep, null, without in deeper)


def _said_of(fynn: Fynn, method: str, path: str, name: str, body: object) -> list[Fields]:
    answer = fynn.http.request(method, path, json=body, headers=fynn.headers)
    assert answer.status_code < 500, (method, path, body, answer.text)
    found = answer.json().get("violations", []) if answer.status_code == 422 else []
    return [one for one in found if one["propertyPath"].rsplit(".", 1)[-1] == name]


def test_null_says_what_leaving_out_says(fynn: Fynn) -> None:
    document = fynn.http.get("/openapi.json").json()
    asked = 0
    for path, methods in document["paths"].items():
        at = re.sub(r"{[^}]*}", _NOBODY, path)
        for method, row in methods.items():
            body = row.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            for name, null, without in _nulls(document, body) if method != "get" else ():
                asked += 1
                if refused := _said_of(fynn, method, at, name, null):
                    assert refused == _said_of(fynn, method, at, name, without), (method, path, null)
    assert asked > 1_000
