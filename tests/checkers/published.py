"""Every answer that a test gets is one that the published description of its dialect has announced."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

import httpx
import jsonschema_rs
import msgspec
from starlette.testclient import TestClient
from starlette.types import ASGIApp
from tests.checkers.straight import Straight
from tests.checkers.wording import unfit

from contor.api.answers import amounts_of, in_decimals
from contor.api.fynn.routes import ROUTES as FYNN_ROUTES
from contor.api.fynn.voice import FYNN, MOUNT
from contor.api.management.routes import ROUTES as MANAGEMENT_ROUTES
from contor.api.management.voice import MANAGEMENT
from contor.api.openapi import openapi
from contor.api.platform.routes import ROUTES as PLATFORM_ROUTES
from contor.api.platform.voice import PLATFORM
from contor.api.route import Route, answered_kind
from contor.runtime.db import ENCODER

_READ = msgspec.json.Decoder(float_hook=Decimal).decode
SEEN: set[tuple[str, str]] = set()
"""Routes (method, path of the table) that answered as they should, in this process."""


class Published:
    """The description of one dialect, as what it says of answers."""

    def __init__(self, document: Mapping[str, Any], rows: Iterable[Route], camel: bool) -> None:
        self.document, self.camel = document, camel
        self._rows = {(row.method, row.path): row for row in rows}
        # static segments are matched before placeholders
        self._paths = sorted(document["paths"], key=lambda path: [part.startswith("{") for part in path.split("/")])

    def judge(self, method: str, path: str, status: int, kind: str, content: bytes) -> None:
        found = next((known for known in self._paths if _pattern(known).fullmatch(path)), None)
        operation = self.document["paths"].get(found, {}).get(method.lower())
        if operation is None:
            return
        if status >= 400:
            refusal = json.loads(content)
            self.validator("Error", None).validate(refusal)
            violations = refusal.get("violations", ())
            said = [refusal["message"]] if not violations else []
            said += [finding["message"] for finding in violations] + [finding["error"] for finding in refusal.get("errors", ())]
            for sentence in said:
                assert not unfit(sentence, names="errors" in refusal), f"{method} {found}: {sentence}"
            return
        (wanted,) = [code for code in operation["responses"] if code[0] == "2"]
        assert str(status) == wanted, f"{method} {found} answers {status} where {wanted} is published"
        in_whole_units(self._rows[method, str(found)], self.camel, content, kind)
        answers = operation["responses"][wanted].get("content", {})
        if "application/json" in answers:
            assert kind.startswith("application/json")
            error = next(iter(self.validator(found, method).iter_errors(json.loads(content))), None)
            assert error is None, f"{method} {found}: {'/'.join(map(str, error.instance_path))}: {error.message}"
        elif not answers:
            assert content == b"", f"{method} {found} answers something where nothing is published"
        SEEN.add((method, str(found)))

    @cached_property
    def _components(self) -> Any:
        return _closed(self.document["components"])

    @cache  # noqa: B019 - one description for each dialect, as long as the tests run
    def validator(self, path: str, method: str | None) -> Any:
        """Of the answer at a path, or of a component by its name."""
        form: Any = {"$ref": f"#/components/schemas/{path}"}
        if method is not None:
            responses = self.document["paths"][path][method.lower()]["responses"]
            (form,) = [said["content"]["application/json"]["schema"] for code, said in responses.items() if code[0] == "2"]
        return jsonschema_rs.Draft202012Validator({**form, "components": self._components}, validate_formats=True)


def in_whole_units(row: Route, camel: bool, content: bytes, kind: str) -> None:
    """Every amount has the decimals of its currency."""
    tree = amounts_of(answered_kind(row), camel and row.answer is None) if kind.startswith("application/json") else None
    if tree is not None:
        answer = _READ(content)
        found = answer.get("_embedded", answer) if isinstance(answer, dict) else answer
        in_decimals(found, tree)
        assert ENCODER.encode(answer) == ENCODER.encode(_READ(content)), f"{row.method} {row.path}: an amount has other decimals"
        stored = ", ".join(_as_stored(found, tree))
        assert not stored, f"{row.method} {row.path}: as they are stored: {stored}"


def _as_stored(answer: object, tree: Mapping[str, Any]) -> Iterator[str]:
    """Amounts with the four decimals of their column, which no currency has: where the answer says none, nothing else has judged them."""
    if isinstance(answer, list):
        for item in answer:
            yield from _as_stored(item, tree)
    elif isinstance(answer, dict):
        for name, inner in tree.items():
            value = answer.get(name)
            if inner is not None:
                yield from _as_stored(value, inner)
            elif isinstance(value, Decimal) and int(value.as_tuple().exponent) <= -4 and not value.as_tuple().digits[-1]:
                yield f"{name} {value}"


def _closed(value: Any) -> Any:
    """Answers are open to what is yet to come; today nothing is in them that is not published."""
    if isinstance(value, list):
        return [_closed(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    made = {name: _closed(inner) for name, inner in value.items()}
    return {"additionalProperties": False, **made} if isinstance(made.get("properties"), dict) else made


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))


@cache
def published() -> dict[str, Published]:
    """By prefix."""
    return {
        PLATFORM.prefix: Published(openapi(PLATFORM, PLATFORM_ROUTES), PLATFORM_ROUTES, PLATFORM.camel),
        MANAGEMENT.prefix: Published(openapi(MANAGEMENT, MANAGEMENT_ROUTES), MANAGEMENT_ROUTES, MANAGEMENT.camel),
        MOUNT: Published(openapi(FYNN, FYNN_ROUTES), FYNN_ROUTES, FYNN.camel),
    }


class JudgingClient(TestClient):
    """A client that fails where an answer is not as published."""

    def __init__(self, app: ASGIApp, **options: Any) -> None:
        super().__init__(app, **options)
        self._transport = Straight(app)

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        answer = super().send(request, **options)
        for prefix, said in published().items():
            if request.url.path.startswith(f"{prefix}/"):
                path = request.url.path.removeprefix(MOUNT)  # the only prefix that the table does not say
                said.judge(request.method, path, answer.status_code, answer.headers.get("content-type", ""), answer.content)
        return answer
