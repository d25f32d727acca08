"""What people say of issued documents beside them: comments, and that nobody corrects one any more."""

from contor.documents.beside.comments import COMMENTS, CommentView, add_comment, comments_on, list_comments
from contor.documents.beside.locks import LockView, OneLock, get_lock, lock_document, locks_on, require_unlocked, unlock_document

__all__ = [
    "COMMENTS",
    "CommentView",
    "LockView",
    "OneLock",
    "add_comment",
    "comments_on",
    "get_lock",
    "list_comments",
    "lock_document",
    "locks_on",
    "require_unlocked",
    "unlock_document",
]
