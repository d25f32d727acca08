"""The tenant's own words for texts of documents: kept by locale (`de`, `de-AT`). Which texts there are is the documents' affair."""

from collections.abc import Mapping
from typing import NamedTuple

from contor.runtime.uow import Uow
from contor.settings import tables

Texts = dict[str, str]
"""By key."""


class _Row(NamedTuple):
    locale: str
    texts: Texts


def texts_by_locale(uow: Uow) -> dict[str, Texts]:
    """Every text, by locale."""
    return dict(uow.all(_Row, "SELECT locale, texts FROM translation ORDER BY locale"))


def change_texts(uow: Uow, changes: Mapping[str, Mapping[str, str | None]]) -> None:
    """Say the texts so from now on, by locale and key; None: in our words again. Two who change at once come one after the other."""
    uow.lock("translation", ["texts"])
    before = texts_by_locale(uow)
    for locale, changed in sorted(changes.items()):
        was = before.get(locale, {})
        texts = {key: text for key, text in {**was, **changed}.items() if text is not None}
        if texts == was:
            continue
        uow.run("DELETE FROM translation WHERE locale = %s", (locale,))
        if texts:
            uow.insert(tables.translation, [{"locale": locale, "texts": texts, "last_modified_at": uow.ctx.now()}])
        uow.audit("translation", locale, {"before": {key: was.get(key) for key in changed}, "after": dict(changed)})
