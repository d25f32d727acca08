"""What a caller sends back of what it was shown: null says no more than leaving out, and what cannot be written may stand in the body as
it is. So what was read can be changed and sent back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

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
    """(what is written, what is only repeated): the fields of the body, and those that are answered at this path and no body has, at
    whatever depth. Of things in a list what is repeated stands in a list, too, behind the `id` of each."""
    if row.shown is None or not isinstance(content, Mapping):
        return content, {}
    written, repeated = _split(
        content, _form(row.body, "validation", camel), _form(answered_kind(row.shown), "serialization", camel)
    )
    return written, repeated if isinstance(repeated, dict) else {}


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
        message = "cannot be written; leave it out, or send it as it is answered"
        changed = [Problem("field_read_only", message, name) for name in _changed(repeated, without_nulls(answer), "")]
        if changed:
            raise Refused(Kind.INVALID, *changed)
        return operation.function(uow, given)

    kind = operation
    return Operation(kind.name, kind.permission, kind.input, kind.output, run, kind.reads, kind.directory, few=kind.few), command


# helpers in calling order


@dataclass(frozen=True, slots=True)
class _Form:
    """A part of a schema, with what its references lead to."""

    schema: Plain
    named: Plain

    def at(self, schema: object) -> "_Form":
        """The form that is meant: behind references, and of several the one that has fields or rows."""
        meant = _plain(schema)
        while (name := meant.get("$ref")) is not None:
            meant = _plain(self.named[str(name).rpartition("/")[2]])
        choices = meant.get("anyOf")
        for one in choices if isinstance(choices, list) else ():
            found = self.at(one)
            if found.fields or found.rows is not None:
                return found
        return _Form(meant, self.named)

    @property
    def fields(self) -> Plain:
        return _plain(self.schema.get("properties"))

    @property
    def rows(self) -> "_Form | None":
        items = self.schema.get("items")
        return self.at(items) if items else None


def _plain(value: object) -> Plain:
    return value if isinstance(value, dict) else {}


@cache
def _form(kind: object, mode: Literal["validation", "serialization"], camel: bool) -> _Form:
    schema = adapter(kind).json_schema(by_alias=camel, mode=mode)
    return _Form(schema, _plain(schema.get("$defs"))).at(schema)


class _Within(dict[str, object]):
    """What is repeated of a thing whose other fields are written."""


def _split(value: object, written: _Form, shown: _Form) -> tuple[object, object]:
    if isinstance(value, list) and written.rows is not None and shown.rows is not None:
        parts = [_split(one, written.rows, shown.rows) for one in value]
        named = [
            _Within(rest, id=one.get("id"))
            for one, (_, rest) in zip(value, parts, strict=True)
            if isinstance(rest, dict) and isinstance(one, Mapping)
        ]
        return [part for part, _ in parts], named or None
    if not isinstance(value, Mapping) or not written.fields:
        return value, None
    kept, repeated = {}, _Within()
    for name, inner in value.items():
        if name in written.fields and name in shown.fields:
            kept[name], rest = _split(inner, written.at(written.fields[name]), shown.at(shown.fields[name]))
            if rest is not None:
                repeated[name] = rest
        elif name in written.fields or name not in shown.fields:
            kept[name] = inner
        elif inner is not None:
            repeated[name] = inner
    return kept, repeated or None


def _changed(repeated: object, known: object, path: str) -> Iterator[str]:
    """Where something else is repeated than what is known, which has no nulls."""
    if isinstance(repeated, _Within):
        fields = known if isinstance(known, Mapping) else {}
        for name, value in repeated.items():
            yield from _changed(value, fields.get(name), f"{path}.{name}" if path else name)
    elif isinstance(repeated, list) and repeated and all(isinstance(one, _Within) for one in repeated):
        rows = {one.get("id"): one for one in known if isinstance(one, Mapping)} if isinstance(known, list) else {}
        for place, one in enumerate(repeated):
            named = one["id"] if isinstance(one["id"], str | int) else None  # a caller may send anything in its place
            yield from _changed(one, rows.get(named), f"{path}[{place}]")
    elif without_nulls(repeated) != known:
        yield path
