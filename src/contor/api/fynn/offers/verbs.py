"""Offers: written, sent out, approved, accepted by hand; templates of them."""

import base64
import binascii
from dataclasses import replace
from typing import Final

from contor.api.fynn.catalogue import said_as
from contor.api.fynn.checkout.ids import number_in
from contor.api.fynn.ids import uuids
from contor.api.fynn.offers.answers import ActivitiesShown, OfferShown, RecipientShown, TemplateShown
from contor.api.fynn.offers.meant import CORE, body_meant, named, things_sold
from contor.api.fynn.offers.reading import (
    AcceptanceData,
    DecisionData,
    OfferData,
    RecipientData,
    TemplateData,
    template_fields,
)
from contor.api.fynn.offers.shown import activity_shown, offer_shown, recipient_shown, template_shown
from contor.api.route import By, Sought
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.offers.proposals import (
    NUMBERED_TEMPLATES,
    PROPOSALS,
    TEMPLATES,
    AcceptByHand,
    AddRecipient,
    ApprovalBody,
    ChangeProposal,
    CreateProposal,
    DecideProposal,
    ListProposals,
    OneProposal,
    ProposalView,
    RecipientBody,
    RecipientOf,
    accept_by_hand,
    add_recipient,
    approve_proposal,
    archive_proposal,
    ask_costs,
    change_proposal,
    create_proposal,
    get_activities,
    get_proposal,
    list_proposals,
    publish_proposal,
    reject_approval,
    remove_recipient,
)
from contor.runtime.execute import Runtime, validated
from contor.runtime.query import ListQuery, Page
from contor.runtime.resource import Keyed, Listed, Written
from contor.runtime.uow import Uow, not_found

OFFER_IDS: Final = uuids(PROPOSALS)
TEMPLATE_IDS: Final = uuids(NUMBERED_TEMPLATES)
WORDS: Final = {
    "draft": "DRAFT",
    "open": "APPROVAL",
    "signing": "OPEN",
    "awaiting_invoice_details": "AWAITING_DETAILS",
    "signed": "SIGNED",
    "rejected": "REJECTED",
    "archived": "ARCHIVED",
}
SOUGHT: Final = Sought(
    by={
        "status": By(field="status", words=WORDS),
        "number": By(field="number"),
        "title": By(field="title", form="PART"),
        "createdAt": By(field="created_at", form="INSTANT"),
    },
    order={"createdAt": "created_at", "number": "number"},
)
TEMPLATES_SOUGHT: Final = Sought(by={"name": By(field="name", form="PART")}, order={"name": "name"})


@shape
class OneOffer:
    id: str


@shape
class ListOffers:
    query: ListQuery


@shape
class WriteOffer:
    body: OfferData


@shape
class UpdateOffer:
    id: str
    body: OfferData


@shape
class NewRecipient:
    id: str
    body: RecipientData


@shape
class OneRecipient:
    id: str
    recipient_id: str


@shape
class Decide:
    id: str
    body: DecisionData = DecisionData()


@shape
class AcceptOffer:
    id: str
    body: AcceptanceData


@shape
class WriteTemplate:
    body: TemplateData


@shape
class UpdateTemplate:
    id: str
    body: TemplateData


@operation("fynn.offer_list", permission="documents.read", reads=True)
def list_offers(uow: Uow, command: ListOffers) -> Page:
    """The latest first."""
    found = list_proposals(uow, ListProposals(query=command.query))
    shown = tuple(offer_shown(uow, one) for one in found.items if isinstance(one, ProposalView))
    return replace(found, items=shown)


@operation("fynn.offer_get", permission="documents.read", reads=True)
def get_offer(uow: Uow, command: OneOffer) -> OfferShown:
    """One offer, and what has become of it."""
    return offer_shown(uow, get_proposal(uow, _one(command.id)))


@operation("fynn.offer_create", permission="documents.write")
def create_offer(uow: Uow, command: WriteOffer) -> OfferShown:
    """Write an offer; nothing goes out yet."""
    body = body_meant(uow, command.body)
    template = command.body.template
    ident = TEMPLATE_IDS.require(uow, [template])[template] if template is not None else None
    with said_as(named(command.body.document)):
        return offer_shown(uow, create_proposal(uow, CreateProposal(body=body, template_ident=ident)))


@operation("fynn.offer_update", permission="documents.write")
def update_offer(uow: Uow, command: UpdateOffer) -> OfferShown:
    """Say it anew, as long as nobody has signed."""
    if command.body.template is not None:
        raise Refused(Kind.INVALID, Problem("field_immutable", "belongs to a new offer", "template", command.body.template))
    body = body_meant(uow, command.body)
    with said_as(named(command.body.document)):
        return offer_shown(uow, change_proposal(uow, ChangeProposal(proposal_ident=command.id, body=body)))


def _ask_costs(runtime: Runtime, command: OneOffer, caller: Caller) -> object:
    with said_as(CORE):
        return ask_costs(runtime, _one(command.id), caller)


@operation("fynn.offer_publish", permission="documents.write", asks=_ask_costs)
def publish_offer(uow: Uow, command: OneOffer) -> OfferShown:
    """Let it go out, or ask those who are named to approve it."""
    with said_as(CORE):
        return offer_shown(uow, publish_proposal(uow, _one(command.id)))


@operation("fynn.offer_archive", permission="documents.write")
def archive_offer(uow: Uow, command: OneOffer) -> OfferShown:
    """Put it away; nobody signs it any more."""
    return offer_shown(uow, archive_proposal(uow, _one(command.id)))


@operation("fynn.offer_activities", permission="documents.read", reads=True)
def offer_activities(uow: Uow, command: OneOffer) -> ActivitiesShown:
    """Everything that has happened to it."""
    found = get_activities(uow, _one(command.id))
    return ActivitiesShown(data=tuple(activity_shown(uow, one) for one in found))


@operation("fynn.offer_approve", permission="documents.write")
def approve_offer(uow: Uow, command: Decide) -> OfferShown:
    """One who is named agrees; with the last one that it takes it goes out."""
    body = ApprovalBody(reason=command.body.reason)
    return offer_shown(uow, approve_proposal(uow, DecideProposal(proposal_ident=command.id, body=body)))


@operation("fynn.offer_reject", permission="documents.write")
def reject_offer(uow: Uow, command: Decide) -> OfferShown:
    """One who is named does not agree."""
    body = ApprovalBody(reason=command.body.reason)
    return offer_shown(uow, reject_approval(uow, DecideProposal(proposal_ident=command.id, body=body)))


@operation("fynn.offer_accept", permission="documents.write")
def accept_offer(uow: Uow, command: AcceptOffer) -> OfferShown:
    """Say that the customer has signed on paper, which may be kept with it."""
    said, file = command.body, None
    if said.signed_pdf is not None:
        try:
            file = FileContent(base64.b64decode(said.signed_pdf, validate=True), "application/pdf", "signed.pdf")
        except (binascii.Error, ValueError):
            raise Refused(Kind.INVALID, Problem("file_not_pdf", "is no base64", "signedPdf")) from None
    return offer_shown(uow, accept_by_hand(uow, AcceptByHand(proposal_ident=command.id, name=said.name, file=file)))


@operation("fynn.offer_recipient_add", permission="documents.write")
def add_offer_recipient(uow: Uow, command: NewRecipient) -> RecipientShown:
    """Name somebody who reads or signs it."""
    said = command.body
    body = RecipientBody(
        email=said.email,
        first_name=said.first_name,
        last_name=said.last_name,
        role="SIGN" if said.role == "sign" else "READ",
        invite=said.send_invitation,
    )
    made = add_recipient(uow, AddRecipient(proposal_ident=command.id, body=body))
    return recipient_shown(uow, made, get_proposal(uow, _one(command.id)).valid_until)


@operation("fynn.offer_recipient_remove", permission="documents.write")
def remove_offer_recipient(uow: Uow, command: OneRecipient) -> None:
    """His link leads nowhere any more."""
    number = number_in(uow, "recipient", command.recipient_id)
    known = {one.recipient_id for one in get_proposal(uow, _one(command.id)).recipients}
    if number is None or number not in known:
        raise not_found("recipient", command.recipient_id)
    remove_recipient(uow, RecipientOf(recipient_id=number))


@operation("fynn.offer_template_list", permission="documents.read", reads=True)
def list_templates(uow: Uow, command: ListOffers) -> Page:
    """Templates by name."""
    found: Page = TEMPLATES.list(uow, Listed((), command.query))
    shown = tuple(template_shown(uow, row) for row in found.items if isinstance(row, dict))
    return replace(found, items=shown)


@operation("fynn.offer_template_get", permission="documents.read", reads=True)
def get_template(uow: Uow, command: OneOffer) -> TemplateShown:
    """One template."""
    return template_shown(uow, TEMPLATES.get(uow, Keyed((command.id,))))


@operation("fynn.offer_template_create", permission="documents.write")
def create_template(uow: Uow, command: WriteTemplate) -> TemplateShown:
    """Keep what offers say first."""
    body = validated(TEMPLATES.creation, template_fields(command.body, things_sold(uow, command.body.document)))
    with said_as(CORE):
        return template_shown(uow, TEMPLATES.create(uow, Written((), body)))


@operation("fynn.offer_template_update", permission="documents.write")
def update_template(uow: Uow, command: UpdateTemplate) -> TemplateShown:
    """Say it otherwise; offers that were made of it stay."""
    body = validated(TEMPLATES.update_body, template_fields(command.body, things_sold(uow, command.body.document)))
    with said_as(CORE):
        return template_shown(uow, TEMPLATES.update(uow, Written((command.id,), body)))


@operation("fynn.offer_template_delete", permission="documents.write")
def delete_template(uow: Uow, command: OneOffer) -> None:
    """Offers that were made of it stay."""
    TEMPLATES.delete(uow, Keyed((command.id,)))


# helpers in calling order


def _one(ident: str) -> OneProposal:
    return OneProposal(proposal_ident=ident)
