"""Why a body cannot be read as what it should be, in words of who sent it, and which numbers are not even looked at. Pure."""

import re
from decimal import Decimal, InvalidOperation
from typing import Final

_AT = re.compile(r" \(byte (\d+)\)$")
# the decoder looks for the other half, and calls a body truncated that ends soon after the first
_HALF = re.compile(rb"(?<!\\)\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])")
_SAID: Final = (
    ("truncated", "it ends before it is complete"),
    ("out of range", "a number in it is too long"),
    ("trailing characters", "more follows after its end"),
    ("trailing comma", "nothing follows after a comma"),
    ("object keys", "the names in an object stand in double quotes"),
    ("invalid escape", "a text has a backslash with what must not follow it"),
    ("surrogate", "a text has half of a character"),
    ("invalid number", "a number is not written as JSON has it"),
    ("expected", "a colon, a comma or a closing bracket is missing"),
)
"""What the decoder says -> what it means."""
_OTHERWISE: Final = "a character stands where JSON has none such"
_MOST_EXPONENT: Final = 1_000
"""Nothing that is counted, measured or paid has so many digits before or behind its point."""


def number_of(text: str) -> Decimal:
    """A number of a body with a point or an exponent, digit for digit.

    Raises `InvalidOperation` where it is farther from 1 than anything that is meant: who asks whether `1E999999999` is whole writes all
    its digits out, for hours, while nobody else is answered.
    """
    number = Decimal(text)
    if abs(number.adjusted()) > _MOST_EXPONENT:
        raise InvalidOperation
    return number


def why_not_json(raw: bytes, error: Exception) -> str:
    """`error`: what decoding the body ended with."""
    if not raw.strip():
        return "The body is empty; JSON is expected"
    try:
        raw.decode()
    except UnicodeDecodeError as wrong:
        return f"The body is not UTF-8, in which JSON is written: byte {wrong.start + 1} belongs to no character"
    if isinstance(error, RecursionError):
        return "The body is not valid JSON: it is nested too deeply"
    if raw.startswith(b"\xef\xbb\xbf"):
        return "The body is not valid JSON: it begins with a byte order mark"
    said = "out of range" if isinstance(error, InvalidOperation) else str(error)  # an exponent beyond those of Decimal
    if "truncated" in said and (half := _HALF.search(raw)):
        said = f"surrogate (byte {half.end()})"
    where = _AT.search(said)
    place = f", at byte {int(where[1]) + 1}" if where else ""
    return f"The body is not valid JSON: {next((words for known, words in _SAID if known in said), _OTHERWISE)}{place}"
