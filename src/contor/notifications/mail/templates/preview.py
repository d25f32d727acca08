"""What a template makes of an example: one that is stored, one that is sent along, or the one that is shipped."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Language, shape
from contor.notifications.mail.kinds import KINDS
from contor.notifications.mail.kinds import Kind as MailKindName
from contor.notifications.mail.tables import HtmlTemplate, SubjectTemplate, TextTemplate
from contor.notifications.mail.templates.language import TemplateFailed
from contor.notifications.mail.templates.stored import template_problems
from contor.notifications.mail.templates.texts import Wording, said, wordings_of
from contor.runtime.uow import Uow


@shape
class MailPreviewBody:
    kind: MailKindName
    language: Language = "de"
    subject: SubjectTemplate | None = None
    """With `text` and `html`: in place of what is stored."""
    text: TextTemplate | None = None
    html: HtmlTemplate | None = None


@shape
class MailPreview:
    subject: str
    text: str
    html: str | None = None
    names: Annotated[tuple[str, ...], Field()] = ()
    """Everything that a template of this kind may name."""


@dataclass(frozen=True, slots=True)
class PreviewTemplate:
    body: MailPreviewBody


@operation("mail_template.preview", permission="notifications.read", reads=True)
def preview(uow: Uow, command: PreviewTemplate) -> MailPreview:
    """Write a template out with an example of what it is given."""
    body = command.body
    stored = wordings_of(uow, [(body.kind, body.language)])[body.kind, body.language]
    wording = Wording(
        stored.subject if body.subject is None else body.subject,
        stored.text if body.text is None else body.text,
        stored.html if body.html is None else body.html,
    )
    if problems := list(template_problems(body.kind, wording._asdict())):
        raise Refused(Kind.INVALID, *problems)
    sample = KINDS[body.kind].sample
    try:
        made = said(wording, sample)
    except TemplateFailed as error:
        raise Refused(Kind.INVALID, Problem("template_invalid", f"cannot be written: {error}", "text")) from None
    return MailPreview(subject=made.subject, text=made.text, html=made.html, names=tuple(_names("", sample)))


def _names(before: str, values: object) -> list[str]:
    """`document.number`, `document.rows[].name`"""
    if isinstance(values, dict):
        return [name for key, value in values.items() for name in _names(f"{before}.{key}" if before else key, value)]
    if isinstance(values, list) and values:
        return _names(f"{before}[]", values[0])
    return [before]
