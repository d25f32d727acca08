"""Every field of a body, at any depth, with a body in which it stands."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from contor.runtime.execute import adapter


class BodyField(NamedTuple):
    path: str
    """As a finding names it, e.g. `items[0].prices`."""
    name: str
    forms: tuple[Any, ...]
    """What it may be, as JSON schema."""
    required: bool
    body: Callable[[Any], Any]
    """The body in which it has a value, and everything else is left out."""
    owner: str
    """The shape that has it, with all that it says."""


def fields_of(kind: Any, *, camel: bool) -> Iterator[BodyField]:
    """Of a shape, as the dialect writes it. What holds itself is followed once."""
    root = adapter(kind).json_schema(by_alias=camel, mode="validation")

    def forms(schema: Any) -> Iterator[Any]:
        while "$ref" in schema:
            schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
        inner = [one for name in ("anyOf", "oneOf", "allOf") for one in schema.get(name, ())]
        if not inner:
            yield schema
        for one in inner:
            yield from forms(one)

    known: dict[int, str] = {}

    def written(form: Any) -> str:
        if id(form) not in known:
            known[id(form)] = str(form)
        return known[id(form)]

    def walk(schema: Any, path: str, body: Callable[[Any], Any], seen: tuple[int, ...]) -> Iterator[BodyField]:
        for form in forms(schema):
            if id(form) in seen:
                continue
            within = (*seen, id(form))
            if "items" in form:
                yield from walk(form["items"], f"{path}[0]", lambda value: body([value]), within)
            owner = written(form) if "properties" in form else ""
            for name, field in form.get("properties", {}).items():
                where = f"{path}.{name}" if path else name
                inner = _within(body, name)
                yield BodyField(where, name, tuple(forms(field)), name in form.get("required", ()), inner, owner)
                yield from walk(field, where, inner, within)

    yield from walk(root, "", lambda value: value, ())


def _within(body: Callable[[Any], Any], name: str) -> Callable[[Any], Any]:
    return lambda value: body({name: value})
