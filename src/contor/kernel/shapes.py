"""Shapes: the plain values that operations take and return, and the field types they are made of.

A shape is a frozen dataclass. At the border Pydantic validates it (every finding at once, camelCase or snake_case as the
dialect speaks); inside, msgspec reads and writes it. Numbers stay `Decimal` on the whole way.
"""

import ast
import dataclasses
import datetime as dt
import inspect
import itertools
import re
import textwrap
import types
import typing
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache, partial
from typing import Annotated, Any, TypeVar, dataclass_transform

import msgspec
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, Strict
from pydantic.alias_generators import to_camel
from pydantic_core import (
    CoreSchema,
    ErrorDetails,
    InitErrorDetails,
    PydanticCustomError,
    PydanticKnownError,
    ValidationError,
    core_schema,
)

from contor.kernel.currencies import CURRENCIES
from contor.kernel.languages import language_code

T = TypeVar("T")
Fields = dict[str, Any]
"""The fields of a thing by name, on their way between a body and a row; the shape or table that they belong to says their types."""

CONFIG = ConfigDict(extra="forbid", alias_generator=to_camel, use_attribute_docstrings=True)
MADE = ConfigDict(**CONFIG | {"use_attribute_docstrings": False})
"""For models that are made and stand in no source: looking for theirs, Pydantic reads every module, 50 ms a model."""


@dataclass_transform(kw_only_default=True, frozen_default=True)
def shape(cls: type[T]) -> type[T]:
    """Make `cls` a shape: a frozen, keyword-only dataclass that refuses unknown fields at the border."""
    cls.__annotations__ = {name: exact(kind) for name, kind in cls.__annotations__.items()}
    made = dataclasses.dataclass(slots=True, frozen=True, kw_only=True)(cls)
    made.__pydantic_config__ = CONFIG  # type: ignore[attr-defined]
    return made


class Frozen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """A value that is computed here and stored, never read from a caller: made in a fraction of a shape's time, and stored without
    what it does not say. It refers to no value that could refer back to it."""


class Sent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A shape that comes in great numbers: at the border it is a shape like any other, inside it is made and read several times as
    fast."""

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        names, border = cls.__struct_fields__, border_shape(cls)
        schema = handler.generate_schema(border)

        def made(value: Any, validate: Callable[[Any], Any]) -> Any:
            if isinstance(value, cls):
                return value
            checked = validate(value)
            return cls(**{name: getattr(checked, name) for name in names})

        def shown(value: Any) -> Any:
            return border(**{name: getattr(value, name) for name in names})

        shows = core_schema.plain_serializer_function_ser_schema(shown, return_schema=schema)
        return core_schema.no_info_wrap_validator_function(made, schema, serialization=shows)


@cache
def border_shape(cls: type[Sent]) -> type:
    """The dataclass by which Pydantic judges what should become a `cls`, with the docstrings of its fields."""
    hints = typing.get_type_hints(cls, include_extras=True)
    said = {name: text for base in reversed(cls.__mro__) if base.__module__ != __name__ for name, text in _said_by(base).items()}
    fields: list[Any] = []
    for entry in msgspec.structs.fields(cls):
        kind = exact(hints[entry.name])
        if entry.name in said:
            kind = Annotated[kind, Field(description=said[entry.name])]
        if entry.required:
            fields.append((entry.name, kind))
        elif isinstance(entry.default, msgspec.Struct):  # no default that JSON schema could show
            fields.append((entry.name, kind, dataclasses.field(default_factory=partial(_itself, entry.default))))
        else:
            fields.append((entry.name, kind, dataclasses.field(default=entry.default)))
    made = dataclasses.make_dataclass(cls.__name__, fields, slots=True, frozen=True, kw_only=True)
    made.__doc__, made.__module__ = cls.__doc__, cls.__module__
    made.__pydantic_config__ = CONFIG  # type: ignore[attr-defined]
    return made


def _itself(value: T) -> T:
    return value


def _said_by(cls: type) -> dict[str, str]:
    return _attribute_docstrings(cls) if issubclass(cls, Sent) else {}


def _attribute_docstrings(cls: type) -> dict[str, str]:
    body = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
    found: dict[str, str] = {}
    if isinstance(body, ast.ClassDef):
        for named, said in itertools.pairwise(body.body):
            match named, said:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                    found[name] = inspect.cleandoc(text)
    return found


def replace(value: T, **changes: Any) -> T:
    """`value`, a shape or a `Frozen`, with other values in the fields named (as `copy.replace` of Python 3.13)."""
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(value, **changes)
    return dataclasses.replace(value, **changes)  # type: ignore[type-var]


def _written_out(value: object) -> object:
    """A date or instant is text that begins with a calendar date: a number would be taken for seconds since 1970."""
    if isinstance(value, dt.date) or (isinstance(value, str) and re.match(r"\d{4}-\d{2}-\d{2}", value)):
        return value
    raise PydanticCustomError("date_malformed", "should be written as 2026-03-31, an instant as 2026-03-31T12:00:00Z")


_FIRST_YEAR, _LAST_YEAR = 1000, 9000


def _countable(value: dt.date) -> dt.date:
    """A date from which others can be counted: the calendar goes on behind it, in every zone."""
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise PydanticCustomError("date_out_of_range", f"should lie in the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return value


def _with_offset(value: dt.datetime) -> dt.datetime:
    """An instant without offset is one of UTC (platform API 3, "Dates")."""
    return value if value.tzinfo is not None else value.replace(tzinfo=dt.UTC)


def _open_end(value: object) -> object:
    return None if isinstance(value, str) and value.startswith("9999-12-31") else value


_EXACT: dict[Any, Any] = {
    bool: Annotated[bool, Strict()],
    int: Annotated[int, Strict()],
    dt.date: Annotated[dt.date, BeforeValidator(_written_out), AfterValidator(_countable)],
    dt.datetime: Annotated[dt.datetime, BeforeValidator(_written_out), AfterValidator(_countable), AfterValidator(_with_offset)],
}


def exact(kind: Any) -> Any:
    """`kind` without guesses: "yes" is no truth, true no number, and 20260331 no date. Decimals may be written as texts."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin is Annotated:
        bounded = (
            (Bounded(),) if typing.get_origin(parts[0]) is tuple else ()
        )  # outermost: it looks at the length that others allow
        return Annotated[(_exact(parts[0]), *parts[1:], *bounded)]
    return Annotated[_exact(kind), Bounded()] if origin is tuple else _exact(kind)


def _exact(kind: Any) -> Any:
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return typing.Union[tuple(exact(part) for part in parts)]  # noqa: UP007
    if origin is tuple:
        return tuple[tuple(part if part is ... else exact(part) for part in parts)]  # type: ignore[misc]
    return _EXACT.get(kind, kind) if isinstance(kind, type) else kind


AT_ONCE = 4
"""Members of a list that are judged together."""
ENOUGH = 100
"""Findings of one list after which no further members are judged."""
_KNOWN_FINDINGS = frozenset(typing.get_args(core_schema.ErrorType))


@dataclasses.dataclass(frozen=True)
class Bounded:
    """A list whose refusal costs little, however long it is: its length is looked at first, and findings are made until there are enough
    of them. Half a million empty members would otherwise be millions of findings, of which nobody reads more than the first."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        bounds = typing.cast(dict[str, Any], schema)
        most = bounds.get("max_length")
        whole = bounds.get("min_length", 0) > 1  # a part could be too short where the list is not
        if whole and (most is None or most > ENOUGH):
            raise TypeError(f"a list that asks for more than one member has at most {ENOUGH}: it is judged as a whole")

        def judged(value: Any, validate: Callable[[Any], Any]) -> Any:
            if not isinstance(value, (list, tuple)):
                return validate(value)
            if most is not None and len(value) > most:
                counts = {"field_type": "List", "max_length": most, "actual_length": len(value)}
                raise PydanticKnownError("too_long", counts)
            return validate(value) if whole or not value else _in_parts(value, validate)

        return core_schema.no_info_wrap_validator_function(judged, schema)


def _in_parts(members: Sequence[Any], validate: Callable[[Any], tuple[Any, ...]]) -> tuple[Any, ...]:
    made: list[Any] = []
    findings: list[InitErrorDetails] = []
    for first in range(0, len(members), AT_ONCE):
        try:
            made += validate(members[first : first + AT_ONCE])
        except ValidationError as error:
            # one without a place says of a list of wrong members that it is empty
            findings += [_moved(entry, first) for entry in error.errors(include_url=False) if entry["loc"]]
        if len(findings) >= ENOUGH:
            break
    if findings:
        raise ValidationError.from_exception_data("list", findings)
    return tuple(made)


def _moved(entry: ErrorDetails, by: int) -> InitErrorDetails:
    """A finding about a member of a part, as one about the member of the whole list."""
    place, rest = entry["loc"][0], entry["loc"][1:]
    kind: Any = entry["type"]
    if kind not in _KNOWN_FINDINGS:
        kind = PydanticCustomError(kind, entry["msg"])
    moved = InitErrorDetails(type=kind, loc=(int(place) + by, *rest), input=entry["input"])
    return InitErrorDetails(**moved, ctx=entry["ctx"]) if "ctx" in entry and kind in _KNOWN_FINDINGS else moved


def _currency(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError("is not an active ISO 4217 currency")
    return code


def _language(code: str) -> str:
    known = language_code(code)
    if known is None:
        raise PydanticCustomError("language_unknown", "is not an ISO 639 code of a language")
    return known


EXPECTED: dict[str, str] = {}
"""Pattern -> what a text that matches it is, in words: what a refusal says was expected."""


def written(pattern: str, words: str, **rules: Any) -> Any:
    """The rule that a text matches `pattern`, which is `words` to a reader."""
    EXPECTED[pattern] = words
    return Field(pattern=pattern, **rules)


# Characters that no text may carry: C0 and C1 controls but tab, line feed and carriage return, and what XML 1.0 excludes.
PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]*$"

EXPECTED[PRINTABLE] = "a text without control characters"

Ident = Annotated[str, written(r"^[a-zA-Z0-9_.~-]{1,100}$", "1 to 100 letters of a to z, digits, and . _ ~ -", examples=["c-1"])]
"""The caller's own key of a thing, unique per tenant."""
Text = Annotated[str, Field(pattern=PRINTABLE, max_length=10_000)]
Text20 = Annotated[str, Field(pattern=PRINTABLE, max_length=20)]
Text32 = Annotated[str, Field(pattern=PRINTABLE, max_length=32)]
Text64 = Annotated[str, Field(pattern=PRINTABLE, max_length=64)]
Text100 = Annotated[str, Field(pattern=PRINTABLE, max_length=100)]
Text255 = Annotated[str, Field(pattern=PRINTABLE, max_length=255)]
Name255 = Annotated[str, Field(pattern=PRINTABLE, min_length=1, max_length=255)]
Currency = Annotated[str, AfterValidator(_currency), Field(examples=["EUR"])]
"""ISO 4217 code."""
Until = Annotated[dt.date | None, BeforeValidator(_open_end)]
"""The last day of something; None, and 9999-12-31 on input: it has no end."""
Language = Annotated[
    str, written(r"^[a-z]{2,3}$", "a language of two or three small letters", examples=["de"]), AfterValidator(_language)
]
"""ISO 639 code of two or three letters on input; afterwards two, where there are two."""
Quantity = Annotated[Decimal, Field(ge=0, max_digits=19, decimal_places=4, examples=[3])]
"""15 integral and 4 fractional digits, not negative."""
UnitPrice = Annotated[Decimal, Field(max_digits=25, decimal_places=10, examples=[10])]
"""15 integral and 10 fractional digits."""
Amount = Annotated[Decimal, Field(max_digits=19, decimal_places=4, examples=[30])]
"""15 integral and 4 fractional digits; the content check refuses more decimals than the currency has."""
Rate = Annotated[Decimal, Field(ge=0, max_digits=19, decimal_places=4, examples=[19])]
"""Percent: 19 is 19 %."""
