"""Overdue rules: read, made, changed and deleted as levels of dunning. The lowest level comes first."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from contor.api.fynn.dunning.answers import (
    DocumentTemplateShown,
    EmailTemplateShown,
    OverdueRuleShown,
    RuleType,
    TemplateVersion,
)
from contor.api.fynn.dunning.levels import DEFAULT_TERM, counted_anew, days_overdue, in_cents, kind_of, of_cents
from contor.api.fynn.invoices import Named
from contor.api.fynn.manners import known_when
from contor.api.ids import as_uuid, of_uuid
from contor.dunning.configuration import PutDunning, configuration_of, put_configuration
from contor.dunning.rules import DunningConfiguration, Level
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import replace, shape
from contor.notifications.mail.configuration import configured
from contor.notifications.mail.templates import KINDS, StoredTemplate, templates_named
from contor.runtime.execute import validated
from contor.runtime.query import Filterable, ListQuery, Page
from contor.runtime.uow import Uow, not_found
from contor.settings.queries import sites

FIELDS = Filterable({}, default_sort="level")
_NAMES: Mapping[str, str] = {
    "fee": "amountInCents",
    "days_after": "daysOverdue",
    "days_to_pay": "dueInDays",
    "mail_template_ident": "emailTemplate",
    "operating_site_ident": "documentTemplate",
}


@shape
class OverdueRuleBody:
    level: Annotated[int, Field(ge=1)] | None = None
    """Its place among the rules; default: behind all of them."""
    days_overdue: Annotated[int, Field(ge=1, le=365)]
    due_in_days: Annotated[int, Field(ge=1, le=90)] = DEFAULT_TERM
    type: RuleType
    email_template: Named | None = None
    document_template: Named | None = None
    """Required for dunning."""
    amount_in_cents: Annotated[int, Field(ge=0, le=100_000)] | None = None
    """The fee, in minor units; required for dunning."""
    attach_original_invoice: bool = True
    send_letter: bool = False
    is_enabled: bool = True


@dataclass(frozen=True, slots=True)
class ListRules:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneRule:
    id: str


@dataclass(frozen=True, slots=True)
class CreateRule:
    body: OverdueRuleBody


@dataclass(frozen=True, slots=True)
class ChangeRule:
    id: str
    body: OverdueRuleBody


@operation("fynn.overdue_rule_list", permission="settings.read", reads=True)
def list_rules(uow: Uow, command: ListRules) -> Page:
    """All of them, the lowest level first."""
    configuration = configuration_of(uow)
    rules = _shown(uow, configuration.levels) if configuration is not None else []
    page = command.query.page
    number = page.offset // page.size if page.size else 0
    return Page(tuple(rules[page.offset : page.offset + page.size]), number, page.size, len(rules))


@operation("fynn.overdue_rule_get", permission="settings.read", reads=True)
def get_rule(uow: Uow, command: OneRule) -> OverdueRuleShown:
    """One of them."""
    configuration = configuration_of(uow)
    levels = configuration.levels if configuration is not None else ()
    return _shown(uow, levels)[_place(uow, levels, command.id) - 1]


@operation("fynn.overdue_rule_create", permission="settings.write")
def create_rule(uow: Uow, command: CreateRule) -> OverdueRuleShown:
    """One more; those behind its place move on. With the first one the tenant begins to dun, a letter for each invoice, every day."""
    before = configuration_of(uow, lock=True)
    number = uow.next_id()
    level = _level(command.body, number)
    levels = list(before.levels) if before is not None else []
    overdue = [days_overdue(levels, place) for place in range(1, len(levels) + 1)]
    at = min(command.body.level or len(levels) + 1, len(levels) + 1) - 1
    levels.insert(at, level)
    overdue.insert(at, command.body.days_overdue)
    made = _put(uow, before, levels, overdue)
    return _shown(uow, made.levels)[at]


@operation("fynn.overdue_rule_change", permission="settings.write")
def change_rule(uow: Uow, command: ChangeRule) -> OverdueRuleShown:
    """Change a rule; letters that went out stay as they are."""
    before = configuration_of(uow, lock=True)
    levels = list(before.levels) if before is not None else []
    place = _place(uow, levels, command.id)
    overdue = [days_overdue(levels, one) for one in range(1, len(levels) + 1)]
    kept = levels.pop(place - 1)
    overdue.pop(place - 1)
    at = min(command.body.level or place, len(levels) + 1) - 1
    level = _level(command.body, kept.level_id or 0)
    levels.insert(at, replace(level, interest=kept.interest, text=kept.text, english_text=kept.english_text))
    overdue.insert(at, command.body.days_overdue)
    made = _put(uow, before, levels, overdue)
    return _shown(uow, made.levels)[at]


@operation("fynn.overdue_rule_delete", permission="settings.write")
def delete_rule(uow: Uow, command: OneRule) -> None:
    """One less; those behind it move up. The last one is disabled instead: how a tenant duns is not undone."""
    before = configuration_of(uow, lock=True)
    levels = list(before.levels) if before is not None else []
    place = _place(uow, levels, command.id)
    if len(levels) == 1:
        message = "It is the only rule: disable it (isEnabled), and nobody is dunned."
        raise Refused(Kind.ILLEGAL_STATE, Problem("last_overdue_rule", message))
    overdue = [days_overdue(levels, one) for one in range(1, len(levels) + 1)]
    levels.pop(place - 1)
    overdue.pop(place - 1)
    _put(uow, before, levels, overdue)


# helpers in calling order


def _scope(uow: Uow) -> str:
    return f"{uow.ctx.tenant_id}:dunning_level"


def _place(uow: Uow, levels: Sequence[Level], text: str) -> int:
    """From 1. Raises NOT_FOUND."""
    number = of_uuid(text, _scope(uow))
    found = next((place for place, level in enumerate(levels, 1) if level.level_id == number), None)
    if number is None or found is None:
        raise not_found("overdue_rule", text)
    return found


def _level(body: OverdueRuleBody, number: int) -> Level:
    """Raises INVALID with what its type wants."""
    problems = []
    if body.type == "dunning":
        lacking = (("amount_in_cents", body.amount_in_cents), ("document_template", body.document_template))
        problems = [Problem("missing", "is required for dunning", name) for name, value in lacking if value is None]
    elif body.amount_in_cents:
        message = "is for dunning: a reminder has no fee"
        problems.append(Problem("fee_of_reminder", message, "amount_in_cents", body.amount_in_cents))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    kind: Literal["REMINDER", "DUNNING"] = "DUNNING" if body.type == "dunning" else "REMINDER"
    return Level(
        days_after=body.days_overdue,
        days_to_pay=body.due_in_days,
        fee=of_cents(body.amount_in_cents),
        kind=kind,
        enabled=body.is_enabled,
        level_id=number,
        mail_template_ident=body.email_template,
        operating_site_ident=body.document_template,
        attach_documents=body.attach_original_invoice,
        by_post=body.send_letter,
    )


def _put(uow: Uow, before: DunningConfiguration | None, levels: Sequence[Level], overdue: Sequence[int]) -> DunningConfiguration:
    """Findings are said in the words of rules."""
    begun = before or DunningConfiguration(levels=tuple(levels), automated=True, combine=False)
    last = len(levels) if begun.collection_after_level is not None else None
    try:
        body = replace(begun, levels=tuple(levels), collection_after_level=last)
        wanted = validated(DunningConfiguration, counted_anew(body, overdue))
        made: DunningConfiguration = put_configuration(uow, PutDunning(body=wanted))
    except Refused as refused:
        raise Refused(refused.kind, *(_in_these_words(problem) for problem in refused.problems)) from None
    return made


def _in_these_words(problem: Problem) -> Problem:
    name = (problem.field or "").rpartition(".")[2]
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return replace(problem, field=_NAMES.get(snake, "level" if (problem.field or "").startswith("levels") else problem.field))


def _shown(uow: Uow, levels: Sequence[Level]) -> list[OverdueRuleShown]:
    templates = templates_named(uow, {ident for level in levels if (ident := level.mail_template_ident) is not None})
    heads, configuration = sites(uow), configured(uow)
    sender = (configuration.sender_name, configuration.sender) if configuration is not None else (None, None)
    return [
        OverdueRuleShown(
            id=as_uuid(level.level_id or place, _scope(uow)),
            level=place,
            days_overdue=days_overdue(levels, place),
            due_in_days=level.days_to_pay,
            type=kind_of(level, place),
            email_template=_template(templates.get(level.mail_template_ident or ""), *sender),
            document_template=_head(level, {ident: site.name for ident, site in heads.items()}),
            amount_in_cents=in_cents(level.fee),
            attach_original_invoice=level.attach_documents,
            send_letter=level.by_post,
            is_enabled=level.enabled,
        )
        for place, level in enumerate(levels, 1)
    ]


def _head(level: Level, names: Mapping[str, str]) -> DocumentTemplateShown | None:
    ident = level.operating_site_ident
    return None if ident is None or ident not in names else DocumentTemplateShown(id=ident, name=names[ident])


def _template(stored: StoredTemplate | None, sender_name: str | None, sender: str | None) -> EmailTemplateShown | None:
    if stored is None:
        return None
    at: dt.datetime = stored.created_at
    version = TemplateVersion(
        id=f"mltplv_{stored.ident}",
        version=1,
        subject=stored.subject,
        content_html=stored.html,
        content_plain=stored.text,
        created_at=known_when(at),
        created_by="user",
    )
    return EmailTemplateShown(
        id=stored.ident,
        name=stored.name or stored.kind,
        sender_name=sender_name,
        sender_address=sender,
        description=KINDS[stored.kind].description,
        subject=stored.subject,
        content_html=stored.html,
        content_plain=stored.text,
        is_system=False,
        is_enabled=True,
        current_version=1,
        versions=(version,),
        created_at=known_when(at),
        updated_at=known_when(stored.last_modified_at),
    )
