"""How near an open item is to a payment that names nothing: its amount, whose account it came from, the payer's name, the due date. Pure.

An exact amount from an account that is known is 0.9: nearly certain. So is an exact amount that no other open item has, of a payer of that
name, about the due date. No account and no name is a guess.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from functools import cache, lru_cache
from typing import Final, NamedTuple

AMOUNT, PAYER, NAME, UNIQUE, NEAR = Decimal("0.45"), Decimal("0.45"), Decimal("0.25"), Decimal("0.15"), Decimal("0.05")
CERTAIN, AHEAD = Decimal("0.90"), Decimal("0.20")
"""What is assigned by itself has so much, and so much more than the next."""
LEAST: Final = Decimal("0.40")
"""What is suggested."""
_ALIKE: Final = 85
"""Of 100, from which names are alike."""
_NEAR_DAYS: Final = 14
_FORMS: Final = re.compile(
    r"\b(?:gmbh|mbh|ag|kg|kgaa|ohg|gbr|ug|haftungsbeschraenkt|se|ek|e k|eg|ev|e v|partg|partgmbb|co|cokg|ltd|limited|llc|inc|plc|sarl|sas"
    r"|sa|bv|nv|spa|srl|oy|ab|as|aps|und|and|herr|frau|dr|prof|firma|fa)\b"
)
_GERMAN: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class Facts(NamedTuple):
    """What is known of a payment and one open item."""

    exact: bool
    """The amount, or the amount less the cash discount that it earns."""
    known_payer: bool
    payer_name: str | None
    names: Sequence[str]
    """What the customer is called."""
    days: int
    """Between the payment and the due date."""
    unique: bool
    """No other open item has this amount."""


class Score(NamedTuple):
    total: Decimal
    parts: tuple[tuple[str, str], ...]
    """What it is made of."""


def score(facts: Facts) -> Score:
    """From 0 to 1."""
    alike = likeness(facts.payer_name, facts.names)
    parts = (
        _AMOUNT if facts.exact else None,
        _PAYER if facts.known_payer else None,
        _name(alike) if alike >= _ALIKE else None,
        _UNIQUE if facts.exact and facts.unique else None,
        _NEAR if abs(facts.days) <= _NEAR_DAYS else None,
    )
    return _score(parts)


Part = tuple[str, Decimal, str]
"""Of a score: its name, its value, and that as it is shown."""
_AMOUNT, _PAYER, _UNIQUE, _NEAR = (
    (name, value, f"{value:.3f}") for name, value in (("amount", AMOUNT), ("payer", PAYER), ("unique", UNIQUE), ("near", NEAR))
)


@cache
def _name(alike: int) -> Part:
    value = NAME * alike / 100
    return "name", value, f"{value:.3f}"


@lru_cache(maxsize=1_000)
def _score(parts: tuple[Part | None, ...]) -> Score:
    """There are few: each is made once."""
    made = [part for part in parts if part is not None]
    total = min(Decimal(1), sum((value for _, value, _ in made), Decimal(0))).quantize(Decimal("0.001"))
    return Score(total, tuple((name, shown) for name, _, shown in made))


def likeness(payer: str | None, names: Sequence[str]) -> int:
    """Of 100: how much one of the names is that of the payer."""
    from rapidfuzz import fuzz  # no worker needs it that sees no payment

    said = normalised(payer or "")
    if not said:
        return 0
    return max((int(fuzz.token_sort_ratio(said, other)) for name in names if (other := normalised(name))), default=0)


@lru_cache(maxsize=10_000)
def normalised(name: str) -> str:
    """Letters and digits in small, without accents and legal forms."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_GERMAN))
    words = re.sub(r"[^a-z0-9]+", " ", "".join(it for it in plain if not unicodedata.combining(it)).replace(".", ""))
    return " ".join(_FORMS.sub(" ", words).split())


def certain(scores: Sequence[Decimal]) -> bool:
    """Whether the first of them, sorted, is to be taken by itself."""
    return bool(scores) and scores[0] >= CERTAIN and (len(scores) < 2 or scores[0] - scores[1] >= AHEAD)


def days_between(one: dt.date, other: dt.date) -> int:
    return abs((one - other).days)
