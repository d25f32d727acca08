"""A person has a document sent by post; what was held is handed over again, or was posted as somebody knows."""

from dataclasses import dataclass

from contor.documents.drafts import issued_document
from contor.documents.events import DocumentsArchived
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.notifications.post.configuration import provider_named
from contor.notifications.post.events import PostLettersMoved
from contor.notifications.post.listed import OnePostLetter, PostLetterView, get_post_letter, row_of
from contor.notifications.post.queue import Paper, lock_credits, queue_letters, remaining
from contor.notifications.post.work import POSTING
from contor.runtime.uow import Uow


@shape
class PostBody:
    again: bool = False
    """Whether a document that was sent by post already is sent once more."""


@dataclass(frozen=True, slots=True)
class PostDocument:
    document_ident: str
    body: PostBody


@shape
class PostedDocument:
    letter: PostLetterView
    remaining_credits: int


@operation("post_letter.send_document", permission="documents.write")
def post_document(uow: Uow, command: PostDocument) -> PostedDocument:
    """Have a document printed and posted: once, but for `again`. It costs a credit."""
    row = issued_document(uow, command.document_ident)
    provider = provider_named(uow)
    lock_credits(uow)
    sql = (
        "SELECT ident FROM post_letter WHERE document_id = %s AND dunning_letter_ident IS NULL AND status <> 'FAILED'"
        " ORDER BY created_at DESC, ident LIMIT 1"
    )
    ident = None if command.body.again else uow.scalar(str, sql, (row.id,))
    if ident is None:
        if (left := remaining(uow)) < 1:
            message = f"{left} letters are left: buy further ones from the provider, and count them (POST /v2/post/credits)."
            raise Refused(Kind.ILLEGAL_STATE, Problem("post_credits_used_up", message))
        (ident,) = queue_letters(uow, [Paper(row.id, row.ident, row.customer_ident)], provider)
    return PostedDocument(letter=get_post_letter(uow, OnePostLetter(ident)), remaining_credits=remaining(uow))


@on(DocumentsArchived)
def files_are_there(uow: Uow, fact: DocumentsArchived) -> None:
    """Letters that wait for their picture are handed over now."""
    sql = "UPDATE post_letter SET due_at = %s, last_modified_at = %s WHERE document_id = ANY (%s) AND status = 'WAITING'"
    if uow.run(sql, (uow.runtime.clock(), uow.ctx.now(), list(fact.document_ids))):
        uow.mark(POSTING)


@operation("post_letter.resend", permission="notifications.write")
def resend_letter(uow: Uow, command: OnePostLetter) -> PostLetterView:
    """Hand over again what is held: what the provider knows by its key it does not do twice."""
    _held(uow, command)
    uow.run(
        "UPDATE post_letter SET status = 'WAITING', reason = NULL, due_at = %s, tries = 0, last_modified_at = %s WHERE ident = %s",
        (uow.runtime.clock(), uow.ctx.now(), command.post_letter_ident),
    )
    uow.audit("post_letter", command.post_letter_ident, {"status": "WAITING"})
    uow.mark(POSTING)
    return get_post_letter(uow, command)


@operation("post_letter.confirm", permission="notifications.write")
def confirm_letter(uow: Uow, command: OnePostLetter) -> PostLetterView:
    """Say of a letter that is held that the provider has it."""
    _held(uow, command)
    now = uow.ctx.now()
    uow.run(
        "UPDATE post_letter SET status = 'ACCEPTED', reason = NULL, accepted_at = %s, last_modified_at = %s WHERE ident = %s",
        (now, now, command.post_letter_ident),
    )
    uow.audit("post_letter", command.post_letter_ident, {"status": "ACCEPTED", "confirmed": True})
    uow.emit(PostLettersMoved(letter_idents=(command.post_letter_ident,)))
    return get_post_letter(uow, command)


def _held(uow: Uow, command: OnePostLetter) -> None:
    row = row_of(uow, command.post_letter_ident, lock=True)
    if row.status != "HELD":
        message = f"The letter with {row.document_ident} is {row.status}: only one that is HELD needs a person."
        raise Refused(Kind.ILLEGAL_STATE, Problem("post_letter_not_held", message))
