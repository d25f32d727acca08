"""From an operation to a route: a dialect is a table of routes plus a voice (`Dialect`)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypedDict, Unpack, get_type_hints

from contor.api.route import AnyOperation, Call, IdsOf, Route, Wire, operation_id
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.exact import exact
from contor.runtime.query import Filterable
from contor.runtime.resource import Keyed, Listed, Resource, Written
from contor.runtime.uow import not_found

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Options(TypedDict, total=False):
    """What a route may say beside its operation."""

    body: str
    """The field that the request's body becomes; `"*"`: the body is the whole input."""
    constants: Mapping[str, Any]
    """Further fields of the input, by name."""
    rename: Mapping[str, str]
    """Placeholder -> field, where they differ."""
    filterable: Filterable
    """The list's fields; the input's field `query` is filled from the query string."""
    answer: Callable[[Any], Any]
    array: bool
    deprecated: bool
    parameters: Mapping[str, tuple[str, bool | str]]
    """Name of a truth value or a text in the query string -> its field, and what holds where it is not said."""
    output: Any
    upload: str
    """The field for a file that is the body."""
    file: str
    """The field for a file that came beside the body."""
    wire: Wire
    ids: IdsOf
    id: str
    """What clients call it, where the operation's own name is not it."""
    about: str
    """What the published description groups it with, where that is not what the operation is named after."""
    may_be_empty: bool
    """A request without a body is one, too."""
    pending: Callable[[object], bool]
    """Whether what is answered is still being made."""
    in_part: bool
    """The body says what changes; PATCH always does."""
    versioned: bool
    """Its thing has a version: `ETag` and `If-Match`."""


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda m: "_" + m.group(1).lower(), name)


def route(method: str, path: str, operation: AnyOperation, status: int = 200, **options: Unpack[Options]) -> Route:
    """The route of an operation whose input is a dataclass. Path parameters fill the fields of the same (snake_case) name, or those
    that `rename` says. Raises TypeError when the input lacks a field that the route fills."""
    rename, constants = options.get("rename", {}), options.get("constants", {})
    parameters, body = options.get("parameters", {}), options.get("body")
    names = {p: rename.get(p, snake(p)) for p in _PLACEHOLDER.findall(path)}
    kind: Any = operation.input
    body_shape = kind if body == "*" else exact(get_type_hints(kind, include_extras=True)[body]) if body else None
    known = {f.name for f in fields(kind)} if is_dataclass(kind) else set()
    missing = (set(names.values()) | set(constants) | {field for field, _ in parameters.values()}) - known
    if missing and (names or constants or parameters):
        raise TypeError(f"{method} {path}: the input of {operation.name} has no {sorted(missing)}")
    return Route(
        method=method,
        path=path,
        operation=operation,
        status=status,
        bind=_binding(operation, names, options),
        body=body_shape,
        output=options.get("output", operation.output),
        filterable=options.get("filterable"),
        answer=options.get("answer"),
        array=options.get("array", False),
        deprecated=options.get("deprecated", False),
        parameters={name: default for name, (_, default) in parameters.items()},
        upload="upload" in options,
        wire=options.get("wire"),
        ids=options.get("ids"),
        id=options.get("id", ""),
        about=options.get("about", ""),
        numbers=_numbers(operation, names),
        versioned=options.get("versioned", False),
        pending=options.get("pending"),
        may_be_empty=options.get("may_be_empty", False),
        in_part=options.get("in_part", method == "PATCH"),
    )


def service(name: str, operation: AnyOperation, **options: Unpack[Options]) -> Route:
    """The row of an operation that a request names: no path, always POST, always 200."""
    return replace(route("POST", "", operation, 200, **options), service=name)


def _binding(operation: AnyOperation, names: Mapping[str, str], options: Options) -> Callable[[Call], Any]:
    """The function that makes the operation's input of a call."""
    kind: Any = operation.input
    parameters, body = options.get("parameters", {}), options.get("body")
    filled = "query" if "filterable" in options else body
    filled = options.get("upload", filled)
    numbers = _numbers(operation, names)

    def bind(call: Call) -> Any:
        if filled == "*":
            return call.body
        values: dict[str, Any] = {names[p]: _number(p, v) if p in numbers else v for p, v in call.path.items()}
        values.update(options.get("constants", {}))
        values.update({field: _said(call, name, default) for name, (field, default) in parameters.items()})
        if filled:
            values[filled] = call.body
        if "file" in options:
            if call.file is None:
                raise Refused(Kind.INVALID, Problem("file_missing", "The request brings a file.", "file"))
            values[options["file"]] = call.file
        return kind(**values)

    return bind


def _said(call: Call, name: str, default: bool | str) -> bool | str:
    given = [value for key, value in call.query if key == name]
    if not given:
        return default
    if isinstance(default, str):
        if len(given) > 1:
            raise Refused(Kind.INVALID, Problem("parameter_repeated", "is said once", name, given[-1][:100]))
        return given[0]
    if given not in (["true"], ["false"]):
        raise Refused(Kind.INVALID, Problem("parameter_malformed", "is true or false", name, given[-1][:100]))
    return given == ["true"]


def _numbers(operation: AnyOperation, names: Mapping[str, str]) -> frozenset[str]:
    """The placeholders whose fields are whole numbers."""
    kind: Any = operation.input
    hints = get_type_hints(kind) if is_dataclass(kind) else {}
    return frozenset(placeholder for placeholder, name in names.items() if hints.get(name) is int)


def _number(placeholder: str, text: str) -> int:
    """A number in a path; what is none names nothing."""
    if not (text.isascii() and text.isdecimal() and len(text) < 19):  # 18 digits fit a bigint
        kind = snake(placeholder).removesuffix("_id")
        raise not_found(kind, text, "number", f"{placeholder} is a whole number, not the ident")
    return int(text)


def resource(
    path: str,
    stored: Resource,
    *,
    only: str = "list create get update delete",
    member: str = "",
    scope: tuple[str, ...] = (),
    kind: str = "",
    **statuses: int,
) -> list[Route]:
    """The usual routes of a resource: `path` is the collection's; the member's adds `{<key>}`. `scope`: keys that the path lacks.
    `kind`: what tells the ids of these from others of the same resource."""
    member = f"{path}/{{{member or _camel(stored.name) + 'Ident'}}}"
    made = []
    shapes = {
        "list": ("GET", path, 200, None, stored.output),
        "create": ("POST", path, 201, stored.creation, stored.output),
        "get": ("GET", member, 200, None, stored.output),
        "update": ("PUT", member, 200, stored.update_body, stored.output),
        "delete": ("DELETE", member, 204, None, None),
    }
    for verb in only.split():
        method, where, status, body, output = shapes[verb]
        row = resource_route(method, where, stored, verb, statuses.get(verb, status), body=body, output=output, scope=scope)
        if verb == "update" and "get" not in only.split():  # what is shown is read all the same
            row = replace(row, shown=resource_route("GET", where, stored, "get", 200, output=stored.output, scope=scope))
        made.append(replace(row, id=operation_id(row) + kind) if kind else row)
    return made


class ResourceOptions(TypedDict, total=False):
    """What a route of a resource may say where it does not follow the usual pattern."""

    body: Any
    output: Any
    array: bool
    scope: tuple[str, ...]
    """Keys that the path lacks."""
    operation: AnyOperation
    id: str


def resource_route(method: str, path: str, stored: Resource, verb: str, status: int, **options: Unpack[ResourceOptions]) -> Route:
    """One route of a resource, for paths that do not follow the usual pattern. Path parameters are the keys, in their order."""
    scope, array = options.get("scope", ()), options.get("array", False)
    bodies, outputs = {"create": stored.creation, "update": stored.update_body}, {"delete": None}

    def bind(call: Call) -> Listed | Written | Keyed:
        keys = (*scope, *call.path.values())
        if verb == "list":
            return Listed(keys, call.body)
        return Written(keys, call.body) if verb in bodies else Keyed(keys)

    return Route(
        method=method,
        path=path,
        operation=options.get("operation") or getattr(stored, verb),
        status=status,
        bind=bind,
        body=options.get("body") or bodies.get(verb),
        output=options.get("output") or outputs.get(verb, stored.output),
        filterable=stored.search if verb == "list" else None,
        array=array,
        deprecated=array,
        id=options.get("id", ""),
    )


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
