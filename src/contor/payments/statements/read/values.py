"""How banks write amounts, texts, account numbers and references, read. Pure."""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import schwifty
from schwifty.exceptions import SchwiftyException

from contor.kernel.days import FIRST_YEAR, LAST_YEAR, is_countable
from contor.kernel.errors import Kind, Problem, Refused

FILLERS = frozenset({"NONREF", "NOTPROVIDED", "NOTAPPLICABLE", "NONE", "NOREF", "UNKNOWN", "N/A", "EREF", "KREF+", "PREF", "MARF"})
"""What stands where there is no reference."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\ufffe\uffff\ud800-\udfff]+")
_BLANKS = re.compile(r"\s+")
_AMOUNT = re.compile(r"[0-9]{1,18}(\.[0-9]{0,18})?|\.[0-9]{1,18}")
_CODE = re.compile(r"[A-Z0-9]{4}")
_MOST = 4
"""Decimals that are stored."""


def unreadable(why: str, code: str = "statement_unreadable", **named: object) -> Refused:
    """The refusal of a file that is no statement, or a broken one."""
    return Refused(Kind.INVALID, Problem(code, why, "file", named.get("value")))


def countable(day: dt.date) -> dt.date:
    """A day from which others can be counted. Raises Refused for what lies at the ends of the calendar, where no booking does."""
    if not is_countable(day):
        message = f"{day.isoformat()} is no day of a booking: a year from {FIRST_YEAR} to {LAST_YEAR} is expected."
        raise unreadable(message, "date_out_of_range")
    return day


def amount_of(text: str | None) -> Decimal:
    """An amount with a decimal point; more decimals than four are zeros."""
    written = (text or "").strip()
    if not _AMOUNT.fullmatch(written):
        raise unreadable(f"The amount {written[:40]!r} is none: digits with a decimal point are expected.", "amount_unreadable")
    try:
        found = Decimal(written)
        exact = found.quantize(Decimal(1).scaleb(-_MOST))
    except InvalidOperation:
        raise unreadable(f"The amount {written[:40]!r} is too large.", "amount_unreadable") from None
    if exact != found:
        raise unreadable(f"The amount {written[:40]!r} has more than {_MOST} decimals.", "amount_unreadable")
    return exact.normalize() + 0 if exact == 0 else exact


def text_of(text: str | None, most: int = 10_000) -> str:
    """On one line, without what does not print, and no longer than is kept."""
    if not text:
        return ""
    return _BLANKS.sub(" ", _CONTROL.sub(" ", text)).strip()[:most]


def name_of(text: str | None) -> str | None:
    return text_of(text, 255) or None


def reference_of(text: str | None, most: int = 35) -> str | None:
    """A reference; None where there is a filler, or what is too long to be one."""
    found = text_of(text)
    return found if 0 < len(found) <= most and found.upper().replace(" ", "") not in FILLERS else None


def code_of(text: str | None) -> str | None:
    found = text_of(text).upper()
    return found if _CODE.fullmatch(found) else None


def compact(text: str) -> str:
    """An account's number without blanks."""
    return _BLANKS.sub("", text).upper()


@lru_cache(maxsize=50_000)
def iban_of(text: str) -> str | None:
    """The IBAN that this is; None: it is none, or its check digits are wrong."""
    try:
        return str(schwifty.IBAN(compact(text)).compact)
    except (SchwiftyException, ValueError):
        return None


@lru_cache(maxsize=10_000)
def bic_of(text: str) -> str | None:
    try:
        return str(schwifty.BIC(compact(text)).compact)
    except (SchwiftyException, ValueError):
        return None
