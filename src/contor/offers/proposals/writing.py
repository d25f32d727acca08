"""Offers are written, changed as long as nobody has signed, looked at, and put away."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, replace, shape
from contor.offers.configuration import configuration_of, next_number
from contor.offers.proposals import tables
from contor.offers.proposals.content import body_findings
from contor.offers.proposals.events import ProposalsChanged
from contor.offers.proposals.queries import (
    ProposalRow,
    acceptances_of,
    activities_of,
    approvals_of,
    note,
    proposal_named,
    proposals_by_ident,
    recipients_of,
    version_of,
)
from contor.offers.proposals.templates import TEMPLATES
from contor.offers.proposals.types import EDITABLE, Activity, ProposalBody, ProposalView, Status, TemplateContent
from contor.runtime.db import ENCODER
from contor.runtime.execute import validated
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed_by_key
from contor.runtime.uow import Uow


@shape
class CreateProposal:
    body: ProposalBody
    template_ident: Ident | None = None
    """Whose blocks it has, where the body says none."""


@shape
class ChangeProposal:
    proposal_ident: str
    body: ProposalBody


@shape
class OneProposal:
    proposal_ident: str


@shape
class ListProposals:
    query: ListQuery


LISTED: Final = searchable(
    tables.proposal,
    ProposalView,
    ("id", "number", "title", "status", "customer_ident", "valid_until", "created_at", "last_modified_at"),
    default_sort="created_at,desc",
    places={"proposal_ident": "ident", "proposal_id": "id"},
)


@operation("proposal.create", permission="documents.write")
def create_proposal(uow: Uow, command: CreateProposal) -> ProposalView:
    """Write an offer; nothing goes out yet."""
    body = command.body if command.template_ident is None else _of_template(uow, command.body, command.template_ident)
    _refuse(body_findings(uow, body))
    ident, number, now = str(uow.new_uuid()), uow.next_id(), uow.ctx.now()
    row = {
        "ident": ident,
        "id": number,
        "number": next_number(uow, configuration_of(uow), uow.ctx.today()),
        "title": body.title,
        "status": "DRAFT",
        "customer_ident": body.customer_ident,
        "content": body,
        "version": 1,
        "valid_until": body.valid_until,
        "created_at": now,
        "last_modified_at": now,
    }
    uow.insert(tables.proposal, [row])
    note(uow, number, "CREATED", 1)
    uow.audit("proposal", ident, {"created": body})
    uow.emit(ProposalsChanged(proposal_ids=(number,)))
    return proposal_view(uow, ident)


@operation("proposal.change", permission="documents.write")
def change_proposal(uow: Uow, command: ChangeProposal) -> ProposalView:
    """Say it anew, as long as nobody has signed. What went out before stays as it was, and is signed no more: the new version goes out
    first."""
    row = proposal_named(uow, command.proposal_ident, lock=True)
    require_status(row, EDITABLE, "changed")
    body = command.body
    _refuse(body_findings(uow, body))
    version = row.version + 1 if version_of(uow, row.id, row.version) is not None else row.version
    write_proposal(
        uow,
        row,
        title=body.title,
        status="DRAFT",
        customer_ident=body.customer_ident,
        content=body,
        version=version,
        valid_until=body.valid_until,
        reason=None,
    )
    note(uow, row.id, "CHANGED", version)
    return proposal_view(uow, row.ident)


@operation("proposal.get", permission="documents.read", reads=True)
def get_proposal(uow: Uow, command: OneProposal) -> ProposalView:
    """One offer, and what has become of it."""
    return proposal_view(uow, command.proposal_ident)


@operation("proposal.list", permission="documents.read", reads=True)
def list_proposals(uow: Uow, command: ListProposals) -> Page:
    """The latest first."""
    return listed_by_key(uow, tables.proposal, command.query, LISTED, "ident", lambda idents: proposal_views(uow, idents))


@operation("proposal.activities", permission="documents.read", reads=True)
def get_activities(uow: Uow, command: OneProposal) -> tuple[Activity, ...]:
    """Everything that has happened to it, from its first word on."""
    return activities_of(uow, proposal_named(uow, command.proposal_ident).id)


@operation("proposal.archive", permission="documents.write")
def archive_proposal(uow: Uow, command: OneProposal) -> ProposalView:
    """Put it away: nobody signs it any more. What came of a signature stays."""
    row = proposal_named(uow, command.proposal_ident, lock=True)
    if row.status != "ARCHIVED":
        write_proposal(uow, row, status="ARCHIVED")
        note(uow, row.id, "ARCHIVED")
    return proposal_view(uow, row.ident)


def require_status(row: ProposalRow, wanted: Collection[str], done: str) -> None:
    """Raises CONFLICT."""
    if row.status not in wanted:
        message = f"The offer {row.number} is {row.status}: it cannot be {done}."
        raise Refused(Kind.CONFLICT, Problem("offer_status", message))


def write_proposal(uow: Uow, row: ProposalRow, **values: object) -> None:
    """The columns that change."""
    values = {**values, "last_modified_at": uow.ctx.now()}
    stored = {name: ENCODER.encode(value).decode() if name == "content" else value for name, value in values.items()}
    names = ", ".join(f"{name} = %({name})s" for name in stored)
    uow.run(f"UPDATE proposal SET {names} WHERE ident = %(ident)s", {**stored, "ident": row.ident})
    uow.audit("proposal", row.ident, {"after": {name: value for name, value in values.items() if name != "last_modified_at"}})
    uow.emit(ProposalsChanged(proposal_ids=(row.id,)))


def proposal_view(uow: Uow, ident: str) -> ProposalView:
    """Raises NOT_FOUND."""
    return _views(uow, [proposal_named(uow, ident)])[ident]


def proposal_views(uow: Uow, idents: Sequence[str]) -> Mapping[str, ProposalView]:
    return _views(uow, list(proposals_by_ident(uow, idents).values()))


# helpers in calling order


def _views(uow: Uow, rows: Sequence[ProposalRow]) -> dict[str, ProposalView]:
    ids, today = [row.id for row in rows], uow.ctx.today()
    recipients, approvals, accepted = recipients_of(uow, ids), approvals_of(uow, ids), acceptances_of(uow, ids)
    made = {}
    for row in rows:
        body = row.said()
        out = version_of(uow, row.id, row.published_version) if row.published_version is not None else None
        status: Status = row.status
        made[row.ident] = ProposalView(
            **{name: getattr(body, name) for name in ProposalBody.__dataclass_fields__},
            proposal_ident=row.ident,
            proposal_id=row.id,
            number=row.number,
            status=status,
            expired=row.is_over(today),
            version=row.version,
            published_version=row.published_version,
            sha256=out.sha256 if out is not None else None,
            net=row.net,
            gross=row.gross,
            recurring_net=row.recurring_net,
            recurring_gross=row.recurring_gross,
            recipients=tuple(one.view for one in recipients if one.proposal_id == row.id),
            approvals=tuple(approvals.get(row.id, ())),
            acceptance=accepted.get(row.id),
            reason=row.reason,
            contract_ident=row.contract_ident,
            order_ident=row.order_ident,
            draft_ident=row.draft_ident,
            created_at=row.created_at,
            last_modified_at=row.last_modified_at,
        )
    return made


def _of_template(uow: Uow, body: ProposalBody, ident: str) -> ProposalBody:
    """What the body does not say is the template's."""
    found = TEMPLATES.find(uow, (ident,))
    if found is None:
        raise Refused(Kind.INVALID, Problem("proposal_template_unknown", "does not exist", "templateIdent", ident))
    said: TemplateContent = validated(TemplateContent, found["content"])
    if not body.blocks and said.currency != body.currency:
        raise Refused(Kind.INVALID, Problem("currency_differs", f"The template is in {said.currency}.", "currency", body.currency))
    keys = {one.key for one in body.variables}
    variables = (*(one for one in said.variables if one.key not in keys), *body.variables)
    until = body.valid_until
    if until is None and said.valid_days is not None:
        until = uow.ctx.today() + dt.timedelta(days=said.valid_days)
    return replace(body, blocks=body.blocks or said.blocks, variables=variables, valid_until=until)


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise Refused(Kind.INVALID, *problems)
