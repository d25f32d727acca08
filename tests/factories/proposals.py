"""A company that sends offers to be signed: of a plan of 30.00 a month and of help that is billed once."""

from typing import Any

from tests.factories.checkouts import ADDRESS, LinkSeller

from contor.checkout.signed import GiveDetails, give_details
from contor.checkout.types import InvoiceDetails
from contor.offers.proposals import (
    AcceptBody,
    AcceptProposal,
    AddRecipient,
    CreateProposal,
    OneProposal,
    ProposalBody,
    ProposalView,
    PublicOffer,
    RecipientBody,
    RecipientOf,
    accept_proposal,
    add_recipient,
    create_proposal,
    get_proposal,
    open_proposal,
    publish_proposal,
)
from contor.runtime.execute import validated

PLAN: dict[str, Any] = {"type": "PLAN", "plan": {"plan_ident": "team", "quantity": 2}}
ROWS: dict[str, Any] = {"type": "ROWS", "rows": [{"name": "Set-up", "quantity": 3, "unit_price_net": "50.00"}]}
TEXT: dict[str, Any] = {"type": "TEXT", "headline": "For {{customer.name}}", "text": "Our {{offer.number}}: {{promise}}"}
OFFER: dict[str, Any] = {
    "title": "A team",
    "customer_ident": "muster-handel",
    "blocks": [TEXT, PLAN, ROWS],
    "variables": [{"key": "promise", "value": "we help"}],
}


class Offerer(LinkSeller):
    """What it does, by operations."""

    def written(self, **more: Any) -> ProposalView:
        made: ProposalView = self.tenant.execute(create_proposal, CreateProposal(body=self.body(**more)))
        return made

    def body(self, **more: Any) -> ProposalBody:
        return validated(ProposalBody, {**OFFER, **more})

    def signer(self, ident: str, email: str = "ceo@muster.example", **more: Any) -> int:
        body = validated(RecipientBody, {"email": email, "role": "SIGN", **more})
        return int(self.tenant.execute(add_recipient, AddRecipient(proposal_ident=ident, body=body)).recipient_id)

    def publish(self, ident: str) -> ProposalView:
        made: ProposalView = self.tenant.execute(publish_proposal, OneProposal(proposal_ident=ident))
        return made

    def out(self, **more: Any) -> tuple[str, int]:
        """One that is out, and who may sign it."""
        ident = self.written(**more).proposal_ident
        signer = self.signer(ident)
        self.publish(ident)
        return ident, signer

    def shown(self, recipient: int) -> PublicOffer:
        found: PublicOffer = self.tenant.execute(open_proposal, RecipientOf(recipient_id=recipient))
        return found

    def signing(self, recipient: int, **more: Any) -> AcceptProposal:
        body = validated(AcceptBody, {"name": "Erika Muster", "sha256": self.shown(recipient).sha256, **more})
        return AcceptProposal(recipient_id=recipient, body=body, address="192.0.2.1")

    def sign(self, recipient: int, **more: Any) -> Any:
        return self.tenant.execute(accept_proposal, self.signing(recipient, **more))

    def details(self, **more: Any) -> InvoiceDetails:
        said: InvoiceDetails = validated(InvoiceDetails, {"address": {"company": "Neu GmbH", **ADDRESS}, **more})
        return said

    def give(self, recipient: int, **more: Any) -> PublicOffer:
        """Say where the bill goes."""
        command = GiveDetails(recipient_id=recipient, body=self.details(**more))
        made: PublicOffer = self.tenant.execute(give_details, command)
        return made

    def read(self, ident: str) -> ProposalView:
        found: ProposalView = self.tenant.execute(get_proposal, OneProposal(proposal_ident=ident))
        return found
