"""A customer's exemptions and classifications, as they are on the day of a supply. Pure.

Source: sections 4, 4a to 4d UStG, Articles 131 to 151 of Directive 2006/112/EC: most exemptions hold for as long as a certificate says,
and by the law of the state that taxes the supply.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple, Required, TypedDict

from contor.kernel.errors import Problem

Fields = Sequence[Mapping[str, object]]
"""As a customer's row has them: days are texts, what was stored before may lack names."""


class ExemptionFields(TypedDict, total=False):
    """Of a `TaxExemption`."""

    code: Required[str]
    reason: str | None
    certificate_number: str | None
    country: str | None
    valid_from: str | None
    valid_until: str | None


class ClassificationFields(TypedDict, total=False):
    """Of a `TaxClassification`."""

    code: Required[str]
    name: str | None
    valid_from: str | None
    valid_until: str | None


class Exempted(NamedTuple):
    """Why supplies to the customer bear no tax, where and how long."""

    code: str
    """BT-121."""
    reason: str | None = None
    certificate_number: str | None = None
    country: str | None = None
    """By whose law; None: by any."""
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    """Inclusive."""

    def holds(self, day: dt.date, country: str | None) -> bool:
        is_then = (self.valid_from is None or self.valid_from <= day) and (self.valid_until is None or day <= self.valid_until)
        return is_then and self.is_of(country)

    def is_of(self, country: str | None) -> bool:
        return self.country is None or self.country == country

    def overlaps(self, other: "Exempted") -> bool:
        """Whether on some day, somewhere, both would hold."""
        if None not in (self.country, other.country) and self.country != other.country:
            return False
        begins = max(self.valid_from or dt.date.min, other.valid_from or dt.date.min)
        return begins <= min(self.valid_until or dt.date.max, other.valid_until or dt.date.max)

    @property
    def said(self) -> tuple[str, str | None]:
        """Code (BT-121) and text (BT-120) as the document says and keeps them: the reason, with the certificate that proves it."""
        if self.certificate_number is None:
            return self.code, self.reason
        return self.code, f"{self.reason} ({self.certificate_number})" if self.reason else self.certificate_number


def exemptions_in(fields: Fields | None) -> tuple[Exempted, ...]:
    """Those of a customer's row."""
    return tuple(
        Exempted(
            str(one["code"]),
            _text(one.get("reason")),
            _text(one.get("certificate_number")),
            _text(one.get("country")),
            _day(one.get("valid_from")),
            _day(one.get("valid_until")),
        )
        for one in fields or ()
    )


def exemption_on(exemptions: Iterable[Exempted], day: dt.date, country: str | None) -> Exempted | None:
    """The one that holds on the day of a supply, by the law of the country that taxes it."""
    return next((one for one in exemptions if one.holds(day, country)), None)


def why_taxed(exemptions: Sequence[Exempted], day: dt.date, country: str | None) -> str | None:
    """Why a supply is taxed to a customer who has exemptions; None: one holds, or it has none at all."""
    if not exemptions or exemption_on(exemptions, day, country) is not None:
        return None
    told = []
    for one in exemptions:
        name = f"the exemption {one.code}" + (f" ({one.certificate_number})" if one.certificate_number else "")
        if not one.is_of(country):
            told.append(f"{name} is of {one.country}, the supply is taxed by {country or 'no member state'}")
        elif one.valid_from is not None and day < one.valid_from:
            told.append(f"{name} begins on {one.valid_from}, the supply is completed on {day}")
        else:
            told.append(f"{name} ended on {one.valid_until}, the supply is completed on {day}")
    return "; ".join(told)


def classes_on(fields: Fields | None, day: dt.date) -> frozenset[str]:
    """The codes of a customer's tax classifications that hold on a day."""
    return frozenset(
        str(one["code"])
        for one in fields or ()
        if (_day(one.get("valid_from")) or dt.date.min) <= day <= (_day(one.get("valid_until")) or dt.date.max)
    )


def tax_findings(classifications: Fields, exemptions: Fields) -> list[Problem]:
    """What is wrong with them: a time that ends before it begins, and two exemptions of which on some day each would be the reason."""
    problems = [
        Problem("validity_reversed", f"is before it begins ({begins})", f"{name}[{index}].validUntil", ends)
        for name, fields in (("taxClassifications", classifications), ("taxExemptions", exemptions))
        for index, one in enumerate(fields)
        if (begins := _day(one.get("valid_from"))) and (ends := _day(one.get("valid_until"))) and ends < begins
    ]
    known = exemptions_in(classifications)  # they have code and days, too
    for (_, one), (second, other) in combinations(enumerate(known), 2):
        if one.code == other.code and one.overlaps(other):
            path = f"taxClassifications[{second}].code"
            problems.append(Problem("tax_classification_repeated", "is said twice of the same days", path, other.code))
    known = exemptions_in(exemptions)
    for (_, one), (second, other) in combinations(enumerate(known), 2):
        if one.overlaps(other):
            message = f"holds on the same days and in the same country as {one.code}: what is supplied is exempt for one reason"
            problems.append(Problem("tax_exemption_unclear", message, f"taxExemptions[{second}]", other.code))
    return problems


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _day(value: object) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value if isinstance(value, dt.date) else None
