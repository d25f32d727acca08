"""Mails, in `/v2`."""

from contor.api.kit import resource, route
from contor.api.route import Route
from contor.notifications.mail import configuration, log, templates

_MAILS, _TEMPLATES, _CONFIGURATION = "/v2/mails", "/v2/mail/templates", "/v2/mail/configuration"
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
]
