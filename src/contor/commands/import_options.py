"""What is said beside the files of an import, and how a refusal is told."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from contor.kernel.errors import Problem

NO_RATES: Mapping[str, Decimal] = MappingProxyType({})
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


def told_value(problem: Problem) -> str:
    """Where the file says it, and what, unless the message repeats it."""
    where = f" [{problem.field}]" if problem.field and "/" in problem.field else ""
    value = "" if problem.rejected_value is None else str(problem.rejected_value)
    return f"{where}: {value[:100]}" if value and value not in problem.message else where
