"""What is told of letters of paper."""

from collections.abc import Iterator, Sequence
from typing import Final

from contor.notifications.kinds.declared import notified
from contor.notifications.post.events import PostLettersMoved
from contor.notifications.post.listed import LetterRow
from contor.notifications.types import Notice
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

_TYPES: Final = {"ACCEPTED": "postLetter.accepted", "PRINTED": "postLetter.printed", "FAILED": "postLetter.failed"}


@notified(
    PostLettersMoved,
    {
        "postLetter.accepted": "The provider has taken a document that is sent by post.",
        "postLetter.printed": "A document that is sent by post was printed and posted.",
        "postLetter.failed": "It will not be sent by post: the provider refused it, or it was withdrawn before.",
    },
)
def moved(uow: Uow, fact: PostLettersMoved) -> Iterator[Notice]:
    for row in _rows(uow, fact.letter_idents):
        if row.status in _TYPES:
            content = {
                "letterIdent": row.ident,
                "documentIdent": row.document_ident,
                "documentId": row.document_id,
                "dunningLetterIdent": row.dunning_letter_ident,
                "customerIdent": row.customer_ident,
                "status": row.status,
                "reason": row.reason,
            }
            yield Notice(_TYPES[row.status], f"document:{row.document_id}", content)


def _rows(uow: Uow, idents: Sequence[str]) -> list[LetterRow]:
    sql = f"SELECT {columns(LetterRow)} FROM post_letter WHERE ident = ANY (%s) ORDER BY created_at, ident"
    return uow.all(LetterRow, sql, (list(idents),))
