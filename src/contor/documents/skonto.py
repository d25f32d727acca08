"""Terms of payment as BT-20 says them: lines of Skonto that machines read (XRechnung BR-DE-18) between those in words. Pure."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final, NamedTuple

from contor.documents.types import CashDiscount

NO_DUE_DATE: Final = "NONE"
"""Of the property `originalDueDate`: an imported e-invoice had none."""
_LINE: Final = re.compile(r"#SKONTO#TAGE=([0-9]{1,9})#PROZENT=([0-9]{1,9}\.[0-9]{2})(?:#BASISBETRAG=(-?[0-9]{1,18}\.[0-9]{2}))?#")
_ENTRY: Final = re.compile(r"#.+#")
_END: Final = re.compile(r"\s*\n")


class Skonto(NamedTuple):
    """What one line offers."""

    days: int
    percentage: Decimal
    base: Decimal | None
    """What it is a percentage of; None: of what is to be paid (BT-115)."""


def skonto_of(line: str) -> Skonto | None:
    """None: the line is no Skonto that can be read."""
    match = _LINE.fullmatch(line.strip())
    if match is None:
        return None
    return Skonto(int(match[1]), Decimal(match[2]), Decimal(match[3]) if match[3] else None)


def skonto_line(days: int, percentage: Decimal) -> str:
    """The form that XRechnung wants."""
    return f"#SKONTO#TAGE={days}#PROZENT={percentage:.2f}#"


def is_granted(offer: Skonto, discounts: Iterable[CashDiscount]) -> bool:
    """Whether a line says one of these discounts."""
    return offer.base is None and any((it.days, it.percentage) == (offer.days, offer.percentage) for it in discounts)


def terms_as_written(text: str | None, discounts: Iterable[CashDiscount]) -> str | None:
    """BT-20: each Skonto that the text does not say itself, then the text in its order. A line that begins with # begins with nothing
    else and has an end (BR-DE-18)."""
    lines = [line.strip() if line.lstrip().startswith("#") else line for line in (text or "").split("\n")]
    offers = [offer for line in lines if (offer := skonto_of(line)) is not None]
    unsaid = [it for it in discounts if not any(is_granted(offer, (it,)) for offer in offers)]
    found = [*(skonto_line(it.days, it.percentage) for it in unsaid), *(lines if text else ())]
    if not found:
        return None
    return "\n".join(found) + ("\n" if found[-1].startswith("#") else "")


def is_readable(terms: str) -> bool:
    """BR-DE-18: every line that begins with # is Skonto, and what is between two # on a line ends it."""
    entries = [line.strip() for line in terms.split("\n") if line.strip().startswith("#")]
    if not entries:
        return True
    return all(_LINE.fullmatch(entry) for entry in entries) and _END.match(_ENTRY.split(terms)[-1]) is not None
