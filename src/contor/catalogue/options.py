"""Options: what plans offer. A DRAFT is changed in place; a FINAL one gets a version that later periods use."""

import datetime as dt
from dataclasses import dataclass

from contor.catalogue import tables
from contor.catalogue.measures import measurements_by_code
from contor.catalogue.price_sites import prices_of, site_findings, sites_referred
from contor.catalogue.queries import options_by_ident
from contor.catalogue.rules import option_findings, version_at
from contor.catalogue.types import Option, OptionContent, OptionStatus, OptionType, OptionVersion
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, replace, shape
from contor.runtime.query import ListQuery, Page, searchable, worked_out
from contor.runtime.query.listed import listed_by_key
from contor.runtime.uow import Uow, not_found


@shape
class OptionBody(OptionContent):
    """An option as a client sends it."""

    type: OptionType
    option_ident: Ident | None = None
    status: OptionStatus = "DRAFT"
    valid_from: dt.date | None = None


@shape
class OptionView(OptionContent):
    """An option as it is now, with all its versions."""

    option_id: int
    option_ident: str
    type: OptionType
    status: OptionStatus
    versions: tuple[OptionVersion, ...]


_NEWEST = worked_out(
    "SELECT v.content FROM plan_option_version v WHERE v.option_ident = plan_option.option_ident"
    " ORDER BY v.valid_from DESC NULLS LAST, v.number DESC LIMIT 1"
)
"""What `view_of` shows of an option: of the version that is used last."""
OPTIONS = searchable(
    tables.plan_option,
    OptionView,
    ("option_ident", "option_id", "name", "type", "status", "created_at", "last_modified_at"),
    default_sort="option_id,desc",
    content=(_NEWEST, OptionContent),
)


@shape
class CreateOption:
    body: OptionBody


@shape
class UpdateOption:
    option_ident: str
    body: OptionBody


@shape
class OneOption:
    option_ident: str


@dataclass(frozen=True, slots=True)
class ListOptions:
    query: ListQuery


@operation("plan_option.create", permission="catalogue.write", refers=sites_referred(""))
def create_option(uow: Uow, command: CreateOption) -> OptionView:
    """A new option; FINAL ones may be linked and change only by versions."""
    body = command.body
    if problems := _findings(uow, body.type, content_of(body)):
        raise Refused(Kind.INVALID, *problems)
    ident = body.option_ident or str(uow.new_uuid())
    if options_by_ident(uow, [ident]):
        raise Refused(Kind.CONFLICT, Problem("plan_option_exists", f"An option {ident!r} exists already.", "optionIdent", ident))
    now = uow.ctx.now()
    row = {"option_ident": ident, "option_id": uow.next_id(), "name": body.name, "type": body.type, "status": body.status}
    uow.insert(tables.plan_option, [{**row, "created_at": now, "last_modified_at": now}])
    _add_version(uow, ident, 1, None, content_of(body))
    uow.audit("plan_option", ident, {"created": body})
    return view_of(_found(uow, ident))


@operation("plan_option.update", permission="catalogue.write", refers=sites_referred(""))
def update_option(uow: Uow, command: UpdateOption) -> OptionView:
    """DRAFT: replaced, and made FINAL if the body says so. FINAL: a new version, used from the next period on or after
    `validFrom` (default: tomorrow); rated usages that are FINAL stay as they are."""
    ident, body = command.option_ident, command.body
    uow.lock("plan_option", [ident])
    option = _found(uow, ident)
    if problems := _why_not_updatable(uow, option, body):
        raise Refused(Kind.INVALID, *problems)
    content = content_of(body)
    if option.status == "FINAL" and _says_nothing_new(option, content, body.valid_from):
        return view_of(option)
    if option.status == "DRAFT":
        uow.run("DELETE FROM plan_option_version WHERE option_ident = %s", (ident,))
        _add_version(uow, ident, 1, None, content)
    else:
        _add_version(uow, ident, len(option.versions) + 1, body.valid_from or uow.ctx.today() + dt.timedelta(days=1), content)
    status = body.status if option.status == "DRAFT" else "FINAL"
    uow.run(
        "UPDATE plan_option SET name = %s, status = %s, last_modified_at = %s WHERE option_ident = %s",
        (body.name, status, uow.ctx.now(), ident),
    )
    uow.audit("plan_option", ident, {"before": option.versions[-1], "after": body})
    return view_of(_found(uow, ident))


@operation("plan_option.delete", permission="catalogue.write")
def delete_option(uow: Uow, command: OneOption) -> None:
    """Only a DRAFT that no plan names."""
    option = _found(uow, command.option_ident)
    if option.status != "DRAFT":
        raise Refused(
            Kind.CONFLICT, Problem("plan_option_final", "A FINAL option is not deleted.", "optionIdent", option.option_ident)
        )
    # the foreign key of plan_option_link keeps one that a plan names
    uow.run("DELETE FROM plan_option WHERE option_ident = %s", (option.option_ident,))
    uow.audit("plan_option", option.option_ident, {"deleted": option})


@operation("plan_option.get", permission="catalogue.read", reads=True)
def get_option(uow: Uow, command: OneOption) -> OptionView:
    """One option with its versions."""
    return view_of(_found(uow, command.option_ident))


@operation("plan_option.list", permission="catalogue.read", reads=True)
def list_options(uow: Uow, command: ListOptions) -> Page:
    """The options of the catalogue."""

    def read(idents: list[str]) -> dict[str, OptionView]:
        return {ident: view_of(option) for ident, option in options_by_ident(uow, idents).items()}

    return listed_by_key(uow, tables.plan_option, command.query, OPTIONS, "option_ident", read)


# helpers in calling order


def content_of(body: OptionBody) -> OptionContent:
    return _agreed(body.type, OptionContent(**{name: getattr(body, name) for name in _CONTENT}))


def _agreed(kind: OptionType, content: OptionContent) -> OptionContent:
    """What a partner earns is what it supplies: of commissions we issue the invoice, whatever is said."""
    return replace(content, invoicing_agreement_type="SELF_BILLING") if kind == "COMMISSION" else content


_CONTENT = tuple(OptionContent.__dataclass_fields__)


def _add_version(uow: Uow, ident: str, number: int, valid_from: dt.date | None, content: OptionContent) -> None:
    row = {"option_ident": ident, "number": number, "valid_from": valid_from, "content": content}
    uow.insert(tables.plan_option_version, [row])


def _found(uow: Uow, ident: str) -> Option:
    found = options_by_ident(uow, [ident]).get(ident)
    if found is None:
        raise not_found("plan_option", ident)
    return found


def _says_nothing_new(option: Option, content: OptionContent, day: dt.date | None) -> bool:
    """Whether the option is so already: as it was answered; where a day is named, then."""
    return content == (option.versions[-1] if day is None else version_at(option, day)).content


def _findings(uow: Uow, kind: OptionType, content: OptionContent) -> list[Problem]:
    problems = option_findings(kind, content) + site_findings(uow, prices_of(content))
    code = content.measurement
    if code is not None and (found := measurements_by_code(uow, [code]).get(code)) is None:
        problems.append(Problem("measurement_unknown", "does not exist", "measurement", code))
    elif code is not None and found is not None and found.kind != "METERED":
        problems.append(Problem("measurement_not_metered", "counts no events: it is of an ordered quantity", "measurement", code))
    return problems


def _why_not_updatable(uow: Uow, option: Option, body: OptionBody) -> list[Problem]:
    problems = _findings(uow, option.type, content_of(body))
    if body.type != option.type:
        problems.append(Problem("field_immutable", "The type of an option cannot be changed.", "type", body.type))
    if option.status == "FINAL" and body.measurement != option.versions[-1].content.measurement:
        message = "cannot be changed: what was counted would be counted otherwise"
        problems.append(Problem("field_immutable", message, "measurement", body.measurement))
    if body.option_ident not in (None, option.option_ident):
        problems.append(Problem("field_immutable", "The ident cannot be changed.", "optionIdent", body.option_ident))
    if option.status == "FINAL":
        if option.type == "RATED_USAGE" and not _says_nothing_new(option, content_of(body), body.valid_from):
            problems.append(Problem("plan_option_final", "A FINAL option of rated usages is not changed.", "status"))
        if body.valid_from is not None and body.valid_from <= uow.ctx.today():
            message = f"is not after today ({uow.ctx.today()}): periods that began keep their price"
            problems.append(Problem("valid_from_past", message, "validFrom", body.valid_from))
    elif body.valid_from is not None:
        message = "A DRAFT is changed at once; only a FINAL option has versions."
        problems.append(Problem("valid_from_not_expected", message, "validFrom", body.valid_from))
    return problems


def view_of(option: Option) -> OptionView:
    latest = _agreed(option.type, option.versions[-1].content)
    return OptionView(
        option_id=option.option_id,
        option_ident=option.option_ident,
        type=option.type,
        status=option.status,
        versions=tuple([replace(version, content=_agreed(option.type, version.content)) for version in option.versions]),
        **{name: getattr(latest, name) for name in _CONTENT},
    )
