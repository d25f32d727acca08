"""Comments on an issued document: kept for good, dated, with who wrote each. The document itself stays as it is."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, NamedTuple

from contor.documents.beside import tables
from contor.documents.naming import documents_named, the_document
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Text, shape
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

CommentKind = Literal["INTERNAL", "PUBLIC"]
"""INTERNAL: a note for the company's own people. PUBLIC: it may be shown to the customer."""


@shape
class CommentBody:
    text: Text
    kind: CommentKind = "INTERNAL"


@dataclass(frozen=True, slots=True)
class AddComment:
    document_ident: str
    body: CommentBody


@dataclass(frozen=True, slots=True)
class ListComments:
    document_ident: str
    query: ListQuery


@shape
class CommentView:
    id: int
    kind: CommentKind
    text: str
    author: str
    """Who wrote it, as the audit trail names people and keys."""
    created_at: dt.datetime


COMMENTS = searchable(tables.document_comment, CommentView, ("id", "kind", "author", "created_at"), default_sort="id")


class Comment(NamedTuple):
    id: int
    kind: CommentKind
    text: str
    author: str
    created_at: dt.datetime


class _Of(NamedTuple):
    document_id: int
    id: int
    kind: CommentKind
    text: str
    author: str
    created_at: dt.datetime


@operation("document_comment.add", permission="documents.write")
def add_comment(uow: Uow, command: AddComment) -> CommentView:
    """Write a comment on a document."""
    name, body = command.document_ident, command.body
    if not body.text.strip():
        raise Refused(Kind.INVALID, Problem("comment_empty", "says nothing", "text", body.text))
    row = the_document(uow, name, documents_named(uow, [name])[name])
    comment = Comment(uow.next_id(), body.kind, body.text, uow.ctx.actor, uow.ctx.now())
    uow.insert(tables.document_comment, [{**comment._asdict(), "document_id": row.id}])
    uow.audit("document", row.ident, {"comment": comment.id, "kind": comment.kind})
    return CommentView(**comment._asdict())


@operation("document_comment.list", permission="documents.read", reads=True)
def list_comments(uow: Uow, command: ListComments) -> Page:
    """The comments on a document, the oldest first."""
    name = command.document_ident
    scope = {"document_id": the_document(uow, name, documents_named(uow, [name])[name]).id}
    return listed(
        uow,
        tables.document_comment,
        command.query,
        COMMENTS,
        Comment,
        lambda rows: [CommentView(**row._asdict()) for row in rows],
        scope,
    )


def comments_on(uow: Uow, ids: Collection[int]) -> dict[int, list[CommentView]]:
    """By document its comments, the oldest first."""
    found: dict[int, list[CommentView]] = {number: [] for number in ids}
    sql = f"SELECT {columns(_Of)} FROM document_comment WHERE document_id = ANY (%s) ORDER BY document_id, id"
    for row in uow.all(_Of, sql, (sorted(found),)) if found else ():
        said = {name: value for name, value in row._asdict().items() if name != "document_id"}
        found[row.document_id].append(CommentView(**said))
    return found
