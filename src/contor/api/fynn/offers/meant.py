"""What an offer is meant to say: its customer and what it sells found, and its fields as the core calls them."""

from collections.abc import Mapping
from typing import Final

from contor.api.fynn.catalogue import said_as
from contor.api.fynn.checkout.reading import LinkItemData
from contor.api.fynn.checkout.things import item_fields
from contor.api.fynn.ids import CUSTOMER
from contor.api.fynn.offers.reading import Blocks, OfferData, offer_fields
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
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
    things = things_sold(uow, data.document)
    with said_as(named(data.document)):
        return validated(ProposalBody, offer_fields(data, customer, things))


def things_sold(uow: Uow, document: Blocks) -> list[Fields]:
    """What each block sells, as the core calls it; empty of one that sells nothing again and again. Raises INVALID."""
    made, problems = list[Fields](), list[Problem]()
    for index, block in enumerate(document):
        one, where = block.plan, f"document[{index}].plan"
        if one is None:
            made.append({})
            continue
        said = LinkItemData(plan=one.plan, product=one.product, tier=one.tier, quantity=one.quantity)
        thing, found = item_fields(uow, said, where)
        if not found and thing["type"] == "PRODUCT":
            message = "is no product that has price plans: what is billed once is a row"
            found = [Problem("product_unknown", message, f"{where}.product", one.product)]
        made.append({"tier": one.tier, **thing})
        problems += found
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return made


def named(document: Blocks) -> Mapping[str, str]:
    """Fields of the core as this caller sent them: a thing by `plan`, or by `product` where he named that alone."""
    own = {
        f"blocks[{index}].plan.planIdent": f"document[{index}].plan.product"
        for index, one in enumerate(document)
        if one.plan is not None and not one.plan.plan
    }
    return {**CORE, **own}
