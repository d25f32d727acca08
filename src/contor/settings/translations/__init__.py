"""The tenant's own words for texts of documents."""

from contor.settings.translations.texts import Texts, change_texts, texts_by_locale

__all__ = ["Texts", "change_texts", "texts_by_locale"]
