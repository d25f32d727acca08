"""What is told of offers. That one became a draft is told as the draft's notification."""

from collections.abc import Collection, Iterator

from contor.notifications.kinds.declared import notified
from contor.notifications.types import Notice
from contor.offers.events import OffersChanged, OffersCreated
from contor.offers.proposals import ProposalsChanged, proposals_by_id
from contor.offers.queries import offers_by_id
from contor.runtime.uow import Uow


@notified(OffersCreated, {"offer.created": "An offer was written."})
def offers_created(uow: Uow, fact: OffersCreated) -> Iterator[Notice]:
    return _offers(uow, "offer.created", fact.offer_ids)


@notified(OffersChanged, {"offer.updated": "An offer says something else, was sent, accepted or declined."})
def offers_changed(uow: Uow, fact: OffersChanged) -> Iterator[Notice]:
    return _offers(uow, "offer.updated", fact.offer_ids)


def _offers(uow: Uow, type: str, ids: Collection[int]) -> Iterator[Notice]:
    for offer in offers_by_id(uow, ids).values():
        content = {
            "offerIdent": offer.ident,
            "offerId": offer.offer_id,
            "number": offer.number,
            "status": offer.status,
            "customerIdent": offer.customer_ident,
            "currency": offer.currency,
        }
        yield Notice(type, f"offer:{offer.ident}", content)


@notified(
    ProposalsChanged, {"proposal.updated": "An offer that is to be signed was written, changed, sent out, signed or rejected."}
)
def proposals_changed(uow: Uow, fact: ProposalsChanged) -> Iterator[Notice]:
    for row in proposals_by_id(uow, fact.proposal_ids).values():
        content = {"proposalIdent": row.ident, "proposalId": row.id, "number": row.number, "status": row.status}
        yield Notice("proposal.updated", f"proposal:{row.ident}", content)
