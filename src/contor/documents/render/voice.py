"""How a language says numbers, dates, units and countries. Exactly from `Decimal`: nothing is rounded here. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache

from babel import Locale

from contor.documents.labels import GERMAN, NONE, Label, written_date
from contor.documents.texts import UNITS, unit_key
from contor.documents.types import Address, Period
from contor.kernel.money import exponent

NBSP = "\u00a0"
MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class Voice:
    """One language: its texts, its marks and its order of things."""

    language: str
    thousands: str
    point: str
    own: Mapping[str, str] = field(default_factory=lambda: NONE)
    """The tenant's words for texts, by key."""

    def text(self, label: Label, **values: object) -> str:
        """The text with its placeholders filled."""
        return label.said(self.language, self.own, **values)

    def number(self, value: Decimal, decimals: int = 0) -> str:
        """`value` with at least `decimals` places and no superfluous zeros behind them: 1.234,5 or 1,234.5."""
        digits = f"{abs(value):f}"
        whole, _, fraction = digits.partition(".")
        fraction = fraction.rstrip("0").ljust(decimals, "0")
        grouped = f"{int(whole):,}".replace(",", self.thousands)
        sign = MINUS if value < 0 else ""
        return sign + grouped + (self.point + fraction if fraction else "")

    def amount(self, value: Decimal, currency: str) -> str:
        """An amount without its currency, e.g. in a column: 1.234,50."""
        return self.number(value, exponent(currency))

    def money(self, value: Decimal, currency: str) -> str:
        """An amount with its currency: 1.234,50 € or €1,234.50."""
        plain = self.amount(value, currency)
        if self.language == "de":
            return f"{plain}{NBSP}{'€' if currency == 'EUR' else currency}"
        sign, plain = (MINUS, plain[1:]) if value < 0 else ("", plain)
        return f"{sign}€{plain}" if currency == "EUR" else f"{sign}{currency}{NBSP}{plain}"

    def percent(self, rate: Decimal) -> str:
        return f"{self.number(rate)}{NBSP}%" if self.language == "de" else f"{self.number(rate)}%"

    def quantity(self, value: Decimal, unit_code: str) -> str:
        """A quantity with its unit: 3 Stk., 1 month; a unit without a name shows its code, a bare count (ONE) as it is."""
        one, several = UNITS[self.language].get(unit_code, (unit_code, unit_code))
        if self.own:
            one, several = self.own.get(unit_key(unit_code), one), self.own.get(unit_key(unit_code, several=True), several)
        return f"{self.number(value)}{NBSP}{one if abs(value) == 1 else several}"

    def date(self, day: dt.date) -> str:
        return written_date(day, self.language).replace(" ", NBSP)

    def period(self, period: Period) -> str:
        """Both days inclusive; one day alone where they are the same."""
        if period.start == period.end:
            return self.date(period.start)
        return f"{self.date(period.start)}{NBSP}– {self.date(period.end)}"

    def country(self, code: str) -> str:
        """The country's name in the language; a code that has none is shown as it is."""
        return _countries(self.language).get(code, code)

    def address(self, address: Address, home: str) -> list[str]:
        """The lines below the name; the country only when it is not `home` (the postal service's rule)."""
        abroad = self.country(address.country).upper() if address.country != home else None
        return present(
            [address.addition, joined(address.street, address.street_no), joined(address.zip, address.city), address.state, abroad]
        )


VOICES = {
    "de": Voice(language="de", thousands=".", point=","),
    "en": Voice(language="en", thousands=",", point="."),
}


def voice(language: str, own: Mapping[str, str] = NONE) -> Voice:
    """The voice of the printed language: German, or English for every other wish; with a tenant's own words."""
    spoken = VOICES["de" if language in GERMAN else "en"]
    return replace(spoken, own=own) if own else spoken


def joined(*parts: str | None) -> str:
    """The parts that are there, in one line."""
    return " ".join(part for part in parts if part)


def present(lines: Iterable[str | None]) -> list[str]:
    return [line for line in lines if line]


@cache
def _countries(language: str) -> dict[str, str]:
    return dict(Locale.parse(language).territories)
