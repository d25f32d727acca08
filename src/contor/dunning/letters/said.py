"""What letters say before their rows, and who sends them: read again of what they were made of."""

from collections.abc import Collection
from typing import NamedTuple

from contor.documents.queries import documents_by_id
from contor.documents.render import voice_of
from contor.dunning.letters.files import letters_of, pages_of
from contor.dunning.letters.page import introduction
from contor.runtime.uow import Uow


class SaidBefore(NamedTuple):
    paragraphs: tuple[str, ...]
    """Salutation, text of the level, and what is announced."""
    operating_site_ident: str
    """Of the newest document that the letter is about."""


def said_before(uow: Uow, letter_ids: Collection[int]) -> dict[int, SaidBefore]:
    """By letter; those that went out. A fixed number of statements."""
    pages = pages_of(uow, letters) if (letters := letters_of(uow, letter_ids)) else {}
    newest = documents_by_id(uow, {document for _, document in pages.values()}) if pages else {}
    found = {}
    for letter_id, (page, document_id) in pages.items():
        document = newest[document_id]
        said = tuple(introduction(page, voice_of(document.language)))
        found[letter_id] = SaidBefore(said, document.operating_site_ident)
    return found
