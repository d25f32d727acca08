"""Letters that went out and stand, to be searched by the documents that they are about, too."""

from typing import Final

from contor.dunning import tables
from contor.dunning.letters.letters import LETTERS, letter_views
from contor.runtime.query import Filterable, ListQuery, Page, elsewhere
from contor.runtime.query.listed import listed_by_key
from contor.runtime.uow import Uow

_ITEM = tables.dunning_item
STANDING: Final = Filterable(
    {
        **LETTERS.fields,
        "document_id": elsewhere(
            tables.dunning_letter.c.letter_id,
            _ITEM,
            "letter_id",
            _ITEM.c.document_id,
            "document_id",
            int,
            _ITEM.c.outcome == "DUNNED",
        ),
    },
    default_sort="letter_id,desc",
)


def standing_letters(uow: Uow, query: ListQuery) -> Page:
    """A page of them, the latest first."""
    scope = {"status": "MADE"}
    return listed_by_key(
        uow, tables.dunning_letter, query, STANDING, "letter_ident", lambda idents: letter_views(uow, idents), scope
    )
