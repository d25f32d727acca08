"""The OpenAPI document of a dialect, from its table of routes."""

import re
from collections import Counter
from collections.abc import Sequence
from types import NoneType
from typing import Any, Final

from contor.api.dialect import Dialect
from contor.api.entities import shows_entity, with_entities
from contor.api.http import DEPRECATED, ENTITY_TAG, MOST_SECONDS
from contor.api.openapi.examples import EXAMPLES
from contor.api.openapi.forms import ANSWERED, READ, REF, Forms, Kind
from contor.api.openapi.tag import Tag
from contor.api.openapi.tags import TAGS, described, tag_of
from contor.api.openapi.words import Wording
from contor.api.route import Plain, Route, answered_kind, operation_id
from contor.kernel.files import FileContent
from contor.runtime.db import ENCODER

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
JSON = "application/json"
PARAMETERS = "#/components/parameters/"
_FILE_TYPES = ("application/octet-stream", "application/pdf", "application/xml")
_BINARY: Final[Plain] = {"type": "string", "format": "binary"}
_REFUSED: Final[Plain] = {"$ref": "#/components/responses/Refused"}


def openapi(dialect: Dialect, routes: Sequence[Route]) -> Plain:
    """OpenAPI 3.1 with every operation, its parameters, body, answer and the dialect's error envelope."""
    routes = with_entities(routes)
    forms = Forms(_kinds(routes), camel=dialect.camel, nulls=dialect.nulls)
    schemas: Plain = {"Error": dialect.error_schema(), **forms.components}
    paths: dict[str, Plain] = {}
    for row in routes:
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(dialect, row, forms, schemas)
    used = {_tag(row) for row in routes}
    refused: Plain = {"description": "Refused, with every finding.", "content": {JSON: {"schema": {"$ref": f"{REF}Error"}}}}
    made: Plain = {
        "openapi": "3.1.0",
        "info": {
            "title": dialect.title,
            "version": dialect.version,
            "description": dialect.description,
            "contact": {"name": "Contor"},
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": dialect.root, "description": "The installation that serves this document."}],
        "security": dialect.security(""),
        "tags": [{"name": tag.title, "description": described(tag)} for tag in TAGS if tag in used],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "responses": {"Refused": refused},
            "securitySchemes": dialect.security_schemes(),
        },
    }
    return _shared(Wording(dialect.name).into(made))


_COMPONENT: Final = re.compile(r"[a-zA-Z0-9._-]+")
"""How a component may be called (OpenAPI 3.1, 4.8.7.1)."""
OFTEN: Final = 20
"""Operations beside each other that take the same parameter: it is described once for all of them."""


def _shared(document: Kind) -> Plain:
    """The document with what many operations take in its components; of two parameters of a name, the one that more of them take."""
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    taken = {ENCODER.encode(said): said for operation in operations for said in operation["parameters"]}
    times = Counter(ENCODER.encode(said) for operation in operations for said in operation["parameters"])
    shared: Plain = {}
    for encoded, count in times.most_common():
        if count >= OFTEN and _COMPONENT.fullmatch(str(taken[encoded]["name"])):
            shared.setdefault(taken[encoded]["name"], taken[encoded])
    for operation in operations:
        operation["parameters"] = [
            {"$ref": f"{PARAMETERS}{said['name']}"} if shared.get(said["name"]) == said else said
            for said in operation["parameters"]
        ]
    return {**document, "components": {**document["components"], "parameters": dict(sorted(shared.items()))}}


def _kinds(routes: Sequence[Route]) -> list[tuple[Any, Any]]:
    read = [(row.body, READ) for row in routes if _has_body(row)]
    return [
        *read,
        *((answered_kind(row), ANSWERED) for row in routes if not _answers_nothing(row) and row.output is not FileContent),
    ]


def _tag(row: Route) -> Tag:
    return tag_of(row.about or row.operation.noun)


def _has_body(row: Route) -> bool:
    return row.body is not None and row.filterable is None and not row.upload


def _answers_nothing(row: Route) -> bool:
    return row.status == 204 or answered_kind(row) in (None, NoneType)


def _operation(dialect: Dialect, row: Route, forms: Forms, schemas: Plain) -> Plain:
    known = operation_id(row)
    made: Plain = {
        "operationId": known,
        "summary": _words(known),
        "description": row.operation.doc or f"{_words(known)}.",
        "tags": [_tag(row).title],
        "parameters": _parameters(dialect, row),
        "responses": {str(row.status): _succeeded(dialect, row, forms, schemas), "4XX": _REFUSED, "5XX": _REFUSED},
    }
    if row.upload:
        form = {"type": "object", "required": ["file"], "properties": {"file": _BINARY}}
        made["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": form}}}
    elif _has_body(row):
        content: Plain = {"schema": forms.of(row.body, READ)}
        if known in EXAMPLES and row.wire is None and row.method != "PUT":  # an example says the names of the shape
            content["example"] = EXAMPLES[known]
        made["requestBody"] = {"required": not row.may_be_empty, "content": {JSON: content}}
    if row.deprecated:
        made["deprecated"] = True
    made["security"] = dialect.security(row.operation.permission) if row.operation.permission and row.holder is None else []
    return made


def _parameters(dialect: Dialect, row: Route) -> list[Plain]:
    text: Plain = {"type": "string"}
    number: Plain = {"type": "integer", "format": "int64", "minimum": 0}
    names = _PLACEHOLDER.findall(row.path)
    made: list[Plain] = [
        {"name": name, "in": "path", "required": True, "schema": number if name in row.numbers else text} for name in names
    ]
    made += [
        {"name": name, "in": "query", "schema": text if isinstance(default, str) else {"type": "boolean", "default": default}}
        for name, default in row.parameters.items()
    ]
    if row.versioned and row.method != "GET" and names:
        tag: Plain = {"type": "string", "pattern": f"^({ENTITY_TAG})$", "examples": ['"2"']}
        made.append({"name": "If-Match", "in": "header", "schema": tag, "description": "The version that is meant."})
    elif row.entity is not None and row.method != "GET":
        said = "The tag that `ETag` said: refused with 412 where the thing was changed since."
        made.append({"name": "If-Match", "in": "header", "schema": text, "description": said})
    if row.pending is not None:
        said = f"`wait=10`: answered as soon as it is there, else after so many seconds, {MOST_SECONDS} at most (RFC 7240)."
        made.append({"name": "Prefer", "in": "header", "schema": text, "description": said})
    return made + (dialect.list_parameters(row) if row.filterable is not None else [])


def _succeeded(dialect: Dialect, row: Route, forms: Forms, schemas: Plain) -> Plain:
    made = _answer(dialect, row, forms, schemas)
    return {**made, "headers": {name: {"schema": {"type": "string"}} for name in DEPRECATED}} if row.deprecated else made


def _answer(dialect: Dialect, row: Route, forms: Forms, schemas: Plain) -> Plain:
    if row.output is FileContent:
        return {"description": "The file.", "content": {kind: {"schema": _BINARY} for kind in _FILE_TYPES}}
    if _answers_nothing(row):
        return {"description": "Done."}
    content = forms.of(answered_kind(row), ANSWERED)
    if row.filterable is not None:
        content = {"type": "array", "items": content} if row.array else _page(dialect, row, content, schemas)
    answer: Plain = {"description": "The answer.", "content": {JSON: {"schema": content}}}
    if row.versioned or shows_entity(row):
        answer["headers"] = {"ETag": {"schema": {"type": "string"}, "description": "The version that is answered."}}
    return answer


def _page(dialect: Dialect, row: Route, item: Plain, schemas: Plain) -> Plain:
    """The form of a page has the name of what is on it."""
    name = f"{str(item['$ref']).removeprefix(REF)}Page"
    schemas[name] = dialect.page_schema(row, item)
    return {"$ref": f"{REF}{name}"}


_NAMES: Final = {"saf t": "SAF-T", "datev": "DATEV", "oss": "OSS", "vat": "VAT", "opos": "OPOS", "mrr": "MRR"}
"""Words that are names, as they are written."""


def _words(identifier: str) -> str:
    """`listBillingGroups` as `List billing groups`, `getSafTConfiguration` as `Get SAF-T configuration`."""
    text = re.sub(r"(?<=[a-z0-9])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])", lambda match: " " + match[0], identifier).lower()
    text = re.sub(rf"\b({'|'.join(_NAMES)})\b", lambda match: _NAMES[match[0]], text)
    return text[0].upper() + text[1:]
