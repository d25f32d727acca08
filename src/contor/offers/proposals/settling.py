"""What was signed comes into being, for who is billed: at once where that is known, else when he has said it; once."""

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import replace
from contor.offers.proposals.placing import Orderer, orderer_of, place
from contor.offers.proposals.queries import (
    ProposalRow,
    VersionRow,
    acceptances_of,
    activities_of,
    note,
    proposal_named,
    proposals_by_id,
    published,
    recipients_by_id,
)
from contor.offers.proposals.writing import write_proposal
from contor.runtime.uow import Uow, not_found


def settle(uow: Uow, row: ProposalRow, orderer: Orderer) -> None:
    """What was signed, for the customer that it is now of. The caller has locked the offer, which is OPEN or AWAITING_DETAILS."""
    version, body = published(uow, row), row.said()
    uow.lock("billing", [orderer.customer_ident])
    placed = place(uow, version.said(), orderer)
    own: dict[str, object] = {}
    if body.customer_ident != orderer.customer_ident:
        own = {"customer_ident": orderer.customer_ident, "content": replace(body, customer_ident=orderer.customer_ident)}
    write_proposal(uow, row, status="SIGNED", **own, **placed._asdict())
    came = ", ".join(f"{name.removesuffix('_ident')} {ident}" for name, ident in placed._asdict().items() if ident is not None)
    note(uow, row.id, "SIGNED", version.version, f"{acceptances_of(uow, [row.id])[row.id].name}: {came}")


def of_signer(uow: Uow, recipient_id: int, *, lock: bool = False) -> ProposalRow:
    """The offer of a recipient who signs. Raises NOT_FOUND, FORBIDDEN of who reads alone, GONE where it was taken back."""
    one = recipients_by_id(uow, [recipient_id]).get(recipient_id)
    if one is None:
        raise not_found("recipient", recipient_id)
    if one.role != "SIGN":
        raise Refused(Kind.FORBIDDEN, Problem("recipient_reads", "You may read this offer, and not say where its bill goes."))
    row = proposal_named(uow, proposals_by_id(uow, [one.proposal_id])[one.proposal_id].ident, lock=lock)
    if row.status == "ARCHIVED":
        raise Refused(Kind.GONE, Problem("offer_archived", f"The offer {row.number} was taken back."))
    return row


def require_awaiting(row: ProposalRow) -> None:
    """Raises CONFLICT where nobody has signed it, or it is known already where the bill goes."""
    if row.status != "AWAITING_DETAILS":
        message = f"The offer {row.number} is {row.status}: where its bill goes is said once, when somebody has signed."
        raise Refused(Kind.CONFLICT, Problem("offer_status", message))


def require_unknown(uow: Uow, row: ProposalRow, version: VersionRow) -> None:
    """Raises CONFLICT where it is known where its bill goes: what is said of it would change nothing."""
    if not version.said().provisional and orderer_of(uow, row.said().customer_ident) is not None:
        raise _known(row)


def require_waited(uow: Uow, row: ProposalRow) -> None:
    """Raises CONFLICT where it was signed without a question where its bill goes."""
    if all(one.kind != "AWAITING_DETAILS" for one in activities_of(uow, row.id)):
        raise _known(row)


def _known(row: ProposalRow) -> Refused:
    message = f"The offer {row.number} was made to a customer whose bills have an address: they go there, and are paid as he pays."
    return Refused(Kind.CONFLICT, Problem("customer_known", message))
