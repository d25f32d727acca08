"""Where the bill goes of an offer to somebody who was no customer: he says it by his link, or the seller does."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from contor.api.fynn.catalogue import said_as
from contor.api.fynn.checkout.public import CORE as CART
from contor.api.fynn.checkout.public import new_method
from contor.api.fynn.checkout.reading import address_fields
from contor.api.fynn.ids import CUSTOMER
from contor.api.fynn.offers.answers import OfferCostsShown, OfferShown, PublicOfferShown
from contor.api.fynn.offers.links import recipient_of
from contor.api.fynn.offers.reading import DetailsData, SellersDetailsData
from contor.api.fynn.offers.shown import costs_shown, offer_shown, public_shown
from contor.checkout.buyers import Heard, ask_who_orders
from contor.checkout.signed import (
    GiveDetails,
    SettleBody,
    SettleProposal,
    give_details,
    preview_details,
    settle_proposal,
)
from contor.checkout.types import InvoiceDetails, OrderAddress
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.offers.proposals import OneProposal, get_proposal, proposals_by_id, recipients_by_id
from contor.runtime.execute import Runtime, validated
from contor.runtime.uow import Uow, not_found

CORE: Final[Mapping[str, str]] = {**CART, "customerIdent": "customer"}
"""Field of the core -> as it was sent."""
OWN: Final = ("email", "phone", "customerType", "language", "newInvoiceAddress", "newPaymentMethod", "agreedText", "addresses[0]")
"""What the details say."""


@shape
class PublicDetails:
    id: str
    body: DetailsData


@shape
class SettleOffer:
    id: str
    body: SellersDetailsData


def _ask(runtime: Runtime, command: PublicDetails, caller: Caller) -> Heard | None:
    return ask_details(runtime, command.body, caller)


def _ask_seller(runtime: Runtime, command: SettleOffer, caller: Caller) -> Heard | None:
    return ask_details(runtime, command.body.details, caller)


def ask_details(runtime: Runtime, said: DetailsData | None, caller: Caller) -> Heard | None:
    """A register about the VAT id that is said, if one is."""
    return ask_who_orders(runtime, caller, _address(said)) if said is not None else None


@operation("fynn.public_offer_details", permission="contracts.write", asks=_ask)
def give_public_details(uow: Uow, command: PublicDetails) -> PublicOfferShown:
    """Say where the bill of the signed offer goes: what was offered is ordered by it, once."""
    number = recipient_of(uow, command.id)
    said = details_meant(uow, currency_of(uow, number), command.body)
    with said_as(CORE):
        return public_shown(uow, give_details(uow, GiveDetails(recipient_id=number, body=said)))


@operation("fynn.public_offer_details_preview", permission="contracts.write", undone=True)
def preview_public_details(uow: Uow, command: PublicDetails) -> OfferCostsShown:
    """What the offer comes to at this address, with its taxes: tried, and undone."""
    number = recipient_of(uow, command.id)
    currency = currency_of(uow, number)
    said = details_meant(uow, currency, command.body)
    with said_as(CORE):
        return costs_shown(preview_details(uow, GiveDetails(recipient_id=number, body=said)), currency)


@operation("fynn.offer_details", permission="documents.write", asks=_ask_seller)
def settle_offer(uow: Uow, command: SettleOffer) -> OfferShown:
    """The seller says who is billed for an offer that was signed: a customer, or where the bill goes."""
    said, customer, details = command.body, None, None
    if said.customer is not None:
        customer = CUSTOMER.find(uow, [said.customer]).get(said.customer)
        if customer is None:
            raise Refused(Kind.INVALID, Problem("customer_unknown", "does not exist", "customer", said.customer))
    if said.details is not None:
        currency = get_proposal(uow, OneProposal(proposal_ident=command.id)).currency
        with details_said("details"):
            details = details_meant(uow, currency, said.details)
    body = SettleBody(customer_ident=customer, details=details)
    with details_said("details"):
        return offer_shown(uow, settle_proposal(uow, SettleProposal(proposal_ident=command.id, body=body)))


@contextmanager
def details_said(field: str) -> Iterator[None]:
    """Findings of the details inside, which were sent in this field; those of what was sent beside them stay."""
    try:
        with said_as(CORE):
            yield
    except Refused as refused:
        problems = [
            replace(one, field=f"{field}.{one.field}") if (one.field or "").partition(".")[0] in OWN else one
            for one in refused.problems
        ]
        raise Refused(refused.kind, *problems, stays=refused.stays) from None


def details_meant(uow: Uow, currency: str, said: DetailsData) -> InvoiceDetails:
    """Raises INVALID."""
    method = said.new_payment_method
    return InvoiceDetails(
        email=said.email,
        phone=said.phone,
        language=said.language,
        address=_address(said),
        payment=new_method(uow, currency, method) if method is not None else None,
        agreed_text=said.agreed_text,
    )


# helpers in calling order


def _address(said: DetailsData) -> OrderAddress:
    made: OrderAddress = validated(OrderAddress, address_fields(said.new_invoice_address))
    return made


def currency_of(uow: Uow, number: int) -> str:
    """Of the recipient's offer. Raises NOT_FOUND."""
    one = recipients_by_id(uow, [number]).get(number)
    if one is None:
        raise not_found("recipient", number)
    return proposals_by_id(uow, [one.proposal_id])[one.proposal_id].said().currency
