"""Texts of documents in the tenant's own words: stored, read along their fallbacks, changed, removed; new documents say them."""

from contor.documents.translations.configuration import all_translations, configured_locales
from contor.documents.translations.stored import (
    delete_key,
    delete_translation,
    read_translations,
    store_translations,
    update_translation,
)

__all__ = [
    "all_translations",
    "configured_locales",
    "delete_key",
    "delete_translation",
    "read_translations",
    "store_translations",
    "update_translation",
]
