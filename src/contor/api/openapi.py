"""The OpenAPI document of a dialect, from its table of routes."""

import inspect
import re
from collections.abc import Sequence
from typing import Any

from contor.api.dialect import Dialect
from contor.api.http import ENTITY_TAG
from contor.api.route import Plain, Route
from contor.kernel.files import FileContent
from contor.runtime.execute import adapter

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_REF = "#/components/schemas/{model}"
JSON = "application/json"


def openapi(dialect: Dialect, routes: Sequence[Route]) -> Plain:
    """OpenAPI 3.1 with every operation, its parameters, body, answer and the dialect's error envelope."""
    schemas: Plain = {"Error": dialect.error_schema()}
    paths: dict[str, Plain] = {}
    for row in routes:
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(dialect, row, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": dialect.title, "version": dialect.version},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
        "security": [{"bearer": []}],
    }


def _operation(dialect: Dialect, row: Route, schemas: Plain) -> Plain:
    failure = {"description": "Refused", "content": {JSON: {"schema": {"$ref": "#/components/schemas/Error"}}}}
    text: Plain = {"type": "string"}
    parameters: list[Plain] = [
        {"name": name, "in": "path", "required": True, "schema": text} for name in _PLACEHOLDER.findall(row.path)
    ]
    parameters += [{"name": name, "in": "query", "schema": text} for name in row.parameters]
    if row.versioned and row.method != "GET" and _PLACEHOLDER.search(row.path):
        tag: Plain = {"type": "string", "pattern": f"^({ENTITY_TAG})$", "examples": ['"2"']}
        parameters.append({"name": "If-Match", "in": "header", "schema": tag, "description": "The version that is meant."})
    if row.filterable is not None:
        parameters += dialect.list_parameters(row)
    made: Plain = {
        # an operation may stand at several paths, and its id must be unique (OpenAPI 3.1)
        "operationId": f"{row.operation.name.replace('.', '_')}__{_slug(row)}",
        "summary": row.operation.name,
        "description": row.operation.doc,
        "tags": [row.operation.noun],
        "parameters": parameters,
        "responses": {str(row.status): _answer(dialect, row, schemas), "4XX": failure, "5XX": failure},
    }
    if row.upload:
        form = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
        made["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": form}}}
    elif row.body is not None and row.filterable is None:
        schema = _schema(dialect, row.body, schemas, "validation")
        made["requestBody"] = {"required": not row.may_be_empty, "content": {JSON: {"schema": schema}}}
    if row.deprecated:
        made["deprecated"] = True
    if not row.operation.permission:
        made["security"] = []
    return made


def _slug(row: Route) -> str:
    return re.sub(r"\W+", "_", f"{row.method}_{row.path}").strip("_").lower()


def _answer(dialect: Dialect, row: Route, schemas: Plain) -> Plain:
    if row.output is FileContent:
        return {"description": "The file", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
    if row.output is None or row.status == 204:
        return {"description": "Done"}
    content: Plain = {} if row.answer is not None else _schema(dialect, row.output, schemas, "serialization")
    if row.filterable is not None:
        content = {"type": "array", "items": content} if row.array else {"type": "object", "additionalProperties": True}
    answer: Plain = {"description": "OK", "content": {JSON: {"schema": content}}}
    if row.versioned:
        answer["headers"] = {"ETag": {"schema": {"type": "string"}, "description": "The version that is answered."}}
    return answer


def _schema(dialect: Dialect, kind: object, schemas: Plain, mode: Any) -> Plain:
    made = adapter(kind).json_schema(by_alias=dialect.camel, ref_template=_REF, mode=mode)
    for name, definition in made.pop("$defs", {}).items():
        schemas.setdefault(name, definition)
    title = made.get("title")
    if title and inspect.isclass(kind) and made.get("type") == "object":
        # what is read and what is answered may have one title and two forms
        name = title if mode == "validation" else f"{title}Answer"
        schemas.setdefault(name, made)
        return {"$ref": f"#/components/schemas/{name}"}
    return made
