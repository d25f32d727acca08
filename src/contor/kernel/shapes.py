"""Shapes: the plain values that operations take and return, and the field types they are made of.

A shape is a frozen dataclass. At the border Pydantic validates it (every finding at once, camelCase or snake_case as the
dialect speaks); inside, msgspec reads and writes it. Numbers stay `Decimal` on the whole way.
"""

import ast
import dataclasses
import datetime as dt
import importlib
import inspect
import itertools
import re
import typing
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from functools import cache, partial
from typing import Annotated, Any, ClassVar, Final, TypeVar, dataclass_transform

import msgspec
from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetPydanticSchema,
    ValidationInfo,
)
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from contor.kernel.exact import AGREEING, copied, exact
from contor.kernel.money import CURRENCIES
from contor.kernel.places import language_code

T = TypeVar("T")
B = TypeVar("B")
Fields = dict[str, Any]
"""The fields of a thing by name, on their way between a body and a row; the shape or table that they belong to says their types."""

CONFIG = ConfigDict(extra="forbid", alias_generator=to_camel, use_attribute_docstrings=True)
MADE = ConfigDict(**CONFIG | {"use_attribute_docstrings": False, "defer_build": True})
"""For models that are made and stand in no source: looking for theirs, Pydantic reads every module, 50 ms a model."""


@dataclass_transform(kw_only_default=True, frozen_default=True)
def shape(cls: type[T]) -> type[T]:
    """Make `cls` a shape: a frozen, keyword-only dataclass that refuses unknown fields at the border."""
    said = cls.__doc__
    cls.__annotations__ = {name: exact(kind) for name, kind in cls.__annotations__.items()}
    made = dataclasses.dataclass(slots=True, frozen=True, kw_only=True)(cls)
    made.__doc__ = said  # a dataclass that says nothing would be described by its signature
    made.__pydantic_config__ = CONFIG  # type: ignore[attr-defined]  # where pydantic looks for it
    return made


class Frozen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """A value that is computed here and stored, never read from a caller: made in a fraction of a shape's time, and stored without
    what it does not say. It refers to no value that could refer back to it."""


class Sent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A shape that comes in great numbers: at the border it is like any other, inside it is made and read several times as fast."""

    as_it_is: ClassVar[bool] = False  # whether it is answered as it stands: under the names that callers read

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        names, border = cls.__struct_fields__, border_shape(cls)
        if AGREEING.get():
            return _fields_of(handler.resolve_ref_schema(handler.generate_schema(border)))
        return _judged_as(
            cls,
            handler.generate_schema(border),
            lambda checked: cls(**{name: getattr(checked, name) for name in names}),
            lambda value: border(**{name: getattr(value, name) for name in names}),
        )


def _fields_of(border: CoreSchema) -> CoreSchema:
    """The fields of `border`, a dataclass, by its rules, in a dict."""
    args = typing.cast(core_schema.DataclassSchema, border)["schema"]
    fields = {
        field["name"]: core_schema.typed_dict_field(
            field["schema"], required=field["schema"]["type"] != "default", validation_alias=field.get("validation_alias")
        )
        for field in typing.cast(core_schema.DataclassArgsSchema, args)["fields"]
    }
    return core_schema.typed_dict_schema(fields, extra_behavior="forbid")


def sent_as(border: type[B], read: Callable[[B], T], write: Callable[[T], B]) -> Callable[[type[T]], type[T]]:
    """Make a shape one that callers send and get as another, `border`: `read` makes it of that, `write` that of it. What is stored keeps
    its form."""

    def marked(cls: type[T]) -> type[T]:
        def schema(_: object, handler: GetCoreSchemaHandler) -> CoreSchema:
            return _judged_as(cls, handler.generate_schema(border), read, write)

        cls.__get_pydantic_core_schema__ = schema  # type: ignore[attr-defined]  # where pydantic looks for it
        return cls

    return marked


def _judged_as(cls: type, border: CoreSchema, read: Callable[..., object], write: Callable[..., object]) -> CoreSchema:
    def made(value: object, validate: Callable[[object], object]) -> object:
        return value if isinstance(value, cls) else read(validate(value))

    shows = core_schema.plain_serializer_function_ser_schema(write, return_schema=border)
    return core_schema.no_info_wrap_validator_function(made, border, serialization=shows)


def called(name: str, *older: str) -> object:
    """The rule that callers know a field as `name`, and may still send it as `older`."""
    return Field(validation_alias=AliasChoices(name, *older), serialization_alias=name)


def _in_list(source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
    one = handler(source)
    many = core_schema.tuple_schema([one], variadic_item_index=0, max_length=1)
    listed = core_schema.no_info_before_validator_function(lambda v: (v,) if isinstance(v, (dict, source)) else v or ({},), many)
    shows = core_schema.plain_serializer_function_ser_schema(lambda value: (value,), return_schema=many)
    return core_schema.no_info_after_validator_function(lambda values: values[0], listed, serialization=shows)


ONE_IN_LIST = GetPydanticSchema(_in_list)
"""The rule that callers send and get a shape, whose fields all have defaults, as a list with at most one entry; alone it is read, too."""


@cache
def border_shape(cls: type[Sent]) -> type:
    """The dataclass by which Pydantic judges what should become a `cls`, with the docstrings of its fields."""
    hints = typing.get_type_hints(cls, include_extras=True)
    bases = [base for base in reversed(cls.__mro__) if issubclass(base, Sent) and base is not Sent]
    said = {name: text for base in bases for name, text in said_of(base).items()}
    fields: list[Any] = []
    for entry in msgspec.structs.fields(cls):
        kind = exact(hints[entry.name])
        if entry.name in said:
            kind = Annotated[kind, Field(description=said[entry.name])]
        if entry.required:
            fields.append((entry.name, kind))
        elif isinstance(entry.default, msgspec.Struct):  # no default that JSON schema could show; the same one is not stored
            fields.append((entry.name, kind, dataclasses.field(default_factory=partial(getattr, entry, "default"))))
        else:
            fields.append((entry.name, kind, dataclasses.field(default=entry.default)))
    made = dataclasses.make_dataclass(cls.__name__, fields, slots=True, frozen=True, kw_only=True)
    made.__doc__, made.__module__ = cls.__doc__, cls.__module__
    made.__pydantic_config__ = MADE  # type: ignore[attr-defined]  # where pydantic looks for it
    return made


def said_of(cls: type) -> dict[str, str]:
    """What the source says of the fields of `cls` itself, below each."""
    return _said_in(cls.__module__).get(cls.__qualname__, {})


@cache
def _said_in(module: str) -> dict[str, dict[str, str]]:
    """By class. A file is read once: `inspect` and Pydantic look through all of it for each class."""
    body = ast.parse(inspect.getsource(importlib.import_module(module))).body
    return {node.name: _said_below(node) for node in body if isinstance(node, ast.ClassDef)}


def _said_below(node: ast.ClassDef) -> dict[str, str]:
    found: dict[str, str] = {}
    for named, said in itertools.pairwise(node.body):
        match named, said:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = inspect.cleandoc(text)
    return found


def replace(value: T, **changes: Any) -> T:
    """`value`, a shape or a `Frozen`, with other values in the fields named (as `copy.replace` of Python 3.13)."""
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(value, **changes)
    return copied(value, changes)


def _open_end(value: object) -> object:
    return None if isinstance(value, str) and value.startswith("9999-12-31") else value


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


# Characters that no text may carry: C0 and C1 controls but tab, line feed and carriage return, what XML 1.0 excludes, and what turns the
# direction of writing by force: it shows another name or amount than there is (Unicode TR 36, 3.3; Arabic and Hebrew do not need it).
PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\ufffe\uffff]*$"

EXPECTED[PRINTABLE] = "a text without control characters"

SENT: Final = {"sent": True}
"""The context in which somebody's input is validated."""
# White space of Unicode, joiners and marks of no width, fillers
_BLANKS = re.compile(
    r"[\s\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]*"
)


def is_blank(text: str | None) -> bool:
    """Whether a text shows nothing: it would print as nothing, and e-invoices would lack what they must say (BR-07, BR-25)."""
    return not text or _BLANKS.fullmatch(text) is not None


# The control NEL, characters of private use, and what Unicode will never give a character (23.7); those of the basic plane XML allows
_UNREADABLE = re.compile(
    "[\x85\ue000-\uf8ff\ufdd0-\ufdef\U000f0000-\U0010ffff"
    + "".join(chr(0x10000 * n + 0xFFFE + k) for n in range(1, 15) for k in (0, 1))
    + "]"
)


def _legible(text: str, info: ValidationInfo) -> str:
    if info.context != SENT or text.isascii():
        return text
    if found := _UNREADABLE.search(text):
        code = ord(found[0])
        why = "it is a control character" if code == 0x85 else "it is of private use, and everybody sees another sign"
        if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
            why = "it is no character"
        said = {"code": f"U+{code:04X}", "why": why}
        raise PydanticCustomError("text_illegible", "must not hold {code}: {why}", said)
    if unicodedata.category(text[0])[0] == "M":
        said = {"code": f"U+{ord(text[0]):04X}"}
        raise PydanticCustomError("text_illegible", "must not begin with {code}, a mark that belongs on the letter before it", said)
    return text


LEGIBLE: Final = AfterValidator(_legible)
"""The rule that everybody reads the same in a text that is sent. What is stored may be older than the rule."""


def _seen(text: str, info: ValidationInfo) -> str:
    if text[:1] > " " and text.isascii():  # nearly all of them: neither blank nor illegible
        return text
    if text and info.context == SENT and is_blank(text):
        raise PydanticCustomError("text_blank", "must not be of blanks alone")
    return _legible(text, info)


SEEN: Final = AfterValidator(_seen)
"""... and shows something, or is empty, which other rules judge."""

Ident = Annotated[str, written(r"^[a-zA-Z0-9_.~-]{1,100}$", "1 to 100 letters of a to z, digits, and . _ ~ -", examples=["c-1"])]
"""The caller's own key of a thing, unique per tenant."""
Text = Annotated[str, Field(pattern=PRINTABLE, max_length=10_000), SEEN]
Text20 = Annotated[str, Field(pattern=PRINTABLE, max_length=20), SEEN]
Text32 = Annotated[str, Field(pattern=PRINTABLE, max_length=32), SEEN]
Text64 = Annotated[str, Field(pattern=PRINTABLE, max_length=64), SEEN]
Text100 = Annotated[str, Field(pattern=PRINTABLE, max_length=100), SEEN]
Text255 = Annotated[str, Field(pattern=PRINTABLE, max_length=255), SEEN]
Name255 = Annotated[str, Field(pattern=PRINTABLE, min_length=1, max_length=255), SEEN]
Currency = Annotated[str, AfterValidator(_currency), Field(examples=["EUR"])]
"""ISO 4217 code."""
Until = Annotated[dt.date | None, BeforeValidator(_open_end)]
"""The last day of something; None, and 9999-12-31 on input: it has no end."""
UntilInstant = Annotated[dt.datetime | None, BeforeValidator(_open_end)]
"""When something ends; likewise."""
Language = Annotated[
    str, written(r"^[a-z]{2,3}$", "a language of two or three small letters", examples=["de"]), AfterValidator(_language)
]
"""ISO 639 code of two or three letters on input; afterwards two, where there are two."""
Quantity = Annotated[Decimal, Field(ge=0, max_digits=19, decimal_places=4, examples=[3])]
"""15 integral and 4 fractional digits, not negative."""
UnitPrice = Annotated[Decimal, Field(max_digits=25, decimal_places=10, examples=[10])]
"""15 integral and 10 fractional digits."""
IN_CURRENCY = "in units of its currency"
"""What a type says of an amount: it is answered with the currency's decimals."""
Money = Annotated[Decimal, IN_CURRENCY]
"""An amount that is answered."""
Amount = Annotated[Decimal, Field(max_digits=19, decimal_places=4, examples=[30]), IN_CURRENCY]
"""15 integral and 4 fractional digits; the content check refuses more decimals than the currency has."""
Rate = Annotated[Decimal, Field(ge=0, max_digits=19, decimal_places=4, examples=[19])]
"""Percent: 19 is 19 %."""
