"""What is read without guesses: whole numbers and truths are no texts, dates are written out, and lists are judged in bounds. Pure."""

import dataclasses
import datetime as dt
import re
import types
import typing
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler, Strict
from pydantic_core import (
    CoreSchema,
    ErrorDetails,
    InitErrorDetails,
    PydanticCustomError,
    PydanticKnownError,
    ValidationError,
    core_schema,
)

from contor.kernel.days import FIRST_YEAR, LAST_YEAR, is_countable

T = TypeVar("T")


def _written_out(value: object) -> object:
    """A date or instant is text that begins with a calendar date: a number would be taken for seconds since 1970."""
    if isinstance(value, dt.date) or (isinstance(value, str) and re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)):
        return value
    raise PydanticCustomError("date_malformed", "should be written as 2026-03-31, an instant as 2026-03-31T12:00:00Z")


_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


def _digit_for_digit(value: object) -> object:
    """A number that is written as a text has the digits of JSON: Python would read those of every script, spaces and underscores, too."""
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise PydanticCustomError("number_expected", "must be a number")
    return value


_WRITTEN_NUMBER = BeforeValidator(_digit_for_digit)


def _countable(value: dt.date) -> dt.date:
    """A date from which others can be counted: the calendar goes on behind it, in every zone."""
    if not is_countable(value):
        raise PydanticCustomError("date_out_of_range", f"should lie in the years {FIRST_YEAR} to {LAST_YEAR}")
    return value


def _with_offset(value: dt.datetime) -> dt.datetime:
    """An instant without offset is one of UTC (platform API 3, "Dates")."""
    return value if value.tzinfo is not None else value.replace(tzinfo=dt.UTC)


_EXACT: dict[Any, Any] = {
    Decimal: Annotated[Decimal, _WRITTEN_NUMBER],
    bool: Annotated[bool, Strict()],
    int: Annotated[int, Strict()],
    dt.date: Annotated[dt.date, BeforeValidator(_written_out), AfterValidator(_countable)],
    dt.datetime: Annotated[dt.datetime, BeforeValidator(_written_out), AfterValidator(_countable), AfterValidator(_with_offset)],
}


def exact(kind: Any) -> Any:
    """`kind` without guesses: "yes" is no truth, true no number, and 20260331 no date. Decimals may be written as texts."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin is Annotated:
        if parts[0] is Decimal:  # what stands last is asked first: the rules between are those of a decimal
            return Annotated[(Decimal, *parts[1:], *(() if _WRITTEN_NUMBER in parts else (_WRITTEN_NUMBER,)))]
        bounded = (
            (Bounded(),) if typing.get_origin(parts[0]) is tuple else ()
        )  # outermost: it looks at the length that others allow
        return Annotated[(_exact(parts[0]), *parts[1:], *bounded)]
    return Annotated[_exact(kind), Bounded()] if origin is tuple else _exact(kind)


def _exact(kind: Any) -> Any:
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return typing.Union[tuple(exact(part) for part in parts)]  # noqa: UP007  # of a tuple that is made here
    if origin is tuple:
        return tuple[tuple(part if part is ... else exact(part) for part in parts)]  # type: ignore[misc]  # made here, no annotation
    return _EXACT.get(kind, kind) if isinstance(kind, type) else kind


AGREEING: ContextVar[bool] = ContextVar("agreeing", default=False)
"""Set while a validator is made whose findings nobody reads: it only makes plain values of what is right."""
AT_ONCE = 20
"""Members of a list that are judged together: as many as most lists have, for to judge them in parts costs half as much again."""
ENOUGH = 100
"""Findings of one list after which no further members are judged."""
_KNOWN_FINDINGS = frozenset(typing.get_args(core_schema.ErrorType))


@dataclasses.dataclass(frozen=True)
class Bounded:
    """A list whose refusal costs little, however long it is: its length is looked at first, and findings are made until there are enough
    of them. Half a million empty members would otherwise be millions of findings, of which nobody reads more than the first."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        if AGREEING.get():
            return schema
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
            return validate(value) if whole or len(value) <= AT_ONCE else _in_parts(value, validate)

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


def copied(value: T, changes: dict[str, object]) -> T:
    """A dataclass with other values in some fields: where it is nothing but its slots at a third of the cost of a new one."""
    cls: type = type(value)
    known = _slots_of(cls)
    if known is None:
        return dataclasses.replace(value, **changes)  # type: ignore[type-var]  # a dataclass: its callers know
    copy, setters = known
    made: T = copy(value)
    for name, new in changes.items():
        if name not in setters:
            raise TypeError(f"{cls.__name__} has no {name}")
        setters[name](made, new)
    return made


@cache
def _slots_of(cls: type) -> tuple[Callable[[object], Any], dict[str, Callable[[object, object], None]]] | None:
    """What copies all fields, and by name what sets each; None: it has others than slots, or judges itself.

    The copy is one function without a loop, made from names of the class's own fields, never from input.
    """
    fields = dataclasses.fields(cls)
    if hasattr(cls, "__post_init__") or not all(isinstance(cls.__dict__.get(it.name), types.MemberDescriptorType) for it in fields):
        return None
    setters = {it.name: cls.__dict__[it.name].__set__ for it in fields}
    scope: dict[str, Any] = {"new": object.__new__, "cls": cls, **{f"set_{name}": put for name, put in setters.items()}}
    lines = ["def copy(value):", " made = new(cls)", *(f" set_{name}(made, value.{name})" for name in setters), " return made"]
    exec("\n".join(lines), scope)
    return scope["copy"], setters
