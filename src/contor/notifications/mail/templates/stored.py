"""The tenant's own templates, kept as any stored thing; what is wrong with one is said, with its line, when it is stored."""

from collections.abc import Iterator

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.notifications.mail import tables
from contor.notifications.mail.kinds import KINDS
from contor.notifications.mail.templates.language import faults_of
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow


def template_problems(kind: str, parts: Fields) -> Iterator[Problem]:
    """`parts`: subject, text, html."""
    for name in ("subject", "text", "html"):
        if parts.get(name) is not None:
            for fault in faults_of(parts[name], KINDS[kind].sample):
                yield Problem("template_invalid", f"line {fault.line} {fault.message}", name)


def _check(uow: Uow, row: Fields) -> None:
    problems = list(template_problems(row["kind"], row))
    sql = "SELECT ident FROM mail_template WHERE kind = %s AND lower(language) = lower(%s) AND ident <> %s"
    if other := uow.scalar(str, sql, (row["kind"], row["language"], row["ident"])):
        message = f"has a template of this kind already: {other}"
        raise Refused(Kind.CONFLICT, *problems, Problem("mail_template_of_language_exists", message, "language", row["language"]))
    if problems:
        raise Refused(Kind.INVALID, *problems)


TEMPLATES = Resource(
    "mail_template",
    tables.mail_template,
    permission="notifications",
    writable=("ident", "kind", "language", "subject", "text", "html"),
    filterable=("ident", "kind", "language", "created_at"),
    before_create=_check,
    before_update=_check,
)
