"""Write recurring documents: begun, changed, given up. What was made of them stays."""

import datetime as dt

from contor.documents.recurring import tables
from contor.documents.recurring.named import unknown_names
from contor.documents.recurring.queries import Recurring, recurring_named, shown
from contor.documents.recurring.rhythm import first_after
from contor.documents.recurring.types import (
    OWN,
    RecurringDocumentCreation,
    RecurringDocumentUpdate,
    RecurringDocumentView,
    given_findings,
    searched,
)
from contor.documents.recurring.work import RECURRING_DOCUMENTS
from contor.kernel.context import add_months
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.partial import Content, patched, said
from contor.kernel.shapes import Ident, shape
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings

_KEPT = ("start_date", "frequency", "occurrences", "output", "mail", "item_service_period")


@shape
class CreateRecurringDocument:
    body: RecurringDocumentCreation
    recurring_id: int | None = None
    """A number that was drawn for it before, by whom names its rows by it; no route says one."""


@shape
class ChangeRecurringDocument:
    recurring_document_ident: str
    body: RecurringDocumentUpdate
    version: int | None = None
    """The version that is changed, where the body does not name it."""


@shape
class RecurringDocumentVersion:
    recurring_document_ident: Ident
    version: int | None = None
    """The version that is meant; without it, the newest."""


@operation("recurring_document.create", permission="documents.write")
def create_recurring(uow: Uow, command: CreateRecurringDocument) -> RecurringDocumentView:
    """Have a document made every interval. Days that have passed by then are made up for, one document each."""
    body = command.body
    ident = body.recurring_document_ident or str(uow.new_uuid())
    content = patched({}, said(body, *OWN))
    row = Recurring(
        ident=ident,
        id=command.recurring_id or uow.next_id(),
        document_type=body.type.value,
        version=1,
        **{name: getattr(body, name) for name in _KEPT},
        content=content,
        status="ACTIVE",
        made=0,
        place=0,
        last_on=None,
        next_on=body.start_date,
        reasons=(),
        created_at=uow.ctx.now(),
        last_modified_at=uow.ctx.now(),
    )
    _refuse([*given_findings(content), *_start_findings(uow, body.start_date), *unknown_names(uow, row)])
    if not uow.insert_once(tables.recurring_document, {**row._asdict(), **searched(content), "tried_at": None}):
        message = f"A recurring document {ident!r} exists already."
        raise Refused(Kind.CONFLICT, Problem("recurring_document_exists", message, "recurringDocumentIdent", ident))
    uow.audit("recurring_document", ident, {"created": row._asdict()})
    uow.mark(RECURRING_DOCUMENTS)
    return shown([recurring_named(uow, ident)])[0]


@operation("recurring_document.replace", permission="documents.write")
def replace_recurring(uow: Uow, command: ChangeRecurringDocument) -> RecurringDocumentView:
    """Write the whole content anew: what the body does not say is no longer said."""
    before = _to_change(uow, command)
    return _written(uow, before, command.body, patched({}, said(command.body, *OWN)))


@operation("recurring_document.change", permission="documents.write")
def change_recurring(uow: Uow, command: ChangeRecurringDocument) -> RecurringDocumentView:
    """Change what the body says and nothing else; null unsets, lists are replaced whole (RFC 7396)."""
    before = _to_change(uow, command)
    return _written(uow, before, command.body, patched(before.content, said(command.body, *OWN)))


@operation("recurring_document.delete", permission="documents.write")
def delete_recurring(uow: Uow, command: RecurringDocumentVersion) -> None:
    """Nothing is made of it any more."""
    row = recurring_named(uow, command.recurring_document_ident, lock=True)
    _require_version(row, command.version)
    uow.run("DELETE FROM recurring_document WHERE ident = %s", (row.ident,))
    uow.audit("recurring_document", row.ident, {"deleted": row._asdict()})


# helpers in calling order


def _start_findings(uow: Uow, start: dt.date) -> list[Problem]:
    months = tenant_settings(uow).backdating_limit_months
    oldest = add_months(uow.ctx.today(), -months)
    if start >= oldest:
        return []
    message = f"is before {oldest}: at most {months} months back are billed, which the tenant settings say"
    return [Problem("backdating_limit", message, "startDate", start)]


def _to_change(uow: Uow, command: ChangeRecurringDocument) -> Recurring:
    """It, locked and of the version named."""
    body = command.body
    named = body.version if command.version is None else command.version
    if body.version is not None and command.version not in (None, body.version):
        raise Refused(Kind.INVALID, Problem("version_ambiguous", "body and If-Match name different versions", "version", named))
    if named is None:
        raise Refused(Kind.INVALID, Problem("version_missing", "is required: the version that is changed", "version"))
    row = recurring_named(uow, command.recurring_document_ident, lock=True)
    _require_version(row, named)
    fixed = (("recurringDocumentIdent", body.recurring_document_ident, row.ident), ("type", body.type, row.type))
    _refuse(
        [
            Problem("field_immutable", "cannot be changed.", name, value)
            for name, value, known in fixed
            if value not in (None, known)
        ]
    )
    return row


def _require_version(row: Recurring, named: int | None) -> None:
    if named not in (None, row.version):
        message = f"Recurring document {row.ident} has version {row.version}; version {named} was named."
        raise Refused(Kind.OUTDATED, Problem("recurring_document_version_differs", message, "version", named))


def _written(uow: Uow, before: Recurring, body: RecurringDocumentUpdate, content: Content) -> RecurringDocumentView:
    own = {name: value for name in _KEPT if (value := getattr(body, name)) is not None}
    after = before._replace(**own, content=content, version=before.version + 1, last_modified_at=uow.ctx.now())
    findings = given_findings(content) + unknown_names(uow, after)
    if (after.start_date, after.frequency) != (before.start_date, before.frequency):
        findings += _start_findings(uow, after.start_date)
        after = after._replace(place=first_after(after.start_date, after.frequency, after.last_on))
    _refuse(findings)
    planned = after.planned_on
    after = after._replace(next_on=planned, status="FINISHED" if planned is None else "ACTIVE", reasons=())
    store(uow, after)
    changed = [name for name in Recurring._fields if getattr(before, name) != getattr(after, name)]
    uow.audit(
        "recurring_document",
        after.ident,
        {side: {name: getattr(row, name) for name in changed} for side, row in (("before", before), ("after", after))},
    )
    uow.mark(RECURRING_DOCUMENTS)
    return shown([after])[0]


def store(uow: Uow, row: Recurring, tried_at: dt.datetime | None = None) -> None:
    """What of it moves. `tried_at`: when its next one was refused."""
    uow.run(
        "UPDATE recurring_document SET version = %(version)s, start_date = %(start_date)s, frequency = %(frequency)s,"
        " occurrences = %(occurrences)s, output = %(output)s, mail = %(mail)s, item_service_period = %(item_service_period)s,"
        " content = %(content)s, billing_group_ident = %(billing_group_ident)s, customer_ident = %(customer_ident)s,"
        " currency = %(currency)s, status = %(status)s, made = %(made)s, place = %(place)s, last_on = %(last_on)s, next_on = %(next_on)s,"
        " reasons = %(reasons)s, tried_at = %(tried_at)s, last_modified_at = %(last_modified_at)s WHERE ident = %(ident)s",
        {
            **row._asdict(),
            **searched(row.content),
            "content": ENCODER.encode(row.content).decode(),
            "reasons": ENCODER.encode(row.reasons).decode(),
            "tried_at": tried_at,
        },
    )


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Refused(Kind.INVALID, *problems)
