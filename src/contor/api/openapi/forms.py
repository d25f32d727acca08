"""Shapes as JSON Schema (draft 2020-12): one name, one form.

What is read and what is answered are two forms. A number may be sent as a text and is answered as a number; what may be null in a
body is left out of an answer. A name that two packages give is preceded by the package's, e.g. `DocumentsItemView`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Literal

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from contor.api.route import Plain
from contor.runtime.execute import adapter

Kind = Any
"""A type as `typing` writes it."""
Mode = Literal["validation", "serialization"]
READ: Mode = "validation"
ANSWERED: Mode = "serialization"
REF = "#/components/schemas/"
_QUALIFIED = re.compile(r"(?:(?P<module>\w+)__)?(?P<name>\w+?)(?:-(?P<side>Input|Output))?(?:__\d+)?")


class Forms:
    """The forms of all bodies and answers of a dialect."""

    def __init__(self, kinds: Iterable[tuple[Kind, Mode]], *, camel: bool, nulls: bool = False) -> None:
        """`nulls`: what has no value is null in an answer, and there."""
        wanted = list(dict.fromkeys(kinds))
        made, whole = TypeAdapter.json_schemas(
            [(kind, mode, adapter(kind)) for kind, mode in wanted],
            by_alias=camel,
            ref_template=REF + "{model}",
            schema_generator=_WholeSchemas if nulls else _Schemas,
        )
        found: Mapping[str, Any] = whole.get("$defs", {})
        self._names = _names(found)
        self.components: Plain = {self._names[key]: self._said(definition) for key, definition in sorted(found.items())}
        self._made = {pair: self._said(schema) for pair, schema in made.items()}

    def of(self, kind: Kind, mode: Mode) -> Plain:
        """A reference to the form, or what has no name of its own."""
        form: Plain = self._made[kind, mode]
        return form

    def _said(self, value: Kind) -> Kind:
        """With the names that are published."""
        if isinstance(value, Mapping):
            # titles would only repeat names; a field that is called so is no text
            return {name: self._said(inner) for name, inner in value.items() if name != "title" or not isinstance(inner, str)}
        if isinstance(value, list):
            return [self._said(inner) for inner in value]
        if isinstance(value, str) and value.startswith(REF):
            return REF + self._names[value.removeprefix(REF)]
        return value


def _names(found: Iterable[str]) -> dict[str, str]:
    """The published name of each definition, by the name that Pydantic made unique."""
    parts = {key: match.groupdict() for key in found if (match := _QUALIFIED.fullmatch(key))}
    modules = defaultdict(set)
    for part in parts.values():
        modules[part["name"]].add(part["module"])
    made = {}
    for key, part in parts.items():
        package = part["module"].split("__")[1].title() if part["module"] and len(modules[part["name"]]) > 1 else ""
        package = package.removeprefix("Runtime")  # a thing that is only stored is the plain one
        made[key] = f"{package}{part['name']}{'Answer' if part['side'] == 'Output' else ''}"
    if len(set(made.values())) < len(made):
        twice = sorted(name for name in made.values() if list(made.values()).count(name) > 1)
        raise TypeError(f"two shapes have one name: {', '.join(twice)}")
    return made


def _one_bound(schema: JsonSchemaValue) -> JsonSchemaValue:
    """Without the weaker of two lower bounds: above 0 is not below 0."""
    if "minimum" in schema and schema.get("exclusiveMinimum", schema["minimum"] - 1) >= schema["minimum"]:
        return {name: value for name, value in schema.items() if name != "minimum"}
    return schema


class _Schemas(GenerateJsonSchema):
    """What is sent and answered, as it is; what Pydantic says by itself is about its models."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        if self.mode == ANSWERED:
            return {"type": "number"}
        made = super().decimal_schema(schema)
        return {**made, "anyOf": [_one_bound(form) for form in made.get("anyOf", [])]} if "anyOf" in made else _one_bound(made)

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        # null or an empty text as default says that nothing was sent, and is no value that one would send instead
        default = schema.get("default")
        without = self.mode == ANSWERED or not isinstance(default, (bool, int, str, Decimal)) or default == ""
        return self.generate_inner(schema["schema"]) if without else super().default_schema(schema)

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        return self._open(super().dataclass_schema(schema))

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        return self._open(super().model_schema(schema))

    def dataclass_field_schema(self, schema: core_schema.DataclassField) -> JsonSchemaValue:
        return self._set(super().dataclass_field_schema(schema))

    def model_field_schema(self, schema: core_schema.ModelField) -> JsonSchemaValue:
        return self._set(super().model_field_schema(schema))

    def field_is_required(self, field: Kind, total: bool) -> bool:
        if self.mode == READ or field["type"] == "typed-dict-field":
            return super().field_is_required(field, total)
        return not _may_be_none(field["schema"])

    def _open(self, made: JsonSchemaValue) -> JsonSchemaValue:
        """Clients ignore fields that they do not know: an answer may have more of them one day."""
        return {
            name: value for name, value in made.items() if self.mode == READ or (name, value) != ("additionalProperties", False)
        }

    def _set(self, made: JsonSchemaValue) -> JsonSchemaValue:
        """A field of an answer that is there has a value."""
        several = made.get("anyOf")
        if self.mode == READ or several is None:
            return made
        rest = [form for form in several if form != {"type": "null"}]
        return {**made, "anyOf": rest} if len(rest) > 1 else {**rest[0], **{n: v for n, v in made.items() if n != "anyOf"}}


class _WholeSchemas(_Schemas):
    """... where an answer has all of its fields."""

    def field_is_required(self, field: Kind, total: bool) -> bool:
        return self.mode == ANSWERED or super().field_is_required(field, total)

    def _set(self, made: JsonSchemaValue) -> JsonSchemaValue:
        return made


def _may_be_none(schema: Kind) -> bool:
    """Whether a value of the core schema may be None, and is left out then."""
    if schema["type"] in ("nullable", "none", "any"):
        return True
    if schema["type"] == "union":
        return any(_may_be_none(choice[0] if isinstance(choice, tuple) else choice) for choice in schema["choices"])
    return "schema" in schema and schema["type"] not in ("model", "dataclass") and _may_be_none(schema["schema"])
