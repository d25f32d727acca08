"""The log of mails: read, sent, sent again, confirmed."""

from contor.notifications.mail.log.asked import SendBody, SentMails
from contor.notifications.mail.log.documents import SendDocument, send_document
from contor.notifications.mail.log.listed import MAILS, MailView, get_mail, list_mails, list_mails_of_document
from contor.notifications.mail.log.offered import SendOffer, send_offer
from contor.notifications.mail.log.sending import SendMail, confirm_mail, resend_mail, send_mail
from contor.notifications.mail.log.sent import last_sent

__all__ = [
    "MAILS",
    "MailView",
    "SendBody",
    "SendDocument",
    "SendMail",
    "SendOffer",
    "SentMails",
    "confirm_mail",
    "get_mail",
    "last_sent",
    "list_mails",
    "list_mails_of_document",
    "resend_mail",
    "send_document",
    "send_mail",
    "send_offer",
]
