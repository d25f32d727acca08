"""What an offer is meant to say: its customer found, and its fields as the core calls them."""

from collections.abc import Mapping
from typing import Final

from contor.api.fynn.catalogue import said_as
from contor.api.fynn.ids import CUSTOMER
from contor.api.fynn.offers.reading import OfferData, offer_fields
from contor.kernel.errors import Kind, Problem, Refused
from contor.offers.proposals import ProposalBody
from contor.runtime.execute import validated
from contor.runtime.uow import Uow

CORE: Final[Mapping[str, str]] = {
    "blocks": "document",
    "customerIdent": "customer",
    "planIdent": "plan",
    "templateIdent": "template",
}
"""Field of the core -> as the caller sent it."""


def body_meant(uow: Uow, data: OfferData) -> ProposalBody:
    """Raises INVALID, by the fields that the caller sent."""
    customer = None
    if data.customer is not None:
        customer = CUSTOMER.find(uow, [data.customer]).get(data.customer)
        if customer is None:
            raise Refused(Kind.INVALID, Problem("customer_unknown", "does not exist", "customer", data.customer))
    with said_as(CORE):
        return validated(ProposalBody, offer_fields(data, customer))
