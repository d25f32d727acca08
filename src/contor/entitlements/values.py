"""The values of features: which ones there are, how they are written, and which of two gives more. Pure."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from contor.entitlements.types import Choice, Feature, FeatureType
from contor.kernel.errors import Problem

ON: Final = "true"
OFF: Final = "false"
UNLIMITED: Final = "unlimited"
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,4})?")
_ENDLESS = (1, Decimal(0))


def number_of(text: str) -> Decimal | None:
    """15 integral and 4 fractional digits, not negative; None: it is no such number."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def written(number: Decimal) -> str:
    """As values are stored: without zeros that say nothing."""
    return f"{number.normalize():f}"


def settled(feature: Feature, value: str) -> str | None:
    """The value as it is stored; None: the feature has no such value, see `expected`."""
    if feature.type == "SWITCH":
        return value if value in (ON, OFF) else None
    if feature.type == "SELECTION":
        return value if value in feature.choices else None
    if value == UNLIMITED and feature.type == "RANGE":
        return value if feature.may_be_unlimited else None
    number = number_of(value)
    if number is None or not _is_within(feature, number):
        return None
    return written(number)


def expected(feature: Feature) -> str:
    """What its values are, for who gave another one."""
    if feature.type == "SWITCH":
        return f"{ON} or {OFF}"
    if feature.choices:
        return f"one of {', '.join(feature.choices[:20])}"
    bounds = [
        f"{word} {bound.normalize():f}" for word, bound in (("from", feature.minimum), ("to", feature.maximum)) if bound is not None
    ]
    return " ".join(["a number", *bounds]) + (f", or {UNLIMITED}" if feature.may_be_unlimited else "")


def value_problem(feature: Feature, value: str, field: str = "value") -> Problem | None:
    if settled(feature, value) is not None:
        return None
    return Problem("feature_value_unknown", f"is no value of {feature.ident}: expected is {expected(feature)}", field, value[:100])


def rank(kind: FeatureType, choices: Sequence[str], value: str) -> tuple[int, Decimal]:
    """The more, the more is allowed: on, the higher number, unlimited; of texts the one that stands further behind in the feature."""
    if kind == "SWITCH":
        return (0, Decimal(value == ON))
    if kind == "SELECTION":
        return (0, Decimal(choices.index(value) if value in choices else -1))
    return _ENDLESS if value == UNLIMITED else (0, number_of(value) or Decimal(0))


def feature_findings(
    kind: FeatureType, choices: Sequence[Choice], minimum: Decimal | None, maximum: Decimal | None, may_be_unlimited: bool
) -> Iterator[Problem]:
    """What is wrong with what a feature says of its values."""
    if kind in ("SWITCH", "RANGE") and choices:
        yield Problem("choices_not_expected", "are what a feature of this type does not have", "choices")
    if kind == "SELECTION" and not choices:
        yield Problem("choices_missing", "are what a feature of this type chooses from", "choices")
    seen = set()
    for index, choice in enumerate(choices):
        number = number_of(choice.value) if kind == "QUANTITY" else None
        if kind == "QUANTITY" and number is None:
            yield Problem("choice_malformed", "is no number", f"choices[{index}].value", choice.value)
        key = choice.value if number is None else written(number)
        if key in seen:
            yield Problem("choice_repeated", "is given twice", f"choices[{index}].value", choice.value)
        seen.add(key)
    if kind != "RANGE":
        for name, said in (("minimum", minimum), ("maximum", maximum), ("mayBeUnlimited", may_be_unlimited or None)):
            if said is not None:
                yield Problem("bounds_not_expected", "is what a feature of this type does not have", name, said)
    elif minimum is not None and maximum is not None and maximum < minimum:
        yield Problem("range_empty", f"is less than the minimum {minimum.normalize():f}", "maximum", maximum)


def _is_within(feature: Feature, number: Decimal) -> bool:
    if feature.type == "QUANTITY":
        return not feature.choices or any(number_of(choice) == number for choice in feature.choices)
    return (feature.minimum is None or number >= feature.minimum) and (feature.maximum is None or number <= feature.maximum)
