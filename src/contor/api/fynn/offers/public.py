"""What a recipient does, by his link: reads, signs, rejects."""

from contor.api.fynn.offers.answers import AcceptanceShown, PublicOfferShown
from contor.api.fynn.offers.reading import DecisionData, PublicAcceptanceData
from contor.api.fynn.offers.shown import acceptance_shown, public_shown
from contor.kernel.context import Caller
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.offers.proposals import (
    AcceptBody,
    AcceptProposal,
    RecipientOf,
    RejectBody,
    RejectProposal,
    accept_proposal,
    open_proposal,
    opened,
    reader,
    reject_proposal,
)
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow, not_found


@shape
class PublicRecipient:
    id: str


@shape
class PublicAcceptance:
    id: str
    body: PublicAcceptanceData


@shape
class PublicRejection:
    id: str
    body: DecisionData = DecisionData()


def recipient(runtime: Runtime, path: dict[str, str], request_id: str) -> Caller:
    """Who holds the link. Raises UNAUTHENTICATED where nobody made it."""
    return reader(opened(runtime.secrets, path["id"][:200], runtime.clock()).tenant_id, request_id)


@operation("fynn.public_offer_get", permission="documents.write")
def get_public_offer(uow: Uow, command: PublicRecipient) -> PublicOfferShown:
    """The offer as its recipient sees it; that he has is kept."""
    return public_shown(uow, open_proposal(uow, RecipientOf(recipient_id=_number(uow, command.id))))


@operation("fynn.public_offer_accept", permission="contracts.write")
def accept_public_offer(uow: Uow, command: PublicAcceptance) -> AcceptanceShown:
    """Sign what was shown: once."""
    said = command.body
    body = AcceptBody(name=said.name, sha256=said.sha256, signature=said.signature)
    made = acceptance_shown(accept_proposal(uow, AcceptProposal(recipient_id=_number(uow, command.id), body=body)))
    assert made is not None
    return made


@operation("fynn.public_offer_reject", permission="documents.write")
def reject_public_offer(uow: Uow, command: PublicRejection) -> PublicOfferShown:
    """Not wanted."""
    number = _number(uow, command.id)
    reject_proposal(uow, RejectProposal(recipient_id=number, body=RejectBody(reason=command.body.reason)))
    return public_shown(uow, open_proposal(uow, RecipientOf(recipient_id=number)))


def _number(uow: Uow, token: str) -> int:
    link = opened(uow.runtime.secrets, token[:200], uow.runtime.clock())
    if link.tenant_id != uow.ctx.tenant_id:
        raise not_found("offer", token)
    return link.number
