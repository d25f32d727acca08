"""What a recipient does, by his link: reads, signs, rejects."""

from contor.api.fynn.offers.answers import AcceptanceShown, PublicOfferShown
from contor.api.fynn.offers.details import ask_details, currency_of, details_meant, details_said
from contor.api.fynn.offers.links import recipient_of
from contor.api.fynn.offers.reading import DecisionData, PublicAcceptanceData
from contor.api.fynn.offers.shown import acceptance_shown, public_shown
from contor.checkout.buyers import Heard
from contor.checkout.signed import AcceptWithDetails, accept_with_details
from contor.kernel.context import Caller
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.offers.proposals import (
    AcceptanceView,
    AcceptBody,
    AcceptProposal,
    RecipientOf,
    RejectBody,
    RejectProposal,
    accept_proposal,
    open_proposal,
    reject_proposal,
)
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow


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


@operation("fynn.public_offer_get", permission="documents.write")
def get_public_offer(uow: Uow, command: PublicRecipient) -> PublicOfferShown:
    """The offer as its recipient sees it; that he has is kept."""
    return public_shown(uow, open_proposal(uow, RecipientOf(recipient_id=recipient_of(uow, command.id))))


def _ask(runtime: Runtime, command: PublicAcceptance, caller: Caller) -> Heard | None:
    return ask_details(runtime, command.body.invoice_details, caller)


@operation("fynn.public_offer_accept", permission="contracts.write", asks=_ask)
def accept_public_offer(uow: Uow, command: PublicAcceptance) -> AcceptanceShown:
    """Sign what was shown: once; and say where its bill goes, where that is not known."""
    said, number = command.body, recipient_of(uow, command.id)
    body = AcceptBody(name=said.name, sha256=said.sha256, signature=said.signature)
    accept = AcceptProposal(recipient_id=number, body=body)
    if said.invoice_details is None:
        signed: AcceptanceView | None = accept_proposal(uow, accept)
    else:
        with details_said("invoiceDetails"):
            details = details_meant(uow, currency_of(uow, number), said.invoice_details)
            signed = accept_with_details(uow, AcceptWithDetails(accept=accept, body=details)).acceptance
    made = acceptance_shown(signed)
    assert made is not None
    return made


@operation("fynn.public_offer_reject", permission="documents.write")
def reject_public_offer(uow: Uow, command: PublicRejection) -> PublicOfferShown:
    """Not wanted."""
    number = recipient_of(uow, command.id)
    reject_proposal(uow, RejectProposal(recipient_id=number, body=RejectBody(reason=command.body.reason)))
    return public_shown(uow, open_proposal(uow, RecipientOf(recipient_id=number)))
