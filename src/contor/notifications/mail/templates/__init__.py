"""What mails say: templates by kind and language, judged when they are stored, and those that are shipped."""

from contor.notifications.mail.kinds import KINDS, MailKind
from contor.notifications.mail.templates.language import TemplateFailed, Values, faults_of, written
from contor.notifications.mail.templates.preview import preview
from contor.notifications.mail.templates.stored import TEMPLATES, require_templates
from contor.notifications.mail.templates.texts import (
    Said,
    StoredTemplate,
    Wording,
    said,
    templates_named,
    wording_chosen,
    wordings_of,
)

__all__ = [
    "KINDS",
    "TEMPLATES",
    "MailKind",
    "Said",
    "StoredTemplate",
    "TemplateFailed",
    "Values",
    "Wording",
    "faults_of",
    "preview",
    "require_templates",
    "said",
    "templates_named",
    "wording_chosen",
    "wordings_of",
    "written",
]
