"""Sending mails: each once, whatever happens to who sends it; what may pass is tried again, what is refused says so."""

from contor.notifications.mail.sending.claiming import NO_TEST_RECIPIENT, UNKNOWN
from contor.notifications.mail.sending.due import send_mails
from contor.notifications.mail.sending.postman import Postman, postman_of

__all__ = ["NO_TEST_RECIPIENT", "UNKNOWN", "Postman", "postman_of", "send_mails"]
