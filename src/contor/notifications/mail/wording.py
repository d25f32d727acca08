"""Amounts and days as a mail writes them, in its language. Pure."""

import datetime as dt
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal


def locale_of(language: str) -> Locale:
    """That of the language, else English."""
    for name in (language, language.partition("-")[0]):
        try:
            return Locale.parse(name, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


def amount(value: Decimal, currency: str, language: str) -> str:
    return format_currency(value, currency, locale=locale_of(language))


def number(value: Decimal, language: str) -> str:
    return format_decimal(value, locale=locale_of(language), decimal_quantization=False)


def day(value: dt.date, language: str) -> str:
    """30.11.2026; where the language has no such form in numbers, by name of the month."""
    locale = locale_of(language)
    return format_date(value, "dd.MM.yyyy" if locale.language == "de" else "d MMM yyyy", locale=locale)


def instant(value: dt.datetime) -> str:
    """In UTC."""
    return value.astimezone(dt.UTC).strftime("%d.%m.%Y, %H:%M")
