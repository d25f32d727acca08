"""What a value of a declared field may be. Pure."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from contor.custom_fields.types import FieldType, KnownField, Value
from contor.kernel.shapes import PRINTABLE

MOST_CHARACTERS, MOST_ENTRIES = 10_000, 500
_LIMIT, _PLACES = Decimal(10) ** 19, 10
_PRINTABLE = re.compile(PRINTABLE)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]{5,15}(Z|[+-][0-9:]{5})?)?")


def judged(field: KnownField, value: object) -> tuple[Value | None, str]:
    """The value as it is stored, and what is wrong with it ("" where nothing is). None and "" unset a field, and so does an empty list."""
    if value is None or value in ("", []):
        return None, ""
    return _BY_TYPE[field.type](value, {str(option["value"]) for option in field.options})


def _text(value: object, options: set[str]) -> tuple[Value | None, str]:
    if not isinstance(value, str):
        return None, "must be a text"
    if len(value) > MOST_CHARACTERS:
        return None, f"must have at most {MOST_CHARACTERS} characters"
    if not _PRINTABLE.match(value):
        return None, "must be a text without control characters"
    return value, ""


def _number(value: object, options: set[str]) -> tuple[Value | None, str]:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return None, "must be a number"
    number = Decimal(value)
    # the exponent first: a number of a million digits is not written out to be refused
    if not number.is_finite() or (number and number.adjusted() >= 19) or abs(number) >= _LIMIT:
        return None, "must be a number of at most 19 digits before the point"
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > _PLACES:
        return None, f"must be a number of at most {_PLACES} digits behind the point"
    return number, ""


def _date(value: object, options: set[str]) -> tuple[Value | None, str]:
    wrong = (None, "must be a day, such as 2026-11-30")
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return wrong
    try:
        moment = dt.datetime.fromisoformat(value) if len(value) > 10 else dt.date.fromisoformat(value)
    except ValueError:
        return wrong
    return moment.isoformat()[:10], ""


def _selection(value: object, options: set[str]) -> tuple[Value | None, str]:
    if isinstance(value, str) and value in options:
        return value, ""
    return None, f"must be one of the options: {_listed(options)}"


def _several(value: object, options: set[str]) -> tuple[Value | None, str]:
    if not isinstance(value, (list, tuple)) or any(not isinstance(one, str) or one not in options for one in value):
        return None, f"must be a list of the options: {_listed(options)}"
    if len(set(value)) < len(value):
        return None, "must name no option twice"
    return list(value), ""


def _list(value: object, options: set[str]) -> tuple[Value | None, str]:
    if not isinstance(value, (list, tuple)) or len(value) > MOST_ENTRIES:
        return None, f"must be a list of at most {MOST_ENTRIES} texts"
    for place, one in enumerate(value):
        if not one or (wrong := _text(one, options)[1]):
            return None, f"must be a list of texts; entry {place} {wrong if one else 'is empty'}"
    return list(value), ""


def _checkbox(value: object, options: set[str]) -> tuple[Value | None, str]:
    return (value, "") if isinstance(value, bool) else (None, "must be true or false")


def _listed(options: set[str]) -> str:
    shown: Sequence[str] = sorted(options)
    return ", ".join(shown[:20]) + (", …" if len(shown) > 20 else "")


_BY_TYPE: Final[Mapping[FieldType, Callable[[object, set[str]], tuple[Value | None, str]]]] = {
    "TEXT": _text,
    "NUMBER": _number,
    "DATE": _date,
    "SELECTION": _selection,
    "MULTI_SELECTION": _several,
    "LIST": _list,
    "CHECKBOX": _checkbox,
}
