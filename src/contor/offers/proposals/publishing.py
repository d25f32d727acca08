"""An offer goes out: at once, or when enough of those agree who are named. What goes out never changes."""

from decimal import Decimal
from hashlib import sha256
from typing import NamedTuple

from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Text255, shape
from contor.offers.proposals import tables
from contor.offers.proposals.content import publish_findings, version_content
from contor.offers.proposals.events import RecipientsInvited
from contor.offers.proposals.placing import PreviewProposal, preview_proposal
from contor.offers.proposals.queries import ProposalRow, approvals_of, note, proposal_named, recipients_of
from contor.offers.proposals.types import ProposalView, ShownCosts
from contor.offers.proposals.writing import OneProposal, proposal_view, require_status, write_proposal
from contor.runtime.db import ENCODER
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow


class _Seen(NamedTuple):
    """The costs, and the content of which they are."""

    content: str
    costs: ShownCosts


@shape
class ApprovalBody:
    reason: Text255 | None = None


@shape
class DecideProposal:
    proposal_ident: str
    body: ApprovalBody = ApprovalBody()


def ask_costs(runtime: Runtime, command: OneProposal, caller: Caller) -> _Seen | None:
    """What it comes to, by doing and undoing it; of one that cannot go out nothing is tried."""
    with runtime.transaction(caller, reads=True) as uow:
        row = proposal_named(uow, command.proposal_ident)
    if row.status != "DRAFT":
        return None
    return _Seen(row.content, runtime.execute(preview_proposal, PreviewProposal(proposal_ident=command.proposal_ident), caller))


@operation("proposal.publish", permission="documents.write", asks=ask_costs)
def publish_proposal(uow: Uow, command: OneProposal) -> ProposalView:
    """Let it go out, or hear everything why not. Where approvers are named, they are asked first."""
    row = proposal_named(uow, command.proposal_ident, lock=True)
    require_status(row, ("DRAFT",), "published")
    body = row.said()
    if problems := publish_findings(uow, row, body):
        raise Refused(Kind.INVALID, *problems)
    seen = uow.brought
    if not isinstance(seen, _Seen) or seen.content != row.content:
        raise Refused(
            Kind.CONFLICT, Problem("offer_changed_meanwhile", "Somebody changed it at the same moment: look at it again.")
        )
    content = ENCODER.encode(version_content(uow, row, body, seen.costs)).decode()
    version = {
        "proposal_id": row.id,
        "version": row.version,
        "content": content,
        "sha256": sha256(content.encode()).hexdigest(),
        "created_at": uow.ctx.now(),
    }
    if not uow.insert_once(tables.proposal_version, version):  # it was rejected by an approver, and is asked for again as it is
        write_proposal(uow, row, version=row.version + 1)
        row = proposal_named(uow, row.ident)
        uow.insert(tables.proposal_version, [{**version, "version": row.version}])
    costs = seen.costs
    values = {
        "net": sum((one.net for one in costs.now), Decimal(0)),
        "gross": sum((one.gross for one in costs.now), Decimal(0)),
        "recurring_net": costs.following[-1].net if costs.following else None,
        "recurring_gross": costs.following[-1].gross if costs.following else None,
    }
    if body.approvers:
        write_proposal(uow, row, status="APPROVAL", **values)
        note(uow, row.id, "APPROVAL_REQUESTED", row.version, ", ".join(body.approvers)[:1000])
    else:
        write_proposal(uow, row, **values)
        _release(uow, row)
    return proposal_view(uow, row.ident)


@operation("proposal.approve", permission="documents.write")
def approve_proposal(uow: Uow, command: DecideProposal) -> ProposalView:
    """One who is named agrees. With the last one that it takes it goes out."""
    row = _decided(uow, command, "APPROVED")
    body = row.said()
    agreed = {
        one.approver for one in approvals_of(uow, [row.id])[row.id] if one.version == row.version and one.decision == "APPROVED"
    }
    if len(agreed) >= (body.quorum or len(body.approvers)):
        _release(uow, row)
    return proposal_view(uow, row.ident)


@operation("proposal.reject_approval", permission="documents.write")
def reject_approval(uow: Uow, command: DecideProposal) -> ProposalView:
    """One who is named does not agree: it goes back to who wrote it."""
    row = _decided(uow, command, "REJECTED")
    write_proposal(uow, row, status="DRAFT", reason=command.body.reason)
    return proposal_view(uow, row.ident)


# helpers in calling order


def _decided(uow: Uow, command: DecideProposal, decision: str) -> ProposalRow:
    row = proposal_named(uow, command.proposal_ident, lock=True)
    require_status(row, ("APPROVAL",), "decided on")
    if uow.ctx.actor not in row.said().approvers:
        message = f"Only who is named decides: {', '.join(row.said().approvers)}."
        raise Refused(Kind.FORBIDDEN, Problem("approver_not_named", message))
    said = {
        "proposal_id": row.id,
        "version": row.version,
        "approver": uow.ctx.actor,
        "decision": decision,
        "reason": command.body.reason,
        "decided_at": uow.ctx.now(),
    }
    if not uow.insert_once(tables.proposal_approval, said):
        raise Refused(Kind.CONFLICT, Problem("approval_given", "You have decided on this version already."))
    note(uow, row.id, decision, row.version, command.body.reason)
    uow.audit("proposal", row.ident, {"approval": decision})
    return row


def _release(uow: Uow, row: ProposalRow) -> None:
    """It is out: those get the link who are to be invited."""
    write_proposal(uow, row, status="OPEN", published_version=row.version, reason=None)
    note(uow, row.id, "PUBLISHED", row.version)
    invited = tuple(one.id for one in recipients_of(uow, [row.id]) if one.invite)
    if invited:
        uow.emit(RecipientsInvited(recipient_ids=invited))
