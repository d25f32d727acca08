"""Texts that a tenant may say in words of its own, and names of units. Pure."""

from contor.documents.texts.own import LONGEST, TEXTS, OwnText, chain, locale_of, placeholders, problems, texts_for
from contor.documents.texts.units import UNITS, unit_key

__all__ = ["LONGEST", "TEXTS", "UNITS", "OwnText", "chain", "locale_of", "placeholders", "problems", "texts_for", "unit_key"]
