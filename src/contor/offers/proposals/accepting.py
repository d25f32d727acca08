"""An offer is signed: by a click, by a signature, or by hand on paper; once. What was offered comes into being in the same transaction."""

import base64
import binascii
from typing import Annotated, Final

from pydantic import Field

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import Name255, Text255, shape
from contor.offers.proposals import tables
from contor.offers.proposals.placing import orderer_of
from contor.offers.proposals.queries import (
    ProposalRow,
    VersionRow,
    acceptances_of,
    note,
    proposal_named,
    proposals_by_id,
    published,
    recipients_by_id,
    require_valid,
)
from contor.offers.proposals.settling import settle
from contor.offers.proposals.types import AcceptanceView, Given, ProposalView
from contor.offers.proposals.writing import proposal_view, require_status, write_proposal
from contor.runtime.uow import Uow, not_found

MOST_BYTES: Final = 10 * 1024 * 1024
_PNG: Final = b"\x89PNG\r\n\x1a\n"


@shape
class AcceptBody:
    """What somebody says who signs."""

    name: Name255
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    """Of what he was shown: another version is not signed by it."""
    signature: Annotated[str, Field(max_length=400_000)] | None = None
    """A picture of it (PNG, base64), where the offer asks for one."""


@shape
class AcceptProposal:
    recipient_id: int
    body: AcceptBody
    address: Annotated[str, Field(max_length=64)] | None = None
    """The network address that it came from."""


@shape
class RejectBody:
    reason: Text255 | None = None


@shape
class RejectProposal:
    recipient_id: int
    body: RejectBody = RejectBody()


@shape
class AcceptByHand:
    proposal_ident: str
    name: Name255
    file: FileContent | None = None
    """The signed paper, as PDF."""


@operation("proposal.accept", permission="contracts.write")
def accept_proposal(uow: Uow, command: AcceptProposal) -> AcceptanceView:
    """Sign what was shown. Who signs twice hears the first signature; of two at once one signs."""
    one = recipients_by_id(uow, [command.recipient_id]).get(command.recipient_id)
    if one is None:
        raise not_found("recipient", command.recipient_id)
    row = proposal_named(uow, proposals_by_id(uow, [one.proposal_id])[one.proposal_id].ident, lock=True)
    body, known = command.body, acceptances_of(uow, [row.id]).get(row.id)
    if known is not None and known.recipient_id == one.id and known.sha256 == body.sha256:
        return known
    if one.role != "SIGN":
        raise Refused(Kind.FORBIDDEN, Problem("recipient_reads", "You may read this offer, and not sign it."))
    version = _signable(uow, row)
    if version.sha256 != body.sha256:
        message = "The offer was changed since you have seen it: look at it again."
        raise Refused(Kind.CONFLICT, Problem("offer_changed_meanwhile", message))
    mode: Given = version.said().acceptance_mode
    file = _signature(uow, body.signature) if mode == "SIGNATURE" else None
    return _sign(uow, row, version, _said(mode, body.name, one.id, command.address, file))


@operation("proposal.accept_by_hand", permission="contracts.write")
def accept_by_hand(uow: Uow, command: AcceptByHand) -> ProposalView:
    """Say that the customer has signed on paper, which may be kept with it."""
    row = proposal_named(uow, command.proposal_ident, lock=True)
    version = _signable(uow, row)
    file = None
    if command.file is not None:
        content = b"".join(command.file.pieces())
        if not content.startswith(b"%PDF-") or len(content) > MOST_BYTES:
            raise Refused(Kind.INVALID, Problem("file_not_pdf", "is no PDF of at most 10 MB", "file"))
        file = uow.runtime.blobs.put(uow.ctx.tenant_id, content)
    _sign(uow, row, version, _said("BY_HAND", command.name, None, None, file))
    return proposal_view(uow, row.ident)


@operation("proposal.reject", permission="documents.write")
def reject_proposal(uow: Uow, command: RejectProposal) -> None:
    """The recipient does not want it."""
    one = recipients_by_id(uow, [command.recipient_id]).get(command.recipient_id)
    if one is None:
        raise not_found("recipient", command.recipient_id)
    row = proposal_named(uow, proposals_by_id(uow, [one.proposal_id])[one.proposal_id].ident, lock=True)
    if one.role != "SIGN":
        raise Refused(Kind.FORBIDDEN, Problem("recipient_reads", "You may read this offer, and not decide on it."))
    if row.status == "REJECTED":
        return
    require_valid(uow, row)
    require_status(row, ("OPEN",), "rejected")
    write_proposal(uow, row, status="REJECTED", reason=command.body.reason)
    note(uow, row.id, "REJECTED", row.published_version, command.body.reason or one.email)


# helpers in calling order


def _signable(uow: Uow, row: ProposalRow) -> VersionRow:
    """What can be signed now. Raises GONE after its last day, CONFLICT where it is not out."""
    require_valid(uow, row)
    require_status(row, ("OPEN",), "signed")
    return published(uow, row)


def _said(mode: Given, name: str, recipient: int | None, address: str | None, file: str | None) -> dict[str, object]:
    return {"mode": mode, "name": name, "recipient_id": recipient, "address": address, "file_sha256": file}


def _signature(uow: Uow, text: str | None) -> str:
    try:
        content = base64.b64decode((text or "").partition("base64,")[2] or (text or ""), validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if not content.startswith(_PNG):
        raise Refused(Kind.INVALID, Problem("signature_missing", "is required: a picture of it as PNG in base64", "signature"))
    return uow.runtime.blobs.put(uow.ctx.tenant_id, content)


def _sign(uow: Uow, row: ProposalRow, version: VersionRow, said: dict[str, object]) -> AcceptanceView:
    """The signature and what comes of it: both or neither. Nothing comes of it yet as long as nobody knows where the bill goes."""
    signed = {"version": version.version, "sha256": version.sha256, **said, "accepted_at": uow.ctx.now()}
    if not uow.insert_once(tables.proposal_acceptance, {"proposal_id": row.id, **signed}):
        raise Refused(Kind.CONFLICT, Problem("offer_signed", f"The offer {row.number} was signed by somebody else."))
    orderer = orderer_of(uow, row.said().customer_ident)
    if orderer is None or version.said().provisional:  # who was shown a provisional tax sees the true one before he orders
        write_proposal(uow, row, status="AWAITING_DETAILS")
        note(uow, row.id, "AWAITING_DETAILS", version.version, str(said["name"]))
    else:
        settle(uow, row, orderer)
    return acceptances_of(uow, [row.id])[row.id]
