"""What a caller sends back of what it was shown: null says no more than leaving out, and what cannot be written may stand in the body as
it is. So what was read can be changed and sent back."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from contor.api.answers import rendered_answer
from contor.api.codec import JSON
from contor.api.dialect import Dialect
from contor.api.resolve import resolving
from contor.api.route import AnyOperation, Call, Plain, Route, answered_kind
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Operation
from contor.runtime.execute import adapter
from contor.runtime.uow import Uow


def without_nulls(content: object) -> object:
    """Plain values without the fields that are null, at any depth. Lists and objects are looked into, not what stands in them: of a body
    of many small ones each step counts."""
    if type(content) is dict:
        return {
            name: without_nulls(value) if type(value) is dict or type(value) is list else value
            for name, value in content.items()
            if value is not None
        }
    if type(content) is list:
        return [without_nulls(value) if type(value) is dict or type(value) is list else value for value in content]
    return content


def whole_in_lists(content: object) -> object:
    """Plain values of a change, where null unsets a field: without the null fields of things in lists, which are said whole."""
    if type(content) is dict:
        return {name: whole_in_lists(value) for name, value in content.items()}
    return without_nulls(content) if type(content) is list else content


def parted(row: Route, content: object, *, camel: bool) -> tuple[object, Plain]:
    """(what is written, what is only repeated): the fields of the body, and those that are answered at this path and no body has."""
    if row.shown is None or not isinstance(content, Mapping):
        return content, {}
    repeated = _read_only(row.body, answered_kind(row.shown), camel) & content.keys()
    if not repeated:
        return content, {}
    written = {name: value for name, value in content.items() if name not in repeated}
    return written, {name: value for name, value in content.items() if name in repeated and value is not None}


def unchanged(dialect: Dialect, row: Route, call: Call, repeated: Plain) -> tuple[AnyOperation, object]:
    """The operation and its input; before it runs, what is only repeated must be as it is shown."""
    operation, command = resolving(row, call)
    if not repeated or row.shown is None:
        return operation, command
    asked: Any
    look, asked = resolving(row.shown, replace(call, body=None))
    shown_row = row.shown

    def run(uow: Uow, given: Any) -> object:
        answer = JSON.read(JSON.write(rendered_answer(dialect, shown_row, look.function(uow, asked))))
        known: Mapping[str, object] = answer if isinstance(answer, Mapping) else {}
        changed = [name for name, value in repeated.items() if without_nulls(value) != known.get(name)]
        if changed:
            raise Refused(
                Kind.INVALID,
                *(
                    Problem("field_read_only", "cannot be written; leave it out, or send it as it is answered", name)
                    for name in changed
                ),
            )
        return operation.function(uow, given)

    kind = operation
    return Operation(kind.name, kind.permission, kind.input, kind.output, run, kind.reads, kind.directory, few=kind.few), command


@cache
def _read_only(body: object, answered: object, camel: bool) -> frozenset[str]:
    return frozenset(_names(answered, "serialization", camel) - _names(body, "validation", camel))


def _names(kind: object, mode: Any, camel: bool) -> set[str]:
    """Of the fields of an object; none of what is no object."""
    schema = adapter(kind).json_schema(by_alias=camel, mode=mode)
    named = schema.get("$ref")
    if named is not None:
        schema = schema["$defs"][str(named).rpartition("/")[2]]
    return set(schema.get("properties", ()))
