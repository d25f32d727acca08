"""What causes mails by itself, and what each is given to say."""

from contor.notifications.mail.causes.customers import contracts_cancelled, contracts_ended, mandates_signed
from contor.notifications.mail.causes.declared import suppress_mails
from contor.notifications.mail.causes.documents import archived, document_mails, letters_filed
from contor.notifications.mail.causes.inside import Digest, digest, routes_paused, user_invited
from contor.notifications.mail.causes.money import intents_failed, payments_assigned
from contor.notifications.mail.causes.offers import recipients_invited

__all__ = [
    "Digest",
    "archived",
    "contracts_cancelled",
    "contracts_ended",
    "digest",
    "document_mails",
    "intents_failed",
    "letters_filed",
    "mandates_signed",
    "payments_assigned",
    "recipients_invited",
    "routes_paused",
    "suppress_mails",
    "user_invited",
]
