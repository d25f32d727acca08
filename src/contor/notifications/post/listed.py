"""Letters of paper: how each stands."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from contor.documents.naming import documents_named, the_document
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.notifications.post import tables
from contor.notifications.post.types import PostStatus
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found


@dataclass(frozen=True, slots=True)
class ListPostLetters:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class ListPostLettersOfDocument:
    document_ident: str
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OnePostLetter:
    post_letter_ident: str


@shape
class PostLetterView:
    ident: str
    document_ident: str
    document_id: int
    dunning_letter_ident: str | None = None
    """The letter by which it is dunned, where that is posted and not the document."""
    customer_ident: str
    provider: str
    status: PostStatus
    reason: str | None = None
    """Why it waits, is held, or failed."""
    reference: str | None = None
    """What the provider calls it."""
    tries: int
    accepted_at: dt.datetime | None = None
    printed_at: dt.datetime | None = None
    created_at: dt.datetime
    last_modified_at: dt.datetime


POST_LETTERS = searchable(
    tables.post_letter,
    PostLetterView,
    ("ident", "document_ident", "document_id", "dunning_letter_ident", "customer_ident", "status", "created_at"),
    default_sort="created_at,desc",
)


class LetterRow(NamedTuple):
    ident: str
    document_ident: str
    document_id: int
    dunning_letter_ident: str | None
    customer_ident: str
    provider: str
    status: PostStatus
    reason: str | None
    reference: str | None
    tries: int
    accepted_at: dt.datetime | None
    printed_at: dt.datetime | None
    created_at: dt.datetime
    last_modified_at: dt.datetime


@operation("post_letter.list", permission="notifications.read", reads=True)
def list_post_letters(uow: Uow, command: ListPostLetters) -> Page:
    """Letters, the latest first."""
    return listed(uow, tables.post_letter, command.query, POST_LETTERS, LetterRow, views_of)


@operation("post_letter.list_of_document", permission="notifications.read", reads=True)
def list_post_letters_of_document(uow: Uow, command: ListPostLettersOfDocument) -> Page:
    """The letters of a document."""
    name = command.document_ident
    scope = {"document_id": the_document(uow, name, documents_named(uow, [name])[name]).id}
    return listed(uow, tables.post_letter, command.query, POST_LETTERS, LetterRow, views_of, scope)


@operation("post_letter.get", permission="notifications.read", reads=True)
def get_post_letter(uow: Uow, command: OnePostLetter) -> PostLetterView:
    """One letter."""
    return views_of([row_of(uow, command.post_letter_ident)])[0]


def row_of(uow: Uow, ident: str, *, lock: bool = False) -> LetterRow:
    """Raises NOT_FOUND."""
    sql = f"SELECT {columns(LetterRow)} FROM post_letter WHERE ident = %s{' FOR UPDATE' if lock else ''}"
    row = uow.first(LetterRow, sql, (ident,))
    if row is None:
        raise not_found("post_letter", ident)
    return row


def views_of(rows: Sequence[LetterRow]) -> list[PostLetterView]:
    return [PostLetterView(**row._asdict()) for row in rows]
