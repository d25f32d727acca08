"""`contor explain`: what an operation means."""

import difflib
import inspect
from collections.abc import Iterable
from typing import Never

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import FOLLOWERS, HANDLERS
from contor.kernel.operations import CATALOGUE, Operation
from contor.runtime.execute import adapter

NEAR = 8
"""Operations that are told to who named none."""


def explanation(name: str) -> list[str]:
    """The explanation of each operation whose name contains `name`. Raises `Refused` where there is none, with those that come near."""
    from contor.app import load_packages

    load_packages()
    exact = [CATALOGUE[name]] if name in CATALOGUE else []
    found = exact or sorted(_matching(name), key=lambda o: o.name)
    if not found:
        raise Refused(Kind.NOT_FOUND, Problem("operation_missing", f"No operation is named so: {name[:100]}. {_near(name)}"))
    return [_explained(operation) for operation in found]


def _near(name: str) -> str:
    """Operations that are named much like it or speak of it; else the things that there are operations of."""
    alike = difflib.get_close_matches(name, CATALOGUE, NEAR)
    speaking = sorted(key for key, operation in CATALOGUE.items() if name.lower() in operation.doc.lower())
    if near := list(dict.fromkeys([*alike, *speaking]))[:NEAR]:
        return f"These come near: {', '.join(near)}."
    return f"There are operations of: {', '.join(sorted({operation.noun for operation in CATALOGUE.values()}))}."


def _matching(name: str) -> Iterable[Operation[Never, object]]:
    return [operation for key, operation in CATALOGUE.items() if name in key]


def _explained(operation: Operation[Never, object]) -> str:
    lines = [operation.name, f"  {operation.doc}".replace("\n", "\n  ")]
    lines.append(f"  permission: {operation.permission or 'none: anyone'}")
    lines.append(
        f"  transaction: {'directory' if operation.directory else 'one tenant'}, {'reads' if operation.reads else 'writes'}"
    )
    lines.append(f"  input:  {_described(operation.input)}")
    lines.append(f"  output: {_described(operation.output)}")
    lines += [f"  route:  {route}" for route in _routes(operation)]
    module = inspect.getmodule(operation.function)
    lines.append(f"  code:   {module.__name__ if module else '?'}.{operation.function.__name__}")
    source = inspect.getsource(operation.function) if not inspect.ismethod(operation.function) else ""
    for fact, handlers in HANDLERS.items():
        if f"{fact.__name__}(" in source:
            lines += [f"  causes: {h.__module__}.{h.__name__} (with {fact.__name__}, same transaction)" for h in handlers]
            lines += [f"  causes: {f.operation.name} (after {fact.__name__}, as a job)" for f in FOLLOWERS[fact]]
    return "\n".join(lines)


def _described(kind: object) -> str:
    if kind is None or kind is type(None):
        return "nothing"
    schema = adapter(kind).json_schema(by_alias=False)
    wanted = schema.get("required", [])
    fields = [f"{name}{'' if name in wanted else '?'}" for name in schema.get("properties", {})]
    return f"{getattr(kind, '__name__', kind)}({', '.join(fields)})"


def _routes(operation: Operation[Never, object]) -> list[str]:
    from contor.api.management.routes import ROUTES as MANAGEMENT
    from contor.api.platform.routes import ROUTES as PLATFORM

    return [f"{row.method} {row.path} -> {row.status}" for row in (*PLATFORM, *MANAGEMENT) if row.operation is operation]
