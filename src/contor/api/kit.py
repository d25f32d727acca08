"""From an operation to a route: what every dialect shares. A dialect is a table of routes plus a voice (`Dialect`)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Protocol, get_type_hints

from contor.kernel.context import Caller
from contor.kernel.errors import Refused
from contor.kernel.operations import Operation
from contor.runtime.execute import Runtime
from contor.runtime.query import Filterable, ListQuery, Page
from contor.runtime.resource import Keyed, Listed, Resource, Written
from contor.runtime.uow import not_found

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
NOTHING = object()


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as far as an operation's input is made of it."""

    path: Mapping[str, str]
    query: Sequence[tuple[str, str]]
    body: Any
    headers: Mapping[str, str]
    caller: Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A row of a dialect's table."""

    method: str
    path: str
    operation: Operation[Any, Any]
    status: int
    bind: Callable[[Call], Any]
    body: Any = None
    """The shape of the body; None: there is none."""
    output: Any = None
    filterable: Filterable | None = None
    """Set for list queries."""
    answer: Callable[[Any], Any] | None = None
    """A pure function from the operation's result to the answer (level L2)."""
    array: bool = False
    """A deprecated list: the bare array of a page."""
    deprecated: bool = False
    parameters: tuple[str, ...] = ()
    """Names of plain query parameters."""
    upload: bool = False
    """The body is a file: multipart with a part `file`, or the bytes themselves."""


class Dialect(Protocol):
    """The voice of a dialect: names, numbers, errors, authentication."""

    name: str
    prefix: str
    title: str
    version: str
    camel: bool

    def authenticate(self, runtime: Runtime, headers: Mapping[str, str], request_id: str) -> Caller: ...
    def list_query(self, route: Route, query: Sequence[tuple[str, str]]) -> ListQuery: ...
    def refuse(self, refused: Refused, path: str, request_id: str) -> tuple[int, Any]: ...
    def with_status(self, body: Any, status: int) -> Any: ...
    def crash(self, path: str, request_id: str) -> tuple[int, Any]: ...
    def page(self, route: Route, page: Page, rows: list[Any]) -> Any: ...
    def headers(self, request_id: str, seconds: float) -> dict[str, str]: ...
    def error_schema(self) -> dict[str, Any]: ...
    def list_parameters(self, route: Route) -> list[dict[str, Any]]: ...


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda m: "_" + m.group(1).lower(), name)


# --- building routes -------------------------------------------------------------------------------------------------------


def route(
    method: str,
    path: str,
    operation: Operation[Any, Any],
    status: int = 200,
    *,
    body: str | None = None,
    constants: Mapping[str, Any] | None = None,
    rename: Mapping[str, str] | None = None,
    filterable: Filterable | None = None,
    answer: Callable[[Any], Any] | None = None,
    array: bool = False,
    deprecated: bool = False,
    parameters: Mapping[str, str] | None = None,
    output: Any = NOTHING,
    upload: str | None = None,
) -> Route:
    """The route of an operation whose input is a dataclass.

    Path parameters fill the fields of the same (snake_case) name, or those that `rename` says; `constants` fill further fields;
    `body` names the field that the request's body becomes (`"*"`: the body is the whole input); a field `query` of a list is
    filled from the query string; `parameters` maps names in the query string to fields; `upload` names the field for a file that is
    the body.
    """
    rename, constants, parameters = dict(rename or {}), dict(constants or {}), dict(parameters or {})
    names = {p: rename.get(p, snake(p)) for p in _PLACEHOLDER.findall(path)}
    kind = operation.input
    body_shape = kind if body == "*" else get_type_hints(kind, include_extras=True)[body] if body else None
    known = {f.name for f in fields(kind)} if is_dataclass(kind) else set()
    numbers = {name for name, hint in get_type_hints(kind).items() if hint is int} if known else set()
    missing = (set(names.values()) | set(constants) | set(parameters.values())) - known
    if missing and (names or constants or parameters):
        raise TypeError(f"{method} {path}: the input of {operation.name} has no {sorted(missing)}")

    def bind(call: Call) -> Any:
        values: dict[str, Any] = {names[p]: _number(operation, v) if names[p] in numbers else v for p, v in call.path.items()}
        values.update(constants)
        given = dict(call.query)
        values.update({target: given[name] for name, target in parameters.items() if name in given})
        if upload is not None:
            values[upload] = call.body
        elif filterable is not None:
            values["query"] = call.body
        elif body == "*":
            return call.body
        elif body:
            values[body] = call.body
        return kind(**values)

    shown = operation.output if output is NOTHING else output
    return Route(
        method=method, path=path, operation=operation, status=status, bind=bind, body=body_shape, output=shown, filterable=filterable,
        answer=answer, array=array, deprecated=deprecated, parameters=tuple(parameters), upload=upload is not None,
    )  # fmt: skip


def _number(operation: Operation[Any, Any], text: str) -> int:
    """A number in a path; what is none names nothing."""
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise not_found(operation.noun, text)
    return int(text)


def resource(
    path: str,
    stored: Resource,
    *,
    only: str = "list create get update delete",
    member: str = "",
    scope: tuple[str, ...] = (),
    **statuses: int,
) -> list[Route]:
    """The usual routes of a resource: `path` is the collection's; the member's adds `{<key>}`. `scope`: keys that the path lacks."""
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
        made.append(resource_route(method, where, stored, verb, statuses.get(verb, status), body=body, output=output, scope=scope))
    return made


def resource_route(
    method: str,
    path: str,
    stored: Resource,
    verb: str,
    status: int,
    *,
    body: Any = None,
    output: Any = None,
    array: bool = False,
    scope: tuple[str, ...] = (),
    operation: Operation[Any, Any] | None = None,
) -> Route:
    """One route of a resource, for paths that do not follow the usual pattern. Path parameters are the keys, in their order."""

    def bind(call: Call) -> Any:
        keys = (*scope, *call.path.values())
        if verb == "list":
            return Listed(keys, call.body)
        return Written(keys, call.body) if verb in ("create", "update") else Keyed(keys)

    return Route(
        method=method, path=path, operation=operation or getattr(stored, verb), status=status, bind=bind,
        body=body if body is not None else {"create": stored.creation, "update": stored.update_body}.get(verb),
        output=output if output is not None else (None if verb == "delete" else stored.output),
        filterable=stored.filterable if verb == "list" else None, array=array, deprecated=array,
    )  # fmt: skip


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
