"""What clients of FastBill write, and what is meant by it: numbers as texts, flags as digits, days in several spellings. Pure.

Times on the wire are those of Berlin; what is returned is UTC. Whatever means "not given" never reaches these readers, see `names`.
"""

import datetime as dt
import re
from decimal import Decimal
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from contor.kernel.days import is_countable
from contor.kernel.shapes import LEGIBLE, PRINTABLE, shape

BERLIN: Final = ZoneInfo("Europe/Berlin")
MOST_ROWS: Final = 100
"""Of one answer, whatever is asked for."""
DEFAULT_ROWS: Final = 10
_WHOLE = re.compile(r"\s*[+-]?[0-9]{1,18}\s*", re.ASCII)
_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]{1,40}(?:\.[0-9]*)?|\.[0-9]+)\s*", re.ASCII)
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,6})\d*)?\s*(Z|[+-]\d{2}:?\d{2})?)?", re.ASCII)
_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[T ](\d{2}:\d{2}(?::\d{2})?))?", re.ASCII)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_ONE_LINE = r"^[^\x00-\x08\x0a-\x1f\x7f-\x9f\ufffe\uffff]*$"
_MOST_DIGITS = 40
"""Of a number, before the decimal point and behind it, as it is written out: one such as 1e999999999 would cost minutes, or all memory."""
_MILLISECONDS = 10**11
"""An epoch number beyond is one of milliseconds: in seconds it would be the year 5138."""


def _wrong(kind: str, words: str) -> PydanticCustomError:
    return PydanticCustomError(kind, words)


def _is_measured(value: Decimal) -> bool:
    return value.is_finite() and abs(value.adjusted()) <= _MOST_DIGITS


def whole(value: object) -> int:
    """A whole number, or the text of one."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, Decimal) and _is_measured(value) and value == value.to_integral_value() and abs(value) < 2**63:
        return int(value)
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    raise _wrong("whole_number_expected", "must be a whole number")


def number(value: object) -> Decimal:
    """A number, or the text of one, with a decimal point."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, Decimal) and _is_measured(value):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value.strip())
    raise _wrong("number_expected", "must be a number")


def flag(value: object) -> bool:
    """true, 1 and "1"; false, 0 and "0"."""
    said = value.strip().lower() if isinstance(value, str) else value
    if said in (True, 1, "1", "true"):
        return True
    if said in (False, 0, "0", "false"):
        return False
    raise _wrong("truth_expected", "must be 0 or 1")


def text(value: object) -> str:
    """A text; numbers are taken as they are written, e.g. of a postal code."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Decimal) and _is_measured(value):
        return format(value, "f")
    raise _wrong("text_expected", "must be a text")


def moment(value: object) -> dt.datetime:
    """An instant (UTC): `Y-m-d H:i:s` in Berlin, RFC 3339, `DD.MM.YYYY`, or the seconds or milliseconds since 1970."""
    return _parts(value)[0]


def day(value: object) -> dt.date:
    """The calendar date that is written, or in Berlin that of an instant which says its own offset."""
    return _parts(value)[1]


def _parts(value: object) -> tuple[dt.datetime, dt.date]:
    try:
        if isinstance(value, str) and (found := _ISO.fullmatch(value.strip())):
            return _iso(*found.groups())
        if isinstance(value, str) and (found := _GERMAN.fullmatch(value.strip())):
            date = dt.date(int(found[3]), int(found[2]), int(found[1]))
            return _local(date, found[4])
        seconds = number(value) if not isinstance(value, str) or _WHOLE.fullmatch(value) else None
        if seconds is not None and seconds >= 0:
            instant = _EPOCH + dt.timedelta(milliseconds=int(seconds if seconds >= _MILLISECONDS else seconds * 1000))
            return _countable(instant, instant.astimezone(BERLIN).date())
    except (ValueError, OverflowError, OSError, PydanticCustomError):
        pass
    raise _wrong("date_malformed", "must be a date such as 2026-03-31, or with a time 2026-03-31 12:00:00")


def _iso(date: str, time: str | None, fraction: str | None, offset: str | None) -> tuple[dt.datetime, dt.date]:
    if offset is None:
        return _local(dt.date.fromisoformat(date), time)
    micro = (fraction or "").ljust(6, "0")[:6]
    clock = time if time is not None and time.count(":") == 2 else f"{time}:00"
    instant = dt.datetime.fromisoformat(f"{date}T{clock}.{micro}{offset.replace('Z', '+00:00')}").astimezone(dt.UTC)
    return _countable(instant, instant.astimezone(BERLIN).date())


def _local(date: dt.date, time: str | None) -> tuple[dt.datetime, dt.date]:
    clock = dt.time.fromisoformat(time) if time is not None else dt.time()
    return _countable(dt.datetime.combine(date, clock, BERLIN).astimezone(dt.UTC), date)


def _countable(instant: dt.datetime, date: dt.date) -> tuple[dt.datetime, dt.date]:
    if not (is_countable(date) and is_countable(instant)):
        raise ValueError("beyond the calendar")
    return instant, date


def one_of(*words: str) -> BeforeValidator:
    """The rule of a text that is one of the words (small letters), in whatever case, with blanks around it."""

    def chosen(value: object) -> str:
        said = text(value).strip().lower()
        if said not in words:
            raise PydanticCustomError("word_unknown", "must be one of {words}", {"words": ", ".join(words)})
        return said

    return BeforeValidator(chosen)


def rows(value: object) -> int:
    """How many are asked for: ten where nothing, or nothing that counts, is said; never more than a hundred."""
    asked = whole(value)
    return min(asked, MOST_ROWS) if asked > 0 else DEFAULT_ROWS


Id = Annotated[int, BeforeValidator(whole), Field(ge=1, lt=2**63)]
"""The number of a thing, as number or text."""
Whole = Annotated[int, BeforeValidator(whole), Field(gt=-(2**31), lt=2**31)]
Flag = Annotated[bool, BeforeValidator(flag)]
Day = Annotated[dt.date, BeforeValidator(day)]
Moment = Annotated[dt.datetime, BeforeValidator(moment)]
Number = Annotated[Decimal, Field(max_digits=25, decimal_places=10), BeforeValidator(number)]
"""Money, prices, percent, quantities; how many decimals are taken the core says."""
Line = Annotated[str, BeforeValidator(text), Field(pattern=PRINTABLE, max_length=255), LEGIBLE]
Sought = Annotated[str, BeforeValidator(text), Field(pattern=_ONE_LINE, max_length=255)]
"""What a filter compares with: one line."""
Words = Annotated[str, BeforeValidator(text), Field(pattern=PRINTABLE, max_length=10_000), LEGIBLE]
_Country = Annotated[str, BeforeValidator(text), AfterValidator(lambda code: code.strip().upper())]
Code = Annotated[_Country, Field(pattern=r"^[A-Z]{2,3}$")]
"""Of a country or currency, in whatever case."""
Attributes = Annotated[
    dict[
        Annotated[str, Field(max_length=255, pattern=PRINTABLE), LEGIBLE],
        Annotated[str, BeforeValidator(text), Field(max_length=10_000, pattern=PRINTABLE), LEGIBLE],
    ],
    Field(max_length=100),
]
"""The caller's own names, which keep their case, with texts."""


@shape
class Get:
    """What every list takes beside its filter. Derive the filter from it: `class CustomerFilter(Get)`."""

    limit: Annotated[int, BeforeValidator(rows)] = DEFAULT_ROWS
    offset: Annotated[int, BeforeValidator(whole), Field(ge=0, lt=2**31)] = 0
