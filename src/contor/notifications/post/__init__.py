"""Documents sent by post: a provider prints and posts them, each once; credits are counted, what is in doubt is held for a person."""

from contor.notifications.post.asking import PostBody, PostDocument, PostedDocument, confirm_letter, post_document, resend_letter
from contor.notifications.post.configuration import add_credits, get_post_configuration, put_post_configuration
from contor.notifications.post.listed import (
    POST_LETTERS,
    OnePostLetter,
    PostLetterView,
    get_post_letter,
    list_post_letters,
    list_post_letters_of_document,
)

__all__ = [
    "POST_LETTERS",
    "OnePostLetter",
    "PostBody",
    "PostDocument",
    "PostLetterView",
    "PostedDocument",
    "add_credits",
    "confirm_letter",
    "get_post_configuration",
    "get_post_letter",
    "list_post_letters",
    "list_post_letters_of_document",
    "post_document",
    "put_post_configuration",
    "resend_letter",
]
