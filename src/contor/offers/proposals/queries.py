"""Offers as they are stored: listed, read, or locked for who changes or signs them; and what has happened to them."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Final, NamedTuple

import msgspec

from contor.kernel.errors import Kind, Problem, Refused
from contor.offers.proposals import tables
from contor.offers.proposals.types import (
    AcceptanceView,
    Activity,
    ApprovalView,
    ProposalBody,
    RecipientView,
    Role,
    Status,
    VersionContent,
)
from contor.runtime.query.numbered import Numbered
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

PROPOSALS: Final = Numbered("proposal", tables.proposal)
OUT: Final = ("OPEN", "AWAITING_DETAILS", "SIGNED", "REJECTED", "ARCHIVED")
_BODY: Final = msgspec.json.Decoder(ProposalBody).decode
_VERSION: Final = msgspec.json.Decoder(VersionContent).decode


class ProposalRow(NamedTuple):
    """A row, its content as JSON text."""

    ident: str
    id: int
    number: str
    status: Status
    content: str
    version: int
    published_version: int | None
    valid_until: dt.date | None
    net: Decimal | None
    gross: Decimal | None
    recurring_net: Decimal | None
    recurring_gross: Decimal | None
    reason: str | None
    contract_ident: str | None
    order_ident: str | None
    draft_ident: str | None
    created_at: dt.datetime
    last_modified_at: dt.datetime

    def said(self) -> ProposalBody:
        return _BODY(self.content)

    def is_over(self, today: dt.date) -> bool:
        """Whether its last day is over; what was signed stays so."""
        return (
            self.valid_until is not None
            and today > self.valid_until
            and self.status not in ("AWAITING_DETAILS", "SIGNED", "ARCHIVED")
        )


class VersionRow(NamedTuple):
    version: int
    content: str
    sha256: str

    def said(self) -> VersionContent:
        return _VERSION(self.content)


class RecipientRow(NamedTuple):
    id: int
    proposal_id: int
    email: str
    first_name: str | None
    last_name: str | None
    role: Role
    invite: bool
    seen_at: dt.datetime | None
    created_at: dt.datetime

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.first_name, self.last_name)))

    @property
    def view(self) -> RecipientView:
        values = self._asdict()
        del values["proposal_id"]
        return RecipientView(recipient_id=values.pop("id"), **values)


_NAMES = ", ".join(f'"{name}"' if name != "content" else "content::text AS content" for name in ProposalRow._fields)
_SELECT: Final = f"SELECT {_NAMES} FROM proposal"
_RECIPIENTS: Final = f"SELECT {columns(RecipientRow)} FROM proposal_recipient"


def proposals_by_ident(uow: Uow, idents: Collection[str]) -> dict[str, ProposalRow]:
    return {row.ident: row for row in uow.all(ProposalRow, f"{_SELECT} WHERE ident = ANY (%s)", (sorted(idents),))}


def proposals_by_id(uow: Uow, ids: Collection[int]) -> dict[int, ProposalRow]:
    return {row.id: row for row in uow.all(ProposalRow, f"{_SELECT} WHERE id = ANY (%s)", (sorted(ids),))}


def proposal_named(uow: Uow, ident: str, *, lock: bool = False) -> ProposalRow:
    """Raises NOT_FOUND."""
    found = uow.first(ProposalRow, f"{_SELECT} WHERE ident = %s{' FOR UPDATE' if lock else ''}", (ident,))
    if found is None:
        raise not_found("offer", ident)
    return found


def require_valid(uow: Uow, row: ProposalRow) -> None:
    """Raises GONE where its last day is over."""
    if row.is_over(uow.ctx.today()):
        message = f"The offer {row.number} held until {row.valid_until}: ask for a new one."
        raise Refused(Kind.GONE, Problem("offer_expired", message))


def published(uow: Uow, row: ProposalRow) -> VersionRow:
    """What recipients see. Raises NOT_READY where it is not out, or is being changed."""
    if row.published_version is None or row.status not in OUT:
        raise Refused(Kind.NOT_READY, Problem("offer_not_out", f"The offer {row.number} is being written: look again later."))
    found = version_of(uow, row.id, row.published_version)
    assert found is not None
    return found


def version_of(uow: Uow, proposal_id: int, version: int) -> VersionRow | None:
    sql = f"SELECT {columns(VersionRow)} FROM proposal_version WHERE proposal_id = %s AND version = %s"
    return uow.first(VersionRow, sql, (proposal_id, version))


def recipients_of(uow: Uow, ids: Collection[int]) -> list[RecipientRow]:
    """Of these offers, in the order in which they were named."""
    return uow.all(RecipientRow, f"{_RECIPIENTS} WHERE proposal_id = ANY (%s) ORDER BY proposal_id, id", (sorted(ids),))


def recipients_by_id(uow: Uow, ids: Collection[int]) -> dict[int, RecipientRow]:
    return {row.id: row for row in uow.all(RecipientRow, f"{_RECIPIENTS} WHERE id = ANY (%s)", (sorted(ids),))}


class _Acceptance(NamedTuple):
    proposal_id: int
    version: int
    sha256: str
    mode: str
    name: str
    recipient_id: int | None
    address: str | None
    file_sha256: str | None
    accepted_at: dt.datetime


def acceptances_of(uow: Uow, ids: Collection[int]) -> dict[int, AcceptanceView]:
    sql = f"SELECT {columns(_Acceptance)} FROM proposal_acceptance WHERE proposal_id = ANY (%s)"
    found = {}
    for row in uow.all(_Acceptance, sql, (sorted(ids),)):
        values = row._asdict()
        number = values.pop("proposal_id")
        found[number] = AcceptanceView(**values)
    return found


class _Approval(NamedTuple):
    proposal_id: int
    version: int
    approver: str
    decision: str
    reason: str | None
    decided_at: dt.datetime


def approvals_of(uow: Uow, ids: Collection[int]) -> dict[int, list[ApprovalView]]:
    found: dict[int, list[ApprovalView]] = {}
    sql = f"SELECT {columns(_Approval)} FROM proposal_approval WHERE proposal_id = ANY (%s) ORDER BY decided_at, approver"
    for row in uow.all(_Approval, sql, (sorted(ids),)):
        values = row._asdict()
        number = values.pop("proposal_id")
        found.setdefault(number, []).append(ApprovalView(**values))
    return found


class _Activity(NamedTuple):
    id: int
    kind: str
    actor: str
    version: int | None
    detail: str | None
    at: dt.datetime


def activities_of(uow: Uow, proposal_id: int) -> tuple[Activity, ...]:
    """What has happened, the first thing first; that it was written always is one."""
    sql = f"SELECT {columns(_Activity)} FROM proposal_activity WHERE proposal_id = %s ORDER BY id"
    rows = uow.all(_Activity, sql, (proposal_id,))
    return tuple(Activity(activity_id=row.id, **{n: v for n, v in row._asdict().items() if n != "id"}) for row in rows)


def note(uow: Uow, row_id: int, kind: str, version: int | None = None, detail: str | None = None) -> None:
    """Add to what has happened."""
    said = {"kind": kind, "actor": uow.ctx.actor, "version": version, "detail": detail, "at": uow.ctx.now()}
    uow.insert(tables.proposal_activity, [{"id": uow.next_id(), "proposal_id": row_id, **said}])
