"""What is said beside the files of an import, what is read of them, and how a refusal is told."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from contor.documents.einvoice import Located
from contor.kernel.errors import Kind, Problem, Refused

NO_RATES: Mapping[str, Decimal] = MappingProxyType({})
LARGEST = 20 * 1024 * 1024
"""Bytes of an e-invoice that are read."""
_RATE = re.compile(r"[A-Z]{3}=[0-9]{1,9}(\.[0-9]{1,5})?")


def rates_of(given: Sequence[str]) -> dict[str, Decimal]:
    """`DKK=7.46` by currency; raises ValueError, saying what was expected."""
    found = {}
    for text in given:
        currency, _, number = text.partition("=")
        if not _RATE.fullmatch(text) or not Decimal(number):
            raise ValueError(f"{text}: expected is a currency and its units for one EUR with at most 5 decimals, e.g. DKK=7.46")
        found[currency] = Decimal(number)
    return found


def told(problem: Problem) -> str:
    """The line of the file, the finding, the element, and what it says, unless the message repeats it."""
    place = f"{problem.place}: " if isinstance(problem, Located) and problem.place else ""
    return f"{place}{problem.message}{_told_value(problem)}"


def _told_value(problem: Problem) -> str:
    where = f" [{problem.field}]" if problem.field and "/" in problem.field else ""
    value = "" if problem.rejected_value is None else str(problem.rejected_value)
    return f"{where}: {value[:100]}" if value and value not in problem.message else where


def content_of(path: Path) -> bytes:
    """The bytes of a file, at most `LARGEST`, read before anything is done with them; raises `Refused`."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)  # one byte more tells what is too large
    except OSError as error:
        raise Refused(Kind.INVALID, Problem("file_unreadable", f"The file cannot be read: {error.strerror}.")) from error
    if len(content) > LARGEST:
        raise Refused(Kind.TOO_LARGE, Problem("file_too_large", f"The file is larger than {LARGEST} bytes."))
    return content
