"""Facts about offers that are signed. Pure."""

from contor.kernel.events import event


@event("proposals.changed")
class ProposalsChanged:
    """They say something else, went out, were signed or rejected."""

    proposal_ids: tuple[int, ...]


@event("proposals.recipients_invited")
class RecipientsInvited:
    """The link to an offer that is out is to be mailed to them."""

    recipient_ids: tuple[int, ...]
