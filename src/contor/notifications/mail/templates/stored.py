"""The tenant's own templates, kept as any stored thing; what is wrong with one is said, with its line, when it is stored. One by which
levels of dunning are mailed cannot go."""

from collections.abc import Iterator

from contor.dunning.configuration import configuration_of
from contor.dunning.events import DunningConfigured
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
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
    sql = "SELECT ident FROM mail_template WHERE kind = %s AND lower(language) = lower(%s) AND ident <> %s AND name IS NULL"
    if row.get("name") is None and (other := uow.scalar(str, sql, (row["kind"], row["language"], row["ident"]))):
        message = f"has a template of this kind already: {other}"
        raise Refused(Kind.CONFLICT, *problems, Problem("mail_template_of_language_exists", message, "language", row["language"]))
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _unused(uow: Uow, row: Fields) -> None:
    """What a level of dunning is mailed by stays."""
    configuration = configuration_of(uow)
    levels = configuration.levels if configuration is not None else ()
    if used := [str(at) for at, level in enumerate(levels, 1) if level.mail_template_ident == row["ident"]]:
        message = f"Level {', '.join(used)} of dunning is mailed by template {row['ident']!r}: choose another one there first."
        raise Refused(Kind.CONFLICT, Problem("mail_template_in_use", message))


@on(DunningConfigured)
def require_templates(uow: Uow, fact: DunningConfigured) -> None:
    """Levels of dunning are mailed by templates that there are, and that are given a letter to say."""
    named = {at: ident for at, ident in enumerate(fact.mail_template_idents) if ident}
    if not named:
        return
    sql = "SELECT ident FROM mail_template WHERE ident = ANY (%s) AND kind = 'DUNNING_LETTER'"
    known = set(uow.column(str, sql, (sorted(set(named.values())),)))
    unknown = [
        Problem(
            "mail_template_not_found",
            f"No mail template {ident!r} of the kind DUNNING_LETTER exists.",
            f"levels[{at}].mailTemplateIdent",
            ident,
        )
        for at, ident in named.items()
        if ident not in known
    ]
    if unknown:
        raise Refused(Kind.INVALID, *unknown)


TEMPLATES = Resource(
    "mail_template",
    tables.mail_template,
    permission="notifications",
    writable=("ident", "kind", "language", "subject", "text", "html", "name"),
    filterable=("ident", "kind", "language", "name", "created_at"),
    before_create=_check,
    before_update=_check,
    before_delete=_unused,
)
