"""Mails and letters of paper, in `/v2`."""

from contor.api.kit import resource, route
from contor.api.route import Route
from contor.notifications import post
from contor.notifications.mail import configuration, log, templates

_MAILS, _TEMPLATES, _CONFIGURATION = "/v2/mails", "/v2/mail/templates", "/v2/mail/configuration"
_POST, _LETTERS = "/v2/post", "/v2/post/letters"
_LETTER = f"{_LETTERS}/{{postLetterIdent}}"
_ONE, _DOCUMENT = f"{_MAILS}/{{mailIdent}}", "/v2/documents/{documentIdent}"

MAIL_ROUTES: list[Route] = [
    route("GET", _CONFIGURATION, configuration.get_mail_configuration),
    route("PUT", _CONFIGURATION, configuration.put_mail_configuration, body="body"),
    *resource(_TEMPLATES, templates.TEMPLATES),
    route("POST", f"{_TEMPLATES}/actions/preview", templates.preview, body="body"),
    route("GET", _MAILS, log.list_mails, filterable=log.MAILS, output=log.MailView),
    route("GET", _ONE, log.get_mail),
    route("POST", f"{_ONE}/actions/resend", log.resend_mail, 202),
    route("POST", f"{_ONE}/actions/confirm", log.confirm_mail),
    route("GET", f"{_DOCUMENT}/mails", log.list_mails_of_document, filterable=log.MAILS, output=log.MailView),
    route("POST", f"{_DOCUMENT}/actions/send", log.send_document, 202, body="body", may_be_empty=True),
    route("GET", f"{_POST}/configuration", post.get_post_configuration),
    route("PUT", f"{_POST}/configuration", post.put_post_configuration, body="body"),
    route("POST", f"{_POST}/credits", post.add_credits, 201, body="body"),
    route("GET", _LETTERS, post.list_post_letters, filterable=post.POST_LETTERS, output=post.PostLetterView),
    route("GET", _LETTER, post.get_post_letter),
    route("POST", f"{_LETTER}/actions/resend", post.resend_letter, 202),
    route("POST", f"{_LETTER}/actions/confirm", post.confirm_letter),
    route(
        "GET",
        f"{_DOCUMENT}/letters",
        post.list_post_letters_of_document,
        filterable=post.POST_LETTERS,
        output=post.PostLetterView,
    ),
    route("POST", f"{_DOCUMENT}/actions/post", post.post_document, 202, body="body", may_be_empty=True),
]
