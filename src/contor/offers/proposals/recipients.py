"""Who gets an offer: each by a link of his own, which nobody can guess."""

import datetime as dt
from typing import Final

from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.offers.proposals import tables
from contor.offers.proposals.events import RecipientsInvited
from contor.offers.proposals.queries import (
    RecipientRow,
    acceptances_of,
    note,
    proposal_named,
    proposals_by_id,
    published,
    recipients_by_id,
    recipients_of,
    require_valid,
)
from contor.offers.proposals.types import AcceptanceView, RecipientBody, RecipientView, Role, Status, VersionContent
from contor.runtime.secrets import Linked, Secrets
from contor.runtime.uow import Uow, not_found

PATH: Final = "/offers"
KIND: Final = "proposal"
DAYS: Final = 90
"""So long a link holds from the day on which it was mailed or looked up, signed or not; never less than the offer itself."""
MOST: Final = 50


@shape
class AddRecipient:
    proposal_ident: str
    body: RecipientBody


@shape
class RecipientOf:
    recipient_id: int


@shape
class PublicOffer:
    """What a recipient sees."""

    proposal_ident: str
    number: str
    status: Status
    role: Role
    email: str
    name: str
    is_known: bool
    """Whether there is a customer already."""
    content: VersionContent
    version: int
    sha256: str
    acceptance: AcceptanceView | None


@operation("proposal.add_recipient", permission="documents.write")
def add_recipient(uow: Uow, command: AddRecipient) -> RecipientView:
    """Name somebody; who may sign is asked to, who may read can look at it."""
    row, body = proposal_named(uow, command.proposal_ident, lock=True), command.body
    known = recipients_of(uow, [row.id])
    if any(one.email.lower() == body.email.lower() for one in known):
        raise Refused(Kind.CONFLICT, Problem("recipient_exists", "gets this offer already", "email", body.email))
    if len(known) >= MOST:
        raise Refused(Kind.INVALID, Problem("recipients_too_many", f"An offer has at most {MOST} recipients.", "email"))
    made = RecipientRow(
        id=uow.next_id(),
        proposal_id=row.id,
        email=body.email,
        first_name=body.first_name,
        last_name=body.last_name,
        role=body.role,
        invite=body.invite,
        seen_at=None,
        created_at=uow.ctx.now(),
    )
    uow.insert(tables.proposal_recipient, [made._asdict()])
    note(uow, row.id, "RECIPIENT_ADDED", None, f"{body.email} ({body.role})")
    uow.audit("proposal", row.ident, {"recipient": body.email, "role": body.role})
    if body.invite and row.status == "OPEN":
        uow.emit(RecipientsInvited(recipient_ids=(made.id,)))
    return made.view


@operation("proposal.remove_recipient", permission="documents.write")
def remove_recipient(uow: Uow, command: RecipientOf) -> None:
    """His link leads nowhere any more; who has signed stays."""
    one = recipients_by_id(uow, [command.recipient_id]).get(command.recipient_id)
    if one is None:
        raise not_found("recipient", command.recipient_id)
    row = proposals_by_id(uow, [one.proposal_id])[one.proposal_id]
    signed = acceptances_of(uow, [row.id]).get(row.id)
    if signed is not None and signed.recipient_id == one.id:
        raise Refused(Kind.CONFLICT, Problem("recipient_signed", f"{one.email} has signed the offer {row.number}."))
    uow.run("DELETE FROM proposal_recipient WHERE id = %s", (one.id,))
    note(uow, row.id, "RECIPIENT_REMOVED", None, one.email)
    uow.audit("proposal", row.ident, {"recipient_removed": one.email})


@operation("proposal.open", permission="documents.write")
def open_proposal(uow: Uow, command: RecipientOf) -> PublicOffer:
    """What the holder of a link sees; that he has seen it is kept. Raises GONE after its last day, NOT_READY while it is being written."""
    one = recipients_by_id(uow, [command.recipient_id]).get(command.recipient_id)
    if one is None:
        raise not_found("recipient", command.recipient_id)
    row = proposals_by_id(uow, [one.proposal_id])[one.proposal_id]
    require_valid(uow, row)
    if row.status == "ARCHIVED":
        raise Refused(Kind.GONE, Problem("offer_archived", f"The offer {row.number} was taken back."))
    version = published(uow, row)
    if one.seen_at is None:
        uow.run("UPDATE proposal_recipient SET seen_at = %s WHERE id = %s AND seen_at IS NULL", (uow.ctx.now(), one.id))
        note(uow, row.id, "SEEN", version.version, one.email)
        uow.audit("proposal", row.ident, {"seen_by": one.email})
    return PublicOffer(
        proposal_ident=row.ident,
        number=row.number,
        status=row.status,
        role=one.role,
        email=one.email,
        name=one.name,
        is_known=row.said().customer_ident is not None,
        content=version.said(),
        version=version.version,
        sha256=version.sha256,
        acceptance=acceptances_of(uow, [row.id]).get(row.id),
    )


def address_of(uow: Uow, recipient_id: int, valid_until: dt.date | None) -> str:
    """Where a recipient reads the offer that holds until then; asked for again, it lives anew."""
    last = uow.runtime.clock().date() + dt.timedelta(days=DAYS)
    if valid_until is not None:
        last = max(last, min(valid_until, dt.date.max - dt.timedelta(days=1)) + dt.timedelta(days=1))  # of whatever time zone
    token = uow.runtime.secrets.link_token(Linked(uow.ctx.tenant_id, KIND, recipient_id), last)
    return f"{uow.runtime.config.base_url.rstrip('/')}{PATH}?token={token}"


def opened(secrets: Secrets, token: str, now: dt.datetime) -> Linked:
    """Raises UNAUTHENTICATED where nobody made this link, GONE where its days are over."""
    try:
        return secrets.linked(token, (KIND,), now)
    except Refused as refused:
        if any(one.code == "link_expired" for one in refused.problems):
            raise Refused(Kind.GONE, *refused.problems) from None
        raise


def tenant_of(secrets: Secrets, token: str) -> int:
    """Whose link it is, however old. Raises UNAUTHENTICATED where nobody made it."""
    return secrets.linked(token, (KIND,), dt.datetime.min.replace(tzinfo=dt.UTC)).tenant_id


def reader(tenant_id: int, request_id: str) -> Caller:
    """Who holds a link: what he signs makes contracts, orders or drafts."""
    rights = frozenset({"documents.read", "documents.write", "contracts.read", "contracts.write"})
    return Caller("link", request_id, tenant_id, permissions=rights)
